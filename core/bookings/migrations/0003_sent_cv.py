"""A CV that was sent later takes the place of the one shown once it is ready."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("bookings", "0002_created_at")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="sent_cv",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
            ),
        ),
    ]
