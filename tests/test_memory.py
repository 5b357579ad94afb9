"""What a language has translated before helps with what it has not: repeats, near texts, compendium, what was imported."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from random import Random

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cli_memory import memory as verbs
from pipeline.diagnostics import InvalidInput, Location
from pipeline.locales import Locale
from pipeline.remembering import export_memory, import_memory
from pipeline.translation.catalog import Catalog, Message, State, parse_catalog, serialize
from pipeline.translation.compendium import absorb, compendium_of
from pipeline.translation.memory import Memory, contradictions, fill, wants
from pipeline.translation.remarks import alternatives, origin
from pipeline.translation.tmx import read_tmx, write_tmx
from pipeline.translation.update import Edits, merge, template
from pipeline.translation.wording import changed_on
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, copy_of

EN, DE, PT, BRAZIL = (Locale.parse(tag) for tag in ("en", "de", "pt", "pt-BR"))
WATER = "Water belongs to everybody who is thirsty."
BREAD = "Nobody may sell bread to those who are hungry."


def catalog(
    name: str,
    *messages: Message,
    draft: bool = False,
    adopted: str = "2026-01-01",
    locale: Locale = DE,
    forms: str = "",
) -> Catalog:
    """A catalog as it lies on the disk, so that every message has its line."""
    headers = f"POT-Creation-Date: {adopted} 00:00+0000\nLanguage: {locale.tag}\n"
    headers += "Content-Type: text/plain; charset=UTF-8\n" + "X-Polyleaf-State: draft\n" * draft + forms
    made = Catalog(f"locales/{locale.tag}/{name}.po", locale, Message("", (headers,)), messages)
    return parse_catalog(serialize(made), made.path, locale)


def done(msgid: str, msgstr: str, **more: object) -> Message:
    return replace(Message(msgid, (msgstr,)), **more)


def filled(message: Message, *others: Catalog, draft: bool = False, variants: tuple[Catalog, ...] = ()) -> Message:
    """The message in a letter, after its language's memory has helped."""
    letter = catalog("letter", message, draft=draft)
    return fill(letter, Memory.of(DE, (letter, *others), variants)).messages[0]


# --- exact repeats ----------------------------------------------------------------------------------------------------


def test_an_exact_repeat_is_done_and_says_from_where() -> None:
    found = filled(Message(BREAD), catalog("older", done(BREAD, "Brot")))
    assert (found.msgstr, found.state, origin(found)) == (("Brot",), State.TRANSLATED, "older.po")
    assert (found.raw, found.line) == (None, 0)


def test_nothing_to_fill_is_the_very_catalog() -> None:
    letter = catalog("letter", done(WATER, "Wasser"), Message(BREAD))
    assert fill(letter, Memory.of(DE, [letter, catalog("older", done("Roads", "Wege"))])) is letter
    assert wants(letter)
    assert not wants(catalog("letter", done(WATER, "Wasser"), Message("gone", obsolete=True)))


def test_a_catalog_is_not_its_own_origin() -> None:
    letter = catalog("letter", Message(WATER), done(WATER, "Wasser", msgctxt="title"))
    assert fill(letter, Memory.of(DE, [letter])) is letter


def test_what_has_a_text_already_stays() -> None:
    older = catalog("older", done(BREAD, "Brot"))
    for message in (
        done(BREAD, "Das Brot"),
        done(BREAD, "Das Brot", fuzzy=True),
        done(BREAD, "", obsolete=True),
        replace(Message(BREAD, msgid_plural="breads"), msgstr=("Brot", "")),
    ):
        assert filled(message, older) == message


def test_doubtful_translations_are_no_origin() -> None:
    older = catalog("older", done(BREAD, "Brot", fuzzy=True), done("", "x", msgctxt="empty"))
    assert filled(Message(BREAD), older) == Message(BREAD)
    assert filled(Message("", msgctxt="empty"), older) == Message("", msgctxt="empty")


def test_an_empty_fuzzy_message_is_done_too_and_forgets_its_previous_text() -> None:
    empty = Message(BREAD, fuzzy=True, previous_msgid="Bread")
    found = filled(empty, catalog("older", done(BREAD, "Brot")))
    assert (found.msgstr, found.fuzzy, found.previous_msgid) == (("Brot",), False, None)


def test_another_context_is_only_offered() -> None:
    found = filled(Message(BREAD, msgctxt="title"), catalog("older", done(BREAD, "Brot")))
    assert (found.msgstr, found.fuzzy) == (("Brot",), True)
    assert (found.previous_msgid, found.previous_msgctxt) == (BREAD, None)
    both = catalog("older", done(BREAD, "Brot"), done(BREAD, "Das Brot", msgctxt="title"))
    assert filled(Message(BREAD, msgctxt="title"), both).msgstr == ("Das Brot",)


