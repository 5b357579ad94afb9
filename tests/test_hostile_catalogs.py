"""Catalogs that are huge, odd or meant to harm: refused in few words or kept to the byte, in a second or so, never a crash.

What is torn or mangled has its folder in tests/broken, with the exact words (test_broken_catalogs.py).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.source.organisations import Registry
from pipeline.source.parsing import Source, parse_document
from pipeline.translation.catalog import Catalog, Message, State, parse_catalog, plural_faults, serialize
from pipeline.translation.localize import localize
from pipeline.translation.migration import migrated
from pipeline.translation.remarks import alternatives
from pipeline.translation.update import merge, template

DE, EN = Locale.parse("de"), Locale.parse("en")
PATH = "locales/de/letter.po"
RULE = "nplurals=2; plural=(n != 1);"
WELL = Message("{n} well", ("", ""), msgid_plural="{n} wells")
TEMPLATE = Catalog("letter.pot", None, Message("", ("Language: \n",)), (WELL,))


def text(body: str, rule: str = RULE) -> str:
    return (
        'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Plural-Forms: {rule}\\n"\n\n{body}'
    )


def read(content: str | bytes) -> Catalog:
    return parse_catalog(content if isinstance(content, bytes) else content.encode(), PATH, DE)


def refused(content: str | bytes) -> tuple[Diagnostic, ...]:
    with pytest.raises(InvalidInput) as caught:
        read(content)
    return caught.value.diagnostics


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """No more processor time than this: what takes ten times as long is a trap."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds


# --- too much ----------------------------------------------------------------------------------------------------------


def test_a_line_of_twenty_megabytes() -> None:
    with within(10):
        content = text(f'msgid "a"\nmsgstr "{"x" * 20_000_000}"\n')
        catalog = read(content)
        assert len(catalog.messages[0].msgstr[0]) == 20_000_000
        assert serialize(catalog) == content.encode()


@pytest.mark.slow
def test_a_line_of_twenty_megabytes_that_is_not_closed() -> None:
    with within(30):
        (complaint,) = refused(text(f'msgid "a"\nmsgstr "{"x" * 20_000_000}\n'))
    assert complaint.code == "torn-file"
    assert len(str(complaint)) < 400


def test_a_translation_of_a_megabyte() -> None:
    with within(10):
        long = "Wasser für alle! " * 62_000
        catalog = read(text(f'msgid "a"\nmsgstr "{long}"\n\nmsgid "b"\nmsgstr "{"ö" * 1_000_000}"\n'))
        made = serialize(merge(catalog, TEMPLATE, DE))
        assert [each.msgstr[0] for each in read(made).messages if each.obsolete] == [long, "ö" * 1_000_000]


def test_a_hundred_thousand_messages() -> None:
    with within(20):
        content = text("".join(f'msgid "m {number}"\nmsgstr "s {number}"\n\n' for number in range(100_000)))
        catalog = read(content)
        assert (len(catalog.messages), catalog.count(State.TRANSLATED)) == (100_000, 100_000)
        assert serialize(catalog) == content.encode()


@pytest.mark.parametrize(
    "body",
    [
        "\n" * 500_000,
        "# c\n" * 200_000 + 'msgid "a"\nmsgstr "b"\n',
        'msgid "a"\nmsgstr ""\n' + '"x"\n' * 200_000,
        "#, " + "fuzzy, " * 100_000 + '\nmsgid "a"\nmsgstr "b"\n',
        "#: " + "a:1 " * 100_000 + '\nmsgid "a"\nmsgstr "b"\n',
        "#: " + "\u2068" * 100_000 + '\nmsgid "a"\nmsgstr "b"\n',
        'msgid "a"\nmsgstr "' + "\\n" * 500_000 + '"\n',
        'msgid "a"\nmsgstr "' + "\\\\" * 500_000 + '"\n',
    ],
    ids=["blank lines", "comments", "pieces", "flags", "references", "isolates", "line breaks", "backslashes"],
)
def test_much_of_one_thing_is_kept_to_the_byte(body: str) -> None:
    with within(10):
        content = text(body)
        assert serialize(read(content)) == content.encode()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('msgid "a"\nmsgstr ' + '"' * 300_001 + "\n", "unescaped-quote"),
        ('msgid "a"\nmsgstr "' + "\\" * 300_001 + "\n", "torn-file"),
        ('msgid "a"\nmsgstr "' + "\\q" * 300_000 + '"\n', "bad-escape"),
        ("msgid" + " " * 300_000 + "x\n", "missing-quotes"),
        ("x" * 300_000 + "\n", "unreadable-line"),
    ],
)
def test_much_of_one_mistake_is_one_complaint_of_one_line(body: str, code: str) -> None:
    with within(10):
        complaints = refused(text(body))
    assert code in {each.code for each in complaints}
    assert all(len(str(each)) < 500 for each in complaints)


