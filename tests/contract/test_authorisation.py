"""Who may do what: every operation of the document, asked by everyone, about things that exist.

The things are Karim's, an accountant: a service, its booking, a group room, a message, a notification,
a session. The client, the accountant, the academic and the admin are strangers to them. The
participant has a part in them: the client who booked the service, or in chat a member of the room.
The suspended one is Karim himself, with the tokens of before. What is sent is valid, and in the asker's
own name where it names a person.
"""

from collections.abc import Callable

import pytest
from django.db import transaction

from tests.cast import Api
from tests.contract.scene import Person, Scene, body_of, make_scene, person, suspended, unverified
from web.api import api as product

pytestmark = pytest.mark.django_db

TABLE = """
                                                                anon clie acco acad part owne susp unve admi
POST   /auth/registration/                                       201  201  201  201  201  201  201  201  201
POST   /auth/login/                                              400  200  200  200  200  200  400  400  200
POST   /auth/logout/                                             401  200  200  200  200  200  401  401  200
POST   /auth/send-email-otp/                                     400  400  400  400  400  400  400  200  400
POST   /auth/verify-email-otp/                                   400  400  400  400  400  400  400  200  400
POST   /auth/password-reset/request/                             200  200  200  200  200  200  200  200  200
POST   /auth/password-reset/verify/                              400  200  200  200  200  200  200  200  200
POST   /auth/password/change/                                    401  200  200  200  200  200  401  401  200
GET    /auth/user/                                               401  200  200  200  200  200  401  401  200
PUT    /auth/user/                                               401  200  200  200  200  200  401  401  200
PATCH  /auth/user/                                               401  200  200  200  200  200  401  401  200
DELETE /auth/user/                                               401  204  204  204  204  204  401  401  403
POST   /auth/send-deletion-otp/                                  401  200  200  200  200  200  401  401  403
GET    /auth/sessions/                                           401  200  200  200  200  200  401  401  200
DELETE /auth/sessions/{session_id}/                              401  404  404  404  404  204  401  401  404
POST   /auth/google/                                             400  400  400  400  400  400  400  400  400
POST   /auth/facebook/                                           400  400  400  400  400  400  400  400  400

POST   /api/token/                                               401  200  200  200  200  200  401  401  200
POST   /api/token/refresh/                                       401  200  200  200  200  200  401  401  200

GET    /profiles/me/                                             401  200  200  200  200  200  401  401  404
PUT    /profiles/me/                                             401  200  200  200  200  200  401  401  404
PATCH  /profiles/me/                                             401  200  200  200  200  200  401  401  404
GET    /profiles/{user_id}/                                      401  200  200  200  200  200  401  401  200

GET    /services/categories/                                     401  200  200  200  200  200  401  401  200
GET    /services/categories/{category_id}/                       401  200  200  200  200  200  401  401  200
POST   /services/create/                                         401  201  201  403  201  201  401  401  403
GET    /services/my/                                             401  200  200  200  200  200  401  401  200
GET    /services/my/{service_id}/                                401  404  404  404  404  200  401  401  404
PUT    /services/{service_id}/update/                            401  404  404  404  404  200  401  401  404
PATCH  /services/{service_id}/update/                            401  404  404  404  404  200  401  401  404
DELETE /services/{service_id}/delete/                            401  404  404  404  404  204  401  401  404
GET    /services/browse/                                         401  200  200  200  200  200  401  401  200
GET    /services/browse/{service_id}/                            401  200  404  404  200  404  401  401  404

POST   /bookings/create/                                         401  201  400  400  201  403  401  401  400
GET    /bookings/                                                401  200  200  200  200  200  401  401  200
GET    /bookings/{booking_id}/                                   401  404  404  404  200  200  401  401  404
PUT    /bookings/{booking_id}/update/                            401  403  403  403  200  200  401  401  403
PATCH  /bookings/{booking_id}/update/                            401  403  403  403  200  200  401  401  403
POST   /bookings/{booking_id}/accept/                            401  403  403  403  403  200  401  401  403
POST   /bookings/{booking_id}/decline/                           401  403  403  403  403  200  401  401  403
POST   /bookings/{booking_id}/withdraw/                          401  403  403  403  200  403  401  401  403

GET    /chat/chatrooms/group/                                    401  200  200  200  200  200  401  401  200
POST   /chat/chatrooms/group/create/                             401  403  201  403  403  201  401  401  403
GET    /chat/chatrooms/direct/me/                                401  200  200  200  200  200  401  401  200
POST   /chat/chatrooms/direct/                                   401  403  200  200  200  200  401  401  200
GET    /chat/chatrooms/{room_id}/                                401  403  403  403  200  200  401  401  403
PUT    /chat/chatrooms/{room_id}/                                401  404  404  404  403  200  401  401  404
DELETE /chat/chatrooms/{room_id}/                                401  404  404  404  403  204  401  401  404
GET    /chat/available_users/                                    401  200  200  200  200  200  401  401  200
GET    /chat/chatrooms/{room_id}/members/                        401  403  403  403  200  200  401  401  403
GET    /chat/rooms/{room_id}/members/count/                      401  403  403  403  200  200  401  401  403
POST   /chat/chatrooms/group/{room_id}/add_member/               401  404  404  404  403  200  401  401  404
DELETE /chat/chatrooms/group/{room_id}/remove_member/{user_id}/  401  404  404  404  403  200  401  401  404
GET    /chat/chatrooms/{room_id}/messages/                       401  403  403  403  200  200  401  401  403
PUT    /chat/chatrooms/messages/{message_id}/update/             401  404  404  404  403  200  401  401  404
DELETE /chat/chatrooms/messages/{message_id}/delete/             401  404  404  404  403  204  401  401  404
POST   /chat/rooms/{room_id}/upload_file/                        401  403  403  403  201  201  401  401  403
GET    /chat/unread-count/                                       401  200  200  200  200  200  401  401  200
POST   /chat/rooms/{room_id}/mark-read/                          401  403  403  403  200  200  401  401  403

GET    /notifications/list/                                      401  200  200  200  200  200  401  401  200
GET    /notifications/                                           401  200  200  200  200  200  401  401  200
GET    /notifications/unread-count/                              401  200  200  200  200  200  401  401  200
POST   /notifications/mark-all-read/                             401  200  200  200  200  200  401  401  200
GET    /notifications/{notification_id}/                         401  404  404  404  404  200  401  401  404
POST   /notifications/{notification_id}/mark-read/               401  404  404  404  404  200  401  401  404
"""
_METHODS = {"get", "post", "put", "patch", "delete"}