def test_plural_messages_take_from_the_same_plural_only() -> None:
    pages = Message("{n} page", ("", ""), msgid_plural="{n} pages")
    whole = replace(pages, msgstr=("{n} Seite", "{n} Seiten"))
    assert filled(pages, catalog("older", whole)).msgstr == ("{n} Seite", "{n} Seiten")
    for other in (done("{n} page", "{n} Seite"), replace(whole, msgid_plural="many pages")):
        assert filled(pages, catalog("older", other)) == pages
    assert filled(Message("{n} page"), catalog("older", whole)) == Message("{n} page")


def test_a_draft_s_translation_is_done_in_drafts_and_offered_elsewhere() -> None:
    older = catalog("older", done(BREAD, "Brot"), draft=True)
    assert filled(Message(BREAD), older, draft=True).state is State.TRANSLATED
    offered = filled(Message(BREAD), older)
    assert (offered.msgstr, offered.fuzzy, origin(offered)) == (("Brot",), True, "older.po")
    assert offered.previous_msgid is None
    assert filled(Message(BREAD), older, catalog("read", done(BREAD, "Brot"))).state is State.TRANSLATED


def test_what_was_dropped_elsewhere_is_offered() -> None:
    dropped = catalog("older", done(BREAD, "Brot", obsolete=True))
    assert filled(Message(BREAD), dropped).fuzzy
    kept = catalog("other", done(BREAD, "Das Brot"))
    assert filled(Message(BREAD), dropped, kept).msgstr == ("Das Brot",)
    assert not filled(Message(BREAD), dropped, kept).fuzzy


def test_where_catalogs_disagree_none_is_taken_silently() -> None:
    found = filled(Message(BREAD), catalog("a", done(BREAD, "Brot")), catalog("b", done(BREAD, "Das Brot")))
    assert (found.msgstr, found.fuzzy, alternatives(found)) == (("Brot",), True, ("Das Brot",))


def test_the_more_frequent_is_offered_then_the_newest() -> None:
    old, new = (catalog(name, done(BREAD, name), adopted=f"202{year}-01-01") for name, year in (("b", 4), ("a", 1)))
    assert filled(Message(BREAD), old, new).msgstr == ("b",)
    again = catalog("c", done(BREAD, "a"), adopted="2020-01-01")
    assert filled(Message(BREAD), old, new, again).msgstr == ("a",)
    read_by_people = catalog("d", done(BREAD, "d"), adopted="2019-01-01")
    drafts = [catalog(name, done(BREAD, "x"), draft=True) for name in "ef"]
    assert filled(Message(BREAD), read_by_people, *drafts).msgstr == ("d",)


def test_kinds_of_spaces_are_no_disagreement() -> None:
    spaced = [catalog("a", done(BREAD, "Du pain !")), catalog("b", done(BREAD, "Du pain\u00a0!"), adopted="2027-01-01")]
    found = filled(Message(BREAD), *spaced)
    assert (found.msgstr, found.state) == (("Du pain\u00a0!",), State.TRANSLATED)


def test_the_words_of_the_templates_stay_among_themselves() -> None:
    interface = catalog("interface", Message("Bread"), done("Download", "Laden"))
    older = catalog("older", done("Bread", "Brot"), Message("Download"))
    memory = Memory.of(DE, [interface, older])
    assert fill(interface, memory) is interface
    assert fill(older, memory) is older
    decided = Memory.of(DE, [interface, catalog("compendium", done("Bread", "Brot"))])
    assert fill(interface, decided).messages[0].msgstr == ("Brot",)


# --- near texts -------------------------------------------------------------------------------------------------------


def test_a_near_text_is_offered_with_what_it_was_made_for() -> None:
    near = BREAD.replace("hungry", "thirsty")
    found = filled(Message(near), catalog("older", done(BREAD, "Brot"), done(WATER, "Wasser")))
    assert (found.msgstr, found.fuzzy, found.previous_msgid) == (("Brot",), True, BREAD)
    assert origin(found) == "older.po"


