"""Asking `/services/browse/`."""

from typing import Any

from core.accounts.models import User
from core.marketplace.models import Service
from tests.cast import Api
from tests.services import make_service

PATH = "/services/browse/"
CARD = {
    *("id", "user", "service_type", "title", "description", "categories", "price", "location"),
    *("delivery_method", "is_featured", "created_at"),
    "is_course",  # decision B12
}
"""The keys of a service in a list."""


def titles(api: Api, user: User, query: str = "", **params: Any) -> list[str]:
    response = api.get(f"{PATH}?{query}", user=user)
    assert response.status_code == 200, response.content
    shown = response.json()
    assert shown["count"] == len(shown["results"])
    return [one["title"] for one in shown["results"]]


def feature(service: Service, **columns: Any) -> None:
    Service.objects.filter(id=service.id).update(**columns)


def many(owner: User, count: int) -> None:
    for number in range(count):
        make_service(owner, title=f"t{number}", price=7)
