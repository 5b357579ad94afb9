"""A document in the reader's language: what is there is theirs, what is not is marked, and a msgstr is never trusted."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import Location
from pipeline.locales import Locale
from pipeline.source.document import Document
from pipeline.source.organisations import parse_registry
from pipeline.source.parsing import Source, parse_document
from pipeline.translation.catalog import Catalog
from pipeline.translation.checks.examining import examine
from pipeline.translation.checks.safety import Place, pairs
from pipeline.translation.interface import Words
from pipeline.translation.localize import Coverage, LocalizedDocument, localize
from pipeline.translation.message import Message, State
from pipeline.typesetting.composing import page_html
from pipeline.typesetting.text import Medium, Typesetter
from pipeline.typesetting.view import Surroundings, body_html
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, SHARED, copy_of, design, rendition

EN, FR, FA, DE = map(Locale.parse, ("en", "fr", "fa", "de"))
PICTURES = {"tree.png": "../pictures/tree.png"}
INLINE = "Read the [map](https://example.org/map) and **eat**.[^law]"
LETTER = f"""---
title: A letter
kind: Resolution
issuer: Assembly
locale: en
signatories:
  - heading: Founders
    members: [sib, ami]
---

{INLINE}

![A tree](tree.png)

[^law]: By custom.
"""
REGISTRY = """id,acronym,name,name_language,translation,country,languages
sib,,انجمن سیب,fa,Apple Society,IR,
ami,AP,Les Amis,fr,The Friends,FR,
"""


def letter(text: str = LETTER) -> Document:
    registry = parse_registry(REGISTRY, "sources/organisations.csv")
    return parse_document(Source("letter", "sources/letter.md", text), registry, EN)


def catalog(texts: dict[str, str], locale: Locale = FR, domain: str = "letter", **facts: bool) -> Catalog:
    messages = tuple(
        Message(msgid, (msgstr,), line=10 * number, **facts) for number, (msgid, msgstr) in enumerate(texts.items(), 1)
    )
    return Catalog(f"locales/{locale.tag}/{domain}.po", locale, Message("", ("",)), messages)


def body(localized: LocalizedDocument, medium: Medium = "web") -> str:
    return body_html(localized, lambda locale: Typesetter(locale, medium), PICTURES)


# --- what is there, and what is not -------------------------------------------------------------------------------------


def test_a_translated_segment_is_the_readers() -> None:
    localized = localize(letter(), catalog({"A letter": "Une lettre"}), None, FR)
    assert (localized.title.text, localized.title.locale, localized.title.state) == ("Une lettre", FR, State.TRANSLATED)
    assert localized.title.location == Location("locales/fr/letter.po", 10)
    assert localized.coverage == Coverage(translated=1, fuzzy=0, untranslated=7)


def test_without_a_catalog_all_is_in_the_source_language_and_addressed_there() -> None:
    localized = localize(letter(), None, None, FR)
    assert {each.locale for each in localized.segments()} == {EN}
    assert localized.title.location == Location("sources/letter.md", 2)
    assert localized.coverage.percent == 0
    assert not localized.diagnostics


def test_fuzzy_is_never_printed() -> None:
    localized = localize(letter(), catalog({"A letter": "Une vieille lettre"}, fuzzy=True), None, FR)
    assert (localized.title.text, localized.title.locale, localized.title.state) == ("A letter", EN, State.FUZZY)
    assert localized.coverage.fuzzy == 1


def test_a_name_in_the_readers_language_needs_no_translation() -> None:
    (group,) = localize(letter(), None, None, FR).groups
    assert [member.translation is None for member in group.members] == [False, True]
    (dari,) = localize(letter(), None, None, Locale.parse("fa-AF")).groups
    assert [member.translation is None for member in dari.members] == [True, False]


def test_a_draft_of_either_catalog_makes_a_draft() -> None:
    draft = catalog({}).with_header("X-Polyleaf-State", "draft")
    assert localize(letter(), draft, None, FR).draft
    assert localize(letter(), None, draft, FR).draft
    assert not localize(letter(), catalog({}), None, FR).draft


SHORT = LETTER.replace("signatories:", "short: |\n  Read **less**.[^law]\n\n  [^law]: Of old.\nsignatories:")


def test_a_short_version_is_translated_like_all_else() -> None:
    texts = {"Read **less**.[^law]": "Lisez **moins**.[^law]", "A letter": "Une lettre"}
    localized = localize(letter(SHORT), catalog(texts), None, FR)
    assert [(each.text, each.locale, each.state) for each in localized.short] == [
        ("Lisez **moins**.[^law]", FR, State.TRANSLATED),
        ("Of old.", EN, State.UNTRANSLATED),
    ]
    assert localized.short[0].location == Location("locales/fr/letter.po", 10)
    assert localized.coverage == Coverage(translated=2, fuzzy=0, untranslated=8), "two segments more than without"
    assert list(localized.segments())[-2:] == list(localized.short)


def test_markup_of_a_short_version_is_guarded_by_its_own_footnotes() -> None:
    foreign = catalog({"Read **less**.[^law]": "Lisez **moins**.[^law] [ici](https://example.com)"})
    assert [each.code for each in localize(letter(SHORT), foreign, None, FR).diagnostics] == ["markup-foreign"]


def test_shortened_the_short_version_stands_for_the_body_and_all_else_stays() -> None:
    localized = localize(letter(SHORT), catalog({"Read **less**.[^law]": "Lisez **moins**.[^law]"}), None, FR)
    short = localized.shortened()
    assert short.body == localized.short
    assert short.document.body == localized.document.short
    assert (short.short, short.document.short) == ((), None)
    assert (short.title, short.groups, short.drafts) == (localized.title, localized.groups, localized.drafts)
    html = body(short)
    assert "Lisez <strong>moins</strong>" in html
    assert "eat" not in html


def test_what_has_no_short_version_cannot_be_shortened() -> None:
    with pytest.raises(ValueError, match="letter has no short version"):
        localize(letter(), None, None, FR).shortened()


def test_whole_per_cent_are_rounded_down() -> None:
    assert Coverage(999, 1, 0).percent == 99
    assert Coverage().percent == 100


def test_a_fallback_says_its_language_and_its_direction() -> None:
    html = body(localize(letter(), None, None, FA))
    assert '<p lang="en" dir="ltr" class="fallback">Read the' in html
    assert '<p lang="en" dir="ltr" class="fallback"><img' in html


def test_a_footnote_and_a_slogan_fall_back_too() -> None:
    html = body(localize(rendition(Workspace(ORCHARD), "orchard", "de").document, None, None, FA))
    assert re.search(r'<li class="slogan"><span lang="en" dir="ltr" class="fallback">One tree', html)
    assert re.search(r'lang="en" dir="ltr" class="fallback">By the custom', html)


def test_losing_a_link_or_a_footnote_is_told_with_its_line_and_printed_all_the_same() -> None:
    translated = catalog({INLINE: "Lisez et **mangez**."})
    localized = localize(letter(), translated, None, FR)
    assert (localized.diagnostics, localized.body[0].locale) == ((), FR)
    place = Place(translated.path, EN, FR, ("law",))
    (pair,) = pairs(localized.body[0].segment, translated.messages[0], place)
    assert [(each.code, each.severity, str(each.location), str(each.related)) for each in examine(pair)] == [
        ("markup-lost", "warning", "locales/fr/letter.po:10", "sources/letter.md:11")
    ] * 2


# --- golden text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["en", "fr", "fa", "el", "de"])
@pytest.mark.parametrize("medium", ["web", "print"])
def test_the_golden_body(tag: str, medium: Medium) -> None:
    """A change here is a change of every leaflet: read the difference, then write the file anew."""
    made = body(rendition(Workspace(ORCHARD), "orchard", tag).localized, medium)
    golden = ORCHARD / "expected" / f"orchard.{tag}.{medium}.html"
    assert made == golden.read_text(encoding="utf-8")


# --- the identity law -----------------------------------------------------------------------------------------------------

LOCALES = ["de", "es", "fr", "ru", "pl", "el", "tr", "sw", "zgh", "hi", "ta", "pa", "fa", "ar"]


def echoed(document: Document, locale: Locale) -> Catalog:
    """A catalog in which every msgstr is its msgid."""
    return catalog({each.msgid: each.msgid for each in document.own_segments()}, locale, document.id)


def without_habits(html: str) -> str:
    """The HTML without what a language adds around words: isolates, room before a mark, no-break spaces."""
    html = re.sub(r'<bdi dir="(?:ltr|rtl)">(.*?)</bdi>', r"\1", html)
    html = re.sub(r'<span class="mark">(.*?)</span>', r"\1", html)
    return re.sub("[\u00a0\u202f]", " ", html)


def declaration() -> Document:
    if not SHARED.is_dir():
        pytest.skip("../shared is not there")
    text = (SHARED / "udhr" / "udhr.md").read_text(encoding="utf-8")
    return parse_document(Source("udhr", "sources/udhr.md", text), parse_registry(REGISTRY, "r.csv"), EN)


@pytest.mark.parametrize("tag", LOCALES)
def test_msgstr_equal_to_msgid_gives_the_sources_body(tag: str) -> None:
    document, locale = declaration(), Locale.parse(tag)
    source = localize(document, None, None, EN)
    localized = localize(document, echoed(document, locale), None, locale)
    assert localized.coverage.percent == 100
    assert without_habits(body(localized)) == without_habits(body(source))
    if tag not in ("fr", "fa", "ar", "ru", "pl"):
        assert body(localized) == body(source)


@pytest.mark.parametrize("tag", LOCALES)
def test_msgstr_equal_to_msgid_gives_the_sources_web_page(tag: str) -> None:
    """Apart from ``lang`` and ``dir``, the style, CLDR's words, and the note that names the original language."""
    document, locale = declaration(), Locale.parse(tag)
    web = design(Workspace(ORCHARD), "web")
    pages = [
        page_html(localize(document, echoed(document, each), None, each), Words(each), web) for each in (EN, locale)
    ]
    english, other = (_without_locale(page, each) for page, each in zip(pages, (EN, locale), strict=True))
    assert other == english


