"""A picture's file becomes an image XObject in grey or in CMYK.

Grey is Pillow's ``L`` (Rec. 601). CMYK goes through the ICC profile of the press if there is one, else by full grey component
replacement. A picture without colour is grey in both. Photographs (JPEG) stay JPEG; all else is deflated.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageCms, ImageMath
from pydyf import Array, Dictionary, Stream

_JPEG_QUALITY = 92


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels in mode ``L`` or ``CMYK``, and how opaque they are (mode ``L``)."""

    pixels: Image.Image
    opacity: Image.Image | None
    photograph: bool

    def x_object(self, interpolate: bool) -> Stream:
        """The image XObject for pydyf, with its soft mask."""
        x_object = _jpeg(self.pixels) if self.photograph and self.opacity is None else _deflated(self.pixels)
        if self.opacity is not None:
            x_object.extra["SMask"] = _deflated(self.opacity)
        for part in (x_object, x_object.extra.get("SMask", x_object)):
            part.extra["Interpolate"] = "true" if interpolate else "false"
        return x_object


def picture_in_grey(encoded: bytes) -> Picture:
    """The picture in tones of black."""
    pixels, opacity, photograph = _opened(encoded)
    return Picture(pixels.convert("L"), opacity, photograph)


def picture_in_cmyk(encoded: bytes, icc: bytes | None) -> Picture:
    """The picture in process inks."""
    pixels, opacity, photograph = _opened(encoded)
    if pixels.mode == "RGB":
        pixels = _separated(pixels, icc)
    return Picture(pixels, opacity, photograph)


def _opened(encoded: bytes) -> tuple[Image.Image, Image.Image | None, bool]:
    """Pixels in ``L``, ``RGB`` or ``CMYK``; opacity; whether it came as JPEG."""
    with Image.open(io.BytesIO(encoded)) as opened:
        photograph = opened.format in ("JPEG", "MPO")
        opacity = opened.getchannel("A") if "A" in opened.getbands() else None
        if opened.mode == "CMYK":
            return opened.copy(), None, photograph
        return opened.convert("L" if opened.mode in ("L", "LA") else "RGB"), opacity, photograph


def _separated(pixels: Image.Image, icc: bytes | None) -> Image.Image:
    red, green, blue = pixels.split()
    if not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(green, blue).getbbox():
        return red
    if icc is not None:
        return press_transform(icc).apply(pixels)
    light = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    inks = [_share_missing(channel, light) for channel in (red, green, blue)]
    return Image.merge("CMYK", (*inks, ImageChops.invert(light)))


def _share_missing(channel: Image.Image, light: Image.Image) -> Image.Image:
    """``(light − channel) / light``, in 255ths."""
    share: Image.Image = ImageMath.lambda_eval(
        lambda bands: bands["convert"](
            ((bands["light"] - bands["channel"]) * 255 + bands["light"] / 2) / bands["max"](bands["light"], 1), "L"
        ),
        channel=channel,
        light=light,
    )
    return share


@lru_cache(maxsize=2)
def press_transform(icc: bytes) -> ImageCms.ImageCmsTransform:
    """From sRGB to the press, relative colorimetric with black point compensation. Raises ``ImageCms.PyCMSError``."""
    press = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    return ImageCms.buildTransform(ImageCms.createProfile("sRGB"), press, "RGB", "CMYK", intent, flags)


def _jpeg(pixels: Image.Image) -> Stream:
    encoded = io.BytesIO()
    pixels.save(encoded, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    x_object = _image(pixels, encoded.getvalue(), "/DCTDecode")
    if pixels.mode == "CMYK":  # Pillow writes it as Adobe does: inverted
        x_object.extra["Decode"] = Array((1, 0) * 4)
    return x_object


def _deflated(pixels: Image.Image) -> Stream:
    """Each pixel as its difference from the one before (TIFF predictor 2), which deflates better."""
    before = Image.new(pixels.mode, pixels.size, 0)
    before.paste(pixels, (1, 0))
    x_object = _image(pixels, zlib.compress(ImageChops.subtract_modulo(pixels, before).tobytes()), "/FlateDecode")
    x_object.extra["DecodeParms"] = Dictionary(
        {"Predictor": 2, "Colors": len(pixels.getbands()), "Columns": pixels.width}
    )
    return x_object


def _image(pixels: Image.Image, encoded: bytes, filter_name: str) -> Stream:
    facts = {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": pixels.width,
        "Height": pixels.height,
        "ColorSpace": "/DeviceCMYK" if pixels.mode == "CMYK" else "/DeviceGray",
        "BitsPerComponent": 8,
        "Filter": filter_name,
    }
    return Stream([encoded], Dictionary(facts))
