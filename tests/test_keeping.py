"""Pages that have left their place: earlier versions, and pages in an archive of one language."""

from __future__ import annotations

import pytest

from pipeline.website.keeping import Move, kept_page, links, moved_page, target
from pipeline.website.security import policy, with_policy

PAGE = """<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Brot</title>
<!--alternates--><link rel="alternate" hreflang="fr" href="../fr/index.html"><!--/alternates-->
<style>a[href="../en/"]{color:red}</style></head><body><article><!--banner--><!--/banner--><p>Brot</p></article>
<!--languages--><nav><a href="../fr/index.html">français</a></nav><!--/languages--></body></html>
"""


def test_a_kept_page_has_a_new_banner_chooser_and_alternates_and_nothing_else() -> None:
    kept = kept_page(PAGE, banner="<p>alt</p>", languages="<nav>neu</nav>", alternates="")
    assert "<!--banner--><p>alt</p><!--/banner-->" in kept
    assert "<!--languages--><nav>neu</nav><!--/languages-->" in kept
    assert "<!--alternates--><!--/alternates-->" in kept
    assert "fr/index" not in kept
    again = kept_page(
        kept,
        banner="",
        languages='<nav><a href="../fr/index.html">français</a></nav>',
        alternates='<link rel="alternate" hreflang="fr" href="../fr/index.html">',
    )
    assert again == with_policy(PAGE)


def test_a_kept_page_has_the_policy_of_what_is_in_it_now() -> None:
    fresh = "<nav>neu</nav><script>let a = 1;</script>"
    kept = kept_page(with_policy(PAGE), banner="", languages=fresh, alternates="")
    assert kept.count("Content-Security-Policy") == 1
    assert policy(kept) in kept
    assert "script-src" in kept


@pytest.mark.parametrize("mark", ["banner", "languages", "alternates"])
@pytest.mark.parametrize("spoilt", ["", "<!--{0}--><!--/{0}--><!--{0}-->"])
def test_a_page_without_its_marks_is_refused_in_words(mark: str, spoilt: str) -> None:
    page = PAGE.replace(f"<!--{mark}-->", spoilt.format(mark))
    with pytest.raises(ValueError, match=f"the page has no place for its {mark}"):
        kept_page(page, banner="", languages="", alternates="")


def test_links_are_those_of_elements_only() -> None:
    html = """<style>a[href="x"]{}</style><!-- <a href="y"> --><p href-less="z">a href="w"</p>
    <a class='b' href='one?a=1&amp;b=2'>1</a><img alt="a > b" src="two.png"><a href="one?a=1&amp;b=2">1</a>"""
    assert links(html) == ("one?a=1&b=2", "two.png")


@pytest.mark.parametrize(
    ("link", "page", "file"),
    [
        ("../de/index.html", "water/en/index.html", "water/de/index.html"),
        ("../de/", "water/en/index.html", "water/de/index.html"),
        ("..", "water/en/index.html", "water/index.html"),
        ("./", "index.html", "index.html"),
        ("a%20b.pdf?x#y", "water/en/index.html", "water/en/a b.pdf"),
        ("../../../x", "water/en/index.html", "../x"),
        ("#top", "index.html", None),
        ("", "index.html", None),
        ("mailto:nobody", "index.html", None),
        ("//example.org/x", "index.html", None),
    ],
)
def test_where_links_lead(link: str, page: str, file: str | None) -> None:
    assert target(link, page) == file


ALONG = {
    "water/de/index.html": "water/de/index.html",
    "water/de/a b.pdf": "water/de/a b.pdf",
    "de/index.html": "index.html",
}


def test_what_comes_along_keeps_its_links_and_the_rest_leads_to_the_site() -> None:
    html = '<a href="../../de/index.html#w">home</a> <a class="x" href="a%20b.pdf">PDF</a> <a href="../fr/">fr</a>'
    moved = moved_page(html, Move("water/de/index.html", "water/de/index.html", ALONG), "https://example.org")
    assert moved == (
        '<a href="../../index.html#w">home</a> <a class="x" href="a%20b.pdf">PDF</a> '
        '<a href="https://example.org/water/fr/">fr</a>'
    )


def test_without_an_address_they_are_no_links() -> None:
    html = '<link rel="alternate" href="../fr/index.html"><a lang="fr" href="../fr/index.html">fr</a><a href="#x">x</a>'
    moved = moved_page(html, Move("water/de/index.html", "water/de/index.html", ALONG), "")
    assert moved == '<a lang="fr">fr</a><a href="#x">x</a>'


def test_the_home_page_moves_up_with_its_links() -> None:
    html = (
        '<a href="../water/de/index.html">Wasser</a><a href="../index.html">all</a><script>"<a href=\'../x\'>"</script>'
    )
    moved = moved_page(html, Move("de/index.html", "index.html", ALONG), "https://example.org")
    assert moved == (
        '<a href="water/de/index.html">Wasser</a><a href="https://example.org/">all</a>'
        "<script>\"<a href='../x'>\"</script>"
    )
