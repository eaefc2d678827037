"""What lists are narrowed by is in an index of the list. Nobody waits while it is made."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("marketplace", "0008_category_names")]

    operations = [
        AddIndexConcurrently(
            model_name="service",
            index=models.Index(
                models.F("service_type"),
                models.F("is_course"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("is_listed", True)),
                include=(
                    "number",
                    "price",
                    "estimated_duration",
                    "duration_unit",
                    "location",
                    "is_featured",
                ),
                name="service_newest_first",
            ),
        ),
        RemoveIndexConcurrently(model_name="service", name="service_newest"),
    ]
