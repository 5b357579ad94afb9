"""Makes the pictures of the documentation from a finished site, as small PNG files.

    polyleaf build
    polyleaf build own-language -f dl-trifold -e screen -e desk
    polyleaf build own-language -l ar -f a5-booklet -e desk
    python docs/pictures/make.py build/site docs/pictures

Leaflets are drawn by pdfium; web pages are photographed by chromium (without it, only the leaflets are drawn).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2
from browser import browser, photograph
from drawings import RED, flips, folds
from PIL import Image, ImageDraw, ImageFont

SHORT, LONG = "own-language", "open-translation"
SHEET = "en ar bn el ur ta am zgh hy hi fa ka".split()
SHEET_COLUMNS = 6
COVERS = "fr ar hi el ta fa ka ur".split()
#: File name: language and format of a leaflet whose printed sheet it shows.
PRINTED = {"sheet-trifold": ("fr", "dl-trifold"), "sheet-booklet": ("ar", "a5-booklet")}
PHONE, DESK = (420, 900), (1100, 600)
#: File name: page of the site, window.
WEB = {
    "web-ar": (f"{SHORT}/ar/index.html", PHONE),
    "web-bn": (f"{SHORT}/bn/index.html", PHONE),
    "web-el": (f"{SHORT}/el/index.html", PHONE),
    "web-gn": (f"{SHORT}/gn/index.html", PHONE),
    "home": ("index.html", DESK),
}
#: Where the first and the second side of a sheet are folded, from the left.
FOLDS_MM = {"dl-trifold": ((97, 197), (100, 200)), "a5-booklet": ((148.5,), (148.5,))}
SHEET_MM = 297
LARGEST, SMALL = 600_000, 60_000
TABLE, EDGE, CAPTION = (226, 224, 219), (188, 184, 176), (90, 88, 84)


def leaflet(site: Path, document: str, tag: str, kind: str = "a4") -> Path:
    return site / document / tag / f"{document}.{tag}.{kind}.pdf"


def pages(pdf: Path, width: int) -> list[Image.Image]:
    """The pages of a leaflet, drawn so wide, with a thin edge around the paper."""
    drawn = []
    for page in pypdfium2.PdfDocument(pdf):
        # Four times too large, then made smaller: thin strokes stay even.
        large = page.render(scale=4 * width / page.get_width()).to_pil().convert("RGB")
        paper = large.resize((width, round(width * large.height / large.width)), Image.Resampling.LANCZOS)
        ImageDraw.Draw(paper).rectangle((0, 0, paper.width - 1, paper.height - 1), outline=EDGE)
        drawn.append(paper)
    return drawn


def on_table(papers: list[Image.Image], columns: int, captions: list[str] | None = None) -> Image.Image:
    """The papers side by side on a grey table, row by row."""
    gap, line = 22, 22 if captions else 0
    width, height = papers[0].width + gap, max(paper.height for paper in papers) + gap + line
    rows = -(-len(papers) // columns)
    table = Image.new("RGB", (columns * width + gap, rows * height + gap), TABLE)
    pen, font = ImageDraw.Draw(table), ImageFont.load_default(15)
    for index, paper in enumerate(papers):
        corner = (gap + index % columns * width, gap + index // columns * height)
        table.paste(paper, corner)
        if captions:
            middle = (corner[0] + paper.width / 2, corner[1] + paper.height + line / 2 + 2)
            pen.text(middle, captions[index], CAPTION, font, anchor="mm")
    return table


def creased(sheet: Image.Image, folds_mm: Sequence[float]) -> Image.Image:
    """The side of a sheet with its folds as red dashes."""
    pen = ImageDraw.Draw(sheet)
    for fold in folds_mm:
        x = round(fold / SHEET_MM * sheet.width)
        for y in range(0, sheet.height, 10):
            pen.line((x, y, x, y + 5), RED)
    return sheet


def photographs(site: Path) -> Iterator[tuple[str, Image.Image]]:
    """The web pages as a browser shows them."""
    program = browser()
    if not program:
        print("no chromium here: the pictures of web pages stay as they are", file=sys.stderr)
        return
    for name, (page, window) in WEB.items():
        yield name, photograph(program, site / page, window)


def save(picture: Image.Image, path: Path, colours: int = 64, largest: int = LARGEST) -> None:
    """Write a picture with few colours; fewer still if it would be large."""
    while True:
        # Cover the extremes too: with few colours the mean of the darkest ones would be a grey.
        method = Image.Quantize.MEDIANCUT if largest > SMALL else Image.Quantize.MAXCOVERAGE
        picture.quantize(colours, method, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= largest or colours <= 8:
            break
        colours //= 2
    print(f"{path} {picture.width}×{picture.height}, {path.stat().st_size // 1024} kB")


def main(site: Path, target: Path) -> None:
    covers = [leaflet(site, SHORT, tag, "dl-trifold") for tag in COVERS]
    printed = {name: leaflet(site, SHORT, tag, f"{kind}.desk") for name, (tag, kind) in PRINTED.items()}
    wanted = [*(leaflet(site, SHORT, tag) for tag in SHEET), leaflet(site, LONG, "fr"), *covers, *printed.values()]
    missing = [str(each) for each in wanted if not each.is_file()]
    if missing:
        sys.exit("build the whole sample first, and the formats named in this file; there is no " + ", ".join(missing))
    target.mkdir(parents=True, exist_ok=True)
    fronts = [pages(leaflet(site, SHORT, tag), 262)[0] for tag in SHEET]
    save(on_table(fronts, SHEET_COLUMNS, SHEET), target / "leaflets.png")
    save(on_table(pages(leaflet(site, LONG, "fr"), 420), 2), target / "leaflet-fr.png")
    save(on_table([pages(each, 116)[0] for each in covers], 4, COVERS), target / "covers.png", 32, SMALL)
    for name, (_, kind) in PRINTED.items():
        sides = [
            creased(side, folds_mm) for side, folds_mm in zip(pages(printed[name], 400), FOLDS_MM[kind], strict=True)
        ]
        save(on_table(sides, 1), target / f"{name}.png", 16, SMALL)
    for name, drawn in (("flips", flips()), ("folds", folds())):
        save(drawn, target / f"{name}.png", 64, SMALL)
    for name, picture in photographs(site):
        save(picture, target / f"{name}.png")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python docs/pictures/make.py SITE TARGET, such as build/site docs/pictures")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
