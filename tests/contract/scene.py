"""A small world with every kind of person in it and one of every kind of thing, to be asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from core.accounts.actions.codes import request_code
from core.accounts.actions.sessions import TokenPair
from core.accounts.models import AccountStatus, OtpPurpose, User
from core.accounts.otp import code_of
from core.accounts.tokens import read_access_token
from core.bookings.models import Booking
from core.chat.models import Message, Room
from core.marketplace.models import Category, Service
from core.notifications.models import Notification
from tests import booked, chatting, samples
from tests.cast import PASSWORD, make_user, tokens_of
from tests.services import category

NOBODY = "nobody@example.com"
NEW_PASSWORD = "Tassili-Audit-7714"
STRANGERS = ("client", "accountant", "academic", "admin")


@dataclass(slots=True)
class Person:
    """Somebody who asks, with a session of theirs; anonymous without an account."""

    user: User | None = None
    tokens: TokenPair | None = None

    @property
    def email(self) -> str:
        return self.user.email if self.user else NOBODY


@dataclass(slots=True)
class Scene:
    """Karim offers a service that Amina booked; Lina is in his group, where he said something."""

    karim: User
    amina: User
    lina: User
    newcomer: User
    category: Category
    service: Service
    booking: Booking
    room: Room
    message: Message
    notification: Notification
    session_id: UUID
    strangers: Mapping[str, User] = field(default_factory=dict)

    def ids(self) -> dict[str, UUID]:
        """What stands for each path parameter, all of Karim's; user_id is Lina's."""
        return {
            "category_id": self.category.id,
            "service_id": self.service.id,
            "booking_id": self.booking.id,
            "room_id": self.room.id,
            "message_id": self.message.id,
            "notification_id": self.notification.id,
            "session_id": self.session_id,
            "user_id": self.lina.id,
        }


def make_scene() -> Scene:
    """Everything saved, and the owner of the service told of the booking."""
    karim = make_user("accountant", full_name="Karim Haddad")
    amina = make_user("client", full_name="Amina Benali")
    lina = make_user("academic", full_name="Lina Cherif")
    service = booked.make_service(karim, location="16")
    booking = booked.make_booking(service, amina)
    booked.work_off()
    room = chatting.make_group(karim, lina)
    message = chatting.say(room, karim)
    return Scene(
        karim=karim,
        amina=amina,
        lina=lina,
        newcomer=make_user("academic", full_name="Sara Newcomer"),
        category=category(),
        service=service,
        booking=booking,
        room=room,
        message=message,
        notification=Notification.objects.get(user=karim),
        session_id=session_of(tokens_of(karim)),
        strangers={role: make_user(role, full_name="Nobody Known") for role in STRANGERS},
    )


def session_of(tokens: TokenPair) -> UUID:
    """The session that a pair of tokens belongs to."""
    return read_access_token(tokens.access).session_id


def person(user: User) -> Person:
    """Somebody with a session."""
    return Person(user, tokens_of(user))


def suspended(user: User) -> Person:
    """The same person, whose account was suspended after they had logged in."""
    found = person(user)
    User.objects.filter(id=user.id).update(account_status=AccountStatus.SUSPENDED)
    return found


def unverified() -> Person:
    """Somebody who has just registered."""
    return person(make_user("accountant", status=AccountStatus.INACTIVE))


def body_of(operation: str, scene: Scene, asker: Person) -> Any:
    """What the asker sends with an operation: all of it valid, if it is theirs to ask."""
    make = _BODIES.get(operation)
    return make(scene, asker) if make else None


def _file(name: str) -> SimpleUploadedFile:
    return samples.upload(name, samples.SAMPLES["pdf"], "application/pdf")


def _registration(scene: Scene, asker: Person) -> dict[str, str]:
    return {
        "email": f"new-{asker.email}",
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
        "user_type": "client",
        "phone": "+213550000000",
    }


def _service(scene: Scene, asker: Person) -> dict[str, Any]:
    return {"title": "Audit", "description": "Of a year", "categories": [str(scene.category.id)]}


def _credentials(scene: Scene, asker: Person) -> dict[str, str]:
    return {"email": asker.email, "password": PASSWORD}


def _code(asker: Person, purpose: OtpPurpose) -> str:
    """The right one, as if it had been mailed."""
    if asker.user is None:
        return "000000"
    return code_of(request_code(user=asker.user, purpose=purpose, language="en").id)


_BODIES: dict[str, Any] = {
    "POST /auth/registration/": _registration,
    "POST /auth/send-email-otp/": lambda scene, asker: {"email": asker.email},
    "POST /auth/verify-email-otp/": lambda scene, asker: {
        "email": asker.email,
        "otp_code": _code(asker, OtpPurpose.EMAIL_VERIFICATION),
    },
    "POST /auth/login/": _credentials,
    "POST /api/token/": _credentials,
    "POST /auth/google/": lambda scene, asker: {"access_token": "of nobody"},
    "POST /auth/facebook/": lambda scene, asker: {"access_token": "of nobody"},
    "POST /api/token/refresh/": lambda scene, asker: {
        "refresh": asker.tokens.refresh if asker.tokens else "none"
    },
    "POST /auth/password-reset/request/": lambda scene, asker: {"email": asker.email},
    "POST /auth/password-reset/verify/": lambda scene, asker: {
        "email": asker.email,
        "otp_code": _code(asker, OtpPurpose.PASSWORD_RESET),
        "new_password": NEW_PASSWORD,
    },
    "POST /auth/password/change/": lambda scene, asker: {
        "old_password": PASSWORD,
        "new_password1": NEW_PASSWORD,
        "new_password2": NEW_PASSWORD,
    },
    "PUT /auth/user/": lambda scene, asker: {"full_name": "Another Name"},
    "PATCH /auth/user/": lambda scene, asker: {"full_name": "Another Name"},
    "DELETE /auth/user/": lambda scene, asker: {"password": PASSWORD},
    "PUT /profiles/me/": lambda scene, asker: {"location": "Alger"},
    "PATCH /profiles/me/": lambda scene, asker: {"location": "Alger"},
    "POST /services/create/": _service,
    "PUT /services/{service_id}/update/": lambda scene, asker: {"title": "Audit"},
    "PATCH /services/{service_id}/update/": lambda scene, asker: {"title": "Audit"},
    "POST /bookings/create/": lambda scene, asker: {"service": str(scene.service.id), "full_name": "A"},
    "PUT /bookings/{booking_id}/update/": lambda scene, asker: {"additional_notes": "In Arabic"},
    "PATCH /bookings/{booking_id}/update/": lambda scene, asker: {"additional_notes": "In Arabic"},
    "POST /chat/chatrooms/group/create/": lambda scene, asker: {"room_name": "Audit"},
    "POST /chat/chatrooms/direct/": lambda scene, asker: {"target_user_id": str(scene.newcomer.id)},
    "PUT /chat/chatrooms/{room_id}/": lambda scene, asker: {"room_name": "Audit"},
    "POST /chat/chatrooms/group/{room_id}/add_member/": lambda scene, asker: {
        "user_id": str(scene.newcomer.id)
    },
    "PUT /chat/chatrooms/messages/{message_id}/update/": lambda scene, asker: {"content": "Edited"},
    "POST /chat/rooms/{room_id}/upload_file/": lambda scene, asker: {"file": _file("note.pdf")},
}
