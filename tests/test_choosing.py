"""The chooser of languages: its order, its words, and what the filter finds."""

from __future__ import annotations

import re

import pytest
from babel.localedata import locale_identifiers
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.locales import Locale
from pipeline.translation.interface import Words
from pipeline.typesetting.composing import Templates
from pipeline.typesetting.phrases import Phrases
from pipeline.typesetting.view import LanguageLink
from pipeline.website.choosing import folded, found_by, home_links, language_links
from pipeline.website.romanised import romanised
from pipeline.website.summary import Entry, Resolution
from pipeline.workspace import Workspace
from tests.golden import ORCHARD

GERMAN = Locale.parse("de")
#: Every language that CLDR has a name for in itself, with each of its scripts.
EVERY = sorted(
    {Locale.parse(name).tag for name in locale_identifiers() if not re.search(r"_[A-Z0-9]{2,3}\b|POSIX", name)}
)


def entry(tag: str, percent: int = 100, draft: bool = False, changed: str = "") -> Entry:
    return Entry(tag, f"Title in {tag}", tag, "", percent, draft, changed)


def links(*entries: Entry, reader: str = "de", current: str = "de") -> tuple[LanguageLink, ...]:
    return language_links(entries, Locale.parse(reader), current, "../{tag}/index.html", Locale.parse)


def chooser(*languages: LanguageLink, reader: str = "en") -> str:
    templates = Templates(tuple(Workspace(ORCHARD).template_files.items()))
    functions = Phrases(Words(Locale.parse(reader)), "web").functions()
    return templates.render("site/chooser.html", {**functions, "languages": languages})


def is_found(query: str, tag: str, names: str) -> bool:
    """What the script of ``site/filter.html`` does, first of its two ways."""
    return f" {folded(query)}" in f" {folded(Locale.parse(tag).endonym)} {names}"


# --- links ---------------------------------------------------------------------------------------------------------------


def test_latin_script_comes_first_then_the_others_by_script_each_by_its_own_name() -> None:
    made = links(*map(entry, ("ru", "fa", "sv", "ar", "de", "el", "es")))
    assert [each.tag for each in made] == ["de", "es", "sv", "ar", "fa", "ru", "el"]


def test_a_link_says_what_a_reader_has_to_expect() -> None:
    (german, persian) = links(entry("de"), entry("fa", 92, draft=True, changed="2026-01-02"))
    assert (german.endonym, german.dir, german.href, german.current) == ("Deutsch", "ltr", "../de/index.html", True)
    assert (persian.endonym, persian.dir, persian.current) == ("فارسی", "rtl", False)
    assert (persian.percent, persian.draft, persian.stale) == (92, True, True)


@pytest.mark.parametrize(
    ("percent", "state"),
    [(100, "whole"), (99, "nearly"), (90, "nearly"), (89, "half"), (50, "half"), (49, "begun"), (0, "begun")],
)
def test_how_much_is_translated_is_said_in_words(percent: int, state: str) -> None:
    assert links(entry("fr", percent))[0].state == state
    assert links(entry("fr", percent, changed="2026-01-02"))[0].state == "stale"


def test_a_home_page_has_every_language_of_any_resolution_once() -> None:
    resolutions = [
        Resolution(name, "en", "", "", "", tuple(map(entry, tags)))
        for name, tags in (("a", ("en", "fr")), ("b", ("en", "fa")))
    ]
    made = home_links(resolutions, GERMAN, "fa", "{tag}/index.html", Locale.parse)
    assert [(each.tag, each.href, each.current) for each in made] == [
        ("en", "en/index.html", False),
        ("fr", "fr/index.html", False),
        ("fa", "fa/index.html", True),
    ]
    assert {each.state for each in made} == {"whole"}


# --- the list -----------------------------------------------------------------------------------------------------------


