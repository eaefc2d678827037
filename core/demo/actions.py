"""Making the demo data set, through the product's own actions, however often it is asked for."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from core.accounts.actions.details import update_account
from core.accounts.models import AccountStatus, User
from core.bookings.actions.create import Details, create_booking
from core.bookings.actions.decide import accept_booking
from core.bookings.models import Booking
from core.chat.actions.direct import open_direct
from core.chat.actions.members import add_member
from core.chat.actions.rooms import create_group
from core.chat.actions.send import send_message
from core.chat.models import Membership, Room
from core.demo import cast
from core.demo.queries import demo_password
from core.errors import Forbidden
from core.marketplace.actions import create_service
from core.marketplace.models import Category, Service
from core.profiles.actions import ProfileChanges, update_profile


def make_demo() -> list[User]:
    """The demo's people with all that belongs to them; what is there already stays as it is.

    Forbidden where the settings don't allow it: the passwords are printed.
    """
    if not settings.DEMO:
        raise Forbidden("The demo data set is for local runs: its passwords are no secret.")
    people = {person.email: _person(person) for person in cast.PEOPLE}
    services = [_service(people[offer.owner], offer) for offer in cast.OFFERS]
    for requester, service, accepted in (
        (cast.AMINA, services[0], True),
        (cast.OMAR, services[1], False),
        (cast.LINA, services[2], True),
        (cast.SOFIA, services[3], False),
    ):
        _booking(people[requester], service, accepted=accepted)
    direct = open_direct(actor=people[cast.AMINA], target_id=people[cast.KARIM].id)
    _say(people, direct, cast.CHAT)
    _say(people, _class_room(people), cast.CLASS_CHAT)
    return list(people.values())


@transaction.atomic
def _person(person: cast.Person) -> User:
    user = User.objects.with_email(person.email)
    if user is None:
        user = User(
            email=person.email,
            user_type=person.user_type,
            account_status=AccountStatus.ACTIVE,
            is_email_verified=True,
        )
        user.set_password(demo_password(person.email))
        user.save(force_insert=True)
        update_account(actor=user, full_name=person.full_name, phone=person.phone)
        about: ProfileChanges = {"location": person.location}
        about["activity_type" if person.user_type == "client" else "bio"] = person.about
        update_profile(actor=user, changes=about)
    return User.objects.get(id=user.id)


def _service(owner: User, offer: cast.Offer) -> Service:
    found = Service.objects.filter(user=owner, title=offer.details["title"]).first()
    if found is not None:
        return found
    category = Category.objects.filter(name=offer.category).first() or Category.objects.earliest("name")
    service_id = create_service(
        actor=owner, details=offer.details, categories=[category.id], is_course=offer.is_course
    )
    return Service.objects.get(id=service_id)


def _booking(requester: User, service: Service, *, accepted: bool) -> None:
    if Booking.objects.filter(service=service).exists():
        return
    made = create_booking(
        actor=requester, service_id=service.id, details=Details(full_name=requester.full_name)
    )
    if accepted:
        accept_booking(actor=service.user, booking_id=made.booking_id)


def _class_room(people: dict[str, User]) -> UUID:
    teacher, student = people[cast.SOFIA], people[cast.LINA]
    found = Room.objects.filter(name=cast.GROUP, creator=teacher, deleted_at=None).first()
    room_id = found.id if found else _new_class(teacher)
    if not Membership.objects.filter(room_id=room_id, user=student).exists():
        add_member(actor=teacher, room_id=room_id, user_id=student.id)
    return room_id


def _new_class(teacher: User) -> UUID:
    return create_group(actor=teacher, name=cast.GROUP, description="", is_private=True)


def _say(people: dict[str, User], room_id: UUID, lines: tuple[tuple[str, str], ...]) -> None:
    for number, (email, content) in enumerate(lines):
        send_message(
            sender_id=people[email].id,
            room_id=room_id,
            content=content,
            client_message_id=f"demo-{number}",
        )
