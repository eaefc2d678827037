"""HTTP calls to identity providers: bounded in time and size, and silent about tokens."""

import json
import logging
import re
import threading
import time
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Annotated, TypeVar

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.errors import Unavailable

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT = 3.0
READ_TIMEOUT = 4.0
BUDGET = 8.0
"""Seconds for all the calls of one login together."""
MAX_BYTES = 64 * 1024

_making = threading.Lock()
_BUSY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)

Subject = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,255}$")]
_HALVES = re.compile("[\ud800-\udfff]")


def _whole(text: object) -> object:
    return _HALVES.sub("", text) if isinstance(text, str) else text


Name = Annotated[str, BeforeValidator(_whole)]
"""What a person calls themselves, without the halves of characters that JSON can hold and we can't."""


class Answer(BaseModel):
    """The part of a provider's answer that we rely on; ids may come as numbers."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


_Model = TypeVar("_Model", bound=Answer)


class Refused(Exception):
    """The provider answered, and the answer is no. body is as it came, bounded."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.body = body
        super().__init__(f"HTTP {status}")


def shared_client() -> httpx.Client:
    """One pool of connections for the process; httpx clients may be shared by threads."""
    with _making:
        return _client()


@cache
def _client() -> httpx.Client:
    return httpx.Client(
        transport=httpx.HTTPTransport(
            retries=1, limits=httpx.Limits(max_connections=50, max_keepalive_connections=5)
        ),
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        follow_redirects=False,
    )


class Calls:
    """The calls of one login to one provider, within one budget of time."""

    def __init__(self, provider: str, base_url: str) -> None:
        self._provider = provider
        self._base_url = base_url.rstrip("/")
        self._ends_at = time.monotonic() + BUDGET

    def get(
        self,
        path: str,
        model: type[_Model],
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Model:
        """The answer to a GET. Refused on a 4xx; Unavailable when there is no usable answer."""
        status, body = self._exchange(path, params, headers)
        if status in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise self._unavailable(path, f"HTTP {status}")
        if status >= HTTPStatus.BAD_REQUEST:
            raise Refused(status, body)
        if status != HTTPStatus.OK:
            raise self._unavailable(path, f"HTTP {status}")
        try:
            # Not model_validate_json: it refuses half characters before a Name can drop them.
            return model.model_validate(json.loads(body))
        except ValidationError as error:
            raise self._unavailable(path, f"{error.error_count()} errors in its JSON") from None
        except (ValueError, RecursionError):
            raise self._unavailable(path, "its JSON can't be read") from None

    def _exchange(
        self, path: str, params: Mapping[str, str] | None, headers: Mapping[str, str] | None
    ) -> tuple[int, bytes]:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise self._unavailable(path, "the time is up")
        timeout = httpx.Timeout(min(READ_TIMEOUT, left), connect=min(CONNECT_TIMEOUT, left))
        try:
            with shared_client().stream(
                "GET", self._base_url + path, params=params, headers=headers, timeout=timeout
            ) as response:
                return response.status_code, self._bounded(path, response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Not its text: that may quote the URL.
            raise self._unavailable(path, type(error).__name__) from None

    def _bounded(self, path: str, response: httpx.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > MAX_BYTES:
                raise self._unavailable(path, "the answer is too large")
            if time.monotonic() > self._ends_at:
                raise self._unavailable(path, "the answer takes too long")
        return bytes(body)

    def _unavailable(self, path: str, why: str) -> Unavailable:
        logger.warning("%s%s is unavailable: %s", self._provider, path, why)
        return Unavailable(f"{self._provider} is not available right now. Please try again later.")
