"""Catalogs follow their source, and nothing that somebody translated is ever lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.diagnostics import Location
from pipeline.locales import Locale
from pipeline.source.document import Role, Segment
from pipeline.translation.catalog import Catalog, State, parse_catalog, serialize
from pipeline.translation.update import merge, template
from tests.merging import BREAD, DE, REVISION, ROADS, WATER, pot, reread, segment, translated

UDHR = Path(__file__).parents[2] / "shared" / "udhr" / "po"
# --- extract ----------------------------------------------------------------------------------------------------------


def test_a_template_tells_translators_what_each_text_is() -> None:
    segments = [
        segment("Letter of the rivers", "title", Role.TITLE),
        segment("Water!", "demands.1", Role.SLOGAN, "Shouted, at most\ntwelve letters"),
        segment("Letter of the rivers", "end.1"),
        Segment("Page", Location("templates/page.html", 3), Role.INTERFACE, msgctxt="noun"),
        Segment("{n} page", Location("templates/page.html", 4), Role.INTERFACE, msgid_plural="{n} pages"),
        segment(""),
    ]
    catalog = template("letter", segments, "Polyleaf 1", REVISION)
    assert catalog.path == "letter.pot"
    assert serialize(catalog).decode() == (
        """\
msgid ""
msgstr ""
"Project-Id-Version: Polyleaf 1\\n"
"POT-Creation-Date: 2026-02-21 00:00+0000\\n"
"PO-Revision-Date: YEAR-MO-DA HO:MI+ZONE\\n"
"Language:\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

#. title
#. paragraph
#: sources/letter.md#title sources/letter.md#end.1
msgid "Letter of the rivers"
msgstr ""

#. slogan
#. Shouted, at most
#. twelve letters
#: sources/letter.md#demands.1
msgid "Water!"
msgstr ""

#. word of the page templates
#: templates/page.html
msgctxt "noun"
msgid "Page"
msgstr ""

