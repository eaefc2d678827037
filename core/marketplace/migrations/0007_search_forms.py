"""Patterns of several forms, one of which must be found, with | between them."""

from django.db import migrations, models

_HAS_WORDS = """
CREATE OR REPLACE FUNCTION has_words(words text[], patterns text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN NOT EXISTS (
    SELECT FROM unnest(patterns) AS pattern
    WHERE NOT EXISTS (
        SELECT FROM unnest(string_to_array(pattern, '|')) AS form, unnest(words) AS word
        WHERE word LIKE form));
"""
_HAD_WORDS = """
CREATE OR REPLACE FUNCTION has_words(words text[], patterns text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN NOT EXISTS (
    SELECT FROM unnest(patterns) AS pattern
    WHERE NOT EXISTS (SELECT FROM unnest(words) AS word WHERE word LIKE pattern));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0006_tally_by_statement"),
        ("search", "0002_hamza_before_waw"),
    ]

    operations = [
        migrations.AlterField(
            model_name="searchset",
            name="pattern",
            field=models.CharField(help_text="as LIKE has it, or several with | in between", max_length=255),
        ),
        migrations.RunSQL(_HAS_WORDS, _HAD_WORDS),
    ]
