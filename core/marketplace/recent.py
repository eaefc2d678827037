"""What a process read lately, kept for as long as it is certainly the same: decision 0031."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from core.marketplace.visibility import Sort
from core.prepared import fetch_one

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
Stamp = tuple[int, int]

_STAMP = """
SELECT coalesce(max(id), 0), count(*) FROM marketplace_servicetally
WHERE service_type = %s AND is_course = %s
"""


def stamp_of(sort: Sort) -> Stamp:
    """Two numbers that together never come again once anything listed of this sort changed."""
    row = fetch_one(_STAMP, [sort.service_type.value, sort.is_course])
    return row or (0, 0)


class Recent(Generic[_Key, _Value]):
    """The last few values that were read, each with the stamp from before it was read."""

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[_Key, tuple[Stamp, _Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key, *, stamp: Stamp, read: Callable[[], _Value]) -> _Value:
        """The kept value if its stamp is this one, else what read gives, kept from now on.

        The stamp must have been taken before this call: what changes while read runs is then in a
        value with an old stamp, which is read again, and never in an old value with a new one.
        """
        kept = self._kept.get(key)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        value = read()
        with self._lock:
            self._kept[key] = stamp, value
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return value
