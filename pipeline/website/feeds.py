"""Atom feeds: for each language, what is published in it, for feed readers and for programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pipeline.locales import Locale
from pipeline.source.document import UNPRINTABLE
from pipeline.website.sitemap import home_address, page_address
from pipeline.website.summary import Entry, Resolution, Site

#: The feed's name beside the home page of its language. Every server knows what .xml is; some would let .atom be downloaded.
NAME = "feed.xml"
#: Of an archive only the newest: readers keep what they had, and ask for the whole file every hour.
MOST_ENTRIES = 100
#: The day of a resolution whose sources name none. Atom wants one; it must not be the day of the build, which changes.
NO_DAY = "1970-01-01"
_ATOM = "http://www.w3.org/2005/Atom"
_BLANKS = re.compile(r"[ \t\r\n]+")
#: What no XML document can hold, not even as a reference, and what turns text around or is no character.
_UNSAYABLE = UNPRINTABLE


def feed_address(site: Site, tag: str) -> str:
    """Where the feed of a language is."""
    return home_address(site, tag) + NAME


def atom(resolutions: Sequence[Resolution], locale: Locale, site: Site) -> str:
    """The feed of what is published in a language, newest first, as Atom 1.0 (RFC 4287); empty if the site has no address.

    Days are the sources', as midnight in UTC; texts are plain. It holds the ``MOST_ENTRIES`` newest.
    """
    if not site.address:
        return ""
    newest = sorted(resolutions, key=lambda each: each.id)
    newest.sort(key=lambda each: (_updated(each), each.adopted), reverse=True)
    published = [(each, entry) for each in newest for entry in each.entries if entry.tag == locale.tag]
    own, home = feed_address(site, locale.tag), home_address(site, locale.tag)
    title = _plain(site.title) or str(urlsplit(site.address).hostname)
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": locale.tag})
    _text(feed, "id", own)
    _text(feed, "title", title, _language(site.source.tag, locale))
    _text(feed, "updated", _instant(max((_updated(each) for each, _ in published), default=NO_DAY)))
    _text(SubElement(feed, "author"), "name", title)
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "hreflang": locale.tag, "href": own})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "hreflang": locale.tag, "href": home})
    for resolution, entry in published[:MOST_ENTRIES]:
        _entry(SubElement(feed, "entry"), resolution, entry, page_address(site, resolution.id, entry.tag))
    indent(feed, "")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def _entry(element: Element, resolution: Resolution, entry: Entry, address: str) -> None:
    spoken = {} if entry.title_tag == entry.tag else {"xml:lang": entry.title_tag}
    _text(element, "id", address)
    _text(element, "title", _plain(entry.title) or resolution.id, spoken)
    _text(element, "updated", _instant(_updated(resolution)))
    if resolution.adopted:
        _text(element, "published", _instant(resolution.adopted))
    SubElement(element, "link", {"rel": "alternate", "type": "text/html", "hreflang": entry.tag, "href": address})
    _text(element, "summary", _plain(entry.description) or _plain(entry.title) or resolution.id)


def _updated(resolution: Resolution) -> str:
    return resolution.updated or resolution.adopted or NO_DAY


def _instant(day: str) -> str:
    return f"{day}T00:00:00Z"


def _language(tag: str, reader: Locale) -> dict[str, str]:
    return {} if tag == reader.tag else {"xml:lang": tag}


def _text(parent: Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    SubElement(parent, name, attributes or {}).text = text


def _plain(text: str) -> str:
    """The text on one line, with a sign for each character that XML cannot say."""
    return _UNSAYABLE.sub("\ufffd", _BLANKS.sub(" ", text)).strip()
