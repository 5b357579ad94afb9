"""LocalizedDocument + Format become a Page: HTML that holds all that decides how it looks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateError, Undefined
from markupsafe import Markup, escape

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale, Localized
from pipeline.source.markdown import environment_for, fill, in_language, inline_html, plain_text
from pipeline.translation.interface import Words
from pipeline.translation.localize import LocalizedDocument, LocalizedGroup, LocalizedSegment, LocalizedSignatory
from pipeline.typesetting.formats import Fit, Format
from pipeline.typesetting.text import Typesetter
from pipeline.typesetting.typography import Typography, language_rules

_LANG = re.compile(r'\slang="([^"]*)"')
_SLOGANS = re.compile(r'(<ul class="slogans">\n.*?</ul>\n?)', re.DOTALL)
#: Stands for the style until the languages on the page are known; no text can hold it, for text is escaped.
_STYLE = "<!--style-->"
_FOOTNOTES = '<hr class="footnotes-sep" />'
_WAY_BACK = ' class="footnote-backref"></a>'
LONG_TITLE, VERY_LONG_TITLE = 60, 110


@dataclass(frozen=True, slots=True)
class Run:
    """Text of the page that a person can mend: where it stands."""

    text: str
    location: Location
    locale: str


@dataclass(frozen=True, slots=True)
class Page:
    """One leaflet before it is typeset; self-contained, so that its key says all about the bytes of its PDF.

    ``families`` are the font families that may draw each language; ``pictures`` hold the bytes behind each ``asset:`` address.
    ``base`` is the reader's ratio of type size to Latin; sizes in ``fit`` are for Latin.
    """

    html: str
    locale: str
    script: str
    base: float
    fit: Fit
    digits: str
    families: tuple[tuple[str, tuple[str, ...]], ...]
    pictures: tuple[tuple[str, bytes], ...] = ()
    runs: tuple[Run, ...] = field(default=(), compare=False)

    def key(self, toolchain: str) -> str:
        """The content address of the leaflet that this toolchain makes of the page: 64 hexadecimal digits."""
        pictures = [(address, hashlib.sha256(content).hexdigest()) for address, content in self.pictures]
        fields = [
            toolchain,
            self.html,
            self.locale,
            self.script,
            self.base,
            asdict(self.fit),
            self.digits,
            self.families,
            pictures,
        ]
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


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
    """A leaflet to offer: ``bytes`` long, ``pages`` pages."""

    label: str
    href: str
    bytes: int
    pages: int


@dataclass(frozen=True, slots=True)
class Design:
    """How a page looks: its format, the faces of each language, the templates."""

    format: Format
    typography: Typography
    templates: Templates


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a page knows of its workspace: links to languages and leaflets, address of the site, where pictures are."""

    site: str = ""
    address: str = ""
    languages: tuple[LanguageLink, ...] = ()
    downloads: tuple[Download, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)
    assets: tuple[tuple[str, bytes], ...] = ()


NOWHERE = Surroundings()


@dataclass(frozen=True, slots=True)
class Templates:
    """The files under ``templates/``, by path: text in, pages out."""

    files: tuple[tuple[str, str], ...]

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """The template filled. Raises InvalidInput naming the template's line if it cannot be."""
        try:
            return _environment(self.files).get_template(name).render(values)
        except TemplateError as error:
            line = getattr(error, "lineno", 0) or _template_line(error)
            message = f"the template cannot be filled: {_in_words(error.message or type(error).__name__)}"
            raise InvalidInput([Diagnostic("template", message, Location(f"templates/{name}", line))]) from None


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
        if each.locale != localized.locale:
            attributes = f'lang="{each.locale.tag}" dir="{each.locale.direction}" class="fallback"'
            marked = (
                in_language(section, index, attributes) if 'class="' not in section.structure[index][-40:] else None
            )
            section = marked or section
            html = html if marked else f"<span {attributes}>{html}</span>"
        holes.append(html)
    return fill(section, holes)


