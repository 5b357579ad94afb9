"""One layout is painted in other inks and with another bleed: nothing of RGB is left, nothing is laid out again."""

from __future__ import annotations

import base64
import io
import re

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from weasyprint import HTML
from weasyprint.document import Document as LaidOut

from pipeline.typesetting import inks as inks_module
from pipeline.typesetting.inks import cmyk, grey, painted, painting_in, solid_or_grey, with_bleed
from pipeline.typesetting.pictures import picture_in_cmyk, picture_in_grey
from tests import press

MM = 72 / 25.4


def picture(mode: str, kind: str = "PNG", colour: tuple[int, ...] | int | None = None) -> bytes:
    image = Image.new(mode, (48, 32), colour if colour is not None else 0)
    if colour is None:
        for x in range(48):
            for y in range(32):
                channels = (x * 5, y * 7, 128, 255 - y * 7)
                image.putpixel((x, y), channels[0] if mode == "L" else channels[: len(mode)])
    encoded = io.BytesIO()
    image.save(encoded, kind)
    return encoded.getvalue()


def address(mime: str, encoded: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(encoded).decode()}"


SVG = address(
    "image/svg+xml",
    b"""<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90"><defs>
    <linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="#00f" stop-opacity=".2"/>
    </linearGradient><radialGradient id="r"><stop stop-color="#fff"/><stop offset="1" stop-color="#093"/></radialGradient>
    <pattern id="p" width=".25" height=".25"><rect width="5" height="5" fill="#060"/></pattern>
    <mask id="m"><rect width="60" height="60" fill="#fff"/></mask></defs>
    <rect width="60" height="45" fill="#003"/><circle cx="30" cy="22" r="12" fill="#600" stroke="#f90"/>
    <rect x="60" width="60" height="45" fill="url(#g)"/><circle cx="90" cy="60" r="20" fill="url(#r)"/>
    <rect y="45" width="60" height="45" fill="url(#p)" stroke="#c0f"/><rect mask="url(#m)" width="9" height="9" fill="red"/>
    <g opacity=".5"><rect x="60" y="45" width="40" height="40" fill="#0a0"/></g><text x="70" y="70" fill="navy">Svg</text>
    </svg>""",
)
SAMPLES = {
    "text": '<h1>Head</h1><p>plain <b style="color:#c00">red</b> <i style="color:#999">pale</i></p>',
    "spaces": "".join(
        f'<p style="color:{each}">word</p>'
        for each in ("hsl(120 50% 40%)", "lab(50% 40 20)", "oklch(40% .1 250)", "device-cmyk(0 1 0 .2)")
    ),
    "link": '<a href="https://example.org">link</a> <u style="text-decoration-color:#0f0">under</u>',
    "list": "<ul><li>one</ul><style>li::marker{color:red}</style>",
    "borders": '<p style="border:2pt dashed #d40">a</p><p style="border:3pt ridge teal">b</p><hr>',
    "table": '<table style="border-collapse:collapse"><td style="border:1pt solid #080;background:#efe">c</table>',
    "columns": '<div style="columns:2;column-rule:1pt solid red">one two three four</div>',
    "backgrounds": '<p style="background:#ffd;outline:1pt solid lime">a</p><style>@page{background:#fec}</style>',
    "gradients": '<p style="background:linear-gradient(90deg,red,black)">a</p>'
    '<p style="background:radial-gradient(#fff,rgb(0 90 0/.2))">b</p>'
    '<p style="background:repeating-linear-gradient(45deg,red 0 4px,blue 4px 8px)">c</p>',
    "opacity": '<p style="opacity:.4;background:#0c6">a <b>b</b></p>',
    "shadow": '<p style="box-shadow:2px 2px 6px #900">a</p>',
    "svg": f'<img alt="a" src="{SVG}"><img alt="again" src="{SVG}">',
    "tiles": f'<p style="background:url({SVG}) 0 0/20px">a</p>',
    "marks": "<style>@page{marks:crop cross;bleed:6mm}</style>a",
} | {
    f"{kind} {mode}": f'<img alt="a" src="{address("image/" + kind.lower(), picture(mode, kind))}">'
    for kind, mode in (("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "CMYK"))
}


def laid_out(body: str, page: str = "size:a6;margin:8mm") -> LaidOut:
    html = f'<html lang="en"><title>T</title><style>@page{{{page}}} html{{font:10pt sans-serif}}</style><body>{body}</body>'
    return HTML(string=html).render()


def operations(pdf: pikepdf.Pdf) -> list[tuple[str, tuple[str, ...]]]:
    """All operators with their operands: of pages, forms and patterns."""
    streams = [page.obj for page in pdf.pages]
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and (each.get("/Subtype") == "/Form" or "/PatternType" in each):
            streams.append(each)
    return [
        (str(instruction.operator), tuple(str(operand) for operand in instruction.operands))
        for stream in streams
        for instruction in pikepdf.parse_content_stream(stream)
    ]


def spaces_named(space: pikepdf.Object) -> list[str]:
    """The space that an image or a shading names, or all that resources name."""
    if isinstance(space, pikepdf.Dictionary):
        return [str(each) for _, each in space.items()]
    return [str(space)]


def foreign_colours(encoded: bytes, allowed: set[str]) -> list[str]:
    """Where a file uses another colour space than the allowed ones."""
    spaces = {"RG": "/DeviceRGB", "K": "/DeviceCMYK", "G": "/DeviceGray"}
    with pikepdf.open(io.BytesIO(encoded)) as pdf:
        used = [
            (spaces.get(name.upper()) or operands[0], name)
            for name, operands in operations(pdf)
            if name.upper() in (*spaces, "CS")
        ]
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
                used += [
                    (space, "/ColorSpace") for space in spaces_named(each.get("/ColorSpace", pikepdf.Dictionary()))
                ]
                used += [(str(each.Group.CS), "/Group")] if "/Group" in each else []
                used += [(space, "resources") for space in spaces_named(each)] if "/lab-d50" in each else []
        return [f"{space} by {place}" for space, place in used if space not in allowed | {"/Pattern"}]


@pytest.mark.parametrize("body", SAMPLES.values(), ids=SAMPLES)
def test_only_the_wanted_inks_are_left(body: str) -> None:
    document = laid_out(body)
    assert foreign_colours(painted(document, "black"), {"/DeviceGray"}) == []
    assert foreign_colours(painted(document, "cmyk"), {"/DeviceGray", "/DeviceCMYK"}) == []


def test_the_check_finds_rgb() -> None:
    assert foreign_colours(painted(laid_out(SAMPLES["svg"]), "rgb"), {"/DeviceGray"})


@pytest.mark.parametrize("body", SAMPLES.values(), ids=SAMPLES)
def test_a_painting_leaves_the_layout_as_it_was(body: str) -> None:
    document = laid_out(body)

    def screen() -> bytes:
        with with_bleed(document, 0):
            return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=None))

    before = screen()
    black, shop = painted(document, "black"), painted(document, "cmyk", 3)
    assert (painted(document, "black"), painted(document, "cmyk", 3)) == (black, shop)
    assert screen() == before


