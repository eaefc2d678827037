"""Production starts on good variables alone, and says in one line what to mend."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings

GOOD = {
    "SECRET_KEY": "wXn2b7Jq0VZk5Rr9TtYc3LhPd8GfMs1AeUu4Ii6OoBvCxNzQjWy-_K7Dm2Hg5Fp",
    "ALLOWED_HOSTS": "api.cabinet.dz,10.0.0.7",
    "DATABASE_URL": "postgres://app:Tlemcen-1837@db:5432/app",
    "REDIS_URL": "redis://valkey:6379/0",
    "EMAIL_URL": "smtp+tls://app:Ghardaia-48@mail:587",
}
STRONG = "k7Dm2Hg5FpwXn2b7Jq0VZk5Rr9TtYc3LhPd8G"
SHOW = "from django.conf import settings as s; print(s.DEBUG, s.ALLOWED_HOSTS, s.DEFAULT_FROM_EMAIL)"
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
    assert done.stdout == f"False ['api.cabinet.dz', '10.0.0.7'] {sender}\n"


@pytest.mark.parametrize(
    "more",
    [
        {"JWT_KEYS": f"new:{STRONG},old:{STRONG[::-1]}"},
        {"CORS_ALLOWED_ORIGINS": "https://app.cabinet.dz,https://x.cabinet.dz:8443"},
        {"CORS_ALLOWED_ORIGINS": "", "CSRF_TRUSTED_ORIGINS": "", "FACEBOOK_APP_ID": "", "DEBUG": "false"},
        {"ALLOWED_HOSTS": " .cabinet.dz , [::1]"},
        {"FACEBOOK_APP_ID": "1", "FACEBOOK_APP_SECRET": "2"},
        {"DATABASE_URL": "postgresql:///app?host=/run/postgresql", "REDIS_URL": "unix:///run/valkey.sock"},
    ],
)
def test_what_is_optional_starts_too(more: dict[str, str]) -> None:
    assert start(GOOD | more).returncode == 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [("off", False), ("FALSE", False), ("0", False), ("no", False), ("on", True), ("True", True), ("", True)],
)
def test_a_switch_is_on_or_off(given: str, *, expected: bool) -> None:
    show = "from django.conf import settings as s; print(s.THROTTLES, s.ROTATE_REFRESH_TOKENS)"
    done = start(GOOD | {"THROTTLES": given, "ROTATE_REFRESH_TOKENS": given}, "-c", show)
    assert done.stdout == f"{expected} {expected and given != ''}\n"


BAD = [
    ("SECRET_KEY", None, "is not set", "make one with python"),
    ("SECRET_KEY", "", "is not set", "make one with python"),
    ("SECRET_KEY", STRONG, "is too weak", "make one with python"),
    ("SECRET_KEY", "local-only-secret-key-never-used-in-production", "is too weak", "make one with python"),
    ("SECRET_KEY", f"django-insecure-{STRONG}{STRONG}", "reads like an example", "make one with python"),
    ("SECRET_KEY", f"change-me-{STRONG}{STRONG}", "reads like an example", "make one with python"),
    ("SECRET_KEY", "abcd" * 20, "repeats", "make one with python"),
    ("JWT_KEYS", "new:short", "is too weak", "kid:secret"),
    ("JWT_KEYS", f"new:{STRONG},old:secret", "is too weak", "kid:secret"),
    ("JWT_KEYS", STRONG, "must be like", "kid:secret"),
    ("DEBUG", "true", "is on", "leave it unset"),
    ("DEBUG", "1", "is on", "leave it unset"),
    ("ALLOWED_HOSTS", None, "is not set", "the hosts clients use"),
    ("ALLOWED_HOSTS", " , ", "is not set", "the hosts clients use"),
    ("ALLOWED_HOSTS", "*", "may not contain *", "the hosts clients use"),
    ("ALLOWED_HOSTS", "api.cabinet.dz, *", "may not contain *", "the hosts clients use"),
    ("ALLOWED_HOSTS", "https://api.cabinet.dz", "is no host name", "the hosts clients use"),
    ("CORS_ALLOWED_ORIGINS", "*", "holds '*'", "https://"),
    ("CORS_ALLOWED_ORIGINS", "https://*.cabinet.dz", "may not contain *", "https://"),
    ("CORS_ALLOWED_ORIGINS", "http://app.cabinet.dz", "holds 'http://app.cabinet.dz'", "https://"),
    ("CSRF_TRUSTED_ORIGINS", "app.cabinet.dz", "holds 'app.cabinet.dz'", "https://"),
    ("CSRF_TRUSTED_ORIGINS", "https://app.cabinet.dz/path", "holds", "https://"),
    ("DATABASE_URL", None, "is not set", "postgres://"),
    ("DATABASE_URL", "sqlite:///db.sqlite3", "must begin with postgres://", "postgres://"),
    ("DATABASE_URL", "nonsense", "must be like", "postgres://"),
    ("DATABASE_URL", "postgres://h:port/x", "must be like", "postgres://"),
    ("DATABASE_URL", "postgres://user:password@host:5432/name", "password of an example", "postgres://"),
    ("REDIS_URL", None, "is not set", "redis://"),
    ("REDIS_URL", "valkey:6379", "must begin with redis://", "redis://"),
    ("BROKER_URL", "memory://", "must begin with redis://", "redis://"),
    ("EMAIL_URL", None, "is not set", "smtp+tls://"),
    ("EMAIL_URL", "consolemail://", "must begin with smtp://", "smtp+tls://"),
    ("EMAIL_URL", "nonsense", "must be like", "smtp://"),
    ("EMAIL_URL", "smtp+tls://user:password@host:587", "password of an example", "smtp+tls://"),
    ("FACEBOOK_APP_SECRET", None, "is not set", "FACEBOOK_APP_ID needs it"),
    ("ACCESS_TOKEN_LIFETIME", "soon", "must be a whole number", "'soon'"),
    ("UPLOAD_MAX_BYTES", "10MB", "must be a whole number", "'10MB'"),
    ("ROTATE_REFRESH_TOKENS", "perhaps", "must be true or false", "'perhaps'"),
    ("THROTTLES", "maybe", "must be true or false", "'maybe'"),
    ("DEBUG", "sometimes", "must be true or false", "'sometimes'"),
    ("LIVE_PAGE", "2", "must be true or false", "'2'"),
    ("SECURE_SSL_REDIRECT", "never", "must be true or false", "'never'"),
    ("STORAGE_URL", "ftp://x", "must be", "s3://bucket"),
]


@pytest.mark.parametrize(("name", "value", "wrong", "hint"), BAD)
def test_a_bad_variable_is_named_in_one_line(name: str, value: str | None, wrong: str, hint: str) -> None:
    also = {"FACEBOOK_APP_ID": "1"} if name == "FACEBOOK_APP_SECRET" else {}
    done = start(GOOD | also | {name: value})
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.startswith(f"{name} ")
    assert wrong in line
    assert hint in line
    assert value is None or len(value) < 30 or value not in line


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