def test_near_texts_may_be_left_out() -> None:
    letter = catalog("letter", Message(BREAD), Message(WATER, msgctxt="title"))
    memory = Memory.of(DE, [catalog("older", done(BREAD + "!", "Brot"), done(WATER, "Wasser"))])
    assert [each.msgstr for each in fill(letter, memory, near=False).messages] == [("",), ("Wasser",)]
    assert [each.msgstr for each in fill(letter, memory).messages] == [("Brot",), ("Wasser",)]


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ("Introduction", "Solution"),
        ("Who we are", "Who they were"),
        (BREAD, WATER),
        ("Nobody may sell bread to those who are hungry.", "Everybody may buy bread from those who have some."),
    ],
)
def test_a_text_that_is_not_near_enough_is_not_offered(wanted: str, known: str) -> None:
    assert filled(Message(wanted), catalog("older", done(known, "x"))) == Message(wanted)


def test_the_nearest_wins_then_the_better_standing() -> None:
    near, nearer = BREAD.replace("hungry", "very thirsty"), BREAD.replace("hungry", "hungry!")
    first = catalog("first", done(near, "weit"), done(nearer, "nah"))
    assert filled(Message(BREAD), first).msgstr == ("nah",)
    draft = catalog("a-draft", done(nearer, "Entwurf"), draft=True, adopted="2027-01-01")
    assert filled(Message(BREAD), draft, first).msgstr == ("nah",)


def test_catalogs_of_one_s_own_do_not_hide_the_others() -> None:
    own = [done(BREAD + "!" * n, f"eigen {n}") for n in range(1, 20)]
    letter = catalog("letter", Message(BREAD), *own)
    older = catalog("older", done(BREAD.replace("sell", "give"), "fremd"))
    assert fill(letter, Memory.of(DE, [letter, older])).messages[0].msgstr == ("fremd",)


def test_the_next_update_writes_nothing_more() -> None:
    segments = Message(BREAD.replace("hungry", "thirsty"), extracted_comments=("paragraph",))
    source = replace(template("letter", (), "P", "2026-01-01 00:00+0000"), messages=(segments, Message(WATER)))
    older = catalog("older", done(BREAD, "Brot"), done(WATER, "Wasser"))
    once = fill(merge(None, source, DE), Memory.of(DE, [older]))
    assert [each.state for each in once.messages] == [State.FUZZY, State.TRANSLATED]
    reread = parse_catalog(serialize(once), once.path, DE)
    for edits in (Edits(), Edits(date(2026, 11, 22))):
        twice = fill(merge(reread, source, DE, edits), Memory.of(DE, [reread, older]))
        assert serialize(twice) == serialize(once)
    assert changed_on(once.messages[0]) is None


# --- close varieties, and what was imported ---------------------------------------------------------------------------


def test_a_close_variety_is_offered_and_never_done() -> None:
    letter = catalog("letter", Message(BREAD), locale=BRAZIL)
    same = catalog("letter", done(BREAD, "Pão"), locale=PT)
    found = fill(letter, Memory.of(BRAZIL, [letter], [same])).messages[0]
    assert (found.msgstr, found.fuzzy, origin(found)) == (("Pão",), True, "pt/letter.po")
    own = catalog("older", done(BREAD, "O pão"), locale=BRAZIL)
    assert fill(letter, Memory.of(BRAZIL, [letter, own], [same])).messages[0].msgstr == ("O pão",)


def test_what_was_imported_is_offered_last() -> None:
    imported = catalog("memory", done(BREAD, "Importbrot"))
    found = filled(Message(BREAD), imported)
    assert (found.msgstr, found.fuzzy, origin(found)) == (("Importbrot",), True, "memory.po")
    assert filled(Message(BREAD), imported, catalog("older", done(BREAD, "Brot", obsolete=True))).msgstr == ("Brot",)
    assert filled(Message(BREAD), imported, catalog("older", done(BREAD, "Brot"))).state is State.TRANSLATED


def test_neither_memory_nor_compendium_is_filled() -> None:
    for name in ("memory", "compendium"):
        kept = catalog(name, Message(BREAD))
        assert fill(kept, Memory.of(DE, [kept, catalog("older", done(BREAD, "Brot"))])) is kept


# --- the compendium ---------------------------------------------------------------------------------------------------


def test_the_compendium_overrides_all_and_the_other_text_is_kept() -> None:
    decided = catalog("compendium", done(BREAD, "Brot"))
    for before in (done(BREAD, "Das Brot"), done(BREAD, "Das Brot", fuzzy=True, previous_msgid="Bread")):
        found = filled(before, decided, catalog("older", done(BREAD, "Ein Brot")))
        assert (found.msgstr, found.state, origin(found)) == (("Brot",), State.TRANSLATED, "compendium.po")
        assert (alternatives(found), found.previous_msgid) == (("Das Brot",), None)
    assert alternatives(filled(Message(BREAD), decided)) == ()


