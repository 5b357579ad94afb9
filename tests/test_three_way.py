"""Two people's versions of one catalog become one, and nothing that either translated is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.message import Message
from pipeline.translation.remarks import alternatives
from pipeline.translation.successors import frame_of
from pipeline.translation.three_way import Combined, combine, complaints
from pipeline.translation.update import merge

DE = Locale.parse("de")
PATH = "locales/de/letter.po"
HEADER = (
    'msgid ""\nmsgstr ""\n"POT-Creation-Date: 2026-02-21 00:00+0000\\n"\n"PO-Revision-Date: 2026-02-22 10:00+0100\\n"\n'
    '"Last-Translator: \\n"\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
)
WATER = "Water belongs to everybody who lives beside it."
BREAD = "Nobody may sell bread above its price."
ROADS = "Roads are built by those who walk on them."


def entry(msgid: str, msgstr: str = "", above: str = "") -> str:
    return f'\n{above}msgid "{msgid}"\nmsgstr "{msgstr}"\n'


def read(text: str, header: str = HEADER) -> Catalog:
    return parse_catalog((header + text).encode(), PATH, DE)


def said(catalog: Catalog) -> str:
    return serialize(catalog).decode().removeprefix(HEADER)


def merged(base: str | None, ours: str, theirs: str) -> tuple[str, Combined]:
    combined = combine(read(base) if base is not None else None, read(ours), read(theirs))
    return said(combined.catalog), combined


# --- one message --------------------------------------------------------------------------------------------------------

EMPTY, FULL, OTHER = entry(WATER), entry(WATER, "Wasser"), entry(WATER, "Das Wasser")
VAGUE, VAGUE_OTHER = entry(WATER, "Wasser", "#, fuzzy\n"), entry(WATER, "Gewässer", "#, fuzzy\n")
ANOTHER = "# another translation: "


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected", "taken"),
    [
        (EMPTY, EMPTY, FULL, FULL, 1),
        (EMPTY, FULL, EMPTY, FULL, 0),
        (EMPTY, FULL, FULL, FULL, 0),
        (FULL, OTHER, FULL, OTHER, 0),
        (FULL, FULL, OTHER, OTHER, 1),
        (FULL, FULL, EMPTY, FULL, 0),
        (FULL, EMPTY, FULL, FULL, 1),
        (FULL, OTHER, EMPTY, OTHER, 0),
        (VAGUE, VAGUE, FULL, FULL, 1),
        (FULL, VAGUE, FULL, VAGUE, 0),
        (VAGUE, OTHER, VAGUE_OTHER, entry(WATER, "Das Wasser", f"{ANOTHER}Gewässer\n"), 0),
        (VAGUE, VAGUE_OTHER, OTHER, entry(WATER, "Das Wasser", f"{ANOTHER}Gewässer\n"), 1),
        (VAGUE, VAGUE_OTHER, FULL, entry(WATER, "Wasser", f"{ANOTHER}Gewässer\n"), 1),
        (None, EMPTY, FULL, FULL, 1),
        (None, FULL, EMPTY, FULL, 0),
        (None, VAGUE, FULL, FULL, 1),
        (None, FULL, VAGUE_OTHER, entry(WATER, "Wasser", f"{ANOTHER}Gewässer\n"), 0),
    ],
)
def test_whose_translation_stays(base: str | None, ours: str, theirs: str, expected: str, taken: int) -> None:
    text, combined = merged(base, ours, theirs)
    assert text == expected
    assert (len(combined.taken), combined.conflicts, list(complaints(combined))) == (taken, (), [])


@pytest.mark.parametrize(("base", "mark"), [(EMPTY, ""), (None, ""), (EMPTY, "#, fuzzy\n"), (VAGUE, "#, fuzzy\n")])
def test_two_different_translations_are_both_kept(base: str | None, mark: str) -> None:
    ours, theirs = entry(WATER, "Unser Wasser", mark), entry(WATER, "Gewässer\\nsind frei", mark)
    text, combined = merged(base, ours, theirs)
    assert text == entry(WATER, "Unser Wasser", f"{ANOTHER}Gewässer\\nsind frei\n{mark}")
    (conflict,) = combined.conflicts
    assert (conflict.ours.msgstr, conflict.theirs.msgstr) == (("Unser Wasser",), ("Gewässer\nsind frei",))
    assert conflict.merged == combined.catalog.messages[0]
    (told,) = map(str, complaints(combined))
    place = f"{PATH}:{10 + bool(mark)}"
    assert told.startswith(f"{place}: warning: two people translated “{WATER}” differently; both are in the file [tran")
    assert told.endswith("hint: keep the better one as msgstr and delete the comment “another translation: …”")
    again = combine(read(base) if base is not None else None, read(text), read(theirs))
    assert said(again.catalog) == text


def test_comments_and_flags_are_those_of_both_unless_one_took_them_away() -> None:
    base = entry(WATER, "Wasser", "# by hand\n# old\n#, no-wrap\n")
    ours = entry(WATER, "Wasser", "# by hand\n# old\n# ask Ada\n#, no-wrap, c-format\n")
    theirs = entry(WATER, "Wasser", "# by hand\n# ask Bo\n#, python-format\n")
    text, _ = merged(base, ours, theirs)
    assert text == entry(WATER, "Wasser", "# by hand\n# ask Ada\n# ask Bo\n#, c-format, python-format\n")
    union, _ = merged(None, ours, theirs)
    assert "# old\n# ask Ada\n# ask Bo\n#, no-wrap, c-format, python-format\n" in union


def test_what_nobody_touched_keeps_its_bytes() -> None:
    odd = f'\n#:x\nmsgid   "{BREAD}"\nmsgstr ""\n"Bro"\n"t"\n'
    text, _ = merged(EMPTY + odd, EMPTY + odd, FULL + odd.replace('"Bro"\n"t"', '"Brot"'))
    assert text == FULL + odd


def test_line_ends_and_byte_order_mark_are_ours() -> None:
    ours = parse_catalog(("\ufeff" + HEADER + EMPTY).replace("\n", "\r\n").encode(), PATH, DE)
    combined = combine(read(EMPTY), ours, read(FULL))
    assert serialize(combined.catalog) == ("\ufeff" + HEADER + FULL).replace("\n", "\r\n").encode()
    back = combine(read(EMPTY), read(EMPTY), replace(combined.catalog))
    assert serialize(back.catalog) == (HEADER + FULL).encode()


def test_plural_forms_fill_each_other_and_never_vanish() -> None:
    def rivers(first: str, second: str) -> str:
        return f'\nmsgid "river"\nmsgid_plural "rivers"\nmsgstr[0] "{first}"\nmsgstr[1] "{second}"\n'

    assert merged(rivers("", ""), rivers("Fluss", ""), rivers("", "Flüsse"))[0] == rivers("Fluss", "Flüsse")
    assert merged(rivers("a", "b"), rivers("a", "b"), rivers("a2", ""))[0] == rivers("a2", "b")
    polish = parse_catalog(
        (
            HEADER.replace("Language: de", "Plural-Forms: nplurals=3; plural=n%3;")
            + rivers("x", "y").rstrip("\n")
            + '\nmsgstr[2] "z"\n'
        ).encode(),
        PATH,
        DE,
    )
    (message,) = combine(None, read(rivers("", "")), polish).catalog.messages
    assert (message.msgstr, message.fuzzy, alternatives(message)) == (("x", "y"), True, ("z",))


# --- messages that only one has -----------------------------------------------------------------------------------------


def test_a_message_that_we_dropped_takes_their_translation() -> None:
    dropped = entry(BREAD, "Brot") + f'\n#~ msgid "{WATER}"\n#~ msgstr "Wasser"\n'
    text, combined = merged(entry(BREAD, "Brot") + FULL, dropped, entry(BREAD, "Brot") + OTHER)
    assert text == dropped.replace('"Wasser"', '"Das Wasser"')
    assert len(combined.taken) == 1


def test_a_message_that_only_they_have_is_kept_as_obsolete() -> None:
    text, combined = merged(FULL, FULL, FULL + entry(ROADS, "Wege", "#. paragraph\n#: letter.md\n") + entry(BREAD))
    assert text == FULL + f'\n#~ msgid "{ROADS}"\n#~ msgstr "Wege"\n'
    assert [each.msgid for each in combined.taken] == [ROADS]


def test_a_message_that_they_deleted_stays() -> None:
    assert merged(FULL + entry(BREAD, "Brot"), FULL + entry(BREAD, "Brot"), FULL)[0] == FULL + entry(BREAD, "Brot")


def test_a_translation_made_meanwhile_follows_the_text_that_we_edited() -> None:
    edited = WATER.replace("everybody", "everyone")
    updated = merge(read(entry(BREAD, "Brot") + FULL), pot(BREAD, edited), DE)
    combined = combine(read(entry(BREAD, "Brot") + FULL), updated, read(entry(BREAD, "Brot") + OTHER))
    assert [(each.msgid, each.msgstr, each.fuzzy, each.obsolete) for each in combined.catalog.messages] == [
        (BREAD, ("Brot",), False, False),
        (edited, ("Das Wasser",), True, False),
    ]
    assert combined.catalog.messages[1].previous_msgid == WATER
    assert not combined.conflicts


def test_an_untranslated_text_that_was_edited_takes_the_translation_of_the_old_one_as_fuzzy() -> None:
    edited = WATER.replace("everybody", "everyone")
    updated = merge(read(entry(BREAD, "Brot") + EMPTY), pot(BREAD, edited), DE)
    combined = combine(read(entry(BREAD, "Brot") + EMPTY), updated, read(entry(BREAD, "Brot") + FULL))
    (_, water) = combined.catalog.messages
    assert (water.msgid, water.msgstr, water.fuzzy, water.previous_msgid) == (edited, ("Wasser",), True, WATER)


def test_a_text_that_we_translated_anew_keeps_the_old_ones_new_translation_as_obsolete() -> None:
    edited = WATER.replace("everybody", "everyone")
    ours = entry(edited, "Wasser für alle")
    text, combined = merged(FULL, ours, OTHER)
    assert text == ours + f'\n#~ msgid "{WATER}"\n#~ msgstr "Das Wasser"\n'
    assert not combined.conflicts


def test_a_source_that_they_followed_is_the_frame_where_ours_did_not() -> None:
    base = read(entry(BREAD, "Brot") + FULL)
    edited = WATER.replace("everybody", "everyone")
    theirs = merge(base, pot(BREAD, ROADS, edited), DE)
    ours = read(entry(BREAD, "Brot") + OTHER)
    assert frame_of(base, ours, theirs) is theirs
    assert frame_of(base, ours, ours) is ours
    assert frame_of(None, ours, theirs) is ours
    combined = combine(base, ours, theirs, frame=theirs)
    assert [(each.msgid, each.msgstr[0], each.fuzzy) for each in combined.catalog.messages] == [
        (BREAD, "Brot", False),
        (ROADS, "", False),
        (edited, "Das Wasser", True),
    ]
    assert combined.catalog.path == PATH


def pot(*msgids: str) -> Catalog:
    header = Message("", ("POT-Creation-Date: 2026-03-01 00:00+0000\nContent-Type: text/plain; charset=UTF-8\n",))
    messages = (Message(each, references=(f"letter.md#{number}",)) for number, each in enumerate(msgids))
    return Catalog("letter.pot", None, header, tuple(messages))


# --- msgids that somebody edited ----------------------------------------------------------------------------------------


def test_a_msgid_edited_by_hand_brings_its_translation_home() -> None:
    base = entry(BREAD, "Brot") + EMPTY + entry(ROADS)
    edited = WATER.replace("belongs", "BELONGS")
    text, combined = merged(base, base, entry(BREAD, "Brot") + entry(edited, "Wasser") + entry(ROADS))
    assert text == base.replace(EMPTY, entry(WATER, "Wasser", f'#, fuzzy\n#| msgid "{edited}"\n'))
    ((came, home),) = combined.renamed
    assert (came.msgid, home.msgid) == (edited, WATER)
    (told,) = complaints(combined)
    assert (told.code, told.severity, told.location.line) == ("msgid-edited", "warning", 14)


def test_an_edited_msgid_never_takes_the_place_of_a_translation() -> None:
    edited = WATER.replace("belongs", "BELONGS")
    text, combined = merged(FULL, FULL, entry(edited, "Das Wasser"))
    assert text == entry(WATER, "Wasser", f"{ANOTHER}Das Wasser\n")
    assert len(combined.renamed) == 1
    assert merged(FULL, OTHER, entry(edited, "Gewässer"))[0] == entry(WATER, "Das Wasser", f"{ANOTHER}Gewässer\n")
    assert merged(FULL, FULL, entry(edited, "Wasser"))[0] == FULL


def test_without_a_base_an_unknown_msgid_helps_only_where_nothing_else_does() -> None:
    edited = WATER.replace("belongs", "BELONGS")
    assert merged(None, EMPTY, entry(edited, "Wasser"))[0] == entry(WATER, "Wasser", f'#, fuzzy\n#| msgid "{edited}"\n')
    assert merged(None, OTHER, entry(edited, "Wasser"))[0] == OTHER + f'\n#~ msgid "{edited}"\n#~ msgstr "Wasser"\n'


# --- the header ---------------------------------------------------------------------------------------------------------


def test_the_header_is_ours_but_for_what_only_their_translator_changed() -> None:
    draft = HEADER.replace('"Language', '"X-Polyleaf-State: draft\\n"\n"Language')
    theirs = HEADER.replace("02-22 10:00", "03-01 12:00").replace("Last-Translator: ", "Last-Translator: Ada")
    theirs = theirs.replace("Content-Type", 'X-Generator: Poedit\\n"\n"Content-Type').replace("02-21", "02-28")
    combined = combine(read(EMPTY, draft), read(EMPTY, draft), read(FULL, theirs))
    expected = HEADER.replace("02-22 10:00", "03-01 12:00").replace("Last-Translator: ", "Last-Translator: Ada")
    assert serialize(combined.catalog).decode() == expected + FULL
    both = draft.replace("02-22 10:00", "02-25 08:00")
    kept = combine(read(EMPTY, draft), read(EMPTY, both), read(FULL, theirs)).catalog
    assert kept.header_value("PO-Revision-Date") == "2026-02-25 08:00+0100"
    assert (
        combine(read(EMPTY, theirs), read(EMPTY, theirs), read(FULL, HEADER)).catalog.header_value("Last-Translator")
        == "Ada"
    )


def test_without_a_base_only_what_we_leave_open_is_theirs() -> None:
    theirs = HEADER.replace("Last-Translator: ", "Last-Translator: Ada").replace("02-22", "03-22")
    combined = combine(
        None, read(EMPTY), read(FULL, theirs.replace('"Language', '"X-Polyleaf-State: draft\\n"\n"Lang'))
    )
    assert combined.catalog.header_value("Last-Translator") == "Ada"
    assert combined.catalog.header_value("PO-Revision-Date") == "2026-02-22 10:00+0100"
    assert not combined.catalog.draft


# --- laws ---------------------------------------------------------------------------------------------------------------

MSGIDS = tuple(f"{word} is for all {other}" for word in ("water", "bread", "land") for other in ("people", "of us"))
TEXTS = st.sampled_from(["", "eins", "zwei", "drei\nvier", "fünf \\ “sechs”", "acht"])


@st.composite
def messages(draw: st.DrawFn, msgid: str) -> Message:
    plural = "many" if msgid == MSGIDS[0] else None
    msgstr = (draw(TEXTS), draw(TEXTS)) if plural else (draw(TEXTS),)
    fuzzy = draw(st.booleans())
    return Message(
        msgid,
        msgstr,
        msgid_plural=plural,
        fuzzy=fuzzy,
        obsolete=bool(any(msgstr)) and not draw(st.integers(0, 5)),
        flags=draw(st.sampled_from([(), ("no-wrap",)])),
        translator_comments=draw(st.sampled_from([(), ("ask Ada",), ("another translation: sieben",)])),
        previous_msgid="was this" if fuzzy and any(msgstr) else None,
    )


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    chosen = draw(st.lists(st.sampled_from(MSGIDS), unique=True, max_size=len(MSGIDS)))
    edited = [f"{each} now" if not draw(st.integers(0, 5)) else each for each in chosen]
    header = read("", HEADER.rstrip("\n") + '\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n').header
    found = Catalog(PATH, DE, header, tuple(draw(messages(each)) for each in edited))
    return parse_catalog(serialize(found), PATH, DE)


@st.composite
def edits(draw: st.DrawFn, catalog: Catalog) -> Catalog:
    """A translator's day: texts are changed, none is emptied, no message comes or goes."""
    done = []
    for message in catalog.messages:
        if draw(st.booleans()):
            texts = tuple(draw(TEXTS) or before for before in message.msgstr)
            flags = draw(st.sampled_from([message.flags, (), ("c-format",)]))
            message = replace(message, msgstr=texts, fuzzy=draw(st.booleans()), flags=flags, raw=None, line=0)
        done.append(message)
    return replace(catalog, messages=tuple(done))


