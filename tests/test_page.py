"""A localized document in a format becomes a page that says all: direction, digits, dates, drafts, foreign names."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.translation.interface import Words
from pipeline.typesetting.composing import Templates, make_page, page_html
from pipeline.typesetting.imprint import contact_lines, imprint_lines, parse_imprint
from pipeline.typesetting.page import Page
from pipeline.typesetting.view import Download, LanguageLink, Surroundings, View
from pipeline.workspace import Inputs, Workspace
from tests.golden import ORCHARD, copy_of, design, print_page, rendition, with_short_version

WORKSPACE = Workspace(ORCHARD)
PICTURES = {"tree.png": "asset:/tree.png"}


@lru_cache(maxsize=1)
def inputs() -> Inputs:
    return WORKSPACE.read()


@lru_cache(maxsize=32)
def view(tag: str, document: str = "orchard", medium: str = "web") -> View:
    localized = rendition(WORKSPACE, document, tag).localized
    words = WORKSPACE.words(localized.locale, inputs())
    return View(localized, words, design(WORKSPACE, medium).format, Surroundings(pictures=PICTURES))


def page(tag: str, **changed: object) -> Page:
    localized = rendition(WORKSPACE, "orchard", tag).localized
    words = WORKSPACE.words(localized.locale, inputs())
    made = make_page(localized, words, design(WORKSPACE, "a4"), Surroundings(pictures=PICTURES))
    return replace(made, **changed)  # type: ignore[arg-type]  # any field of a page


def web(tag: str, surroundings: Surroundings = Surroundings()) -> str:  # noqa: B008  # frozen
    localized = rendition(WORKSPACE, "orchard", tag).localized
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
    localized = rendition(WORKSPACE, "orchard", "fa").localized
    shown = View(localized, Words(localized.locale), design(WORKSPACE, "web").format, Surroundings())
    phrase = str(shown.phrase("as of {date}", date=shown.date))
    assert phrase.startswith('<span lang="en" dir="ltr">as of <span lang="fa" dir="rtl">')


def test_a_value_is_escaped_and_not_looked_into() -> None:
    shown = view("en")
    assert shown.phrase("Read this text in other languages: {address}", address="<{date}>").endswith("&lt;{date}&gt;")


# --- pages -------------------------------------------------------------------------------------------------------------------


def test_a_web_page_offers_languages_and_downloads() -> None:
    links = (LanguageLink("fa", "فارسی", "rtl", "../fa/index.html", 100, current=False),)
    downloads = (Download("A4", "desk", "both", 'x".pdf', 12_000, 2, 1),)
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
    plain = page("fr")
    changes: dict[str, object] = {
        "html": "x",
        "locale": "de",
        "script": "Arab",
        "base": 2.0,
        "leading": 2.0,
        "area_pt": (1.0, 1.0),
        "fit": replace(plain.fit, pages=(9,)),
        "tight": "x",
        "scheme": replace(plain.scheme, sheet_mm=(1, 1)),
        "notes": (),
        "digits": "x",
        "families": (),
        "pictures": (("asset:/x.png", b"1"),),
        "shorter": plain,
    }
    assert page("fr").key("t") == plain.key("t")
    others = [replace(plain, **{name: value}) for name, value in changes.items()]  # type: ignore[arg-type]  # any field
    others += [
        replace(plain, pictures=(("asset:/x.png", b"2"),)),
        replace(plain, fit=replace(plain.fit, floor_pt=(("default", 7.0),))),
        replace(plain, shorter=replace(plain, html="x")),
    ]
    for key in (Page.key, Page.fit_key):
        keys = {key(plain, "t"), key(plain, "u"), *(key(each, "t") for each in others)}
        assert len(keys) == len(others) + 2
        assert key(replace(plain, runs=()), "t") == key(plain, "t"), "where a text stands is not on the page"


def test_a_direction_is_in_the_html() -> None:
    """So the key need not say it."""
    assert page("fa").direction == "rtl"
    assert 'dir="rtl"' in page("fa").html


def with_lines(text: str, locale: str = "fr", form: str = "a4") -> Page:
    own = parse_imprint(text, "us.toml")
    reader = Locale.parse(locale)
    return print_page(locale, format=form, contact=contact_lines(own, reader), imprint=imprint_lines(own, reader))


@pytest.mark.parametrize("form", ["a4", "a5", "dl-trifold", "a5-booklet", "a6-flyer", "large-print"])
def test_an_organizers_lines_are_another_leaflet_but_the_same_fit(form: str) -> None:
    """So filling in the form costs one layout."""
    pages = [
        print_page("fr", format=form),
        with_lines('country = "FR"\n[contact]\ngroup = "Les Jardins"\n[imprint]\nprinter = "A"\n', form=form),
        with_lines('country = "FR"\n[contact]\ngroup = "Les Puits"\nphone = "01 23 45"\n', form=form),
    ]
    assert "Les Jardins" in pages[1].html
    assert len({each.key("t") for each in pages}) == 3
    assert len({each.fit_key("t") for each in pages}) == 1


def test_another_text_or_size_of_the_code_is_another_fit() -> None:
    code = {"address": "https://a.example/", "code": "asset:/code.svg", "code_modules": 25}
    pages = [print_page("fr"), print_page("fr", **code), print_page("fr", **{**code, "code_modules": 45}), page("de")]
    assert len({each.fit_key("t") for each in pages}) == 4


# --- the short version ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shortened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_of(ORCHARD, tmp_path_factory.mktemp("short") / "orchard")
    with_short_version(root)
    return root


def test_the_short_version_is_behind_a_page_that_may_not_fit(shortened: Path) -> None:
    whole = print_page("en", "well", shortened)
    assert whole.shorter is not None
    assert "The well is" not in whole.html
    assert "The well is <em>everybody’s</em>." in whole.shorter.html
    assert "behind the mill" not in whole.shorter.html
    assert "Short version" in whole.shorter.html
    assert whole.shorter.shorter is None
    assert whole.key("t") != replace(whole, shorter=None).key("t")


def test_a_format_for_the_short_version_has_it_on_the_page(shortened: Path) -> None:
    flyer = print_page("en", "well", shortened, "a6-flyer")
    assert "The well is <em>everybody’s</em>." in flyer.html
    assert "behind the mill" not in flyer.html
    assert flyer.shorter is None


def test_a_format_for_the_short_version_has_the_whole_where_there_is_none() -> None:
    flyer = print_page("en", "well", format="a6-flyer")
    assert "behind the mill" in flyer.html
    assert "Short version" not in flyer.html


def test_a_format_without_a_limit_needs_no_short_version(shortened: Path) -> None:
    assert print_page("en", "well", shortened, "large-print").shorter is None


def test_a_web_page_has_the_whole(shortened: Path) -> None:
    workspace = Workspace(shortened)
    localized = rendition(workspace, "well", "en").localized
    html = page_html(localized, workspace.words(localized.locale, workspace.read()), design(workspace, "web"))
    assert "behind the mill" in html
    assert "everybody’s" not in html


# --- paper ----------------------------------------------------------------------------------------------------------------


def test_the_margin_of_a_sheet_says_how_to_print_and_fold_it_in_the_readers_language() -> None:
    notes = dict(print_page("fr", format="dl-trifold").notes)
    assert list(notes) == ["long", "short", "odd", "even"]
    said = {way: re.sub(r"<style>.*?</style>|<[^>]*>|\s+", " ", html, flags=re.DOTALL) for way, html in notes.items()}
    assert len({" ".join(each.split()) for each in said.values()}) == 4
    assert all('<html lang="fr" dir="ltr"' in html for html in notes.values())
    assert "@page{size:285mm 5mm;margin:0}" in notes["long"], "the sheet between its safe edges"
    assert "pli" in said["short"].lower()
    assert (
        "pli" not in re.sub(r"<style>.*?</style>", "", dict(print_page("fr").notes)["short"], flags=re.DOTALL).lower()
    )


def test_a_page_knows_its_sheet_and_its_smaller_margins() -> None:
    made = page("fa")
    format = design(WORKSPACE, "a4").format
    assert format.geometry is not None
    assert format.fit is not None
    assert (made.scheme, made.direction, made.title) == (format.scheme, "rtl", view("fa").plain_title)
    assert made.tight == format.geometry.tight_rule("rtl")
    assert made.area_pt == format.geometry.area_pt
    assert made.leading == float(WORKSPACE.typography.properties(Locale.parse("fa"))["--leading"])


def test_a_page_is_the_same_text_twice() -> None:
    assert page("fa").html == page("fa").html


def test_the_web_is_not_a_printed_format() -> None:
    localized = rendition(WORKSPACE, "orchard", "fr").localized
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
    localized = rendition(WORKSPACE, "orchard", "en").localized
    for tag in ("fa-AF", "kmr", "ckb", "sr-Latn", "bs-Cyrl", "az-Arab", "zgh", "gn", "ay", "kg", "lua", "bci", "ht"):
        locale = Locale.parse(tag)
        other = replace(localized, locale=locale)
        html = page_html(other, Words(locale), design(WORKSPACE, "web"), Surroundings(pictures=PICTURES))
        assert f'<html lang="{tag}" dir="{locale.direction}"' in html
        assert "None" not in html.partition("</style>")[2]


def test_an_address_is_read_from_left_to_right_to_its_last_stroke() -> None:
    address = "https://example.org/orchard/fa/"
    assert f"\u2066{address}\u200e\u2069" in print_page("fa", address=address).html
