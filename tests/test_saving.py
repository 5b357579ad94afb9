"""Whoever writes a catalog: one at a time, over nothing that somebody saved meanwhile, and never with fewer words."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path, PurePosixPath
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.recovering import Wanted, find_lost, put_back
from pipeline.saving import LOCK, Purpose, history, ledger_path, record, save, snapshot, writing
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.ledger import History, state_id
from pipeline.translation.message import Message
from pipeline.translation.remarks import alternatives
from pipeline.translation.successors import frame_of
from pipeline.translation.three_way import combine
from pipeline.translation.update import merge
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, REPOSITORY, copy_of, polyleaf, traces
from tests.test_three_way import BREAD, DE, HEADER, ROADS, WATER, catalogs, edits, entry, given_texts, texts_of

LETTER = PurePosixPath("locales/de/letter.po")
FULL = HEADER + entry(WATER, "Wasser gehört allen") + entry(BREAD, "Brot hat seinen Preis") + entry(ROADS)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return begun(tmp_path)


def begun(root: Path, text: str = FULL) -> Workspace:
    (root / "sources").mkdir(exist_ok=True)
    (root / LETTER).parent.mkdir(parents=True, exist_ok=True)
    (root / LETTER).write_text(text, "utf-8")
    return Workspace(root)


def read(workspace: Workspace) -> tuple[bytes, Catalog]:
    content = workspace.bytes_of(LETTER)
    assert content is not None
    return content, parse_catalog(content, str(LETTER), DE)


def with_text(catalog: Catalog, msgid: str, *msgstr: str, fuzzy: bool = False) -> Catalog:
    done = (
        replace(each, msgstr=msgstr, fuzzy=fuzzy, raw=None, line=0) if each.msgid == msgid else each
        for each in catalog.messages
    )
    return replace(catalog, messages=tuple(done))


def refused(workspace: Workspace, before: bytes, catalog: Catalog, why: str = "test") -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        save(workspace, LETTER, before, catalog, why)
    return [str(each) for each in caught.value.diagnostics]


def kept(workspace: Workspace) -> list[tuple[str, str]]:
    return [(each.message.msgstr[0], each.why) for each in history(workspace, "de", "letter").states]


# --- save -----------------------------------------------------------------------------------------------------------------


def test_what_is_superseded_goes_into_the_ledger(workspace: Workspace) -> None:
    before, catalog = read(workspace)
    assert save(workspace, LETTER, before, with_text(catalog, WATER, "Allen gehört das Wasser"), "update").written
    assert read(workspace)[0].decode() == FULL.replace("Wasser gehört allen", "Allen gehört das Wasser")
    assert kept(workspace) == [("Wasser gehört allen", "update")]


def test_nothing_is_written_where_nothing_changed(workspace: Workspace) -> None:
    before, catalog = read(workspace)
    traced = traces(workspace.root)
    assert not save(workspace, LETTER, before, catalog, "update").written
    (workspace.root / LOCK).unlink()
    assert traces(workspace.root) == traced
    written = save(workspace, LETTER, before, with_text(catalog, ROADS, "Wege"), "update")
    assert written.written
    assert not (workspace.root / "locales" / ".ledger").exists(), "nothing was superseded"


def test_a_catalog_that_was_parsed_already_need_not_be_parsed_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, catalog = read(workspace)
    monkeypatch.setattr("pipeline.saving.parse_catalog", lambda *_: pytest.fail("parsed again"))
    made = with_text(catalog, WATER, "Allen gehört das Wasser")
    assert save(workspace, LETTER, before, made, Purpose("update", was=catalog)).written
    assert kept(workspace) == [("Wasser gehört allen", "update")]


def test_lines_are_as_wide_as_the_settings_say(workspace: Workspace) -> None:
    (workspace.root / "polyleaf.toml").write_text('[translation]\nwrap = "none"\n', "utf-8")
    before, catalog = read(workspace)
    long = "Wege " * 40
    save(workspace, LETTER, before, with_text(catalog, ROADS, long), "update")
    assert f'msgstr "{long}"' in read(workspace)[0].decode()


def test_a_catalog_is_begun_where_there_is_none(workspace: Workspace) -> None:
    _, catalog = read(workspace)
    path = PurePosixPath("locales/fr/letter.po")
    french = replace(catalog, path=str(path), locale=Locale.parse("fr"))
    assert save(workspace, path, None, french, "update").written
    assert workspace.bytes_of(path) == serialize(french)


def test_what_somebody_saved_meanwhile_is_combined_with_what_was_made(workspace: Workspace) -> None:
    before, catalog = read(workspace)
    in_poedit = FULL.replace(entry(ROADS), entry(ROADS, "Straßen")).replace("Brot hat seinen Preis", "Das Brot")
    workspace.write(LETTER, in_poedit.encode())
    made = with_text(with_text(catalog, ROADS, "Wege"), WATER, "Allen gehört das Wasser")
    added = replace(made, messages=(*made.messages, Message("More", ("Mehr",))))
    saved = save(workspace, LETTER, before, added, "memory")
    texts = {each.msgid: each.msgstr[0] for each in read(workspace)[1].messages}
    assert texts == {WATER: "Allen gehört das Wasser", BREAD: "Das Brot", ROADS: "Straßen", "More": "Mehr"}
    assert [each.theirs.msgstr for each in saved.conflicts] == [("Wege",)]
    assert alternatives(saved.conflicts[0].merged) == ("Wege",)
    assert [(each.code, each.location.path) for each in saved.diagnostics] == [("translation-conflict", str(LETTER))]
    assert {text for text, _ in kept(workspace)} == {"Wasser gehört allen", "Brot hat seinen Preis", "Wege"}


def test_a_file_that_was_torn_meanwhile_is_not_overwritten(workspace: Workspace) -> None:
    before, catalog = read(workspace)
    torn = before[:-9]
    workspace.write(LETTER, torn)
    assert any("[torn-file]" in each for each in refused(workspace, before, with_text(catalog, ROADS, "Wege")))
    assert workspace.bytes_of(LETTER) == torn


def test_a_file_that_was_deleted_meanwhile_comes_back(workspace: Workspace) -> None:
    before, catalog = read(workspace)
    (workspace.root / LETTER).unlink()
    assert save(workspace, LETTER, before, catalog, "update").written
    assert read(workspace)[0] == before


# --- losses ---------------------------------------------------------------------------------------------------------------


def test_fewer_words_are_refused_unless_somebody_agrees(workspace: Workspace) -> None:
    before, catalog = read(workspace)
    emptied = replace(with_text(catalog, WATER, ""), messages=with_text(catalog, WATER, "").messages[::2])
    assert refused(workspace, before, emptied) == [
        f"{LETTER}:{line}: error: the translation of “{msgid}” would be lost, {words} words [translation-loss]\n"
        "    hint: nothing was written; if that is what you want, say --accept-loss: "
        "the ledger keeps them for polyleaf recover"
        for line, msgid, words in ((9, WATER, 3), (12, BREAD, 4))
    ]
    assert read(workspace)[0] == before
    assert save(workspace, LETTER, before, emptied, Purpose("cleaning", accept_loss=True)).written
    assert kept(workspace) == [("Wasser gehört allen", "cleaning"), ("Brot hat seinen Preis", "cleaning")]


def test_a_long_text_may_not_shrink_to_a_stump(workspace: Workspace) -> None:
    before, catalog = read(workspace)
    assert any("3 words" in each for each in refused(workspace, before, with_text(catalog, WATER, "x")))
    assert save(workspace, LETTER, before, with_text(catalog, WATER, "Wasser: allen"), "kit").written


def test_words_that_move_are_no_loss(workspace: Workspace) -> None:
    linked = FULL.replace("Wasser gehört", "[Wasser](https://example.org/old) gehört")
    workspace.write(LETTER, linked.encode())
    before, catalog = read(workspace)
    swapped, bread, _ = catalog.messages
    new = replace(
        swapped, msgid=f"{WATER} Now", msgstr=("[Wasser](https://example.org/new) gehört allen",), raw=None, line=0
    )
    into_comment = replace(
        bread, msgstr=("Preis",), translator_comments=("another translation: Brot hat seinen Preis",)
    )
    moved = replace(catalog, messages=(new, replace(into_comment, raw=None)))
    assert save(workspace, LETTER, before, moved, "amnesty").written


# --- the lock ---------------------------------------------------------------------------------------------------------------


def test_the_lock_may_be_asked_for_again_and_is_let_go(workspace: Workspace) -> None:
    with writing(workspace), writing(workspace):
        before, catalog = read(workspace)
        assert save(workspace, LETTER, before, with_text(catalog, ROADS, "Wege"), "update").written
    with writing(workspace, 0.0):
        pass


def test_what_a_killed_writer_left_half_written_is_swept_away(workspace: Workspace) -> None:
    half = workspace.root / "locales" / "de" / ".new-x1y2"
    half.write_bytes(b'msgid "')
    with writing(workspace):
        assert not half.exists()
        half.touch()
        with writing(workspace):
            assert half.exists(), "one of our own, being written"


def test_another_process_waits_and_is_told_if_it_waits_in_vain(workspace: Workspace) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.saving import writing; "
        "from pipeline.workspace import Workspace\n"
        "with writing(Workspace(Path(sys.argv[1]))): print('held', flush=True); sys.stdin.read()"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", code, str(workspace.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(InvalidInput) as caught, writing(workspace, 0.1):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert str(caught.value) == (
        "locales/.lock: error: another Polyleaf is writing catalogs here just now [locked]\n"
        "    hint: wait until it has finished, then try again"
    )
    with writing(workspace, 1.0):
        pass


def test_threads_take_their_turns(workspace: Workspace) -> None:
    inside: list[int] = []

    def write() -> None:
        with writing(workspace):
            inside.append(1)
            time.sleep(0.01)
            assert sum(inside) == 1
            inside.pop()

    threads = [Thread(target=write) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not inside


def test_two_processes_that_save_at_once_both_get_in(workspace: Workspace) -> None:
    code = """
