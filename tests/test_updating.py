"""update: what it looks at, what it writes, what it takes from elsewhere, and what it says."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import saving, updating
from pipeline.diagnostics import Diagnostic, InvalidInput
from pipeline.locales import Locale
from pipeline.saving import Purpose
from pipeline.translation.catalog import Catalog, parse_catalog
from pipeline.translation.message import State
from pipeline.translation.remarks import alternatives, origin
from pipeline.translation.wording import changed_on
from pipeline.updating import Wishes, update
from pipeline.workspace import Workspace
from tests.golden import traces
from tests.writing import (
    BREAD,
    REGISTRY,
    ROADS,
    WATER,
    begun,
    by_hand,
    catalog,
    catalogs_of,
    message,
    run,
    source,
    translate,
    translate_all,
    write,
)

STATE = Path("build", ".cache", "update.json")
EDITED = WATER.replace("everybody", "everyone")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two documents, translated into two languages, and up to date."""
    made = begun(tmp_path / "workspace", {"bread": (BREAD,), "water": (WATER, ROADS)})
    translate_all(made)
    run(made)
    return made


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of all catalogs that are parsed from now on."""
    paths: list[str] = []

    def noted(content: bytes, path: str, locale: Locale | None) -> Catalog:
        paths.append(path)
        return parse_catalog(content, path, locale)

    for module in (updating, saving):
        monkeypatch.setattr(module, "parse_catalog", noted)
    return paths


def of_documents(paths: tuple[str, ...]) -> list[str]:
    return sorted(
        path.removeprefix("locales/") for path in paths if not path.endswith(("interface.po", "interface.pot"))
    )


# --- nothing is done in vain -------------------------------------------------------------------------------------------


def test_a_run_without_news_parses_nothing_and_writes_nothing(root: Path, parsed: list[str]) -> None:
    before = traces(root)
    updated = run(root)
    assert (updated.written, updated.diagnostics, parsed) == ((), (), [])
    assert traces(root) == before
    assert str(root / STATE) in before
    files = [path for path in (root / "locales").rglob("*.po*") if path.suffix in (".po", ".pot")]
    assert updated.seen == len(files)


def test_a_run_without_news_writes_nothing_where_much_is_untranslated(tmp_path: Path, parsed: list[str]) -> None:
    root = begun(tmp_path / "workspace", {"bread": (BREAD,), "water": (WATER, ROADS)})
    before = traces(root)
    parsed.clear()
    assert run(root).written == ()
    assert (traces(root), parsed) == (before, [])


def test_an_edit_is_work_for_its_own_document_only(root: Path, parsed: list[str]) -> None:
    write(root, "water", EDITED, ROADS)
    before = traces(root / "locales")
    updated = run(root)
    assert of_documents(updated.written) == ["de/water.po", "fr/water.po", "templates/water.pot"]
    assert {Path(path).stem for path in parsed} == {"water"}
    after = traces(root / "locales")
    changed = {Path(path).stem for path in before if after[path] != before[path]} - {".lock"}
    assert changed == {"water"}
    assert {Path(path).stem for path in after.keys() - before.keys()} <= {"water"}


def test_an_edit_changes_only_its_own_lines(root: Path) -> None:
    path = root / "locales" / "de" / "water.po"
    before = path.read_text("utf-8").split("\n\n")
    write(root, "water", EDITED, ROADS)
    run(root)
    after = path.read_text("utf-8").split("\n\n")
    assert [(old == new, WATER in old) for old, new in zip(before, after, strict=True)] == [
        (True, False),
        (True, False),
        (False, True),
        (True, False),
    ]


def test_an_edit_and_its_undoing_leave_the_translations_as_they_were(root: Path) -> None:
    before = catalogs_of(root)
    write(root, "water", EDITED, ROADS)
    run(root)
    assert message(root, "de", "water", EDITED).state is State.FUZZY
    write(root, "water", WATER, ROADS)
    run(root)
    again = message(root, "de", "water", WATER)
    assert again.msgstr == (f"de: {WATER}",)
    assert catalogs_of(root).keys() == before.keys()
    assert catalogs_of(root)["de/bread.po"] == before["de/bread.po"]


def test_a_catalog_that_somebody_saved_is_looked_at_again(root: Path, parsed: list[str]) -> None:
    path = root / "locales" / "de" / "water.po"
    whole = path.read_text("utf-8")
    path.write_text(re.sub(r'\n#[^"]*\nmsgid "Roads(?:.*\n)*', "", whole), "utf-8")
    assert ROADS not in path.read_text("utf-8")
    assert of_documents(run(root).written) == ["de/water.po"]
    assert message(root, "de", "water", ROADS).state is State.UNTRANSLATED
    assert {path for path in parsed if "/fr/" in path} == set()


def test_a_new_language_gets_its_catalogs_and_the_others_stay(root: Path) -> None:
    before = traces(root / "locales")
    (root / "polyleaf.toml").write_text('[languages]\nadd = ["de", "fr", "ja"]\n', "utf-8")
    updated = run(root)
    assert of_documents(updated.written) == ["ja/bread.po", "ja/water.po"]
    after = traces(root / "locales")
    assert all(after[path] == before[path] for path in before if Path(path).suffix == ".po")
    assert catalog(root, "ja", "water").header_value("Plural-Forms") == "nplurals=1; plural=0;"


def test_a_template_that_somebody_spoilt_is_written_anew(root: Path) -> None:
    path = root / "locales" / "templates" / "water.pot"
    before = catalogs_of(root)
    for content in (b"", b"\xff\xfe", path.read_bytes() + b'\nmsgid "x"\nmsgstr ""\n', None):
        path.unlink() if content is None else path.write_bytes(content)
        assert of_documents(run(root).written) == ["templates/water.pot"]
        assert catalogs_of(root) == before


# --- what it remembers of the last time --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"3",
        b'"x"',
        b"\xff\xfe",
        b"\x00",
        b'{"locales/de/water.po": null}',
        b'{"locales/de/water.po": []}',
        b'{"locales/de/water.po": "no"}',
        b'{"locales/de/water.po": [1, 2, 3]}',
        b'{"locales/de/water.po": [[], {}]}',
        b'{"locales/de/water.po": ["", false], "locales/de/bread.po": ["x", true]}',
        b"[" * 100_000,
        b'{"a": ' * 100_000,
        b"1" * 5000,
    ],
    ids=lambda content: content[:34].decode("latin-1"),
)
def test_a_damaged_memory_of_the_last_time_costs_only_time(content: bytes, root: Path, parsed: list[str]) -> None:
    before = catalogs_of(root)
    whole = (root / STATE).read_bytes()
    (root / STATE).write_bytes(content)
    updated = run(root)
    assert (updated.written, updated.diagnostics) == ((), ())
    assert {f"locales/{tag}/{name}.po" for tag in ("de", "fr") for name in ("bread", "water")} <= set(parsed)
    assert catalogs_of(root) == before
    assert json.loads((root / STATE).read_bytes()).items() >= json.loads(whole).items()


def test_without_the_folder_build_everything_is_looked_at_and_nothing_is_written(root: Path, parsed: list[str]) -> None:
    (root / STATE).unlink()
    before = traces(root)
    assert run(root).written == ()
    assert traces(root) == before
    assert {f"locales/{tag}/{name}.po" for tag in ("de", "fr") for name in ("bread", "water")} <= set(parsed)


SENTENCES = (WATER, BREAD, ROADS, EDITED, BREAD.replace("sell", "buy"), "Open!", "Nothing else.", f"{WATER} {BREAD}")
"""What an author may write; some are near, one is two others joined."""


def some_edit(root: Path, number: int) -> None:
    """One of many things that people do between two updates, decided by the number."""
    kind, rest = number % 5, number // 5
    name = ("bread", "water", "stone")[rest % 3]
    tag = ("de", "fr")[rest % 2]
    texts = [SENTENCES[(rest * 3 + step * (1 + rest % 5)) % len(SENTENCES)] for step in range(rest % 4 + 1)]
    if kind < 3:
        write(root, name, *texts)
    elif kind == 3 and (root / "locales" / tag / f"{name}.po").is_file():
        translate(root, tag, name)
    else:
        by_hand(root, tag, "compendium", {texts[0]: f"compendium {rest % 3}"})


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))])
def test_the_result_is_the_same_with_and_without_the_memory_of_the_last_time(seed: int, tmp_path: Path) -> None:
    first, second = (begun(tmp_path / name, {"bread": (BREAD,), "water": (WATER, ROADS)}) for name in ("a", "b"))
    for step in range(12):
        number = (seed * 7919 + step * 104_729) % 9973
        for each in (first, second):
            some_edit(each, number)
        (second / STATE).unlink(missing_ok=True)
        updated, again = run(first), run(second)
        assert catalogs_of(first) == catalogs_of(second), (seed, step, number)
        assert updated.diagnostics == again.diagnostics


def said_in(root: Path) -> set[tuple[str, str]]:
    """Language and text of every translation that a document's catalogs hold, those in comments included."""
    paths = [path for path in (root / "locales").glob("*/*.po") if path.stem not in ("interface", "compendium")]
    every = ((path.parent.name, each) for path in paths for each in catalog(root, path.parent.name, path.stem).messages)
    return {(tag, text) for tag, each in every for text in (*each.msgstr, *alternatives(each)) if text}


