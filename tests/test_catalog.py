"""A catalog is read strictly and written back without a difference that nobody made."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput, Location
from pipeline.locales import Locale
from pipeline.translation.catalog import (
    Catalog,
    Message,
    State,
    is_language_of,
    parse_catalog,
    plural_faults,
    serialize,
)
from pipeline.translation.po_quick import read_quickly
from pipeline.translation.po_reading import read_messages
from pipeline.translation.po_writing import WIDTH, po_text
from pipeline.translation.remarks import alternatives
from pipeline.translation.update import merge

ORDINARY = sorted((Path(__file__).parents[1] / "locales").glob("*/*.po"))
UDHR = Path(__file__).parents[2] / "shared" / "udhr" / "po"
DE = Locale.parse("de")
HEADER = (
    '# Letter\nmsgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n"X-Poedit-Basepath: ..\\n"\n'
)
FULL = HEADER + (
    "\n# by hand\n#. paragraph\n#: sources/letter.md#greeting.1 sources/other.md\n#, fuzzy, no-wrap\n"
    '#| msgctxt "old"\n#| msgid ""\n#| "Dear "\n#| "all"\n'
    'msgctxt "new"\nmsgid "Dear \\"friends\\"\\n"\nmsgstr ""\n"Liebe\\t"\n"Leute\\n"\n'
    '\nmsgid "{n} river"\nmsgid_plural "{n} rivers"\nmsgstr[0] "{n} Fluss"\nmsgstr[1] ""\n'
    '\n#~| msgid "By"\n#~ msgid "Bye"\n#~ msgstr "Tschüs"\n'
)


def read(text: str, locale: Locale | None = DE) -> Catalog:
    return parse_catalog(text.encode(), "locales/de/letter.po", locale)


def complaints(text: str, locale: Locale | None = DE) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read(text, locale)
    return [each.code for each in caught.value.diagnostics]


def test_reads_all_that_gettext_knows_about_a_message() -> None:
    greeting, river, farewell = read(FULL).messages
    assert greeting == Message(
        msgid='Dear "friends"\n',
        msgstr=("Liebe\tLeute\n",),
        msgctxt="new",
        fuzzy=True,
        flags=("no-wrap",),
        translator_comments=("by hand",),
        extracted_comments=("paragraph",),
        references=("sources/letter.md#greeting.1", "sources/other.md"),
        previous_msgctxt="old",
        previous_msgid="Dear all",
    )
    assert greeting.line == 18
    assert greeting.raw is not None
    assert greeting.raw.startswith("\n# by hand")
    assert (river.msgid_plural, river.msgstr, river.state) == ("{n} rivers", ("{n} Fluss", ""), State.UNTRANSLATED)
    assert (farewell.obsolete, farewell.previous_msgid, farewell.state) == (True, "By", State.TRANSLATED)


def test_finds_live_messages_by_msgctxt_and_msgid() -> None:
    catalog = read(FULL)
    assert catalog.get(("new", 'Dear "friends"\n')) is catalog.messages[0]
    assert catalog.state(("new", 'Dear "friends"\n')) is State.FUZZY
    assert catalog.get((None, "Bye")) is None
    assert catalog.state((None, "never seen")) is State.UNTRANSLATED
    assert [catalog.count(state) for state in State] == [0, 1, 1]


def test_keeps_headers_it_does_not_know_in_their_order() -> None:
    catalog = read(FULL)
    assert [name for name, _ in catalog.headers] == ["Language", "Content-Type", "Plural-Forms", "X-Poedit-Basepath"]
    assert catalog.header_comment == "Letter"
    changed = catalog.with_header("Language", "de-CH").with_header("X-New", "1")
    expected = FULL.replace("Language: de", "Language: de-CH").replace("..\\n", '..\\n"\n"X-New: 1\\n')
    assert serialize(changed).decode() == expected


def test_a_draft_says_so_in_its_header() -> None:
    assert not read(FULL).draft
    assert read(FULL).with_header("X-Polyleaf-State", "draft").draft


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        FULL.replace("\n", "\r\n"),
        "\ufeff" + FULL,
        "\n\n" + FULL.rstrip("\n"),
        FULL.replace('\n\nmsgid "{n}', '\nmsgid "{n}'),
        FULL.replace('msgstr[0] "', 'msgstr[0]   "').replace("Fluss", "Fluss  "),
        FULL.replace('"{n} Fluss"', '"{n} Fluss" \t'),
        FULL + "\n# vim: set tw=77:\n\n\n",
        HEADER.replace(
            '"Language', '"POT-Creation-Date: 2024-01-24T13:24:49+01:00\\n"\n"PO-Revision-Date: \\n"\n"Language'
        ),
        HEADER.replace("Language: de", "Language: "),
        HEADER.replace('"Language: de\\n"\n', ""),
        HEADER.replace("charset=UTF-8", "charset=utf-8"),
        HEADER + '\n#: a.md:1 b.md:2\n#:c.md\n#,fuzzy\n#\n#  two spaces\n#.\nmsgid "a"\n\nmsgstr "b"\n',
        HEADER + '\nmsgid "a"\nmsgstr ""\n\n#~ msgid "a"\n#~ msgstr "Babel leaves it so"\n',
        HEADER + '\n#: \u2068my file.md\u2069:3 b.md\n#= no-wrap\nmsgid "a\u2028b\x0c"\nmsgstr ""\n',
        HEADER,
    ],
)
def test_what_nobody_touched_is_written_back_to_the_byte(text: str) -> None:
    assert serialize(read(text)) == text.encode()


def test_a_changed_message_is_written_as_msgcat_does_and_the_others_stay() -> None:
    text = HEADER + '\nmsgid "a"\nmsgstr   "b"\n\n#:x\nmsgid "c"\nmsgstr ""\n"d"\n'
    catalog = read(text.replace("\n", "\r\n"))
    first, second = catalog.messages
    changed = replace(catalog, messages=(first, replace(second, msgstr=("Zeile\nZeile",), raw=None)))
    expected = HEADER + '\nmsgid "a"\nmsgstr   "b"\n\n#: x\nmsgid "c"\nmsgstr ""\n"Zeile\\n"\n"Zeile"\n'
    assert serialize(changed).decode() == expected.replace("\n", "\r\n")


def test_a_message_written_after_a_last_line_without_end_begins_a_new_line() -> None:
    catalog = read(HEADER + '\nmsgid "a"\nmsgstr "b"')
    longer = replace(catalog, messages=(*catalog.messages, Message("c")))
    assert serialize(longer).decode() == HEADER + '\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n'


@pytest.mark.parametrize(
    ("value", "tag", "expected"),
    [
        ("de-1996", "de-1996", True),
        ("el-monoton", "el-monoton", True),
        ("fa_AF", "fa-AF", True),
        ("prs", "fa-AF", True),
        ("pt_BR", "pt-BR", True),
        ("pt", "pt-BR", True),
        ("pt_PT", "pt-BR", False),
        ("sr@latin", "sr-Latn", True),
        ("sr", "sr-Latn", False),
        ("zh_TW", "zh-Hant", True),
        ("zh_CN", "zh-Hant", False),
        ("german!", "de", False),
    ],
)
def test_a_language_header_may_be_spelled_in_any_way(value: str, tag: str, expected: bool) -> None:
    assert is_language_of(value, Locale.parse(tag)) is expected
    header = HEADER.replace("Language: de", f"Language: {value}")
    if expected:
        assert read(header, Locale.parse(tag)).header_value("language") == value
    else:
        assert complaints(header, Locale.parse(tag)) == ["wrong-language"]


def test_plural_forms_are_counted_by_the_header_else_by_the_locale() -> None:
    message = '\nmsgid "{n} river"\nmsgid_plural "{n} rivers"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    without = HEADER.replace('"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n', "").replace(
        "Language: de", "Language:"
    )
    assert not list(plural_faults(read(HEADER + message)))
    assert not list(plural_faults(read(without + message)))
    assert not list(plural_faults(read(without + message, None)))  # a template
    assert not list(plural_faults(read(without + message.replace("\nmsg", "\n#~ msg"), Locale.parse("ja"))))
    (by_locale,) = plural_faults(read(without + message, Locale.parse("ja")))
    assert by_locale.message == "this message has 2 plural forms; there must be 1 in ja (Japanese)"
    (by_header,) = plural_faults(read(HEADER.replace("nplurals=2", "nplurals=3") + message))
    assert (by_header.code, by_header.severity, by_header.locale) == ("plural-count", "error", "de")
    assert by_header.location == Location("locales/de/letter.po", 9)
    assert by_header.message == "this message has 2 plural forms; there must be 3 by the header's Plural-Forms"
    assert by_header.hint == "polyleaf update mends it; or give it msgstr[0], msgstr[1], msgstr[2]"


@pytest.mark.parametrize(
    ("count", "forms", "mended", "kept"),
    [
        (1, ("{n} Fluss",), ("{n} Fluss", ""), ()),
        (3, ("{n} Fluss", "{n} Flüsse", "{n} Ströme"), ("{n} Fluss", "{n} Flüsse"), ("{n} Ströme",)),
    ],
)
def test_an_update_mends_a_wrong_count_of_plural_forms_and_drops_no_form(
    count: int, forms: tuple[str, ...], mended: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    lines = "".join(f'msgstr[{number}] "{form}"\n' for number, form in enumerate(forms))
    catalog = read(f'{HEADER}\nmsgid "{{n}} river"\nmsgid_plural "{{n}} rivers"\n{lines}')
    assert [f"has {count} plural form" in each.message for each in plural_faults(catalog)] == [True]
    river = Message("{n} river", ("", ""), msgid_plural="{n} rivers")
    merged = merge(catalog, Catalog("letter.pot", None, Message("", ("Language: \n",)), (river,)), DE)
    assert not list(plural_faults(merged))
    assert (merged.messages[0].msgstr, alternatives(merged.messages[0])) == (mended, kept)


def test_one_damaged_place_is_one_complaint() -> None:
    torn_header = FULL.replace('"Language: de\\n"', '<<<<<<< HEAD\n"Language: de\\n"\n=======\n>>>>>>> theirs')
    assert complaints(torn_header) == ["conflict-marker"]
    assert complaints(HEADER + '\nmsgid "a"\nmsgstr "b\nc\nd"\n') == ["unclosed-text"]


def test_a_catalog_crosses_a_process() -> None:
    catalog = read(FULL)
    again = pickle.loads(pickle.dumps(catalog))  # noqa: S301
    assert again == catalog
    assert again.get(("new", 'Dear "friends"\n')) == catalog.messages[0]
    assert hash(again) == hash(catalog)


# --- against the real world -------------------------------------------------------------------------------------------


def polib_view(path: Path) -> list[tuple[object, ...]]:
    """What polib reads; it does not know ``#~|``."""
    return [
        (
            each.msgctxt,
            each.msgid,
            each.msgid_plural or None,
            tuple(each.msgstr_plural[form] for form in sorted(each.msgstr_plural)) or (each.msgstr,),
            each.fuzzy,
            bool(each.obsolete),
            None if each.obsolete else each.previous_msgid,
            each.tcomment.split("\n") if each.tcomment else [],
        )
        for each in polib.pofile(str(path), encoding="utf-8")
    ]


