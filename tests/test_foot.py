"""What stands at the end is let down to the foot of the last page: with its background and links, and nothing else moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pytest

from pipeline.fonts import FontSet, seal
from pipeline.pool import Pool
from pipeline.typesetting.leaflet import Finish
from pipeline.worker import work_on
from pipeline.workspace import Workspace
from tests.golden import REPOSITORY, bare_page, in_worker
from tests.pdf_facts import opened

#: 200 by 200 points within the margins, at the size of type that is the largest.
STYLE = "@page{size:240pt 240pt;margin:20pt}html{font:12pt/1 'Noto Sans'}body,p,div{margin:0}a{color:inherit}"
BOX = '<div data-foot style="background:#f00;height:40pt"><a href="https://example.org/">x</a></div>'


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    cache = tmp_path_factory.mktemp("fonts")
    sealed: FontSet = seal(Workspace(REPOSITORY).typography.all_families(), cache / "own", cache)
    with Pool(sealed, 1) as pool:
        yield pool


@dataclass(frozen=True, slots=True)
class Seen:
    """On how many pages, how full the last one is; there, in points from its top: links, and the first and last red line."""

    pages: int
    fill: float
    way: float
    links: list[float]
    red: tuple[int, int]


def seen(workers: Pool, body: str) -> Seen:
    html = f'<html lang="en"><head><title>T</title><style>{STYLE}</style></head><body>{body}</body></html>'
    page = bare_page(html, area_pt=(200.0, 200.0))
    (leaflet,) = in_worker(workers, work_on, page, (Finish("screen"),), None)
    assert leaflet.diagnostics == ()
    with opened(leaflet.pdf) as pdf:
        links = [each for each in pdf.pages[-1].get("/Annots", []) if "/URI" in each.get("/A", {})]
        tops = [240 - max(float(each.Rect[1]), float(each.Rect[3])) for each in links]
    picture = pypdfium2.PdfDocument(leaflet.pdf)[leaflet.pages - 1].render(scale=1).to_pil().convert("RGB")
    red = [y for y in range(240) if picture.getpixel((120, y)) == (255, 0, 0)]
    return Seen(leaflet.pages, leaflet.fill, leaflet.way, tops, (red[0], red[-1] + 1))


def test_the_end_goes_to_the_foot_with_its_background_and_links(workers: Pool) -> None:
    found = seen(workers, f'<main><p style="height:100pt">text</p>{BOX}</main>')
    assert (found.pages, found.fill, found.red) == (1, 1, (180, 220))
    assert found.way == pytest.approx(60 / 200, abs=0.001)
    assert found.links == pytest.approx([180], abs=1)


def test_on_the_last_page_only(workers: Pool) -> None:
    found = seen(workers, f'<p style="height:200pt">one</p><p style="height:120pt">two</p>{BOX}')
    assert (found.pages, found.fill, found.red) == (2, 1, (180, 220))


@pytest.mark.parametrize(
    ("body", "red"),
    [
        (f'{BOX}<p style="height:100pt">more text</p>', (20, 60)),
        ('<p style="height:100pt">text</p>' + BOX.replace("data-foot ", ""), (120, 160)),
        (f'<p style="height:100pt">text</p>{BOX}<div style="height:5pt"></div>', (120, 160)),
        (f'<p style="height:100pt">text<span style="float:footnote">note</span></p>{BOX}', (120, 160)),
    ],
    ids=["something follows", "no mark", "an empty box follows", "footnotes stand there"],
)
def test_what_is_not_the_marked_end_stays(workers: Pool, body: str, red: tuple[int, int]) -> None:
    found = seen(workers, body)
    assert (found.way, found.red) == (0, red)
    assert found.fill < 0.8


def test_an_end_that_is_parted_stays(workers: Pool) -> None:
    long = BOX.replace("height:40pt", "orphans:1;widows:1").replace("</div>", " x<br>" * 12 + "</div>")
    found = seen(workers, f'<p style="height:140pt">text</p>{long}')
    assert (found.pages, found.way, found.red[0]) == (2, 0, 20)
