"""Laws of merging: nothing that somebody translated is lost, and a second merge changes nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import Location
from pipeline.source.document import Role, Segment
from pipeline.translation.ancestry import is_forgiven
from pipeline.translation.catalog import Catalog, State, serialize
from pipeline.translation.update import Edits, merge, template
from tests.merging import DE, REVISION, TODAY, pot, reread, texts_of

WORDS = ("water", "bread", "roads", "the", "of", "all", "people", "“never”", "水", "\\n", '"x"')
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)


@st.composite
def segments(draw: st.DrawFn) -> tuple[Segment, ...]:
    made = [
        Segment(
            draw(TEXTS),
            Location("sources/letter.md", 1),
            draw(st.sampled_from([Role.PARAGRAPH, Role.SLOGAN])),
            draw(st.sampled_from(["", "why.1", "why.2"])),
            msgctxt=draw(st.sampled_from([None, None, "title"])),
            msgid_plural=draw(st.sampled_from([None, None, None, "rivers"])),
        )
        for _ in range(draw(st.integers(0, 7)))
    ]
    return tuple(made)


@st.composite
def worked_on(draw: st.DrawFn, source: Catalog) -> Catalog:
    """A catalog of the template after a translator's day: some done, some fuzzy, some obsolete."""
    begun = merge(None, source, DE)
    done = []
    for number, message in enumerate(begun.messages):
        texts = tuple(draw(st.sampled_from(["", f"T{number}", f"T{number} {message.msgid}"])) for _ in message.msgstr)
        obsolete = bool(texts[0]) and draw(st.sampled_from([False, False, True]))
        done.append(replace(message, msgstr=texts, fuzzy=draw(st.booleans()), obsolete=obsolete))
    return replace(begun, messages=tuple(done))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Catalog, Catalog]:
    before = draw(segments())
    kept = [each for each in before if draw(st.integers(0, 3))]
    edited = [replace(each, msgid=f"{each.msgid} now") if not draw(st.integers(0, 3)) else each for each in kept]
    after = draw(st.permutations([*edited, *draw(segments())]))
    old = template("letter", before, "P", "2025-01-01 00:00+0000")
    return draw(worked_on(old)), template("letter", after, "P", REVISION)


@settings(max_examples=80, deadline=None)
@given(histories(), st.booleans())
def test_merge_loses_no_translation_and_settles_at_once(history: tuple[Catalog, Catalog], from_disk: bool) -> None:
    catalog, source = history
    if from_disk:
        catalog = reread(catalog)
    merged = merge(catalog, source, DE)
    assert texts_of(catalog) <= texts_of(merged)
    assert [each.key for each in merged.live] == [each.key for each in source.messages]
    assert serialize(merge(merged, source, DE)) == serialize(merged)
    again = reread(merged)
    assert again == merged
    assert serialize(merge(again, source, DE)) == serialize(merged)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_only_what_means_the_same_stays_translated(history: tuple[Catalog, Catalog]) -> None:
    catalog, source = history
    sure = [each for each in catalog.messages if each.state is State.TRANSLATED]
    for message in merge(catalog, source, DE).live:
        if message.state is State.TRANSLATED:
            same = (each for each in sure if each.msgstr == message.msgstr)
            assert any(
                (each.key, each.msgid_plural) == (message.key, message.msgid_plural)
                or is_forgiven(each, message, Edits())
                for each in same
            )


# --- years of edits ---------------------------------------------------------------------------------------------------

SENTENCES = st.builds(
    "{} {} {}.".format,
    st.sampled_from(["Water", "Bread", "Nobody’s road", "The [map](https://example.org/a)", "A “free” press", "水"]),
    st.sampled_from(["belongs to", "ends at", "is dearer than", "remembers", "- as we know - needs"]),
    st.sampled_from(["all of us", "the mill", "42 miners", "Delta", "those who walk", "{name}"]),
)
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=4, unique=True).map(tuple)
STEPS = ("edit", "split", "join", "reorder", "delete", "return", "typography", "address", "add", "translate")
Text = tuple[tuple[str, ...], ...]


