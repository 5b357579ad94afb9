"""A laid-out document becomes a PDF in other inks and with another bleed, without laying it out again.

WeasyPrint paints every colour and picture in RGB. While ``painting_in`` is open it paints with streams of ours: ``black`` is
DeviceGray throughout, for the printer at home (DeviceCMYK would come out of a viewer as dark brown, and in four inks);
``cmyk`` is DeviceCMYK with grey in K alone, for a print shop. No RGB and no Lab is left in either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from itertools import pairwise
from typing import Literal, Protocol

from pydyf import PDF, Dictionary
from weasyprint import draw, images, pdf, svg
from weasyprint.document import Document as LaidOut
from weasyprint.layout.background import Background
from weasyprint.logger import LOGGER
from weasyprint.pdf import stream as streams

from pipeline.typesetting.pictures import picture_in_cmyk, picture_in_grey

Inks = Literal["rgb", "black", "cmyk"]
Rgb = tuple[float, float, float]
Paint = tuple[float, ...]  # one number is DeviceGray (0 is black), four are DeviceCMYK (1 is full ink)

PINNED = "70.0"
CONTRAST = 4.5  # WCAG 2, 1.4.3: what is darker than this on white is read, so it is not screened
_PX_PER_MM = 96 / 25.4
_STEPS = 8  # pieces of a gradient in CMYK, which is not linear in RGB
_K = (0.0, 0.0, 0.0, 1.0)
_SIDES = ("top", "right", "bottom", "left")


class Colour(Protocol):
    """A colour of tinycss2: coordinates in one of the spaces of CSS."""

    space: str
    coordinates: tuple[float | None, ...]
    alpha: float

    def to(self, space: str) -> Colour: ...


def painted(document: LaidOut, inks: Inks, bleed_mm: float = 0, icc: bytes | None = None) -> bytes:
    """The document as an untagged PDF for print. The document is afterwards as it was before."""
    with with_bleed(document, bleed_mm), painting_in(inks, icc):
        return bytes(document.write_pdf(finisher=None if inks == "rgb" else _without_lab))


@contextmanager
def painting_in(inks: Inks, icc: bytes | None = None) -> Iterator[None]:
    """While this is open, what WeasyPrint writes is in these inks; pictures go to CMYK through the profile, where there is one.

    Raises ``RuntimeError`` for any other WeasyPrint than the one this was proven with.
    """
    if version("weasyprint") != PINNED:
        raise RuntimeError(f"WeasyPrint {version('weasyprint')} is installed; inks are proven with {PINNED} only")
    if inks == "rgb":
        yield
        return
    stream = _GreyStream if inks == "black" else _CmykStream

    def get_x_object(image: images.RasterImage, interpolate: bool, _dpi_ratio: float) -> object:
        encoded = image.image_data.data
        picture = picture_in_grey(encoded) if inks == "black" else picture_in_cmyk(encoded, icc)
        return picture.x_object(interpolate)

    mended = (
        (pdf, "Stream", stream),
        (streams, "Stream", stream),
        (images.RasterImage, "get_x_object", get_x_object),
        (draw, "draw_background", _keeping_tones(draw.draw_background)),
        (svg.SVG, "draw", _keeping_tones_of_svg(svg.SVG.draw)),
    )
    with ExitStack() as afterwards:
        for owner, name, ours in mended:
            afterwards.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, ours)
        yield


@contextmanager
def with_bleed(document: LaidOut, bleed_mm: float) -> Iterator[None]:
    """While this is open, all pages have this bleed, whatever their style says, and what covers the page covers the bleed too.

    That is ``@page { background }``, and the background of ``html`` or ``body`` where ``@page`` has no margin. Anything else has
    to reach out by itself (``inset: -3mm``); without bleed the edge of the page cuts it.
    """
    bleed = bleed_mm * _PX_PER_MM
    kept = [(page, page.bleed, page._page_box.background, page._page_box.canvas_background) for page in document.pages]
    for page, _, background, canvas in kept:
        box = page._page_box
        trim = (0, 0, page.width, page.height)
        area = (-bleed, -bleed, page.width + 2 * bleed, page.height + 2 * bleed)
        page.bleed = dict.fromkeys(_SIDES, bleed)
        box.background = _painted_over(background, area)
        if canvas and tuple(canvas.layers[-1].painting_area) == trim:
            box.canvas_background = _painted_over(canvas, area)
    try:
        yield
    finally:
        for page, own, background, canvas in kept:
            page.bleed, page._page_box.background, page._page_box.canvas_background = own, background, canvas


def grey(rgb: Rgb) -> float:
    """The tone of a colour (Rec. 601, as Pillow has it): 0 is black, 1 is white."""
    r, g, b = rgb
    return round(0.299 * r + 0.587 * g + 0.114 * b, 4)


def solid_or_grey(rgb: Rgb) -> float:
    """Black for what is dark enough to be read on white, else its tone: a screened letter is hard to read.

    >>> solid_or_grey((0.1, 0.2, 0.4)), solid_or_grey((0.8, 0.8, 0.8))
    (0.0, 0.8)
    """
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in rgb]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 0.0 if 1.05 / (luminance + 0.05) >= CONTRAST else grey(rgb)


def cmyk(rgb: Rgb) -> tuple[float, float, float, float]:
    """Full grey component replacement: a grey is K alone, any other colour at most two inks and K.

    >>> cmyk((0.2, 0.2, 0.2)), cmyk((1.0, 0.0, 0.0))
    ((0.0, 0.0, 0.0, 0.8), (0.0, 1.0, 1.0, 0.0))
    """
    light = max(rgb)
    if light - min(rgb) < 1 / 512:
        return 0.0, 0.0, 0.0, round(1 - light, 4)
    cyan, magenta, yellow = (round((light - each) / light, 4) for each in rgb)
    return cyan, magenta, yellow, round(1 - light, 4)


def srgb(colour: Colour) -> Rgb:
    """A colour of CSS in sRGB, clipped to it; ``device-cmyk()`` as plain subtraction."""
    if colour.space == "device-cmyk":
        c, m, y, k = (each or 0.0 for each in colour.coordinates)
        r, g, b = (1 - c) * (1 - k), (1 - m) * (1 - k), (1 - y) * (1 - k)
    elif colour.space in ("srgb", "hsl", "hwb"):
        r, g, b = (each or 0.0 for each in colour.to("srgb").coordinates)
    elif colour.space in ("lab", "lch", "oklab", "oklch", "xyz-d50", "xyz-d65"):
        lightness, a, b = (each or 0.0 for each in colour.to("lab").coordinates)
        r, g, b = _srgb_of_lab(lightness, a, b)
    else:
        LOGGER.warning("the colour space %s cannot be printed: black instead", colour.space)
        r = g = b = 0.0
    return min(1.0, max(0.0, r)), min(1.0, max(0.0, g)), min(1.0, max(0.0, b))


def _srgb_of_lab(lightness: float, a: float, b: float) -> Rgb:
    """CIE Lab relative to the white of sRGB, so that what is neutral stays neutral."""
    middle = (lightness + 16) / 116
    ratios = (middle + a / 500, middle, middle - b / 200)
    x, y, z = (each**3 if each > 6 / 29 else 3 * (6 / 29) ** 2 * (each - 4 / 29) for each in ratios)
    x, z = x * 0.95046, z * 1.08906
    linear = (
        3.24097 * x - 1.53738 * y - 0.49861 * z,
        -0.96924 * x + 1.87597 * y + 0.04156 * z,
        0.05563 * x - 0.20398 * y + 1.05697 * z,
    )
    r, g, b = (12.92 * each if each <= 0.0031308 else 1.055 * each ** (1 / 2.4) - 0.055 for each in linear)
    return r, g, b


class _PrintStream(streams.Stream):  # type: ignore[misc]  # WeasyPrint has no types
    """A WeasyPrint stream that paints in grey or in CMYK.

    ``areas``: what is painted now is a background or a drawing, whose tones tell its parts from each other.
    """

    in_grey: bool
    areas = False
    _overprints: bool | None = None  # not known

    def clone(self, **options: object) -> _PrintStream:
        clone: _PrintStream = super().clone(**options)
        clone.in_grey, clone.areas = self.in_grey, self.areas
        return clone

    @property
    def _default_color_space(self) -> str:
        return "/DeviceGray" if self.in_grey else "/DeviceCMYK"

    def set_color(self, color: Colour, stroke: bool = False) -> None:
        self.set_alpha(color.alpha, stroke)
        paint = self._paint(color)
        overprints = not stroke and paint == _K and color.alpha == 1 and not self.areas
        current = "_current_color_stroke" if stroke else "_current_color"
        if getattr(self, current) != (paint, overprints):
            setattr(self, current, (paint, overprints))
            operators = ("G" if stroke else "g") if len(paint) == 1 else ("K" if stroke else "k")
            self.stream.append(f"{' '.join(f'{each:g}' for each in paint)} {operators}".encode())
            if not stroke:
                self._overprint(overprints)

    def pop_state(self) -> None:
        super().pop_state()
        self._overprints = None

    def set_alpha_state(self, *box: float, mode: str = "luminosity") -> _PrintStream:
        """A mask is grey in any inks: the black of CMYK is not quite dark to a viewer, and would let shine through."""
        mask: _PrintStream = super().set_alpha_state(*box, mode=mode)
        mask.extra["Group"]["CS"] = "/DeviceGray"
        mask.in_grey = mask.areas = True
        return mask

    def create_interpolation_function(
        self, domain: Sequence[float], c0: Sequence[float], c1: Sequence[float], n: float
    ) -> Dictionary:
        simple = super().create_interpolation_function
        if len(c0) == 1:  # of a mask
            return simple(domain, c0, c1, n)
        first, last = _rgb(c0), _rgb(c1)
        if self.in_grey:
            return simple(domain, (grey(first),), (grey(last),), n)
        places = [step / _STEPS for step in range(_STEPS + 1)]
        stops = [cmyk(_between(first, last, place**n)) for place in places]
        pieces = [simple((0, 1), here, there, 1) for here, there in pairwise(stops)]
        return self.create_stitching_function((0, 1), (0, 1) * _STEPS, places[1:-1], pieces)

    def _overprint(self, wanted: bool) -> None:
        """Black letters are printed over a tint, not into a hole in it: no white seam where the inks do not register."""
        if self._overprints != wanted and not self.in_grey:
            self._overprints = wanted
            name, state = ("over", {"op": "true", "OPM": 1}) if wanted else ("under", {"op": "false"})
            self._resources["ExtGState"][name] = Dictionary(state)
            self.stream.append(f"/{name} gs".encode())

    def _paint(self, colour: Colour) -> Paint:
        if not self.in_grey:
            if colour.space == "device-cmyk":
                return tuple(round(each or 0.0, 4) for each in colour.coordinates)
            return cmyk(srgb(colour))
        return (grey(srgb(colour)) if self.areas else solid_or_grey(srgb(colour)),)


class _GreyStream(_PrintStream):
    in_grey = True


class _CmykStream(_PrintStream):
    in_grey = False


def _rgb(channels: Sequence[float]) -> Rgb:
    r, g, b = channels
    return float(r), float(g), float(b)


def _between(first: Rgb, last: Rgb, share: float) -> Rgb:
    r, g, b = (here + (there - here) * share for here, there in zip(first, last, strict=True))
    return r, g, b


def _keeping_tones(drawing: Callable[..., None]) -> Callable[..., None]:
    """The same, with a stream that keeps the tones of dark areas apart."""

    def draw_areas(stream: _PrintStream, *arguments: object, **named: object) -> None:
        before, stream.areas = stream.areas, True
        try:
            drawing(stream, *arguments, **named)
        finally:
            stream.areas = before

    return draw_areas


def _keeping_tones_of_svg(drawing: Callable[..., None]) -> Callable[..., None]:
    def draw_svg(picture: svg.SVG, stream: _PrintStream, *arguments: object) -> None:
        _keeping_tones(lambda target: drawing(picture, target, *arguments))(stream)

    return draw_svg


def _unspoilt(drawing: Callable[..., bool]) -> Callable[..., bool]:
    """WeasyPrint overwrites the measures of an SVG pattern when it draws it, and would draw another the next time."""

    def draw_pattern(picture: svg.SVG, node: svg.Node, pattern: svg.Node, *arguments: object, **named: object) -> bool:
        kept = dict(pattern.attrib)
        try:
            return drawing(picture, node, pattern, *arguments, **named)
        finally:
            pattern.attrib.clear()
            pattern.attrib.update(kept)

    return draw_pattern


svg.draw_pattern = _unspoilt(svg.draw_pattern)


def _painted_over(background: Background, area: tuple[float, ...]) -> Background:
    return background._replace(layers=[layer._replace(painting_area=area) for layer in background.layers])


def _without_lab(_document: LaidOut, written: PDF) -> None:
    """Empties the colour spaces that WeasyPrint names in every file, used or not: a preflight would find Lab there."""
    for each in written.objects:
        if isinstance(each, dict) and "lab-d50" in each:
            each.clear()