def test_the_list_names_each_language_in_itself_and_says_only_what_is_not_whole() -> None:
    html = chooser(*links(entry("de"), entry("fr", 95, draft=True), entry("fa", 100, changed="2026-01-02")))
    german, french, persian = re.findall(r"<li.*?</li>", html)
    assert 'lang="de" dir="ltr" aria-current="page">Deutsch</a></li>' in german
    assert ">Français</a> <small>nearly complete · draft</small>" in french
    assert 'lang="fa" dir="rtl">فارسی</a> <small>earlier version</small>' in persian


def test_a_short_list_needs_no_filter_and_a_long_one_keeps_it_hidden_until_the_script_shows_it() -> None:
    assert "<input" not in chooser(*links(*map(entry, EVERY[:7])))
    assert '<div class="filter" hidden>' in chooser(*links(*map(entry, EVERY[:8])))
    assert "<nav" not in chooser()


def test_the_filter_counts_in_the_readers_digits() -> None:
    assert 'data-digits="০১২৩৪৫৬৭৮৯"' in chooser(*links(*map(entry, EVERY[:8]), reader="bn"), reader="bn")


# --- what the filter finds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "tag"),
    [
        ("german", "de"),
        ("Deutsch", "de"),
        ("ARAB", "ar"),
        ("russkij", "ru"),
        ("Russkiy", "ru"),
        ("РУС", "ru"),
        ("Ellinika", "el"),
        ("ελληνικα", "el"),
        ("francais", "fr"),
        ("türkçe", "tr"),
        ("turkce", "tr"),
        ("avane'e", "gn"),
        ("al-arabiyya", "ar"),
        ("farsi", "fa"),
        ("farsi", "fa-AF"),
        ("dari", "fa-AF"),
        ("sorani", "ckb"),
        ("bangla", "bn"),
        ("Bengalisch", "bn"),
        ("belarussisch", "be"),
        ("balgarski", "bg"),
        ("srpski", "sr"),
        ("nihongo", "ja"),
        ("中文", "zh"),
        ("foroyskt", "fo"),
        ("creole", "ht"),
        ("pt-BR", "pt-BR"),
    ],
)
def test_a_language_is_found_by_any_of_its_names(query: str, tag: str) -> None:
    assert is_found(query, tag, found_by(Locale.parse(tag), GERMAN))


def test_a_sharp_s_is_two() -> None:
    assert folded("Weißrussisch") == folded("WEISSRUSSISCH") == "weissrussisch"


@pytest.mark.parametrize(
    ("reader", "tags"),
    [("ta", EVERY[::25]), *(pytest.param(tag, EVERY, marks=pytest.mark.slow) for tag in ("de", "ar"))],
)
def test_a_language_is_found_in_english_in_the_readers_language_romanised_and_by_its_tag(
    reader: str, tags: list[str]
) -> None:
    for tag in tags:
        locale = Locale.parse(tag)
        names = found_by(locale, Locale.parse(reader))
        wanted = [
            locale.endonym,
            locale.english_name,
            Locale.parse(reader).name_of(locale).text,
            tag,
            *romanised(locale),
        ]
        for query in filter(folded, wanted):
            assert is_found(query, tag, names), (query, tag, names)


@pytest.mark.slow
def test_every_name_in_another_script_can_be_typed_in_latin_letters() -> None:
    for locale in map(Locale.parse, EVERY):
        if locale.script != "Latn" and any(each > "ʯ" and each.isalpha() for each in locale.endonym):
            assert romanised(locale), locale.tag
        assert all(name.isascii() and name == name.lower() for name in romanised(locale)), locale.tag


@pytest.mark.slow
def test_the_names_of_most_languages_are_short() -> None:
    """They are on every page, for every language."""
    assert all(len(found_by(Locale.parse(tag), GERMAN)) < 120 for tag in EVERY)


@settings(max_examples=50)
@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@settings(max_examples=50)
@given(st.text(alphabet=st.characters(categories=["Mn", "Po", "Sk", "Cf"])))
def test_accents_and_signs_do_not_count(text: str) -> None:
    assert folded(f"a{text}b").replace(" ", "").isalnum()
