"""A page becomes a PDF in a sealed process: tagged, embedded, only our fonts, and no complaint unheard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from pipeline.diagnostics import Location
from pipeline.fonts import FontSet, seal
from pipeline.pool import work_on, worker_pool
from pipeline.typesetting.formats import Fit
from pipeline.typesetting.leaflet import Leaflet
from pipeline.typesetting.page import Page, Run
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, print_page, typeset_without_memory
from tests.pdf_facts import fonts, opened, places_of_words, undefined_glyphs, words

TAGS = ("en", "fr", "fa", "el", "de")
FIT = Fit(10, 12, 2, (("default", 9),))


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> FontSet:
    """Sealed in a folder whose name XML would misread."""
    cache = tmp_path_factory.mktemp("R&D <fonts>")
    return seal(Workspace(ORCHARD).typography.all_families(), cache / "own", cache)


@pytest.fixture(scope="module")
def workers(sealed: FontSet) -> Iterator[Executor]:
    with worker_pool(sealed, 1, 1) as executor:
        yield executor


@pytest.fixture(scope="module")
def leaflets(workers: Executor) -> dict[str, Leaflet]:
    pages = {tag: print_page(tag) for tag in TAGS}
    return {tag: leaflet for tag, (leaflet, _) in zip(pages, workers.map(work_on, pages.values()), strict=True)}


def typeset(workers: Executor, body: str, head: str = "", **facts: object) -> Leaflet:
    html = (
        f'<!DOCTYPE html><html lang="en" dir="ltr"><head><title>T</title>'
        f'<style>html{{font-family:"Noto Sans"}}{head}</style></head><body>{body}</body></html>'
    )
    page = Page(html, "en", "Latn", 1, FIT, "0123456789", (("en", ("Noto Sans",)),))
    leaflet, _ = workers.submit(work_on, replace(page, **facts)).result()  # type: ignore[arg-type]  # any field of a page
    return leaflet


def messages(leaflet: Leaflet) -> list[str]:
    return [each.message for each in leaflet.diagnostics]


@pytest.mark.parametrize("tag", TAGS)
def test_a_leaflet_is_without_fault(leaflets: dict[str, Leaflet], tag: str) -> None:
    leaflet = leaflets[tag]
    assert leaflet.diagnostics == ()
    assert leaflet.pages == 1
    assert leaflet.pdf.startswith(b"%PDF-1.7")
    assert undefined_glyphs(leaflet.pdf) == 0


@pytest.mark.parametrize("tag", TAGS)
def test_a_pdf_says_what_it_is(leaflets: dict[str, Leaflet], tag: str) -> None:
    title = Workspace(ORCHARD).read().documents[0].title.msgid
    with opened(leaflets[tag].pdf) as pdf:
        assert str(pdf.Root.Lang) == tag
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        shown = str(pdf.docinfo["/Title"])
        assert (shown == title) is (tag == "en")
        with pdf.open_metadata() as xmp:
            assert str(xmp["pdfuaid:part"]) == "1"
            assert str(xmp["dc:title"]) == shown
        with pdf.open_outline() as outline:
            assert str(outline.root[0].title).replace("\u202f", " ") == shown.replace("\u202f", " ")
        assert "/CreationDate" not in pdf.docinfo


@pytest.mark.parametrize("tag", TAGS)
def test_all_fonts_are_embedded_subset_and_ours(leaflets: dict[str, Leaflet], sealed: FontSet, tag: str) -> None:
    ours = {family.replace(" ", "") for family, _ in sealed.families}
    used = fonts(leaflets[tag].pdf)
    assert used
    for font in used:
        assert font.embedded, font
        assert font.subset, font
        assert font.family in ours, font


def test_a_link_a_picture_and_a_table_are_there(leaflets: dict[str, Leaflet]) -> None:
    with opened(leaflets["fr"].pdf) as pdf:
        links = [
            str(each.A.URI) for page in pdf.pages for each in page.get("/Annots", []) if "/URI" in each.get("/A", {})
        ]
        assert links == ["https://orchard.example/map?year=2026&side=north"]
        tagged = {str(each.S) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each}
        assert tagged >= {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Link", "/Figure"}
        assert any(
            str(each.get("/Alt", "")) == "Un arbre et trois pommes"
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary)
        )


def test_the_words_can_be_found_again(leaflets: dict[str, Leaflet], tmp_path: Path) -> None:
    path = tmp_path / "el.pdf"
    path.write_bytes(leaflets["el"].pdf)
    text = re.sub(r"\s+", " ", words(path))
    assert "Διαβάστε τον χάρτη των παλιών οπωρώνων" in text
    assert "Αφήστε μια λωρίδα χόρτου δίπλα σε κάθε τοίχο." in text


def test_a_shout_after_brackets_stands_at_the_end_in_persian(leaflets: dict[str, Leaflet], tmp_path: Path) -> None:
    path = tmp_path / "fa.pdf"
    path.write_bytes(leaflets["fa"].pdf)
    places = places_of_words(path)
    assert places["!CPA"] < places["(ML)"] < places["نمجنا"], "from the left: ! CPA (ML) and the Persian word before it"


@pytest.mark.parametrize("tag", ["fr", "fa", "de"])
def test_the_remembered_line_breaks_change_no_byte(workers: Executor, leaflets: dict[str, Leaflet], tag: str) -> None:
    leaflet, _ = workers.submit(typeset_without_memory, print_page(tag)).result()
    assert leaflet.pdf == leaflets[tag].pdf


def test_the_same_page_twice_is_the_same_bytes(workers: Executor, leaflets: dict[str, Leaflet]) -> None:
    leaflet, _ = workers.submit(work_on, print_page("fa")).result()
    assert leaflet == leaflets["fa"]


def test_another_process_and_another_place_of_the_fonts_change_no_byte(
    leaflets: dict[str, Leaflet], tmp_path: Path
) -> None:
    other = seal(Workspace(ORCHARD).typography.all_families(), tmp_path / "own", tmp_path)
    with worker_pool(other, 1, 1) as executor:
        leaflet, _ = executor.submit(work_on, print_page("fr")).result()
    assert leaflet.pdf == leaflets["fr"].pdf


@pytest.mark.parametrize(
    "body",
    [
        '<img src="https://foreign.example/a.png">',
        '<img src="file:///etc/passwd">',
        '<img src="other.png">',
        '<link rel="stylesheet" href="https://foreign.example/a.css">',
        '<p style="background:url(https://foreign.example/a.png)">x</p>',
    ],
)
def test_a_foreign_address_fails(workers: Executor, body: str) -> None:
    leaflet = typeset(workers, body)
    assert leaflet.pdf == b""
    assert leaflet.diagnostics
    assert all(each.severity == "error" for each in leaflet.diagnostics)


def test_a_picture_of_the_page_is_served(workers: Executor) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    leaflet = typeset(workers, '<img alt="a square" src="asset:/a.svg">', pictures=(("asset:/a.svg", svg),))
    assert (leaflet.diagnostics, leaflet.pages) == ((), 1)


def test_a_picture_may_not_ask_for_more(workers: Executor) -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" width="9" height="9">'
        b'<image x:href="file:///etc/passwd" width="9" height="9"/></svg>'
    )
    leaflet = typeset(workers, '<img alt="a square" src="asset:/a.svg">', pictures=(("asset:/a.svg", svg),))
    assert leaflet.pdf == b""
    assert leaflet.diagnostics


@pytest.mark.parametrize(
    ("body", "head", "message"),
    [
        ("<p>x</p>", "p { colour: red }", "Ignored `colour: red"),
        ("<p>x</p>", "p::nonsense { color: red }", "Invalid or unsupported selector"),
        ('<img alt="x" src="asset:/a.png">', "", "Failed to load image"),
        ('<a href="#nowhere">x</a>', "", "No anchor #nowhere"),
    ],
)
def test_every_warning_is_a_diagnostic(workers: Executor, body: str, head: str, message: str) -> None:
    run = Run("x", Location("sources/x.md", 7), "en")
    leaflet = typeset(workers, body, head, pictures=(("asset:/a.png", b"not a picture"),), runs=(run,))
    assert any(message in each for each in messages(leaflet)), messages(leaflet)
    assert {str(each.location) for each in leaflet.diagnostics} == {"sources/x.md:7"}
    assert leaflet.pdf == b""


def test_a_character_without_a_glyph_is_named_and_nothing_is_printed(workers: Executor) -> None:
    leaflet = typeset(workers, "<p>Peace ☮ 文</p>")
    assert leaflet.pdf == b""
    assert [each.code for each in leaflet.diagnostics] == ["missing-glyph"] * 2


def test_the_fonts_of_the_machine_are_out_of_reach(workers: Executor) -> None:
    """DejaVu is on most machines; a family that is not ours is never looked for there."""
    leaflet = typeset(workers, '<p style="font-family:DejaVu Sans">x</p>')
    assert {font.family for font in fonts(leaflet.pdf)} <= {"NotoSans", "NotoSerif"} | {
        family.replace(" ", "") for family in Workspace(ORCHARD).typography.all_families()
    }


def test_a_family_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="the font family “No Such Face” is not installed") as raised:
        seal(["No Such Face", "Noto Sans"], tmp_path, tmp_path)
    assert "fonts-noto-core" in str(raised.value)


def test_a_workspace_that_moved_seals_its_fonts_anew(tmp_path: Path) -> None:
    first = seal(["Noto Sans"], tmp_path / "own", tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "b")
    second = seal(["Noto Sans"], tmp_path / "own", tmp_path / "b")
    assert first.digest == second.digest
    assert str(tmp_path / "b") in Path(second.configuration).read_text(encoding="utf-8")
    assert all(Path(path).is_file() for _, paths in second.families for path in paths)
