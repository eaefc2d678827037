"""Columns that Django has no field for."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Func

if TYPE_CHECKING:
    _Base = models.Field[Any, Any]
else:
    _Base = models.Field


class Bits(_Base):
    """A bit string of any length; SQL alone reads and writes it."""

    def db_type(self, connection: object) -> str:
        return "bit varying"


class NextNumber(Func):
    """The next number of a service: small, and never given twice."""

    template = "nextval('marketplace_service_number')"
    output_field = models.BigIntegerField()


class Normalized(Func):
    """A text in the one form of all those that look alike, without blanks around it."""

    template = "btrim(normalize(%(expressions)s, NFKC))"
    output_field = models.TextField()
