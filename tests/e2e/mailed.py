"""Which mails may have come twice: the ledger tells who died on the way."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

import psycopg

from tests.e2e.mail import Mail

_ATTEMPTS = """
SELECT params->>'otp_request_id', attempts FROM jobs_job WHERE name = 'accounts.send_otp_email'
"""


def request_of(mail: Mail) -> str:
    """The request whose code the mail brings."""
    found = re.search(r"<otp-([0-9a-f-]+)@", str(mail.message["Message-ID"]))
    assert found is not None
    return found[1]


def attempts_of(database_url: str) -> dict[str, int]:
    """How often the mailing of each request's code was begun. More than once: somebody died."""
    with psycopg.connect(database_url) as connection:
        return {str(request_id): int(times) for request_id, times in connection.execute(_ATTEMPTS)}


def require_each_mailed_once(database_url: str, mails: Iterable[Mail]) -> int:
    """Every request is mailed, and but once unless an attempt died; how many came again.

    Whoever dies between the mail server's answer and the commit has mailed what is mailed again,
    word for word: at most once for each attempt that the ledger counted.
    """
    attempts = attempts_of(database_url)
    copies = Counter(map(request_of, mails))
    assert copies.keys() == attempts.keys()
    unexplained = {one: (copies[one], attempts[one]) for one in copies if copies[one] > attempts[one]}
    assert unexplained == {}, "mailed more often than begun"
    texts = defaultdict(set)
    for mail in mails:
        texts[request_of(mail)].add((mail.text, mail.recipients))
    assert [one for one, different in texts.items() if len(different) > 1] == []
    return copies.total() - len(copies)
