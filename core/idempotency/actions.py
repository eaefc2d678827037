"""Doing what was asked under a key once, however often and however much at once it is asked."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from core.errors import Conflict, Invalid
from core.idempotency.models import Claim

KEPT = timedelta(hours=24)
HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

# Waits for whoever is using the key. A claim past its time is taken over.
_CLAIM = """
INSERT INTO idempotency_claim AS claim
    (user_id, operation, key, fingerprint, result_id)
VALUES (%(user_id)s, %(operation)s, %(key)s, %(fingerprint)s, %(result_id)s)
ON CONFLICT (user_id, operation, key) DO UPDATE
SET fingerprint = excluded.fingerprint, result_id = excluded.result_id, created_at = now(),
    answer_status = NULL, answer_body = NULL
WHERE claim.created_at <= now() - %(kept)s
RETURNING true
"""


class KeyReused(Conflict):
    """The key was used for something else in the last 24 hours."""

    default = "This Idempotency-Key was already used with a different request."


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked under a key: equal fingerprints, equal requests."""

    user_id: UUID
    operation: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and a JSON body to answer with, now and whenever the request is repeated.

    Nothing in it is signed: signatures end long before the key does.
    """

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the same request came to before; its answer is None once that was forgotten."""

    result_id: UUID
    answer: Answer | None


def keyed_request(*, user_id: UUID, operation: str, key: str, asked: Mapping[str, object]) -> Request:
    """The request under a client's key; raises Invalid unless the key is 1-255 visible ASCII."""
    if not _KEY.fullmatch(key):
        raise Invalid({HEADER: ["Must be 1 to 255 visible ASCII characters."]})
    canonical = json.dumps(asked, sort_keys=True, default=str)
    return Request(user_id, operation, key, hashlib.sha256(canonical.encode()).hexdigest())


def earlier_result(request: Request) -> Earlier | None:
    """What came of the same request before, None if it is new. KeyReused."""
    return _result(request, _claims(request).filter(created_at__gt=Now() - KEPT).first())


def claim(request: Request, *, result_id: UUID) -> Earlier | None:
    """Claim the key for a result that this transaction makes; None once it is claimed.

    Otherwise what another request made first. KeyReused.
    """
    values: dict[str, Any] = {
        "user_id": request.user_id,
        "operation": request.operation,
        "key": request.key,
        "fingerprint": request.fingerprint,
        "result_id": result_id,
        "kept": KEPT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        if cursor.fetchone():
            return None
    return _result(request, _claims(request).first())


def keep_answer(request: Request, answer: Answer) -> None:
    """What repetitions are answered with, in the transaction that claimed the key."""
    _claims(request).update(answer_status=answer.status, answer_body=answer.body)


def forget_answers(*, user_id: UUID, result_id: UUID) -> None:
    """Forget what a person was answered of a result: it names someone who left."""
    claims = Claim.objects.filter(user_id=user_id, result_id=result_id)
    claims.update(answer_status=None, answer_body=None)


def erase_for(*, user_id: UUID) -> None:
    """Delete the keys of an account that is no more, and all that it was answered."""
    Claim.objects.filter(user_id=user_id).delete()


def delete_expired_claims() -> int:
    """Delete the claims past their time; how many."""
    deleted, _ = Claim.objects.filter(created_at__lte=Now() - KEPT).delete()
    return deleted


def _claims(request: Request) -> QuerySet[Claim]:
    return Claim.objects.filter(user_id=request.user_id, operation=request.operation, key=request.key)


def _result(request: Request, claim: Claim | None) -> Earlier | None:
    if claim is None:
        return None
    if claim.fingerprint != request.fingerprint:
        raise KeyReused
    if claim.answer_status is None or claim.answer_body is None:
        return Earlier(claim.result_id, None)
    return Earlier(claim.result_id, Answer(claim.answer_status, claim.answer_body))
