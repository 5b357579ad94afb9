"""Sitemaps: every page, with all its languages leading back, within the limits of sitemaps.org."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random
from xml.etree import ElementTree

import pytest

from pipeline.locales import Locale
from pipeline.website import sitemap as module
from pipeline.website.sitemap import robots, sitemap, sitemaps
from pipeline.website.summary import Resolution, Site
from tests.test_feeds import entry, resolution

SITE = Site("Orchard papers", "https://orchard.example", Locale.parse("en"))
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
Pages = dict[str, dict[str, str]]


def pages(text: str) -> Pages:
    """The alternates of every page, by hreflang; nothing else may be in a sitemap."""
    root = ElementTree.fromstring(text.encode())
    assert root.tag == f"{MAPS}urlset"
    found: Pages = {}
    for url in root:
        assert [child.tag for child in url][:1] == [f"{MAPS}loc"]
        address = url.findtext(f"{MAPS}loc") or ""
        assert address not in found
        links = url.findall(LINK)
        assert all(link.get("rel") == "alternate" for link in links)
        found[address] = {link.get("hreflang") or "": link.get("href") or "" for link in links}
        assert len(found[address]) == len(links)
    return found


def archive(count: int) -> list[Resolution]:
    return [resolution(f"r{number:04}", "2026-01-01") for number in range(count)]


def test_every_page_names_itself_and_its_other_languages() -> None:
    found = pages(sitemap([resolution(), resolution("roads", "2026-06-01", entry("en"))], SITE))
    assert list(found) == [
        "https://orchard.example/",
        "https://orchard.example/en/",
        "https://orchard.example/fr/",
        "https://orchard.example/roads/en/",
        "https://orchard.example/well/en/",
        "https://orchard.example/well/fr/",
    ]
    well = {
        "en": "https://orchard.example/well/en/",
        "fr": "https://orchard.example/well/fr/",
        "x-default": "https://orchard.example/well/en/",
    }
    assert found["https://orchard.example/well/fr/"] == found["https://orchard.example/well/en/"] == well
    assert found["https://orchard.example/fr/"]["x-default"] == "https://orchard.example/"


def test_every_link_leads_back() -> None:
    found = pages(sitemap(archive(5), SITE))
    for address, links in found.items():
        assert address in links.values()
        for other in links.values():
            assert found[other] == links


def test_days_are_those_of_the_sources() -> None:
    later = resolution("kept", "2026-05-02", entry("en"), entry("fr", changed="2026-07-09"))
    root = ElementTree.fromstring(sitemap([later, resolution("undated", "", entry("en"))], SITE))
    days = {url.findtext(f"{MAPS}loc"): url.findtext(f"{MAPS}lastmod") for url in root}
    assert days["https://orchard.example/kept/en/"] == "2026-05-02"
    assert days["https://orchard.example/kept/fr/"] == "2026-07-09"
    assert days["https://orchard.example/undated/en/"] is None
    assert days["https://orchard.example/"] == "2026-05-02"


def test_a_document_without_its_own_language_has_no_default() -> None:
    found = pages(sitemap([resolution("well", "", entry("fr"))], SITE))
    assert set(found["https://orchard.example/well/fr/"]) == {"fr"}


def test_no_address_no_sitemap() -> None:
    nowhere = replace(SITE, address="")
    assert (sitemap([resolution()], nowhere), list(sitemaps([resolution()], nowhere)), robots(nowhere)) == ("", [], "")


def test_an_address_is_escaped() -> None:
    found = pages(sitemap([resolution()], replace(SITE, address="https://orchard.example/a&b<c>'\"")))
    assert "https://orchard.example/a&b<c>'\"/well/fr/" in found


def test_the_order_of_the_resolutions_makes_no_difference() -> None:
    shuffled = archive(30)
    Random(1).shuffle(shuffled)
    assert sitemap(shuffled, SITE) == sitemap(archive(30), SITE)


@pytest.mark.parametrize(("urls", "most_bytes"), [(7, 10**9), (10**9, 3000)], ids=["URLs", "bytes"])
def test_a_large_site_has_several_sitemaps_and_an_index(
    urls: int, most_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pages(sitemap(archive(20), SITE))
    monkeypatch.setattr(module, "MOST_URLS", urls)
    monkeypatch.setattr(module, "MOST_BYTES", most_bytes)
    made = dict(sitemaps(archive(20), SITE))
    index = ElementTree.fromstring(made.pop("sitemap.xml"))
    assert index.tag == f"{MAPS}sitemapindex"
    assert [each.findtext(f"{MAPS}loc") for each in index] == [f"https://orchard.example/{name}" for name in made]
    assert {each.findtext(f"{MAPS}lastmod") for each in index} == {"2026-01-01"}
    assert len(made) > 2
    together: Pages = defaultdict(dict)
    for text in made.values():
        part = pages(text)
        assert len(part) <= urls
        assert len(text.encode()) <= most_bytes + 1024
        assert not part.keys() & together.keys()
        together |= part
    assert together == whole


def test_the_real_limits_are_those_of_the_protocol() -> None:
    many = [resolution(f"r{number}", "", *(entry(f"x{a}") for a in "abcdefghij")) for number in range(5001)]
    made = dict(sitemaps(many, SITE))
    assert set(made) == {"sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"}
    assert made["sitemap-1.xml"].count("<loc>") <= 50_000
    assert all(len(text.encode()) < 50 * 1024 * 1024 for text in made.values())
    assert sum(made[name].count("<loc>") for name in ("sitemap-1.xml", "sitemap-2.xml")) == 1 + 11 + 50_010


def test_robots_name_the_sitemap_only_where_somebody_reads_them() -> None:
    assert robots(SITE) == "User-agent: *\nAllow: /\n\nSitemap: https://orchard.example/sitemap.xml\n"
    assert robots(replace(SITE, address="https://orchard.example/papers")) == ""
