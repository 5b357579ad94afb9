"""The home page in one language: all resolutions, newest first, and the way to the home pages in other languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from pipeline.locales import Locale, Localized
from pipeline.translation.interface import Words
from pipeline.typesetting.composing import Design
from pipeline.typesetting.phrases import Phrases
from pipeline.typesetting.view import LanguageLink, og_locale
from pipeline.typesetting.web_rules import web_rules
from pipeline.website.summary import Entry, Resolution, Site

_LANG = re.compile(r'\slang="([^"]*)"')
#: Stands for the style until the languages on the page are known; no text can hold it, for text is escaped.
_STYLE = "<!--style-->"


@dataclass(frozen=True, slots=True)
class Home:
    """A home page of ``site``. ``root`` is the way from it to the folder of the site: empty, or ``../`` from ``<tag>/index.html``.

    ``languages`` are the home pages in all languages, ``feed`` the way to the feed in this one, empty if there is none.
    """

    site: Site
    root: str
    languages: tuple[LanguageLink, ...]
    feed: str = ""

    def url(self, locale: Locale) -> str:
        """Where the page is published; empty if nowhere."""
        address = self.site.address
        return (f"{address}/{locale.tag}/" if self.root else f"{address}/") if address else ""

    @property
    def alternates(self) -> tuple[tuple[str, str], ...]:
        """Every language with its home page; the root of the site is for readers of any other (``x-default``)."""
        address = self.site.address
        links = [(each.tag, f"{address}/{each.tag}/" if address else each.href) for each in self.languages]
        return (*links, ("x-default", f"{address}/" if address else f"{self.root}index.html"))


@dataclass(frozen=True, slots=True)
class Listed:
    """A resolution on a home page, as its template sees it.

    ``hreflang`` is the language of the page that ``href`` leads to; ``language`` its name, if it is not the reader's. ``count``
    is in how many languages there is one.
    """

    href: str
    hreflang: str
    title: Markup
    language: Markup
    number: str
    date: Markup
    draft: bool
    stale: bool
    count: int


def home_html(design: Design, words: Words, home: Home, resolutions: Iterable[Resolution]) -> str:
    """The home page in the language of ``words``, in HTML; ``design`` is that of the web format. Links are relative.

    Raises InvalidInput if the template is at fault.
    """
    phrases = Phrases(words, "web")
    locale = words.locale
    values = {
        **phrases.functions(),
        "home": home,
        "site": home.site,
        "title": phrases.text(Localized(home.site.title, home.site.source)),
        "lang": locale.tag,
        "dir": locale.direction,
        "og_locale": og_locale(locale),
        "canonical": home.url(locale),
        "alternates": home.alternates,
        "languages": home.languages,
        "resolutions": [_listed(each, home, phrases) for each in newest_first(resolutions)],
        "style": Markup(_STYLE),
    }
    html = design.templates.render("site/home.html", values)
    others = {Locale.parse(tag) for tag in _LANG.findall(html)}
    return html.replace(_STYLE, web_rules(design.typography, locale, others))


def newest_first(resolutions: Iterable[Resolution]) -> tuple[Resolution, ...]:
    """The resolutions by the day on which they were adopted, the newest first; those without one last."""
    return tuple(sorted(resolutions, key=lambda each: (each.adopted, each.id), reverse=True))


def _listed(resolution: Resolution, home: Home, phrases: Phrases) -> Listed:
    reader = phrases.locale
    entry = _entry_for(resolution, reader)
    title, tongue = Locale.parse(entry.title_tag), Locale.parse(entry.tag)
    return Listed(
        href=f"{home.root}{resolution.id}/{entry.tag}/index.html",
        hreflang=entry.tag,
        title=phrases.text(Localized(entry.title, title)),
        language=Markup("") if tongue == reader else phrases.text(reader.name_of(tongue)),
        number=resolution.number,
        date=phrases.text(reader.date(date.fromisoformat(resolution.adopted))) if resolution.adopted else Markup(""),
        draft=entry.draft,
        stale=bool(entry.changed),
        count=len(resolution.entries),
    )


def _entry_for(resolution: Resolution, reader: Locale) -> Entry:
    """The resolution in the reader's language; where it is not published in that, in its own, or else in the first."""
    by_tag = {entry.tag: entry for entry in resolution.entries}
    return by_tag.get(reader.tag) or by_tag.get(resolution.source) or resolution.entries[0]
