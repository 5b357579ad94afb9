"""What a template may ask about a document: every text is HTML already, escaped and typeset."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from pipeline.locales import Locale, Localized
from pipeline.source.markdown import environment_for, fill, in_language, inline_html, plain_text
from pipeline.translation.interface import Words
from pipeline.translation.localize import LocalizedDocument, LocalizedGroup, LocalizedSegment, LocalizedSignatory
from pipeline.typesetting.formats import Format
from pipeline.typesetting.imprint import ContactLine, ImprintLine
from pipeline.typesetting.leaflet import Edition, Sides
from pipeline.typesetting.qr import QUIET, is_web_address, qr_size_mm
from pipeline.typesetting.text import Typesetter

_SLOGANS = re.compile(r'(<ul class="slogans">\n.*?</ul>\n?)', re.DOTALL)
_FOOTNOTES = '<hr class="footnotes-sep" />'
_WAY_BACK = ' class="footnote-backref"></a>'
LONG_TITLE, VERY_LONG_TITLE = 60, 110


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
    """Another language of the same document, for the chooser; ``percent`` of it is translated."""

    tag: str
    endonym: str
    dir: str
    href: str
    percent: int
    current: bool


@dataclass(frozen=True, slots=True)
class Download:
    """A leaflet to offer, for one ``edition``: ``bytes`` long, ``pages`` pages on ``sheets`` sheets.

    ``sides``: ``both``, or the ``odd`` or ``even`` sides alone, for a printer that prints on one side.
    """

    label: str
    edition: Edition
    sides: Sides
    href: str
    bytes: int
    pages: int
    sheets: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a page knows of its workspace: links to languages and leaflets, address of the site, where pictures are.

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
        self._words = words
        self._medium = format.medium
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
        self.signatory_count = len(document.signatories())
        self.groups = tuple(map(self._group, localized.groups))
        self.body = Markup(self._named_ways_back(body_html(localized, self._typesetter, surroundings.pictures)))
        self.chunks = _chunks(str(self.body))
        self.description = next(
            (plain_text(each.text)[:200] for each in localized.body if len(each.text) > LONG_TITLE), ""
        )

    def phrase(self, msgid: str, **values: object) -> Markup:
        """The words of the template, ``_("…")``, in the reader's language; placeholders filled."""
        return self._phrase(msgid, None, 1, values)

    def counted(self, msgid: str, msgid_plural: str, count: int) -> Markup:
        """The words for so many things, ``_n("{count} page", "{count} pages", 2)``."""
        return self._phrase(msgid, msgid_plural, count, {"count": self.locale.digits(str(count))})

    def label(self, msgid: str) -> str:
        """The words for an attribute: plain text."""
        return self._words.phrase(msgid).text

    def digits(self, number: object) -> str:
        return self.locale.digits(str(number))

    def _phrase(self, msgid: str, plural: str | None, count: int, values: Mapping[str, object]) -> Markup:
        phrase = self._words.phrase(msgid, plural, count)
        typesetter = self._typesetter(phrase.locale)
        inserted = {name: self._among(phrase.locale, self._inserted(value)) for name, value in values.items()}
        parts = (
            inserted[part] if is_placeholder and part in inserted else typesetter.html(part)
            for is_placeholder, part in phrase.parts()
        )
        return self._in(phrase.locale, Markup("").join(parts))

    def _inserted(self, value: object) -> Markup:
        """A value for a phrase; an address is read from left to right, to its last stroke."""
        if isinstance(value, str) and not isinstance(value, Markup) and is_web_address(value):
            # The mark at its end holds the last stroke in its place where the address is broken over lines.
            return (
                Markup(self._typesetter(self.locale).isolated(value + "\u200e")) if self.dir == "rtl" else escape(value)
            )
        return escape(value)

    def _among(self, phrase: Locale, html: Markup) -> Markup:
        """The reader's text, put into a phrase that may be in another language."""
        return html if phrase == self.locale else Markup(f'<span lang="{self.lang}" dir="{self.dir}">{html}</span>')

    def _named_ways_back(self, html: str) -> str:
        """On the web the links back from footnotes get a sign, and a name for screen readers; paper has no use for them."""
        name = escape(self.label("Back to the text"))
        return (
            html.replace(_WAY_BACK, f' aria-label="{name}"{_WAY_BACK.removesuffix("></a>")}>↩</a>')
            if self._medium == "web"
            else html
        )

    def _typesetter(self, locale: Locale) -> Typesetter:
        return Typesetter(locale, self._medium)

    def _in(self, locale: Locale, html: Markup) -> Markup:
        if locale == self.locale:
            return html
        return Markup(f'<span lang="{locale.tag}" dir="{locale.direction}">{html}</span>')

    def _localized_text(self, localized: Localized) -> Markup:
        return self._in(localized.locale, self._typesetter(localized.locale).html(localized.text))

    def _segment(self, localized: LocalizedSegment | None) -> Markup:
        if localized is None:
            return Markup("")
        return self._in(localized.locale, self._typesetter(localized.locale).html(localized.text))

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


def _title_class(title: str) -> str:
    if len(title) > VERY_LONG_TITLE:
        return "very-long"
    return "long" if len(title) > LONG_TITLE else "short"


def _chunks(html: str) -> tuple[Chunk, ...]:
    text, separator, notes = html.partition(_FOOTNOTES)
    chunks = [
        Chunk("slogans" if index % 2 else "text", Markup(piece))
        for index, piece in enumerate(_SLOGANS.split(text))
        if piece.strip()
    ]
    return (*chunks, Chunk("footnotes", Markup(notes))) if separator else tuple(chunks)
