"""A good leaflet of every edition passes, and a bad one for each rule fails with that rule's code alone."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import pikepdf
import pytest
import segno
from PIL import Image
from weasyprint import HTML

from pipeline.typesetting.preflight import RULES, Edition, Expected, Proof, preflight
from pipeline.typesetting.preflight.segments import skeleton

MM = 72 / 25.4
ADDRESS = "https://example.org/r/water/en"
SEGMENTS = (
    "Water belongs to everyone",
    "The wells of the valley have run dry for the third summer, and the pumps of the bottling plant never stop.",
    "We ask the council to publish the contract, to meter every pump, and to close the plant while villages go without.",
    "Signatories",
    "Valley Farmers’ Union",
    "اتحاد مزارعي الوادي",
)
EXPECTED = Expected(
    families=("Noto Sans", "Noto Naskh Arabic"),
    segments=SEGMENTS,
    pages=1,
    sheets=1,
    trim_mm=(148, 210),
    smallest_pt=9,
    qr=(ADDRESS,),
)
BLACK = "color: device-cmyk(0 0 0 1)"


def qr(colour: str = "#000", size: str = "25mm") -> str:
    code = segno.make(ADDRESS, error="m").svg_inline(border=4, omitsize=True, title="Code")
    inked = code.replace('stroke="#000"', f'fill="none" stroke="{colour}"')
    return f'<div style="width: {size}">{inked}</div>'


def body(extra: str = "", code: str = "") -> str:
    title, first, second, heading, *names = SEGMENTS
    listed = "".join(f"<p dir=auto>{name}</p>" for name in names)
    return f"<h1>{title}</h1><p>{first}</p><p>{second}</p><h2>{heading}</h2>{listed}{extra}{code or qr()}"


@lru_cache(maxsize=64)
def leaflet(content: str = "", style: str = "", variant: str | None = "pdf/ua-1", page: str = "148mm 210mm") -> bytes:
    """A page typeset by WeasyPrint: A5, black."""
    css = f"@page {{ size: {page}; margin: 15mm }} html {{ font: 10pt 'Noto Sans', 'Noto Naskh Arabic' }} {style}"
    html = f'<html lang="en"><title>Water</title><style>{css}</style><body>{content or body()}</body></html>'
    return HTML(string=html).write_pdf(pdf_variant=variant)


def mended(pdf: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """A PDF after a change to its objects."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(written, deterministic_id=True)
    return written.getvalue()


