"""QR codes: read as they are printed, and as they come out of a bad photocopier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter

from pipeline.typesetting.preflight.inking import Pixels, Raster, raster
from pipeline.typesetting.preflight.proof import Box

_RESOLUTIONS = (150, 300)
"""Dots per inch of a telephone held far away, and of a good copy."""
_TILT = 2.5
_BLUR_MM = 0.17
_THRESHOLD = 140
_ROUND_PT = 14
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of a page, counted from 0: its text, where it stands, and the resolutions at which its copy is lost."""

    text: str
    page: int
    box: Box
    lost_at: tuple[int, ...] = ()


def codes_of(pages: Sequence[pypdfium2.PdfPage], rasters: Sequence[Raster], wanted: Sequence[str]) -> Iterator[Code]:
    """The QR codes of all pages. Where a wanted one is not found at 150 dpi, its page is drawn again at 300."""
    found = [code for number, drawn in enumerate(rasters) for code in _read(number, drawn)]
    if set(wanted) - {code.text for code in found}:
        known = {code.text for code in found}
        sharp = [code for number, page in enumerate(pages) for code in _read(number, raster(page, _RESOLUTIONS[-1]))]
        found += [code for code in sharp if code.text not in known]
    for code in found:
        lost = tuple(dpi for dpi in _RESOLUTIONS if not _survives(code, pages[code.page], rasters[code.page], dpi))
        yield Code(code.text, code.page, code.box, lost)


def _read(number: int, drawn: Raster) -> Iterator[Code]:
    for code in _decoded(drawn.darkest):
        corners = (
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_left,
            code.position.bottom_right,
        )
        across = [drawn.box.left + corner.x / drawn.scale for corner in corners]
        up = [drawn.box.top - corner.y / drawn.scale for corner in corners]
        yield Code(code.text, number, Box(min(across), min(up), max(across), max(up)))


def _survives(code: Code, page: pypdfium2.PdfPage, drawn: Raster, dpi: int) -> bool:
    """Whether a tilted, blurred, black-and-white copy of a code still says the same."""
    copy = photocopied(_part(page, drawn, code.box, dpi), dpi)
    return any(each.text == code.text for each in _decoded(copy))


def _part(page: pypdfium2.PdfPage, drawn: Raster, box: Box, dpi: int) -> Pixels:
    """The pixels round a box of a page."""
    around = Box(box.left - _ROUND_PT, box.bottom - _ROUND_PT, box.right + _ROUND_PT, box.top + _ROUND_PT)
    part = around.within(drawn.box)
    sheet = drawn.box
    crop = (part.left - sheet.left, part.bottom - sheet.bottom, sheet.right - part.right, sheet.top - part.top)
    pixels: Pixels = page.render(scale=dpi / 72, crop=crop, grayscale=True, may_draw_forms=False).to_numpy()
    return pixels.reshape(pixels.shape[:2])


def photocopied(pixels: Pixels, dpi: int) -> Pixels:
    """Grey pixels as a photocopier gives them back: tilted by 2.5°, blurred by 0.17 mm, and black or white."""
    tilted = Image.fromarray(pixels).rotate(_TILT, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    blurred = np.asarray(tilted.filter(ImageFilter.GaussianBlur(_BLUR_MM / 25.4 * dpi)))
    return np.where(blurred > _THRESHOLD, np.uint8(255), np.uint8(0))


def _decoded(pixels: Pixels) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(np.ascontiguousarray(pixels), formats=_QR)