def our_view(catalog: Catalog) -> list[tuple[object, ...]]:
    return [
        (
            each.msgctxt,
            each.msgid,
            each.msgid_plural,
            each.msgstr,
            each.fuzzy,
            each.obsolete,
            None if each.obsolete else each.previous_msgid,
            list(each.translator_comments),
        )
        for each in catalog.messages
    ]


@pytest.mark.skipif(not UDHR.is_dir(), reason="the Declaration's catalogs are not on this machine")
def test_the_declaration_of_human_rights_survives_the_disk() -> None:
    for path in sorted(UDHR.glob("*.po")):
        content = path.read_bytes()
        catalog = parse_catalog(content, path.name, Locale.parse(path.stem))
        assert serialize(catalog) == content
        assert our_view(catalog) == polib_view(path)
        made = replace(catalog, messages=tuple(replace(each, raw=None) for each in catalog.messages))
        assert parse_catalog(serialize(made), path.name, catalog.locale) == catalog


@pytest.mark.skipif(not UDHR.is_dir() or not shutil.which("msgcat"), reason="needs the Declaration and gettext")
def test_most_lines_end_where_gettext_ends_them(tmp_path: Path) -> None:
    """Weblate's library and gettext 0.21 part some lines differently; whoever runs msgcat once sees few differences."""
    ours, common = 0, 0
    for tag in ("ar", "fr", "hi", "ru", "zgh"):
        catalog = parse_catalog((UDHR / f"{tag}.po").read_bytes(), "x.po", Locale.parse(tag))
        made = serialize(replace(catalog, messages=tuple(replace(each, raw=None) for each in catalog.messages)))
        (tmp_path / "made.po").write_bytes(made)
        msgcat = subprocess.run(["msgcat", tmp_path / "made.po"], check=True, capture_output=True)
        ours += made.count(b"\n")
        common += len(set(made.splitlines()) & set(msgcat.stdout.splitlines()))
    assert common > 0.7 * ours


