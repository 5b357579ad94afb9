"""What Polyleaf keeps in a translator's comments comes back from there as it was, through the disk and through other programs."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, Message, parse_catalog, serialize
from pipeline.translation.remarks import alternatives, ignored, origin, with_alternatives, with_origin

DE = Locale.parse("de")
HEADER = Message("", ("Language: de\nContent-Type: text/plain; charset=UTF-8\n",))
RAW = '\n# by hand\nmsgid "Water"\nmsgstr "Wasser"\n'
WATER = Message("Water", ("Wasser",), translator_comments=("by hand",), line=7, raw=RAW)


def catalog_of(message: Message) -> Catalog:
    return Catalog("locales/de/letter.po", DE, HEADER, (message,))


def reread(message: Message) -> Message:
    """The message after it was written to a file and read from it."""
    return parse_catalog(serialize(catalog_of(message)), "locales/de/letter.po", DE).messages[0]


# --- other translations ------------------------------------------------------------------------------------------------


def test_another_translation_is_a_comment_behind_what_people_wrote() -> None:
    message = with_alternatives(WATER, ["Gewässer"])
    assert message.translator_comments == ("by hand", "another translation: Gewässer")
    assert (message.msgstr, message.raw, message.line) == (("Wasser",), None, 0)
    assert alternatives(message) == ("Gewässer",)


def test_nothing_to_remember_changes_nothing() -> None:
    message = with_alternatives(WATER, ["Gewässer"])
    assert with_alternatives(WATER, []) is WATER
    assert with_alternatives(WATER, [""]) is WATER
    assert with_alternatives(message, ["Gewässer"]) is message
    assert alternatives(WATER) == ()


def test_each_is_remembered_once_in_the_order_of_their_coming() -> None:
    message = with_alternatives(with_alternatives(WATER, ["b", "a", "b"]), ["a", "c"])
    assert alternatives(message) == ("b", "a", "c")


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("zwei\nZeilen", r"another translation: zwei\nZeilen"),
        ("Ende\n", r"another translation: Ende\n"),
        ("\r\nAnfang", r"another translation: \r\nAnfang"),
        (r"ein \n, das keines ist", r"another translation: ein \\n, das keines ist"),
        ("Umbruch\\\nhier", r"another translation: Umbruch\\\nhier"),
        ('msgid "x"', 'another translation: msgid "x"'),
        ("another translation: x", "another translation: another translation: x"),
    ],
)
def test_line_breaks_and_backslashes_stay_on_one_line(text: str, comment: str) -> None:
    message = with_alternatives(Message("Water", ("Wasser",)), [text])
    assert message.translator_comments == (comment,)
    assert alternatives(reread(message)) == (text,)


TEXTS = st.text(st.sampled_from('ab \\nr"\n\r\t#~|:,.é水\u2028\u0085\u200f-'), min_size=1, max_size=40)


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=4, unique=True), st.booleans())
def test_they_come_back_from_the_disk_as_they_were(texts: list[str], obsolete: bool) -> None:
    message = with_alternatives(Message("Water", ("Wasser",), obsolete=obsolete), texts)
    again = reread(message)
    assert again == message
    assert alternatives(again) == tuple(texts)


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, max_size=3), st.lists(TEXTS, max_size=3))
def test_to_remember_in_two_steps_is_to_remember_at_once(first: list[str], second: list[str]) -> None:
    once = with_alternatives(WATER, [*first, *second])
    assert with_alternatives(reread(with_alternatives(WATER, first)), second) == once
    assert with_alternatives(once, reversed([*first, *second])) is once


# --- from where a translation was taken --------------------------------------------------------------------------------


def test_the_origin_is_a_comment_behind_what_people_wrote() -> None:
    message = with_origin(WATER, "well.po")
    assert message.translator_comments == ("by hand", "taken from: well.po")
    assert (origin(message), message.raw, message.line) == ("well.po", None, 0)
    assert origin(reread(message)) == "well.po"
    assert origin(WATER) == ""


def test_a_message_has_one_origin() -> None:
    message = with_origin(with_alternatives(with_origin(WATER, "well.po"), ["Gewässer"]), "compendium.po")
    assert message.translator_comments == ("by hand", "another translation: Gewässer", "taken from: compendium.po")
    assert origin(message) == "compendium.po"
    assert alternatives(message) == ("Gewässer",)


def test_who_writes_the_same_words_in_a_sentence_says_nothing_to_us() -> None:
    message = replace(WATER, translator_comments=("it was taken from: a book", "there is another translation: no"))
    assert (origin(message), alternatives(message)) == ("", ())


# --- dismissed checks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comments", "codes"),
    [
        (("polyleaf: ignore number",), {"number"}),
        (("polyleaf: ignore number, length",), {"number", "length"}),
        (("polyleaf: ignore number length,date",), {"number", "length", "date"}),
        (("by hand", "polyleaf: ignore number", "polyleaf: ignore two-translations"), {"number", "two-translations"}),
        (("  Polyleaf:  IGNORE  number  ",), {"number"}),
        (("polyleaf:ignore number",), {"number"}),
        (("polyleaf: ignore",), set()),
        (("polyleaf: ignore ,",), set()),
        (("please, polyleaf: ignore number",), set()),
        (("polyleaf: ignored number",), set()),
        ((), set()),
    ],
)
def test_the_checks_that_a_comment_dismisses(comments: tuple[str, ...], codes: set[str]) -> None:
    assert ignored(replace(WATER, translator_comments=comments)) == codes


def test_a_comment_of_the_author_dismisses_nothing() -> None:
    assert ignored(replace(WATER, extracted_comments=("polyleaf: ignore number",))) == frozenset()


# --- other people's programs -------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("msgmerge"), reason="gettext is not installed")
@pytest.mark.parametrize("program", ["msgcat", "msgmerge"])
def test_gettext_keeps_all_of_it(program: str, tmp_path: Path) -> None:
    message = with_origin(with_alternatives(WATER, ["zwei\nZeilen", "c:\\neu", "Gewässer " * 30 + "."]), "well.po")
    message = replace(message, translator_comments=(*message.translator_comments, "polyleaf: ignore number"))
    (tmp_path / "de.po").write_bytes(serialize(catalog_of(message)))
    template = replace(catalog_of(Message("Water")), header=HEADER)
    (tmp_path / "x.pot").write_bytes(serialize(template))
    command = {"msgcat": ["msgcat", "de.po"], "msgmerge": ["msgmerge", "-q", "--previous", "de.po", "x.pot"]}[program]
    written = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout
    (again,) = parse_catalog(written, "locales/de/letter.po", DE).messages
    assert again.translator_comments == message.translator_comments
    assert alternatives(again) == alternatives(message)
    assert (origin(again), ignored(again)) == ("well.po", {"number"})