def test_what_says_the_same_as_the_compendium_is_done() -> None:
    decided = catalog("compendium", done(BREAD, "Brot"))
    changed = ("paragraph", "changed 2026-11-22: [-Bread-] {+" + BREAD + "+}")
    doubtful = done(BREAD, "Brot", fuzzy=True, previous_msgid="Bread", extracted_comments=changed)
    assert filled(doubtful, decided) == done(BREAD, "Brot", extracted_comments=("paragraph",))
    same = done(BREAD, "Brot", translator_comments=("ask Ada",))
    assert filled(same, decided) == same


def test_the_compendium_decides_only_what_is_exactly_the_same_and_not_fuzzy() -> None:
    for other in (
        done(BREAD, "Brot", fuzzy=True),
        done(BREAD, "Brot", obsolete=True),
        done(BREAD, "Brot", msgctxt="title"),
        Message(BREAD, ("Brot", "Brote"), msgid_plural="breads"),
    ):
        assert filled(done(BREAD, "Das Brot"), catalog("compendium", other)) == done(BREAD, "Das Brot")


def test_a_draft_of_a_compendium_decides_in_drafts_only() -> None:
    decided = catalog("compendium", done(BREAD, "Brot"), draft=True)
    assert filled(done(BREAD, "Das Brot"), decided).msgstr == ("Das Brot",)
    assert filled(done(BREAD, "Das Brot"), decided, draft=True).msgstr == ("Brot",)
    assert filled(Message(BREAD), decided).fuzzy


def test_obsolete_messages_are_left_alone() -> None:
    dropped = done(BREAD, "Das Brot", obsolete=True)
    assert filled(dropped, catalog("compendium", done(BREAD, "Brot"))) == dropped


# --- contradictions ---------------------------------------------------------------------------------------------------


def test_two_translations_of_one_text_are_told_at_the_later_one() -> None:
    older = catalog("letter", done(WATER, "Wasser"), done(BREAD, "Brot"), adopted="2025-01-01")
    later = catalog("appeal", done(BREAD, "Das Brot"))
    (found,) = contradictions([later, older])
    assert str(found) == (
        f"locales/de/appeal.po:7: warning: “{BREAD}” is translated in two ways: “Das Brot” here, “Brot” in letter.po"
        " [two-translations]\n"
        "    hint: write the same in both, or put the one that holds for all into locales/de/compendium.po\n"
        "    see: locales/de/letter.po:10"
    )


def test_each_further_translation_is_told_once() -> None:
    said = ("Brot", "Das Brot", "Brot", "Das  Brot", "Brote")
    catalogs = [catalog(f"n{year}", done(BREAD, text), adopted=f"202{year}-01-01") for year, text in enumerate(said)]
    found = list(contradictions(catalogs))
    assert [each.location.path for each in found] == ["locales/de/n1.po", "locales/de/n4.po"]
    assert {each.related for each in found} == {Location("locales/de/n0.po", 7)}


@pytest.mark.parametrize(
    "other",
    [
        catalog("b", done(BREAD, "Brot")),
        catalog("b", done(BREAD, "Das Brot", fuzzy=True)),
        catalog("b", done(BREAD, "Das Brot", obsolete=True)),
        catalog("b", done(BREAD, "Das Brot", msgctxt="title")),
        catalog("b", done(BREAD, "Das Brot", translator_comments=("polyleaf: ignore two-translations",))),
        catalog("b", done(BREAD, "Pão", msgctxt=None), locale=PT),
        catalog("memory", done(BREAD, "Das Brot")),
        catalog("interface", done(BREAD, "Das Brot")),
    ],
    ids=range(8),
)
def test_what_is_no_contradiction(other: Catalog) -> None:
    assert list(contradictions([catalog("a", done(BREAD, "Brot")), other])) == []


def test_the_compendium_settles_a_contradiction() -> None:
    both = [catalog("a", done(BREAD, "Brot", translator_comments=("another translation: x",)))]
    both.append(catalog("b", done(BREAD, "Das Brot")))
    assert len(list(contradictions(both))) == 2
    assert list(contradictions([*both, catalog("compendium", done(BREAD, "Brot"))])) == []


