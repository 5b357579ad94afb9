"""What a template may ask about a document: every text is HTML already, escaped and typeset."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from babel.core import get_global
from markupsafe import Markup, escape

from pipeline.locales import Locale, Localized
from pipeline.source.markdown import environment_for, fill, in_language, inline_html
from pipeline.translation.interface import Words
from pipeline.translation.localize import LocalizedDocument, LocalizedGroup, LocalizedSegment, LocalizedSignatory
from pipeline.typesetting.formats import Format
from pipeline.typesetting.imposition import Flip, Kind
from pipeline.typesetting.imprint import ContactLine, ImprintLine
from pipeline.typesetting.leaflet import Edition, Sides
from pipeline.typesetting.phrases import Phrases
from pipeline.typesetting.qr import QUIET, qr_size_mm
from pipeline.typesetting.text import Typesetter

_SLOGANS = re.compile(r'(<ul class="slogans">\n.*?</ul>\n?)', re.DOTALL)
_FOOTNOTES = '<hr class="footnotes-sep" />'
_WAY_BACK = ' class="footnote-backref"></a>'
#: What markdown-it writes into the cells of a column that an author has aligned; text has no ``<`` of its own.
_ALIGNED = re.compile(r'<(t[hd]) style="text-align:(left|center|right)"')
_ALIGNMENTS = {"left": "start", "center": "center", "right": "end"}
#: HTML as its standard wants it: no strokes that mean nothing, no section without a heading.
_WEB_TAGS = ((" />", ">"), ('<section class="footnotes">', '<div class="footnotes">'), ("</section>", "</div>"))
LONG_TITLE, VERY_LONG_TITLE = 60, 110
_STATES = (("whole", 100), ("nearly", 90), ("half", 50), ("begun", 0))


@dataclass(frozen=True, slots=True)
class Member:
    """A signatory as templates see it."""

    acronym: Markup
    name: Markup
    lang: str
    dir: str
    translation: Markup
    countries: Markup


@dataclass(frozen=True, slots=True)
class Group:
    """A list of signatories as templates see it. ``first`` is None where it is not numbered."""

    heading: Markup
    as_of: Markup
    open: bool
    first: int | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the body that is set in one way: ``text``, ``slogans`` or ``footnotes``."""

    kind: str
    html: Markup


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """Another language of the same document, for the chooser; ``percent`` of it is translated.

    ``draft``: not yet reviewed; ``stale``: the translation of an earlier version. ``names`` is what the filter finds it by,
    besides the endonym: in small letters without accents, apart by spaces.
    """

    tag: str
    endonym: str
    dir: str
    href: str
    percent: int
    current: bool
    draft: bool = False
    stale: bool = False
    names: str = ""

    @property
    def state(self) -> str:
        """How much of it there is: ``stale``, ``whole``, ``nearly`` (from 90 per cent), ``half`` (from 50) or ``begun``."""
        if self.stale:
            return "stale"
        return next(name for name, least in _STATES if self.percent >= least)


