"""Search sets: numbers of services, and the transaction in which each was derived last."""

import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.marketplace.fields

_NUMBERS = "CREATE SEQUENCE marketplace_service_number MINVALUE 0 START 0"

# It can be made again, and is written anew whenever services change: it isn't logged.
_UNLOGGED = "ALTER TABLE marketplace_searchset SET UNLOGGED"

_CHANGES = """
CREATE FUNCTION service_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER service_changed_by_insert BEFORE INSERT ON marketplace_service
FOR EACH ROW EXECUTE FUNCTION service_changed();
CREATE TRIGGER service_changed_by_update
BEFORE UPDATE OF title, description, location, user_id, is_active, is_listed, search_words,
    service_type, is_course, number, changed_in
ON marketplace_service FOR EACH ROW EXECUTE FUNCTION service_changed();

CREATE FUNCTION service_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO marketplace_servicegone (number, changed_in)
    SELECT number, pg_current_xact_id()::text::bigint FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER service_gone AFTER DELETE ON marketplace_service
REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION service_gone();
"""

# What a snapshot doesn't see is not in the bits made by it. Transactions of another cluster (a
# restored dump's) that are yet to come here changed nothing since.
_SEARCHING = """
CREATE FUNCTION is_unseen(changed_in bigint, snapshot pg_snapshot) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED STRICT
RETURN NOT pg_visible_in_snapshot(changed_in::text::xid8, snapshot) AND (
    changed_in::text::xid8 < pg_snapshot_xmax(pg_current_snapshot())
    OR changed_in::text::xid8 IS NOT DISTINCT FROM pg_current_xact_id_if_assigned());

CREATE FUNCTION has_words(words text[], patterns text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN NOT EXISTS (
    SELECT FROM unnest(patterns) AS pattern
    WHERE NOT EXISTS (SELECT FROM unnest(words) AS word WHERE word LIKE pattern));
COMMENT ON FUNCTION has_words(text[], text[]) IS 'Whether each pattern is found in one of the words.';

CREATE FUNCTION set_bits(bits bit varying, numbers bigint[], value integer) RETURNS bit varying
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    number bigint;
BEGIN
    FOREACH number IN ARRAY numbers LOOP
        bits := set_bit(bits, number::integer, value);
    END LOOP;
    RETURN bits;
END $$;
"""

_UNDO_CHANGES = "DROP FUNCTION service_gone() CASCADE; DROP FUNCTION service_changed() CASCADE;"
_UNDO_SEARCHING = """
DROP FUNCTION set_bits(bit varying, bigint[], integer);
DROP FUNCTION has_words(text[], text[]);
DROP FUNCTION is_unseen(bigint, pg_snapshot);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0004_created_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(_NUMBERS, "DROP SEQUENCE marketplace_service_number"),
        migrations.CreateModel(
            name="SearchSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("service_type", models.CharField(max_length=16)),
                ("is_course", models.BooleanField()),
                ("pattern", models.CharField(help_text="as LIKE has it", max_length=80)),
                ("bits", core.marketplace.fields.Bits(null=True)),
                ("size", models.PositiveIntegerField(default=0)),
                ("snapshot", models.TextField(blank=True, help_text="a pg_snapshot")),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ServiceGone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("changed_in", models.BigIntegerField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name="service",
            name="service_newest",
        ),
        migrations.RemoveIndex(
            model_name="service",
            name="service_cheapest",
        ),
        migrations.RemoveIndex(
            model_name="service",
            name="service_dearest",
        ),
        migrations.RemoveIndex(
            model_name="service",
            name="service_shortest",
        ),
        migrations.AddField(
            model_name="service",
            name="changed_in",
            field=models.BigIntegerField(db_default=0, editable=False),
        ),
        migrations.AddField(
            model_name="service",
            name="number",
            field=models.BigIntegerField(db_default=core.marketplace.fields.NextNumber(), editable=False),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                models.F("service_type"),
                models.F("is_course"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("is_listed", True)),
                include=("number",),
                name="service_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                models.F("service_type"),
                models.F("is_course"),
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce(
                        "price", models.Value("Infinity"), output_field=models.DecimalField()
                    )
                ),
                models.OrderBy(models.F("id")),
                condition=models.Q(("is_listed", True)),
                include=("price", "number"),
                name="service_cheapest",
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                models.F("service_type"),
                models.F("is_course"),
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce(
                        "price", models.Value("-Infinity"), output_field=models.DecimalField()
                    ),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("is_listed", True)),
                include=("price", "number"),
                name="service_dearest",
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                models.F("service_type"),
                models.F("is_course"),
                models.F("estimated_duration"),
                models.F("id"),
                condition=models.Q(("is_listed", True)),
                include=("number",),
                name="service_shortest",
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["changed_in"], name="service_changed"),
        ),
        migrations.AddConstraint(
            model_name="searchset",
            constraint=models.UniqueConstraint(
                fields=("service_type", "is_course", "pattern"), name="search_set_of_pattern"
            ),
        ),
        migrations.AddIndex(
            model_name="servicegone",
            index=models.Index(fields=["changed_in"], name="service_gone_changed"),
        ),
        migrations.RunSQL(_UNLOGGED, migrations.RunSQL.noop),
        migrations.RunSQL(_CHANGES, _UNDO_CHANGES),
        migrations.RunSQL(_SEARCHING, _UNDO_SEARCHING),
    ]
