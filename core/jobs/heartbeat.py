"""Telling the supervisor that a loop truly turns: the file's age is the time since it last did."""

from pathlib import Path

from django.conf import settings


def beat() -> None:
    """Touch HEARTBEAT_FILE, where one is set."""
    if settings.HEARTBEAT_FILE:
        Path(settings.HEARTBEAT_FILE).touch()
