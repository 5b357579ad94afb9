"""A format is one folder; its geometry is said once, and every fault of it is told at once."""

from __future__ import annotations

import pytest

from pipeline.diagnostics import InvalidInput
from pipeline.typesetting.formats import Format, parse_formats

TOML = """label = "A5"
[sheet]
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
pages = 4
[fit.floor_pt]
default = 8
Arab = 9
"""


def files(toml: str = TOML, name: str = "a5") -> dict[str, str]:
    folder = f"templates/formats/{name}"
    return {f"{folder}/format.toml": toml, f"{folder}/page.html": "<html>", f"{folder}/style.css": "p{}"}


def parsed(toml: str = TOML) -> Format:
    (format,) = parse_formats(files(toml))
    return format


def complaints(given: dict[str, str]) -> list[str]:
    with pytest.raises(InvalidInput) as raised:
        parse_formats(given)
    return [str(each) for each in raised.value.diagnostics]


def test_a_format_is_its_folder() -> None:
    format = parsed()
    assert (format.name, format.label, format.medium, format.page) == ("a5", "A5", "print", "formats/a5/page.html")


def test_inner_is_where_a_line_begins() -> None:
    geometry = parsed().geometry
    assert geometry is not None
    assert geometry.page_rule("ltr") == "@page{size:148mm 210mm;margin:10mm 9mm 12.5mm 14mm}"
    assert geometry.page_rule("rtl") == "@page{size:148mm 210mm;margin:10mm 14mm 12.5mm 9mm}"


def test_a_script_has_its_own_floor() -> None:
    fit = parsed().fit
    assert fit is not None
    assert [fit.floor(script) for script in ("Arab", "Latn", "Deva")] == [9, 8, 8]


def test_a_web_format_has_no_geometry() -> None:
    format = parsed('label = "Web page"\nmedium = "web"\n')
    assert (format.medium, format.geometry, format.fit) == ("web", None, None)


def test_files_outside_a_formats_folder_are_not_formats() -> None:
    assert [each.name for each in parse_formats({**files(), "templates/formats/README.html": "", "x/y.css": ""})] == [
        "a5"
    ]


def test_a_missing_file_is_named() -> None:
    given = files()
    del given["templates/formats/a5/style.css"]
    assert complaints(given)[0].startswith("templates/formats/a5: error: the format lacks style.css")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('label = "A5"', "", "the format has no label"),
        ("width_mm = 148", "width_mm = 0", "[sheet] width_mm must be a number above 0"),
        ("width_mm = 148", "width_mm = true", "[sheet] width_mm must be a number above 0"),
        ("width_mm = 148", 'width_mm = "148"', "[sheet] width_mm must be a number above 0"),
        ("width_mm = 148", "wide = 1\nwidth_mm = 148", "[sheet] wide is unknown"),
        ("pages = 4", "pages = 4.5", "[fit] pages must be a whole number"),
        ("default = 8", "", "[fit.floor_pt] default is missing"),
        ("[sheet]", "[[sheet]]", "the table [sheet] is missing"),
        ('label = "A5"', 'label = "A5"\nmedium = "radio"', "“medium = radio” is neither web nor print"),
        ("[sheet]", "[sheet", "this is not valid TOML: "),
    ],
)
def test_a_fault_of_the_settings_is_told(before: str, after: str, message: str) -> None:
    found = complaints(files(TOML.replace(before, after)))
    assert any(each.startswith(f"templates/formats/a5/format.toml: error: {message}") for each in found), found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pages = 4", "pages = 0"),
        ("pages = 4", "pages = true"),
        ("default = 8", 'default = "8"'),
        ("default = 8", "default = 0"),
        ("Arab = 9", "Arab = -1"),
        ("largest_pt = 11", "largest_pt = 5"),
    ],
)
def test_a_fit_that_cannot_be_kept_is_refused(before: str, after: str) -> None:
    assert complaints(files(TOML.replace(before, after)))


def test_all_faults_of_all_formats_come_at_once() -> None:
    given = {**files(TOML.replace("148", "0").replace("210", "0")), **files("", "b")}
    assert len(complaints(given)) > 4
