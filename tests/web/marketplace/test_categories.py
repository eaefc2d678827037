"""`/services/categories/`."""

import pytest

from core.accounts.models import User
from core.marketplace.models import Category
from tests.cast import Api

pytestmark = pytest.mark.django_db


def test_b22_thirteen_categories_are_there_from_the_start(api: Api, client_user: User) -> None:
    response = api.get("/services/categories/", user=client_user)
    assert response.status_code == 200
    names = [one["name"] for one in response.json()]
    assert len(names) == 13
    assert names == sorted(names)
    assert {"id", "name", "is_active", "created_at", "updated_at"} <= response.json()[0].keys()


def test_inactive_ones_are_hidden(api: Api, client_user: User) -> None:
    hidden = Category.objects.create(name="Alchemy", is_active=False)
    assert "Alchemy" not in api.get("/services/categories/", user=client_user).content.decode()
    assert api.get(f"/services/categories/{hidden.id}/", user=client_user).status_code == 404


def test_one_category(api: Api, client_user: User) -> None:
    one = Category.objects.get(name="Tax Preparation")
    shown = api.get(f"/services/categories/{one.id}/", user=client_user).json()
    assert shown["id"] == str(one.id)
    assert shown["name"] == "Tax Preparation"
    assert shown["is_active"] is True


@pytest.mark.parametrize("identifier", ["00000000-0000-4000-8000-000000000000", "not-a-uuid", "%00"])
def test_missing_and_malformed(api: Api, client_user: User, identifier: str) -> None:
    response = api.get(f"/services/categories/{identifier}/", user=client_user)
    assert response.status_code == 404
    assert response.json() == {"detail": "Not found."}


@pytest.mark.parametrize(
    "path", ["/services/categories/", "/services/categories/00000000-0000-4000-8000-000000000000/"]
)
def test_anonymous(api: Api, path: str) -> None:
    assert api.get(path).status_code == 401