class View:
    """All that templates may ask about one localized document; every text it gives is HTML already."""

    def __init__(self, localized: LocalizedDocument, words: Words, format: Format, surroundings: Surroundings) -> None:
        self._localized = localized
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
        self.percent = localized.coverage.percent
        self.source = self._localized_text(locale.name_of(document.locale))
        self.is_source = locale == document.locale
        self.counter_style = locale.counter_style
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
        inserted = {name: self._among(phrase.locale, escape(value)) for name, value in values.items()}
        parts = (
            inserted[part] if is_placeholder and part in inserted else typesetter.html(part)
            for is_placeholder, part in phrase.parts()
        )
        return self._in(phrase.locale, Markup("").join(parts))

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

    def _member(self, localized: LocalizedSignatory) -> Member:
        organisation = localized.organisation
        own = organisation.name_locale
        typesetter = self._typesetter(own)
        countries = [self._localized_text(self.locale.country(code)) for code in organisation.countries]
        translation = localized.translation
        shown = translation is not None and translation.text != organisation.name
        return Member(
            acronym=typesetter.html(organisation.acronym),
            name=typesetter.html(organisation.name),
            lang=own.tag,
            dir=own.direction,
            translation=self._segment(translation) if shown else Markup(""),
            countries=Markup(" · ").join(countries),
        )


def make_page(localized: LocalizedDocument, words: Words, design: Design, surroundings: Surroundings = NOWHERE) -> Page:
    """The page of a printed format, with the pictures in ``surroundings.assets``.

    Raises InvalidInput if the template is at fault, ValueError if the format is for the web.
    """
    if design.format.fit is None:
        raise ValueError(f"{design.format.name} is not a printed format")
    html = page_html(localized, words, design, surroundings)
    locale = localized.locale
    return Page(
        html=html,
        locale=locale.tag,
        script=locale.script,
        base=float(design.typography.properties(locale)["--size"]),
        fit=design.format.fit,
        digits=locale.digits("0123456789"),
        families=tuple((each.tag, design.typography.families(each)) for each in sorted({locale, *_languages(html)})),
        pictures=surroundings.assets,
        runs=tuple(_runs(localized)),
    )


def page_html(localized: LocalizedDocument, words: Words, design: Design, surroundings: Surroundings = NOWHERE) -> str:
    """The HTML of a document in one format: a leaflet before it is typeset, or its web page."""
    format = design.format
    view = View(localized, words, format, surroundings)
    values = {
        "page": view,
        "_": view.phrase,
        "_n": view.counted,
        "label": view.label,
        "digits": view.digits,
        "style": Markup(_STYLE),
    }
    unstyled = design.templates.render(format.page, values)
    geometry = format.geometry.page_rule(view.dir) if format.geometry else ""
    counter = f"@counter-style reader{{system:extends {view.counter_style}}}"
    rules = language_rules(design.typography, localized.locale, _languages(unstyled), format.medium)
    style = "\n".join(filter(None, [geometry, counter, rules, _physical(format.style, view.dir)]))
    return unstyled.replace(_STYLE, style)


def _physical(style: str, direction: str) -> str:
    """The style with ``@bottom-start`` and its like, margin boxes that CSS does not have yet, at the reader's sides."""
    start, end = ("left", "right") if direction == "ltr" else ("right", "left")
    for edge in ("top", "bottom"):
        style = style.replace(f"@{edge}-start", f"@{edge}-{start}").replace(f"@{edge}-end", f"@{edge}-{end}")
    return style


def _languages(html: str) -> set[Locale]:
    return {Locale.parse(tag) for tag in set(_LANG.findall(html))}


def _runs(localized: LocalizedDocument) -> Iterable[Run]:
    for each in localized.segments():
        yield Run(each.text, each.location, localized.locale.tag)
    for organisation in localized.document.signatories():
        yield Run(f"{organisation.acronym} {organisation.name}", organisation.location, localized.locale.tag)


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


@lru_cache(maxsize=8)
def _environment(files: tuple[tuple[str, str], ...]) -> Environment:
    """Jinja with autoescape, without its i18n extension (which trusts translations), failing on unknown names."""
    loader = DictLoader({path.removeprefix("templates/"): text for path, text in files})
    undefined: type[Undefined] = StrictUndefined
    return Environment(loader=loader, autoescape=True, undefined=undefined, trim_blocks=True, lstrip_blocks=True)


def _in_words(message: str) -> str:
    """Jinja's complaint, with what templates call a thing instead of the name of its class."""
    return re.sub(
        r"'[\w.]+\.(\w+) object'", lambda match: "“page”" if match[1] == "View" else f"this {match[1].lower()}", message
    )


def _template_line(error: BaseException) -> int:
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
