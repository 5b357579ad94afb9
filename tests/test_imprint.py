"""The organizer's lines: a file that anybody may have written becomes a contact box, and an imprint that the law knows."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale, is_country
from pipeline.typesetting.imprint import (
    Imprint,
    contact_lines,
    direction_of,
    imprint_lines,
    missing,
    parse_imprint,
)
from pipeline.typesetting.imprint_rules import (
    IMPRINT_FIELDS,
    NOT_LEGAL_ADVICE,
    bundled_rules,
    countries,
    imprint_form,
)

FULL = """country = "de"

[contact]
email = "lindenhof@example.org"
group = " Reading  room Lindenhof "
place = "Lindenhof 3"
time = "19:00"
phone = "+49 (30) 123-456"
web = "https://example.org/lindenhof/"

[imprint]
printer = "مطبعة النور"
printer_address = "Ring 9, Berlin"
responsible = "E. Muster"
responsible_address = "Lindenhof 3, Berlin"
"""
GERMAN, ARABIC, TURKISH = map(Locale.parse, ("de", "ar", "tr"))


def read(text: str) -> Imprint:
    return parse_imprint(text, "ours.toml")


def complaints(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read(text)
    assert all((each.location.path, bool(each.hint)) == ("ours.toml", True) for each in caught.value.diagnostics)
    return [f"{each.location.line} {each.message}" for each in caught.value.diagnostics]


def lacks(text: str) -> list[tuple[int, str, str]]:
    found = missing(read(text))
    assert all(NOT_LEGAL_ADVICE in each.hint for each in found)
    return [(each.location.line, each.severity, each.message.split(" ")[0]) for each in found]


def test_reads_the_fields_in_our_order() -> None:
    found = read(FULL)
    assert (found.country, found.election, found.diagnostics) == ("DE", False, ())
    assert [name for name, _ in found.contact] == ["group", "place", "time", "phone", "web", "email"]
    assert found.contact[0] == ("group", "Reading room Lindenhof")
    assert found.fields[0] == ("responsible", "E. Muster")
    assert missing(found) == ()


def test_windows_line_ends_and_byte_order_mark() -> None:
    assert read("\ufeff" + FULL.replace("\n", "\r\n")) == read(FULL)


def test_contact_lines_have_directions_languages_and_links() -> None:
    lines = {each.field: (each.text, each.lang, each.dir, each.href) for each in contact_lines(read(FULL), ARABIC)}
    assert lines == {
        "group": ("Reading room Lindenhof", "de", "ltr", ""),
        "place": ("Lindenhof 3", "de", "ltr", ""),
        "time": ("19:00", "ar", "rtl", ""),
        "phone": ("+49 (30) 123-456", "ar", "ltr", "tel:+4930123456"),
        "web": ("example.org/lindenhof", "de", "ltr", "https://example.org/lindenhof/"),
        "email": ("lindenhof@example.org", "de", "ltr", "mailto:lindenhof@example.org"),
    }


def test_a_german_imprint_on_a_turkish_leaflet_stays_german() -> None:
    first, second = imprint_lines(read(FULL), TURKISH)
    assert (first.label, first.lang, first.value) == ("V.i.S.d.P.:", "de", "E. Muster, Lindenhof 3, Berlin")
    assert (second.label, second.lang, second.value_lang, second.value_dir) == ("Druck:", "de", "ar", "rtl")


def test_a_law_of_three_languages_speaks_the_readers_if_it_can() -> None:
    swiss = read('country = "CH"\n[imprint]\npublisher = "Lesesaal"')
    labels = {tag: imprint_lines(swiss, Locale.parse(tag))[0].label for tag in ("it", "fr-CH", "tr")}
    assert labels == {"it": "Edito da", "fr-CH": "Édité par", "tr": "Herausgegeben von"}


def test_a_french_leaflet_asks_not_to_be_dropped() -> None:
    lines = imprint_lines(read('country = "FR"\n[imprint]\nprinter = "nous"\nprinter_address = "Lyon"'), ARABIC)
    assert [(each.label, each.value, each.lang, each.dir) for each in lines] == [
        ("Imprimé par", "nous, Lyon", "fr", "ltr"),
        ("Ne pas jeter sur la voie publique", "", "fr", "ltr"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            'country = "DE"\n[imprint]\nprinter = ""',
            [
                (2, "warning", "responsible"),
                (2, "warning", "responsible_address"),
                (2, "error", "publisher"),
                (2, "error", "publisher_address"),
                (3, "error", "printer"),
                (2, "error", "printer_address"),
            ],
        ),
        ('country = "FR"', [(0, "error", "printer"), (0, "error", "printer_address")]),
        ('country = "GR"', []),
        ('country = "IN"', []),
        ('country = "US"\nelection = true', [(0, "error", "promoter"), (0, "error", "promoter_address")]),
        ('country = "BE"\n[imprint]\nprinter = "a"\nprinter_address = "b"', []),
    ],
)
def test_what_the_country_asks_for(text: str, found: list[tuple[int, str, str]]) -> None:
    assert lacks(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('country = "GR"', "we have no rules for Greece; nothing is required"),
        (
            'country = "FR"\n[imprint]\npromoter = "x"',
            "promoter is not printed: the imprint of FR has no such line",
        ),
        (
            'country = "FR"\n[imprint]\nprinter_address = "x"',
            "printer_address stands without printer, so it is not printed",
        ),
    ],
)
def test_what_would_surprise_is_said(text: str, found: str) -> None:
    assert [(each.severity, each.message) for each in read(text).diagnostics] == [("warning", found)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["0 the country is missing"]),
        ('country = "UK"', ["1 “UK” is not the code of a country"]),
        ("country = 49", ["1 “49” is not the code of a country"]),
        ('country = "DE"\nelection = "yes"', ["2 election must be true or false"]),
        ('country = "DE"\ncontact = "x"', ["2 contact must be a table"]),
        ('country = "DE"\n[[contact]]\nphone = "1"', ["2 contact must be a table"]),
        ('country = "DE"\n[contct]', ["2 contct is unknown"]),
        ('country = "DE"\n[contact]\nfone = "1"', ["3 fone is unknown in [contact]"]),
        ('country = "DE"\n[contact]\nphone = 30', ["3 phone must be a text"]),
        ('country = "DE"\n[contact]\ntime = 19:00:00', ["3 time must be a text"]),
        ('country = "DE"\n[contact]\nplace = """a\nb"""', ["3 place has more than one line"]),
        ('country = "DE"\n[contact]\nplace = "a\\u202eb"', ["3 place holds U+202E, which cannot be printed"]),
        ('country = "DE"\n[contact]\nplace = "a\\u2067b"', ["3 place holds U+2067, which cannot be printed"]),
        ('country = "DE"\n[contact]\nplace = "a\\u0007b"', ["3 place holds U+0007, which cannot be printed"]),
        (f'country = "DE"\n[contact]\nphone = "{"1" * 41}"', ["3 phone has 41 signs; 40 at most fit its line"]),
        ('country = "DE"\n[contact]\nweb = "javascript:a"', ["3 web = “javascript:a” is not a web address"]),
        ('country = "DE"\n[contact]\nemail = "a at b"', ["3 email = “a at b” is not an e-mail address"]),
    ],
)
def test_what_is_refused_and_where(text: str, found: list[str]) -> None:
    assert complaints(text) == found


@pytest.mark.parametrize(
    "text", ['a = 1\ncountry = "DE\n', 'country = "DE"\nphone = 030', 'country = "DE"\ncountry = "DE"']
)
def test_what_is_not_toml_is_refused_at_its_line(text: str) -> None:
    assert [each.split(":")[0] for each in complaints(text)] == ["2 this is not valid TOML"]


def test_all_complaints_come_at_once_with_the_nearest_name() -> None:
    text = 'contry = "DE"\n[contact]\nweb = "x"\n[imprint]\nPrinter = "x"\nprinter_adress = "y"'
    with pytest.raises(InvalidInput) as caught:
        read(text)
    found = caught.value.diagnostics
    assert [each.location.line for each in found] == [0, 1, 3, 5, 6]
    assert [each.hint.split("?")[0] for each in found if "did you" in each.hint] == [
        "did you mean country",
        "did you mean printer",
        "did you mean printer_address",
    ]


@pytest.mark.parametrize(
    "text",
    ["a = " + "1" * 9000, "a = " + "[" * 9000, "# " * 20_000],
    ids=["a long number", "a deep list", "a long file"],
)
def test_a_hostile_file_is_refused(text: str) -> None:
    assert len(complaints(text)) == 1


# fmt: off
LINES = st.sampled_from([
    'country = "DE"', 'country = "AT"', "[contact]", "[imprint]", '[[imprint]]', 'phone = "1"', "phone = 1", 'web = "https://a"',
    'printer = "a"', 'printer_address = "b"', "election = true", "contact = {}", 'imprint.date = "2026"', "", "# [contact]",
])
# fmt: on


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=7).map("\n".join) | st.text(max_size=40))
def test_any_text_is_an_imprint_or_invalid_input(text: str) -> None:
    try:
        found = read(text)
    except InvalidInput:
        return
    missing(found)
    contact_lines(found, ARABIC)
    imprint_lines(found, ARABIC)


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_the_direction_is_that_of_the_first_strong_letter(text: str) -> None:
    assert direction_of("ע" + text, "ltr") == "rtl"
    assert direction_of("1. ж" + text, "rtl") == "ltr"


@pytest.mark.parametrize("country", [*countries(), "GR"])
def test_the_form_can_be_filled_in(country: str) -> None:
    form = imprint_form(country)
    assert NOT_LEGAL_ADVICE in form
    assert max(map(len, form.split("\n"))) < 160
    empty = read(form)
    assert (empty.country, empty.contact, empty.fields) == (country, (), ())
    lines = form.split("\n")
    assert all(f"{lines[each.location.line - 1].split(' ')[0]} " in each.message for each in missing(empty))
    filled = read(form.replace('_address = ""', '_address = "A"').replace('r = ""', 'r = "B"'))
    assert not [each for each in missing(filled) if each.message.startswith("printer")]


def test_the_table_says_where_each_rule_is_written_and_whether_it_was_read() -> None:
    assert {"DE", "AT", "CH", "FR", "GB"} <= set(countries())
    for country, found in bundled_rules().items():
        assert country == "elsewhere" or is_country(country)
        names = [each.name for each in found.fields]
        assert len(set(names)) == len(names)
        assert set(names) <= set(IMPRINT_FIELDS)
        for each in found.fields:
            assert each.need in ("required", "recommended", "optional", "election")
            assert bool(each.labels) is not each.name.endswith("_address"), (country, each.name)
            assert not each.name.endswith("_address") or each.name.removesuffix("_address") in names
            assert not each.unless or each.unless in names
            assert each.why
            if country != "elsewhere":
                assert each.law is not None
        for law in {each.law for each in (*found.fields, *found.notices)} - {None}:
            assert law is not None
            assert law.source.startswith("http")
            assert law.checked in ("source", "memory")
            assert date.fromisoformat(law.looked_up) >= date(2026, 11, 22)