def stepped(draw: st.DrawFn, step: str, text: Text, past: list[Text]) -> Text:
    """The text after one step of its author."""
    if step == "add" or not text:
        at = draw(st.integers(0, len(text)))
        return (*text[:at], draw(PARAGRAPHS), *text[at:])
    at = draw(st.integers(0, len(text) - 1))
    one, before, after = text[at], text[:at], text[at + 1 :]
    match step:
        case "edit":
            word = draw(st.sampled_from(["all", "Delta", "the", "is", "of"]))
            return (*before, tuple(each.replace(word, f"{word} old") for each in one), *after)
        case "split" if len(one) > 1:
            return (*before, one[:1], one[1:], *after)
        case "join" if after:
            return (*before, (*one, *after[0]), *after[1:])
        case "reorder":
            return tuple(draw(st.permutations(text)))
        case "delete":
            return (*before, *after)
        case "return":
            return draw(st.sampled_from(past))
        case "typography":
            return (*before, tuple(each.replace("’", "'").replace(" - ", " – ").swapcase() for each in one), *after)
        case "address":
            return (*before, tuple(each.replace("example.org/a", "example.org/b") for each in one), *after)
    return text


@st.composite
def years(draw: st.DrawFn) -> list[tuple[str, Text]]:
    """Steps of the author, each with the text after it; ``translate`` is a day of the translator."""
    text: Text = tuple(draw(st.lists(PARAGRAPHS, min_size=1, max_size=6)))
    told = [("add", text), ("translate", text)]
    for step in draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=8)):
        text = stepped(draw, step, text, [each for _, each in told])
        told.append((step, text))
    return told


def a_day_of_the_translator(catalog: Catalog, day: int) -> Catalog:
    """Every second text that lacks a translation gets one."""
    done = [
        replace(each, msgstr=(f"{day}.{number}: {each.msgid}",), raw=None)
        if not any(each.msgstr) and (number + day) % 2
        else each
        for number, each in enumerate(catalog.messages)
    ]
    return reread(replace(catalog, messages=tuple(done)))


def without_addresses(texts: set[str]) -> set[str]:
    return {re.sub("(?i)https://example.org/[ab]", "", text) for text in texts}


def follow(told: list[tuple[str, Text]]) -> None:
    """Update after update, and no translation is lost."""
    catalog: Catalog | None = None
    for day, (step, text) in enumerate(told):
        if step == "translate" and catalog is not None:
            catalog = a_day_of_the_translator(catalog, day)
        source = pot(*dict.fromkeys(" ".join(paragraph) for paragraph in text))
        merged = merge(catalog, source, DE, TODAY)
        if catalog is not None:
            assert without_addresses(texts_of(catalog)) <= without_addresses(texts_of(merged))
        assert [each.key for each in merged.live] == [each.key for each in source.messages]
        assert serialize(merge(reread(merged), source, DE, TODAY)) == serialize(merged)
        catalog = reread(merged)


@settings(max_examples=100, deadline=None)
@given(years())
def test_over_years_of_edits_no_translation_is_lost(told: list[tuple[str, Text]]) -> None:
    follow(told)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None)
@given(years())
def test_in_ten_thousand_histories_no_translation_is_lost(told: list[tuple[str, Text]]) -> None:
    follow(told)


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
@settings(max_examples=25, deadline=None)
@given(histories())
def test_msgfmt_accepts_every_catalog_we_write(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[Catalog, Catalog]
) -> None:
    catalog, source = history
    path = tmp_path_factory.getbasetemp() / f"letter-{os.getpid()}.po"
    for each in (source, catalog, merge(catalog, source, DE)):
        path.write_bytes(serialize(each))
        checked = subprocess.run(
            ["msgfmt", "--check", "-o", os.devnull, path], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stderr


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
@settings(max_examples=15, deadline=None)
@given(years())
def test_msgfmt_accepts_the_catalogs_of_years(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, Text]]
) -> None:
    catalog: Catalog | None = None
    for day, (_, text) in enumerate(told):
        source = pot(*dict.fromkeys(" ".join(paragraph) for paragraph in text))
        catalog = a_day_of_the_translator(merge(catalog, source, DE, TODAY), day)
    path = tmp_path_factory.getbasetemp() / f"years-{os.getpid()}.po"
    path.write_bytes(serialize(catalog))
    checked = subprocess.run(["msgfmt", "--check", "-o", os.devnull, path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
