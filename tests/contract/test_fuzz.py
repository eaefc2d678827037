"""Whatever is sent, by whomever: the product answers as its document says, and never with a 5xx."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.db import transaction

from core.accounts.models import User
from tests.contract.fuzzing import AFTER_CHANGES, CHECKS, Asked, Case, bounded, in_the_tests_connection, load

pytestmark = pytest.mark.django_db
document = load()
chained = load(generation={"mode": "positive"})


@pytest.fixture
def asked(db: None) -> Iterator[Asked]:
    with in_the_tests_connection():
        yield Asked()


@document.parametrize()
@bounded(5, 200)
def test_answers_are_as_documented(case: Case, asked: Asked) -> None:
    asked.point_at_things(case)
    case.call_and_validate(checks=CHECKS, headers=asked.headers())


@pytest.mark.parametrize("name", ["karim", "amina", "lina"])
def test_what_follows_from_answers_is_as_documented(asked: Asked, name: str) -> None:
    """Along the document's links, as an accountant, a client and an academic."""
    person: User = getattr(asked.scene, name)
    done: set[str] = set()

    class Machine(chained.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.start = transaction.savepoint()

        def teardown(self) -> None:
            """Every scenario begins with the same things."""
            transaction.savepoint_rollback(self.start)

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"headers": asked.headers(person)}

        def validate_response(self, response: schemathesis.Response, case: Case, **more: Any) -> None:
            case.validate_response(response, checks=AFTER_CHANGES, recorder=self.recorder)
            if response.status_code < 300:
                done.add(case.operation.label)

    Machine.run(settings=bounded(25, 300, stateful_step_count=12))
    assert len(done) > 12
