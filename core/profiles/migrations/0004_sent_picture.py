"""A picture is shown once it is ready; until then it is one that was sent."""

import django.db.models.deletion
from django.db import migrations, models

_MOVE = """
UPDATE profiles_profile profile SET sent_picture_id = picture_id, picture_id = NULL
FROM files_storedfile file WHERE file.id = profile.picture_id AND file.state <> 'ready'
"""
_BACK = """
UPDATE profiles_profile SET picture_id = sent_picture_id WHERE sent_picture_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("profiles", "0003_created_at")]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="sent_picture",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
            ),
        ),
        migrations.RunSQL(_MOVE, _BACK),
    ]