def test_another_translation_in_a_comment_waits_for_a_choice() -> None:
    remembered = ("another translation: Ein Brot", "another translation: Brot")
    (found,) = contradictions([catalog("a", done(BREAD, "Brot", translator_comments=remembered))])
    assert found.message == f"“{BREAD}” has another translation in its comment: “Ein Brot”"
    assert (found.location, found.code) == (Location("locales/de/a.po", 9), "two-translations")
    dismissed = done(BREAD, "Brot", translator_comments=(*remembered, "polyleaf: ignore two-translations"))
    assert list(contradictions([catalog("a", dismissed, done("x", "x", obsolete=True))])) == []


# --- laws -------------------------------------------------------------------------------------------------------------

WORDS = st.lists(st.sampled_from("water bread roads the of all people never".split()), min_size=1, max_size=6)
IDS = st.one_of(WORDS.map(" ".join), st.sampled_from([BREAD, BREAD + "!", WATER]))
SAID = st.sampled_from(["", "", "eins", "zwei", "zwei ", "drei\\n\n"])


@st.composite
def messages(draw: st.DrawFn) -> Message:
    plural = draw(st.sampled_from([None, None, None, "rivers"]))
    return Message(
        draw(IDS),
        tuple(draw(SAID) for _ in range(1 if plural is None else 2)),
        draw(st.sampled_from([None, None, "title"])),
        plural,
        draw(st.booleans()),
        draw(st.sampled_from([False, False, True])),
        translator_comments=draw(st.sampled_from([(), ("ask Ada",), ("another translation: vier",)])),
    )


NAMES = ("letter", "appeal", "call", "interface", "compendium", "memory")


@st.composite
def languages(draw: st.DrawFn) -> tuple[Catalog, ...]:
    return tuple(
        Catalog(
            f"locales/de/{name}.po",
            DE,
            Message("", ("X-Polyleaf-State: draft\n" * draw(st.booleans()),)),
            tuple(draw(st.lists(messages(), max_size=6, unique_by=lambda each: each.key))),
        )
        for name in draw(st.sets(st.sampled_from(NAMES), min_size=2))
    )


def texts_of(message: Message) -> set[str]:
    return {text for text in message.msgstr if text} | set(alternatives(message))


def remembered_in(catalog: Catalog) -> set[str]:
    return {text.rstrip(" ") for each in catalog.messages for text in texts_of(each)}


def assert_nothing_is_lost(catalogs: tuple[Catalog, ...]) -> None:
    memory = Memory.of(DE, catalogs, [replace(each, locale=Locale.parse("de-AT")) for each in catalogs[:1]])
    for before in catalogs:
        after = fill(before, memory)
        assert fill(after, memory) is after
        others = tuple(each for each in catalogs if each.path != before.path)
        assert fill(after, Memory.of(DE, (after, *others), memory.variants)) is after
        assert (after.header, len(after.messages)) == (before.header, len(before.messages))
        for old, new in zip(before.messages, after.messages, strict=True):
            assert (old.key, old.obsolete, old.references) == (new.key, new.obsolete, new.references)
            assert texts_of(old) <= texts_of(new)
            if new != old and any(old.msgstr):
                assert memory.decisions[old.key].message.msgstr == new.msgstr


@settings(max_examples=100, deadline=None)
@given(languages())
def test_filling_loses_no_translation_and_settles_at_once(catalogs: tuple[Catalog, ...]) -> None:
    assert_nothing_is_lost(catalogs)


def random_language(dice: Random) -> tuple[Catalog, ...]:
    """Like ``languages``, without Hypothesis, whose bookkeeping costs ten times what is tested."""

    def message() -> Message:
        plural = dice.choice([None, None, None, "rivers"])
        msgid = dice.choice(
            [" ".join(dice.choices("water bread roads the of".split(), k=dice.randint(1, 5))), BREAD, WATER]
        )
        return Message(
            msgid,
            tuple(dice.choice(["", "", "eins", "zwei", "zwei "]) for _ in range(1 if plural is None else 2)),
            dice.choice([None, None, "title"]),
            plural,
            dice.random() < 0.3,
            dice.random() < 0.3,
            translator_comments=dice.choice([(), ("ask Ada",), ("another translation: vier",)]),
        )

    def one(name: str) -> Catalog:
        rivals = {each.key: each for each in (message() for _ in range(dice.randint(0, 7)))}
        header = Message("", ("X-Polyleaf-State: draft\n" * (dice.random() < 0.4),))
        return Catalog(f"locales/de/{name}.po", DE, header, tuple(rivals.values()))

    return tuple(one(name) for name in dice.sample(NAMES, dice.randint(2, len(NAMES))))


@pytest.mark.slow
def test_filling_loses_nothing_in_ten_thousand_languages() -> None:
    for seed in range(10_000):
        assert_nothing_is_lost(random_language(Random(seed)))


