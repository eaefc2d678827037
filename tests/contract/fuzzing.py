"""What the fuzz tests share: the document, who asks, and what must hold of every answer."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi import checks

from core.accounts.models import User
from tests.cast import tokens_of
from tests.contract.scene import Scene, make_scene
from web.api import api as product

Case = schemathesis.Case[Any]

IS_LONG: Final = os.environ.get("FUZZ") == "long"
CHECKS: Final[list[Callable[..., Any]]] = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.unsupported_method,
]
AFTER_CHANGES: Final = [*CHECKS, checks.use_after_free, checks.ensure_resource_availability]


def load(**config: Any) -> BaseSchema:
    """The document as schemathesis sees it, asked in process."""
    loaded = schemathesis.openapi.from_dict(
        dict(product.get_openapi_schema()), config=schemathesis.Config.from_dict(config)
    )
    loaded.app = get_wsgi_application()
    return loaded


def bounded(short: int, long: int, **more: Any) -> settings:
    """So many examples, always the same ones; others each time in the long form."""
    return settings(
        max_examples=long if IS_LONG else short,
        derandomize=not IS_LONG,
        database=None,
        deadline=None,
        phases=[phase for phase in Phase if phase is not Phase.explain],
        suppress_health_check=list(HealthCheck),
        **more,
    )


class Asked:
    """A scene, and the people in it taking turns; each request comes from an address of its own."""

    def __init__(self) -> None:
        self.scene: Scene = make_scene()
        self.ids = {name: str(value) for name, value in self.scene.ids().items()}
        people = (self.scene.karim, self.scene.amina, self.scene.lina, *self.scene.strangers.values())
        self._tokens = [tokens_of(person).access for person in people]
        self._turn = count()

    def headers(self, user: User | None = None) -> dict[str, str]:
        turn = next(self._turn)
        token = tokens_of(user).access if user else self._tokens[turn % len(self._tokens)]
        address = f"10.{turn >> 16 & 255}.{turn >> 8 & 255}.{turn & 255}"
        return {"Authorization": f"Bearer {token}", "X-Forwarded-For": address}

    def point_at_things(self, case: Case) -> None:
        """Two times in three, ask about what exists."""
        if next(self._turn) % 3:
            known = case.path_parameters.keys() & self.ids.keys()
            case.path_parameters.update({name: self.ids[name] for name in known})


@contextmanager
def in_the_tests_connection() -> Iterator[None]:
    """Requests under WSGI end by closing connections; the test's must stay."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
