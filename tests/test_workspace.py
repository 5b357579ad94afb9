"""The only reader and writer: what it finds, what wins, and that it writes whole files or none."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from pipeline.diagnostics import InvalidInput, Location
from pipeline.locales import Locale
from pipeline.workspace import Workspace, bundled
from tests.golden import ORCHARD, copy_of, traces

HERE = Location("sources/orchard.md", 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of(ORCHARD, tmp_path / "orchard")


def codes(root: Path) -> list[str]:
    return [f"{each.location}: {each.code}" for each in Workspace(root).read().diagnostics]


def test_all_inputs_are_read() -> None:
    inputs = Workspace(ORCHARD).read()
    assert [each.id for each in inputs.documents] == ["orchard", "well"]
    assert [each.tag for each in inputs.locales_of("orchard")] == ["de", "el", "fa", "fr"]
    assert inputs.settings.title == "Orchard papers"
    assert not inputs.diagnostics


def test_only_some_documents_are_read() -> None:
    assert [each.id for each in Workspace(ORCHARD).read(["well"]).documents] == ["well"]


def test_a_folder_without_sources_is_no_workspace(tmp_path: Path) -> None:
    assert not Workspace(tmp_path).exists()


@pytest.mark.parametrize("folder", ["fr_FR", "FR", "fr-Latn"])
def test_a_locale_folder_may_be_spelled_as_people_do(root: Path, folder: str) -> None:
    (root / "locales" / "fr").rename(root / "locales" / folder)
    tag = Locale.parse(folder).tag
    workspace = Workspace(root)
    assert workspace.catalog_path(tag, "well") == PurePosixPath(f"locales/{folder}/well.po")
    assert workspace.read().catalog("well", Locale.parse(tag)) is not None


def test_two_folders_for_one_language_are_told(root: Path) -> None:
    copy_of(root / "locales" / "fr", root / "locales" / "FR")
    assert codes(root) == ["locales/fr: locale-folder"]


def test_a_folder_that_is_no_language_is_told(root: Path) -> None:
    (root / "locales" / "french stuff").mkdir()
    assert codes(root) == ["locales/french stuff: locale-folder"]


def test_a_broken_catalog_does_not_stop_the_others(root: Path) -> None:
    (root / "locales" / "fa" / "well.po").write_bytes(b'msgid "')
    inputs = Workspace(root).read()
    assert inputs.broken == {("fa", "well")}
    assert inputs.catalog("orchard", Locale.parse("fa")) is not None
    assert {each.location.path for each in inputs.diagnostics} == {"locales/fa/well.po"}


def test_a_source_that_is_not_utf_8_is_told_with_its_line(root: Path) -> None:
    (root / "sources" / "well.md").write_bytes(b"---\ntitle: Caf\xe9\n---\n")
    assert codes(root) == ["sources/well.md:2: not-utf-8"]


# --- templates ------------------------------------------------------------------------------------------------------------


def test_a_workspaces_template_wins_path_by_path(root: Path) -> None:
    own = root / "templates" / "formats" / "web" / "style.css"
    own.parent.mkdir(parents=True)
    own.write_text("p { color: green }", encoding="utf-8")
    files = Workspace(root).template_files
    assert files["templates/formats/web/style.css"] == "p { color: green }"
    shipped = bundled() / "templates" / "formats" / "web" / "page.html"
    assert files["templates/formats/web/page.html"] == shipped.read_text(encoding="utf-8")


def test_words_come_from_the_workspace_then_from_the_tool(root: Path) -> None:
    workspace, fr = Workspace(root), Locale.parse("fr")
    shipped = workspace.words(fr, workspace.read())
    assert shipped.phrase("Draft").locale == fr
    own = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Draft"\nmsgstr "Ébauche"\n'
    (root / "locales" / "fr" / "interface.po").write_text(own, encoding="utf-8")
    workspace = Workspace(root)
    assert workspace.words(fr, workspace.read()).phrase("Draft").text == "Ébauche"


# --- writing --------------------------------------------------------------------------------------------------------------


def test_the_same_bytes_are_not_written_again(root: Path) -> None:
    workspace = Workspace(root)
    assert workspace.write("build/x/y.txt", b"one")
    before = traces(root)
    assert not workspace.write("build/x/y.txt", b"one")
    assert traces(root) == before
    assert workspace.write("build/x/y.txt", b"two")
    assert (root / "build/x/y.txt").read_bytes() == b"two"


def test_modes_do_not_depend_on_the_umask_and_are_kept(root: Path) -> None:
    before = os.umask(0o077)
    try:
        Workspace(root).write("build/new.txt", b"x")
        (root / "build/new.txt").chmod(0o664)
        Workspace(root).write("build/new.txt", b"y")
        Workspace(root).write("build/other.txt", b"y")
    finally:
        os.umask(before)
    modes = [(root / "build" / name).stat().st_mode & 0o777 for name in ("new.txt", "other.txt")]
    assert modes == [0o664, 0o644]


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("owner", "step", "path"),
    [(os, "fsync", "locales/qu/x.po"), (Path, "replace", "locales/qu/x.po"), (Path, "replace", "build/x.txt")],
)
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    owner: object, step: str, path: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(root)
    workspace.write(path, b"old")
    monkeypatch.setattr(owner, step, full)
    with pytest.raises(OSError, match="No space left"):
        workspace.write(path, b"new")
    assert [each.name for each in (root / path).parent.iterdir()] == [(root / path).name]
    assert (root / path).read_bytes() == b"old"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("locales/fr/well.po", True),
        ("sources/well.md", True),
        ("sources/organisations.csv", True),
        ("locales/.ledger/fr/well.jsonl", True),
        ("build/site/index.html", False),
    ],
)
def test_what_nobody_could_make_again_is_on_the_disk_when_it_is_in_its_place(
    path: str, kept: bool, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    flushed, replaced = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (steps.append("on the disk"), flushed(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda old, new: (steps.append("in its place"), replaced(old, new))[1])
    assert Workspace(root).write(path, b"new")
    assert steps == ["on the disk"] * kept + ["in its place"]


def test_lines_are_put_behind_the_last_one_and_a_torn_one_is_ended_first(root: Path) -> None:
    workspace, path = Workspace(root), root / "locales" / ".ledger" / "fr" / "well.jsonl"
    for lines in (b"one\n", b"two\n"):
        workspace.append("locales/.ledger/fr/well.jsonl", lines)
    assert path.read_bytes() == b"one\ntwo\n"
    path.write_bytes(b"one\ntw")
    workspace.append("locales/.ledger/fr/well.jsonl", b"three\n")
    assert path.read_bytes() == b"one\ntw\nthree\n"


def test_pruning_deletes_what_is_not_kept_and_empty_folders(root: Path) -> None:
    workspace = Workspace(root)
    for name in ("a/x", "a/y", "b/c/z"):
        workspace.write(f"build/site/{name}", b"x")
    gone = workspace.prune("build/site", [PurePosixPath("build/site/a/x")])
    assert [str(path) for path in gone] == ["build/site/a/y", "build/site/b/c/z"]
    assert sorted(path.name for path in (root / "build/site").rglob("*")) == ["a", "x"]


# --- pictures -------------------------------------------------------------------------------------------------------------


def test_a_picture_in_sources_is_found() -> None:
    extension, content = Workspace(ORCHARD).picture("tree.png", HERE)
    assert (extension, content[:4]) == ("png", b"\x89PNG")


def test_a_picture_may_have_a_name_in_any_script(root: Path) -> None:
    """Markdown writes the address of “Äpfel 1.png” as ``%C3%84pfel%201.png``."""
    (root / "sources" / "tree.png").rename(root / "sources" / "Äpfel 1.png")
    source = root / "sources" / "orchard.md"
    source.write_text(source.read_text("utf-8").replace("(tree.png)", "(<Äpfel 1.png>)"), "utf-8")
    ((name, place),) = Workspace(root).read(["orchard"]).documents[0].pictures
    assert Workspace(root).picture(name, place)[0] == "png"


@pytest.mark.parametrize(
    "source",
    [
        "../polyleaf.toml",
        "../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "https://example.org/a.png",
        "data:image/png;base64,AA",
        "organisations.csv",
        "nowhere.png",
        "fake.png",
        "link.png",
        "a%00b.png",
        "%2e%2e/secret.png",
    ],
)
def test_nothing_else_is_a_picture(root: Path, source: str) -> None:
    (root / "secret.png").write_bytes(b"\x89PNG secret")
    (root / "sources" / "link.png").symlink_to(root / "secret.png")
    (root / "sources" / "fake.png").write_bytes(b"<html>")
    with pytest.raises(InvalidInput) as raised:
        Workspace(root).picture(source, HERE)
    (complaint,) = raised.value.diagnostics
    assert (complaint.code, complaint.location) == ("picture", HERE)