@dataclass(frozen=True, slots=True)
class Download:
    """A leaflet to offer, for one ``edition``: ``bytes`` long, ``pages`` pages on ``sheets`` sheets.

    ``sides``: ``both``, or the ``odd`` or ``even`` sides alone, for a printer that prints on one side. ``paper`` is what people
    call the sheet, ``sheet_mm`` its width and height, ``size_mm`` those of a finished page; ``fold`` is what makes the one of
    the other, ``flip`` the edge on which to turn the sheets, empty if there is nothing to turn.
    """

    label: str
    edition: Edition
    sides: Sides
    href: str
    bytes: int
    pages: int
    sheets: int
    paper: str = ""
    size_mm: tuple[float, float] = (0, 0)
    sheet_mm: tuple[float, float] = (0, 0)
    colour: bool = True
    flip: Flip | Literal[""] = ""
    fold: Kind = "flat"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a page knows of its workspace: links to languages and leaflets, address of the site, where pictures are.

    On the web: ``url`` is the page's own absolute address, ``x_default`` that of the page in the source language (relative if
    the site has none), ``home`` and ``feed`` are the ways to the home page and the feed in the reader's language, ``picture``
    is the absolute address of the picture to share, ``messages`` the ways to the text in pieces for messengers. Empty is none.

    For print also the picture of the QR code, in how many languages the document is, the organizer's lines, and whether the
    text is the short version because the whole does not fit.
    """

    site: str = ""
    address: str = ""
    languages: tuple[LanguageLink, ...] = ()
    downloads: tuple[Download, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)
    assets: tuple[tuple[str, bytes], ...] = ()
    shortened: bool = False
    code: str = ""
    code_modules: int = 0
    language_count: int = 0
    contact: tuple[ContactLine, ...] = ()
    imprint: tuple[ImprintLine, ...] = ()
    url: str = ""
    x_default: str = ""
    home: str = "../../index.html"
    feed: str = ""
    picture: str = ""
    messages: tuple[str, ...] = ()

    @property
    def alternates(self) -> tuple[tuple[str, str], ...]:
        """Every language of the page, itself too, with its address; absolute if the page has such a one; ``x-default`` last."""
        folder = self.url.rstrip("/").rpartition("/")[0]
        links = [(each.tag, f"{folder}/{each.tag}/" if self.url else each.href) for each in self.languages]
        return (*links, ("x-default", self.x_default)) if self.x_default else tuple(links)


NOWHERE = Surroundings()


def body_html(
    localized: LocalizedDocument, typesetter: Callable[[Locale], Typesetter], pictures: Mapping[str, str]
) -> str:
    """The document's body in HTML, each fallback marked with its own language."""
    section = localized.document.body
    environment = environment_for(section, pictures)
    environment["digits"] = localized.locale.digits
    holes = []
    for index, each in enumerate(localized.body):
        html = inline_html(each.text, environment, typesetter(each.locale).html)
        attributes = _attributes(each, localized.locale)
        if attributes:
            marked = (
                in_language(section, index, attributes) if 'class="' not in section.structure[index][-40:] else None
            )
            section = marked or section
            html = html if marked else f"<span {attributes}>{html}</span>"
        holes.append(html)
    return fill(section, holes)


def _attributes(segment: LocalizedSegment, reader: Locale) -> str:
    """What the element around a segment says that is not simply translated; empty if it is."""
    if segment.outdated:
        return 'class="outdated"'
    if segment.locale == reader:
        return ""
    kind = "fallback" if segment.segment.translate else "untranslatable"
    return f'lang="{segment.locale.tag}" dir="{segment.locale.direction}" class="{kind}"'


