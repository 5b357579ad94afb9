"""Rules for a file that goes to a printing shop: bleed, marks, and ink by its own names (PDF/X-4, ISO 15930-7)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pikepdf
from PIL import Image

from pipeline.typesetting.preflight.content import Shape, lines_of
from pipeline.typesetting.preflight.examine import Examined, Side
from pipeline.typesetting.preflight.inking import INK, Raster
from pipeline.typesetting.preflight.proof import MM, Box, Fault

BLEED_MM = 3.0
TOTAL_INK = 3.0
"""Of 4: more does not dry."""
BLEED_LEAST_MM = 1.0
"""Shorter edges of colour at the cut, such as a letter's, are let pass."""
_CMYK = "use device-cmyk(…) in the style, and pictures in CMYK or grey"
_SLACK_MM = 0.05
_ALIGNED_PT = 0.4
_DARK = 0.35
_PIXELS = 0.001


def bleed(examined: Examined) -> Iterator[Fault]:
    """A cut half a millimetre off would show a white line at the edge."""
    for side in examined.sides:
        gaps = {
            "left": side.trim.left - side.bleed.left,
            "bottom": side.trim.bottom - side.bleed.bottom,
            "right": side.bleed.right - side.trim.right,
            "top": side.bleed.top - side.trim.top,
        }
        short = [f"{edge} {gap / MM:.1f} mm" for edge, gap in gaps.items() if gap / MM < BLEED_MM - _SLACK_MM]
        if short:
            message = f"the bleed is less than {BLEED_MM:g} mm: {', '.join(short)}"
            yield Fault("bleed", message, "make TrimBox and BleedBox 3 mm apart on all four sides", side.number)
            continue
        ending = [edge for edge in gaps if ends_at(edge, side.trim, side.raster) > BLEED_LEAST_MM]
        if ending:
            message = f"colour reaches the cut and ends there, without bleed: {', '.join(ending)}"
            yield Fault("bleed", message, f"let it go on for {BLEED_MM:g} mm outside the page", side.number)


def no_rgb(examined: Examined) -> Iterator[Fault]:
    """The shop would convert screen colours, and black text would come out in four inks."""
    for side in examined.sides:
        chosen = [
            f"{operator} ({colour})" for operator, colour in side.content.chosen if colour.space.kind in ("rgb", "lab")
        ]
        pictures = [
            f"a picture ({picture.space.name})"
            for picture in side.content.pictures
            if picture.space.kind in ("rgb", "lab")
        ]
        listed = list(dict.fromkeys(chosen + pictures))
        if listed:
            more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
            yield Fault("rgb", f"colours for screens: {'; '.join(listed[:3])}{more}", _CMYK, side.number)


def pure_black(examined: Examined) -> Iterator[Fault]:
    """Black text of several inks gets coloured edges as soon as the plates are a tenth of a millimetre off."""
    for side in examined.sides:
        colours = dict.fromkeys(
            str(each.colour)
            for each in side.content.letters
            if each.seen and _holds(side.bleed, each.origin) and _is_rich(each.colour.cmyk)
        )
        if colours:
            message = f"black text in more than one ink: {'; '.join(list(colours)[:3])}"
            yield Fault("rich-black", message, "write black text as device-cmyk(0 0 0 1)", side.number)


def total_ink(examined: Examined) -> Iterator[Fault]:
    """So much ink does not dry and sets off on the next sheet. Marks outside the bleed are in all inks and do not count."""
    for side in examined.sides:
        heaviest = max(_inks_of(side), default=0.0)
        if heaviest > TOTAL_INK + 0.005:
            message = f"{heaviest:.0%} of ink lie on one place; paper takes {TOTAL_INK:.0%}"
            yield Fault(
                "total-ink", message, "lower the four numbers of the colour, or convert the picture", side.number
            )