def test_the_width_of_lines_is_a_choice() -> None:
    text = "Nobody may be kept from the water that runs through their own street, by day or by night.\nNobody."
    wide = po_text(Message(text, ("",)), wrap=None)
    assert wide == (
        'msgid ""\n"Nobody may be kept from the water that runs through their own street, by day or by night.\\n"\n'
        '"Nobody."\nmsgstr ""\n'
    )
    assert po_text(Message(text, ("",))).startswith(
        'msgid ""\n"Nobody may be kept from the water that runs through their own street, by day "\n'
    )


@pytest.mark.skipif(not shutil.which("msgmerge"), reason="gettext is not installed")
def test_what_msgmerge_writes_is_read_and_written_back(tmp_path: Path) -> None:
    old = HEADER + (
        '\nmsgid "Water belongs to everybody"\nmsgstr "Wasser gehört allen"\n\nmsgid "Gone for good"\nmsgstr "Weg"\n'
        '\n#, fuzzy\n#| msgid "x"\nmsgid "{n} river"\nmsgid_plural "{n} rivers"\nmsgstr[0] "a"\nmsgstr[1] "b"\n'
    )
    (tmp_path / "de.po").write_text(old, "utf-8")
    new = HEADER.replace("Language: de", "Language: ") + '\n#: a.md#b\nmsgid "Water belongs to everyone"\nmsgstr ""\n'
    (tmp_path / "new.pot").write_text(new, "utf-8")
    command = ["msgmerge", "--quiet", "--previous", tmp_path / "de.po", tmp_path / "new.pot"]
    merged = subprocess.run(command, check=True, capture_output=True).stdout
    catalog = parse_catalog(merged, "de.po", DE)
    assert serialize(catalog) == merged
    assert catalog.messages[0].previous_msgid == "Water belongs to everybody"
    assert [each.msgid for each in catalog.messages if each.obsolete] == ["Gone for good", "{n} river"]
    made = replace(catalog, messages=tuple(replace(each, raw=None) for each in catalog.messages))
    assert serialize(made) == merged


