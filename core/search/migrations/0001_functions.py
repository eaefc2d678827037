"""search_document folds case, accents, Arabic marks and letter variants; search_pattern asks it."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# Left after decomposition: accents, Arabic marks, tatweel, and invisible joiners and directions.
_MARKS = (
    r"[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    r"\u08d3-\u08ff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
# Letters written in several ways, and digits of three scripts. Decomposition took the hamza off
# its carrier; here taa marbuta, alef maqsura, the wasla and Persian forms follow.
_VARIANTS = {
    "ة": "ه",
    "ى": "ي",
    "ٱ": "ا",
    "ی": "ي",
    "ک": "ك",
    "گ": "ك",
    "ھ": "ه",
    "ہ": "ه",
    **{chr(0x0660 + digit): str(digit) for digit in range(10)},
    **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "ı": "i",
    "ء": "",
}
_FROM = "".join(sorted(_VARIANTS, key=lambda letter: not _VARIANTS[letter]))
_TO = "".join(_VARIANTS[letter] for letter in _FROM)

_FUNCTIONS = f"""
CREATE FUNCTION search_document(content text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ' ' || btrim(regexp_replace(
    replace(replace(replace(
        translate(
            regexp_replace(lower(normalize(content, NFKD)), '{_MARKS}', '', 'g'),
            '{_FROM}', '{_TO}'
        ),
    'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'),
    '[^[:alnum:]]+', ' ', 'g')) || ' ';

COMMENT ON FUNCTION search_document(text) IS
    'Text as it is searched: folded words, each with a blank on both sides.';

-- A trigram index can't find one or two letters in the middle of a word: those begin a word.
CREATE FUNCTION search_pattern(word text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE
    WHEN btrim(search_document(word)) = '' THEN '%'
    WHEN length(btrim(search_document(word))) < 3 THEN '%' || rtrim(search_document(word)) || '%'
    ELSE '%' || btrim(search_document(word)) || '%'
END;

COMMENT ON FUNCTION search_pattern(text) IS
    'The LIKE pattern that finds a word in a search_document.';
"""


class Migration(migrations.Migration):
    initial = True
    operations = [
        TrigramExtension(),
        migrations.RunSQL(
            _FUNCTIONS,
            "DROP FUNCTION search_pattern(text); DROP FUNCTION search_document(text);",
        ),
    ]
