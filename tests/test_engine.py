"""A page becomes a PDF in a sealed process: tagged, embedded, only our fonts, and no complaint unheard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from pipeline.diagnostics import Location
from pipeline.fonts import FontSet, seal
from pipeline.pool import Pool
from pipeline.typesetting.fitting import GOOD_FILL, Layout
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.page import Page, Run
from pipeline.worker import Limits, work_on
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, bare_page, in_worker, print_page, typeset_without_memory
from tests.pdf_facts import fonts, opened, places_of_words, undefined_glyphs, words

TAGS = ("en", "fr", "fa", "el", "de")
SCREEN, DESK = Finish("screen"), Finish("desk")
SHOP = Finish("shop", created=date(2026, 4, 18))


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> FontSet:
    """Sealed in a folder whose name XML would misread."""
    cache = tmp_path_factory.mktemp("R&D <fonts>")
    return seal(Workspace(ORCHARD).typography.all_families(), cache / "own", cache)


@pytest.fixture(scope="module")
def workers(sealed: FontSet) -> Iterator[Pool]:
    with Pool(sealed, 1) as pool:
        yield pool


def worked(workers: Pool, page: Page, *finishes: Finish, hint: Layout | None = None) -> tuple[Leaflet, ...]:
    return in_worker(workers, work_on, page, finishes or (SCREEN,), hint)


@pytest.fixture(scope="module")
def leaflets(workers: Pool) -> dict[str, Leaflet]:
    return {tag: worked(workers, print_page(tag))[0] for tag in TAGS}


def typeset(workers: Pool, body: str, head: str = "", **facts: object) -> Leaflet:
    html = (
        f'<!DOCTYPE html><html lang="en" dir="ltr"><head><title>T</title>'
        f'<style>html{{font-family:"Noto Sans"}}{head}</style></head><body>{body}</body></html>'
    )
    (leaflet,) = worked(workers, bare_page(html, **facts))
    return leaflet


def messages(leaflet: Leaflet) -> list[str]:
    return [each.message for each in leaflet.diagnostics]


@pytest.mark.parametrize("tag", TAGS)
def test_a_leaflet_is_without_fault(leaflets: dict[str, Leaflet], tag: str) -> None:
    leaflet = leaflets[tag]
    assert leaflet.diagnostics == ()
    assert (leaflet.pages, leaflet.sheets, leaflet.shortened) == (1, 1, False)
    assert leaflet.fill >= GOOD_FILL
    assert leaflet.size_pt >= 9
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
    text = re.sub(r"\s+", " ", words(path, "-raw"))  # one column after the other
    assert "Διαβάστε τον χάρτη των παλιών οπωρώνων" in text
    assert "Αφήστε μια λωρίδα χόρτου δίπλα σε κάθε τοίχο." in text


def test_a_shout_after_brackets_stands_at_the_end_in_persian(leaflets: dict[str, Leaflet], tmp_path: Path) -> None:
    path = tmp_path / "fa.pdf"
    path.write_bytes(leaflets["fa"].pdf)
    places = {word.strip("\u200f"): left for word, left in places_of_words(path).items()}  # marks are for the order
    assert places["!"] < places["CPA"] < places["(ML)"] < places["نمجنا"], "from the left: ! CPA (ML), a Persian word"


@pytest.mark.parametrize("tag", ["fr", "fa", "de"])
def test_the_remembered_line_breaks_change_no_byte(workers: Pool, leaflets: dict[str, Leaflet], tag: str) -> None:
    (leaflet,) = in_worker(workers, typeset_without_memory, print_page(tag))
    assert leaflet == leaflets[tag]


def test_the_same_page_twice_is_the_same_bytes(workers: Pool, leaflets: dict[str, Leaflet]) -> None:
    assert worked(workers, print_page("fa")) == (leaflets["fa"],)


def test_another_process_and_another_place_of_the_fonts_change_no_byte(
    leaflets: dict[str, Leaflet], tmp_path: Path
) -> None:
    other = seal(Workspace(ORCHARD).typography.all_families(), tmp_path / "own", tmp_path)
    with Pool(other, 1) as pool:
        (leaflet,) = worked(pool, print_page("fr"))
    assert leaflet.pdf == leaflets["fr"].pdf


# --- editions -------------------------------------------------------------------------------------------------------------

MM = 72 / 25.4
_RGB = {"rg", "RG"}


def renders(page: Page, finishes: tuple[Finish, ...], hint: Layout | None) -> tuple[tuple[Leaflet, ...], list[str]]:
    """In a worker: the leaflets, and the title of each HTML that was laid out."""
    from weasyprint import HTML

    laid_out = []
    render = HTML.render

    def counting(html: HTML, *given: object, **named: object) -> object:
        laid_out.append("a note" if html.base_url is None else "a page")
        return render(html, *given, **named)

    HTML.render = counting
    try:
        leaflets = work_on(page, finishes, hint)
    finally:
        HTML.render = render
    return leaflets, laid_out


@pytest.fixture(scope="module")
def editions(workers: Pool) -> tuple[dict[str, Leaflet], list[str]]:
    """Every edition of a folded leaflet, and what was laid out for them."""
    finishes = (SHOP, DESK, SCREEN, Finish("desk", "odd"), Finish("desk", "even"))
    leaflets, laid_out = in_worker(workers, renders, print_page("fr", format="a5"), finishes, None)
    return {finish.name: leaflet for finish, leaflet in zip(finishes, leaflets, strict=True)}, laid_out


def box_mm(page: pikepdf.Page, name: str) -> tuple[float, ...]:
    left, bottom, right, top = (float(each) / MM for each in page.obj[name])
    return round(right - left, 1), round(top - bottom, 1)


def rgb_operators(pdf: pikepdf.Pdf) -> list[str]:
    """Every operator that asks for RGB, in pages and in the forms on them."""
    forms = [each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Form"]
    return [
        str(each.operator)
        for stream in (*pdf.pages, *forms)
        for each in pikepdf.parse_content_stream(stream)
        if str(each.operator) in _RGB
        or (str(each.operator) in ("cs", "CS") and str(each.operands[0]) in ("/DeviceRGB", "/lab-d50", "/srgb"))
    ]


def test_all_editions_are_painted_from_one_layout(editions: tuple[dict[str, Leaflet], list[str]]) -> None:
    leaflets, laid_out = editions
    (layouts,) = {each.layouts for each in leaflets.values()}
    assert laid_out.count("a page") == layouts
    assert laid_out.count("a note") <= 3, "one for each file of the desk"
    assert len({replace(each, pdf=b"") for each in leaflets.values()}) == 1
    assert len({each.pdf for each in leaflets.values()}) == 5
    assert {each.diagnostics for each in leaflets.values()} == {()}


def test_the_screen_edition_is_tagged_and_page_by_page(editions: tuple[dict[str, Leaflet], list[str]]) -> None:
    leaflet = editions[0]["screen"]
    with opened(leaflet.pdf) as pdf:
        assert len(pdf.pages) == leaflet.pages
        assert {box_mm(page, "/MediaBox") for page in pdf.pages} == {(148, 210)}
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as xmp:
            assert str(xmp["pdfuaid:part"]) == "1"


def test_the_desk_edition_is_imposed_and_without_rgb(editions: tuple[dict[str, Leaflet], list[str]]) -> None:
    leaflet = editions[0]["desk"]
    with opened(leaflet.pdf) as pdf:
        assert (len(pdf.pages), leaflet.sheets) == (2, 1)
        assert {box_mm(page, "/MediaBox") for page in pdf.pages} == {(297, 210)}
        assert rgb_operators(pdf) == []
    with opened(editions[0]["screen"].pdf) as pdf:
        assert rgb_operators(pdf), "the test finds RGB where there is some"


def test_on_a_printer_with_one_side_there_are_two_files(editions: tuple[dict[str, Leaflet], list[str]]) -> None:
    for name in ("desk-odd", "desk-even"):
        with opened(editions[0][name].pdf) as pdf:
            assert (len(pdf.pages), box_mm(pdf.pages[0], "/MediaBox")) == (1, (297, 210))


def test_the_shop_edition_has_bleed_and_no_rgb(editions: tuple[dict[str, Leaflet], list[str]]) -> None:
    with opened(editions[0]["shop"].pdf) as pdf:
        for page in pdf.pages:
            width, height = box_mm(page, "/TrimBox")
            assert (width, height) == (296, 210)
            assert box_mm(page, "/BleedBox") == (width + 6, height + 6)
        assert rgb_operators(pdf) == []


def test_the_line_in_the_margin_is_the_desks_and_in_the_readers_language(
    editions: tuple[dict[str, Leaflet], list[str]], tmp_path: Path
) -> None:
    said = {}
    for name, leaflet in editions[0].items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(leaflet.pdf)
        said[name] = "recto-verso" in words(path).lower() or "recto verso" in words(path).lower()
    assert said == {"desk": True, "desk-odd": False, "desk-even": False, "screen": False, "shop": False}


def test_a_finish_asked_for_alone_is_the_same_file(
    workers: Pool, editions: tuple[dict[str, Leaflet], list[str]]
) -> None:
    (alone,) = worked(workers, print_page("fr", format="a5"), DESK)
    assert alone == editions[0]["desk"]


def test_another_flip_turns_the_backs(workers: Pool, editions: tuple[dict[str, Leaflet], list[str]]) -> None:
    (long,) = worked(workers, print_page("fr", format="a5"), Finish("desk", flip="long"))
    assert long.pdf != editions[0]["desk"].pdf


# --- fitting --------------------------------------------------------------------------------------------------------------


def test_a_hint_that_still_holds_is_one_layout_and_the_same_bytes(workers: Pool, leaflets: dict[str, Leaflet]) -> None:
    known = leaflets["fr"]
    assert known.layouts > 1
    hint = Layout(known.setting, known.pages, known.pages - 1 + known.fill - known.way)
    (again,), laid_out = in_worker(workers, renders, print_page("fr"), (SCREEN,), hint)
    assert laid_out == ["a page"]
    assert again == replace(known, layouts=1)


def test_the_layout_of_another_text_does_not_mislead(workers: Pool, leaflets: dict[str, Leaflet]) -> None:
    other = leaflets["fa"]
    hint = Layout(other.setting, other.pages, other.pages - 1 + other.fill - other.way)
    (found,) = worked(workers, print_page("fr"), hint=hint)
    assert (found.pages, found.fill >= GOOD_FILL, found.diagnostics) == (1, True, ())


LONG = "<p>" + "Nobody owns the wind, and nobody shall sell it. " * 400 + "</p>"


def test_what_does_not_fit_is_told_with_its_numbers_and_not_printed(workers: Pool) -> None:
    run = Run("x", Location("sources/x.md", 7), "en")
    leaflet = typeset(workers, LONG, "@page{size:a5;margin:15mm}", runs=(run,))
    (complaint,) = leaflet.diagnostics
    assert (leaflet.pdf, complaint.code, complaint.severity) == (b"", "does-not-fit", "error")
    assert str(complaint.location) == "sources/x.md:7"
    found = re.search(r"at 9 pt, .* it fills (\d+\.\d\d) pages; the format has 2$", complaint.message)
    assert found, complaint.message
    assert float(found[1]) > 2
    assert "short" in complaint.hint


def test_a_format_without_a_limit_takes_as_many_pages_as_it_needs(workers: Pool) -> None:
    leaflet = typeset(workers, LONG, "@page{size:a5;margin:15mm}", fit=replace(bare_page("").fit, pages=()))
    assert leaflet.pages > 2
    assert (leaflet.layouts, leaflet.size_pt, leaflet.diagnostics) == (1, 10, ())


def test_the_short_version_stands_in_for_what_does_not_fit(workers: Pool) -> None:
    page = print_page("fr")
    main = page.html.index("<main>")
    crowded = replace(page, html=page.html[:main] + "<main>" + LONG + LONG + page.html[main + 6 :], shorter=page)
    shortened, other = worked(workers, crowded, SCREEN, DESK)
    (short,) = worked(workers, page)
    assert shortened == replace(short, shortened=True)
    assert (other.shortened, other.sheets, other.diagnostics) == (True, 1, ())


def test_the_short_version_is_not_asked_for_where_the_whole_fits(workers: Pool) -> None:
    page = print_page("fr")
    (whole,) = worked(workers, replace(page, shorter=replace(page, html="<html>not for print")))
    assert (whole.shortened, whole.diagnostics) == (False, ())


def test_a_short_version_that_does_not_fit_either_is_told(workers: Pool) -> None:
    page = print_page("fr")
    crowded = replace(page, html=page.html.replace("<main>", "<main>" + LONG + LONG, 1))
    (leaflet,) = worked(workers, replace(crowded, shorter=crowded))
    assert [each.code for each in leaflet.diagnostics] == ["does-not-fit"]


@pytest.mark.slow
def test_a_page_that_has_no_end_is_given_up(sealed: FontSet) -> None:
    with Pool(sealed, 1, Limits(seconds=4)) as workers:
        leaflets, faults = in_worker(workers, without_end, print_page("fr"))
        assert [each.pdf for each in leaflets] == [b"", b""]
        assert faults == ["took-too-long", "took-too-long"]
        assert "within 4 seconds" in leaflets[0].diagnostics[0].message
        assert worked(workers, print_page("en"))[0].diagnostics == (), "the process goes on with the next"


def without_end(page: Page) -> tuple[tuple[Leaflet, ...], list[str]]:
    """In a worker: what comes of a layout that goes round for ever."""
    from weasyprint import HTML

    def turn(*_: object, **__: object) -> None:
        while True:
            pass

    render = HTML.render
    HTML.render = turn
    try:
        leaflets = work_on(page, (SCREEN, DESK), None)
    finally:
        HTML.render = render
    return leaflets, [each.code for leaflet in leaflets for each in leaflet.diagnostics]


# --- what is refused ------------------------------------------------------------------------------------------------------


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
def test_a_foreign_address_fails(workers: Pool, body: str) -> None:
    leaflet = typeset(workers, body)
    assert leaflet.pdf == b""
    assert leaflet.diagnostics
    assert all(each.severity == "error" for each in leaflet.diagnostics)


def test_a_picture_of_the_page_is_served(workers: Pool) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    leaflet = typeset(workers, '<img alt="a square" src="asset:/a.svg">', pictures=(("asset:/a.svg", svg),))
    assert (leaflet.diagnostics, leaflet.pages) == ((), 1)


def test_a_picture_may_not_ask_for_more(workers: Pool) -> None:
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
def test_every_warning_is_a_diagnostic(workers: Pool, body: str, head: str, message: str) -> None:
    run = Run("x", Location("sources/x.md", 7), "en")
    leaflet = typeset(workers, body, head, pictures=(("asset:/a.png", b"not a picture"),), runs=(run,))
    assert any(message in each for each in messages(leaflet)), messages(leaflet)
    assert {str(each.location) for each in leaflet.diagnostics} == {"sources/x.md:7"}
    assert leaflet.pdf == b""


def test_a_character_without_a_glyph_is_named_and_nothing_is_printed(workers: Pool) -> None:
    leaflet = typeset(workers, "<p>Peace ☮ 文</p>")
    assert leaflet.pdf == b""
    assert [each.code for each in leaflet.diagnostics] == ["missing-glyph"] * 2


def test_the_fonts_of_the_machine_are_out_of_reach(workers: Pool) -> None:
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