def test_nothing_is_laid_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    document = laid_out(SAMPLES["text"])
    monkeypatch.setattr(HTML, "render", None)
    assert painted(document, "cmyk", 3)


def test_text_is_pure_black() -> None:
    document = laid_out('<p>black</p><p style="color:#123">dark</p>')
    with pikepdf.open(io.BytesIO(painted(document, "cmyk"))) as pdf:
        found = [each for each in operations(pdf) if each[0] == "k"]
        assert found == [("k", ("0", "0", "0", "1")), ("k", ("0.6667", "0.3333", "0", "0.8"))]
    with pikepdf.open(io.BytesIO(painted(document, "black"))) as pdf:
        assert {each for each in operations(pdf) if each[0] == "g"} == {("g", ("0",))}


def test_black_letters_overprint_and_nothing_else_does() -> None:
    area = '<b style="color:#fff;background:#000">white</b>'
    document = laid_out(f'<p style="background:#fd0">black {area}</p><p style="display:inline-block">black {area}</p>')
    with pikepdf.open(io.BytesIO(painted(document, "cmyk"))) as pdf:
        states = pdf.pages[0].Resources.ExtGState
        assert states.over == pikepdf.Dictionary(op=True, OPM=1)
        overprints, shown = False, []
        for name, operands in operations(pdf):
            if name == "gs" and operands[0] in ("/over", "/under"):
                overprints = operands[0] == "/over"
            if name == "TJ":
                shown.append(overprints)
            if name == "f":
                assert not overprints
        assert shown == [True, False, True, False]


def test_black_is_black_and_nothing_but_grey_on_any_screen() -> None:
    pdf = painted(laid_out("".join(SAMPLES.values())), "black")
    for page in pypdfium2.PdfDocument(pdf):
        image = page.render(scale=1).to_pil().convert("RGB")
        assert all(max(colour) - min(colour) <= 1 for _, colour in image.getcolors(1 << 20) or ())


def test_a_dark_drawing_keeps_its_parts_apart() -> None:
    svg = b"""<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20" fill="#003"/>
    <circle r="9" fill="#600"/></svg>"""
    document = laid_out(f'<img alt="a" src="{address("image/svg+xml", svg)}"><p style="color:#003">x</p>')
    with pikepdf.open(io.BytesIO(painted(document, "black"))) as pdf:
        tones = {operands[0] for name, operands in operations(pdf) if name == "g"}
    assert tones == {"0.0228", "0.1196", "0"}