# --- plural rules ------------------------------------------------------------------------------------------------------

PLURAL = 'msgid "{n} well"\nmsgid_plural "{n} wells"\nmsgstr[0] "{n} Brunnen"\nmsgstr[1] "{n} Brunnen!"\n'


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 500 + "n" + ")" * 500,
        "n?" * 300 + "0" + ":0" * 300,
        "n/0",
        "n%0",
        "9**9**9**9",
        "1 << 99999999",
        "9" * 6000,
        "__import__(1)",
        "n.__class__",
        "",
        "n == ",
        "١",
    ],
)
def test_a_plural_rule_that_is_none_is_mended_and_the_forms_stay(expression: str) -> None:
    with within(5):
        content = text(PLURAL, f"nplurals=2; plural={expression};")
        catalog = read(content)
        assert serialize(catalog) == content.encode()
        made = merge(catalog, TEMPLATE, DE)
        assert made.header_value("Plural-Forms") == DE.plural_forms
        assert made.messages[0].msgstr == ("{n} Brunnen", "{n} Brunnen!")


@pytest.mark.parametrize("count", ["1000000", "9" * 5000], ids=["a million", "5,000 digits"])
def test_a_huge_count_of_plural_forms_is_mended_and_never_counted_out(count: str) -> None:
    with within(5):
        catalog = read(text(PLURAL, f"nplurals={count}; plural=0;"))
        assert list(plural_faults(catalog)) == []
        made = merge(catalog, TEMPLATE, DE)
        assert made.header_value("Plural-Forms") == DE.plural_forms
        assert made.messages[0].msgstr == ("{n} Brunnen", "{n} Brunnen!")


def test_many_plural_forms_are_one_complaint_of_one_line_and_none_is_lost() -> None:
    forms = "".join(f'msgstr[{number}] "{{n}} {number}"\n' for number in range(100))
    catalog = read(text(f'msgid "{{n}} well"\nmsgid_plural "{{n}} wells"\n{forms}', "nplurals=99; plural=0;"))
    (complaint,) = plural_faults(catalog)
    assert (complaint.code, complaint.location) == ("plural-count", Location(PATH, 7))
    assert len(str(complaint)) < 400
    (mended,) = merge(catalog, TEMPLATE, DE).messages
    assert (*mended.msgstr, *alternatives(mended)) == tuple(f"{{n}} {number}" for number in range(100))


# --- letters that nobody sees ------------------------------------------------------------------------------------------


