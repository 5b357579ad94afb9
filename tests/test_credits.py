"""A translator is named who asks to be, by the name they give, and never by anything else in the catalog."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, Message, parse_catalog, serialize
from pipeline.translation.credits import LONGEST_CREDIT, LONGEST_NOTE, credit, credit_faults, note

DE = Locale.parse("de")
PATH = "locales/de/wells.po"
HEADERS = (
    "Language: de\nContent-Type: text/plain; charset=UTF-8\n"
    "Last-Translator: Secret Person <secret@example.org>\nLanguage-Team: Secret Team <team@example.org>\n"
    "X-Generator: Secret Editor 3\nX-Poedit-Basepath: /home/secret\n"
)


def asking(**asked: str) -> Catalog:
    more = "".join(f"X-Polyleaf-{name.title()}: {text}\n" for name, text in asked.items())
    made = Catalog(PATH, DE, Message("", (HEADERS + more,), translator_comments=("Secret Person, 2026",)), ())
    return parse_catalog(serialize(made), PATH, DE)


def codes(catalog: Catalog) -> list[str]:
    return [each.code for each in credit_faults(catalog)]


def test_who_does_not_ask_is_not_named() -> None:
    catalog = asking()
    assert (credit(catalog), note(catalog), codes(catalog)) == ("", "", [])


def test_who_asks_is_named_by_that_name_only() -> None:
    catalog = asking(
        credit="Lena  Beispiel and the reading room of the Obere Gasse", note="Dates are those of the source."
    )
    assert credit(catalog) == "Lena Beispiel and the reading room of the Obere Gasse"
    assert note(catalog) == "Dates are those of the source."
    assert codes(catalog) == []


@pytest.mark.parametrize(
    "name",
    ["نرگس رضایی‌فر", "Nguyễn Thị Ánh", "O’Brien-Smith, M.", "李小龍", "\u2068Lena\u2069", "Тарас & Ко", "A_b c*d"],
)
def test_names_of_any_script_are_printed_as_they_are(name: str) -> None:
    assert credit(asking(credit=name)) == name


def test_a_name_is_composed_and_its_isolates_are_closed() -> None:
    assert credit(asking(credit="Rene\u0301")) == "René"
    assert credit(asking(credit="\u2067لنا")) == "\u2067لنا\u2069"


@pytest.mark.parametrize("text", ["", "FULL NAME", "Your Name"])
def test_a_placeholder_is_no_name(text: str) -> None:
    assert credit(asking(credit=text)) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Lena <lena@example.org>", "credit-mail"),
        ("lena @ example.org", "credit-mail"),
        ("lena (at) example.org", "credit-mail"),
        ("<b>Lena</b>", "credit-markup"),
        ("<script>x</script>", "credit-markup"),
        ("[Lena](https://example.org)", "credit-markup"),
        ("<https://example.org>", "credit-markup"),
        ("**Lena**", "credit-markup"),
        ("_Lena_", "credit-markup"),
        ("Lena &amp; Co", "credit-markup"),
        ("Lena\u202eanel", "credit-control"),
        ("Lena\u0007", "credit-control"),
        ("Lena\u200b", "credit-control"),
        ("Lena, +49 30 1234567", "credit-telephone"),
        ("L" * (LONGEST_CREDIT + 1), "credit-long"),
    ],
)
def test_what_may_not_be_printed_is_complained_of(text: str, code: str) -> None:
    catalog = asking(credit=text)
    assert credit(catalog) == ""
    assert code in codes(catalog)
    for each in credit_faults(catalog):
        assert (each.severity, each.locale, each.location.path) == ("warning", "de", PATH)
        assert each.hint
        assert "lena" not in each.message.lower()


def test_the_complaint_is_at_its_line() -> None:
    catalog = asking(credit="Lena", note="Write to lena@example.org")
    (complaint,) = credit_faults(catalog)
    lines = serialize(catalog).decode().split("\n")
    assert lines[complaint.location.line - 1].startswith('"X-Polyleaf-Note')
    assert str(complaint) == (
        f"{PATH}:{complaint.location.line}: warning: X-Polyleaf-Note holds an address of mail, so it is not printed "
        "[credit-mail]\n    hint: write only the name; nobody’s address is published"
    )
    assert credit(catalog) == "Lena"


def test_a_note_may_be_longer_and_hold_numbers() -> None:
    text = "The years 1979 1992 2001 and 2021 are those of the solar calendar. " * 5
    assert note(asking(note=text)) == text.strip()
    assert codes(asking(note="n" * (LONGEST_NOTE + 1))) == ["credit-long"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_whatever_is_asked_for_is_plain_or_not_printed(text: str) -> None:
    line = " ".join(text.split()).replace("\0", "")
    made = Catalog(PATH, DE, Message("", (f"{HEADERS}X-Polyleaf-Credit: {line}\n",)), ())
    printed = credit(made)
    assert printed == unicodedata.normalize("NFC", printed)
    assert not any(unicodedata.category(each) in ("Cc", "Zl", "Zp") for each in printed)
    assert not any(each in printed for each in "\u202a\u202b\u202c\u202d\u202e")
    assert "secret" not in printed.lower() or "secret" in line.lower()
    assert printed or not line or codes(made) or line.casefold() in ("full name", "your name", "name")