def remembered(root: Path) -> str:
    """All that the ledger holds."""
    return "".join(path.read_text("utf-8") for path in sorted((root / "locales" / ".ledger").glob("*/*.jsonl")))


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_and_a_second_update_finds_nothing_more_to_do(seed: int, tmp_path: Path) -> None:
    root = begun(tmp_path / "workspace", {"bread": (BREAD,), "water": (WATER, ROADS)})
    said: set[tuple[str, str]] = set()
    for step in range(12):
        some_edit(root, (seed * 7919 + step * 104_729 + 11) % 9973)
        said |= said_in(root)
        run(root)
        ledger = remembered(root)
        assert [each for each in said - said_in(root) if json.dumps(each[1], ensure_ascii=False) not in ledger] == []
        before = catalogs_of(root)
        (root / STATE).unlink(missing_ok=True)
        assert run(root).written == ()
        assert catalogs_of(root) == before


# --- what is translated elsewhere --------------------------------------------------------------------------------------


def test_a_repeat_from_another_document_is_taken_as_done_and_says_from_where(root: Path) -> None:
    write(root, "bread", BREAD, WATER)
    run(root)
    taken = message(root, "de", "bread", WATER)
    assert (taken.state, taken.msgstr, origin(taken)) == (State.TRANSLATED, (f"de: {WATER}",), "water.po")
    assert b"\n# taken from: water.po\n" in catalogs_of(root)["de/bread.po"]
    assert message(root, "fr", "bread", WATER).msgstr == (f"fr: {WATER}",)


