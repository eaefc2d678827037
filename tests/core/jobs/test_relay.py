"""How often the relay asks the ledger."""

from unittest.mock import Mock

import pytest
from django.db import transaction

from core.jobs import outbox, policy, unread
from core.jobs.outbox import Outgoing
from core.jobs.relay import Relay
from tests.cast import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("jobs", "batches"), [(0, [0]), (1, [1]), (3, [2, 1]), (4, [2, 2, 0])])
def test_a_batch_that_is_not_full_is_the_last(
    jobs: int, batches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed: list[int] = []

    def claim() -> list[Outgoing]:
        taken = outbox_claim()
        claimed.append(len(taken))
        return taken

    outbox_claim = outbox.claim_due
    monkeypatch.setattr(outbox, "claim_due", claim)
    monkeypatch.setattr(policy, "BATCH", 2)
    with transaction.atomic():
        unread.push_counts.many({"user_id": make_user().id} for _ in range(jobs))
    relay = Relay()
    relay.publisher = Mock(is_empty=Mock(return_value=False))
    relay.tick()
    assert claimed == batches
    assert sum(len(call.args[0]) for call in relay.publisher.publish.call_args_list) == jobs
