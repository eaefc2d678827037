"""Tasks of the unread counts."""

from tests.cast import make_user
from tests.workers.cases import Cases, Params


def anyone() -> Params:
    return {"user_id": make_user().id}


CASES: Cases = {
    "unread.push_counts": anyone,
}