@settings(max_examples=60, deadline=None)
@given(languages())
def test_what_is_taken_as_done_somebody_has_said_of_this_very_text(catalogs: tuple[Catalog, ...]) -> None:
    memory = Memory.of(DE, catalogs)
    sure = {
        (each.key, each.msgid_plural, each.msgstr)
        for catalog in catalogs
        for each in catalog.live
        if each.state is State.TRANSLATED and not catalog.path.endswith(("interface.po", "memory.po"))
    }
    for before in catalogs:
        for old, new in zip(before.messages, fill(before, memory).messages, strict=True):
            if new != old and new.state is State.TRANSLATED:
                assert (new.key, new.msgid_plural, new.msgstr) in sure


@settings(max_examples=60, deadline=None)
@given(languages(), st.lists(messages(), max_size=8))
def test_an_import_loses_nothing_and_knows_what_it_has(catalogs: tuple[Catalog, ...], arrived: list[Message]) -> None:
    before = absorb(None, (each for catalog in catalogs for each in catalog.messages), "first.tmx", DE).catalog
    absorbed = absorb(before, arrived, "second.tmx", DE)
    remembered = remembered_in(absorbed.catalog)
    assert remembered_in(before) <= remembered
    translated = (each for each in arrived if each.state is State.TRANSLATED)
    assert {text.rstrip(" ") for each in translated for text in each.msgstr} <= remembered
    again = absorb(absorbed.catalog, arrived, "third.tmx", DE)
    assert again.catalog is absorbed.catalog
    assert (again.new, again.beside) == (0, 0)
    on_disk = serialize(absorbed.catalog)
    assert parse_catalog(on_disk, "locales/de/memory.po", DE) == replace(absorbed.catalog, path="locales/de/memory.po")


# --- compendium and memory from catalogs ------------------------------------------------------------------------------


def test_a_compendium_has_each_text_once_and_is_unsure_where_they_disagree() -> None:
    first = catalog("a", done(BREAD, "Brot"), done(WATER, "Wasser"), Message("Roads"), done("x", "y", fuzzy=True))
    second = catalog("b", done(BREAD, "Das Brot"), done(WATER, "Wasser", references=("b.md",)))
    made = compendium_of([first, second], DE)
    assert [(each.msgid, each.msgstr[0], each.fuzzy) for each in made.messages] == [
        (BREAD, "Brot", True),
        (WATER, "Wasser", False),
    ]
    assert alternatives(made.messages[0]) == ("Das Brot",)
    assert (made.header_value("Language"), made.draft) == ("de", False)
    assert parse_catalog(serialize(made), made.path, DE) == made


def test_a_compendium_of_drafts_is_a_draft_and_a_draft_s_words_are_unsure_in_another() -> None:
    draft = catalog("a", done(BREAD, "Brot"), draft=True)
    assert compendium_of([draft], DE).draft
    mixed = compendium_of([draft, catalog("b", done(WATER, "Wasser"))], DE)
    assert (mixed.draft, [each.fuzzy for each in mixed.messages]) == (False, [True, False])


def test_what_the_hand_kept_compendium_says_is_sure() -> None:
    decided, other = catalog("compendium", done(BREAD, "Brot")), catalog("a", done(BREAD, "Das Brot"))
    (message,) = compendium_of([other, decided], DE).messages
    assert (message.msgstr, message.fuzzy, alternatives(message)) == (("Brot",), False, ())


def test_an_import_keeps_what_is_there_and_forgets_who_translated() -> None:
    arrived = [done(BREAD, "Das Brot", translator_comments=("Ada",)), done(WATER, "Wasser"), done(WATER, "Nass")]
    first = absorb(None, arrived[:1], "old.tmx", DE)
    absorbed = absorb(first.catalog, [done(BREAD, "Brot"), *arrived], "new.tmx", DE)
    assert (absorbed.new, absorbed.known, absorbed.beside) == (1, 0, 1)
    bread, water = absorbed.catalog.messages
    assert bread.msgstr == ("Das Brot",)
    assert bread.translator_comments == ("taken from: old.tmx", "another translation: Brot")
    assert water.translator_comments == ("taken from: new.tmx", "another translation: Nass")
    known = absorb(absorbed.catalog, arrived, "again.tmx", DE)
    assert (known.catalog is absorbed.catalog, known.known) == (True, 2)


def test_plural_messages_with_the_forms_of_another_rule_are_named() -> None:
    three = Message("{n} page", ("a", "b", "c"), msgid_plural="{n} pages", line=7)
    assert absorb(None, [three], "x.po", DE).unfit == (three,)


