"""How settings read the environment: what can't be meant is kept, to be told in a line each, all at once."""

from collections.abc import Sequence
from typing import Final

import environ

env = environ.Env()
_LARGEST: Final = 2**31 - 1
_ON, _OFF = {"true", "on", "yes", "y", "ok", "1"}, {"false", "off", "no", "n", "0"}
refused: Final[dict[str, str]] = {}
"""What is wrong with a variable, by its name. Whoever has read all of them refuses to start on it."""


def refuse(name: str, wrong: str) -> None:
    """Keep what is wrong with a variable; the first complaint about it stands."""
    refused.setdefault(name, wrong)


def whole(name: str, default: int, *, least: int = 0, most: int = _LARGEST) -> int:
    """A variable that must be a whole number within bounds; empty is as good as unset."""
    given = env.str(name, default="") or str(default)
    if given.isdecimal() and len(given) <= len(str(most)) and least <= int(given) <= most:
        return int(given)
    bounds = f" from {least} to {most}" if given.removeprefix("-").isdecimal() else ""
    refuse(name, f"must be a whole number{bounds}, not {given!r}")
    return default


def switch(name: str, *, default: bool) -> bool:
    """A variable that is either on or off; empty is as good as unset."""
    given = env.str(name, default="").strip().lower()
    if given and given not in _ON | _OFF:
        refuse(name, f"must be true or false, not {given!r}")
    return given in _ON if given else default


def choice(name: str, default: str, known: Sequence[str]) -> str:
    """A variable that is one of a few words; empty is as good as unset."""
    given = env.str(name, default="") or default
    if given in known:
        return given
    refuse(name, f"must be one of {', '.join(known)}, not {given!r}")
    return default