def texts_of(catalog: Catalog) -> set[str]:
    return {text for each in catalog.messages for text in (*each.msgstr, *alternatives(each)) if text}


def given_texts(catalog: Catalog) -> set[str]:
    return {text for each in catalog.messages for text in each.msgstr if text}


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_nothing_that_two_people_translated_vanishes(data: st.DataObject) -> None:
    base = data.draw(st.one_of(st.none(), catalogs()))
    ours, theirs = (data.draw(st.one_of(catalogs(), edits(base) if base is not None else catalogs())) for _ in "ab")
    for frame in (None, theirs, frame_of(base, ours, theirs)):
        combined = combine(base, ours, theirs, frame)
        allowed = texts_of(base) if base is not None else set()
        assert given_texts(ours) | given_texts(theirs) <= texts_of(combined.catalog) | allowed
        reread = parse_catalog(serialize(combined.catalog), PATH, DE)
        assert (reread, reread.header) == (combined.catalog, combined.catalog.header)
        list(complaints(combined))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_each_text_stays_with_its_message_unless_the_base_had_it_there(data: st.DataObject) -> None:
    base = data.draw(catalogs())
    ours, theirs = data.draw(edits(base)), data.draw(edits(base))
    combined = combine(base, ours, theirs)
    kept = {(each.key, text) for each in combined.catalog.messages for text in (*each.msgstr, *alternatives(each))}
    before = {(each.key, text) for each in base.messages for text in each.msgstr}
    for side in (ours, theirs):
        assert {(each.key, text) for each in side.messages for text in each.msgstr if text} <= kept | before


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_only_one_changed_is_theirs(data: st.DataObject) -> None:
    before = data.draw(catalogs())
    after = data.draw(edits(before))
    assert combine(before, before, after).catalog.messages == after.messages
    assert serialize(combine(before, after, before).catalog) == serialize(after)
    assert not combine(before, before, after).conflicts
    assert serialize(combine(before, after, after).catalog) == serialize(after)
    assert serialize(combine(None, after, after).catalog) == serialize(after)


