"""The words of the templates, in the reader's language: whole, or in English and saying so."""

from __future__ import annotations

import pytest

from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, parse_catalog
from pipeline.translation.interface import Phrase, Words

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
EN, FR, RU = map(Locale.parse, ("en", "fr", "ru"))


def catalog(body: str, locale: Locale, path: str = "locales/fr/interface.po") -> Catalog:
    return parse_catalog((HEADER + body).encode(), path, locale)


def test_the_workspace_speaks_before_the_tool() -> None:
    own = catalog('msgid "Draft"\nmsgstr "Ébauche"\n', FR)
    shipped = catalog('msgid "Draft"\nmsgstr "Brouillon"\n\nmsgid "Licence"\nmsgstr "Licence libre"\n', FR)
    words = Words(FR, (own, shipped))
    assert words.phrase("Draft") == Phrase("Ébauche", FR)
    assert words.phrase("Licence") == Phrase("Licence libre", FR)
    assert words.phrase("Download") == Phrase("Download", EN)


@pytest.mark.parametrize("body", ['#, fuzzy\nmsgid "Draft"\nmsgstr "Ébauche"\n', 'msgid "Draft"\nmsgstr ""\n'])
def test_what_is_not_done_is_english_and_says_so(body: str) -> None:
    assert Words(FR, (catalog(body, FR),)).phrase("Draft") == Phrase("Draft", EN)


def test_a_phrase_without_any_catalog_has_an_english_plural() -> None:
    words = Words(RU)
    assert [words.phrase("{count} page", "{count} pages", count).text for count in (1, 2, 5)] == [
        "{count} page",
        "{count} pages",
        "{count} pages",
    ]


def test_plurals_follow_the_locale_and_not_what_a_header_says() -> None:
    numbers = enumerate(("страница", "страницы", "страниц"))
    forms = "".join(f'msgstr[{index}] "{{count}} {word}"\n' for index, word in numbers)
    words = Words(RU, (catalog(f'msgid "{{count}} page"\nmsgid_plural "{{count}} pages"\n{forms}', RU),))
    shown = [words.phrase("{count} page", "{count} pages", count).text.split()[1] for count in (1, 2, 5, 11, 21, 22)]
    assert shown == ["страница", "страницы", "страниц", "страниц", "страница", "страницы"]


@pytest.mark.parametrize("bad", ["le {dat}", "le", "{date} {date.year}", "{date} {__class__}"])
def test_a_phrase_with_other_placeholders_is_not_used_and_reported(bad: str) -> None:
    words = Words(FR, (catalog(f'msgid "as of {{date}}"\nmsgstr "{bad}"\n', FR),))
    if bad == "{date} {date.year}":  # only {name} is a placeholder: this one is text, and stays text
        assert words.phrase("as of {date}").text == bad
        return
    assert words.phrase("as of {date}") == Phrase("as of {date}", EN)
    (complaint,) = words.diagnostics()
    assert str(complaint).startswith("locales/fr/interface.po:4: error: the placeholders of the translation differ")


def test_a_character_that_turns_text_around_is_refused() -> None:
    words = Words(FR, (catalog('msgid "Draft"\nmsgstr "Brouillon\u202e"\n', FR),))
    assert words.phrase("Draft") == Phrase("Draft", EN)
    assert [each.code for each in words.diagnostics()] == ["control-character"]


def test_a_phrase_comes_apart_into_words_and_placeholders() -> None:
    assert list(Phrase("as of {date}!", EN).parts()) == [(False, "as of "), (True, "date"), (False, "!")]
    assert list(Phrase("{{ 7*7 }} {0} {a!r}", EN).parts()) == [(False, "{{ 7*7 }} {0} {a!r}")]