# --- laws -------------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.sampled_from('ab \\"\n\t\r#~|_éשّ水。\u2028\u0085-/'), min_size=1, max_size=150)
WORDS = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=30).map(lambda each: f"x{each}")
COMMENTS = st.lists(st.text(st.sampled_from("ab :.,~|é"), max_size=9).map(str.strip), max_size=2).map(tuple)
PREVIOUS = st.none() | TEXTS


@st.composite
def messages(draw: st.DrawFn) -> Message:
    plural = draw(st.none() | TEXTS)
    obsolete = draw(st.booleans())
    return Message(
        msgid=draw(TEXTS),
        msgstr=tuple(draw(st.lists(TEXTS | st.just(""), min_size=2, max_size=2)))[: 1 if plural is None else 2],
        msgctxt=draw(PREVIOUS),
        msgid_plural=plural,
        fuzzy=draw(st.booleans()),
        obsolete=obsolete,
        flags=draw(st.sampled_from([(), ("no-wrap",), ("python-brace-format", "no-wrap")])),
        translator_comments=draw(COMMENTS),
        extracted_comments=draw(COMMENTS),
        references=tuple(draw(st.lists(WORDS, max_size=4))),
        previous_msgid=draw(PREVIOUS),
        previous_msgctxt=draw(PREVIOUS),
    )


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    drawn = draw(st.lists(messages(), max_size=5, unique_by=lambda each: each.key))
    return replace(read(HEADER), messages=tuple(drawn))


@settings(max_examples=60, deadline=None)
@given(catalogs(), st.booleans(), st.booleans())
def test_a_catalog_survives_the_disk(catalog: Catalog, bom: bool, windows: bool) -> None:
    layout = replace(catalog.layout, bom=bom, newline="\r\n" if windows else "\n")
    header = replace(catalog.header, raw=None)
    content = serialize(replace(catalog, header=header, layout=layout))
    again = parse_catalog(content, catalog.path, catalog.locale)
    assert again == catalog
    assert again.layout == layout
    assert serialize(again) == content