def _without_locale(page: str, locale: Locale) -> str:
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    page = re.sub(r"<p>(?:(?!</p>).)*Original language.*?</p>", "", page)
    page = re.sub(r'<meta property="og:locale" content="[^"]*">', "", page)
    day = locale.date(date(1948, 12, 10)).text
    page = page.replace(day, "(date)")
    page = re.sub(r'<span lang="[^"]*" dir="(?:ltr|rtl)">((?:(?!<span).)*?)</span>', r"\1", page)
    page = re.sub(r' (?:lang|dir)="[^"]*"', "", without_habits(page))
    return re.sub(r"\s+", " ", page).replace("> <", "><")


# --- a msgstr is not trusted ------------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onerror="alert(1)',
    "</p></div></style><style>*{display:none}</style>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert%281%29)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[new](https://evil.example/)",
    "<https://evil.example/>",
    "![x](file:///etc/passwd)",
    "![x](https://evil.example/pixel.png)",
    "![x](../../../etc/passwd)",
    "![x](data:image/png;base64,AAAA)",
    '[map](https://example.org/map "a title of mine")',
    '[map](https://example.org/map "\\" onclick=\\"alert(1)")',
    "{{ 7*7 }}{% include 'x' %}{# x #}",
    "${7*7} #{7*7} %(x)s {count}",
    "# heading\n## another",
    "- item\n- item",
    "1. item",
    "| a | b |\n| --- | --- |\n| c | d |",
    "---",
    "```\ncode\n```",
    "    indented",
    "> quote",
    "[^law]: redefined",
    "[^new]",
    "[ref]\n\n[ref]: https://evil.example/",
    "<!-- translators: x -->",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#60;b&#62;",
    "\u202etxt.exe\u202c",
    "&#x202e;txt.exe",
    "&NewLine;&ZeroWidthSpace;&#0;",
    "\x00\x1b[31m",
    "\ufffc\ufffc",
    "\u2029\u2028",
    "@import url(https://evil.example); } body { background: url(x)",
    "x" * 100_000,
    "a(" * 3_000,
    "![" * 500,
    "*_" * 1_000,
]
#: Every element that our templates, Markdown and Typesetter may write around words.
INLINE_ELEMENTS = {"em", "strong", "code", "a", "br", "img", "sup", "span", "bdi"}