def on_sheet(
    pdf: bytes, sheet_mm: tuple[float, float], draw: str = "", *, place: tuple[float, float] = (0, 0)
) -> bytes:
    """The first page of a PDF as a form on a sheet of its own, as imposition does it."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as sheet:
        page = sheet.add_blank_page(page_size=(sheet_mm[0] * MM, sheet_mm[1] * MM))
        form = sheet.copy_foreign(source.pages[0].as_form_xobject())
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P1=form))
        across, up = (each * MM for each in place)
        page.obj.Contents = sheet.make_stream(f"q 1 0 0 1 {across} {up} cm /P1 Do Q\n{draw}".encode())
        sheet.save(written, deterministic_id=True)
    return written.getvalue()


def desk(content: str = "", style: str = "", draw: str = "") -> bytes:
    """An A5 page in the middle of an A4 sheet."""
    return on_sheet(leaflet(content, style, None), (297, 210), draw, place=(74.5, 0))


def crop_marks(offset_mm: float, ink: str = "1 1 1 1 K") -> str:
    """Two lines at each corner of A5 on the sheet of ``shop``, 5 mm long, from ``offset_mm`` outside the trim."""
    left, bottom, right, top = (each * MM for each in (10, 10, 158, 220))
    near, far = offset_mm * MM, (offset_mm + 5) * MM
    lines = []
    for x, out in ((left, -1), (right, 1)):
        for y, up in ((bottom, -1), (top, 1)):
            lines.append(f"{x + out * near} {y} m {x + out * far} {y} l {x} {y + up * near} m {x} {y + up * far} l")
    return f"q 0.25 w {ink} {' '.join(lines)} S Q"


def boxed(pdf: bytes, bleed_mm: float = 3) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        left, bottom, right, top = 10, 10, 158, 220
        page = document.pages[0].obj
        page.TrimBox = [each * MM for each in (left, bottom, right, top)]
        page.BleedBox = [each * MM for each in (left - bleed_mm, bottom - bleed_mm, right + bleed_mm, top + bleed_mm)]

    return mended(pdf, change)


def shop(content: str = "", style: str = BLACK, marks: str | None = None, bleed_mm: float = 3) -> bytes:
    """An A5 page with bleed and crop marks, on a sheet that is 10 mm larger all round."""
    styled = f"html {{ {style} }} @page {{ bleed: 3mm }}"
    typeset = leaflet(content or body(code=qr("device-cmyk(0 0 0 1)")), styled, None)
    marks = crop_marks(4) if marks is None else marks
    # WeasyPrint's MediaBox begins at −3 mm, and a form keeps its coordinates.
    return boxed(on_sheet(typeset, (168, 230), marks, place=(10, 10)), bleed_mm)


GOOD: dict[Edition, Callable[[], bytes]] = {"screen": leaflet, "desk": desk, "shop": shop}


def expected(edition: Edition) -> Expected:
    return replace(EXPECTED, trim_mm=(297, 210)) if edition == "desk" else EXPECTED


def codes(proof: Proof) -> set[str]:
    return {fault.code for fault in proof.diagnostics}


@pytest.mark.parametrize("edition", GOOD)
def test_a_good_leaflet_passes(edition: Edition) -> None:
    proof = preflight(GOOD[edition](), edition, expected(edition))
    assert proof.diagnostics == ()
    assert proof.facts.skipped == ()
    assert proof.facts.qr == (ADDRESS,)
    assert (proof.facts.pages, proof.facts.sheets) == (1, 1)


# --- one bad leaflet for each rule ---


def first_page(change: Callable[[pikepdf.Pdf, pikepdf.Object], object]) -> Callable[[pikepdf.Pdf], object]:
    return lambda document: change(document, document.pages[0].obj)


def without(*keys: str) -> Callable[[pikepdf.Pdf], object]:
    """Takes keys out of the catalog."""

    def change(document: pikepdf.Pdf) -> None:
        for key in keys:
            del document.Root[key]

    return change


def drawn(operators: str, edition: Edition = "screen") -> bytes:
    """A good leaflet with more operators after its own."""

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        page.contents_add(b"q", prepend=True)
        page.contents_add(f"Q /Artifact BMC q {operators} Q EMC".encode())

    return mended(GOOD[edition](), change)


def fonts_changed(change: Callable[[pikepdf.Object], object]) -> bytes:
    def each(document: pikepdf.Pdf) -> None:
        for font in document.objects:
            if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == "/Font" and "/FontDescriptor" in font:
                change(font)

    return mended(desk(), each)


def unembed(font: pikepdf.Object) -> None:
    del font.FontDescriptor["/FontFile2"]


def unprefix(font: pikepdf.Object) -> None:
    font.BaseFont = pikepdf.Name("/" + str(font.BaseFont).rpartition("+")[2])


def move_origin(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    page.MediaBox = [-20, -20, *page.MediaBox[2:]]


def narrow_bleed(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    page.BleedBox = [10, 10, 300, 500]


def picture(mode: str, colour: object, space: object = None) -> Callable[[pikepdf.Pdf, pikepdf.Object], None]:
    """Puts a picture of one colour, 10 mm wide, in the middle of the page."""

    def change(document: pikepdf.Pdf, page: pikepdf.Object) -> None:
        pixels = Image.new(mode, (8, 8), colour)
        names = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
        image = document.make_stream(pixels.tobytes(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
        image.Width, image.Height, image.BitsPerComponent = 8, 8, 8
        image.ColorSpace = space or pikepdf.Name(names[mode])
        page.Resources.XObject["/Test"] = image
        document.pages[0].contents_add(b"q 28 0 0 28 250 70 cm /Test Do Q")

    return change


def with_intent(document: pikepdf.Pdf) -> None:
    """A printing condition whose profile is not for CMYK."""
    profile = document.make_stream(bytes(16) + b"RGB " + bytes(20), N=3)
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFX,
        OutputConditionIdentifier=pikepdf.String("sRGB"),
        DestOutputProfile=profile,
    )
    document.Root.OutputIntents = pikepdf.Array([intent])


def claim_x(document: pikepdf.Pdf) -> None:
    with document.open_metadata() as xmp:
        xmp["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] = "PDF/X-4"
        xmp["{http://purl.org/dc/elements/1.1/}title"] = "Water"


def clipped(after: str = "") -> str:
    """A leaflet's body with a paragraph whose second line is cut off; ``after`` follows where it would have gone on."""
    cut, whole = (
        f"<p{style}>{SEGMENTS[2]}</p>" for style in (' style="height: 4.5mm; overflow: hidden; margin: 0"', "")
    )
    return body().replace(whole, cut + after)


