"""How settings read the environment: what can't be meant is told in a line."""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def whole(name: str, default: int) -> int:
    """A variable that must be a whole number, not below zero."""
    given = env.str(name, default=str(default))
    if not given.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {given!r}")
    return int(given)


_ON, _OFF = {"true", "on", "yes", "y", "ok", "1"}, {"false", "off", "no", "n", "0"}


def switch(name: str, *, default: bool) -> bool:
    """A variable that is either on or off; empty is as good as unset."""
    given = env.str(name, default="").strip().lower()
    if given and given not in _ON | _OFF:
        raise ImproperlyConfigured(f"{name} must be true or false, not {given!r}")
    return given in _ON if given else default