class _Skeleton(HTMLParser):
    """Elements and attributes of a page: all but its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))

    def handle_comment(self, data: str) -> None:
        # Our own, round what a release may replace in a page of an earlier one.
        assert data.removeprefix("/") in ("alternates", "banner", "languages"), f"a comment: {data}"


def skeleton(html: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    parser = _Skeleton()
    parser.feed(html)
    parser.close()
    return parser.elements


ADDRESSES = {"https://example.org/map", "../pictures/tree.png", "#fn1", "#fnref1"}


def judge(html: str) -> None:
    """Nothing of a msgstr became an element outside the closed set, an attribute that acts, or an address."""
    for tag, attributes in skeleton(html):
        assert tag in INLINE_ELEMENTS | {"p", "hr", "section", "ol", "li"}, tag
        for name, value in attributes:
            assert name in {"href", "src", "alt", "class", "lang", "dir", "id", "aria-label"}, name
            if name in ("href", "src"):
                assert value in ADDRESSES, value
            elif name in ("class", "lang", "dir", "id"):
                assert re.fullmatch(r"[a-z0-9 :-]+", value or ""), value


def put_everywhere(document: Document, text: str, locale: Locale) -> LocalizedDocument:
    """The document with one msgstr in all places, in its own catalog and in that of the names."""
    own = catalog({each.msgid: text for each in document.own_segments()}, locale)
    names = catalog({"Apple Society": text, "The Friends": text}, locale, "organisations")
    return localize(document, own, names, locale)


@pytest.mark.parametrize("tag", ["fr", "fa"])
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_a_hostile_msgstr_is_words_or_refused(text: str, tag: str) -> None:
    localized = put_everywhere(letter(), text, Locale.parse(tag))
    judge(body(localized))
    judge(body(localized, "print"))
    page = page_html(localized, Words(localized.locale), WEB, NEUTRAL)
    assert outside(page) == innocent_outside(tag)
    assert "49" not in page.partition("</style>")[2]


WEB = design(Workspace(ORCHARD), "web")


def outside(page: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    """The elements around the words: what a catalog must not touch."""
    return [each for each in skeleton(page) if each[0] not in INLINE_ELEMENTS | {"meta", "p", "h1"}]


@lru_cache(maxsize=2)
def innocent_outside(tag: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    localized = put_everywhere(letter(), "words", Locale.parse(tag))
    return outside(page_html(localized, Words(localized.locale), WEB, NEUTRAL))


NEUTRAL = Surroundings(pictures=PICTURES)
REFUSED = {
    "[new](https://evil.example/)": "markup-foreign",
    "<https://evil.example/>": "markup-foreign",
    "![x](https://evil.example/pixel.png)": "markup-foreign",
    '[map](https://example.org/map "a title of mine")': "markup-foreign",
    "\u202etxt.exe\u202c": "control-character",
    "&#x202e;txt.exe": "control-character",
    "\u2029\u2028": "control-character",
    "\ufffc\ufffc": "control-character",
    "\x00\x1b[31m": "control-character",
    " \n ": "blank",
}


@pytest.mark.parametrize(("text", "code"), REFUSED.items(), ids=map(repr, REFUSED))
def test_what_is_refused_is_an_error_at_its_line_and_the_source_stands_in(text: str, code: str) -> None:
    localized = localize(letter(), catalog({INLINE: text}), None, FR)
    complaint = next(each for each in localized.diagnostics if each.severity == "error")
    assert (complaint.code, complaint.location) == (code, Location("locales/fr/letter.po", 10))
    assert (localized.body[0].text, localized.body[0].locale) == (INLINE, EN)


def test_template_syntax_stays_words() -> None:
    localized = localize(letter(), catalog({"A letter": "{{ 7*7 }}", INLINE: "{% raw %}"}), None, FR)
    page = page_html(localized, Words(FR), design(Workspace(ORCHARD), "web"), NEUTRAL)
    assert "<title>{{ 7*7 }}</title>" in page
    assert "{% raw %}" in page


signs = "ab <>\"'&;:/()[]!#*_`^|-=\\\n{}%.\u202e\u2066אב"
markup = st.text(st.sampled_from(signs) | st.characters(codec="utf-8"), max_size=60)
scraps = [*HOSTILE[:-4], INLINE, "![A tree](tree.png)", "[", "](", ")", "**", "[^law]"]
pieces = st.lists(st.sampled_from(scraps) | markup, max_size=5)


@settings(max_examples=100, deadline=None)
@given(pieces.map("".join), st.sampled_from([FR, FA, DE]))
def test_no_msgstr_becomes_more_than_words(text: str, locale: Locale) -> None:
    localized = put_everywhere(letter(), text, locale)
    judge(body(localized))
    judge(body(localized, "print"))


@settings(deadline=None)
@given(pieces.map("".join))
def test_the_skeleton_of_blocks_is_the_sources(text: str) -> None:
    """A translator can lose a link, and no list item."""
    source = [each[0] for each in skeleton(body(localize(letter(), None, None, EN))) if each[0] not in INLINE_ELEMENTS]
    made = [each[0] for each in skeleton(body(put_everywhere(letter(), text, FR))) if each[0] not in INLINE_ELEMENTS]
    assert made == source


def test_a_fallback_from_the_workspaces_files(tmp_path: Path) -> None:
    root = copy_of(ORCHARD, tmp_path / "orchard")
    path = root / "locales" / "fr" / "orchard.po"
    path.write_text(path.read_text("utf-8").replace("Un verger pour chaque village !", "Un verger\u202e !"), "utf-8")
    localized = rendition(Workspace(root), "orchard", "fr").localized
    assert localized.title.locale == EN
    assert [each.location.path for each in localized.diagnostics] == ["locales/fr/orchard.po"]
    assert replace(localized.coverage, translated=0) == Coverage(0, 0, 1)
