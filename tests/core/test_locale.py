"""The translations are whole, and what is compiled is what is written.

After a change: `pybabel compile --domain django --directory locale`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
LANGUAGES = pytest.mark.parametrize("language", ["ar", "fr"])
SOURCES = ("core", "web", "workers", "realtime")
PYTHON = [("**.py", "python")]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[ds]")


def texts_in_the_code() -> set[str | tuple[str, ...]]:
    return {
        tuple(text) if isinstance(text, list | tuple) else text
        for folder in SOURCES
        for _, _, text, _, _ in extract_from_dir(ROOT / folder, method_map=PYTHON, keywords=KEYWORDS)
    }


def folder_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES"


def written(language: str) -> Catalog:
    with (folder_of(language) / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def compiled(language: str) -> Catalog:
    with (folder_of(language) / "django.mo").open("rb") as file:
        return read_mo(file)


def messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


@LANGUAGES
def test_every_text_of_the_code_is_translated_and_no_other(language: str) -> None:
    used = texts_in_the_code()
    assert "Hello," in used
    assert {message.id for message in messages(written(language))} == used


@LANGUAGES
def test_no_translation_is_missing_or_fuzzy(language: str) -> None:
    catalog = written(language)
    for message in messages(catalog):
        count = catalog.num_plurals if message.pluralizable else 1
        assert len(forms(message.string)) == count, message.id
        assert all(forms(message.string)), message.id
        assert not message.fuzzy, message.id


@LANGUAGES
def test_placeholders_are_those_of_the_original(language: str) -> None:
    for message in messages(written(language)):
        wanted = {name for form in forms(message.id) for name in PLACEHOLDER.findall(form)}
        for form in forms(message.string):
            given = set(PLACEHOLDER.findall(form))
            # A form for one number alone ("two minutes" is one word) may spell it out.
            assert given == wanted or (message.pluralizable and not given), message.id
            assert form.count("%") == len(PLACEHOLDER.findall(form)), message.id


@LANGUAGES
def test_the_compiled_catalog_is_the_written_one(language: str) -> None:
    source, binary = written(language), compiled(language)
    assert {forms(message.id): forms(message.string) for message in messages(source)} == {
        forms(message.id): forms(message.string) for message in messages(binary)
    }
    assert source.plural_forms == binary.plural_forms
