"""What accountants offer and clients need, and the categories it is found by."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce, Lower, Now
from django.utils import timezone

from core.files.models import StoredFile
from core.marketplace.fields import Bits, NextNumber, Normalized


class Category(models.Model):
    """What a service is about; administrators manage them. Services are found by all its names."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=255)
    name_ar = models.CharField("name in Arabic", max_length=255, blank=True)
    name_fr = models.CharField("name in French", max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "categories"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower(Normalized("name")),
                name="category_name",
                violation_error_message="Category with this Name already exists.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ServiceType(models.TextChoices):
    OFFERED = "offered"
    NEEDED = "needed"


class DurationUnit(models.TextChoices):
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class DeliveryMethod(models.TextChoices):
    ONLINE = "online"
    IN_PERSON = "in_person"


# Services without a price come last, whichever way the list goes.
PRICE_ASCENDING = Coalesce("price", models.Value("Infinity"), output_field=models.DecimalField())
PRICE_DESCENDING = Coalesce("price", models.Value("-Infinity"), output_field=models.DecimalField())
_LISTED = models.Q(is_listed=True)
_KIND = ("service_type", "is_course")
# In an index of the list, so that what is narrowed by them is counted without reading services.
_NARROWED_BY = ("price", "estimated_duration", "duration_unit", "location", "is_featured")


class Service(models.Model):
    """A service or course an accountant offers, or one a client needs.

    is_listed (active, and so is its owner), search_words and changed_in (the transaction that
    derived them last) are kept by triggers in the database: what the application writes there is
    replaced. number is its place in the bits of search sets.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="services")
    service_type = models.CharField(max_length=16, choices=ServiceType.choices)
    is_course = models.BooleanField(default=False)
    title = models.CharField(max_length=255)
    description = models.TextField()
    categories = models.ManyToManyField(Category, related_name="services")
    location = models.CharField(max_length=8, blank=True, help_text='a wilaya code, 01-58, or "online"')
    price = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    price_description = models.TextField(blank=True)
    estimated_duration = models.PositiveIntegerField(default=1)
    duration_unit = models.CharField(max_length=8, choices=DurationUnit.choices, default=DurationUnit.DAYS)
    estimated_duration_description = models.TextField(blank=True)
    delivery_method = models.CharField(
        max_length=16, choices=DeliveryMethod.choices, default=DeliveryMethod.ONLINE
    )
    tasks_and_responsibilities = ArrayField(models.TextField(), default=list, blank=True)
    conditions_requirements = ArrayField(models.TextField(), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    is_featured = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    is_listed = models.BooleanField(default=True, editable=False)
    search_words = ArrayField(models.TextField(), default=list, editable=False)
    number = models.BigIntegerField(db_default=NextNumber(), editable=False)
    changed_in = models.BigIntegerField(db_default=0, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="service_price"),
            models.CheckConstraint(condition=models.Q(estimated_duration__gte=1), name="service_duration"),
            models.CheckConstraint(
                condition=models.Q(service_type=ServiceType.OFFERED) | models.Q(is_course=False),
                name="service_course_is_offered",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-created_at"], name="service_of_user"),
            models.Index(
                *_KIND,
                models.F("created_at").desc(),
                models.F("id").desc(),
                condition=_LISTED,
                include=["number", *_NARROWED_BY],
                name="service_newest_first",
            ),
            models.Index(
                *_KIND,
                PRICE_ASCENDING.asc(),
                models.F("id").asc(),
                condition=_LISTED,
                include=["price", "number"],
                name="service_cheapest",
            ),
            models.Index(
                *_KIND,
                PRICE_DESCENDING.desc(),
                models.F("id").desc(),
                condition=_LISTED,
                include=["price", "number"],
                name="service_dearest",
            ),
            models.Index(
                *_KIND,
                "estimated_duration",
                "id",
                condition=_LISTED,
                include=["number"],
                name="service_shortest",
            ),
            models.Index(*_KIND, "location", condition=_LISTED, name="service_by_location"),
            GinIndex(fields=["search_words"], condition=_LISTED, name="service_search"),
            models.Index(fields=["changed_in"], name="service_changed"),
        ]

    def __str__(self) -> str:
        return self.title


class ServiceAttachment(models.Model):
    """A file shown with a service, in the order it was sent."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    service = models.ForeignKey(Service, models.CASCADE, related_name="attachments")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["service", "position"], name="service_attachment_order")]


class ServiceTally(models.Model):
    """How many services of a kind became listed, less how many ceased to be.

    Triggers append a row for each change of a listed service, so that writers never wait for one
    another; the sum over a kind is the exact number listed. A job adds the rows up every minute.
    """

    service_type = models.CharField(max_length=16)
    is_course = models.BooleanField()
    delta = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["service_type", "is_course"], include=["delta"], name="service_tally_sum")
        ]


class SearchWord(models.Model):
    """Every word by which a service was ever found. Triggers append; a word may be there twice."""

    word = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["word"], name="search_word"),
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_parts"),
        ]

    def __str__(self) -> str:
        return self.word


class SearchSet(models.Model):
    """The services of a kind in which a pattern is found, as they were seen by a snapshot.

    Bit n is that of the service with the number n; size is how many bits there are. Null bits were
    asked for and are yet to be made. It may be lost at any time: it is made again from the services.
    """

    service_type = models.CharField(max_length=16)
    is_course = models.BooleanField()
    pattern = models.CharField(max_length=255, help_text="as LIKE has it, or several with | in between")
    bits = Bits(null=True)
    size = models.PositiveIntegerField(default=0)
    snapshot = models.TextField(blank=True, help_text="a pg_snapshot")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["service_type", "is_course", "pattern"], name="search_set_of_pattern"
            )
        ]

    def __str__(self) -> str:
        return self.pattern


class ServiceGone(models.Model):
    """The number of a service whose row was deleted, until no search set has a bit for it."""

    number = models.BigIntegerField()
    changed_in = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["changed_in"], name="service_gone_changed")]
