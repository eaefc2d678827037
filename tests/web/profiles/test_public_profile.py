"""`GET /profiles/{user_id}/`: what others may see."""

import pytest

from core.accounts.models import AccountStatus, User
from core.bookings.models import Booking
from core.files.models import StoredFile
from tests.cast import Api, make_user
from tests.samples import pdf, upload
from tests.services import make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_system")]


def path(user: User) -> str:
    return f"/profiles/{user.id}/"


def test_a_stranger_sees_neither_email_nor_phone(api: Api, accountant: User, stranger: User) -> None:
    service = make_service(accountant)
    response = api.get(path(accountant), user=stranger)
    assert response.status_code == 200
    shown = response.json()
    assert shown["user"]["email"] is None
    assert shown["user"]["phone"] is None
    assert "phone" not in shown
    assert accountant.email not in response.content.decode()
    assert [one["id"] for one in shown["all_services"]] == [str(service.id)]


def test_who_shares_a_booking_sees_both(
    api: Api, accountant: User, client_user: User, stranger: User
) -> None:
    service = make_service(accountant)
    Booking.objects.create(service=service, client=client_user, accountant=accountant, full_name="Amina")
    for viewer, seen in ((client_user, accountant), (accountant, client_user)):
        user = api.get(path(seen), user=viewer).json()["user"]
        assert (user["email"], user["phone"]) == (seen.email, seen.phone)
    assert api.get(path(client_user), user=stranger).json()["user"]["email"] is None


def test_services_are_those_that_the_viewer_browses(
    api: Api, accountant: User, client_user: User, stranger: User, academic: User, admin_user: User
) -> None:
    offered, course = make_service(accountant), make_service(accountant, is_course=True)
    needed = make_service(client_user)

    def shown(seen: User, viewer: User) -> set[str]:
        return {one["id"] for one in api.get(path(seen), user=viewer).json()["all_services"]}

    assert shown(accountant, client_user) == {str(offered.id)}
    assert shown(accountant, academic) == {str(course.id)}
    assert shown(accountant, admin_user) == set()
    assert shown(accountant, accountant) == {str(offered.id), str(course.id)}
    assert shown(client_user, accountant) == {str(needed.id)}
    assert shown(client_user, stranger) == set()


def test_ones_own_profile_by_id_shows_ones_contact(api: Api, client_user: User) -> None:
    user = api.get(path(client_user), user=client_user).json()["user"]
    assert (user["email"], user["phone"]) == (client_user.email, client_user.phone)


@pytest.mark.parametrize("role", ["client", "accountant", "academic"])
def test_each_role_has_its_own_keys(api: Api, stranger: User, role: str) -> None:
    shown = api.get(path(make_user(role)), user=stranger).json()
    assert ("bio" in shown) == (role != "client")
    assert ("activity_type" in shown) == (role == "client")
    assert ("all_services" in shown) == (role != "academic")


def test_rejected_files_are_the_owners_alone(api: Api, accountant: User, stranger: User) -> None:
    files = [upload("a.pdf", pdf()), upload("b.pdf", pdf())]
    api.patch("/profiles/me/", {"upload_files": files}, user=accountant)
    StoredFile.objects.filter(original_name="a.pdf").update(
        state="rejected", reason="The file contains a virus."
    )
    own = api.get("/profiles/me/", user=accountant).json()
    rejected = own["all_attachments"][0]
    assert rejected["file_reason"] == "The file contains a virus."
    assert (rejected["file_state"], rejected["url"]) == ("rejected", None)
    shown = api.get(path(accountant), user=stranger).json()
    assert [one["filename"] for one in shown["all_attachments"]] == ["b.pdf"]
    assert shown["attachments_count"] == 1


@pytest.mark.parametrize("status", [AccountStatus.INACTIVE, AccountStatus.SUSPENDED])
def test_an_account_that_is_not_active_is_not_found(api: Api, stranger: User, status: AccountStatus) -> None:
    assert api.get(path(make_user("accountant", status=status)), user=stranger).status_code == 404


def test_b1_an_admin_is_not_found(api: Api, stranger: User, admin_user: User) -> None:
    assert api.get(path(admin_user), user=stranger).status_code == 404


@pytest.mark.parametrize("identifier", ["00000000-0000-4000-8000-000000000000", "nonsense"])
def test_missing(api: Api, stranger: User, identifier: str) -> None:
    assert api.get(f"/profiles/{identifier}/", user=stranger).json() == {"detail": "Not found."}


def test_anonymous(api: Api, accountant: User) -> None:
    assert api.get(path(accountant)).status_code == 401
