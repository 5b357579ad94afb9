"""What the last build made of a document is believed only as long as it is true."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from pipeline.diagnostics import Diagnostic, Location
from pipeline.notes import Note, Notes
from pipeline.report import Artifact
from pipeline.website.summary import Entry, Resolution
from pipeline.workspace import Workspace

PAGE = PurePosixPath("build/site/well/fr/index.html")
ARTIFACT = Artifact(
    *("well", "fr", "web", str(PAGE), "0" * 64, 4, "", 0, 0, 100, False, False), seconds=2.5, because="segment x"
)
RESOLUTION = Resolution("well", "en", "2026-02-21", "", "7", (Entry("fr", "Le puits", "fr", "…", 99, draft=True),))
TOLD = (
    Diagnostic("a", "b", Location("c.po", 3), "warning", "d", "fr", Location("sources/well.md", 9)),
    Diagnostic("a", "b", Location("c.po"), "info", related=Location("sources/well.md")),
)


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    (tmp_path / PAGE).parent.mkdir(parents=True)
    (tmp_path / PAGE).write_bytes(b"page")
    kept = Notes(Workspace(tmp_path), "all")
    kept.remember("well", Note("mark", kept.traces([PAGE]), (ARTIFACT,), RESOLUTION, TOLD))
    return kept


def recalled(notes: Notes) -> Note:
    note = notes.recall("well")
    assert note is not None
    return note


def test_what_was_remembered_is_recalled(notes: Notes, tmp_path: Path) -> None:
    note = recalled(notes)
    assert (note.mark, note.artifacts, note.resolution, note.diagnostics) == ("mark", (ARTIFACT,), RESOLUTION, TOLD)
    assert notes.is_true("well", note)
    assert note.unchanged() == (replace(ARTIFACT, cached=True, seconds=0.0, because=""),)
    assert notes.recall("orchard") is None
    assert Notes(Workspace(tmp_path), "fr only").recall("well") is None, "another thing was asked for"


@pytest.mark.parametrize("damage", [b"pale", b"page!", b""])
def test_a_file_that_was_changed_is_noticed(notes: Notes, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / PAGE).write_bytes(damage)
    assert not notes.is_true("well", recalled(notes))


def test_a_file_that_was_changed_and_given_its_old_time_is_noticed(notes: Notes, tmp_path: Path) -> None:
    before = (tmp_path / PAGE).stat()
    (tmp_path / PAGE).write_bytes(b"pale")
    os.utime(tmp_path / PAGE, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not notes.is_true("well", recalled(notes))


def test_a_file_that_was_written_again_with_the_same_bytes_is_the_same(notes: Notes, tmp_path: Path) -> None:
    (tmp_path / PAGE).unlink()
    assert not notes.is_true("well", recalled(notes))
    (tmp_path / PAGE).write_bytes(b"page")
    assert notes.is_true("well", recalled(notes))


def test_a_file_that_may_have_changed_in_the_same_moment_is_read(notes: Notes, tmp_path: Path) -> None:
    """Size and times can be the same if somebody writes in the very tick of the clock; then only the bytes tell."""
    note = recalled(notes)
    _, size, changed, inode = note.files[str(PAGE)]
    path = tmp_path / notes.folder / "well.json"
    os.utime(path, ns=(changed, changed))
    assert notes.is_true("well", note)
    assert not notes.is_true("well", replace(note, files={str(PAGE): ("1" * 64, size, changed, inode)}))
    os.utime(path, ns=(changed + 10**9, changed + 10**9))
    assert notes.is_true("well", replace(note, files={str(PAGE): ("1" * 64, size, changed, inode)})), "not read"


@pytest.mark.parametrize("torn", [b"", b"{", b"[]", b"null", b'{"mark": "m"}', b"[" * 9999])
def test_a_torn_note_is_none(notes: Notes, tmp_path: Path, torn: bytes) -> None:
    (tmp_path / notes.folder / "well.json").write_bytes(torn)
    assert notes.recall("well") is None


@pytest.mark.parametrize("name", ["mark", "files", "artifacts", "resolution", "diagnostics"])
def test_a_note_of_another_version_is_none(notes: Notes, tmp_path: Path, name: str) -> None:
    path = tmp_path / notes.folder / "well.json"
    fields = json.loads(path.read_bytes())
    for value in ([["x"]], {"x": 1}, 7):
        if name != "mark":
            path.write_text(json.dumps({**fields, name: value}), encoding="utf-8")
            assert notes.recall("well") is None, value
    del fields[name]
    path.write_text(json.dumps(fields), encoding="utf-8")
    assert notes.recall("well") is None


def test_notes_about_documents_that_are_gone_go(notes: Notes, tmp_path: Path) -> None:
    notes.remember("orchard", recalled(notes))
    notes.forget_others(["well"])
    assert [path.name for path in (tmp_path / notes.folder).iterdir()] == ["well.json"]
