"""A build of which nothing changed stops early, and only such a build."""

from dataclasses import replace
from pathlib import Path

import pytest

import pipeline.unchanged
from pipeline.renditions import Options
from pipeline.typesetting.imprint import parse_imprint
from pipeline.unchanged import fingerprint, recall, remember
from pipeline.workspace import Workspace

GROUP = 'country = "FR"\n[contact]\ngroup = "Gardeners"\n'


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


@pytest.mark.parametrize(
    "other",
    [
        Options(documents=("a",)),
        Options(locales=("fr",)),
        Options(formats=("a5",)),
        Options(editions=("shop",)),
        Options(paper="letter"),
        Options(flip="short"),
        Options(single_sided=True),
        Options(icc=b"profile"),
        Options(icc=b"another"),
        Options(imprint=parse_imprint(GROUP, "us.toml")),
        Options(imprint=parse_imprint(GROUP.replace("Gardeners", "Weavers"), "us.toml")),
        Options(release=True),
        Options(release=True, allow_drafts=True),
        Options(release=True, allow_partial=True),
    ],
)
def test_every_option_is_something_else_to_ask_for(other: Options) -> None:
    assert other.asked() != Options().asked()
    assert len(other.asked()) < 2000, "not the bytes of a profile"
    assert replace(other, jobs=7).asked() == other.asked(), "how many processes do it changes nothing"


def test_two_profiles_and_two_groups_are_different_things_to_ask_for() -> None:
    asked = [Options(icc=each).asked() for each in (b"a", b"b")]
    groups = (GROUP, GROUP.replace("Gardeners", "Weavers"))
    asked += [Options(imprint=parse_imprint(each, "us.toml")).asked() for each in groups]
    assert len(set(asked)) == 4


def test_the_tables_inside_the_package_count(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "package"
    (package / "typesetting").mkdir(parents=True)
    monkeypatch.setattr(pipeline.unchanged, "__file__", str(package / "unchanged.py"))
    marks = set()
    for name in ("nothing.txt", "a.py", "typesetting/b.py", "typesetting/rules.toml"):
        (package / name).write_text("x", encoding="utf-8")
        marks.add(fingerprint(Workspace(root), "all"))
    assert len(marks) == 4


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