@settings(max_examples=100, deadline=None)
@given(catalogs(), catalogs())
def test_a_source_that_only_they_followed_gives_the_frame(before: Catalog, pot: Catalog) -> None:
    template = replace(pot, locale=None, messages=tuple(replace(each, obsolete=False) for each in pot.messages))
    settled = merge(before, replace(template, messages=tuple(replace(each) for each in before.live)), DE)
    after = merge(settled, template, DE)
    combined = combine(settled, settled, after, frame=after).catalog
    # Update lets go of an untranslated text whose comment remembers a translation; this does not.
    assert tuple(each for each in combined.messages if any(each.msgstr) or not each.obsolete) == after.messages


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
@settings(max_examples=25, deadline=None)
@given(catalogs(), catalogs(), catalogs())
def test_msgfmt_accepts_every_combination(
    tmp_path_factory: pytest.TempPathFactory, base: Catalog, ours: Catalog, theirs: Catalog
) -> None:
    path = tmp_path_factory.getbasetemp() / f"combined-{os.getpid()}.po"
    path.write_bytes(serialize(combine(base, ours, theirs).catalog))
    command = ["msgfmt", "--check-header", "-o", os.devnull, path]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_a_plural_form_that_comes_back_for_a_text_without_plural_is_kept() -> None:
    base = parse_catalog((HEADER + '\nmsgid "water is for all people now"\nmsgstr ""\n').encode(), PATH, DE)
    plural = '\nmsgid "water is for all people"\nmsgid_plural "many"\nmsgstr[0] ""\nmsgstr[1] "eins"\n'
    theirs = parse_catalog((HEADER + plural).encode(), PATH, DE)
    combined = combine(base, parse_catalog(HEADER.encode(), PATH, DE), theirs).catalog
    assert parse_catalog(serialize(combined), PATH, DE).messages[0].msgstr == ("eins",)
