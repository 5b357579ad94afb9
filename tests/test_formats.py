"""A format is one folder; its geometry is said once, and every fault of it is told at once, with its line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.typesetting.formats import SAFE_MM, Fit, Format, parse_formats
from pipeline.typesetting.imposition import Scheme
from pipeline.workspace import Workspace
from tests.golden import REPOSITORY

TOML = """label = "A5"
[trim]
width_mm = 148
height_mm = 210
[margins]
top_mm = 10
bottom_mm = 12.5
inner_mm = 14
outer_mm = 9
[fit]
preferred_pt = 9
largest_pt = 11
pages = [2, 4]
[fit.floor_pt]
default = 8
Arab = 9
"""
FOLD = """[fold]
kind = "half"
sheet_mm = [297, 210]
"""
PAPER = """[papers.letter]
name = "half-letter"
label = "Half letter"
[papers.letter.trim]
width_mm = 139.7
height_mm = 215.9
"""


def files(toml: str = TOML, name: str = "a5") -> dict[str, str]:
    folder = f"templates/formats/{name}"
    return {f"{folder}/format.toml": toml, f"{folder}/page.html": "<html>", f"{folder}/style.css": "p{}"}


def parsed(toml: str = TOML) -> Format:
    (format,) = parse_formats(files(toml))
    return format


def fit_of(toml: str = TOML) -> Fit:
    fit = parsed(toml).fit
    assert fit is not None
    return fit


def complaints(given: dict[str, str]) -> list[str]:
    with pytest.raises(InvalidInput) as raised:
        parse_formats(given)
    return [str(each) for each in raised.value.diagnostics]


def test_a_format_is_its_folder() -> None:
    format = parsed()
    assert (format.name, format.label, format.medium, format.page) == ("a5", "A5", "print", "formats/a5/page.html")
    assert (format.base, format.paper, format.text, format.style) == ("a5", "iso", "full", "p{}")


def test_inner_is_where_a_line_begins() -> None:
    geometry = parsed().geometry
    assert geometry is not None
    assert geometry.page_rule("ltr") == "@page{size:148mm 210mm;margin:10mm 9mm 12.5mm 14mm}"
    assert geometry.page_rule("rtl") == "@page{size:148mm 210mm;margin:10mm 14mm 12.5mm 9mm}"
    assert parsed().page_rule("rtl") == geometry.page_rule("rtl")


def test_the_panel_that_is_folded_in_is_narrower_on_both_its_faces() -> None:
    toml = TOML.replace("148", "100") + '[fold]\nkind = "letter"\nsheet_mm = [297, 210]\nnarrow_mm = 97\n'
    assert parsed(toml).page_rule("ltr").endswith("}@page :nth(6n+4){size:97mm 210mm}@page :nth(6n+5){size:97mm 210mm}")


def test_tight_margins_are_half_way_to_the_edge_that_a_printer_can_reach_and_no_nearer() -> None:
    geometry = parsed().geometry
    assert geometry is not None
    assert "margin:8mm 7.5mm 12.5mm 10mm" in geometry.tight_rule("ltr"), "the line at the foot stays"
    assert "margin:8mm 10mm 12.5mm 7.5mm" in geometry.tight_rule("rtl")
    assert f"margin:{SAFE_MM:g}mm" in replace(geometry, top_mm=SAFE_MM - 1).tight_rule("ltr")


def test_a_script_has_its_own_floor() -> None:
    assert [fit_of().floor(script) for script in ("Arab", "Latn", "Deva")] == [9, 8, 8]


def test_how_many_pages_the_text_may_fill() -> None:
    assert fit_of().pages == (2, 4)
    assert fit_of(TOML.replace("[2, 4]", '"any"')).pages == ()


def test_the_text_area_is_what_the_margins_leave() -> None:
    geometry = parsed().geometry
    assert geometry is not None
    points = 72 / 25.4
    assert geometry.area_pt == pytest.approx(((148 - 14 - 9) * points, (210 - 10 - 12.5) * points), abs=0.01)


def test_a_sheet_without_a_fold_is_the_page() -> None:
    assert parsed().scheme == Scheme("flat", (148, 210), (148, 210))


def test_a_fold_says_its_sheet() -> None:
    assert parsed(TOML + FOLD).scheme == Scheme("half", (297, 210), (148, 210))
    cut = TOML.replace("148", "105").replace("210", "148") + (
        '[fold]\nkind = "cut"\nsheet_mm = [210, 297]\nacross = 2\ndown = 2\n'
    )
    assert parsed(cut).scheme == Scheme("cut", (210, 297), (105, 148), across=2, down=2)
    booklet = TOML + FOLD.replace("half", "saddle") + "creep_mm = 0.1\n"
    assert parsed(booklet).scheme == Scheme("saddle", (297, 210), (148, 210), creep_mm=0.1)


def test_a_web_format_has_no_geometry() -> None:
    format = parsed('label = "Web page"\nmedium = "web"\n')
    assert (format.medium, format.geometry, format.fit, format.scheme) == ("web", None, None, None)
    assert format.page_rule("ltr") == ""


def test_a_format_may_be_for_the_short_version() -> None:
    assert parsed('text = "short"\n' + TOML).text == "short"


def test_files_outside_a_formats_folder_are_not_formats() -> None:
    assert [each.name for each in parse_formats({**files(), "templates/formats/README.html": "", "x/y.css": ""})] == [
        "a5"
    ]


def test_a_missing_file_is_named() -> None:
    given = files()
    del given["templates/formats/a5/style.css"]
    assert complaints(given)[0].startswith("templates/formats/a5: error: the format lacks style.css")


# --- other papers ---------------------------------------------------------------------------------------------------------


def test_a_counterpart_on_another_paper_says_only_what_differs() -> None:
    sheet = "[papers.letter.fold]\nsheet_mm = [279.4, 215.9]\n"
    iso, letter = parse_formats(files(TOML + FOLD + PAPER + sheet))
    assert iso == parsed(TOML + FOLD)
    assert (letter.name, letter.base, letter.paper, letter.label) == ("half-letter", "a5", "letter", "Half letter")
    assert (letter.page, letter.style, letter.fit) == (iso.page, iso.style, iso.fit)
    assert letter.geometry is not None
    assert iso.geometry is not None
    assert letter.geometry == replace(iso.geometry, width_mm=139.7, height_mm=215.9)
    assert letter.scheme == Scheme("half", (279.4, 215.9), (139.7, 215.9))


def test_every_bundled_printed_format_has_a_counterpart_on_letter() -> None:
    formats = Workspace(REPOSITORY).formats
    printed = {each.base for each in formats if each.medium == "print"}
    assert {each.base for each in formats if each.paper == "letter"} == printed
    assert printed >= set("a4 a5 a5-booklet dl-trifold a6-flyer large-print".split())


def test_every_bundled_format_is_legible() -> None:
    for format in Workspace(REPOSITORY).formats:
        if format.fit is not None:
            assert min(size for _, size in format.fit.floor_pt) >= 9, format.name
            assert format.fit.floor("Arab") >= format.fit.floor("Latn"), format.name


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("[papers.letter]\nlabel = 'L'\n", ["17 [papers.letter] has no name"]),
        ("[papers.letter]\nname = 'l'\nlabel = ' '\n", ["17 [papers.letter] has no label"]),
        (PAPER.replace("139.7", "0"), ["21 [trim] width_mm must be a number above 0"]),
        (PAPER + "deep_mm = 4\n", ["23 [trim] deep_mm is unknown"]),
        (PAPER + "[papers.letter.ink]\nblack = 1\n", ["23 [papers.letter] ink is unknown"]),
        (PAPER + "[papers.letter.fit]\npages = [0]\n", ["24 [fit] pages must be a list"]),
        (PAPER + "[papers.letter.fit.floor_pt]\nLatn = 8\n", ["23 [fit.floor_pt] default is missing"]),
        ("[papers]\nletter = 1\n", ["17 [papers] must hold a table for each paper"]),
        ("[papers.letter]\nname = 'l'\nlabel = 'L'\ntrim = 3\n", ["17 [papers.letter] must hold tables"]),
        (FOLD + PAPER, ["20 the pages do not fit on the sheet"]),
    ],
)
def test_a_fault_of_another_paper_is_told_where_it_stands(more: str, found: list[str]) -> None:
    place = "templates/formats/a5/format.toml:"
    said = [each.removeprefix(place).replace(": error: ", " ", 1) for each in complaints(files(TOML + more))]
    assert len(said) == len(found), said
    assert all(one.startswith(other) for one, other in zip(said, found, strict=True)), said


def test_two_formats_cannot_have_one_name() -> None:
    given = {**files(TOML + PAPER.replace("half-letter", "zine")), **files(TOML, "zine")}
    found = complaints(given)
    assert {each.partition(": ")[0].partition("toml:")[0] for each in found} == {
        "templates/formats/a5/format.toml",
        "templates/formats/zine/format.toml",
    }, "where both stand"
    assert all(
        "error: two formats are called “zine” [format]\n    hint: give one of them another name" in each
        for each in found
    )


# --- faults ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ('label = "A5"', "", "", "the format has no label"),
        ("width_mm = 148", "width_mm = 0", ":3", "[trim] width_mm must be a number above 0"),
        ("width_mm = 148", "width_mm = true", ":3", "[trim] width_mm must be a number above 0"),
        ("width_mm = 148", 'width_mm = "148"', ":3", "[trim] width_mm must be a number above 0"),
        ("width_mm = 148", "width_mm = nan", ":3", "[trim] width_mm must be a number above 0"),
        ("width_mm = 148", "width_mm = inf", ":3", "[trim] width_mm must be a number above 0"),
        ("width_mm = 148", "wide = 1\nwidth_mm = 148", ":3", "[trim] wide is unknown"),
        ("width_mm = 148\n", "", ":2", "[trim] width_mm must be a number above 0"),
        ("inner_mm = 14", "inner_mm = -1", ":8", "[margins] inner_mm must be a number above 0"),
        ("pages = [2, 4]", "pages = 4", ":13", "[fit] pages must be a list of whole numbers"),
        ("pages = [2, 4]", "pages = [4.5]", ":13", "[fit] pages must be a list of whole numbers"),
        ("pages = [2, 4]", "pages = [4, 2]", ":13", "[fit] pages must be a list of whole numbers"),
        ("largest_pt = 11", "largest_pt = 5", ":12", "[fit] largest_pt is smaller than preferred_pt"),
        ("default = 8", "", ":14", "[fit.floor_pt] default is missing"),
        ("Arab = 9", "Arab = -1", ":14", "[fit.floor_pt] Arab must be a number above 0"),
        ("[trim]", "[[trim]]", ":2", "the table [trim] is missing"),
        ("[trim]", "[sheet]", ":2", "sheet is unknown"),
        ('label = "A5"', 'label = "A5"\nmedium = "radio"', ":2", "“medium = radio” is neither web nor print"),
        ('label = "A5"', 'label = "A5"\ntext = "half"', ":2", "“text = half” is neither full nor short"),
        ('label = "A5"', 'label = "A5"\ncolour = 1', ":2", "colour is unknown"),
        ("[trim]", "[trim", ":2", "this is not valid TOML: "),
    ],
)
def test_a_fault_of_the_settings_is_told(before: str, after: str, line: str, message: str) -> None:
    assert before in TOML
    found = complaints(files(TOML.replace(before, after)))
    assert any(each.startswith(f"templates/formats/a5/format.toml{line}: error: {message}") for each in found), found


@pytest.mark.parametrize(
    ("fold", "line", "message"),
    [
        ("", 17, "[fold] kind must be one of flat, half, letter, accordion, gate, saddle, cut"),
        ('kind = "roll"', 18, "[fold] kind must be one of"),
        ('kind = "half"\nsheet_mm = 297', 19, "[fold] sheet_mm must be a width and a height"),
        ('kind = "half"\nsheet_mm = [297, 0]', 19, "[fold] sheet_mm must be a width and a height"),
        ('kind = "half"\nsheet_mm = [297, 210, 1]', 19, "[fold] sheet_mm must be a width and a height"),
        ('kind = "half"\ncreep_mm = -1', 19, "[fold] creep_mm must be a number above 0"),
        ('kind = "cut"\nacross = 2.5', 19, "[fold] across must be a whole number above 0"),
        ('kind = "cut"\nup = 2', 19, "[fold] up is unknown"),
        ('kind = "half"', 17, "the pages do not fit on the sheet"),
        ('kind = "half"\nsheet_mm = [290, 210]', 17, "the pages do not fit on the sheet"),
        ('kind = "letter"\nsheet_mm = [444, 210]', 17, "the panel that is folded in must be a little narrower"),
    ],
)
def test_a_fold_that_cannot_be_made_is_refused(fold: str, line: int, message: str) -> None:
    found = complaints(files(f"{TOML}[fold]\n{fold}\n"))
    assert any(each.startswith(f"templates/formats/a5/format.toml:{line}: error: {message}") for each in found), found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pages = [2, 4]", "pages = []"),
        ("pages = [2, 4]", "pages = [0]"),
        ("pages = [2, 4]", "pages = [true]"),
        ("pages = [2, 4]", "pages = [2, 2]"),
        ("pages = [2, 4]", 'pages = "some"'),
        ("pages = [2, 4]", ""),
        ("default = 8", 'default = "8"'),
        ("default = 8", "default = 0"),
        ("Arab = 9", "Arab = -1"),
        ("largest_pt = 11", "largest_pt = 5"),
    ],
)
def test_a_fit_that_cannot_be_kept_is_refused(before: str, after: str) -> None:
    assert before in TOML
    assert complaints(files(TOML.replace(before, after)))


@pytest.mark.parametrize("table", ["trim", "margins", "fit", "fold"])
def test_a_table_that_is_none_is_told_with_and_without_another_paper(table: str) -> None:
    toml = f'label = "A5"\n{table} = 3\n'
    for text in (toml, f"{toml}{PAPER}[papers.letter.{table}]\nx = 1\n".replace("[papers.letter.trim]\nx", "x")):
        assert any(f":2: error: the table [{table}] is missing" in each for each in complaints(files(text))), text


@pytest.mark.parametrize("number", ["inf", f"1{'0' * 400}"])
def test_a_number_that_no_printer_can_reach_is_refused(number: str) -> None:
    assert complaints(files(TOML.replace("height_mm = 210", f"height_mm = {number}")))


def test_all_faults_of_all_formats_come_at_once() -> None:
    given = {**files(TOML.replace("148", "0").replace("210", "0")), **files("", "b")}
    assert len(complaints(given)) > 4


# fmt: off
LINES = st.sampled_from([
    *TOML.splitlines(), *FOLD.splitlines(), *PAPER.splitlines(), "trim = 3", "fit = 1", "[papers.letter.fold]", "fold = []",
    'kind = ["half"]', "papers = 1", "label = 3", "medium = []", 'medium = "web"', "text = {}", "pages = [[1]]",
    "width_mm = inf", f"width_mm = 1{'0' * 400}", "[papers.letter.fit.floor_pt]", "floor_pt = 3", "narrow_mm = 1",
    "[papers.a.b]", '[papers."x.y"]', "sheet_mm = [inf, 1]",
])
# fmt: on


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 26), LINES), min_size=1, max_size=3), st.lists(st.integers(0, 26), max_size=2))
def test_any_text_is_formats_or_invalid_input(more: list[tuple[int, str]], gone: list[int]) -> None:
    """A good file with some lines more and some lines less."""
    lines = [line for number, line in enumerate((TOML + FOLD + PAPER).splitlines()) if number not in gone]
    for place, line in more:
        lines.insert(place, line)
    try:
        found = parse_formats(files("\n".join(lines)))
    except InvalidInput as invalid:
        paths = {each.location.path for each in invalid.diagnostics}
        found = ()
    else:
        paths = {"templates/formats/a5/format.toml"}
    assert paths == {"templates/formats/a5/format.toml"}
    assert all(each.label for each in found)