# --- the verbs --------------------------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of(ORCHARD, tmp_path / "orchard")


def run(root: Path, *arguments: object) -> Result:
    return CliRunner().invoke(verbs, [str(each) for each in arguments], obj=root, catch_exceptions=False)


def in_memory(root: Path, tag: str = "de") -> dict[str, str]:
    path = root / "locales" / tag / "memory.po"
    return {each.msgid: each.msgstr[0] for each in parse_catalog(path.read_bytes(), "memory.po", DE).messages}


def test_exported_and_imported_elsewhere(root: Path, tmp_path: Path) -> None:
    shown = run(root, "export", "-l", "de", tmp_path / "de.tmx")
    assert shown.exit_code == 0, shown.output
    exported = read_tmx((tmp_path / "de.tmx").read_bytes(), "de.tmx", EN, DE)
    assert shown.output == f"wrote {tmp_path / 'de.tmx'}: {len(exported)} translations\n"
    elsewhere = copy_of(ORCHARD, tmp_path / "elsewhere")
    shown = run(elsewhere, "import", "-l", "de", tmp_path / "de.tmx", "--json")
    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.output)
    assert (told["path"], told["written"]) == ("locales/de/memory.po", True)
    assert (told["new"] + told["beside"], told["known"]) == (len({each.key for each in exported}), 0)
    assert in_memory(elsewhere).items() <= {(each.msgid, each.msgstr[0]) for each in exported}
    before = (elsewhere / "locales/de/memory.po").read_bytes()
    again = run(elsewhere, "import", "-l", "de", tmp_path / "de.tmx")
    assert (
        again.output
        == f"locales/de/memory.po: 0 new texts, {told['new']} known already, 0 kept beside another translation\n"
    )
    assert (elsewhere / "locales/de/memory.po").read_bytes() == before


