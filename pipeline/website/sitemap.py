"""The addresses of the site, and what tells search engines of them: sitemaps with all languages of a page, robots.txt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlsplit

from pipeline.website.summary import Resolution, Site

#: What one file may hold at most, by sitemaps.org: URLs, and bytes with room for the lines around them.
MOST_URLS, MOST_BYTES = 50_000, 50 * 1024 * 1024 - 1024
NAME = "sitemap.xml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPENING = f'{_DECLARATION}<urlset xmlns="{_SITEMAPS}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
_CLOSING = "</urlset>\n"


def page_address(site: Site, document: str, tag: str) -> str:
    """Where the web page of a document in a language is.

    >>> from pipeline.locales import Locale
    >>> page_address(Site("Papers", "https://example.org/papers", Locale.parse("en")), "water", "sr-Latn")
    'https://example.org/papers/water/sr-Latn/'
    """
    return f"{site.address}/{quote(document)}/{quote(tag)}/"


def home_address(site: Site, tag: str = "") -> str:
    """Where the home page in a language is; without a tag, that of the site."""
    return f"{site.address}/{quote(tag)}/" if tag else f"{site.address}/"


def home_tags(resolutions: Sequence[Resolution], site: Site) -> tuple[str, ...]:
    """The languages that have a home page: the source's, and all in which something is published."""
    return tuple(sorted({site.source.tag, *(entry.tag for each in resolutions for entry in each.entries)}))


def sitemaps(resolutions: Sequence[Resolution], site: Site) -> Iterator[tuple[str, str]]:
    """Name and text of each sitemap of the site (sitemaps.org 0.9): one, or as many as its limits ask for and their index.

    Each page names itself and its other languages (``xhtml:link``); ``x-default`` is the source's. Nothing without an address.
    One at a time: an archive's are as large as memory. Raises nothing; pages without a day have no ``lastmod``.
    """
    if not site.address:
        return
    parts: list[tuple[str, str]] = []
    waiting = ""
    for number, (text, day) in enumerate(_parts(_pages(resolutions, site)), 1):
        if waiting:
            yield parts[-1][0], waiting
        parts.append((f"sitemap-{number}.xml", day))
        waiting = text
    if len(parts) == 1:
        yield NAME, waiting
        return
    yield parts[-1][0], waiting
    yield NAME, _index(parts, site)


def sitemap(resolutions: Sequence[Resolution], site: Site) -> str:
    """``sitemap.xml`` alone: the sitemap of a site that one file is enough for, else the index; empty without an address."""
    return dict(sitemaps(resolutions, site)).get(NAME, "")


def robots(site: Site) -> str:
    """``robots.txt`` that names the sitemap (RFC 9309); empty if the site is not at the root of its host: nobody would read it."""
    if not site.address or urlsplit(site.address).path.strip("/"):
        return ""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.address}/{NAME}\n"


@dataclass(frozen=True, slots=True)
class _Page:
    """A page in the sitemap: all of its ``<url>``, and the day that it is of, empty if unknown."""

    xml: str
    day: str


def _pages(resolutions: Sequence[Resolution], site: Site) -> Iterator[_Page]:
    newest = max((each.updated for each in resolutions), default="")
    homes = [(tag, home_address(site, tag)) for tag in home_tags(resolutions, site)]
    around = _alternates([*homes, ("x-default", home_address(site))])
    yield from (_page(address, newest, around) for address in (home_address(site), *(address for _, address in homes)))
    for resolution in sorted(resolutions, key=lambda each: each.id):
        pages = sorted((entry.tag, page_address(site, resolution.id, entry.tag)) for entry in resolution.entries)
        default = [("x-default", address) for tag, address in pages if tag == resolution.source]
        around = _alternates([*pages, *default])
        changed = {entry.tag: entry.changed for entry in resolution.entries}
        yield from (_page(address, max(resolution.updated, changed[tag]), around) for tag, address in pages)


def _alternates(links: Sequence[tuple[str, str]]) -> str:
    """The same for each page of a group, so that all of them lead back."""
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{escape(tag)}" href="{escape(address)}"/>\n' for tag, address in links
    )


def _page(address: str, day: str, around: str) -> _Page:
    dated = f"<lastmod>{escape(day)}</lastmod>\n" if day else ""
    return _Page(f"<url>\n<loc>{escape(address)}</loc>\n{dated}{around}</url>\n", day)


def _parts(pages: Iterator[_Page]) -> Iterator[tuple[str, str]]:
    """Sitemaps within the limits, and the newest day in each."""
    held: list[str] = []
    room, newest = MOST_BYTES, ""
    for page in pages:
        size = len(page.xml.encode())
        if held and (len(held) == MOST_URLS or size > room):
            yield _OPENING + "".join(held) + _CLOSING, newest
            held, room, newest = [], MOST_BYTES, ""
        held.append(page.xml)
        room -= size
        newest = max(newest, page.day)
    yield _OPENING + "".join(held) + _CLOSING, newest


def _index(parts: Sequence[tuple[str, str]], site: Site) -> str:
    rows = "".join(
        f"<sitemap>\n<loc>{escape(site.address)}/{name}</loc>\n"
        + (f"<lastmod>{escape(day)}</lastmod>\n" if day else "")
        + "</sitemap>\n"
        for name, day in parts
    )
    return f'{_DECLARATION}<sitemapindex xmlns="{_SITEMAPS}">\n{rows}</sitemapindex>\n'