def test_a_near_text_of_another_document_is_offered_fuzzy(root: Path) -> None:
    write(root, "bread", BREAD, EDITED)
    run(root)
    offered = message(root, "de", "bread", EDITED)
    assert (offered.state, offered.msgstr, origin(offered)) == (State.FUZZY, (f"de: {WATER}",), "water.po")
    assert offered.previous_msgid == WATER
    assert changed_on(offered) is None


def test_what_a_translator_saves_in_one_catalog_fills_the_others_at_the_next_update(tmp_path: Path) -> None:
    root = begun(tmp_path / "workspace", {"bread": (BREAD, WATER), "water": (WATER,)})
    translate(root, "de", "water", {WATER: "Wasser"})
    assert of_documents(run(root).written) == ["de/bread.po"]
    assert message(root, "de", "bread", WATER).msgstr == ("Wasser",)
    assert message(root, "fr", "bread", WATER).state is State.UNTRANSLATED


def test_an_update_of_one_document_finds_repeats_in_the_others(root: Path) -> None:
    write(root, "bread", BREAD, WATER)
    assert of_documents(run(root, "bread").written) == ["de/bread.po", "fr/bread.po", "templates/bread.pot"]
    assert message(root, "de", "bread", WATER).msgstr == (f"de: {WATER}",)
    write(root, "stone", EDITED)
    run(root, "stone")
    assert message(root, "de", "stone", EDITED).state is State.FUZZY