def crop_marks(examined: Examined) -> Iterator[Fault]:
    """The shop would not know where to cut; marks inside the bleed would stay on the leaflet."""
    for side in examined.sides:
        lines = list(lines_of(side.content.shapes))
        missing = [corner for corner in _CORNERS if not _is_marked(corner, side, lines)]
        if not missing:
            continue
        inside = any(_is_aligned(line.box, side.trim) and _is_between(line.box, side) for line in lines)
        message = (
            "crop marks reach into the bleed"
            if inside
            else f"{len(missing)} of 4 corners have no pair of crop marks: {', '.join(missing)}"
        )
        hint = "draw two lines at each corner, in line with the TrimBox and outside the BleedBox"
        yield Fault("crop-marks", message, hint, side.number)


def pdf_x(examined: Examined) -> Iterator[Fault]:
    """What the file says of its printing condition must fit together. No validator is asked: none is at hand."""
    document = examined.document
    claims = [claim for claim in examined.metadata.claims if claim.startswith("PDF/X")]
    intents = [each for each in document.Root.get("/OutputIntents", pikepdf.Array()) if each.get("/S") == "/GTS_PDFX"]
    wrong = [message for intent in intents for message in _faults_of(intent)]
    if claims and not intents:
        wrong.append("there is no OutputIntent")
    if claims and not bool(examined.metadata.title):
        wrong.append("there is no title")
    if claims and str(document.docinfo.get("/Trapped", "/Unknown")) not in ("/True", "/False"):
        wrong.append("Trapped is neither true nor false")
    if claims and document.trailer.get("/ID") is None:
        wrong.append("the file has no ID")
    if claims and any("/TrimBox" not in page.obj for page in document.pages):
        wrong.append("a page has no TrimBox of its own")
    for message in wrong:
        subject = f"the file claims to be {claims[0]}, but" if claims else "the OutputIntent is not usable:"
        yield Fault("pdf-x", f"{subject} {message}", "give an ICC profile with --icc, or drop the claim")


def _faults_of(intent: pikepdf.Object) -> Iterator[str]:
    if not str(intent.get("/OutputConditionIdentifier", "")):
        yield "the OutputIntent names no printing condition"
    profile = intent.get("/DestOutputProfile")
    if isinstance(profile, pikepdf.Stream):
        components = int(profile.get("/N", 0))
        head = profile.read_bytes()[16:20]
        if components != 4 or head != b"CMYK":
            yield "its ICC profile is not one for CMYK"
    elif "/RegistryName" not in intent:
        yield "the OutputIntent has neither an ICC profile nor a registry"


# --- bleed ---


def ends_at(edge: str, trim: Box, page: Raster) -> float:
    """The length in mm of an edge where ink reaches the cut and is not there any more at the end of the bleed."""
    near, far = 0.5 * MM, (BLEED_MM - 0.5) * MM
    match edge:
        case "left":
            within = replace(trim, left=trim.left + 0.3, right=trim.left + near)
            beyond = replace(trim, left=trim.left - far - near, right=trim.left - far)
        case "right":
            within = replace(trim, left=trim.right - near, right=trim.right - 0.3)
            beyond = replace(trim, left=trim.right + far, right=trim.right + far + near)
        case "bottom":
            within = replace(trim, bottom=trim.bottom + 0.3, top=trim.bottom + near)
            beyond = replace(trim, bottom=trim.bottom - far - near, top=trim.bottom - far)
        case _:
            within = replace(trim, bottom=trim.top - near, top=trim.top - 0.3)
            beyond = replace(trim, bottom=trim.top + far, top=trim.top + far + near)
    across = 1 if edge in ("left", "right") else 0
    reaches, goes_on = (page.part(box).max(axis=across, initial=0) < INK for box in (within, beyond))
    return float(np.count_nonzero(reaches & ~goes_on)) / page.dpi * 25.4


# --- ink ---


def _is_rich(inks: tuple[float, float, float, float] | None) -> bool:
    """Whether a colour is a black or dark grey that is mixed from several inks."""
    if inks is None or max(inks[:3]) < 0.01:
        return False
    light = [(1 - ink) * (1 - inks[3]) for ink in inks[:3]]
    return max(light) < _DARK and max(light) - min(light) < 0.15


