"""What a service shows of others, and how many are listed: kept by triggers, whoever writes."""

from django.db import migrations

from core.marketplace.wilayas import WILAYAS


def _names_by_code() -> str:
    quoted = {code: " ".join(names).replace("'", "''") for code, names in WILAYAS.items()}
    return "\n".join(f"    WHEN '{code}' THEN '{names}'" for code, names in quoted.items())


_WILAYAS = f"""
CREATE FUNCTION wilaya_names(code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE code
{_names_by_code()}
END;
COMMENT ON FUNCTION wilaya_names(text) IS 'The names of a wilaya in Arabic and Latin letters.';
"""

# The owner is locked against a status change: otherwise a service made while its owner is being
# suspended would stay listed.
_DERIVE = """
-- An index entry may not be long: what follows the 64th letter of a word isn't searched.
CREATE FUNCTION search_words(content text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ARRAY(
    SELECT DISTINCT left(word, 64)
    FROM unnest(string_to_array(btrim(search_document(content)), ' ')) AS word WHERE word <> ''
);
COMMENT ON FUNCTION search_words(text) IS 'The different words of a text as they are searched.';

CREATE FUNCTION service_derive() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner record;
    category_names text;
BEGIN
    SELECT full_name, account_status = 'active' AS is_active INTO owner
    FROM accounts_user WHERE id = NEW.user_id FOR SHARE;
    SELECT string_agg(concat_ws(' ', c.name, c.name_ar, c.name_fr), ' ') INTO category_names
    FROM marketplace_service_categories sc
    JOIN marketplace_category c ON c.id = sc.category_id
    WHERE sc.service_id = NEW.id;
    NEW.is_listed := NEW.is_active AND coalesce(owner.is_active, false);
    NEW.search_words := search_words(concat_ws(' ',
        NEW.title, NEW.description, owner.full_name,
        NEW.location, wilaya_names(NEW.location), category_names));
    INSERT INTO marketplace_searchword (word)
    SELECT word FROM unnest(NEW.search_words) AS word
    WHERE NOT EXISTS (SELECT FROM marketplace_searchword known WHERE known.word = word.word);
    RETURN NEW;
END $$;

CREATE TRIGGER service_derive_on_insert BEFORE INSERT ON marketplace_service
FOR EACH ROW EXECUTE FUNCTION service_derive();
CREATE TRIGGER service_derive_on_update
BEFORE UPDATE OF title, description, location, user_id, is_active, is_listed, search_words
ON marketplace_service FOR EACH ROW EXECUTE FUNCTION service_derive();
"""

# Writing search_words makes service_derive run again.
_REFRESH = """
CREATE FUNCTION service_refresh_of_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE marketplace_service SET search_words = '{}' WHERE user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER service_refresh_of_owner AFTER UPDATE OF full_name, email, user_type, account_status
ON accounts_user FOR EACH ROW
WHEN ((OLD.full_name, OLD.email, OLD.user_type, OLD.account_status = 'active')
      IS DISTINCT FROM (NEW.full_name, NEW.email, NEW.user_type, NEW.account_status = 'active'))
EXECUTE FUNCTION service_refresh_of_owner();

CREATE FUNCTION service_refresh_of_categories() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE marketplace_service SET search_words = '{}'
    WHERE id IN (SELECT service_id FROM changed);
    RETURN NULL;
END $$;
CREATE TRIGGER service_category_added AFTER INSERT ON marketplace_service_categories
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION service_refresh_of_categories();
CREATE TRIGGER service_category_removed AFTER DELETE ON marketplace_service_categories
REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION service_refresh_of_categories();
"""

_TALLY = """
CREATE FUNCTION service_tally_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO marketplace_servicetally (service_type, is_course, delta)
    SELECT service_type, is_course, TG_ARGV[0]::integer * count(*)
    FROM changed WHERE is_listed GROUP BY service_type, is_course;
    RETURN NULL;
END $$;
CREATE TRIGGER service_tally_insert AFTER INSERT ON marketplace_service
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION service_tally_statement('1');
CREATE TRIGGER service_tally_delete AFTER DELETE ON marketplace_service
REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION service_tally_statement('-1');

-- A row for each change of a listed service, if only with a delta of 0: while a kind's rows are
-- the same, so is what its lists show.
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

CREATE FUNCTION service_tally_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO marketplace_servicetally (service_type, is_course, delta)
    VALUES ('offered', false, 0), ('offered', true, 0), ('needed', false, 0);
    RETURN NULL;
END $$;
CREATE TRIGGER service_tally_category AFTER UPDATE OF name ON marketplace_category
FOR EACH STATEMENT EXECUTE FUNCTION service_tally_category();
"""

_UNDO = """
DROP FUNCTION service_tally_category() CASCADE;
DROP FUNCTION service_tally_row() CASCADE;
DROP FUNCTION service_tally_statement() CASCADE;
DROP FUNCTION service_refresh_of_categories() CASCADE;
DROP FUNCTION service_refresh_of_owner() CASCADE;
DROP FUNCTION service_derive() CASCADE;
DROP FUNCTION search_words(text);
DROP FUNCTION wilaya_names(text);
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0001_initial"), ("accounts", "0001_initial")]
    operations = [migrations.RunSQL(_WILAYAS + _DERIVE + _REFRESH + _TALLY, _UNDO)]
