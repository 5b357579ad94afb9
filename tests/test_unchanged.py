"""A build of which nothing changed stops early, and only such a build."""

from pathlib import Path

import pytest

import pipeline.unchanged
from pipeline.unchanged import fingerprint, recall, remember
from pipeline.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "sources/a.md": "a",
        "locales/fr/a.po": "b",
        "templates/x.css": "c",
        "polyleaf.toml": "",
    }.items():
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "own"


@pytest.mark.parametrize(
    "name", ["sources/a.md", "sources/tree.png", "locales/fr/a.po", "templates/x.css", "polyleaf.toml"]
)
def test_every_file_that_a_build_reads_counts(root: Path, name: str) -> None:
    before = fingerprint(Workspace(root), "all")
    assert fingerprint(Workspace(root), "all") == before
    (root / name).write_text("changed", encoding="utf-8")
    assert fingerprint(Workspace(root), "all") != before


def test_what_is_asked_for_counts(root: Path) -> None:
    assert fingerprint(Workspace(root), "all") != fingerprint(Workspace(root), "fr only")


@pytest.mark.parametrize("name", ["templates/parts/x.html", "locales/fr/interface.po"])
def test_what_comes_with_the_tool_counts(
    root: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped" / name
    shipped.parent.mkdir(parents=True)
    shipped.write_text("old", encoding="utf-8")
    monkeypatch.setattr(pipeline.unchanged, "bundled", lambda: tmp_path / "shipped")
    before = fingerprint(Workspace(root), "all")
    shipped.write_text("new", encoding="utf-8")
    assert fingerprint(Workspace(root), "all") != before


def test_the_same_workspace_elsewhere_is_the_same(root: Path, tmp_path: Path) -> None:
    before = fingerprint(Workspace(root), "all")
    root.rename(tmp_path / "moved")
    assert fingerprint(Workspace(tmp_path / "moved"), "all") == before


def test_only_the_last_build_of_a_kind_is_noted(root: Path) -> None:
    workspace = Workspace(root)
    for mark in ("first", "second"):
        remember(workspace, "all", mark, (), "{}")
    assert recall(workspace, "all", "first", "") is None
    assert recall(workspace, "all", "second", "") == "{}"
    assert len(list((root / "build" / ".cache" / "builds").iterdir())) == 1


@pytest.mark.parametrize("torn", [b"", b"{", b"[]", b'{"mark": "m"}', b'{"mark": "m", "files": 1, "report": ""}'])
def test_a_torn_note_is_none(root: Path, torn: bytes) -> None:
    workspace = Workspace(root)
    remember(workspace, "all", "m", (), "{}")
    next((root / "build" / ".cache" / "builds").iterdir()).write_bytes(torn)
    assert recall(workspace, "all", "m", "") is None
