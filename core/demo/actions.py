"""Making the demo data set, through the product's own actions, however often it is asked for."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core.accounts.actions.details import update_account
from core.accounts.models import AccountStatus, User, UserType
from core.bookings.actions.create import Details, create_booking
from core.bookings.actions.decide import accept_booking, decline_booking
from core.bookings.models import Booking
from core.demo import cast
from core.demo.progress import Progress, one_at_a_time
from core.demo.queries import demo_password
from core.demo.rooms import make_rooms
from core.errors import Forbidden
from core.marketplace.actions import create_service
from core.marketplace.models import Service
from core.marketplace.queries import active_categories
from core.profiles.actions import ProfileChanges, update_profile

_DECISIONS = {"confirmed": accept_booking, "declined": decline_booking}


def make_demo() -> tuple[list[User], list[str]]:
    """The demo's people with all that belongs to them, and what could not be made.

    What is there already stays as it is, and so does what its users have changed.
    Forbidden where the settings don't allow it: the passwords are printed.
    """
    if not settings.DEMO:
        raise Forbidden("The demo data set is for local runs: its passwords are no secret.")
    progress = Progress()
    with one_at_a_time():
        people = {person.email: _person(person) for person in cast.PEOPLE}
        services = _services(people, progress)
        for request in cast.REQUESTS:
            service = services.get(request.title)
            if service and service.is_active:
                with progress.step(f"{request.requester}'s booking of {request.title}"):
                    _booking(people[request.requester], service, request)
        make_rooms(people, progress)
    return list(people.values()), progress.left_out


@transaction.atomic
def _person(person: cast.Person) -> User:
    user = User.objects.with_email(person.email)
    if user is None:
        user = _admin(person) if person.user_type == UserType.ADMIN else _member(person)
    return User.objects.get(id=user.id)


def _admin(person: cast.Person) -> User:
    password = demo_password(person.email)
    return User.objects.create_superuser(person.email, password, full_name=person.full_name)


def _member(person: cast.Person) -> User:
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
    about["activity_type" if person.user_type == UserType.CLIENT else "bio"] = person.about
    update_profile(actor=user, changes=about)
    return user


def _services(people: dict[str, User], progress: Progress) -> dict[str, Service]:
    made: dict[str, Service] = {}
    for offer in cast.OFFERS:
        title = offer.details["title"]
        with progress.step(f"{offer.owner}'s service {title}"):
            made[title] = _service(people[offer.owner], offer)
    return made


def _service(owner: User, offer: cast.Offer) -> Service:
    found = Service.objects.filter(user=owner, title=offer.details["title"]).first()
    if found is not None:
        return found
    offered = active_categories()
    category = offered.filter(name=offer.category).first() or offered.first()
    service_id = create_service(
        actor=owner,
        details=offer.details,
        categories=[category.id] if category else [],
        is_course=offer.is_course,
    )
    return Service.objects.get(id=service_id)


def _booking(requester: User, service: Service, request: cast.Request) -> None:
    theirs = Q(client=requester) | Q(accountant=requester)
    if Booking.objects.filter(theirs, service=service).exists():
        return
    details = Details(full_name=requester.full_name, additional_notes=request.notes)
    made = create_booking(actor=requester, service_id=service.id, details=details)
    if decide := _DECISIONS.get(request.status):
        decide(actor=service.user, booking_id=made.booking_id)