def test_a_compendium_is_exported_and_taken_in(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.po"
    told = json.loads(run(root, "export", "-l", "de", target, "--json").output)
    made = parse_catalog(target.read_bytes(), "mine.po", DE)
    assert (told["written"], told["translations"]) == (str(target), len(made.messages))
    assert run(root, "import", "-l", "de", target).exit_code == 0
    assert in_memory(root) == {each.msgid: each.msgstr[0] for each in made.messages if not each.fuzzy}


def test_what_somebody_made_by_hand_is_not_overwritten(root: Path, tmp_path: Path) -> None:
    assert run(root, "export", "-l", "de", tmp_path / "x.tmx").exit_code == 0
    assert run(root, "export", "-l", "de", tmp_path / "x.tmx").exit_code == 0
    for name, content in (("mine.po", b"mine"), ("omegat.tmx", b"<tmx/>")):
        (tmp_path / name).write_bytes(content)
        shown = run(root, "export", "-l", "de", tmp_path / name)
        assert (shown.exit_code, (tmp_path / name).read_bytes()) == (1, content)
        assert "the file is there already [file-exists]" in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "-l", "de", "x.txt"), "the file's name does not say what it is to be [memory-file]"),
        (("export", "-l", "sw", "x.tmx"), "there is no translation from en into sw yet [no-translations]"),
        (("import", "-l", "de", "x.csv"), "this is neither a TMX file nor a gettext catalog [memory-file]"),
        (("import", "-l", "de", "empty.po"), "the file is empty [empty-file]"),
        (("import", "-l", "de", "french.po"), "the header says Language: fr"),
        (("import", "-l", "de", "nothing.po"), "the catalog has no translation [no-translations]"),
        (("import", "-l", "de", "torn.tmx"), "the file is damaged, or no TMX"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in (
        ("x.csv", b"a,b"),
        ("empty.po", b""),
        ("french.po", serialize(catalog("french", done("a", "b"), locale=Locale.parse("fr")))),
        ("nothing.po", serialize(catalog("nothing", Message("a"), done("b", "c", fuzzy=True)))),
        ("torn.tmx", b"<tmx><body>"),
    ):
        (tmp_path / name).write_bytes(content)
    shown = run(root, *arguments)
    assert (shown.exit_code, said in shown.stderr) == (1, True), shown.stderr
    assert "hint: " in shown.stderr
    assert not (tmp_path / arguments[-1]).exists() or arguments[0] == "import"
    assert not (root / "locales/de/memory.po").exists()


def test_wrong_usage(root: Path, tmp_path: Path) -> None:
    for arguments in (("export", "x.tmx"), ("import", "-l", "de", "nowhere.tmx"), ("export", "-l", "no tag", "x.tmx")):
        assert run(root, *arguments).exit_code == 2
    assert run(tmp_path / "nowhere", "export", "-l", "de", "x.tmx").exit_code == 2


def test_a_torn_memory_is_refused_and_stays(root: Path, tmp_path: Path) -> None:
    (tmp_path / "a.tmx").write_bytes(write_tmx([catalog("a", done(BREAD, "Brot"))], EN))
    torn = root / "locales/de/memory.po"
    torn.write_bytes(b'msgid "a"\nmsgstr "b')
    with pytest.raises(InvalidInput) as caught:
        import_memory(Workspace(root), "de", tmp_path / "a.tmx")
    assert caught.value.diagnostics[0].location.path == "locales/de/memory.po"
    assert torn.read_bytes() == b'msgid "a"\nmsgstr "b'


def test_a_foreign_catalog_gives_what_it_dropped_too_but_no_foreign_plurals(root: Path, tmp_path: Path) -> None:
    pages = Message("{n} page", ("a", "b", "c"), msgid_plural="{n} pages")
    others = done(BREAD, "Brot", obsolete=True), done(WATER, "Wasser", fuzzy=True)
    foreign = catalog("foreign", pages, *others, forms="Plural-Forms: nplurals=3; plural=0;\n")
    (tmp_path / "foreign.po").write_bytes(serialize(foreign))
    imported = import_memory(Workspace(root), "de", tmp_path / "foreign.po")
    assert in_memory(root) == {BREAD: "Brot"}
    (found,) = imported.diagnostics
    assert (found.code, found.severity, found.location.path) == ("plural-count", "warning", "foreign.po")


def test_an_import_makes_the_folder_of_a_new_language(root: Path, tmp_path: Path) -> None:
    swahili = Locale.parse("sw")
    (tmp_path / "sw.tmx").write_bytes(write_tmx([catalog("a", done(BREAD, "Mkate"), locale=swahili)], EN))
    assert import_memory(Workspace(root), "sw", tmp_path / "sw.tmx").path == "locales/sw/memory.po"
    made = Workspace(root).bytes_of(PurePosixPath("locales/sw/memory.po"))
    assert made is not None
    assert made.decode().startswith("# Translations from elsewhere")
    assert parse_catalog(made, "locales/sw/memory.po", swahili).messages[0].msgstr == ("Mkate",)


def test_a_document_in_another_language_is_left_out_with_a_word(root: Path, tmp_path: Path) -> None:
    source = root / "sources/orchard.md"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("locale: en", "locale: fr"), encoding="utf-8")
    exported = export_memory(Workspace(root), "de", tmp_path / "de.tmx")
    assert [(each.code, each.severity) for each in exported.diagnostics] == [("left-out", "warning")]
    rest = read_tmx((tmp_path / "de.tmx").read_bytes(), "de.tmx", EN, DE)
    assert exported.translations == len(rest) > 0
    orchard = parse_catalog((root / "locales/de/orchard.po").read_bytes(), "orchard.po", DE)
    assert not {each.msgid for each in rest} & {each.msgid for each in orchard.live}


def test_a_broken_catalog_is_named_and_the_others_go_out(root: Path, tmp_path: Path) -> None:
    (root / "locales/de/organisations.po").write_text('msgid "torn', encoding="utf-8")
    shown = run(root, "export", "-l", "de", tmp_path / "de.tmx")
    assert (shown.exit_code, "locales/de/organisations.po:1" in shown.stderr) == (1, True)
    assert len(read_tmx((tmp_path / "de.tmx").read_bytes(), "de.tmx", EN, DE)) == 4


def test_real_catalogs_go_out_and_come_back(shared: Path) -> None:
    for path in sorted((shared / "udhr" / "po").glob("*.po")):
        locale = Locale.parse(path.stem)
        before = parse_catalog(path.read_bytes(), f"locales/{locale.tag}/udhr.po", locale)
        pairs = {(each.msgid, each.msgstr[0]) for each in before.live if each.state is State.TRANSLATED}
        assert {(each.msgid, each.msgstr[0]) for each in read_tmx(write_tmx([before], EN), "x", EN, locale)} == pairs
        empty = replace(
            before,
            path=f"locales/{locale.tag}/again.po",
            messages=tuple(replace(each, msgstr=("",), fuzzy=False, raw=None) for each in before.live),
        )
        refilled = fill(empty, Memory.of(locale, [before]))
        assert {(each.msgid, each.msgstr[0]) for each in refilled.live if each.state is State.TRANSLATED} >= pairs