def leaflet(msgstr: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """What is printed for a text whose translation holds something, and what is said about it."""
    source = Source("letter", "sources/letter.md", "---\ntitle: Letter\n---\n\nGood water\n")
    document = parse_document(source, Registry(()), EN)
    shown = localize(document, read(text(f'msgid "Good water"\nmsgstr "{msgstr}"\n')), None, DE)
    return shown.body[0].text, shown.diagnostics


@pytest.mark.parametrize("code", [0x01, 0x07, 0x1B, 0x7F, 0x85, 0x202A, 0x202D, 0x202E, 0x2028, 0xFFFC])
def test_what_the_reader_keeps_and_print_refuses(code: int) -> None:
    words = f"Gutes {chr(code)}Wasser"
    content = text(f'msgid "Good water"\nmsgstr "{words}"\n')
    assert serialize(read(content)) == content.encode()
    printed, complaints = leaflet(words)
    assert printed == "Good water"
    (complaint,) = complaints
    assert (complaint.code, complaint.location) == ("control-character", Location(PATH, 7))
    assert f"U+{code:04X}" in complaint.message


@pytest.mark.parametrize(
    "words", ["Gutes\tWasser", "Gutes\u00a0Wasser", "کتاب\u200cها", "\u2067ماء\u2069 Wasser", "ᄀ", "e\u0301"]
)
def test_what_a_language_needs_is_printed(words: str) -> None:
    printed, complaints = leaflet(words.replace("\t", "\\t"))
    assert (printed, complaints) == (words, ())


@pytest.mark.parametrize(
    "content",
    [
        text('msgid\t"a"\nmsgstr\t"b"\n'),
        text('  msgid "a"\n\tmsgstr "b"\n'),
        text('msgid"a"\nmsgstr"b"\n'),
        text('msgid "a" \nmsgstr "b"\t\n'),
        text('msgid "a"\nmsgstr "b"'),
        text('msgid "a"\n\n\nmsgstr "b"\n\n\n\n'),
        text('msgid "a\u2028b"\nmsgstr "c\u0085d"\n'),
    ],
    ids=[
        "tabs",
        "indented",
        "without space",
        "space behind",
        "no last line end",
        "blank lines inside",
        "line separators",
    ],
)
def test_white_space_where_gettext_allows_it_is_kept(content: str) -> None:
    assert serialize(read(content)) == content.encode()


# --- what bytes can do -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"\x00",
        b"\xff",
        b"\xfe\xff",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x1f\x8b\x08\x00",
        b"PK\x03\x04",
        b"%PDF-1.7\n",
        b"\xde\x12\x04\x95",
    ],
    ids=["NUL", "0xFF", "UTF-16 BE", "UTF-16 LE", "only a mark", "gzip", "zip", "PDF", "compiled"],
)
def test_another_kind_of_file_is_refused(content: bytes) -> None:
    for each in refused(content):
        assert (each.location.path, bool(each.hint), len(str(each)) < 400) == (PATH, True, True)


def test_a_file_cut_within_a_letter_is_torn() -> None:
    content = text('msgid "a"\nmsgstr "für').encode()
    assert [each.code for each in refused(content[:-1][: content.rindex("ü".encode()) + 1])] == ["torn-file"]


def test_a_msgid_in_typographic_quotation_marks_is_no_second_header() -> None:
    assert "duplicate-message" not in {each.code for each in refused(text("msgid “a”\nmsgstr “b”\n"))}


# --- against the template ----------------------------------------------------------------------------------------------


def test_an_edited_msgid_loses_no_translation() -> None:
    """A translator corrected the original in their own file: the text returns, the translation waits for them, fuzzy."""
    segments = parse_document(
        Source("letter", "sources/letter.md", "---\ntitle: Letter\n---\n\nGood watr for all of us\n"), Registry(()), EN
    )
    wanted = template("letter", segments.own_segments(), "P", "2026-02-21 00:00+0000")
    edited = read(
        text('msgid "Letter"\nmsgstr "Brief"\n\nmsgid "Good water for all of us"\nmsgstr "Gutes Wasser für uns alle"\n')
    )
    made = merge(edited, wanted, DE)
    message = made.get((None, "Good watr for all of us"))
    assert message is not None
    assert (message.msgstr, message.state) == (("Gutes Wasser für uns alle",), State.FUZZY)
    assert message.previous_msgid == "Good water for all of us"


def test_hostile_catalogs_are_not_worse_after_a_migration() -> None:
    body = 'msgid "> <script>\\n> [a]: b\\n"\nmsgstr "> <b>\\n\\n\\n# x\\n> y\\n"\n'
    made = migrated(read(text(body)))
    assert "x" in "".join(each.msgstr[0] for each in made.messages)
    assert parse_catalog(serialize(made), PATH, DE) == made