def test_a_repeat_with_two_translations_is_fuzzy_and_keeps_both(tmp_path: Path) -> None:
    root = begun(tmp_path / "workspace", {"bread": (WATER,), "water": (WATER,)})
    for name in ("bread", "water"):
        translate(root, "de", name, {WATER: f"Wasser {name}"})
    write(root, "stone", WATER)
    run(root)
    found = message(root, "de", "stone", WATER)
    assert found.state is State.FUZZY
    assert {*found.msgstr, *alternatives(found)} == {"Wasser bread", "Wasser water"}


def test_a_translation_of_a_document_that_is_gone_is_found(root: Path) -> None:
    (root / "sources" / "water.md").unlink()
    (root / "locales" / "templates" / "water.pot").unlink()
    write(root, "bread", BREAD, WATER)
    run(root)
    assert message(root, "de", "bread", WATER).msgstr == (f"de: {WATER}",)


@pytest.mark.parametrize(("before", "after"), [("bread", "water"), ("water", "bread")])
def test_a_paragraph_that_moves_to_another_document_takes_its_translation_along(
    before: str, after: str, tmp_path: Path
) -> None:
    root = begun(tmp_path / "workspace", {before: (BREAD, WATER), after: (ROADS,)})
    translate_all(root)
    run(root)
    write(root, before, BREAD)
    write(root, after, ROADS, WATER)
    run(root)
    assert message(root, "de", after, WATER).msgstr == (f"de: {WATER}",)


@pytest.mark.parametrize("text", [WATER, 'The "water" of *all* of us.', "水は皆のもの。"])
def test_a_paragraph_that_was_dropped_long_ago_is_offered_where_it_comes_back(text: str, tmp_path: Path) -> None:
    root = begun(tmp_path / "workspace", {"bread": (BREAD, text), "stone": ("Stones are for sitting on.",)})
    translate_all(root)
    for paragraphs in ((BREAD,), (BREAD.replace("sell", "buy"),)):
        write(root, "bread", *paragraphs)
        run(root)
    write(root, "stone", "Stones are for sitting on.", text)
    run(root)
    offered = message(root, "de", "stone", text)
    assert (offered.state, offered.msgstr, origin(offered)) == (State.FUZZY, (f"de: {text}",), "bread.po")


def test_the_compendium_overrides_what_catalogs_say_and_keeps_it_beside(root: Path) -> None:
    by_hand(root, "de", "compendium", {WATER: "Das Wasser"})
    assert of_documents(run(root).written) == ["de/water.po"]
    decided = message(root, "de", "water", WATER)
    assert (decided.state, decided.msgstr, origin(decided)) == (State.TRANSLATED, ("Das Wasser",), "compendium.po")
    assert alternatives(decided) == (f"de: {WATER}",)
    assert message(root, "fr", "water", WATER).msgstr == (f"fr: {WATER}",)
    assert run(root).written == ()


def test_the_compendium_decides_about_the_words_of_the_interface_too(root: Path) -> None:
    path = root / "templates" / "parts" / "greeting.html"
    path.parent.mkdir(parents=True)
    path.write_text('{{ _("Good water to you!") }}', "utf-8")
    run(root)
    assert message(root, "de", "interface", "Good water to you!").state is State.UNTRANSLATED
    by_hand(root, "de", "compendium", {"Good water to you!": "Gutes Wasser!"})
    assert "locales/de/interface.po" in run(root).written
    assert message(root, "de", "interface", "Good water to you!").msgstr == ("Gutes Wasser!",)