@settings(max_examples=40, deadline=None)
@given(catalogs())
def test_polib_reads_what_we_read(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> None:
    path = tmp_path_factory.getbasetemp() / f"oracle-{os.getpid()}.po"
    # Empty comments mean nothing to polib.
    plain = [replace(each, translator_comments=(), extracted_comments=()) for each in catalog.messages]
    catalog = replace(catalog, messages=tuple(plain))
    path.write_bytes(serialize(catalog))
    assert our_view(catalog) == polib_view(path)


@settings(max_examples=60, deadline=None)
@given(catalogs(), st.sampled_from([WIDTH, None, 40]))
def test_the_width_of_lines_changes_no_text(catalog: Catalog, wrap: int | None) -> None:
    content = serialize(catalog, wrap)
    assert parse_catalog(content, catalog.path, catalog.locale) == catalog
    lines = [line.removeprefix("#~ ").removeprefix("#| ").removeprefix("#~| ") for line in content.decode().split("\n")]
    pieces = [line for line, following in pairwise(lines) if line.startswith('"') and following.startswith('"')]
    assert wrap is not None or all(line.endswith('\\n"') for line in pieces)


FRAGMENTS = st.sampled_from(
    [
        HEADER,
        "\n",
        "\r\n",
        "\r",
        "msgid ",
        "msgstr ",
        "msgctxt ",
        "msgid_plural ",
        "msgstr[0] ",
        "msgstr[1] ",
        '"a"',
        '"b\\n"',
        '"',
        "\\",
        "#",
        "#~ ",
        "#| ",
        "#~| ",
        "# c\n",
        "#, fuzzy\n",
        "<<<<<<< HEAD\n",
        "=======\n",
        ">>>>>>> x\n",
        "é\u2028\x0b",
        "\0",
        'msgid "a"\nmsgstr "b"\n',
        '#~ msgid "c"\n#~ msgstr "d"\n',
    ]
)


def refused_or_kept(content: bytes) -> bool:
    try:
        return serialize(parse_catalog(content, "x.po", DE)) == content
    except InvalidInput as refused:
        return all(each.hint and each.location.path == "x.po" for each in refused.diagnostics)


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS, max_size=12).map("".join), st.booleans())
def test_any_text_is_refused_or_kept(text: str, headed: bool) -> None:
    content = ((HEADER if headed else "") + text).encode()
    assert refused_or_kept(content)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_refused_or_kept(content: bytes) -> None:
    for whole in (content, HEADER.encode() + content):
        assert refused_or_kept(whole)


# --- the quick way and the strict way ------------------------------------------------------------------------------------

WHOLE = st.sampled_from(
    [
        HEADER,
        "\n",
        "\n\n",
        '# a\n#. b\n#: c d\n#, fuzzy, no-wrap\n#| msgctxt "x"\n#| msgid "y"\n#| "z"\nmsgctxt "e"\nmsgid "f"\nmsgstr "g"\n',
        '#~| msgid ""\n#~| "y"\n#~ msgid "h\\n"\n#~ "i"\n#~ msgstr "\\"j\\\\"\n',
        'msgid "k"\nmsgid_plural "l"\nmsgstr[0] "m"\nmsgstr[1] ""\n"n"\n',
        'msgid "k"\nmsgid_plural "l"\nmsgstr[1] "m"\nmsgstr[0] "n"\n',
        'msgid "a"\nmsgstr "b"\n',
        "#\n",
        "# \n",
        '#| msgid_plural "o"\n',
        "#: a\u2068b c\u2069:1\n",
        '"stray"\n',
        "#~ \n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WHOLE | FRAGMENTS, max_size=8).map("".join))
def test_what_is_read_quickly_is_what_the_strict_way_reads(text: str) -> None:
    quick = read_quickly(text)
    if quick is not None:
        strict = read_messages(text)
        assert not strict.faults
        assert quick == (strict.messages, strict.ending)
        seen = [(each.line, each.raw) for each in quick[0]]
        assert seen == [(each.line, each.raw) for each in strict.messages]


def test_what_every_program_writes_is_read_quickly() -> None:
    for path in sorted((Path(__file__).parents[1] / "locales").rglob("*.po*")):
        assert read_quickly(path.read_text("utf-8")) is not None, path


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(FULL)), st.integers(0, 3), st.text(st.sampled_from('"\\#~|:,nm \n\tx[0]é'), max_size=3))
def test_a_damaged_file_is_read_quickly_only_as_the_strict_way_reads_it(place: int, gone: int, added: str) -> None:
    text = FULL[:place] + added + FULL[place + gone :]
    quick = read_quickly(text)
    if quick is not None:
        strict = read_messages(text)
        assert not strict.faults
        assert quick == (strict.messages, strict.ending)
        assert [each.raw for each in quick[0]] == [each.raw for each in strict.messages]


def test_ordinary_catalogs_are_read_quickly() -> None:
    """Nobody would notice but by the clock if they were not."""
    assert len(ORDINARY) >= 80
    for path in ORDINARY:
        assert read_quickly(path.read_text("utf-8")) is not None, path
