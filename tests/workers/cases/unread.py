"""Tasks of the unread counts."""

from uuid import uuid4

from tests.cast import make_user
from tests.workers.cases import Cases, Params


def anyone() -> Params:
    return {"user_id": make_user().id}


def a_device() -> Params:
    return {**anyone(), "socket_id": uuid4()}


CASES: Cases = {
    "unread.push_counts": anyone,
    "unread.tell_device": a_device,
}
