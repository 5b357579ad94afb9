"""A localized document in a format becomes a page that says all: direction, digits, dates, drafts, foreign names."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

import pytest

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.translation.interface import Words
from pipeline.typesetting.page import Page, Templates, make_page, page_html
from pipeline.typesetting.view import Download, LanguageLink, Surroundings, View
from pipeline.workspace import Inputs, Workspace
from tests.golden import ORCHARD, design, edition

WORKSPACE = Workspace(ORCHARD)
PICTURES = {"tree.png": "asset:/tree.png"}


@lru_cache(maxsize=1)
def inputs() -> Inputs:
    return WORKSPACE.read()


@lru_cache(maxsize=32)
def view(tag: str, document: str = "orchard", medium: str = "web") -> View:
    localized = edition(WORKSPACE, document, tag).localized
    words = WORKSPACE.words(localized.locale, inputs())
    return View(localized, words, design(WORKSPACE, medium).format, Surroundings(pictures=PICTURES))


def page(tag: str, **changed: object) -> Page:
    localized = edition(WORKSPACE, "orchard", tag).localized
    words = WORKSPACE.words(localized.locale, inputs())
    made = make_page(localized, words, design(WORKSPACE, "a4"), Surroundings(pictures=PICTURES))
    return replace(made, **changed)  # type: ignore[arg-type]  # any field of a page


def web(tag: str, surroundings: Surroundings = Surroundings()) -> str:  # noqa: B008  # frozen
    localized = edition(WORKSPACE, "orchard", tag).localized
    return page_html(localized, WORKSPACE.words(localized.locale, inputs()), design(WORKSPACE, "web"), surroundings)


# --- what templates see ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "date"),
    [("en", "April 18, 2026"), ("fr", "18 avril 2026"), ("fa", "۱۸ آوریل ۲۰۲۶"), ("de", "18. April 2026")],
)
def test_dates_are_clders(tag: str, date: str) -> None:
    assert date in str(view(tag).date)


def test_a_page_says_its_language_and_direction() -> None:
    assert (view("fa").lang, view("fa").dir, view("el").dir) == ("fa", "rtl", "ltr")
    assert web("fa").startswith('<!DOCTYPE html>\n<html lang="fa" dir="rtl"')


def test_a_native_name_has_its_own_language_and_a_translation_only_where_one_is_needed() -> None:
    first, second = view("fa").groups[0].members
    assert (first.acronym, first.name, first.lang, first.dir) == ("AP (V)", "Les Amis du pommier (Vallée)", "fr", "ltr")
    assert first.translation == "دوستان درخت سیب (دره)"
    assert (second.lang, second.dir, second.translation) == ("fa", "rtl", "")
    assert "فرانسه" in first.countries


def test_numbering_continues_in_the_later_group() -> None:
    assert [group.first for group in view("en").groups] == [1, 3]


def test_what_is_partial_or_a_draft_says_so() -> None:
    assert [(view(tag).draft, view(tag).partial) for tag in ("fr", "el", "de")] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_slogans_and_footnotes_are_chunks_of_their_own() -> None:
    assert [chunk.kind for chunk in view("fr").chunks] == ["text", "slogans", "footnotes"]
    assert "".join(chunk.html for chunk in view("en").chunks).count("<li") == 5


def test_the_description_is_plain_words() -> None:
    assert view("fr").description.startswith("La société CPA (ML) ! a planté 40 arbres le long de")


def test_a_phrase_in_english_among_persian_is_marked() -> None:
    localized = edition(WORKSPACE, "orchard", "fa").localized
    shown = View(localized, Words(localized.locale), design(WORKSPACE, "web").format, Surroundings())
    phrase = str(shown.phrase("as of {date}", date=shown.date))
    assert phrase.startswith('<span lang="en" dir="ltr">as of <span lang="fa" dir="rtl">')


def test_a_value_is_escaped_and_not_looked_into() -> None:
    shown = view("en")
    assert shown.phrase("Read this text in other languages: {address}", address="<{date}>").endswith("&lt;{date}&gt;")


# --- pages -------------------------------------------------------------------------------------------------------------------


def test_a_web_page_offers_languages_and_downloads() -> None:
    links = (LanguageLink("fa", "فارسی", "rtl", "../fa/index.html", 100, current=False),)
    downloads = (Download("A4", 'x".pdf', 12_000, 2),)
    html = web("fr", Surroundings(languages=links, downloads=downloads))
    assert re.search(r'<a href="\.\./fa/index\.html"[^>]*lang="fa"[^>]*dir="rtl"[^>]*>فارسی</a>', html)
    assert 'href="x&#34;.pdf"' in html


def test_the_sheet_of_an_rtl_leaflet_has_its_margins_mirrored() -> None:
    geometry = design(WORKSPACE, "a4").format.geometry
    assert geometry is not None
    assert geometry.page_rule("rtl") in page("fa").html


def test_a_page_holds_the_families_of_every_language_on_it() -> None:
    families = dict(page("fa").families)
    assert set(families) >= {"fa", "fr", "el", "de"}
    assert families["fa"][0] == "Noto Naskh Arabic"


def test_a_page_has_digits_and_proportions_of_its_reader() -> None:
    assert (page("fa").digits, page("fa").script, page("fa").base > 1) == ("۰۱۲۳۴۵۶۷۸۹", "Arab", True)


def test_the_key_is_the_content() -> None:
    assert page("fr").key("t") == page("fr").key("t")
    keys = {
        page("fr").key("t"),
        page("fr").key("u"),
        page("fr", html="x").key("t"),
        page("fr", base=2.0).key("t"),
        page("fr", digits="x").key("t"),
        page("fr", families=()).key("t"),
        page("fr", pictures=(("asset:/x.png", b"1"),)).key("t"),
        page("fr", pictures=(("asset:/x.png", b"2"),)).key("t"),
        page("fr", fit=replace(page("fr").fit, pages=9)).key("t"),
    }
    assert len(keys) == 9
    assert page("fr", runs=()).key("t") == page("fr").key("t")


def test_a_page_is_the_same_text_twice() -> None:
    assert page("fa").html == page("fa").html


def test_the_web_is_not_a_printed_format() -> None:
    localized = edition(WORKSPACE, "orchard", "fr").localized
    with pytest.raises(ValueError, match="not a printed format"):
        make_page(localized, Words(localized.locale), design(WORKSPACE, "web"))


# --- templates ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("one\n{{ missing }}", "templates/x.html:2: error: the template cannot be filled: 'missing' is undefined"),
        ("{% if %}", "templates/x.html:1: error: the template cannot be filled: "),
        ("{% include 'y.html' %}", "error: the template cannot be filled: "),
    ],
)
def test_a_template_at_fault_is_named_with_its_line(template: str, message: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        Templates((("templates/x.html", template),)).render("x.html", {})
    assert message in str(raised.value)


def test_templates_escape() -> None:
    assert Templates((("templates/x.html", "{{ a }}"),)).render("x.html", {"a": "<&\"'"}) == "&lt;&amp;&#34;&#39;"


def test_every_locale_of_the_real_page_can_be_rendered() -> None:
    """No crash and no None, also where CLDR knows nothing."""
    localized = edition(WORKSPACE, "orchard", "en").localized
    for tag in ("fa-AF", "kmr", "ckb", "sr-Latn", "bs-Cyrl", "az-Arab", "zgh", "gn", "ay", "kg", "lua", "bci", "ht"):
        locale = Locale.parse(tag)
        other = replace(localized, locale=locale)
        html = page_html(other, Words(locale), design(WORKSPACE, "web"), Surroundings(pictures=PICTURES))
        assert f'<html lang="{tag}" dir="{locale.direction}"' in html
        assert "None" not in html.partition("</style>")[2]