def test_what_was_imported_is_only_offered(root: Path) -> None:
    by_hand(root, "de", "memory", {"Stones are for sitting on.": "Steine sind zum Sitzen da."})
    write(root, "stone", "Stones are for sitting on.")
    run(root)
    offered = message(root, "de", "stone", "Stones are for sitting on.")
    assert (offered.state, offered.msgstr) == (State.FUZZY, ("Steine sind zum Sitzen da.",))
    assert origin(offered) == "memory.po"


@pytest.mark.parametrize("allowed", [True, False])
def test_a_variety_of_the_language_is_offered_only_if_the_settings_say_so(allowed: bool, tmp_path: Path) -> None:
    more = '[memory]\nvariants = {"pt-BR" = ["pt"]}\n' if allowed else ""
    settings = f'[languages]\nadd = ["pt", "pt-BR"]\n{more}'
    root = begun(tmp_path / "workspace", {"water": (WATER,)}, settings)
    translate(root, "pt", "water", {WATER: "A água"})
    run(root)
    offered = message(root, "pt-BR", "water", WATER)
    expected = (State.FUZZY, ("A água",), "pt/water.po") if allowed else (State.UNTRANSLATED, ("",), "")
    assert (offered.state, offered.msgstr, origin(offered)) == expected


def test_the_name_of_an_organisation_is_translated_once(tmp_path: Path) -> None:
    root = begun(tmp_path / "workspace", {"water": (WATER,)})
    row = "well,,Amis du puits,fr,Friends of the Well,FR,\n"
    (root / "sources" / "organisations.csv").write_text(REGISTRY + row, "utf-8")
    run(root)
    translate(root, "de", "organisations", {"Friends of the Well": "Freundeskreis Brunnen"})
    write(root, "water", WATER, "Friends of the Well")
    write(root, "bread", BREAD, "Friends of the Well")
    run(root)
    origins = []
    for name in ("bread", "water"):
        taken = message(root, "de", name, "Friends of the Well")
        assert (taken.state, taken.msgstr) == (State.TRANSLATED, ("Freundeskreis Brunnen",))
        origins.append(origin(taken))
    assert origins[0] == "organisations.po"


# --- edits that change no meaning --------------------------------------------------------------------------------------


def test_an_author_may_say_that_an_edit_of_one_place_changes_no_meaning(root: Path) -> None:
    road = ROADS.replace("nobody else", "no one else")
    write(root, "water", EDITED, road)
    place = message(root, "de", "water", WATER).references[0].partition("#")[2]
    run(root, typos=(f"water#{place}",))
    for tag in ("de", "fr"):
        forgiven, edited = message(root, tag, "water", EDITED), message(root, tag, "water", road)
        assert (forgiven.state, forgiven.msgstr) == (State.TRANSLATED, (f"{tag}: {WATER}",))
        assert edited.state is State.FUZZY


def test_an_author_may_say_that_all_edits_of_a_document_change_no_meaning(root: Path) -> None:
    write(root, "water", EDITED, ROADS.replace("nobody else", "no one else"))
    write(root, "bread", BREAD.replace("sell", "buy"))
    run(root, typos=("water",))
    assert catalog(root, "de", "water").count(State.TRANSLATED) == 3
    assert message(root, "de", "bread", BREAD.replace("sell", "buy")).state is State.FUZZY


def test_a_comment_in_the_source_names_a_correction(root: Path) -> None:
    write(root, "water", "<!-- i18n:typo everybody -> everyone -->", EDITED, ROADS)
    run(root)
    assert message(root, "de", "water", EDITED).state is State.TRANSLATED
    write(root, "bread", "<!-- i18n:typo price -> cost -->", BREAD.replace("sell", "buy"))
    run(root)
    assert message(root, "de", "bread", BREAD.replace("sell", "buy")).state is State.FUZZY


