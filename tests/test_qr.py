"""QR codes: the same bytes for the same address, and a telephone reads them from a photocopy."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2
import pytest
import weasyprint
import zxingcpp
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image, ImageFilter
from weasyprint.urls import URLFetcher, URLFetcherResponse

from pipeline.diagnostics import Location
from pipeline.locales import Locale
from pipeline.typesetting.imprint import ContactLine, ImprintLine, contact_lines, imprint_lines, parse_imprint
from pipeline.typesetting.qr import (
    MODULE_MM,
    QUIET,
    is_web_address,
    module_count,
    module_mm,
    qr_size_mm,
    qr_svg,
    unreadable,
)
from tests.test_imprint import FULL

SHORT = "https://example.org/resolutions/water/de.html"
#: As long as the smallest box holds; and the larger.
LONGEST = {20: "https://example.org/" + "a" * 132, 25: "https://example.org/" + "a" * 231}
STYLE = "--leading:1.35;--font-head:sans-serif;--head-weight:700;font:10pt sans-serif"


class OneCode(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Knows one picture."""

    def __init__(self, svg: bytes) -> None:
        super().__init__()
        self.svg = svg

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        assert url == "asset:/qr.svg"
        return URLFetcherResponse(url, body=self.svg, headers={"Content-Type": "image/svg+xml"})


