"""The OpenAPI document is sound, and says of every operation what it does and how it refuses."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from tests.contract.test_authorisation import ROWS
from web.api import api as product
from web.docs.examples import LANGUAGES
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


def media_of(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every JSON body: its operation's id, "request" or the status, and what is told of it."""
    for _, _, operation in operations(document):
        sent = operation.get("requestBody", {}).get("content", {})
        bodies = {"request": sent} | {
            status: response.get("content", {}) for status, response in operation["responses"].items()
        }
        for kind, content in bodies.items():
            if "application/json" in content:
                yield operation["operationId"], kind, content["application/json"]


def test_every_body_has_examples_that_fit_it(document: dict[str, Any]) -> None:
    held = 0
    for operation_id, kind, media in media_of(document):
        named = [each["value"] for each in media.get("examples", {}).values()]
        schema = {**media["schema"], "components": document["components"]}
        validator = OAS31Validator(schema, format_checker=OAS31Validator.FORMAT_CHECKER)
        for example in named or [media["example"]]:
            held += 1
            assert not list(validator.iter_errors(example)), (operation_id, kind, example)
    assert held > 400


def test_what_has_a_language_has_examples_in_three(document: dict[str, Any]) -> None:
    in_three = {
        operation_id
        for operation_id, kind, media in media_of(document)
        if kind == "request" and set(media.get("examples", {})) == set(LANGUAGES)
    }
    assert in_three >= {
        *("register_new_user", "update_my_profile", "create_new_service", "update_service"),
        *("create_booking", "update_booking", "create_group_room", "update_message"),
    }
    arabic = document["paths"]["/services/create/"]["post"]["requestBody"]["content"]["application/json"]
    assert "التصريح" in arabic["examples"]["ar"]["value"]["title"]


def test_what_is_left_out_of_a_change_has_no_default(document: dict[str, Any]) -> None:
    """A client that fills defaults in would overwrite what was to stay."""
    patches = {name: schema for name, schema in document["components"]["schemas"].items() if "Patch" in name}
    assert set(patches) >= {"AccountPatch", "BookingPatch", "ProfilePatch", "RoomPatch", "ServicePatch"}
    for name, schema in patches.items():
        assert not [field for field, shape in schema["properties"].items() if "default" in shape], name


def test_limits_that_are_checked_elsewhere_are_told(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    told: dict[tuple[str, str], dict[str, Any]] = {
        ("ContentIn", "content"): {"minLength": 1, "maxLength": 10_000},
        ("RegistrationIn", "password1"): {"minLength": 8, "maxLength": 128},
        ("ServiceIn", "categories"): {"minItems": 1, "maxItems": 100},
        ("ServiceIn", "estimated_duration"): {"minimum": 1},
        ("ServiceInWithoutFiles", "upload_files"): {"type": ["array", "null"], "maxItems": 0},
        ("ProfilePatchWithoutFiles", "profile_picture"): {"type": "null"},
        ("BookingOut", "created_at"): {"type": "string", "format": "date-time"},
    }
    for (schema, field), limits in told.items():
        assert schemas[schema]["properties"][field].items() >= limits.items(), (schema, field)
    assert schemas["FileIn"]["required"] == ["file"]