GROUNDS = f"0.55 g {10 * MM} {10 * MM} {60 * MM} {190 * MM} re {225 * MM} {10 * MM} {60 * MM} {190 * MM} re f"


def covered() -> bytes:
    return drawn(f"1 g {15 * MM} {150 * MM} {118 * MM} {30 * MM} re f")


BAD: list[tuple[str, Edition, Callable[[], bytes], dict[str, object]]] = [
    ("syntax", "desk", lambda: mended(desk(), lambda pdf: pdf.pages[0].contents_add(b"q ] Q")), {}),
    ("syntax", "desk", lambda: desk(draw="q 1 0 0 cm Q"), {}),
    ("syntax", "screen", lambda: b"this is no PDF", {}),
    ("font-not-embedded", "desk", lambda: fonts_changed(unembed), {}),
    ("font-not-subset", "desk", lambda: fonts_changed(unprefix), {}),
    ("foreign-font", "screen", leaflet, {"families": ("Noto Sans",)}),
    ("foreign-font", "screen", leaflet, {"families": ("Noto Naskh Arabic", "Noto Sans Bengali", "Noto")}),
    ("notdef", "screen", lambda: leaflet(body("<p>\ue123 and \ue123")), {}),
    ("notdef", "desk", lambda: desk(body("<p>\ue123")), {}),
    ("boxes", "desk", lambda: mended(desk(), first_page(move_origin)), {"trim_mm": None}),
    ("boxes", "screen", lambda: mended(leaflet(), first_page(narrow_bleed)), {}),
    ("trim-size", "screen", leaflet, {"trim_mm": (148, 200)}),
    ("page-count", "screen", leaflet, {"pages": 2}),
    ("sheet-count", "screen", leaflet, {"sheets": 2}),
    ("small-type", "screen", lambda: leaflet(style="p { font-size: 8.5pt }"), {}),
    ("small-type", "screen", lambda: leaflet(body("<p>A note<sup style='font-size: 4pt'>12</sup>")), {}),
    ("qr", "screen", leaflet, {"qr": ("https://example.org/another",)}),
    ("qr", "screen", lambda: leaflet(body(code=qr(size="8mm"))), {}),
    ("qr", "screen", lambda: leaflet(body(code=qr("#aaa"))), {}),
    ("text-missing", "screen", leaflet, {"segments": (*SEGMENTS, "We will meet again in the autumn.")}),
    ("text-missing", "screen", leaflet, {"segments": (*SEGMENTS, "The wells of the valley")}),
    ("text-hidden", "screen", lambda: leaflet(clipped()), {}),
    (
        "text-hidden",
        "screen",
        lambda: leaflet(clipped("<p>Another paragraph, as dense as the first, goes on here" * 4)),
        {},
    ),
    ("text-hidden", "screen", lambda: leaflet(style="h2 { color: white }"), {}),
    ("text-hidden", "screen", covered, {}),
    ("text-hidden", "screen", lambda: leaflet(style="h2 { position: absolute; left: 200mm }"), {}),
    ("text-hidden", "screen", lambda: leaflet(style="h2 { opacity: 0 }"), {}),
    ("text-hidden", "desk", lambda: desk(clipped("<p>Another paragraph, as dense as the first, goes on here")), {}),
    ("text-hidden", "desk", lambda: desk(style="h2 { color: white }"), {}),
    ("pdf-a", "desk", lambda: mended(leaflet(variant="pdf/a-1b"), without("/OutputIntents")), {"trim_mm": (148, 210)}),
    ("language", "screen", lambda: mended(leaflet(), without("/Lang")), {}),
    ("title", "screen", lambda: mended(leaflet(), without("/ViewerPreferences")), {}),
    ("untagged", "screen", lambda: mended(leaflet(), without("/StructTreeRoot", "/MarkInfo")), {}),
    ("pdf-ua", "screen", lambda: leaflet(body("<h5 style='font-size: 1em'>A heading of another level</h5>")), {}),
    ("not-black", "desk", lambda: desk(style="h1 { color: #a02020 }"), {}),
    ("not-black", "desk", lambda: desk(style="h1 { color: device-cmyk(.3 .3 .3 1) }"), {}),
    ("not-black", "desk", lambda: mended(desk(), first_page(picture("RGB", "orange"))), {}),
    ("unsafe-edge", "desk", lambda: desk(draw=f"0 g {5 * MM} 100 20 20 re f"), {}),
    ("solid-area", "desk", lambda: desk(draw=f"0.2 g {20 * MM} 100 {25 * MM} {5 * MM} re f"), {}),
    ("coverage", "desk", lambda: desk(draw=GROUNDS), {}),
    ("bleed", "shop", lambda: shop(bleed_mm=2), {}),
    ("bleed", "shop", lambda: drawn(f"0 0 0 .4 k {10 * MM} {200 * MM} {148 * MM} {20 * MM} re f", "shop"), {}),
    ("rgb", "shop", lambda: shop(style=f"{BLACK}; border-top: 1pt solid #333"), {}),
    ("rgb", "shop", lambda: shop(style=f"{BLACK}; border-top: 1pt solid color(display-p3 0 0 0)"), {}),
    ("rgb", "shop", lambda: shop(style=f"{BLACK}; background: linear-gradient(#fff, #eee)"), {}),
    ("rgb", "shop", lambda: mended(shop(), first_page(picture("RGB", "white"))), {}),
    ("rich-black", "shop", lambda: shop(style="color: device-cmyk(.6 .4 .4 1)"), {}),
    ("total-ink", "shop", lambda: drawn("0.9 0.9 0.9 0.5 k 100 100 20 20 re f", "shop"), {}),
    ("total-ink", "shop", lambda: mended(shop(), first_page(picture("CMYK", (255, 255, 255, 128)))), {}),
    ("crop-marks", "shop", lambda: shop(marks=""), {}),
    ("crop-marks", "shop", lambda: shop(marks=crop_marks(1, "0 0 0 1 K")), {}),
    ("crop-marks", "shop", lambda: shop(marks=crop_marks(4).partition(" l ")[0] + " l S Q"), {}),
    ("pdf-x", "shop", lambda: mended(shop(), with_intent), {}),
    ("pdf-x", "shop", lambda: mended(shop(), claim_x), {}),
]


