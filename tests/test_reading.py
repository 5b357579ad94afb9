"""The inputs of a build, a document at a time: each has a digest of all that it depends on."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline.reading
from pipeline.diagnostics import InvalidInput
from pipeline.reading import Reading
from pipeline.renditions import Options
from pipeline.typesetting.imprint import parse_imprint
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, copy_of

GROUP = 'country = "FR"\n[contact]\ngroup = "Gardeners"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of(ORCHARD, tmp_path / "own")


def marks(root: Path, asked: str = "all") -> dict[str, str]:
    return Reading(Workspace(root), Options()).marks(asked)


def changed(root: Path, before: dict[str, str]) -> set[str]:
    return {name for name, mark in marks(root).items() if before.get(name) != mark}


@pytest.mark.parametrize(
    ("name", "stale"),
    [
        ("sources/well.md", {"well"}),
        ("locales/fr/well.po", {"well"}),
        ("locales/fr/orchard.po", {"orchard"}),
        ("locales/fr/organisations.po", {"orchard", "well"}),
        ("locales/fr/interface.po", {"orchard", "well"}),
        ("locales/fr/compendium.po", set()),
        ("sources/tree.png", {"orchard", "well"}),
        ("sources/organisations.csv", {"orchard", "well"}),
        ("templates/parts/extra.css", {"orchard", "well"}),
        ("polyleaf.toml", {"orchard", "well"}),
    ],
)
def test_a_document_is_stale_if_something_changed_that_it_depends_on(root: Path, name: str, stale: set[str]) -> None:
    before = marks(root)
    assert marks(root) == before
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((path.read_bytes() if path.is_file() else b"") + b"\n")
    assert changed(root, before) == stale


def test_a_new_catalog_makes_its_document_stale(root: Path) -> None:
    before = marks(root)
    (root / "locales" / "it").mkdir()
    shutil.copy(root / "locales" / "fr" / "well.po", root / "locales" / "it" / "well.po")
    assert changed(root, before) == {"well"}


def test_what_is_asked_for_counts(root: Path) -> None:
    assert marks(root, "fr only") != marks(root)


def test_the_same_workspace_elsewhere_is_the_same(root: Path, tmp_path: Path) -> None:
    before = marks(root)
    root.rename(tmp_path / "moved")
    assert marks(tmp_path / "moved") == before


def test_our_own_code_and_tables_count(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "package"
    (package / "typesetting").mkdir(parents=True)
    monkeypatch.setattr(pipeline.reading, "__file__", str(package / "reading.py"))
    found = set()
    for name in ("nothing.txt", "a.py", "typesetting/b.py", "typesetting/rules.toml"):
        (package / name).write_text("x", encoding="utf-8")
        found.add(marks(root)["well"])
    assert len(found) == 4


@pytest.mark.parametrize("name", ["templates/parts/x.html", "locales/fr/interface.po"])
def test_what_comes_with_the_tool_counts(
    root: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped" / name
    shipped.parent.mkdir(parents=True)
    shipped.write_text("old", encoding="utf-8")
    monkeypatch.setattr(pipeline.reading, "bundled", lambda: tmp_path / "shipped")
    before = marks(root)
    shipped.write_text("new", encoding="utf-8")
    assert changed(root, before) == {"orchard", "well"}


def test_a_document_is_read_with_its_own_catalogs_and_the_shared_ones(root: Path) -> None:
    inputs = Reading(Workspace(root), Options()).inputs("well")
    whole = Workspace(root).read(("well",))
    assert [each.id for each in inputs.documents] == ["well"]
    assert inputs.documents == whole.documents
    assert {domain for _, domain in inputs.catalogs} <= {"well", "organisations", "interface"}
    assert all(inputs.catalogs[key] == whole.catalogs[key] for key in inputs.catalogs)


def test_a_source_that_cannot_be_read_costs_itself(root: Path) -> None:
    (root / "sources" / "well.md").write_text("<b>no</b>", encoding="utf-8")
    reading = Reading(Workspace(root), Options())
    assert reading.inputs("well").documents == ()
    assert {each.location.path for each in reading.inputs("well").diagnostics} == {"sources/well.md"}
    assert [each.id for each in reading.inputs("orchard").documents] == ["orchard"]
    assert reading.inputs("orchard").diagnostics == ()


@pytest.mark.parametrize(
    ("options", "spoil", "message"),
    [
        (Options(documents=("nowhere",)), "", "there is no sources/nowhere.md"),
        (Options(), "polyleaf.toml", "error"),
        (Options(), "sources/organisations.csv", "error"),
        (Options(), "templates/formats/a4/format.toml", "error"),
    ],
)
def test_what_all_depend_on_must_be_readable(root: Path, options: Options, spoil: str, message: str) -> None:
    if spoil:
        (root / spoil).parent.mkdir(parents=True, exist_ok=True)
        (root / spoil).write_text("= = =", encoding="utf-8")
        (root / "locales" / "fr" / "well.po").write_text("msgid", encoding="utf-8")
    with pytest.raises(InvalidInput, match=message) as refused:
        Reading(Workspace(root), options)
    assert not spoil or any(each.location.path == "locales/fr/well.po" for each in refused.value.diagnostics)


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
    ],
)
def test_every_option_is_something_else_to_ask_for(other: Options) -> None:
    assert other.asked() != Options().asked()
    assert len(other.asked()) < 2000, "not the bytes of a profile"
    assert replace(other, jobs=7, cluster="tcp://there").asked() == other.asked(), "who does it changes nothing"


def test_two_profiles_and_two_groups_are_different_things_to_ask_for() -> None:
    asked = [Options(icc=each).asked() for each in (b"a", b"b")]
    groups = (GROUP, GROUP.replace("Gardeners", "Weavers"))
    asked += [Options(imprint=parse_imprint(each, "us.toml")).asked() for each in groups]
    assert len(set(asked)) == 4