class View:
    """All that templates may ask about one localized document; every text it gives is HTML already."""

    def __init__(self, localized: LocalizedDocument, words: Words, format: Format, surroundings: Surroundings) -> None:
        self._medium = format.medium
        self._phrases = Phrases(words, format.medium)
        self.surroundings = surroundings
        document, locale = localized.document, localized.locale
        self.id = document.id
        self.locale = locale
        self.lang, self.dir = locale.tag, locale.direction
        self.title = self._segment(localized.title)
        self.plain_title = localized.title.text
        self.title_class = _title_class(localized.title.text)
        self.kind = self._segment(localized.kind)
        self.issuer = self._segment(localized.issuer)
        self.plain_issuer = localized.issuer.text if localized.issuer else ""
        self.adopted = document.adopted
        self.date = self._localized_text(locale.date(document.adopted)) if document.adopted else Markup("")
        self.number, self.license = document.number, document.license
        self.draft = localized.draft
        self.partial = any(each.locale != locale for each in localized.segments())
        self.outdated = any(each.outdated for each in localized.segments())
        self.credit, self.note = localized.credit, localized.note
        self.percent = localized.coverage.percent
        self.source = self._localized_text(locale.name_of(document.locale))
        self.is_source = locale == document.locale
        self.counter_style = locale.counter_style
        self.shortened = surroundings.shortened
        self.code_mm = _code_mm(format, surroundings.code_modules)
        self.og_locale = og_locale(locale)
        self.signatory_count = len(document.signatories())
        self.groups = tuple(map(self._group, localized.groups))
        body = body_html(localized, self._typesetter, surroundings.pictures)
        self.body = Markup(self._for_medium(body))
        self.chunks = tuple(Chunk(kind, Markup(self._for_medium(html))) for kind, html in _chunks(body))
        self.description = localized.description()

    def phrase(self, msgid: str, **values: object) -> Markup:
        """The words of the template, ``_("…")``, in the reader's language; placeholders filled."""
        return self._phrases.phrase(msgid, **values)

    def counted(self, msgid: str, msgid_plural: str, count: int) -> Markup:
        """The words for so many things, ``_n("{count} page", "{count} pages", 2)``."""
        return self._phrases.counted(msgid, msgid_plural, count)

    def label(self, msgid: str) -> str:
        """The words for an attribute: plain text."""
        return self._phrases.label(msgid)

    def digits(self, number: object) -> str:
        return self._phrases.digits(number)

    def _for_medium(self, html: str) -> str:
        """On the web links back from footnotes get a sign and a name for screen readers, which paper has no use for.

        Columns say how they are aligned without a style of their own, which the security policy of a web page forbids. A table
        wider than a phone is scrolled alone, by keyboard too.
        """
        if self._medium != "web":
            return html
        name = escape(self.label("Back to the text"))
        html = html.replace(_WAY_BACK, f' aria-label="{name}"{_WAY_BACK.removesuffix("></a>")}>↩</a>')
        html = _ALIGNED.sub(lambda found: f'<{found[1]} data-align="{_ALIGNMENTS[found[2]]}"', html)
        for old, new in _WEB_TAGS:
            html = html.replace(old, new)
        table = escape(self.label("Table"))
        wrapped = html.replace("<table>", f'<div class="wide" role="group" aria-label="{table}" tabindex="0"><table>')
        return wrapped.replace("</table>", "</table></div>")

    def _typesetter(self, locale: Locale) -> Typesetter:
        return Typesetter(locale, self._medium)

    def _localized_text(self, localized: Localized) -> Markup:
        return self._phrases.text(localized)

    def _segment(self, localized: LocalizedSegment | None) -> Markup:
        if localized is None:
            return Markup("")
        return self._localized_text(Localized(localized.text, localized.locale))

    def _group(self, localized: LocalizedGroup) -> Group:
        group = localized.group
        return Group(
            heading=self._segment(localized.heading),
            as_of=self._localized_text(self.locale.date(group.as_of)) if group.as_of else Markup(""),
            open=group.open,
            first=group.first_number,
            members=tuple(map(self._member, localized.members)),
        )

    def _enumerated(self, texts: list[Localized]) -> Markup:
        """The texts in one enumeration, as CLDR writes it; apart where they are not all in the reader's language."""
        if len(texts) > 1 and all(each.locale == self.locale for each in texts):
            texts = [Localized(self.locale.list([each.text for each in texts]), self.locale)]
        return Markup(" · ").join(map(self._localized_text, texts))

    def _member(self, localized: LocalizedSignatory) -> Member:
        organisation = localized.organisation
        own = organisation.name_locale
        typesetter = self._typesetter(own)
        countries = [self.locale.country(code) for code in organisation.countries]
        translation = localized.translation
        shown = translation is not None and translation.text != organisation.name
        return Member(
            acronym=typesetter.html(organisation.acronym),
            name=typesetter.html(organisation.name),
            lang=own.tag,
            dir=own.direction,
            translation=self._segment(translation) if shown else Markup(""),
            countries=self._enumerated(countries),
        )


def _code_mm(format: Format, modules: int) -> float:
    """The side of the picture of a QR code of so many modules, its quiet zone included, in millimetres; 0 without code."""
    if not modules or format.geometry is None:
        return 0.0
    return round(qr_size_mm(format.geometry.width_mm) * (modules + 2 * QUIET) / modules, 1)


def og_locale(locale: Locale) -> str:
    """The locale as Open Graph writes it, ``fa_AF``, with the territory that CLDR takes for the likeliest; empty if none."""
    likely = str(get_global("likely_subtags").get(locale.language, "")).split("_")
    territory = locale.territory or (likely[-1] if len(likely[-1]) == 2 and len(likely) > 1 else "")
    return f"{locale.language}_{territory}" if territory else ""


def _title_class(title: str) -> str:
    if len(title) > VERY_LONG_TITLE:
        return "very-long"
    return "long" if len(title) > LONG_TITLE else "short"


def _chunks(html: str) -> Iterator[tuple[str, str]]:
    """The body in stretches: what kind each is, and its HTML."""
    text, separator, notes = html.partition(_FOOTNOTES)
    for index, piece in enumerate(_SLOGANS.split(text)):
        if piece.strip():
            yield ("slogans" if index % 2 else "text"), piece
    if separator:
        yield "footnotes", notes