def contact_box(
    address: str,
    width_mm: float,
    reader: str = "en",
    lines: tuple[ContactLine, ...] = (),
    imprint: tuple[ImprintLine, ...] = (),
) -> bytes:
    """A PDF page with the box on it."""
    environment = Environment(
        loader=FileSystemLoader("templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = {"_": Markup, "_n": lambda _one, many, count: Markup(many.format(count=count)), "label": str}
    part = environment.get_template("parts/contact.html").make_module(words)
    box = part.contact(lines, "asset:/qr.svg", address, 42) + part.imprint(imprint)  # type: ignore[attr-defined]  # macros
    head = part.style(qr_size_mm(width_mm) * (module_count(address) + 2 * QUIET) / module_count(address))  # type: ignore[attr-defined]  # macros
    page = (
        f"<html lang={reader} dir={Locale.parse(reader).direction}><title>x</title>{head}<style>:root{{{STYLE}}}"
        f"@page{{size:{width_mm}mm 60mm;margin:6mm}}body{{margin:0}}</style>{box}<p>AFTER</p>"
    )
    document = weasyprint.HTML(string=page, base_url="asset:/", url_fetcher=OneCode(qr_svg(address)))
    return bytes(document.write_pdf())


def scanned(pdf: bytes) -> Image.Image:
    """The page as a good scanner sees it: 300 dpi, grey."""
    return pypdfium2.PdfDocument(pdf)[0].render(scale=300 / 72).to_pil().convert("L")


def photocopied(page: Image.Image) -> Image.Image:
    """A copy of a copy: twice crooked, blurred, too pale and thresholded; then a telephone's grainy look at it."""
    for angle in (0.8, -2.1):
        page = page.rotate(angle, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        page = page.filter(ImageFilter.GaussianBlur(1.2)).point([255 if level > 150 else 40 for level in range(256)])
    grain = Image.effect_noise(page.size, 60)
    return Image.blend(page.filter(ImageFilter.GaussianBlur(0.8)), grain, 0.25)


def read(picture: Image.Image) -> list[str]:
    return [each.text for each in zxingcpp.read_barcodes(picture) if each.format == zxingcpp.BarcodeFormat.QRCode]


def after(pdf: bytes) -> float:
    """How high on the page the text behind the box stands."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    found = text.search("AFTER").get_next()
    assert found is not None
    return round(text.get_charbox(found[0])[3], 1)


@pytest.mark.parametrize("width_mm", [99, *(pytest.param(each, marks=pytest.mark.slow) for each in (148, 210))])
@pytest.mark.parametrize("which", ["usual", "longest"])
def test_a_photocopy_of_a_photocopy_is_read(width_mm: int, which: str) -> None:
    address = SHORT if which == "usual" else LONGEST[qr_size_mm(width_mm)]
    assert list(unreadable(address, qr_size_mm(width_mm), Location("x"))) == []
    assert read(photocopied(scanned(contact_box(address, width_mm)))) == [address]


def test_the_printed_code_is_as_large_as_promised() -> None:
    page = scanned(contact_box(SHORT, 210))
    position = zxingcpp.read_barcodes(page)[0].position
    printed_mm = (position.top_right.x - position.top_left.x) / 300 * 25.4
    assert printed_mm == pytest.approx(25, abs=0.5)


def test_the_photocopier_is_a_bad_one() -> None:
    """Else the tests above would say nothing: dots of a third of what we allow are lost."""
    tiny = scanned(contact_box(LONGEST[25], 210))
    shrunk = tiny.resize((tiny.width // 3, tiny.height // 3)).resize(tiny.size)
    assert read(shrunk.filter(ImageFilter.SHARPEN)) == [] or read(photocopied(shrunk)) == []


def test_the_box_is_as_large_empty_as_full() -> None:
    ours = parse_imprint(FULL, "x.toml")
    for reader in ("en", "ar"):
        locale = Locale.parse(reader)
        full = contact_box(SHORT, 148, reader, contact_lines(ours, locale), imprint_lines(ours, locale))
        assert after(full) == after(contact_box(SHORT, 148, reader)), reader


def test_what_is_written_into_the_box_is_escaped() -> None:
    hostile = ContactLine("group", "<script>&", "en", "ltr")
    text = pypdfium2.PdfDocument(contact_box(SHORT, 148, "en", (hostile,)))[0].get_textpage().get_text_range()
    assert "<script>&" in text


def test_the_picture_is_the_same_each_time_has_no_size_and_one_colour() -> None:
    svg = qr_svg(SHORT, dark="device-cmyk(0 0 0 1)")
    assert svg == qr_svg(SHORT, dark="device-cmyk(0 0 0 1)")
    head = svg.decode()[:200]
    assert 'viewBox="0 0 41 41"' in head
    assert not re.search(r" (width|height)=", head)
    assert re.findall(r'(?:fill|stroke)="([^"]*)"', svg.decode()) == ["device-cmyk(0 0 0 1)"]
    assert b"<script" not in qr_svg(SHORT, dark='"><script>')


def test_four_modules_around_the_code_are_white() -> None:
    page = scanned(contact_box(SHORT, 210))
    corner = zxingcpp.read_barcodes(page)[0].position
    quiet = int(3.5 * module_mm(SHORT, 25) / 25.4 * 300)
    left, top, right, bottom = corner.top_left.x, corner.top_left.y, corner.bottom_right.x, corner.bottom_right.y
    ring = page.crop((left - quiet, top - quiet, right + quiet, bottom + quiet))
    ring.paste(255, (quiet - 3, quiet - 3, quiet + right - left + 4, quiet + bottom - top + 4))
    assert ring.getextrema()[0] > 200


BAD_ADDRESSES = [
    "",
    "example.org",
    "ftp://example.org",
    "javascript:alert(1)",
    "https://",
    "https:///a",
    "http://[",
    "https://a b",
    "https://user:secret@example.org",
    "https://example.org/\n",
    "https://bücher.example",
    "http://a:99999",
    "http://a:0x",
    "https://example.org/\u202e",
    'https://example.org/"><b>',
    "https://example.org\\@b.org",
]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_only_web_addresses_become_codes(address: str) -> None:
    assert not is_web_address(address)
    with pytest.raises(ValueError, match="is not a web address"):
        qr_svg(address)
    assert [each.code for each in unreadable(address, 25, Location("x"))] == ["qr"]


@pytest.mark.parametrize("size_mm", [20, 25])
def test_an_address_that_would_make_the_dots_too_small_is_refused_with_the_length_that_fits(size_mm: int) -> None:
    assert module_mm(LONGEST[size_mm], size_mm) >= MODULE_MM
    (found,) = unreadable(LONGEST[size_mm] + "a", size_mm, Location("x.toml", 3))
    assert f"too long for a QR code of {size_mm} mm" in found.message
    assert f"({len(LONGEST[size_mm])} signs always fit)" in found.hint


def test_an_address_longer_than_any_code_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        qr_svg("https://example.org/" + "a" * 3000)
    assert len(list(unreadable("https://example.org/" + "a" * 3000, 25, Location("x")))) == 1
