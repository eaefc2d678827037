"""Production starts on good variables alone, and says in one line what to mend."""

import os
import re
import socket
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
            "CLAMD_URL": "unix:///run/clamd.sock",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318",
            "SENTRY_DSN": "https://key@sentry.cabinet.dz/1",
            "LOG_LEVEL": "WARNING",
            "LOG_FORMAT": "text",
            "REFRESH_GRACE": "0",
        },
        {"CORS_ALLOWED_ORIGINS": "", "CSRF_TRUSTED_ORIGINS": "", "FACEBOOK_APP_ID": "", "DEBUG": "false"},
        dict.fromkeys(("OTP_LIFETIME", "LOG_LEVEL", "SENTRY_DSN", "CLAMD_URL", "BROKER_URL", "DEBUG"), ""),
    ],
    ids=["given", "off", "empty"],
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
        f"new:{STRONG},new:{STRONG[::-1]}": "names 'new' twice",
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
    "SENTRY_DSN": ("copy it", {"notadsn": "is none", "https://sentry.io/1": "is none"}),
    "FACEBOOK_APP_SECRET": ("FACEBOOK_APP_ID needs it", {None: "is not set"}),
    "CLAMD_URL": ("the whole address", {
        "clamd:3310": "must begin with tcp://",
        "tcp://": "names no host",
        "tcp://clamd:port": "must begin with tcp://",
    }),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("the whole address", {
        "nonsense": "must begin with https://",
        "https:///v1": "names no host",
    }),
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
    ("ACCESS_TOKEN_LIFETIME", "0", "must be a whole number from 1 to"),
    ("REFRESH_TOKEN_LIFETIME", "-5", "must be a whole number from 1 to"),
    ("OTP_LIFETIME", "0", "must be a whole number from 1 to"),
    ("MEDIA_URL_LIFETIME", "9" * 20, "must be a whole number from 1 to"),
    ("METRICS_PORT", "65536", "must be a whole number from 0 to 65535"),
    ("LOG_LEVEL", "LOUD", "must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'LOUD'"),
    ("LOG_FORMAT", "xml", "must be one of text, json, not 'xml'"),
    ("OPERATIONS_TIME_ZONE", "Algiers", "must be like Africa/Algiers"),
    ("UPLOAD_MAX_BYTES", "10MB", "must be a whole number, not '10MB'"),
    ("ROTATE_REFRESH_TOKENS", "perhaps", "must be true or false, not 'perhaps'"),
    ("THROTTLES", "maybe", "must be true or false, not 'maybe'"),
    ("DEBUG", "sometimes", "must be true or false, not 'sometimes'"),
    ("LIVE_PAGE", "2", "must be true or false, not '2'"),
    ("SECURE_SSL_REDIRECT", "never", "must be true or false, not 'never'"),
]


@pytest.mark.parametrize(("name", "value", "wrong"), UNREADABLE)
def test_what_cannot_be_read_is_told_once(name: str, value: str, wrong: str) -> None:
    done = start(GOOD | {name: value})
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.startswith(f"{name} ")
    assert wrong in line
    assert len(value) < 30 or value not in line


@pytest.mark.parametrize("given", [{}, dict.fromkeys(GOOD, "")], ids=["unset", "empty"])
def test_all_that_is_missing_is_told_at_once(given: dict[str, str]) -> None:
    done = start(given)
    assert done.returncode == 1
    told = {line.split(":")[0] for line in done.stderr.splitlines()}
    assert told == {f"{name} is not set" for name in GOOD}


def test_what_cannot_be_read_hides_nothing_else() -> None:
    bad = {
        "SECRET_KEY": "abc",
        "ALLOWED_HOSTS": "",
        "DEBUG": "maybe",
        "OTP_LIFETIME": "x",
        "LOG_LEVEL": "LOUD",
    }
    done = start(GOOD | bad)
    assert (done.returncode, done.stdout) == (1, "")
    assert sorted(line.split()[0] for line in done.stderr.splitlines()) == sorted(bad)


def test_a_local_run_is_told_all_of_it_too() -> None:
    done = start({"DEBUG": "maybe", "OTP_LIFETIME": "0"}, module="settings.local")
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert "DEBUG must be true or false" in last
    assert "OTP_LIFETIME must be a whole number" in last


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


def test_a_command_says_in_a_line_that_the_database_is_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = f"127.0.0.1:{taken.getsockname()[1]}"
        done = start(
            GOOD | {"DATABASE_URL": f"postgres://app:Tlemcen-1837@{away}/app"}, "manage.py", "migrate"
        )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("the database of DATABASE_URL doesn't answer (")
    assert "Tlemcen" not in line
