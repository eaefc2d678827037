"""People found by name and address, with an index that is used.

search_document alone is expanded into queries, where the planner doesn't know the index's
expression again; a function in another language stays what it is. It keeps its search_path:
ANALYZE and restores call it without one.
"""

from django.db import migrations

_FIND = """
DROP INDEX user_search;
CREATE FUNCTION person_document(full_name text, email text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path FROM CURRENT AS
$$ BEGIN RETURN search_document(full_name || ' ' || email); END $$;
CREATE INDEX user_search ON accounts_user USING gin (person_document(full_name, email) gin_trgm_ops)
WHERE account_status = 'active' AND is_email_verified;
"""
_UNDO = """
DROP INDEX user_search;
DROP FUNCTION person_document(text, text);
CREATE INDEX user_search ON accounts_user
USING gin (search_document(full_name || ' ' || email) gin_trgm_ops)
WHERE account_status = 'active' AND is_email_verified;
"""


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_files_and_search")]
    operations = [migrations.RunSQL(_FIND, _UNDO)]
