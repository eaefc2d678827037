"""The OpenAPI document is sound, and says of every operation what it does and how it refuses."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.contract.test_authorisation import ROWS
from web.api import api as product
from web.docs.operations import HEADINGS, SECTIONS

METHODS = {"get", "post", "put", "patch", "delete"}
Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(product.get_openapi_schema())


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield method, path, item[method]


def test_it_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_every_operation_has_its_heading(document: dict[str, Any]) -> None:
    found = {(method, path) for method, path, _ in operations(document)}
    assert found == set(HEADINGS)
    assert {heading.tag for heading in HEADINGS.values()} == set(SECTIONS)
    ids = [heading.operation_id for heading in HEADINGS.values()]
    assert len(ids) == len(set(ids))


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        assert operation["summary"], (method, path)
        assert operation["description"], (method, path)
        assert all("schema" in each for each in operation["parameters"]), (method, path)


def test_every_status_of_the_table_is_documented_and_no_other_refusal(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        row = set(ROWS[f"{method.upper()} {path}"].values())
        told = set(operation["responses"])
        assert row <= told, (method, path)
        assert ("403" in told) == ("403" in row), (method, path)
        assert ("401" in told) == ("401" in row), (method, path)


def test_who_must_wait_hears_for_how_long(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        for status in ("429", "503"):
            assert operation["responses"][status]["headers"]["Retry-After"]["required"], (method, path)


def test_every_link_leads_to_an_operation_that_takes_it(document: dict[str, Any]) -> None:
    takes = {
        operation["operationId"]: {each["name"] for each in operation["parameters"]}
        for _, _, operation in operations(document)
    }
    links = [
        link
        for _, _, operation in operations(document)
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]
    assert len(links) > 40
    for link in links:
        assert set(link.get("parameters", {})) <= takes[link["operationId"]], link
