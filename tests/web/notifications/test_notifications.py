"""The notification endpoints: decisions E15 and F2."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import User
from core.notifications.models import Notification
from tests.cast import Api, tokens_of
from web.notifications.schemas import NotificationOut

pytestmark = pytest.mark.django_db
KEYS = {
    "notification_id", "notification_type", "title", "message", "is_read", "related_object_id",
    "created_at",
}  # fmt: skip
UNKNOWN = "6f1c1c52-64c5-4d0a-9a4e-3f0d7f2b8a11"
START = datetime(2026, 1, 1, microsecond=250_001, tzinfo=UTC)
ANONYMOUS = {"detail": "Authentication credentials were not provided."}
NOT_FOUND = {"detail": "Not found."}
each_path = pytest.mark.parametrize("path", ["/notifications/", "/notifications/list/"])


def tell(user: User, count: int = 1, **fields: Any) -> list[Notification]:
    return Notification.objects.bulk_create(
        Notification(
            user=user,
            notification_type="booking_created",
            title="New Booking Request",
            message=f"{number}: جون booked your service",
            related_object_id=uuid4(),
            event_key=uuid4().hex,
            created_at=START + timedelta(seconds=number),
            **fields,
        )
        for number in range(count)
    )


@each_path
def test_e15_both_paths_list_one_s_own(api: Api, client_user: User, stranger: User, path: str) -> None:
    (notification,) = tell(client_user)
    tell(stranger)
    page = api.get(path, user=client_user).json()
    assert set(page) == {"count", "next", "previous", "results"}
    assert (page["count"], page["next"], page["previous"]) == (1, None, None)
    (item,) = page["results"]
    assert set(item) == KEYS
    assert item["notification_id"] == str(notification.id)
    assert item["message"] == "0: جون booked your service"


def test_the_list_agrees_with_its_schema_and_the_detail(api: Api, client_user: User) -> None:
    """PostgreSQL makes the list: it must say what the schema, and the detail, say."""
    (notification,) = tell(client_user)
    (item,) = api.get("/notifications/", user=client_user).json()["results"]
    assert NotificationOut.model_validate(item).model_dump(mode="json") == item
    detail = api.get(f"/notifications/{notification.id}/", user=client_user)
    assert (detail.status_code, detail.json()) == (200, item)


@each_path
def test_pages_of_20_newest_first(api: Api, client_user: User, path: str) -> None:
    made = [str(item.id) for item in tell(client_user, 45)]
    read: list[str] = []
    page: dict[str, Any] = {"next": path}
    while following := page["next"]:
        page = api.get(following, user=client_user).json()
        assert page["count"] == 45
        read += [item["notification_id"] for item in page["results"]]
        assert (page["next"] or f"http://testserver{path}?page=").startswith(f"http://testserver{path}?page=")
    assert read == made[::-1]
    assert page["previous"] == f"http://testserver{path}?page=2"


@each_path
@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "1.5", "99999999999999999999", "١"])
def test_a_page_that_is_not_there(api: Api, client_user: User, path: str, page: str) -> None:
    tell(client_user)
    answer = api.get(f"{path}?page={page}", user=client_user)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


def test_an_empty_list_has_a_first_page(api: Api, client_user: User) -> None:
    page = api.get("/notifications/?page=1", user=client_user).json()
    assert page == {"count": 0, "next": None, "previous": None, "results": []}


def test_unread_count(api: Api, client_user: User, stranger: User) -> None:
    path = "/notifications/unread-count/"
    assert api.get(path, user=client_user).json() == {"unread_count": 0}
    tell(client_user, 5)
    tell(client_user, 2, is_read=True)
    tell(stranger, 3)
    assert api.get(path, user=client_user).json() == {"unread_count": 5}


def test_unread_count_reads_one_row_by_its_key(api: Api, client_user: User) -> None:
    tell(client_user, 3)
    token = tokens_of(client_user).access
    with CaptureQueriesContext(connection) as queries:
        api.get("/notifications/unread-count/", token=token)
    # A prepared statement leaves no text in the log.
    about = [query["sql"] for query in queries if "notifications_" in (query["sql"] or "")]
    assert len(about) == 1
    assert "notifications_unreadcounter" in about[0]
    assert "notifications_notification" not in about[0]


def test_mark_read_works_and_says_so_once(api: Api, client_user: User) -> None:
    (notification, _) = tell(client_user, 2)
    path = f"/notifications/{notification.id}/mark-read/"
    done = {"notification_id": str(notification.id), "is_read": True}
    answer = api.post(path, user=client_user)
    assert answer.status_code == 200
    assert answer.json() == done | {"message": "Notification marked as read successfully"}
    again = api.post(path, user=client_user)
    assert again.status_code == 200
    assert again.json() == done | {"message": "Notification was already marked as read"}
    count = api.get("/notifications/unread-count/", user=client_user).json()
    assert count == {"unread_count": 1}
    detail = api.get(f"/notifications/{notification.id}/", user=client_user).json()
    assert detail["is_read"] is True


@pytest.mark.parametrize("count", [0, 1, 12])
def test_mark_all_read(api: Api, client_user: User, stranger: User, count: int) -> None:
    tell(client_user, count)
    tell(client_user, 2, is_read=True)
    tell(stranger, 3)
    answer = api.post("/notifications/mark-all-read/", user=client_user)
    assert answer.status_code == 200
    assert answer.json() == {
        "message": f"{count} notification marked as read",
        "marked_count": count,
        "unread_count": 0,
    }
    left = api.get("/notifications/unread-count/", user=stranger).json()
    assert left == {"unread_count": 3}


def test_a_stranger_gets_not_found(api: Api, client_user: User, stranger: User) -> None:
    (notification,) = tell(client_user)
    detail = api.get(f"/notifications/{notification.id}/", user=stranger)
    marked = api.post(f"/notifications/{notification.id}/mark-read/", user=stranger)
    for answer in (detail, marked):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    notification.refresh_from_db()
    assert notification.is_read is False


@pytest.mark.parametrize("notification_id", [UNKNOWN, "no-uuid", "5"])
def test_f2_unknown_and_malformed_ids(api: Api, client_user: User, notification_id: UUID | str) -> None:
    detail = api.get(f"/notifications/{notification_id}/", user=client_user)
    marked = api.post(f"/notifications/{notification_id}/mark-read/", user=client_user)
    for answer in (detail, marked):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/notifications/"),
        ("GET", "/notifications/list/"),
        ("GET", "/notifications/unread-count/"),
        ("POST", "/notifications/mark-all-read/"),
        ("GET", f"/notifications/{UNKNOWN}/"),
        ("POST", f"/notifications/{UNKNOWN}/mark-read/"),
    ],
)
def test_anonymous(api: Api, method: str, path: str) -> None:
    answer = api.request(method, path)
    assert (answer.status_code, answer.json()) == (401, ANONYMOUS)


def test_a_malformed_body_does_not_matter(api: Api, client_user: User) -> None:
    answer = api.post("/notifications/mark-all-read/", raw=b"{", user=client_user)
    assert answer.status_code == 200