def _participant(scene: Scene, operation: str) -> Person:
    return person(scene.lina if "/chat/" in operation else scene.amina)


def _stranger(role: str) -> Callable[[Scene, str], Person]:
    return lambda scene, operation: person(scene.strangers[role])


ASKERS: dict[str, Callable[[Scene, str], Person]] = {
    "anonymous": lambda scene, operation: Person(),
    "client": _stranger("client"),
    "accountant": _stranger("accountant"),
    "academic": _stranger("academic"),
    "participant": _participant,
    "owner": lambda scene, operation: person(scene.karim),
    "suspended": lambda scene, operation: suspended(scene.karim),
    "unverified": lambda scene, operation: unverified(),
    "admin": _stranger("admin"),
}
HEADER, *LINES = [line.split() for line in TABLE.splitlines() if line]
ROWS = {f"{method} {path}": dict(zip(ASKERS, statuses, strict=True)) for method, path, *statuses in LINES}


def documented() -> set[str]:
    """The operations of the document."""
    paths = product.get_openapi_schema()["paths"]
    return {
        f"{method.upper()} {path}" for path, item in paths.items() for method in item if method in _METHODS
    }


def answer(scene: Scene, operation: str, who: str) -> str:
    """The status that somebody gets; nothing of what they did stays."""
    method, path = operation.split()
    with transaction.atomic():
        asker = ASKERS[who](scene, operation)
        response = Api().request(
            method,
            path.format(**scene.ids()),
            body_of(operation, scene, asker),
            token=asker.tokens.access if asker.tokens else None,
        )
        transaction.set_rollback(True)
    return str(response.status_code)


def test_the_table_has_every_operation_and_nobody_else() -> None:
    assert set(ROWS) == documented()
    assert len(LINES) == len(ROWS)
    assert all(who.startswith(short) for who, short in zip(ASKERS, HEADER, strict=True))


@pytest.mark.parametrize("operation", ROWS)
def test_who_may(operation: str) -> None:
    scene = make_scene()
    assert {who: answer(scene, operation, who) for who in ASKERS} == ROWS[operation]
