"""Production starts on good variables alone, and says in one line what to mend."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings

from settings.variables import switch

GOOD = {
    "SECRET_KEY": "wXn2b7Jq0VZk5Rr9TtYc3LhPd8GfMs1AeUu4Ii6OoBvCxNzQjWy-_K7Dm2Hg5Fp",
    "ALLOWED_HOSTS": "api.cabinet.dz,10.0.0.7",
    "DATABASE_URL": "postgres://app:Tlemcen-1837@db:5432/app",
    "REDIS_URL": "redis://valkey:6379/0",
    "EMAIL_URL": "smtp+tls://app:Ghardaia-48@mail:587",
}
STRONG = "k7Dm2Hg5FpwXn2b7Jq0VZk5Rr9TtYc3LhPd8G"
SHOW = """from django.conf import settings as s
print(s.DEBUG, s.THROTTLES, s.ROTATE_REFRESH_TOKENS, s.ALLOWED_HOSTS, s.DEFAULT_FROM_EMAIL)"""
PASSED_ON = ("PATH", "HOME", "LANG", "PYTHONPATH", "VAR_DIR")


def start(
    variables: Mapping[str, str | None], *arguments: str, module: str = "settings.production"
) -> "subprocess.CompletedProcess[str]":
    """A fresh interpreter with these variables and none of ours."""
    given = {name: value for name, value in variables.items() if value is not None}
    own = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return subprocess.run(
        [sys.executable, *(arguments or ("-c", SHOW))],
        cwd=settings.BASE_DIR,
        env={**own, "DJANGO_SETTINGS_MODULE": module, **given},
        capture_output=True,
        text=True,
        check=False,
    )


def test_good_variables_start() -> None:
    done = start(GOOD)
    assert (done.returncode, done.stderr) == (0, "")
    sender = "My Accountant <no-reply@api.cabinet.dz>"
    assert done.stdout == f"False True False ['api.cabinet.dz', '10.0.0.7'] {sender}\n"


@pytest.mark.parametrize(
    "more",
    [
        {
            "JWT_KEYS": f"new:{STRONG},old:{STRONG[::-1]}, main",
            "CORS_ALLOWED_ORIGINS": "https://app.cabinet.dz,https://x.cabinet.dz:8443",
            "ALLOWED_HOSTS": " .cabinet.dz , [::1]",
            "FACEBOOK_APP_ID": "1",
            "FACEBOOK_APP_SECRET": "2",
            "DATABASE_URL": "postgresql:///app?host=/run/postgresql",
            "REDIS_URL": "unix:///run/valkey.sock",
        },
        {"CORS_ALLOWED_ORIGINS": "", "CSRF_TRUSTED_ORIGINS": "", "FACEBOOK_APP_ID": "", "DEBUG": "false"},
    ],
    ids=["given", "empty"],
)
def test_what_is_optional_starts_too(more: dict[str, str]) -> None:
    done = start(GOOD | more)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("given", "expected"),
    [("off", False), ("FALSE", False), ("0", False), ("no", False), ("on", True), ("True", True)],
)
def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch, given: str, *, expected: bool) -> None:
    for default in (True, False):
        monkeypatch.setenv("A_SWITCH", given)
        assert switch("A_SWITCH", default=default) is expected
        monkeypatch.setenv("A_SWITCH", "")
        assert switch("A_SWITCH", default=default) is default


WRONG: dict[str, tuple[str, dict[str | None, str]]] = {
    "SECRET_KEY": ("make one with python", {
        None: "is not set",
        "": "is not set",
        STRONG: "is too weak: it has 37 characters",
        "local-only-secret-key-never-used-in-production": "is too weak: it has 46 characters",
        f"django-insecure-{STRONG}{STRONG}": "reads like an example",
        f"change-me-{STRONG}{STRONG}": "reads like an example",
        "abcd" * 20: "repeats",
    }),
    "JWT_KEYS": ("kid:secret", {
        "new:short": "is too weak",
        f"new:{STRONG},old:secret": "is too weak",
        f"main,main:{STRONG[:9]}": "is too weak",
    }),
    "DEBUG": ("leave it unset", {"true": "is on", "1": "is on"}),
    "ALLOWED_HOSTS": ("the hosts clients use", {
        None: "is not set",
        " , ": "is not set",
        "*": "may not contain *",
        "api.cabinet.dz, *": "may not contain *",
        "https://api.cabinet.dz": "is no host name",
    }),
    "CORS_ALLOWED_ORIGINS": ("https://", {
        "*": "holds '*'",
        "https://*.cabinet.dz": "may not contain *",
        "http://app.cabinet.dz": "holds 'http://app.cabinet.dz'",
    }),
    "CSRF_TRUSTED_ORIGINS": ("https://", {
        "app.cabinet.dz": "holds 'app.cabinet.dz'",
        "https://app.cabinet.dz/path": "holds",
    }),
    "DATABASE_URL": ("postgres://", {
        None: "is not set",
        "sqlite:///db.sqlite3": "must begin with postgres://",
        "postgres://user:password@host:5432/name": "password of an example",
    }),
    "REDIS_URL": ("redis://", {None: "is not set", "valkey:6379": "must begin with redis://"}),
    "BROKER_URL": ("redis://", {"memory://": "must begin with redis://"}),
    "EMAIL_URL": ("smtp+tls://", {
        None: "is not set",
        "consolemail://": "must begin with smtp://",
        "smtp+tls://user:password@host:587": "password of an example",
    }),
    "FACEBOOK_APP_SECRET": ("FACEBOOK_APP_ID needs it", {None: "is not set"}),
}  # fmt: skip
"""By variable: what mends it, and what is wrong with each of these values."""


@pytest.mark.parametrize("turn", range(max(len(values) for _, values in WRONG.values())))
def test_each_bad_variable_is_named_in_a_line(turn: int) -> None:
    """As many as can be wrong at once, each with the value whose turn it is."""
    bad = {name: list(values)[turn] for name, (_, values) in WRONG.items() if turn < len(values)}
    done = start(GOOD | {"FACEBOOK_APP_ID": "1", "FACEBOOK_APP_SECRET": "2"} | bad)
    assert (done.returncode, done.stdout) == (1, "")
    for line, (name, value) in zip(done.stderr.splitlines(), bad.items(), strict=True):
        mends, values = WRONG[name]
        assert line.startswith(f"{name} ")
        assert values[value] in line
        assert mends in line
        assert value is None or len(value) < 30 or value not in line


UNREADABLE = [
    ("JWT_KEYS", STRONG, "must be like kid:secret"),
    ("DATABASE_URL", "nonsense", "must be like postgres://"),
    ("DATABASE_URL", "postgres://h:port/x", "must be like postgres://"),
    ("EMAIL_URL", "nonsense", "must be like smtp://"),
    ("STORAGE_URL", "ftp://x", "s3://bucket"),
    ("ACCESS_TOKEN_LIFETIME", "soon", "must be a whole number, not 'soon'"),
    ("UPLOAD_MAX_BYTES", "10MB", "must be a whole number, not '10MB'"),
    ("ROTATE_REFRESH_TOKENS", "perhaps", "must be true or false, not 'perhaps'"),
    ("THROTTLES", "maybe", "must be true or false, not 'maybe'"),
    ("DEBUG", "sometimes", "must be true or false, not 'sometimes'"),
    ("LIVE_PAGE", "2", "must be true or false, not '2'"),
    ("SECURE_SSL_REDIRECT", "never", "must be true or false, not 'never'"),
]


@pytest.mark.parametrize(("name", "value", "wrong"), UNREADABLE)
def test_what_cannot_be_read_is_told_before_the_rest(name: str, value: str, wrong: str) -> None:
    done = start(GOOD | {name: value})
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.startswith(f"{name} ")
    assert wrong in line
    assert len(value) < 30 or value not in line


def test_all_that_is_missing_is_told_at_once() -> None:
    done = start({})
    assert done.returncode == 1
    told = [line.split()[0] for line in done.stderr.splitlines()]
    assert told == list(GOOD)


PROCESSES = ["web", "realtime", "worker", "beat", "relay"]


@pytest.mark.parametrize("name", PROCESSES)
def test_no_process_starts_on_a_weak_secret(name: str) -> None:
    procfile = (settings.BASE_DIR / "Procfile").read_text()
    command = re.findall(rf"^{name}: (.*)$", procfile, re.MULTILINE)[0]
    script = "import os, sys; os.execvp('sh', ['sh', '-c', sys.argv[1]])"
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = start(GOOD | {"SECRET_KEY": "weak", "PATH": path}, "-c", script, command)
    assert done.returncode != 0
    assert "SECRET_KEY is too weak: it has 4 characters" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize("arguments", [("manage.py", "migrate"), ("manage.py", "check"), ("manage.py",)])
def test_no_command_runs_on_a_weak_secret(arguments: tuple[str, ...]) -> None:
    done = start(GOOD | {"SECRET_KEY": "weak"}, *arguments)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
