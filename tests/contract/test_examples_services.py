"""The documentation's examples of services and bookings, held against the product."""

from typing import Any
from uuid import uuid4

import pytest

from core.accounts.models import User
from tests import booked, samples
from tests.cast import Api, make_user
from tests.contract.examples import Book, covers
from tests.contract.scene import Scene
from tests.services import category

pytestmark = pytest.mark.django_db


def files(*names: str) -> list[Any]:
    return [samples.upload(name, samples.SAMPLES[name.rpartition(".")[2]]) for name in names]


def made(api: Api, book: Book, line: int, user: User, *names: str) -> Any:
    """The answer to an example of a new service."""
    sent = book.body(line, categories=[str(category().id)])
    if names:
        sent["upload_files"] = files(*names)
    return api.post("/services/create/", sent, user=user)


@covers(718, 747)
@pytest.mark.usefixtures("first_categories")
def test_categories(api: Api, book: Book, client_user: User) -> None:
    found = book.answered(718, api.get("/services/categories/", user=client_user))
    book.answered(747, api.get(f"/services/categories/{found[0]['id']}/", user=client_user))


@covers(779, 857, 977, 1025, 1144, 1239)
def test_offered_services(api: Api, book: Book, accountant: User, client_user: User) -> None:
    service = book.answered(857, made(api, book, 779, accountant, "a.pdf", "b.pdf", "c.png"), 201)
    book.answered(977, api.get("/services/my/", user=accountant))
    book.answered(1025, api.get(f"/services/my/{service['id']}/", user=accountant))
    book.answered(1239, api.get("/services/browse/", user=client_user))
    book.answered(1025, api.get(f"/services/browse/{service['id']}/", user=client_user))
    changes = {name: value for name, value in book.body(1144).items() if name != "upload_files"}
    changes |= {"categories": [str(category().id)]} if "categories" in changes else {}
    book.answered(1025, api.patch(f"/services/{service['id']}/update/", changes, user=accountant))


@covers(798, 857)
def test_courses(api: Api, book: Book, accountant: User) -> None:
    course = made(api, book, 798, accountant).json()
    assert course["is_course"]
    files_of = {"upload_files": files("a.pdf"), "title": "Course", "description": "Of a year"}
    body = {**files_of, "categories": [str(category().id)], "is_course": "true"}
    book.answered(857, api.post("/services/create/", body, user=accountant), 201)


@covers(829, 910, 1075)
def test_needed_services(api: Api, book: Book, client_user: User, accountant: User) -> None:
    service = book.answered(910, made(api, book, 829, client_user, "docs.pdf", "license.jpg"), 201)
    book.answered(1075, api.get(f"/services/my/{service['id']}/", user=client_user))
    book.answered(1075, api.get(f"/services/browse/{service['id']}/", user=accountant))


@covers(1316, 1328, 1361, 1426)
def test_new_bookings(api: Api, book: Book, scene: Scene, academic: User) -> None:
    cv = files("cv.pdf")[0]
    sent = book.body(1316, service=str(scene.service.id), cv_file=cv)
    book.answered(1361, api.post("/bookings/create/", sent, user=scene.amina), 201)
    course = booked.make_service(scene.karim, is_course=True)
    sent = book.body(1328, service=str(course.id))
    del sent["cv_file"]
    book.answered(1426, api.post("/bookings/create/", sent, user=academic), 201)


@covers(1491, 1499, 1507)
def test_refused_bookings(api: Api, book: Book, scene: Scene, academic: User) -> None:
    def refused(user: User, **sent: str) -> Any:
        return api.post("/bookings/create/", sent, user=user)

    missing = refused(scene.amina).json()
    role = refused(academic, service=str(scene.service.id), full_name="Lina").json()
    book.like(1491, missing | role, exactly=True)
    course = booked.make_service(scene.karim, is_course=True)
    book.answered(1499, refused(scene.amina, service=str(course.id), full_name="Amina"), 400)
    needed = booked.make_service(scene.amina)
    book.answered(1507, refused(scene.amina, service=str(needed.id), full_name="Amina"), 403)


@covers(1529, 1574, 1638, 1662, 1690, 1699)
def test_bookings(api: Api, book: Book, scene: Scene, stranger: User) -> None:
    path = f"/bookings/{scene.booking.id}"
    book.answered(1529, api.get("/bookings/", user=scene.amina))
    book.answered(1638, api.get(f"{path}/", user=stranger), 404)
    book.answered(1699, api.patch(f"{path}/update/", {"full_name": "N"}, user=stranger), 403)
    sent = book.body(1662)
    sent = {name: value for name, value in sent.items() if name != "cv_file"}
    book.answered(1574, api.put(f"{path}/update/", sent | {"cv_file": files("a.pdf")[0]}, user=scene.karim))
    book.answered(1574, api.get(f"{path}/", user=scene.amina))
    book.answered(1690, api.patch(f"{path}/update/", {"status": "declined"}, user=scene.amina), 400)


DECISIONS = {"accept": (1719, 1731, 1739, 1747), "decline": (1765, 1775, 1783, 1791)}


@covers(*DECISIONS["accept"], *DECISIONS["decline"])
def test_decisions(api: Api, book: Book, scene: Scene) -> None:
    for verb, (right, foreign, again, unknown) in DECISIONS.items():
        booking = booked.make_booking(scene.service, make_user())
        path = f"/bookings/{booking.id}/{verb}/"
        book.answered(foreign, api.post(path, user=scene.amina), 403)
        book.answered(right, api.post(path, user=scene.karim))
        booking.status = "confirmed"
        booking.save(update_fields=["status", "decline_reason"])
        book.answered(again, api.post(path, user=scene.karim), 400)
        book.answered(unknown, api.post(f"/bookings/{uuid4()}/{verb}/", user=scene.karim), 404)
