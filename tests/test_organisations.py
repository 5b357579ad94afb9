"""The registry as spreadsheets write it becomes organisations; every complaint has its line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.source.document import Organisation, Role
from pipeline.source.organisations import COLUMNS, Registry, needed_languages, parse_registry

PATH = "sources/organisations.csv"
HEADER = "id,acronym,name,name_language,translation,country,languages\n"
ROWS = 'linde,LKL,"Lesekreis ""Linde"", Köln",de,Linden Circle,DE,\nbar,,مكتبة,ar,Library,LB SY,ar fr\n'


def read(text: str) -> Registry:
    return parse_registry(text, PATH)


def complaints(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read(text)
    assert all(each.location.path == PATH for each in caught.value.diagnostics)
    assert all(each.hint for each in caught.value.diagnostics)
    return [f"{each.location.line} {each.code}" for each in caught.value.diagnostics]


def only(row: str) -> Organisation:
    (organisation,) = read(HEADER + row).organisations
    return organisation


def test_reads_every_column() -> None:
    linde, library = read(HEADER + ROWS).organisations
    assert (linde.id, linde.acronym, linde.name, linde.translation) == (
        "linde",
        "LKL",
        'Lesekreis "Linde", Köln',
        "Linden Circle",
    )
    assert (linde.name_locale.tag, linde.countries, linde.languages, linde.location.line) == ("de", ("DE",), (), 2)
    assert (library.acronym, library.name_locale.direction, library.countries) == ("", "rtl", ("LB", "SY"))
    assert [each.tag for each in library.languages] == ["ar", "fr"]
    assert read(HEADER + ROWS).by_id()["bar"] is not linde


def as_written(delimiter: str, ending: str, mark: str) -> str:
    table = list(csv.reader(io.StringIO(HEADER + ROWS)))
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator=ending).writerows(table)
    return mark + written.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_files_of_libreoffice_and_excel(delimiter: str, ending: str, mark: str) -> None:
    assert read(as_written(delimiter, ending, mark)) == read(HEADER + ROWS)


def test_every_cell_quoted_and_columns_in_another_order() -> None:
    quoted = io.StringIO()
    rows = list(csv.DictReader(io.StringIO(HEADER + ROWS)))
    writer = csv.DictWriter(quoted, fieldnames=sorted(COLUMNS), quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    assert read(quoted.getvalue()) == read(HEADER + ROWS)


def test_empty_rows_are_passed_over_and_lines_stay_right() -> None:
    text = HEADER + "a,,A,de,,DE,\n\n,,,,,,\nb,,B,de,,DE,"
    assert [each.location.line for each in read(text).organisations] == [2, 5]


def test_a_registry_may_be_empty() -> None:
    assert read(HEADER).organisations == ()


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Bread", "und"),
        ("«Мост»", "und-Cyrl"),
        ("مكتبة", "und-Arab"),
        ("2 മലയാളം", "und-Mlym"),
        ("图书馆", "und-Hani"),
        ("ひらがな", "und-Jpan"),
        ("한글", "und-Hang"),
        ("ދިވެހި", "und-Thaa"),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "und-Tfng"),
        ("123", "und"),
    ],
)
def test_a_name_in_a_language_nobody_said_has_its_script(name: str, tag: str) -> None:
    assert only(f"a,,{name},,,DE,").name_locale.tag == tag


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ("a,,A,de,,DE,", ["de"]),
        ("a,,A,de,,CH,", ["de", "fr", "it"]),
        ("a,,A,de,,DE AF,", ["de", "fa-AF", "ps"]),
        ("a,,A,de,,de,", ["de"]),
        ("a,,A,de,,DE,fr de", ["fr", "de"]),
        ('a,,A,de,,DE,"fr, de;fr"', ["fr", "de"]),
        ("a,,A,de,,,ku prs", ["kmr", "fa-AF"]),
        ("a,,A,de,,,", []),
    ],
)
def test_which_languages_an_organisation_needs(row: str, wanted: list[str]) -> None:
    assert [locale.tag for locale in needed_languages(only(row))] == wanted


def test_a_workspace_declares_fallbacks_of_wanted_languages() -> None:
    (organisation,) = parse_registry(HEADER + "a,,A,fr,,CD,lua", PATH, {"lua": "sw"}).organisations
    assert organisation.languages[0].fallbacks == ("sw",)


def test_what_a_translator_gets() -> None:
    english = Locale.parse("en")
    german = only("a,LKL,Lesekreis,de,Reading Circle,DE,").segment(english)
    assert german is not None
    assert (german.msgid, german.role, german.note, german.place) == (
        "Reading Circle",
        Role.ORGANISATION,
        "LKL Lesekreis",
        "a",
    )
    own = only("a,RC,Reading Circle,en-GB,,GB,").segment(english)
    assert own is not None
    assert (own.msgid, own.note) == ("Reading Circle", "RC")
    assert only("a,,Lesekreis,de,,DE,").segment(english) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["1 registry-columns"]),
        ("id,name\n", ["1 registry-columns"]),
        (HEADER.replace("acronym", "short"), ["1 registry-columns", "1 registry-columns"]),
        (HEADER.strip() + ",id\n", ["1 registry-columns"]),
        (HEADER + "a,A,N,de,,DE\n", ["2 registry-cells"]),
        (HEADER + "a,A,N, and more,de,,DE,\n", ["2 registry-cells"]),
        (HEADER + ",A,N,de,,DE,\n", ["2 registry-id"]),
        (HEADER + "Ä b,A,N,de,,DE,\n", ["2 registry-id"]),
        (HEADER + "a,A,N,de,,DE,\n\na,A,N,de,,DE,\n", ["4 registry-twice"]),
        (HEADER + "a,A,,de,,DE,\n", ["2 registry-name"]),
        (HEADER + "a,A,N,german,,DE,\n", ["2 registry-language"]),
        (HEADER + "a,A,N,de fr,,DE,\n", ["2 registry-language"]),
        (HEADER + "a,A,N,de,,DE,fr xx-\n", ["2 registry-language"]),
        (HEADER + "a,A,N,de,,UK EU Germany,\n", ["2 registry-country"] * 3),
        (HEADER + 'a,A,"N\nM",de,,DE,\nb,,,de,,DE,\n', ["2 control-character", "4 registry-name"]),
        (HEADER + "a,A,N\u202e,de,,DE,\n", ["2 control-character"]),
        (HEADER + "a,A\x00,N,de,,DE,\n", ["2 control-character"]),
        (HEADER + 'a,"A"B,N,de,,DE,\nb,,,de,,DE,\n', ["2 csv", "3 registry-name"]),
        (HEADER + 'a,A,"N,de,,DE,\nb,B,M,de,,DE,\n', ["2 csv"]),
        (HEADER + "a,A," + "N" * 140_000 + ",de,,DE,\nb,,,de,,DE,\n", ["2 csv", "3 registry-name"]),
        ("sep=;\n" + HEADER, ["1 registry-columns", "1 registry-columns"]),
    ],
)
def test_what_is_refused_and_where(text: str, found: list[str]) -> None:
    assert complaints(text) == found


def test_the_second_of_two_is_told_where_the_first_is() -> None:
    with pytest.raises(InvalidInput) as caught:
        read(HEADER + "a,A,N,de,,DE,\na,A,N,de,,DE,\n")
    assert str(caught.value.diagnostics[0].related) == f"{PATH}:2"


CELLS = st.sampled_from(
    ["", "a", "b-1", "A", '"', "x,y", "de", "fr de", "DE", "XX", "N\nM", "\u202e", "مكتبة", " "]
) | st.text(max_size=4)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=7, max_size=7), max_size=4), st.sampled_from([",", ";", "\t"]))
def test_any_table_is_a_registry_or_invalid_input(table: list[list[str]], delimiter: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([COLUMNS, *table])
    try:
        registry = read(written.getvalue())
    except InvalidInput:
        return
    kept = [row for row in table if any(cell.strip() for cell in row)]
    assert [each.id for each in registry.organisations] == [row[0].strip() for row in kept]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100))
def test_any_text_is_a_registry_or_invalid_input(text: str) -> None:
    for each in (text, HEADER + text):
        try:
            read(each)
        except InvalidInput:
            continue