#. word of the page templates
#: templates/page.html
msgid "{n} page"
msgid_plural "{n} pages"
msgstr[0] ""
msgstr[1] ""
"""
    )
    assert parse_catalog(serialize(catalog), catalog.path, None) == catalog


def test_a_new_catalog_has_the_header_of_its_language() -> None:
    begun = merge(None, template("words", [segment("Page")], "P", REVISION), Locale.parse("ar"))
    assert begun.path == "locales/ar/words.po"
    assert begun.header_value("Language") == "ar"
    assert begun.header_value("Plural-Forms").startswith("nplurals=6;")
    assert begun.header_value("POT-Creation-Date") == REVISION


def test_a_message_with_plurals_has_as_many_forms_as_its_language() -> None:
    source = template("w", [Segment("{n} page", Location("x", 1), msgid_plural="{n} pages")], "P", REVISION)
    assert [len(merge(None, source, Locale.parse(tag)).messages[0].msgstr) for tag in ("ja", "de", "ar")] == [1, 2, 6]


# --- merge ------------------------------------------------------------------------------------------------------------


def test_nothing_changes_where_nothing_changed() -> None:
    catalog = translated(pot(WATER, BREAD))
    again = merge(catalog, pot(WATER, BREAD, revision="2027-01-01 00:00+0000"), DE)
    assert serialize(again) == serialize(catalog)
    assert again.header_value("POT-Creation-Date") == REVISION


def test_what_nobody_touched_keeps_its_very_bytes() -> None:
    wrapped_by_hand = serialize(translated(pot(WATER, BREAD))).decode().replace("de: Nobody may", 'de: "\n"Nobody may')
    catalog = parse_catalog(wrapped_by_hand.encode(), "locales/de/letter.po", DE)
    longer = merge(catalog, pot(WATER, BREAD, ROADS), DE)
    added = f'\n#. paragraph\n#: sources/letter.md#body.2\nmsgid "{ROADS}"\nmsgstr ""\n'
    assert serialize(longer).decode() == wrapped_by_hand + added


def test_a_moved_segment_keeps_its_translation() -> None:
    again = merge(translated(pot(WATER, BREAD, ROADS)), pot(ROADS, WATER, BREAD), DE)
    assert [each.msgstr[0] for each in again.messages] == [f"de: {each}" for each in (ROADS, WATER, BREAD)]
    assert {each.state for each in again.messages} == {State.TRANSLATED}


def test_an_edited_segment_is_fuzzy_and_says_what_it_was() -> None:
    edited = WATER.replace("everybody", "everyone")
    again = merge(translated(pot(BREAD, WATER)), pot(BREAD, edited), DE)
    assert again.messages[1].state is State.FUZZY
    assert again.messages[1].previous_msgid == WATER
    assert again.messages[1].msgstr == (f"de: {WATER}",)
    assert len(again.messages) == 2


def test_edited_twice_it_still_says_what_the_translation_was_made_for() -> None:
    once = merge(translated(pot(WATER)), pot(WATER.replace("everybody", "everyone")), DE)
    twice = merge(once, pot(WATER.replace("everybody", "all people")), DE)
    assert twice.messages[0].previous_msgid == WATER


def test_position_finds_edits_that_likeness_alone_would_not() -> None:
    before, after = "Our name", "Our names here"
    in_place = merge(translated(pot(BREAD, before, ROADS)), pot(BREAD, after, ROADS), DE)
    assert in_place.messages[1].previous_msgid == before
    elsewhere = merge(translated(pot(BREAD, before, ROADS)), pot(BREAD, ROADS, after), DE)
    assert elsewhere.messages[2].state is State.UNTRANSLATED
    assert elsewhere.messages[3].obsolete


def test_two_edits_in_one_gap_find_their_own() -> None:
    old = pot(BREAD, "The first of May is free.", "The first of June is free.", ROADS)
    new = pot(BREAD, "The first of June is a free day.", "The first of May is a free day.", ROADS)
    again = merge(translated(old), new, DE)
    assert [each.previous_msgid for each in again.messages[1:3]] == [
        "The first of June is free.",
        "The first of May is free.",
    ]


def test_a_better_match_elsewhere_wins_against_the_place() -> None:
    moved = "The council of the northern rivers meets every spring."
    in_its_place = "The congress of the orphans never meets a king."
    again = merge(translated(pot(BREAD, moved, ROADS)), pot(BREAD, in_its_place, ROADS, moved[:-1] + " now."), DE)
    assert (again.messages[1].state, again.messages[1].previous_msgid) == (State.UNTRANSLATED, None)
    assert again.messages[3].previous_msgid == moved


def test_an_edit_in_place_wins_against_a_text_elsewhere_that_is_a_little_more_alike() -> None:
    here, there = "Rules for the northern rivers", "Rules for the northern river"
    old = translated(pot(BREAD, here, ROADS, there, WATER))
    again = merge(old, pot(BREAD, "Rules for the northern rivers!!", ROADS, WATER), DE)
    assert again.messages[1].previous_msgid == here


def test_list_entries_that_are_reordered_and_edited_find_their_own() -> None:
    before = ["bread for the miners", "roads for the fishers", "lamps for the weavers", "water for the nurses"]
    after = [
        "lamps for all the weavers",
        "water for the old nurses",
        "bread for all the miners",
        "roads for some fishers",
    ]
    again = merge(translated(pot(BREAD, *before, ROADS)), pot(BREAD, *after, ROADS), DE)
    assert [each.previous_msgid for each in again.messages[1:5]] == [before[2], before[3], before[0], before[1]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Solution", "Introduction"),
        ("Plain Threads", "Can't read"),
        ("Floating point numbers", "Sealing with Enums"),
        ("Bread!", "Peace!"),
        ("Nobody has ever counted the miners of the valley.", "Everybody who reads this is invited to the harvest."),
    ],
)
def test_another_text_at_the_same_place_gets_no_nonsense(before: str, after: str) -> None:
    for old, new in ((pot(BREAD, before, ROADS), pot(BREAD, after, ROADS)), (pot(before), pot(after))):
        merged = merge(translated(old), new, DE)
        assert merged.get((None, after)).state is State.UNTRANSLATED
        assert [each.msgid for each in merged.messages if each.obsolete] == [before]


def test_short_texts_that_differ_in_a_number_are_one_only_at_the_same_place() -> None:
    in_place = merge(translated(pot(BREAD, "Article 41", ROADS)), pot(BREAD, "Article 42", ROADS), DE)
    assert in_place.messages[1].previous_msgid == "Article 41"
    elsewhere = merge(translated(pot(BREAD, "Article 41", ROADS)), pot(BREAD, ROADS, "Article 42"), DE)
    assert elsewhere.messages[2].state is State.UNTRANSLATED
    sentence = "The council met on the 4th of May in the old mill and counted the votes."
    moved = merge(translated(pot(BREAD, sentence, ROADS)), pot(BREAD, ROADS, sentence.replace("4", "5")), DE)
    assert moved.messages[2].previous_msgid == sentence


def test_an_untranslated_neighbour_does_not_get_another_ones_translation() -> None:
    first, second = "The council meets in May.", "The council meets at noon."
    catalog = translated(pot(BREAD, first, second))
    half = replace(
        catalog,
        messages=tuple(replace(each, msgstr=("",)) if each.msgid == first else each for each in catalog.messages),
    )
    again = merge(half, pot(BREAD, "The council meets in May!"), DE)
    assert again.messages[1].state is State.UNTRANSLATED
    assert again.messages[2].obsolete


def test_a_vanished_translation_is_obsolete_and_returns_with_its_text() -> None:
    catalog = translated(pot(WATER, BREAD))
    without = reread(merge(catalog, pot(WATER), DE))
    assert [(each.msgid, each.obsolete) for each in without.messages] == [(WATER, False), (BREAD, True)]
    back = merge(without, pot(WATER, BREAD), DE)
    assert serialize(back) == serialize(catalog)


def test_a_vanished_message_without_translation_disappears() -> None:
    begun = merge(None, pot(WATER, BREAD), DE)
    assert [each.msgid for each in merge(begun, pot(WATER), DE).messages] == [WATER]


def test_translators_comments_and_flags_stay() -> None:
    catalog = translated(pot(WATER))
    noted = replace(catalog.messages[0], translator_comments=("ask Ada",), flags=("no-wrap",))
    edited = merge(replace(catalog, messages=(noted,)), pot(WATER + "!"), DE).messages[0]
    assert (edited.translator_comments, edited.flags, edited.fuzzy) == (("ask Ada",), ("no-wrap",), True)


def test_another_context_is_another_message() -> None:
    catalog = translated(template("w", [Segment("Page", Location("x", 1), msgctxt="noun")], "P", REVISION))
    verb = merge(catalog, template("w", [Segment("Page", Location("x", 1), msgctxt="verb")], "P", REVISION), DE)
    assert (verb.messages[0].fuzzy, verb.messages[0].previous_msgctxt) == (True, "noun")


def test_a_message_that_gets_plurals_is_fuzzy_and_one_that_loses_them_forgets_none() -> None:
    one = template("w", [Segment("{n} page", Location("x", 1))], "P", REVISION)
    many = template("w", [Segment("{n} page", Location("x", 1), msgid_plural="{n} pages")], "P", REVISION)
    grown = merge(translated(one), many, DE).messages[0]
    assert (grown.msgstr, grown.fuzzy) == (("de: {n} page", ""), True)
    full = replace(merge(None, many, DE).messages[0], msgstr=("{n} Seite", "{n} Seiten"))
    shrunk = merge(replace(translated(many), messages=(full,)), one, DE).messages[0]
    assert (shrunk.msgstr, shrunk.fuzzy) == (("{n} Seite",), True)
    assert shrunk.translator_comments == ("another translation: {n} Seiten",)


def test_only_wrong_headers_are_mended() -> None:
    text = (
        '# Ada\nmsgid ""\nmsgstr ""\n"X-Generator: Poedit 3\\n"\n"Plural-Forms: nplurals=2; plural=n/0;\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n"Report-Msgid-Bugs-To: a@example.org\\n"\n'
    )
    merged = merge(parse_catalog(text.encode(), "locales/de/letter.po", DE), pot(), DE)
    assert serialize(merged).decode() == text.replace("plural=n/0;", "plural=(n != 1);") + '"Language: de\\n"\n'
    brazil = text.replace('"X-Gen', '"Language: pt_BR\\n"\n"X-Gen').replace("n/0", "(n > 1)")
    catalog = parse_catalog(brazil.encode(), "x.po", Locale.parse("pt-BR"))
    assert serialize(merge(catalog, pot(), Locale.parse("pt-BR"))).decode() == brazil


def test_an_obsolete_double_as_babel_leaves_it_is_healed() -> None:
    head = serialize(merge(None, pot(), DE)).decode()
    untranslated = f'\n#. paragraph\n#: sources/letter.md#body.0\nmsgid "{WATER}"\nmsgstr ""\n'
    double = f'\n#~ msgid "{WATER}"\n#~ msgstr "Wasser"\n'
    healed = merge(parse_catalog((head + untranslated + double).encode(), "x.po", DE), pot(WATER), DE)
    assert [(each.msgstr, each.obsolete) for each in healed.messages] == [(("Wasser",), False)]
    rival = untranslated.replace('msgstr ""', 'msgstr "Das Wasser"')
    healed = merge(parse_catalog((head + rival + double).encode(), "x.po", DE), pot(WATER), DE)
    assert [each.msgstr for each in healed.messages] == [("Das Wasser",)]
    assert healed.messages[0].translator_comments == ("another translation: Wasser",)


@pytest.mark.skipif(not UDHR.is_dir(), reason="the Declaration's catalogs are not on this machine")
def test_the_declaration_with_one_word_changed_has_one_fuzzy_message() -> None:
    catalog = parse_catalog((UDHR / "fr.po").read_bytes(), "fr.po", Locale.parse("fr"))
    source = replace(catalog, locale=None, messages=tuple(replace(each, msgstr=("",)) for each in catalog.messages))
    settled = reread(merge(catalog, source, Locale.parse("fr")))
    number, message = next((n, each) for n, each in enumerate(source.messages) if " human rights " in each.msgid)
    edited = replace(message, msgid=message.msgid.replace(" human rights ", " everybody’s rights "))
    changed = replace(source, messages=(*source.messages[:number], edited, *source.messages[number + 1 :]))
    merged = merge(settled, changed, Locale.parse("fr"))
    assert [each.previous_msgid for each in merged.messages if each.fuzzy] == [message.msgid]
    before, after = (serialize(each).decode().split("\n\n") for each in (settled, merged))
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_a_text_in_two_places_that_is_edited_in_one_lends_its_translation() -> None:
    def letter(*texts: tuple[str, str]) -> Catalog:
        return template("letter", [segment(text, place) for text, place in texts], "Polyleaf", REVISION)

    done = translated(letter((WATER, "text.1"), (WATER, "short.1"), (BREAD, "text.2")))
    after = WATER.replace("everybody", "everyone")
    merged = merge(done, letter((after, "text.1"), (WATER, "short.1"), (BREAD, "text.2")), DE)
    edited, same, _ = merged.messages
    assert (edited.state, edited.msgstr, edited.previous_msgid) == (State.FUZZY, (f"de: {WATER}",), WATER)
    assert (same.state, same.msgstr) == (State.TRANSLATED, (f"de: {WATER}",))
    strange = merge(done, letter((ROADS, "text.1"), (WATER, "short.1"), (BREAD, "text.2")), DE)
    assert strange.messages[0].msgstr == ("",)
