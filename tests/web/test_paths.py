"""Ids in paths, in whatever case they are written: decision F2."""

import pytest

from core.accounts.models import User
from core.notifications.models import Notification
from tests.booked import make_booking, make_service
from tests.cast import Api, tokens_of
from tests.services import category

pytestmark = pytest.mark.django_db


def paths_of(client: User, accountant: User) -> list[str]:
    service = make_service(accountant)
    own = make_service(client)
    told = Notification.objects.create(
        user=client, notification_type="message", title="t", message="m", related_object_id=accountant.id
    )
    return [
        f"/services/categories/{category().id}/",
        f"/services/browse/{service.id}/",
        f"/services/my/{own.id}/",
        f"/profiles/{accountant.id}/",
        f"/bookings/{make_booking(service, client).id}/",
        f"/notifications/{told.id}/",
    ]


def test_f2_ids_in_capitals(api: Api, client_user: User, accountant: User) -> None:
    token = tokens_of(client_user).access
    for path in paths_of(client_user, accountant):
        _, root, *rest = path.split("/")
        id_in_capitals = "/".join(["", root, *[part.upper() if "-" in part else part for part in rest]])
        assert api.get(path, token=token).status_code == 200, path
        assert api.get(id_in_capitals, token=token).status_code == 200, id_in_capitals


def test_f2_ids_in_capitals_of_changes(api: Api, client_user: User) -> None:
    token = tokens_of(client_user).access
    capitals = str(make_service(client_user).id).upper()
    assert api.patch(f"/services/{capitals}/update/", {"title": "T"}, token=token).status_code == 200
    assert api.delete(f"/services/{capitals}/delete/", token=token).status_code == 204
    session = api.get("/auth/sessions/", token=token).json()[0]["id"].upper()
    assert api.delete(f"/auth/sessions/{session}/", token=token).status_code == 204


@pytest.mark.parametrize(
    "path",
    [
        "/services/categories/x/",
        "/services/browse/x/",
        "/services/my/x/",
        "/profiles/x/",
        "/bookings/x/",
        "/notifications/x/",
    ],
)
def test_f2_what_is_no_id_is_404(api: Api, client_user: User, path: str) -> None:
    answer = api.get(path, user=client_user)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