@pytest.mark.parametrize(
    ("rgb", "expected"),
    [
        ((0, 0, 0), (0, 0, 0, 1)),
        ((1, 1, 1), (0, 0, 0, 0)),
        ((0.5, 0.5, 0.5), (0, 0, 0, 0.5)),
        ((0, 0, 1), (1, 1, 0, 0)),
        ((0.5, 0.25, 0.5), (0, 0.5, 0, 0.5)),
    ],
)
def test_grey_is_taken_out_of_the_colours(rgb: tuple[float, float, float], expected: tuple[float, ...]) -> None:
    assert cmyk(rgb) == expected


def test_what_can_be_read_on_white_is_solid() -> None:
    assert solid_or_grey((0x76 / 255,) * 3) == 0
    assert solid_or_grey((0x78 / 255,) * 3) == pytest.approx(0x78 / 255, abs=1e-4)
    assert solid_or_grey((1, 1, 1)) == grey((1, 1, 1)) == 1


@pytest.mark.parametrize("style", [SAMPLES["gradients"], SAMPLES["opacity"], SAMPLES["svg"], SAMPLES["PNG RGBA"]])
def test_a_painting_looks_like_the_other(style: str) -> None:
    """In PDFium's idea of CMYK, on average per channel."""
    document = laid_out(style)
    shown = [
        pypdfium2.PdfDocument(painted(document, inks))[0].render(scale=0.5).to_pil().convert("RGB").tobytes()
        for inks in ("rgb", "cmyk")
    ]
    assert sum(abs(a - b) for a, b in zip(*shown, strict=True)) / len(shown[0]) < 6


def test_pictures_without_colour_need_black_alone() -> None:
    assert picture_in_cmyk(picture("RGB", colour=(90, 90, 90)), None).pixels.mode == "L"
    assert picture_in_cmyk(picture("L"), None).pixels.mode == "L"


def test_a_picture_is_separated() -> None:
    assert picture_in_cmyk(picture("RGB", colour=(0, 102, 204)), None).pixels.getpixel((0, 0)) == (255, 128, 0, 51)
    assert picture_in_grey(picture("RGB", colour=(0, 102, 204))).pixels.getpixel((0, 0)) == 83


def test_a_picture_is_separated_through_the_profile_of_the_press() -> None:
    cyan, magenta, yellow, black = picture_in_cmyk(
        picture("RGB", colour=(0, 102, 204)), press.profile()
    ).pixels.getpixel((0, 0))
    assert (cyan, magenta, yellow) == (0, 0, 0)
    assert 100 < black < 200


def test_boxes_follow_the_bleed() -> None:
    document = laid_out("a")
    for bleed in (0, 3):
        with pikepdf.open(io.BytesIO(painted(document, "cmyk", bleed))) as pdf:
            page = pdf.pages[0]
            out = bleed * MM
            assert [float(each) for each in page.TrimBox] == pytest.approx([0, 0, 105 * MM, 148 * MM], abs=1e-3)
            wanted = pytest.approx([-out, -out, 105 * MM + out, 148 * MM + out], abs=1e-3)
            assert [float(each) for each in page.MediaBox] == wanted
            assert [float(each) for each in page.BleedBox] == wanted


@pytest.mark.parametrize(
    ("page", "body"),
    [
        ("size:a6;margin:8mm;background:#000", "a"),
        ("size:a6;margin:8mm;bleed:3mm;background:#000", "a"),
        ("size:a6;margin:0", "<style>html{background:#000}</style>a"),
        ("size:a6;margin:0", "<style>body{background:#000}</style>a"),
        ("size:a6;margin:8mm", '<div style="position:fixed;inset:-11mm;background:#000"></div>'),
        ("size:a6;margin:8mm", '<div style="position:absolute;inset:-11mm;background:#000"></div>'),
    ],
)
def test_what_covers_the_page_covers_the_bleed(page: str, body: str) -> None:
    document = laid_out(body, page)
    for bleed, inks in ((3, "black"), (0, "black")):
        image = pypdfium2.PdfDocument(painted(document, inks, bleed))[0].render(scale=2).to_pil().convert("L")
        corners = [(1, 1), (image.width - 3, 1), (1, image.height - 3), (image.width - 3, image.height - 3)]
        assert max(image.getpixel(corner) for corner in corners) < 60


def test_bleed_and_inks_end_with_their_blocks() -> None:
    document = laid_out("<p style='color:red'>a")
    with with_bleed(document, 3), painting_in("cmyk"):
        pass
    assert set(document.pages[0].bleed.values()) == {0}
    assert re.search(rb"1 0 0 rg", document.write_pdf(uncompressed_pdf=True))


def test_another_weasyprint_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inks_module, "PINNED", "69.0")
    with pytest.raises(RuntimeError, match="is installed"), painting_in("black"):
        pass
