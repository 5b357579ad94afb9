"""The pages that belong to no single document: home pages, feeds, the sitemap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.reading import Reading
from pipeline.typesetting.composing import Design
from pipeline.website.choosing import home_links
from pipeline.website.feeds import atom
from pipeline.website.home import Home, home_html
from pipeline.website.security import with_policy
from pipeline.website.sitemap import robots, sitemaps
from pipeline.website.summary import Resolution, Site


def site_pages(reading: Reading, resolutions: Iterable[Resolution], design: Design) -> Iterator[tuple[str, bytes]]:
    """Every page with its path in the site: a home page and a feed for each language, the home of all, the sitemap.

    ``design`` is that of the web format.
    """
    every = tuple(resolutions)
    settings = reading.settings
    site = Site(settings.title, settings.address, settings.source_locale)
    for tag in sorted({entry.tag for each in every for entry in each.entries} | {settings.source_locale.tag}):
        yield f"{tag}/index.html", _home(reading, design, every, (site, tag, "../"))
        if site.address:
            yield f"{tag}/feed.xml", atom(every, reading.locale(tag), site).encode()
    yield "index.html", _home(reading, design, every, (site, settings.source_locale.tag, ""))
    if site.address:
        yield from ((name, text.encode()) for name, text in sitemaps(every, site))
        if robots(site):
            yield "robots.txt", robots(site).encode()


def _home(reading: Reading, design: Design, every: tuple[Resolution, ...], place: tuple[Site, str, str]) -> bytes:
    """A home page: of this site, in this language, so far below the folder of the site."""
    site, tag, root = place
    locale = reading.locale(tag)
    words = reading.workspace.words(locale, reading.shared)
    links = home_links(every, locale, tag if root else "", f"{root}{{tag}}/index.html", reading.locale)
    feed = ("feed.xml" if root else f"{tag}/feed.xml") if site.address else ""
    return with_policy(home_html(design, words, Home(site, root, links, feed), every)).encode()


def refuse_ids_of_languages(names: Iterable[str], resolutions: Iterable[Resolution]) -> None:
    """Raises InvalidInput if a document is called like a language of the site: both would want the same folder."""
    tags = {entry.tag for each in resolutions for entry in each.entries}
    hint = "give the file another name; the home page of the language goes into this folder"
    taken = sorted(set(names) & tags)
    if taken:
        raise InvalidInput(
            Diagnostic(
                "id-is-language", f"“{name}” is the tag of a language", Location(f"sources/{name}.md"), hint=hint
            )
            for name in taken
        )
