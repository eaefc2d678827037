"""`/services/browse/`: who sees what."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from core.accounts.actions.status import activate_account, suspend_account
from core.accounts.models import User
from tests.browsing import CARD, PATH, many, titles
from tests.cast import Api, tokens_of
from tests.services import category, make_service
from web.marketplace.routes import BrowsePage
from web.marketplace.schemas import OwnServiceCard, ServiceCard

pytestmark = pytest.mark.django_db


def test_each_role_sees_its_own(
    api: Api, client_user: User, accountant: User, academic: User, admin_user: User
) -> None:
    make_service(accountant, title="offered")
    make_service(accountant, title="course", is_course=True)
    make_service(client_user, title="needed")
    assert titles(api, client_user) == ["offered"]
    assert titles(api, accountant) == ["needed"]
    assert titles(api, academic) == ["course"]
    assert titles(api, admin_user) == []


def test_contract_of_the_lists(api: Api, client_user: User, accountant: User) -> None:
    """What PostgreSQL makes is what the OpenAPI says, key by key."""
    make_service(
        accountant, price=400, location="16", categories=[category("Auditing"), category("Accounting")]
    )
    page = api.get(PATH, user=client_user).json()
    assert page.keys() == BrowsePage.model_fields.keys()
    (card,) = page["results"]
    assert card.keys() == CARD == ServiceCard.model_json_schema(mode="serialization")["properties"].keys()
    assert card["price"] == "400.00"
    assert [one["name"] for one in card["categories"]] == ["Accounting", "Auditing"]
    assert card["user"].keys() == {"pk", "email", "full_name", "user_type"}
    assert card["created_at"].endswith("Z")
    datetime.fromisoformat(card["created_at"])
    card["user"]["id"] = card["user"]["pk"]
    ServiceCard.model_validate(card)
    (own,) = api.get("/services/my/", user=accountant).json()
    assert own.keys() == OwnServiceCard.model_json_schema(mode="serialization")["properties"].keys()


def test_anonymous(api: Api) -> None:
    assert api.get(PATH).status_code == 401
    assert api.get(f"{PATH}{uuid4()}/").status_code == 401


def test_b21_services_of_a_suspended_owner_are_hidden(api: Api, client_user: User, accountant: User) -> None:
    service = make_service(accountant)
    suspend_account(user_id=accountant.id)
    assert titles(api, client_user) == titles(api, client_user, "search=declaration") == []
    assert api.get(f"{PATH}{service.id}/", user=client_user).status_code == 404
    activate_account(user_id=accountant.id)
    assert len(titles(api, client_user)) == 1


def test_b27_deleted_services_are_not_counted(api: Api, client_user: User, accountant: User) -> None:
    make_service(accountant)
    service = make_service(accountant)
    api.delete(f"/services/{service.id}/delete/", user=accountant)
    assert len(titles(api, client_user)) == 1


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ("", 3),  # who asks, the stamp, and the page
        # who asks, the page, and three to end it in time: a transaction, and its limit
        ("?location=&min_duration=1", 5),
        # the words too, and search sets are asked first
        ("?search=declaration&location=&min_duration=1", 7),
        ("?search=declaration", 7),
    ],
)
def test_queries_do_not_grow_with_the_page(
    api: Api,
    client_user: User,
    accountant: User,
    django_assert_num_queries: Any,
    count: int,
    query: str,
    queries: int,
) -> None:
    many(accountant, count)
    token = tokens_of(client_user).access
    with django_assert_num_queries(queries):
        api.get(PATH + query, token=token)


class TestDetail:
    def test_b17_only_what_one_browses(
        self, api: Api, client_user: User, accountant: User, academic: User, admin_user: User
    ) -> None:
        offered, needed = make_service(accountant), make_service(client_user)
        course = make_service(accountant, is_course=True)
        seen = {client_user: offered, accountant: needed, academic: course}
        for user in (client_user, accountant, academic, admin_user):
            for service in (offered, needed, course):
                status = api.get(f"{PATH}{service.id}/", user=user).status_code
                assert status == (200 if seen.get(user) == service else 404)

    def test_b15_shapes(self, api: Api, client_user: User, accountant: User) -> None:
        offered = api.get(f"{PATH}{make_service(accountant).id}/", user=client_user).json()
        needed = api.get(f"{PATH}{make_service(client_user).id}/", user=accountant).json()
        assert needed.keys() - offered.keys() == {"tasks_and_responsibilities", "conditions_requirements"}
        assert offered.keys() <= needed.keys()
        assert "updated_at" in offered

    def test_b16_deleted(self, api: Api, client_user: User, accountant: User) -> None:
        service = make_service(accountant)
        api.delete(f"/services/{service.id}/delete/", user=accountant)
        assert api.get(f"{PATH}{service.id}/", user=client_user).json() == {"detail": "Not found."}

    @pytest.mark.parametrize("identifier", ["00000000-0000-4000-8000-000000000000", "nonsense"])
    def test_missing(self, api: Api, client_user: User, identifier: str) -> None:
        assert api.get(f"{PATH}{identifier}/", user=client_user).status_code == 404