# --- complaints --------------------------------------------------------------------------------------------------------


def said(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, str, str]]:
    return [(each.code, each.severity, str(each.location)) for each in diagnostics]


def test_a_broken_catalog_is_told_of_at_every_run_and_stays_while_the_others_go_on(root: Path) -> None:
    path = root / "locales" / "de" / "water.po"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'msgstr "de: Roads', b'msgstr "de: "Roads'))
    broken = path.read_bytes()
    assert broken != whole
    write(root, "water", EDITED, ROADS)
    for written in (["fr/water.po", "templates/water.pot"], []):
        updated = run(root)
        assert [(each.code, each.location.path) for each in updated.diagnostics] == [
            ("unescaped-quote", "locales/de/water.po")
        ]
        assert of_documents(updated.written) == written
        assert path.read_bytes() == broken
    path.write_bytes(whole)
    assert of_documents(run(root).written) == ["de/water.po"]
    assert message(root, "de", "water", EDITED).state is State.FUZZY


def test_a_broken_source_is_told_of_and_its_catalogs_stay(root: Path) -> None:
    before = catalogs_of(root)
    (root / "sources" / "water.md").write_text("no front matter\n", "utf-8")
    updated = run(root)
    assert {each.location.path for each in updated.diagnostics} == {"sources/water.md"}
    assert catalogs_of(root) == before


def test_a_msgid_that_a_translator_edited_is_told_of_and_their_work_is_kept(root: Path) -> None:
    path = root / "locales" / "de" / "water.po"
    edited = ROADS.replace("built", "bilt")
    text = path.read_text("utf-8").replace(f'msgid "{ROADS}"', f'msgid "{edited}"')
    line = text.split("\n").index(f'msgid "{edited}"') + 1
    path.write_text(text, "utf-8")
    updated = run(root)
    assert said(updated.diagnostics) == [("msgid-edited", "warning", f"locales/de/water.po:{line}")]
    assert "somebody has edited it" in updated.diagnostics[0].message
    restored = message(root, "de", "water", ROADS)
    assert (restored.state, restored.msgstr) == (State.FUZZY, (f"de: {ROADS}",))
    assert run(root).diagnostics == ()


def test_an_edited_source_is_no_edited_msgid(root: Path) -> None:
    write(root, "water", EDITED, "Something quite different.")
    assert run(root).diagnostics == ()


def test_a_document_that_is_not_there_is_named(root: Path) -> None:
    before = traces(root / "sources")
    with pytest.raises(InvalidInput, match=r"there is no sources/nowhere\.md"):
        run(root, "nowhere")
    assert traces(root / "sources") == before


# --- how it is written -------------------------------------------------------------------------------------------------


