"""An old catalog is brought to today's segmentation: every translation arrives, and none of it is lost."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.locales import Locale
from pipeline.source.markdown import parse_body
from pipeline.source.parsing import Source, parse_document
from pipeline.translation.catalog import Catalog, Message, State, parse_catalog, serialize
from pipeline.translation.migration import HEADER, SEGMENTATION, migrated, segmentation, stamped
from pipeline.translation.remarks import alternatives
from pipeline.translation.update import merge, template
from pipeline.workspace import Workspace
from tests.golden import REPOSITORY

FOLDER = Path(__file__).parent / "migration"
DE = Locale.parse("de")
HEAD = Message("", ("Language: de\nContent-Type: text/plain; charset=UTF-8\n",))
KEPT = re.compile(r"\]\([^)]*\)|\[\^\w+\]|[a-zA-Z]+")


def of(*messages: Message) -> Catalog:
    return Catalog("locales/de/wells.po", DE, HEAD, messages)


def old(name: str) -> Catalog:
    path = FOLDER / f"{name}.de.po"
    return parse_catalog(path.read_bytes(), f"locales/de/{name}.po", DE)


def extracted(name: str) -> Catalog:
    """The template that we make of the document today."""
    source = Source(name, f"sources/{name}.md", (FOLDER / f"{name}.md").read_text("utf-8"))
    document = parse_document(source, Workspace(REPOSITORY).read().registry, Locale.parse("en"))
    return template(name, document.own_segments(), "Polyleaf", "2026-05-01 00:00+0000")


def shouted(text: str) -> str:
    """What the stand-in made of a text: capitals, but for addresses and footnotes."""
    return KEPT.sub(lambda match: match[0].upper() if match[0][0].isalpha() else match[0], text)


def words(catalog: Catalog) -> Counter[str]:
    """How often each word stands in the translations, those in comments included."""
    every = (text for each in catalog.messages for text in (*each.msgstr, *each.translator_comments))
    return Counter(word for text in every for word in re.findall(r"[^\W\d_]+", text))


# --- catalogs of the real po4a -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["own-language", "wells"])
def test_every_translation_of_an_old_catalog_arrives(name: str) -> None:
    wanted = extracted(name)
    merged = merge(migrated(old(name)), wanted, DE)
    assert len(wanted.messages) >= 12
    for message in wanted.messages:
        arrived = merged.get(message.key)
        assert arrived is not None
        assert arrived.state is State.TRANSLATED, message.msgid
        assert arrived.msgstr == (shouted(message.msgid),)


@pytest.mark.parametrize("name", ["own-language", "wells"])
def test_without_the_migration_some_would_not(name: str) -> None:
    merged = merge(old(name), extracted(name), DE)
    assert any(each.state is not State.TRANSLATED for each in merged.live)


@pytest.mark.parametrize("name", ["own-language", "wells"])
def test_a_migrated_catalog_says_so_reads_back_and_stays(name: str) -> None:
    catalog = migrated(old(name))
    assert catalog.header_value(HEADER) == str(SEGMENTATION)
    assert parse_catalog(serialize(catalog), catalog.path, DE) == catalog
    assert migrated(catalog) is catalog


def test_messages_that_need_no_change_keep_their_bytes() -> None:
    before = {each.key: each.raw for each in old("wells").messages}
    after = {each.key: each.raw for each in migrated(old("wells")).messages}
    same = [key for key in before if after.get(key) is not None]
    assert len(same) == 10
    assert all(after[key] == before[key] for key in same)


def test_a_quotation_and_a_table_become_the_texts_that_are_in_them() -> None:
    catalog = migrated(old("wells"))
    made = {each.msgid: each.msgstr[0] for each in catalog.messages if each.raw is None}
    assert made == {
        "We ask for nothing that others do not have.": "WE ASK FOR NOTHING THAT OTHERS DO NOT HAVE.",
        "We say it *together*, and we say it aloud.": "WE SAY IT *TOGETHER*, AND WE SAY IT ALOUD.",
        "Street": "STREET",
        "Wells": "WELLS",
        "Mill": "MILL",
        "none": "NONE",
        "Minutes of the council, 3 May 2025.": "MINUTES OF THE COUNCIL, 3 MAY 2025.",
    }


# --- one by one --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("msgid", "msgstr", "folded", "arrives"),
    [
        ("The people of\nthe valley.", "Die Leute\nim Tal.", "The people of the valley.", "Die Leute im Tal."),
        ("One line\\\nand another\nof it", "Eine\\\nnoch eine", "One line\\\nand another of it", "Eine\\\nnoch eine"),
        ("One line  \nand another", "Eine  \nnoch eine", "One line\\\nand another", "Eine\\\nnoch eine"),
        ("# Wells", "# Brunnen", "Wells", "Brunnen"),
        ("* Wells", "* Brunnen", "Wells", "Brunnen"),
        ("* Wells", "Brunnen", "Wells", "Brunnen"),
        ("> Wells\n> and mills\n", "> Brunnen\nund Mühlen\n", "Wells and mills", "Brunnen und Mühlen"),
        ("> Wells\n", "Brunnen", "Wells", "Brunnen"),
        ("On 1 May we\nmeet", "1. Mai:\nTreffen", "On 1 May we meet", "1. Mai: Treffen"),
        ("<!-- translators: rivers -->\nThe\nAmmer", "Die\nAmmer", "The Ammer", "Die Ammer"),
        ("See[^a]\nbelow", "Siehe[^a]\nunten", "See[^a] below", "Siehe[^a] unten"),
        ("[^a]: See\n    below", "[^a]: Siehe\n    unten", "See below", "Siehe unten"),
        ("Water\nfor all", "", "Water for all", ""),
    ],
)
def test_how_a_text_is_cut_today(msgid: str, msgstr: str, folded: str, arrives: str) -> None:
    (message,) = migrated(of(Message(msgid, (msgstr,)))).messages
    assert (message.msgid, message.msgstr) == (folded, (arrives,))


@pytest.mark.parametrize(
    "msgid",
    [
        "Water for all",
        "`a\n\nb`\n\n",
        "<div>\nraw\n</div>",
        "* a list\n* of two",
        "1.",
        "\n",
        "See [nobody\nknows]: here",
    ],
)
def test_a_translation_that_fits_no_longer_stays_as_it_is(msgid: str) -> None:
    catalog = of(Message(msgid, ("eins\n\nzwei\n\n# drei\n",)), Message("a\nb", ("x",)))
    assert "eins" in " ".join(migrated(catalog).messages[0].msgstr)
    assert words(migrated(catalog)) >= words(catalog) - Counter()


def test_the_previous_text_follows_and_fuzzy_stays() -> None:
    message = Message("> All\n> wells\n", ("> Alle\n> Brunnen\n",), fuzzy=True, previous_msgid="> Some\n> wells\n")
    (made,) = migrated(of(message)).messages
    assert (made.msgid, made.fuzzy, made.previous_msgid) == ("All wells", True, "Some wells")


def test_flags_for_wrapping_go_and_comments_stay() -> None:
    message = Message("a\nb", ("c",), flags=("no-wrap", "markdown-text", "x"), translator_comments=("by hand",))
    (made,) = migrated(of(message)).messages
    assert (made.flags, made.translator_comments) == (("x",), ("by hand",))


def test_obsolete_messages_come_along() -> None:
    (made,) = migrated(of(Message("a\nb", ("c\nd",), obsolete=True))).messages
    assert (made.msgid, made.msgstr, made.obsolete) == ("a b", ("c d",), True)


def test_of_two_messages_that_become_one_the_better_wins_and_the_other_is_remembered() -> None:
    catalog = of(
        Message("a\nb", ("eins",)), Message("a b", ("zwei",), fuzzy=True), Message("a\n b", ("drei",), obsolete=True)
    )
    (made,) = migrated(catalog).messages
    assert (made.msgstr, made.obsolete, made.fuzzy) == (("eins",), False, False)
    assert alternatives(made) == ("zwei", "drei")


def test_a_live_message_without_translation_takes_that_of_an_obsolete_one() -> None:
    catalog = of(Message("a\nb", ("",), references=("w.md:1",)), Message("a b", ("eins",), obsolete=True))
    (made,) = migrated(catalog).messages
    assert (made.msgstr, made.obsolete, made.references) == (("eins",), False, ("w.md:1",))


# --- whose catalogs are touched ----------------------------------------------------------------------------------------


def test_what_we_wrote_is_of_today() -> None:
    ours = Message("a\nb", ("c",), references=("sources/wells.md#text.1",))
    phrase = Message("* Wells", ("* Brunnen",), extracted_comments=("word of the page templates",))
    assert segmentation(of(ours)) == segmentation(of(phrase)) == segmentation(of()) == SEGMENTATION
    for message in (ours, phrase):
        catalog = of(message)
        assert migrated(catalog) is catalog


def test_a_catalog_says_which_it_is() -> None:
    foreign = of(Message("a\nb", ("c",), references=("wells.md:3",)))
    assert segmentation(foreign) == 0
    assert segmentation(foreign.with_header(HEADER, "1")) == 1
    assert segmentation(foreign.with_header(HEADER, "7")) == 7
    assert segmentation(foreign.with_header(HEADER, "seven")) == 0
    newer = foreign.with_header(HEADER, "7")
    assert migrated(newer) is newer


def test_the_header_is_written_only_with_something_else() -> None:
    untouched = of(Message("Water", ("Wasser",), references=("wells.md:3",)))
    assert migrated(untouched) is untouched
    assert stamped(untouched).header_value(HEADER) == "1"
    assert stamped(stamped(untouched)) == stamped(untouched)


def test_titles_and_plurals_are_no_markdown() -> None:
    title = Message("1. May", ("1. Mai",), extracted_comments=("type: Yaml Front Matter Hash Value: title",))
    plural = Message("{n}\nwell", ("a", "b"), msgid_plural="{n}\nwells")
    catalog = of(title, plural)
    assert migrated(catalog) is catalog


@pytest.mark.parametrize("path", sorted((REPOSITORY / "locales").glob("d*/*.po")), ids=lambda path: path.stem)
def test_our_own_catalogs_stay_as_they_are(path: Path) -> None:
    catalog = parse_catalog(path.read_bytes(), path.name, Locale.parse(path.parent.name))
    assert migrated(catalog) is catalog


# --- laws --------------------------------------------------------------------------------------------------------------

LINES = st.sampled_from(
    ["water", "> well", "* gate", "1. mill", "# head", "", "**a**", "b  ", "c\\", "[^a]", "<!-- n -->", "|x|"]
)
TEXTS = st.lists(LINES, min_size=1, max_size=5).map("\n".join).filter(bool)


@given(TEXTS)
def test_a_text_of_one_segment_becomes_the_msgid_that_a_source_gives(text: str) -> None:
    (message, *others) = migrated(of(Message(text, (text,)))).messages
    if "[^" not in text and not others and message.raw is None and message.msgid != text:
        assert {message.msgid} == {each.msgid for each in parse_body(text, "").section.segments} == set(message.msgstr)


@given(st.lists(st.tuples(TEXTS, st.one_of(st.just(""), TEXTS), st.booleans(), st.booleans()), max_size=5))
def test_no_word_of_a_translation_is_lost(given_messages: list[tuple[str, str, bool, bool]]) -> None:
    messages = {
        msgid: Message(msgid, (msgstr,), fuzzy=fuzzy and bool(msgstr), obsolete=obsolete)
        for msgid, msgstr, fuzzy, obsolete in given_messages
    }
    catalog = of(*messages.values())
    made = migrated(catalog)
    assert set(words(made)) >= {word for word in words(catalog) if word != "n"}
    assert len({each.key for each in made.messages}) == len(made.messages)
    assert parse_catalog(serialize(replace(made, header=replace(HEAD))), made.path, DE).messages == made.messages
