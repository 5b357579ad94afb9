"""Atom feeds: what RFC 4287 demands, with any text, and the same bytes for the same resolutions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from random import Random
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from hypothesis import given
from hypothesis import strategies as st

from pipeline.locales import Locale
from pipeline.website.feeds import MOST_ENTRIES, NO_DAY, atom
from pipeline.website.summary import Entry, Resolution, Site

EN, FR, UR = map(Locale.parse, ("en", "fr", "ur"))
SITE = Site("Orchard papers", "https://orchard.example/papers", EN)
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def entry(tag: str, title: str = "A title", **facts: object) -> Entry:
    known = {"title_tag": tag, "description": "What it says.", "percent": 100, **facts}
    return Entry(tag, title, **known)  # type: ignore[arg-type]  # any field


def resolution(name: str = "well", updated: str = "2026-05-02", *entries: Entry) -> Resolution:
    adopted = "2026-04-18" if updated else ""
    return Resolution(name, "en", adopted, updated, "3", entries or (entry("en"), entry("fr", "Un titre")))


def parsed(text: str) -> Element:
    """The feed, if it keeps all that RFC 4287 says with MUST and that we could break."""
    feed = ElementTree.fromstring(text.encode())
    assert feed.tag == f"{ATOM}feed"
    for holder in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(holder.findall(ATOM + name)) == 1, name
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in holder.findall(f"{ATOM}link")]
        assert len(set(links)) == len(links)
        assert len(holder.findall(f"{ATOM}summary")) == (holder is not feed)
        assert len(holder.findall(f"{ATOM}published")) <= 1
        assert [link for link in holder.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert len([link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]) == 1
    for place in (*feed.iter(f"{ATOM}id"), *feed.iter(f"{ATOM}link")):
        address = place.get("href") or place.text or ""
        assert urlsplit(address).scheme == "https"
        assert urlsplit(address).netloc
    for day in (*feed.iter(f"{ATOM}updated"), *feed.iter(f"{ATOM}published")):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", day.text or "")
        assert datetime.fromisoformat(day.text or "").tzinfo
    ids = [each.text for each in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)
    assert all((element.tail or "").strip() == "" for element in feed.iter())
    return feed


def texts(feed: Element, name: str) -> list[str | None]:
    return [each.findtext(ATOM + name) for each in feed.findall(f"{ATOM}entry")]


def test_a_feed_says_what_is_published_in_its_language_newest_first() -> None:
    older = resolution("bread", "2025-01-31", entry("fr", "Du pain"), entry("en"))
    only_english = resolution("roads", "2026-06-01", entry("en", "Roads"))
    feed = parsed(atom([older, only_english, resolution()], FR, SITE))
    assert feed.get(LANG) == "fr"
    assert texts(feed, "title") == ["Un titre", "Du pain"]
    assert texts(feed, "id") == [
        "https://orchard.example/papers/well/fr/",
        "https://orchard.example/papers/bread/fr/",
    ]
    assert feed.findtext(f"{ATOM}updated") == "2026-05-02T00:00:00Z"
    assert texts(feed, "published") == ["2026-04-18T00:00:00Z"] * 2
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == feed.findtext(f"{ATOM}id") == "https://orchard.example/papers/fr/feed.xml"
    assert links["alternate"] == "https://orchard.example/papers/fr/"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Orchard papers"


def test_words_in_another_language_say_so() -> None:
    feed = parsed(atom([resolution("well", "2026-05-02", entry("ur", "A title", title_tag="en"))], UR, SITE))
    title = feed.find(f"{ATOM}entry/{ATOM}title")
    assert title is not None
    assert title.get(LANG) == "en"
    site = feed.find(f"{ATOM}title")
    assert site is not None
    assert site.get(LANG) == "en"
    assert feed.get(LANG) == "ur"


def test_there_is_no_feed_without_an_address() -> None:
    assert atom([resolution()], FR, replace(SITE, address="")) == ""


def test_a_resolution_without_a_day_comes_last_with_a_day_that_never_changes() -> None:
    undated = resolution("a", "")
    feed = parsed(atom([undated, resolution()], EN, SITE))
    assert texts(feed, "updated") == ["2026-05-02T00:00:00Z", f"{NO_DAY}T00:00:00Z"]
    assert texts(feed, "published") == ["2026-04-18T00:00:00Z", None]


def test_a_language_without_resolutions_and_a_site_without_a_title_are_valid() -> None:
    feed = parsed(atom([], UR, replace(SITE, title="")))
    assert feed.findtext(f"{ATOM}title") == "orchard.example"
    assert texts(parsed(atom([resolution("well", "", entry("en", "", description=""))], EN, SITE)), "title") == ["well"]


def test_an_archive_shows_its_newest() -> None:
    archive = [resolution(f"r{number:03}", f"2026-01-{number % 28 + 1:02}") for number in range(MOST_ENTRIES + 40)]
    feed = parsed(atom(archive, EN, SITE))
    days = [str(each) for each in texts(feed, "updated")]
    assert len(days) == MOST_ENTRIES
    assert all(one >= other for one, other in pairwise(days))
    assert min(days) >= sorted((each.updated for each in archive), reverse=True)[MOST_ENTRIES - 1]


def test_the_order_of_the_resolutions_makes_no_difference() -> None:
    archive = [resolution(f"r{number}", "2026-01-01") for number in range(20)]
    shuffled = archive.copy()
    Random(1).shuffle(shuffled)
    assert atom(archive, EN, SITE) == atom(shuffled, EN, SITE)


ANY = st.text(st.characters(exclude_categories=()), max_size=40)  # surrogates and control characters, too


@given(ANY, ANY, ANY)
def test_any_text_makes_a_valid_feed(title: str, description: str, site: str) -> None:
    published = resolution("well", "2026-05-02", entry("en", title, description=description))
    feed = parsed(atom([published], EN, replace(SITE, title=site)))
    assert all(each for each in texts(feed, "title"))
    assert all(not (element.attrib.keys() & {"style", "onclick"}) for element in feed.iter())
    assert atom([published], EN, replace(SITE, title=site)).encode()


def elements(feed: Element) -> Iterator[str]:
    yield from (element.tag.removeprefix(ATOM) for element in feed.iter())


def test_markup_in_a_text_stays_text() -> None:
    text = '</title><script>alert(1)</script>& "<!--'
    feed = parsed(atom([resolution("well", "", entry("en", text, description=text))], EN, replace(SITE, title=text)))
    assert texts(feed, "title") == texts(feed, "summary") == [text]
    assert set(elements(feed)) == {"feed", "id", "title", "updated", "author", "name", "link", "entry", "summary"}