import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath
from pipeline.locales import Locale
from pipeline.saving import save
from pipeline.translation.catalog import parse_catalog
from pipeline.workspace import Workspace
root, name, msgid, text = sys.argv[1:]
workspace = Workspace(Path(root))
before = workspace.bytes_of(PurePosixPath(name))
catalog = parse_catalog(before, name, Locale.parse("de"))
print("ready", flush=True)
sys.stdin.readline()
done = (replace(each, msgstr=(text,), raw=None) if each.msgid == msgid else each for each in catalog.messages)
save(workspace, PurePosixPath(name), before, replace(catalog, messages=tuple(done)), text)
"""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    given = ((WATER, "eins eins eins"), (BREAD, "zwei zwei zwei zwei"), (ROADS, "drei"), (ROADS, "vier"))
    every = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(workspace.root), str(LETTER), *each],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        for each in given
    ]
    for each in every:
        assert each.stdout is not None
        assert each.stdout.readline() == b"ready\n"
    for each in every:
        assert each.stdin is not None
        each.stdin.close()
    for each in every:
        each.wait()
    assert [each.returncode for each in every] == [0] * 4
    shown = {text for each in read(workspace)[1].messages for text in (*each.msgstr, *alternatives(each))}
    remembered = {text for text, _ in kept(workspace)}
    assert {text for _, text in given} <= shown
    assert {"Wasser gehört allen", "Brot hat seinen Preis"} <= remembered


# --- the ledger's file --------------------------------------------------------------------------------------------------------


def test_the_same_state_is_never_written_twice(workspace: Workspace) -> None:
    message = Message(WATER, ("Wasser",))
    assert record(workspace, "de", "letter", [message, message, Message(BREAD)], "kit") == 1
    assert record(workspace, "de", "letter", [message], "update") == 0
    content = workspace.bytes_of(ledger_path("de", "letter"))
    assert content == (f'{{"id":"{state_id(message)}","msgid":"{WATER}","msgstr":["Wasser"],"why":"kit"}}\n'.encode())


def test_what_was_torn_off_is_written_again_on_a_line_of_its_own(workspace: Workspace) -> None:
    messages = [Message(WATER, (text,)) for text in ("eins", "zwei")]
    record(workspace, "de", "letter", messages, "kit")
    path = workspace.root / ledger_path("de", "letter")
    path.write_bytes(path.read_bytes()[:-9])
    assert record(workspace, "de", "letter", messages, "kit") == 1
    past = history(workspace, "de", "letter")
    assert [each.message.msgstr for each in past.states] == [("eins",), ("zwei",)]
    assert past.skipped == (2,)


def test_bytes_that_are_no_text_harm_no_other_line(workspace: Workspace) -> None:
    path = workspace.root / ledger_path("de", "letter")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xfe\0\n\x80")
    assert record(workspace, "de", "letter", [Message(WATER, ("Wasser",))], "kit") == 1
    assert len(history(workspace, "de", "letter").states) == 1


def test_a_snapshot_is_the_base_of_what_comes_back(workspace: Workspace) -> None:
    _, catalog = read(workspace)
    name = snapshot(workspace, "de", "letter", catalog)
    size = len(workspace.bytes_of(ledger_path("de", "letter")) or b"")
    assert snapshot(workspace, "de", "letter", catalog) == name
    assert len(workspace.bytes_of(ledger_path("de", "letter")) or b"") == size
    base = history(workspace, "de", "letter").base_of(with_text(catalog, ROADS, "Wege"))
    assert base is not None
    assert [(each.msgid, each.msgstr[0]) for each in base.messages] == [
        (WATER, "Wasser gehört allen"),
        (BREAD, "Brot hat seinen Preis"),
    ]


def test_the_ledger_is_no_language_and_no_reason_to_build_anew(tmp_path: Path) -> None:
    from pipeline.reading import Reading
    from pipeline.renditions import Options

    workspace = Workspace(copy_of(ORCHARD, tmp_path / "orchard"))
    marks = Reading(workspace, Options()).marks("all")
    with writing(workspace):
        record(workspace, "de", "well", [Message(WATER, ("Wasser",))], "kit")
    (workspace.root / "locales" / ".lock").touch()
    inputs = Workspace(workspace.root).read()
    assert not inputs.diagnostics
    assert [each.tag for each in inputs.locales_of("well")] == [
        each.tag for each in Workspace(ORCHARD).read().locales_of("well")
    ]
    assert Reading(Workspace(workspace.root), Options()).marks("all") == marks


# --- recover ------------------------------------------------------------------------------------------------------------------


def test_what_was_lost_is_found_and_put_back(workspace: Workspace) -> None:
    before, catalog = read(workspace)
    save(workspace, LETTER, before, with_text(catalog, WATER, ""), Purpose("oops", accept_loss=True))
    found = find_lost(workspace, Wanted(text="GEHÖRT"))
    assert [(each.number, each.domain, each.kept.message.msgstr) for each in found.lost] == [
        (1, "letter", ("Wasser gehört allen",))
    ]
    assert not find_lost(workspace, Wanted(text="Brot")).lost
    assert not find_lost(workspace, Wanted(locales=("fr",))).lost
    assert not find_lost(workspace, Wanted(documents=("other",))).lost
    for choice in ("0", "2", "1-2", "x", ""):
        with pytest.raises(InvalidInput, match="none of the 1 translations"):
            put_back(workspace, Wanted(), [choice])
    assert put_back(workspace, Wanted(), ["1"]).written == (str(LETTER),)
    assert read(workspace)[0] == before
    assert not find_lost(workspace, Wanted()).lost


@pytest.mark.parametrize("choice", ["all", "1-2", "1,2", "2,1"])
def test_several_come_back_at_once_and_replace_nothing(workspace: Workspace, choice: str) -> None:
    _, catalog = read(workspace)
    messages = [Message(WATER, ("Anders",)), Message("Gone", ("Fort",))]
    record(workspace, "de", "letter", messages, "kit")
    put_back(workspace, Wanted(), [choice])
    _, after = read(workspace)
    assert after.messages[1:3] == catalog.messages[1:]
    assert (after.messages[0].msgstr, alternatives(after.messages[0])) == (("Wasser gehört allen",), ("Anders",))
    assert after.messages[3] == Message("Gone", ("Fort",), obsolete=True)


def test_a_damaged_line_is_told_and_a_missing_catalog_too(workspace: Workspace) -> None:
    record(workspace, "fr", "letter", [Message(WATER, ("eau",))], "kit")
    workspace.append(ledger_path("fr", "letter"), b"<<<<<<< HEAD\n")
    done = put_back(workspace, Wanted(), ["1"])
    assert [(str(each.location), each.severity, each.code) for each in done.diagnostics] == [
        ("locales/.ledger/fr/letter.jsonl:2", "warning", "ledger-line"),
        ("locales/fr/letter.po", "error", "catalog-missing"),
    ]


# --- histories --------------------------------------------------------------------------------------------------------------


@st.composite
def days(draw: st.DrawFn) -> tuple[Catalog, list[tuple[str, Catalog]]]:
    """A catalog, and what people and programs make of it one after the other."""
    first = draw(catalogs())
    return first, [
        (draw(st.sampled_from(["alone", "meanwhile"])), draw(edits(first))) for _ in range(draw(st.integers(1, 3)))
    ]


def lived(root: Path, first: Catalog, every: list[tuple[str, Catalog]]) -> None:
    """Save after save: what was ever translated is in the catalog or in the ledger."""
    if (root / ledger_path("de", "letter")).exists():
        (root / ledger_path("de", "letter")).unlink()
    workspace = begun(root, serialize(first).decode())
    ever = given_texts(first)
    stale, _ = read(workspace)
    for how, catalog in every:
        before = stale if how == "meanwhile" else read(workspace)[0]
        stale = before
        save(workspace, LETTER, before, replace(catalog, path=str(LETTER)), Purpose(how, accept_loss=True))
        ever |= given_texts(catalog)
    _, now = read(workspace)
    shown = {text for each in now.messages for text in (*each.msgstr, *alternatives(each))}
    past = {text for each in history(workspace, "de", "letter").states for text in each.message.msgstr}
    assert ever <= shown | past
    put_back(workspace, Wanted(), ["all"])
    _, back = read(workspace)
    assert ever <= {text for each in back.messages for text in (*each.msgstr, *alternatives(each))}


@settings(max_examples=100, deadline=None)
@given(days())
def test_nothing_is_lost_in_any_history(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[Catalog, list[tuple[str, Catalog]]]
) -> None:
    root = tmp_path_factory.getbasetemp() / f"days-{os.getpid()}"
    root.mkdir(exist_ok=True)
    lived(root, *history)


WORDS = ("eins", "zwei", "drei vier", "fünf \\ “sechs”", "sieben\nacht", "neun")


def by_chance(chance: random.Random, catalog: Catalog) -> Catalog:
    """The catalog after somebody's day; sometimes a text is emptied, sometimes a msgid is edited."""
    done = []
    for message in catalog.messages:
        if chance.random() < 0.5:
            texts = tuple(chance.choice((*WORDS, before, "")) for before in message.msgstr)
            msgid = f"{message.msgid}{chance.choice('!?')}" if chance.random() < 0.1 else message.msgid
            message = replace(message, msgid=msgid, msgstr=texts, fuzzy=chance.random() < 0.3, raw=None, line=0)
        done.append(message)
    unique = {each.key: each for each in done}
    return parse_catalog(serialize(replace(catalog, messages=tuple(unique.values()))), str(LETTER), DE)


