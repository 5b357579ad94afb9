"""Page → Leaflet: the one module of the core that is not pure, for it calls WeasyPrint.

WeasyPrint reads fonts through fontconfig, logs what it dislikes and fetches what a page names. All three are closed here: the
process must have been started with a sealed ``FONTCONFIG_FILE`` (see ``pipeline.fonts``), every line that it logs becomes a
diagnostic, and only the pictures inside the page can be fetched.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint.document import Document as LaidOut
from weasyprint.layout import inline, preferred
from weasyprint.text import line_break
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from pipeline.diagnostics import Diagnostic, Location, has_errors
from pipeline.typesetting.fitting import Layout, fit_size
from pipeline.typesetting.glyphs import missing_glyphs
from pipeline.typesetting.leaflet import Leaflet
from pipeline.typesetting.page import Page

PINNED = "70.0"
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "svg": "image/svg+xml", "webp": "image/webp"}


def typeset(page: Page, fonts: Mapping[str, tuple[str, ...]]) -> Leaflet:
    """The leaflet of a page: PDF/UA-1, tagged, with embedded subset fonts. ``fonts`` are the sealed files of each family.

    A page with a character that no font has is not typeset: its leaflet is empty and says why.
    """
    if version("weasyprint") != PINNED:
        message = f"WeasyPrint {version('weasyprint')} is installed; pages are proven with {PINNED} only"
        hint = "install what requirements/runtime.txt names"
        return Leaflet(
            b"", 0, 0, 0, (Diagnostic("toolchain", message, Location("requirements/runtime.txt"), hint=hint),)
        )
    missing = tuple(missing_glyphs(page, lambda family: _characters(fonts.get(family, ()))))
    if missing:
        return Leaflet(b"", 0, 0, 0, missing)
    with _Listening() as heard:
        laid_out: dict[float, LaidOut] = {}
        source = HTML(string=page.html, base_url="asset:/", url_fetcher=_OnlyPictures(dict(page.pictures)))

        def measure(size_pt: float) -> Layout:
            _LINES.clear()
            document = source.render(stylesheets=[_root_size(size_pt * page.base)], font_config=_font_configuration())
            laid_out[size_pt] = document
            return Layout(size_pt, len(document.pages), _filled(document))

        try:
            found = fit_size(measure, page.fit, page.fit.floor(page.script) / page.base)
            pdf = laid_out[found.size_pt].write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=None)
        except FatalURLFetchingError as error:
            return Leaflet(b"", 0, 0, 0, (_complaint(page, f"the page asks for what is not in it: {error}"),))
    complaints = tuple(_complaint(page, message) for message in dict.fromkeys(heard.messages))
    size = round(found.size_pt * page.base, 2)
    return Leaflet(b"" if has_errors(complaints) else pdf, found.pages, size, round(found.filled, 3), complaints)


def _complaint(page: Page, message: str) -> Diagnostic:
    location = page.runs[0].location if page.runs else Location("templates")
    return Diagnostic("typesetting", message, location, "error", "the typesetter said this of the page", page.locale)


def _root_size(size_pt: float) -> CSS:
    return CSS(string=f":root{{font-size:{size_pt:.3f}pt}}")


def _filled(document: LaidOut) -> float:
    """The used height in pages: full pages, and the last one down to its lowest line."""
    page = document.pages[-1]._page_box
    top = page.content_box_y()
    lowest = max(_lower_edges(page.children[0]), default=top)
    return float(len(document.pages) - 1 + max(0.01, min(1.0, (lowest - top) / page.height)))


def _lower_edges(box: Any) -> Iterator[float]:
    """The lower edges of all lines in a WeasyPrint box (its boxes are not typed)."""
    for child in getattr(box, "children", ()):
        if type(child).__name__ == "LineBox":
            yield child.position_y + child.height
        else:
            yield from _lower_edges(child)


@lru_cache(maxsize=1)
def _font_configuration() -> FontConfiguration:
    """One for the whole process: a fresh one for each page grows the process without end."""
    return FontConfiguration()


@lru_cache(maxsize=256)
def _characters(paths: tuple[str, ...]) -> frozenset[int]:
    """The characters that all styles of a family have."""
    tables = [frozenset(TTFont(path, lazy=True).getBestCmap() or ()) for path in paths]
    return frozenset.intersection(*tables) if tables else frozenset()


_LINES: dict[tuple[object, ...], tuple[object, ...]] = {}
_split_first_line = line_break.split_first_line


def _remembered_first_line(
    text: str, style: Any, context: Any, max_width: Any, justification_spacing: Any, *flags: Any, **named: Any
) -> tuple[Any, ...]:
    """WeasyPrint's ``split_first_line``, asked once for each line: balancing columns lays the same lines out again and again.

    The result is the same to the byte (a test compares). The style stays in the entry, so that its identity is not used again.
    """
    key = (id(style), text, max_width, justification_spacing, flags, tuple(sorted(named.items())))
    known = _LINES.get(key)
    if known is None:
        known = (*_split_first_line(text, style, context, max_width, justification_spacing, *flags, **named), style)
        _LINES[key] = known
    layout, *rest, _ = known
    return (copy.copy(layout), *rest)


inline.split_first_line = _remembered_first_line
preferred.split_first_line = _remembered_first_line


class _OnlyPictures(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves the pictures that are part of a page, and fails on every other address."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._pictures = pictures

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url not in self._pictures:
            raise FatalURLFetchingError(f"{url} may not be fetched")
        kind = _TYPES.get(url.rsplit(".", 1)[-1], "application/octet-stream")
        return URLFetcherResponse(url, self._pictures[url], {"Content-Type": kind})


class _Listening(logging.Handler):
    """Hears what WeasyPrint and fontTools log: missing glyphs, unknown CSS, pictures that do not load."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())

    def __enter__(self) -> _Listening:
        logger = logging.getLogger("weasyprint")
        logger.addHandler(self)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)