def _inks_of(side: Side) -> Iterator[float]:
    """The sums of the four inks, from 0 to 4, of all that is painted on the leaflet and its bleed."""
    for shape in side.content.shapes:
        if shape.colour.cmyk is not None and shape.box.meets(_grown(side.bleed, -0.1)):
            yield sum(shape.colour.cmyk)
    for letters in side.content.letters:
        if letters.colour.cmyk is not None and letters.seen and _holds(side.bleed, letters.origin):
            yield sum(letters.colour.cmyk)
    for picture in side.content.pictures:
        if picture.space.kind == "cmyk" and picture.stream is not None and picture.box.meets(side.bleed):
            yield _heaviest(picture.stream)


def _heaviest(picture: pikepdf.Stream) -> float:
    """The ink that one pixel in a thousand of a CMYK picture exceeds, from 0 to 4; 0 of kinds that are not read here.

    JPEG's values are turned round by Pillow, as Adobe writes them, and by a PDF's Decode array.
    """
    inverted = [float(each) for each in picture.get("/Decode", pikepdf.Array())][:2] == [1.0, 0.0]
    if picture.get("/Filter") in ("/DCTDecode", pikepdf.Array([pikepdf.Name.DCTDecode])):
        pixels = np.asarray(Image.open(io.BytesIO(picture.read_raw_bytes())).convert("CMYK")).reshape(-1, 4)
        inverted = not inverted
    elif int(picture.get("/BitsPerComponent", 8)) == 8 and not isinstance(picture.get("/ColorSpace"), pikepdf.Array):
        flat = np.frombuffer(picture.read_bytes(), dtype=np.uint8)
        pixels = flat[: flat.size // 4 * 4].reshape(-1, 4)
    else:
        return 0.0
    sums = pixels.sum(axis=1, dtype=np.int64)
    inks = 4 - sums / 255 if inverted else sums / 255
    return float(np.quantile(inks, 1 - _PIXELS))


# --- marks ---

_CORNERS = ("lower left", "lower right", "upper left", "upper right")


def _is_marked(corner: str, side: Side, lines: list[Shape]) -> bool:
    """Whether a corner has a level and an upright mark in line with the trim, both wholly outside the bleed."""
    across = side.trim.left if "left" in corner else side.trim.right
    up = side.trim.bottom if "lower" in corner else side.trim.top
    upright = level = False
    for line in lines:
        box = line.box
        beyond = box.top <= side.bleed.bottom + 0.1 if "lower" in corner else box.bottom >= side.bleed.top - 0.1
        beside = box.right <= side.bleed.left + 0.1 if "left" in corner else box.left >= side.bleed.right - 0.1
        upright = upright or (beyond and abs((box.left + box.right) / 2 - across) < _ALIGNED_PT)
        level = level or (beside and abs((box.bottom + box.top) / 2 - up) < _ALIGNED_PT)
    return upright and level


def _is_aligned(line: Box, trim: Box) -> bool:
    """Whether a line continues an edge of the trim."""
    across, up = (line.left + line.right) / 2, (line.bottom + line.top) / 2
    upright = line.top - line.bottom > line.right - line.left
    edges, middle = ((trim.left, trim.right), across) if upright else ((trim.bottom, trim.top), up)
    return any(abs(edge - middle) < _ALIGNED_PT for edge in edges)


def _is_between(line: Box, side: Side) -> bool:
    """Whether a line lies outside the trim, and not outside the bleed."""
    return line.meets(_grown(side.bleed, -0.1)) and not line.meets(_grown(side.trim, -0.5))


def _grown(box: Box, by_pt: float) -> Box:
    return Box(box.left - by_pt, box.bottom - by_pt, box.right + by_pt, box.top + by_pt)


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return box.left <= point[0] <= box.right and box.bottom <= point[1] <= box.top
