"""The web page of a document: what its head says, what it offers, and the marks for versions that stay published."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

import pytest

from pipeline.locales import Locale
from pipeline.typesetting.composing import page_html
from pipeline.typesetting.typography import Typography
from pipeline.typesetting.view import Download, LanguageLink, Surroundings, View, og_locale
from pipeline.typesetting.web_rules import web_rules
from pipeline.workspace import Inputs, Workspace
from tests.golden import ORCHARD, design, rendition

WORKSPACE = Workspace(ORCHARD)
ADDRESS = "https://orchard.example.org"
LINKS = tuple(
    LanguageLink(tag, name, direction, f"../{tag}/index.html", 100, current=tag == "fr")
    for tag, name, direction in (("en", "English", "ltr"), ("fr", "Français", "ltr"), ("fa", "فارسی", "rtl"))
)
DESK = Download(
    "DL", "desk", "both", "x.desk.pdf", 84_000, 6, 1, "A4", (100, 210), (297, 210), False, "short", "letter"
)
SCREEN = Download("DL", "screen", "both", "x.pdf", 1_000, 6, 6, "A4", (100, 210), (297, 210))
AROUND = Surroundings(
    site="Orchard",
    url=f"{ADDRESS}/orchard/fr/",
    x_default=f"{ADDRESS}/orchard/en/",
    home="../../fr/index.html",
    feed="../../fr/feed.xml",
    picture=f"{ADDRESS}/orchard/fr/share.jpg",
    messages=("message-1.txt", "message-2.txt"),
    languages=LINKS,
    downloads=(DESK, SCREEN),
)
MARKS = ("alternates", "banner", "languages")


@lru_cache(maxsize=1)
def inputs() -> Inputs:
    return WORKSPACE.read()


def page(tag: str, around: Surroundings = AROUND) -> str:
    localized = rendition(WORKSPACE, "orchard", tag).localized
    return page_html(localized, WORKSPACE.words(localized.locale, inputs()), design(WORKSPACE, "web"), around)


def head(html: str) -> str:
    return html.partition("</head>")[0]


# --- head ------------------------------------------------------------------------------------------------------------------


def test_a_published_page_says_where_it_is_and_in_which_languages_else() -> None:
    html = head(page("fr"))
    assert re.findall(r'<link rel="canonical" href="([^"]*)">', html) == [f"{ADDRESS}/orchard/fr/"]
    assert re.findall(r'hreflang="([^"]*)" href="([^"]*)"', html) == [
        ("en", f"{ADDRESS}/orchard/en/"),
        ("fr", f"{ADDRESS}/orchard/fr/"),
        ("fa", f"{ADDRESS}/orchard/fa/"),
        ("x-default", f"{ADDRESS}/orchard/en/"),
    ]


def test_alternates_are_the_same_on_all_pages_of_a_document() -> None:
    """So every page that one names links back."""
    others = [Surroundings(url=f"{ADDRESS}/orchard/{tag}/", languages=LINKS).alternates for tag in ("en", "fr", "fa")]
    assert len(set(others)) == 1


def test_a_site_without_an_address_links_as_far_as_it_can() -> None:
    html = head(page("fr", Surroundings(languages=LINKS, x_default="../en/index.html")))
    assert "canonical" not in html
    assert re.findall(r'hreflang="([^"]*)" href="([^"]*)"', html)[-1] == ("x-default", "../en/index.html")


def test_what_is_shared_has_title_picture_and_language() -> None:
    shared = dict(
        re.findall(r'<meta (?:property|name)="((?:og|twitter|article):[^"]*)" content="([^"]*)">', head(page("fr")))
    )
    assert shared["og:type"] == "article"
    assert shared["og:url"] == f"{ADDRESS}/orchard/fr/"
    assert shared["og:locale"] == "fr_FR"
    assert shared["og:image"] == f"{ADDRESS}/orchard/fr/share.jpg"
    assert (shared["og:image:width"], shared["og:image:height"]) == ("1200", "630")
    assert shared["og:image:alt"] == shared["og:title"]
    assert shared["twitter:card"] == "summary_large_image"
    assert shared["article:published_time"] == "2026-04-18"


def test_nothing_is_said_that_is_not_known() -> None:
    html = head(page("fr", Surroundings()))
    for word in ("og:url", "og:image", "og:site_name", "canonical", "atom+xml", "hreflang"):
        assert word not in html, word


@pytest.mark.parametrize(
    ("tag", "wanted"), [("fr", "fr_FR"), ("fr-CA", "fr_CA"), ("fa", "fa_IR"), ("pt", "pt_BR"), ("qps-rtl", "")]
)
def test_a_locale_as_open_graph_writes_it(tag: str, wanted: str) -> None:
    assert og_locale(Locale.parse(tag)) == wanted


# --- marks for versions that stay published -----------------------------------------------------------------------------------


@pytest.mark.parametrize("around", [AROUND, Surroundings()])
def test_what_is_made_anew_in_an_older_version_stands_between_marks(around: Surroundings) -> None:
    html = page("fr", around)
    for mark in MARKS:
        assert html.count(f"<!--{mark}-->") == html.count(f"<!--/{mark}-->") == 1, mark
    assert html.index("<article>") < html.index("<!--banner--><!--/banner-->") < html.index("<h1")
    assert set(re.findall("<nav[^>]*>.*?</nav>", html, re.DOTALL)) == set(
        re.findall(
            "<nav[^>]*>.*?</nav>", html.partition("<!--languages-->")[2].partition("<!--/languages-->")[0], re.DOTALL
        )
    )
    outside = re.sub(r"<!--alternates-->.*?<!--/alternates-->", "", head(html), flags=re.DOTALL)
    assert "hreflang" not in outside
    assert "<script" not in html.partition("<!--languages-->")[2].partition("<!--/languages-->")[0]


# --- what it offers -----------------------------------------------------------------------------------------------------------


def test_an_organizer_sees_what_a_leaflet_is_for_and_how_to_print_it() -> None:
    html = page("en")
    (desk,) = (each for each in re.findall(r"<li>.*?</li>", html, re.DOTALL) if "x.desk.pdf" in each)
    assert 'href="x.desk.pdf" type="application/pdf" download>to print yourself</a>' in desk
    for words in ("Paper: ", ">A4<", "black and white", "6 pages", "1 sheet of paper", "83&nbsp;kB"):
        assert words in desk, words
    assert "flip on the short edge" in desk
    assert "Fold in three" in desk
    assert "100&nbsp;×&nbsp;210&nbsp;mm" in html


def test_what_is_read_on_a_screen_needs_no_paper() -> None:
    (screen,) = (each for each in re.findall(r"<li>.*?</li>", page("en"), re.DOTALL) if 'href="x.pdf"' in each)
    assert "in colour" in screen
    assert "6 pages" in screen
    assert not re.search("sheet|Paper|flip|Fold", screen)


def test_pieces_for_messengers_are_numbered_unless_there_is_one() -> None:
    assert "Text for messengers (2 of 2)</a>" in page("en")
    alone = page("en", Surroundings(messages=("message-1.txt",)))
    assert '<a href="message-1.txt" type="text/plain">Text for messengers</a>' in alone


def test_nothing_to_offer_leaves_no_empty_heading() -> None:
    html = page("en", Surroundings())
    assert not re.search(r'id="(?:downloads|share|languages)"', html)
    assert 'href="#languages"' not in html


# --- HTML that stands the checks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["en", "fr", "fa", "el"])
def test_a_page_is_without_what_a_strict_policy_or_a_checker_refuses(tag: str) -> None:
    html = page(tag)
    assert not re.search(r'\s(?:style|on\w+)="', html)
    assert " />" not in html
    ids = Counter(re.findall(r'\sid="([^"]*)"', html))
    assert max(ids.values()) == 1
    assert set(re.findall(r'href="#([^"]*)"', html)) <= set(ids)
    assert html.count("<h1") == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_columns_are_aligned_without_a_style_of_their_own() -> None:
    localized = rendition(WORKSPACE, "orchard", "en").localized
    view = View(localized, WORKSPACE.words(localized.locale, inputs()), design(WORKSPACE, "web").format, Surroundings())
    html = view._for_medium('<th style="text-align:left">a</th><td style="text-align:right" class="fallback">b</td>')
    assert html == '<th data-align="start">a</th><td data-align="end" class="fallback">b</td>'


def test_signatories_are_numbered_by_the_list_itself() -> None:
    starts = re.findall(r'<ol class="members" start="(\d+)">', page("en"))
    assert starts == ["1", "3"]


# --- languages in few bytes ------------------------------------------------------------------------------------------------------


def cascade(css: str, tag: str) -> dict[str, str]:
    """What holds for an element in a language below the root: the later rule wins, and the rest is inherited."""
    found: dict[str, str] = {}
    for selector, body in re.findall(r"^(\S.*?)\{(.*)\}$", css, re.MULTILINE):
        if selector == ":root" or selector == ":where(body [lang])" or f"[lang={tag}]" in selector:
            found.update(each.split(":", 1) for each in body.split(";"))
    return found


def test_every_language_has_the_faces_and_proportions_of_its_typography() -> None:
    typography: Typography = WORKSPACE.typography
    everyone = [
        Locale.parse(tag) for tag in "de fr sr sr-Latn fa fa-AF ur ckb ta bn hi el ru ka hy zgh zh ja he".split()
    ]
    for reader in everyone[::4]:
        css = web_rules(typography, reader, everyone)
        for locale in everyone:
            wanted = typography.properties(locale)
            found = cascade(css, locale.tag)
            for name, value in wanted.items():
                if name in ("--font-body", "--font-head"):
                    value = f"{value},{wanted[name.replace('--', '--web-')]}".replace(", ", ",")
                    shown = found["--font-body"] if found[name] == "var(--font-body)" else found[name]
                    assert shown == value, (reader.tag, locale.tag, name)
                elif not name.startswith("--web-"):
                    assert found[name] == value, (reader.tag, locale.tag, name)
            ratio = float(wanted["--size"]) / float(typography.properties(reader)["--size"])
            assert float(found["font-size"].removesuffix("em")) == pytest.approx(ratio, rel=1e-3)


def test_fifty_languages_take_less_than_ten_thousand_bytes() -> None:
    tags = (
        "am ar bn bs ckb de el en es fa fa-AF fr gn hi hr ht hy id it ka kmr ln ml ne nl pa pl ps pt ro ru si sr sr-Latn sv sw ta"
        " tr uk ur vi zgh ja ko zh he th my km lo gu te kn or"
    )
    assert len(web_rules(WORKSPACE.typography, Locale.parse("ta"), map(Locale.parse, tags.split())).encode()) < 10_000


def test_a_page_in_one_language_has_one_rule() -> None:
    assert web_rules(WORKSPACE.typography, Locale.parse("fa"), [Locale.parse("fa")]).count("{") == 1
