"""The web server's own lines, in the format that the settings choose (web/granian.json)."""

import logging
import os
from logging.config import DictConfigurator

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.redaction import TextLines
from web import starting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.local")
# The server reads its log-config, and so this module, before it forks.
os.register_at_fork(after_in_child=starting.end_when_told)


def formatter() -> logging.Formatter:
    """As the console's; a plain one for bad settings, of which the server's children tell."""
    try:
        configured = settings.LOGGING
    except ImproperlyConfigured:
        return TextLines()
    chosen = configured["formatters"][configured["handlers"]["console"]["formatter"]]
    made: logging.Formatter = DictConfigurator(configured).configure_formatter(dict(chosen))
    return made
