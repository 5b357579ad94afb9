"""LocalizedDocument + Format become a Page: HTML that holds all that decides how it looks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateError, Undefined
from markupsafe import Markup

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.translation.interface import Words
from pipeline.translation.localize import LocalizedDocument
from pipeline.typesetting.formats import SAFE_MM, Format
from pipeline.typesetting.imposition import Scheme
from pipeline.typesetting.page import Page, Run
from pipeline.typesetting.typography import Typography, language_rules
from pipeline.typesetting.view import NOWHERE, Surroundings, View
from pipeline.typesetting.web_rules import web_rules

_LANG = re.compile(r'\slang="([^"]*)"')
#: Stands for the style until the languages on the page are known; no text can hold it, for text is escaped.
_STYLE = "<!--style-->"
_STYLES = re.compile(r"<style>.*?</style>", re.DOTALL)
#: The height of the line in the margin of a sheet.
NOTE_MM = 5.0


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

    The short version is on the page if the format is for it, and behind the page for the case that the whole does not fit.
    Raises InvalidInput if the template is at fault, ValueError if the format is for the web.
    """
    format, locale = design.format, localized.locale
    if format.fit is None or format.geometry is None or format.scheme is None:
        raise ValueError(f"{format.name} is not a printed format")
    has_short = localized.document.short is not None
    shorter = None
    if has_short and format.text == "short":
        localized, surroundings = localized.shortened(), replace(surroundings, shortened=True)
    elif has_short and format.fit.pages:
        shorter = make_page(localized.shortened(), words, design, replace(surroundings, shortened=True))
    view = View(localized, words, format, surroundings)
    html = _html(view, design)
    properties = design.typography.properties(locale)
    return Page(
        html=html,
        title=localized.title.text,
        locale=locale.tag,
        direction="rtl" if locale.direction == "rtl" else "ltr",
        script=locale.script,
        base=float(properties["--size"]),
        leading=float(properties["--leading"]),
        area_pt=format.geometry.area_pt,
        fit=format.fit,
        tight=format.geometry.tight_rule(locale.direction),
        scheme=format.scheme,
        notes=tuple(_notes(view, design)),
        digits=locale.digits("0123456789"),
        families=tuple((each.tag, design.typography.families(each)) for each in sorted({locale, *_languages(html)})),
        pictures=surroundings.assets,
        shorter=shorter,
        runs=tuple(_runs(localized)),
    )


def page_html(localized: LocalizedDocument, words: Words, design: Design, surroundings: Surroundings = NOWHERE) -> str:
    """The HTML of a document in one format: a leaflet before it is typeset, or its web page."""
    return _html(View(localized, words, design.format, surroundings), design)


def _html(view: View, design: Design) -> str:
    format, locale = design.format, view.locale
    values = {
        "page": view,
        "_": view.phrase,
        "_n": view.counted,
        "label": view.label,
        "digits": view.digits,
        "style": Markup(_STYLE),
    }
    unstyled = design.templates.render(format.page, values)
    geometry = format.page_rule(view.dir)
    counter = f"@counter-style reader{{system:extends {view.counter_style}}}"
    others = _languages(unstyled)
    if format.medium == "web":
        rules = web_rules(design.typography, locale, others)
    else:
        rules = language_rules(design.typography, locale, others, format.medium)
    style = "\n".join(filter(None, [geometry, counter, rules, format.style]))
    return _STYLES.sub(lambda found: _physical(found[0], view.dir), unstyled.replace(_STYLE, style))


def _notes(view: View, design: Design) -> Iterator[tuple[str, str]]:
    """The lines for the margin of the sheets: how to print and fold them, for each way of printing."""
    scheme = cast(Scheme, design.format.scheme)
    for way in ("long", "short", "odd", "even"):
        values = {"page": view, "_": view.phrase, "fold": scheme.kind, "way": way, "style": Markup(_STYLE)}
        size = f"@page{{size:{scheme.sheet_mm[0] - 2 * SAFE_MM:g}mm {NOTE_MM:g}mm;margin:0}}"
        html = design.templates.render("parts/note.html", values)
        rules = language_rules(design.typography, view.locale, _languages(html), "print")
        yield way, html.replace(_STYLE, f"{size}\n{rules}")


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