def test_the_day_of_a_change_is_that_of_source_date_epoch(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    write(root, "water", EDITED, ROADS)
    run(root)
    assert message(root, "de", "water", EDITED).extracted_comments[-1] == (
        "changed 2001-09-09: Water belongs to [-everybody-] {+everyone+} who lives beside it."
    )
    before = catalogs_of(root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    (root / STATE).unlink()
    assert (run(root).written, catalogs_of(root)) == ((), before)


@pytest.mark.parametrize("epoch", ["", "yesterday", "-1", "٣", "²", "9" * 30, "9" * 5000])
def test_an_epoch_that_is_none_is_today(epoch: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    write(root, "water", EDITED, ROADS)
    run(root)
    assert changed_on(message(root, "de", "water", EDITED)) is not None


def test_the_settings_choose_how_lines_end(root: Path) -> None:
    settings = (root / "polyleaf.toml").read_text("utf-8")
    (root / "polyleaf.toml").write_text(f'{settings}[translation]\nwrap = "none"\n', "utf-8")
    assert all(path.startswith("templates/") for path in of_documents(run(root).written))
    long = f"{ROADS} {WATER} {BREAD}"
    write(root, "water", WATER, ROADS, long)
    run(root)
    for path in ("de/water.po", "templates/water.pot"):
        assert f'msgid "{long}"\n'.encode() in catalogs_of(root)[path]
    translate(root, "de", "water", {long: "kurz"})
    assert run(root).written == ()


def test_a_catalog_keeps_its_mark_and_its_windows_line_ends(root: Path) -> None:
    path = root / "locales" / "de" / "water.po"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    assert run(root).written == ()
    assert path.read_bytes() == before
    write(root, "water", EDITED, ROADS)
    run(root)
    after = path.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\n") == after.count(b"\r\n") > before.count(b"\n")


# --- others write, too -------------------------------------------------------------------------------------------------


def at_the_last_moment(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Somebody does something just before a catalog is saved, once."""
    pending = [act]

    def later(workspace: Workspace, path: object, before: bytes | None, made: Catalog, why: str | Purpose) -> object:
        while pending:
            pending.pop()()
        return saving.save(workspace, path, before, made, why)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(updating, "save", later)


def test_what_a_translator_saves_during_an_update_is_merged(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = root / "locales" / "de" / "water.po"
    saved = path.read_bytes().replace(b'msgstr "de: Roads', b'msgstr "STRASSEN')
    assert saved != path.read_bytes()
    write(root, "water", EDITED, ROADS)
    at_the_last_moment(monkeypatch, lambda: path.write_bytes(saved) and None)
    assert run(root).diagnostics == ()
    monkeypatch.undo()
    assert message(root, "de", "water", ROADS).msgstr[0].startswith("STRASSEN")
    assert message(root, "de", "water", EDITED).state is State.FUZZY
    assert run(root).written == ()


def test_a_catalog_that_appears_during_an_update_is_merged(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = root / "locales" / "de" / "water.po"
    whole = path.read_bytes()
    path.unlink()
    at_the_last_moment(monkeypatch, lambda: path.write_bytes(whole) and None)
    assert run(root).diagnostics == ()
    assert message(root, "de", "water", ROADS).msgstr == (f"de: {ROADS}",)


def test_a_catalog_that_breaks_during_an_update_is_told_of_and_left(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "locales" / "de" / "water.po"
    write(root, "water", EDITED, ROADS)
    at_the_last_moment(monkeypatch, lambda: path.write_bytes(b'msgid "') and None)
    assert {each.location.path for each in run(root).diagnostics} == {"locales/de/water.po"}
    assert path.read_bytes() == b'msgid "'


def test_two_updates_at_once_are_one_after_the_other(root: Path) -> None:
    write(root, "water", EDITED, ROADS)
    before = catalogs_of(root)
    with saving.writing(Workspace(root)):
        assert catalogs_of(root) == before
        update(Workspace(root), Wishes())
    assert message(root, "de", "water", EDITED).state is State.FUZZY


def test_what_an_update_makes_obsolete_is_in_the_file_and_comes_back(root: Path) -> None:
    write(root, "water", WATER)
    run(root)
    assert [each.msgstr for each in catalog(root, "de", "water").messages if each.obsolete] == [(f"de: {ROADS}",)]
    write(root, "water", WATER, ROADS)
    run(root)
    assert message(root, "de", "water", ROADS).state is State.TRANSLATED


def test_a_folder_spelled_in_another_way_is_the_languages_folder(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    (root / "locales" / "pt_BR").mkdir(parents=True)
    begun(root, {"water": (WATER,)}, '[languages]\nadd = ["pt-BR"]\n')
    assert sorted(path.name for path in (root / "locales").iterdir() if os.path.isdir(path)) == ["pt_BR", "templates"]  # noqa: PTH112
    assert source(WATER, title="About water") == (root / "sources" / "water.md").read_text("utf-8")