def followed_by_chance(chance: random.Random, catalog: Catalog) -> Catalog:
    """The catalog after an update: texts were edited, new ones came, others went."""
    kept = [each for each in catalog.live if chance.random() < 0.8]
    texts = [f"{each.msgid} now" if chance.random() < 0.2 else each.msgid for each in kept]
    texts += [f"text {chance.randrange(9)}" for _ in range(chance.randrange(3))]
    wanted = tuple(Message(text) for text in dict.fromkeys(texts))
    return merge(catalog, replace(catalog, locale=None, messages=wanted), DE)


@pytest.mark.parametrize(
    "count", [pytest.param(500, marks=pytest.mark.slow), pytest.param(10_000, marks=pytest.mark.long)]
)
def test_nothing_is_lost_in_thousands_of_histories(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # nobody pulls the plug here; it is most of the time
    for seed in range(count):
        chance = random.Random(seed)
        first = HEADER + "".join(entry(f"text {number} says much", chance.choice(("", "null"))) for number in range(6))
        workspace = begun(tmp_path, first)
        (tmp_path / ledger_path("de", "letter")).unlink(missing_ok=True)
        handed_out = [read(workspace)]
        ever = given_texts(handed_out[0][1])
        for _ in range(chance.randint(1, 5)):
            before, base = chance.choice(handed_out)
            change = chance.choice((by_chance, by_chance, followed_by_chance))
            theirs = change(chance, base)
            ever |= given_texts(theirs)
            disk, ours = read(workspace)
            if chance.random() < 0.5:
                known = chance.choice((base, None))
                combined = combine(known, ours, theirs, chance.choice((None, theirs, frame_of(known, ours, theirs))))
                before, theirs = disk, combined.catalog
                gone = given_texts(base) if known is not None else set()
                assert given_texts(ours) <= texts_of(theirs) | gone, seed
            save(workspace, LETTER, before, theirs, Purpose("x", accept_loss=True))
            handed_out.append(read(workspace))
        past = {text for each in history(workspace, "de", "letter").states for text in each.message.msgstr}
        assert ever <= texts_of(read(workspace)[1]) | past, seed
        put_back(workspace, Wanted(), ["all"])
        assert ever <= texts_of(read(workspace)[1]), seed


# --- a sudden end -------------------------------------------------------------------------------------------------------------


def archive(root: Path, documents: int, edited: bool) -> None:
    """A workspace of some documents, translated into all the languages of the golden one."""
    for number in range(documents):
        paragraphs = [
            f"Paragraph {index} of letter {number} says what everybody wants{'!' * edited}." for index in range(20)
        ]
        text = "\n\n".join([f"---\ntitle: Letter {number}\n---", *paragraphs])
        (root / "sources" / f"letter-{number}.md").write_text(text + "\n", "utf-8")


def catalogs_of(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted((root / "locales").glob("*/*.po*"))}


@pytest.mark.parametrize("blows", [pytest.param(20, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.long)])
def test_an_update_that_is_killed_leaves_every_file_as_before_or_after(blows: int, tmp_path: Path) -> None:
    root = copy_of(ORCHARD, tmp_path / "orchard")
    archive(root, 6, edited=False)
    for tag in ("de", "el", "fa", "fr"):
        for number in range(6):
            (root / "locales" / tag / f"letter-{number}.po").write_text(
                HEADER.replace("Language: de", f"Language: {tag}"), "utf-8"
            )
    assert polyleaf("-C", root, "update").returncode == 0
    for path in sorted((root / "locales").glob("*/letter-*.po")):
        text = path.read_text("utf-8").replace('wants."\nmsgstr ""', 'wants."\nmsgstr "Das wollen alle hier und jetzt"')
        path.write_text(text, "utf-8")
    before = catalogs_of(root)
    whole = copy_of(root, tmp_path / "whole")
    archive(whole, 6, edited=True)
    started = time.monotonic()
    assert polyleaf("-C", whole, "update").returncode == 0
    lasted = time.monotonic() - started
    after = catalogs_of(whole)
    assert before.keys() <= after.keys()
    assert before != after
    chance = random.Random(4)
    seen = {"before": 0, "after": 0}
    remembered = 0
    for _ in range(blows):
        for name, content in before.items():
            (root / name).write_bytes(content)
        shutil.rmtree(root / "locales" / ".ledger", ignore_errors=True)
        archive(root, 6, edited=True)
        command = [sys.executable, "-m", "pipeline", "-C", str(root), "update"]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 1.05) * lasted)
        running.send_signal(signal.SIGKILL)
        running.wait()
        for name, content in catalogs_of(root).items():
            assert content in (before.get(name), after[name]), name
            seen["after" if content == after[name] else "before"] += 1
        for path in sorted((root / "locales" / ".ledger").glob("*/*.jsonl")):
            past = History.parse(path.read_text("utf-8"))
            remembered += len(past.states)
            assert past.skipped in ((), (len(past.states) + 1,)), "at most the last line is torn"
    assert remembered > blows, "the ledger had nothing to do"
    assert min(seen.values()) > blows, "the blows fell beside the work"
