"""search_forms: a hamza before a waw is written on a waw or on a yeh (مسؤول, مسئول), and asked for as both.

What is searched stays as it is: no row and no index is made anew.
"""

from django.db import migrations

# Of the marks all but the hamza, which decomposition puts behind them.
_OTHER_MARKS = (
    r"[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u0653\u0655-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    r"\u08d3-\u08ff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_HAMZA = r"(?<=[[:alpha:]])([\u0648\u064a\u06cc]\u0654|\u0621)(?=\u0648)"

_FORMS = f"""
CREATE FUNCTION search_forms(content text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ARRAY(
    SELECT search_document(content)
    UNION
    SELECT search_document(regexp_replace(
        regexp_replace(normalize(content, NFKD), '{_OTHER_MARKS}', '', 'g'), '{_HAMZA}', carrier, 'g'))
    FROM unnest('{{و,ي}}'::text[]) AS carrier
    WHERE normalize(content, NFKD) ~ '[\\u0654\\u0621]'
);

COMMENT ON FUNCTION search_forms(text) IS
    'A query as search_document has it, and with each hamza before a waw on either of its carriers.';

CREATE FUNCTION search_patterns(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ARRAY(SELECT search_pattern(form) FROM unnest(search_forms(word)) AS form);

COMMENT ON FUNCTION search_patterns(text) IS
    'The LIKE patterns one of which finds a word in a search_document.';
"""  # noqa: S608 — constants of this module


class Migration(migrations.Migration):
    dependencies = [("search", "0001_functions")]
    operations = [
        migrations.RunSQL(_FORMS, "DROP FUNCTION search_patterns(text); DROP FUNCTION search_forms(text);")
    ]
