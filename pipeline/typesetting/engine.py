"""Page → Leaflet: the one module of the core that is not pure, for it calls WeasyPrint.

WeasyPrint reads fonts through fontconfig, logs what it dislikes and fetches what a page names. All three are closed here: the
process must have been started with a sealed ``FONTCONFIG_FILE`` (see ``pipeline.fonts``), every line that it logs becomes a
diagnostic, and only the pictures inside the page can be fetched.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from importlib.metadata import version

from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint.document import Document as LaidOut
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from pipeline.diagnostics import Diagnostic, Location, has_errors
from pipeline.typesetting import foot, speed, tagging, text_layer
from pipeline.typesetting.estimate import Advance, Estimate
from pipeline.typesetting.fitting import Fitted, Layout, Setting, fit
from pipeline.typesetting.formats import BLEED_MM
from pipeline.typesetting.glyphs import missing_glyphs
from pipeline.typesetting.imposition import default_flip, impose
from pipeline.typesetting.inks import Inks, painted, with_bleed
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.page import Page
from pipeline.typesetting.sheets import draw_sheets
from pipeline.typesetting.shop import ShopJob, finish_shop

PINNED = "70.0"
#: What a format says twice: as it likes it best, and with ``dense-`` before it, as it can be if the text else does not fit.
DENSE = ("members", "members-size", "masthead", "slogan")
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "svg": "image/svg+xml", "webp": "image/webp"}


def typeset(
    page: Page, finishes: Sequence[Finish], fonts: Mapping[str, tuple[str, ...]], hint: Layout | None = None
) -> tuple[Leaflet, ...]:
    """The leaflets of a page, one for each finish, all of one layout. ``fonts`` are the sealed files of each family.

    The screen edition is PDF/UA-1, tagged, with embedded subset fonts. ``hint`` is what an earlier fitting of the same text
    came to. A page with a character that no font has, or that does not fit, is not typeset: its leaflets are empty and say why.
    """
    if version("weasyprint") != PINNED:
        message = f"WeasyPrint {version('weasyprint')} is installed; pages are proven with {PINNED} only"
        place, hint_text = Location("requirements/runtime.txt"), "install what requirements/runtime.txt names"
        return _refused(finishes, (Diagnostic("toolchain", message, place, hint=hint_text),))
    speed.mend()
    tagging.mend()
    text_layer.mend()
    missing = tuple(missing_glyphs(page, lambda family: _characters(fonts.get(family, ()))))
    if missing:
        return _refused(finishes, missing)
    with _Listening() as heard:
        try:
            fitted, document = _fitted(page, partial(_advance, dict(page.families), fonts), hint)
            if not fitted.fits and page.shorter is not None:
                shorter = typeset(page.shorter, finishes, fonts, hint)
                return tuple(replace(each, shortened=True) for each in shorter)
            if document is None:
                return _refused(finishes, (_too_long(page, fitted.layout),))
            layout = fitted.layout
            if page.fit.pages and layout.way:
                foot.let_down(document, layout.way)
            paper = _Painted(document, page, len(document.pages))
            made = [paper.edition(finish) for finish in finishes]
        except FatalURLFetchingError as error:
            return _refused(finishes, (_complaint(page, f"the page asks for what is not in it: {error}"),))
    complaints = tuple(_complaint(page, message) for message in dict.fromkeys(heard.messages))
    if has_errors(complaints):
        return _refused(finishes, complaints)
    leaflet = Leaflet(
        pages=layout.pages,
        size_pt=round(layout.setting.size_pt * page.base, 2),
        fill=round(layout.fill + layout.way, 3),
        way=round(layout.way, 3),
        setting=layout.setting,
        layouts=fitted.layouts,
        diagnostics=complaints,
    )
    return tuple(replace(leaflet, pdf=pdf, sheets=sheets) for pdf, sheets in made)


def _refused(finishes: Sequence[Finish], complaints: tuple[Diagnostic, ...]) -> tuple[Leaflet, ...]:
    return tuple(Leaflet(diagnostics=complaints) for _ in finishes)


def _fitted(page: Page, advance: Advance, hint: Layout | None) -> tuple[Fitted, LaidOut | None]:
    """The layout to print and the laid-out document, None if it does not fit."""
    source = HTML(string=page.html, base_url="asset:/", url_fetcher=_OnlyPictures(dict(page.pictures)))
    laid_out: dict[Setting, LaidOut] = {}

    def measure(setting: Setting) -> Layout:
        document = source.render(stylesheets=[CSS(string=_style(page, setting))], font_config=_font_configuration())
        if len(document.pages) <= most:  # no other will be printed
            laid_out[setting] = document
        return Layout(setting, len(document.pages), foot.filled(document), foot.movable(document))

    most = max(page.fit.pages, default=math.inf)
    estimate = Estimate(page, advance)
    floor_pt = page.fit.floor(page.script) / page.base
    fitted = fit(measure, page.fit, floor_pt, lambda size_pt: estimate.pages(size_pt * page.base), hint)
    return fitted, laid_out.get(fitted.layout.setting)


def _style(page: Page, setting: Setting) -> str:
    """What a setting says to the style of a format."""
    values = {
        "font-size": f"{setting.size_pt * page.base:.3f}pt",
        "--leading-scale": f"{setting.leading:g}",
        "--space": f"{setting.space:g}",
    }
    if setting.dense:
        values |= {f"--{name}": f"var(--dense-{name})" for name in DENSE}
    # Important, for a style sheet that is given beside the page's own would else count for less.
    root = ";".join(f"{name}:{value}!important" for name, value in values.items())
    return f":root{{{root}}}{page.tight if setting.tight else ''}"


class _Painted:
    """A laid-out document in the inks and on the sheets of each edition."""

    def __init__(self, document: LaidOut, page: Page, pages: int) -> None:
        self._document, self._page, self._pages = document, page, pages

    def edition(self, finish: Finish) -> tuple[bytes, int]:
        """The PDF, and on how many sheets it prints."""
        page = self._page
        sheets = impose(page.scheme, self._pages, page.direction, finish.flip)
        if finish.edition == "screen":
            with with_bleed(self._document, 0):
                return self._document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=None), len(sheets)
        inks: Inks = "black" if finish.edition == "desk" else "cmyk"
        pages_pdf = painted(self._document, inks, BLEED_MM, finish.icc or None)
        note = _note(page, self._way(finish), self._pages) if finish.edition == "desk" else None
        drawn = draw_sheets(
            pages_pdf, sheets, page.scheme, edition=finish.edition, bleed_mm=BLEED_MM, notes=note, sides=finish.sides
        )
        if finish.edition == "shop":
            drawn = finish_shop(
                drawn, ShopJob(page.title, page.locale, page.html, finish.created), finish.icc or None
            ).pdf
        return drawn, len(sheets)

    def _way(self, finish: Finish) -> str:
        """How the sheets are printed: one side after the other, or turned on which edge."""
        if finish.sides != "both":
            return finish.sides
        return finish.flip or default_flip(self._page.scheme.sheet_mm)


def _note(page: Page, way: str, pages: int) -> bytes | None:
    """The line for the margin of the printed sheets, as a PDF of one small page; None if there is nothing to say."""
    if pages == 1 and page.scheme.kind == "flat":
        return None
    note = HTML(string=dict(page.notes)[way], url_fetcher=_OnlyPictures({}))
    return painted(note.render(font_config=_font_configuration()), "black")


def _too_long(page: Page, layout: Layout) -> Diagnostic:
    most, floor = max(page.fit.pages), page.fit.floor(page.script)
    message = (
        f"the text does not fit: at {floor:g} pt, the smallest legible size, with narrow margins and everything close, "
        f"it fills {layout.filled:.2f} pages; the format has {most}"
    )
    hint = (
        "choose a format with more room (a5-booklet, large-print), or shorten the text; "
        "a short version for such formats goes into the front matter, as “short: |”"
    )
    place = page.runs[0].location if page.runs else Location("sources")
    return Diagnostic("does-not-fit", message, place, "error", hint, page.locale)


def _complaint(page: Page, message: str) -> Diagnostic:
    location = page.runs[0].location if page.runs else Location("templates")
    return Diagnostic("typesetting", message, location, "error", "the typesetter said this of the page", page.locale)


@lru_cache(maxsize=1)
def _font_configuration() -> FontConfiguration:
    """One for the whole process: a fresh one for each page grows the process without end."""
    return FontConfiguration()


@lru_cache(maxsize=256)
def _characters(paths: tuple[str, ...]) -> frozenset[int]:
    """The characters that all styles of a family have."""
    tables = [frozenset(TTFont(path, lazy=True, fontNumber=0).getBestCmap() or ()) for path in paths]
    return frozenset.intersection(*tables) if tables else frozenset()


def _advance(
    families: Mapping[str, tuple[str, ...]], fonts: Mapping[str, tuple[str, ...]], character: str, language: str
) -> float:
    """The width of a character in the first face of its language that has it, in em."""
    for family in families.get(language, ()):
        width = _widths(fonts.get(family, ())[:1]).get(ord(character))
        if width is not None:
            return width
    return 0.0


@lru_cache(maxsize=256)
def _widths(paths: tuple[str, ...]) -> Mapping[int, float]:
    """The widths of a font's characters, in em; nothing without a font."""
    if not paths:
        return {}
    font = TTFont(paths[0], lazy=True, fontNumber=0)
    metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
    return {code: metrics[glyph][0] / em for code, glyph in (font.getBestCmap() or {}).items()}


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
