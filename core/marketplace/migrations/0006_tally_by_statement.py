"""One row of the tally for each statement and kind, however many services it changed."""

from django.db import migrations

_BY_STATEMENT = """
DROP TRIGGER service_tally_update ON marketplace_service;
DROP FUNCTION service_tally_row();

-- A row for each kind that is listed or was, if only with a delta of 0: while a kind's rows are
-- the same, so is what its lists show.
CREATE FUNCTION service_tally_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO marketplace_servicetally (service_type, is_course, delta)
    SELECT service_type, is_course, sum(delta) FROM (
        SELECT service_type, is_course, -1 AS delta FROM before WHERE is_listed
        UNION ALL
        SELECT service_type, is_course, 1 FROM after WHERE is_listed
    ) AS change GROUP BY service_type, is_course;
    RETURN NULL;
END $$;
CREATE TRIGGER service_tally_update AFTER UPDATE ON marketplace_service
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION service_tally_changes();
"""

_BY_ROW = """
DROP FUNCTION service_tally_changes() CASCADE;
CREATE FUNCTION service_tally_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO marketplace_servicetally (service_type, is_course, delta)
    SELECT service_type, is_course, sum(delta) FROM (VALUES
        (OLD.service_type, OLD.is_course, -OLD.is_listed::integer),
        (NEW.service_type, NEW.is_course, NEW.is_listed::integer)
    ) AS change (service_type, is_course, delta) GROUP BY service_type, is_course;
    RETURN NULL;
END $$;
CREATE TRIGGER service_tally_update AFTER UPDATE ON marketplace_service FOR EACH ROW
WHEN (OLD.is_listed OR NEW.is_listed) EXECUTE FUNCTION service_tally_row();
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0005_search_sets")]
    operations = [migrations.RunSQL(_BY_STATEMENT, _BY_ROW)]
