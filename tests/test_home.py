"""The home page in each language: all resolutions, newest first, and the way to the other languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipeline.locales import Locale
from pipeline.translation.interface import Words
from pipeline.website.choosing import home_links
from pipeline.website.home import Home, home_html, newest_first
from pipeline.website.summary import Entry, Resolution, Site
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, design

WORKSPACE = Workspace(ORCHARD)
SITE = Site("Orchard & sons", "https://orchard.example.org", Locale.parse("en"))
TREES = Resolution(
    "trees",
    "en",
    "2026-04-18",
    "2026-05-01",
    "R <1>",
    (
        Entry("en", "Trees <b>", "en", "", 100),
        Entry("fa", "درختان", "fa", "", 100),
        Entry("fr", "Trees <b>", "en", "", 40, draft=True),
    ),
)
WATER = Resolution(
    "water",
    "fr",
    "2026-03-01",
    "2026-03-01",
    "",
    (Entry("fr", "L’eau", "fr", "", 100), Entry("fa", "آب", "fa", "", 100, changed="2026-04-01")),
)
UNDATED = Resolution("air", "en", "", "", "", (Entry("en", "Air", "en", "", 100),))


def home(tag: str, *resolutions: Resolution, site: Site = SITE, root: str = "../") -> str:
    locale = Locale.parse(tag)
    links = home_links(resolutions, locale, tag, f"{root}{{tag}}/index.html", Locale.parse)
    page = Home(site, root, links, "feed.xml")
    return home_html(design(WORKSPACE, "web"), Words(locale), page, resolutions)


def entries(html: str) -> list[str]:
    return re.findall(r"<h2>(<a.*?</a>)</h2>", html)


def test_resolutions_are_listed_newest_first_those_without_a_day_last() -> None:
    assert newest_first([UNDATED, WATER, TREES]) == (TREES, WATER, UNDATED)
    assert newest_first([TREES, UNDATED, WATER]) == (TREES, WATER, UNDATED)


def test_a_resolution_is_listed_with_its_title_in_the_readers_language() -> None:
    html = home("fa", TREES, WATER)
    assert html.startswith('<!DOCTYPE html>\n<html lang="fa" dir="rtl">')
    assert entries(html) == [
        '<a href="../trees/fa/index.html">درختان</a>',
        '<a href="../water/fa/index.html">آب</a>',
    ]
    assert "۱۸ آوریل ۲۰۲۶" in html


def test_a_title_that_is_not_translated_says_so() -> None:
    title = entries(home("fr", TREES))[0]
    assert title == '<a href="../trees/fr/index.html"><span lang="en" dir="ltr">Trees &lt;b&gt;</span></a>'


def test_what_is_not_there_in_a_language_is_listed_in_its_own_and_the_reader_is_told() -> None:
    html = home("en", TREES, WATER)
    assert (
        entries(html)[1] == '<a href="../water/fr/index.html" hreflang="fr"><span lang="fr" dir="ltr">L’eau</span></a>'
    )
    assert "Not yet in this language. To read in French" in html
    assert html.count("Not yet") == 1


def test_a_resolution_that_was_left_out_in_its_own_language_is_listed_in_another() -> None:
    only = replace(WATER, entries=(Entry("ar", "ماء", "ar", "", 100),))
    assert 'href="../water/ar/index.html"' in entries(home("de", only))[0]


def test_drafts_and_earlier_versions_say_so() -> None:
    assert '<p class="details"><span lang="en" dir="ltr">draft</span></p>' in home("fr", TREES)
    assert "earlier version" in re.sub(r"<nav.*</nav>", "", home("fa", WATER), flags=re.DOTALL)


def test_links_are_relative_from_the_root_and_from_below() -> None:
    for root, tag in (("", "en"), ("../", "fa")):
        html = home(tag, TREES, root=root)
        links = re.findall(r'<a [^>]*href="([^"]*)"', html)
        assert f"{root}trees/{tag}/index.html" in links
        assert f"{root}fr/index.html" in links
        assert not any("://" in each or each.startswith("/") for each in links)


def test_a_published_home_page_says_where_it_is_and_where_the_others_are() -> None:
    html = home("fa", TREES)
    assert re.findall(r'<link rel="canonical" href="([^"]*)">', html) == ["https://orchard.example.org/fa/"]
    assert dict(re.findall(r'hreflang="([^"]*)" href="([^"]*)"', html.partition("</head>")[0])) == {
        "en": "https://orchard.example.org/en/",
        "fa": "https://orchard.example.org/fa/",
        "fr": "https://orchard.example.org/fr/",
        "x-default": "https://orchard.example.org/",
    }
    assert 'rel="canonical" href="https://orchard.example.org/">' in home("en", TREES, root="")


def test_a_site_without_an_address_has_relative_alternates_and_no_canonical_one() -> None:
    html = home("fa", TREES, site=replace(SITE, address=""))
    assert "canonical" not in html
    assert "og:url" not in html
    assert '<link rel="alternate" hreflang="x-default" href="../index.html">' in html


def test_titles_and_numbers_are_text() -> None:
    html = home("en", TREES)
    assert "R &lt;1&gt;" in html
    assert "Orchard &amp; sons" in html
    assert "<b>" not in html


def test_the_name_of_the_site_is_in_its_own_language() -> None:
    assert '<h1><span lang="en" dir="ltr">Orchard &amp; sons</span></h1>' in home("fa", TREES)
    assert "<h1>Orchard &amp; sons</h1>" in home("en", TREES)


def test_every_language_on_the_page_has_its_faces() -> None:
    html = home("de", TREES, WATER)
    assert ":where(body [lang=fa])" in html
    assert "Noto Naskh Arabic" in html


@pytest.mark.parametrize("tag", ["en", "fa"])
def test_the_same_resolutions_give_the_same_page(tag: str) -> None:
    assert home(tag, TREES, WATER) == home(tag, WATER, TREES)


def test_a_page_has_no_style_or_handler_that_a_strict_policy_would_block() -> None:
    assert not re.search(r'\s(?:style|on\w+)="', home("fa", TREES, WATER))
