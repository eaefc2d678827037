"""One's own services: list, detail, update, delete."""

from typing import Any
from uuid import uuid4

import pytest

from core.accounts.models import User
from core.marketplace.models import Service
from tests.browsing import CARD
from tests.cast import Api, make_user, tokens_of
from tests.samples import pdf, upload
from tests.services import category, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_system")]
ON_ONE = [
    ("GET", "/services/my/{}/"),
    ("PUT", "/services/{}/update/"),
    ("PATCH", "/services/{}/update/"),
    ("DELETE", "/services/{}/delete/"),
]


def test_list_is_a_bare_array_newest_first(api: Api, client_user: User, stranger: User) -> None:
    first, second = (make_service(client_user, title=title) for title in ("one", "two"))
    make_service(stranger)
    shown = api.get("/services/my/", user=client_user).json()
    assert [one["id"] for one in shown] == [str(second.id), str(first.id)]
    assert shown[0].keys() == CARD | {"attachments_count"}
    assert shown[0]["attachments_count"] == 0
    assert shown[0]["user"]["email"] == client_user.email


@pytest.mark.parametrize("role", ["academic", "admin"])
def test_others_have_none(api: Api, role: str) -> None:
    response = api.get("/services/my/", user=make_user(role))
    assert (response.status_code, response.json()) == (200, [])


def test_detail_has_updated_at(api: Api, accountant: User) -> None:
    service = make_service(accountant)
    shown = api.get(f"/services/my/{service.id}/", user=accountant).json()
    assert "updated_at" in shown
    assert "tasks_and_responsibilities" not in shown


@pytest.mark.parametrize(("method", "path"), ON_ONE)
def test_b16_anothers_service_is_not_found(
    api: Api, accountant: User, stranger: User, method: str, path: str
) -> None:
    service = make_service(accountant)
    for user in (stranger, make_user("accountant")):
        response = api.request(method, path.format(service.id), {}, user=user)
        assert response.status_code == 404
        assert response.json() == {"detail": "Not found."}
    assert Service.objects.get().is_active


@pytest.mark.parametrize(("method", "path"), ON_ONE)
def test_b16_a_deleted_service_is_not_found(api: Api, accountant: User, method: str, path: str) -> None:
    service = make_service(accountant)
    assert api.delete(f"/services/{service.id}/delete/", user=accountant).status_code == 204
    assert api.request(method, path.format(service.id), {}, user=accountant).status_code == 404


@pytest.mark.parametrize(("method", "path"), ON_ONE)
@pytest.mark.parametrize("identifier", ["00000000-0000-4000-8000-000000000000", "nonsense"])
def test_missing(api: Api, accountant: User, method: str, path: str, identifier: str) -> None:
    assert api.request(method, path.format(identifier), {}, user=accountant).status_code == 404


@pytest.mark.parametrize(("method", "path"), [*ON_ONE, ("GET", "/services/my/")])
def test_anonymous(api: Api, method: str, path: str) -> None:
    assert api.request(method, path.format(uuid4()), {}).status_code == 401


def test_b27_deleted_services_are_not_in_my(api: Api, accountant: User) -> None:
    service = make_service(accountant)
    response = api.delete(f"/services/{service.id}/delete/", user=accountant)
    assert (response.status_code, response.content) == (204, b"")
    assert api.get("/services/my/", user=accountant).json() == []
    assert api.get("/profiles/me/", user=accountant).json()["all_services"] == []
    assert not Service.objects.get().is_active


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_b2_an_update_is_partial(api: Api, client_user: User, method: str) -> None:
    service = make_service(client_user, price=500, tasks_and_responsibilities=["Collect"])
    response = api.request(method, f"/services/{service.id}/update/", {"title": "New"}, user=client_user)
    assert response.status_code == 200
    shown = response.json()
    assert (shown["title"], shown["price"]) == ("New", "500.00")
    assert shown["tasks_and_responsibilities"] == ["Collect"]
    assert shown["updated_at"] > shown["created_at"]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_b10_b11_multipart_updates(api: Api, client_user: User, method: str) -> None:
    service = make_service(client_user)
    body: dict[str, Any] = {
        "title": "جديد",
        "price": "9000",
        "categories": f'["{category("Auditing").id}"]',
        "conditions_requirements": ["a", "b"],
        "upload_files": [upload("a.pdf", pdf()), upload("b.pdf", pdf())],
    }
    response = api.request(method, f"/services/{service.id}/update/", body, user=client_user)
    assert response.status_code == 200, response.content
    shown = response.json()
    assert (shown["title"], shown["price"]) == ("جديد", "9000.00")
    assert [one["name"] for one in shown["categories"]] == ["Auditing"]
    assert shown["conditions_requirements"] == ["a", "b"]
    assert [one["filename"] for one in shown["all_attachments"]] == ["a.pdf", "b.pdf"]


def test_b3_upload_files_replace_all(api: Api, accountant: User) -> None:
    service = make_service(accountant)
    path = f"/services/{service.id}/update/"
    api.patch(path, {"upload_files": [upload("a.pdf", pdf()), upload("b.pdf", pdf())]}, user=accountant)
    assert len(api.patch(path, {"price": 5}, user=accountant).json()["all_attachments"]) == 2
    replaced = api.patch(path, {"upload_files": upload("c.pdf", pdf())}, user=accountant).json()
    assert [one["filename"] for one in replaced["all_attachments"]] == ["c.pdf"]


def test_b19_is_course_is_ignored_in_an_update(api: Api, accountant: User) -> None:
    service = make_service(accountant)
    response = api.patch(f"/services/{service.id}/update/", {"is_course": True}, user=accountant)
    assert (response.status_code, response.json()["is_course"]) == (200, False)


def test_b20_is_featured_is_ignored(api: Api, accountant: User) -> None:
    service = make_service(accountant)
    sent = {"is_featured": True, "is_active": False, "service_type": "needed", "is_listed": False}
    shown = api.patch(f"/services/{service.id}/update/", sent, user=accountant).json()
    assert (shown["is_featured"], shown["is_active"], shown["service_type"]) == (False, True, "offered")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"categories": []}, "categories"),
        ({"price": -1}, "price"),
    ],
)
def test_malformed_update(api: Api, accountant: User, body: dict[str, Any], field: str) -> None:
    service = make_service(accountant)
    response = api.patch(f"/services/{service.id}/update/", body, user=accountant)
    assert (response.status_code, list(response.json())) == (400, [field])


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_one_query_whatever_its_length(
    api: Api, accountant: User, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        make_service(accountant)
    token = tokens_of(accountant).access
    with django_assert_num_queries(2):  # who asks, and the list
        api.get("/services/my/", token=token)
