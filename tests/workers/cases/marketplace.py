"""Tasks of core.marketplace."""

from core.marketplace.models import SearchSet, Service, ServiceTally
from tests.booked import make_service
from tests.cast import make_user
from tests.workers.cases import Cases, Params


def category() -> Params:
    service: Service = make_service(make_user("accountant"))
    return {"category_id": service.categories.get().id}


def tallies() -> Params:
    category()
    category()
    assert ServiceTally.objects.count() > 1
    return {}


def search_sets() -> Params:
    category()
    for pattern in ("%declaration%", "%audit%"):
        SearchSet.objects.create(service_type="offered", is_course=False, pattern=pattern)
    return {}


CASES: Cases = {
    "marketplace.refresh_category": category,
    "marketplace.add_up_tallies": tallies,
    "marketplace.keep_search_sets": search_sets,
}