@pytest.mark.parametrize(
    ("code", "edition", "make", "otherwise"), BAD, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_bad_leaflet_fails_with_its_code_alone(
    code: str, edition: Edition, make: Callable[[], bytes], otherwise: dict[str, object]
) -> None:
    proof = preflight(make(), edition, replace(expected(edition), **otherwise))
    assert codes(proof) == {code}, proof.diagnostics
    assert all(fault.message and fault.hint for fault in proof.diagnostics)


def test_every_rule_has_a_bad_leaflet() -> None:
    assert {rule.code for rule in RULES} == {code for code, *_ in BAD}


def test_a_proof_is_plain_values_for_machines() -> None:
    told = json.loads(json.dumps(preflight(leaflet(), "screen", replace(EXPECTED, pages=3)).as_dict()))
    assert (told["passed"], told["edition"], told["pages"], told["smallest_pt"]) == (False, "screen", 1, 10)
    assert told["faults"][0]["code"] == "page-count"
    assert told["page_facts"][0]["trim_mm"] == [0, 0, 148, 210]
    assert told["fonts"][0] == {"name": "Noto-Naskh-Arabic", "embedded": True, "subset": True}
    assert told["claims"] == ["PDF/UA-1"]
    assert told["verdicts"][0]["standard"] == "PDF/UA-1"
    assert told["verdicts"][0]["passed"]
    assert told["verdicts"][0]["validator"].startswith("page-validation ")


def test_what_nobody_expects_is_not_asked_and_the_proof_says_so() -> None:
    facts = preflight(leaflet(), "screen").facts
    assert facts.skipped == tuple(rule.code for rule in RULES if rule.asks)
    assert not set(facts.skipped) & set(facts.asked)


def test_a_text_that_goes_on_in_another_panel_is_there() -> None:
    columns = "<main style='columns: 2; column-gap: 12mm; height: 75mm'>" + body() + "</main>"
    assert preflight(leaflet(columns), "screen", EXPECTED).diagnostics == ()


def test_light_text_in_a_dark_bar_is_seen() -> None:
    bar = "h1 { background: #000; color: #fff; padding: 1mm }"
    assert preflight(leaflet(style=bar), "screen", EXPECTED).diagnostics == ()


def test_a_file_that_says_how_it_is_printed_passes() -> None:
    def change(document: pikepdf.Pdf) -> None:
        with_intent(document)
        intent = document.Root.OutputIntents[0]
        intent.OutputConditionIdentifier = pikepdf.String("FOGRA51")
        intent.DestOutputProfile = document.make_stream(bytes(16) + b"CMYK" + bytes(20), N=4)
        claim_x(document)
        document.docinfo["/Trapped"] = pikepdf.Name("/False")

    proof = preflight(mended(shop(), change), "shop", EXPECTED)
    assert proof.diagnostics == ()
    assert proof.facts.output_intent == "FOGRA51"
    assert "PDF/X-4" in proof.facts.claims


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Öko\u00adlogie", "O\u0308ko-\nlogie"),
        ("straße", "STRASSE"),
        ("ﬁnal", "final"),
        ("\u2067الماء\u2069", "ا ل م ا ء"),
    ],
)
def test_texts_are_compared_by_their_letters(text: str, same: str) -> None:
    assert skeleton(text) == skeleton(same)


