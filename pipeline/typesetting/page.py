"""LocalizedDocument + Format become a Page: HTML that holds all that decides how it looks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateError, Undefined
from markupsafe import Markup

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.translation.interface import Words
from pipeline.translation.localize import LocalizedDocument
from pipeline.typesetting.formats import Fit, Format
from pipeline.typesetting.typography import Typography, language_rules
from pipeline.typesetting.view import NOWHERE, Surroundings, View

_LANG = re.compile(r'\slang="([^"]*)"')
#: Stands for the style until the languages on the page are known; no text can hold it, for text is escaped.
_STYLE = "<!--style-->"


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
class Design:
    """How a page looks: its format, the faces of each language, the templates."""

    format: Format
    typography: Typography
    templates: Templates


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
