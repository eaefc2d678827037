"""An INSERT wakes the relays, and the table is kept small while rows come and go."""

from django.db import migrations

_TRIGGER = """
CREATE FUNCTION jobs_wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('jobs', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER jobs_wake_relay AFTER INSERT ON jobs_job
    FOR EACH STATEMENT EXECUTE FUNCTION jobs_wake_relay();
"""

_NO_TRIGGER = """
DROP TRIGGER jobs_wake_relay ON jobs_job;
DROP FUNCTION jobs_wake_relay();
"""

# Each job is updated three times within moments of its birth.
_STORAGE = """
ALTER TABLE jobs_job SET (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02
);
"""

_NO_STORAGE = """
ALTER TABLE jobs_job RESET (
    fillfactor, autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor
);
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.RunSQL(_TRIGGER, _NO_TRIGGER),
        migrations.RunSQL(_STORAGE, _NO_STORAGE),
    ]