def test_colour_that_goes_on_into_the_bleed_passes() -> None:
    bar = f"0 0 0 .4 k {7 * MM} {205 * MM} {154 * MM} {18 * MM} re f"
    assert preflight(drawn(bar, "shop"), "shop", EXPECTED).diagnostics == ()


HIDDEN_RGB = {
    "inline picture": "q 9 0 0 9 250 90 cm BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI Q",
    "tiling": "/Pattern cs /Tiles scn 250 90 9 9 re f",
    "smooth shading": "/Pattern cs /Smooth scn 250 90 9 9 re f",
    "shading": "q 250 90 9 9 re W n /Shade sh Q",
    "transparency group": "/Group Do",
    "soft mask": "q /Mask gs Q",
    "ICC profile": "/Profile CS",
}


@pytest.mark.parametrize("operators", HIDDEN_RGB.values(), ids=HIDDEN_RGB)
def test_rgb_is_found_wherever_it_hides(operators: str) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        rgb, name = pikepdf.Name.DeviceRGB, pikepdf.Name
        form = {"Type": name.XObject, "Subtype": name.Form, "BBox": [0, 0, 9, 9]}
        tiles = {"PatternType": 1, "PaintType": 1, "TilingType": 1, "BBox": [0, 0, 9, 9], "XStep": 9, "YStep": 9}
        curve = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[1, 1, 1], C1=[1, 1, 1], N=1)
        shade = pikepdf.Dictionary(ShadingType=2, ColorSpace=rgb, Coords=[0, 0, 9, 9], Function=curve)
        group = pdf.make_stream(b"", **form, Group=pikepdf.Dictionary(S=name.Transparency, CS=rgb))
        pattern = pdf.make_stream(b"1 1 1 rg 0 0 9 9 re f", **tiles, Resources=pikepdf.Dictionary())
        resources = pdf.pages[0].obj.Resources
        resources.XObject["/Group"] = group
        resources.Pattern = pikepdf.Dictionary(Tiles=pattern, Smooth=pikepdf.Dictionary(PatternType=2, Shading=shade))
        resources.Shading = pikepdf.Dictionary(Shade=shade)
        mask = pikepdf.Dictionary(S=name.Luminosity, G=group)
        resources.ExtGState = pikepdf.Dictionary(Mask=pikepdf.Dictionary(SMask=mask))
        profile = pikepdf.Array([name.ICCBased, pdf.make_stream(b"", N=3)])
        resources.ColorSpace = pikepdf.Dictionary(Profile=profile)

    assert codes(preflight(mended(drawn(operators, "shop"), change), "shop", EXPECTED)) == {"rgb"}
