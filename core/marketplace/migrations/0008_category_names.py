"""No two categories whose names differ by case or by how a letter is encoded alone."""

from django.db import migrations, models
from django.db.models.functions import Lower

from core.marketplace.fields import Normalized

# The oldest keeps its name; the others keep their services, and are told apart until an
# administrator decides. A statement that renames none would still tell every list of a change.
_TELL_APART = """
DO $$
DECLARE
    later record;
BEGIN
    FOR later IN
        SELECT id FROM (
            SELECT id, row_number() OVER (
                PARTITION BY lower(btrim(normalize(name, NFKC))) ORDER BY created_at, id) AS place
            FROM marketplace_category
        ) same WHERE place > 1
    LOOP
        UPDATE marketplace_category SET name = left(name, 215) || ' (' || id || ')' WHERE id = later.id;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0007_search_forms")]

    operations = [
        migrations.RunSQL(_TELL_APART, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="category",
            name="name",
            field=models.CharField(max_length=255),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                Lower(Normalized("name")),
                name="category_name",
                violation_error_message="Category with this Name already exists.",
            ),
        ),
    ]
