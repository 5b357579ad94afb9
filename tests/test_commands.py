"""What the verbs do to the files of a workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.commands import update
from pipeline.diagnostics import InvalidInput
from pipeline.importing import import_file
from pipeline.workspace import Inputs, Workspace
from tests.golden import ORCHARD, copy_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of(ORCHARD, tmp_path / "orchard")


def edit_source(root: Path) -> None:
    source = root / "sources" / "well.md"
    source.write_text(source.read_text("utf-8").replace("Open the well!", "Open the old well!"), "utf-8")


def saving(monkeypatch: pytest.MonkeyPatch, path: Path, content: bytes) -> None:
    """Somebody saves a file just after a command has read the workspace."""
    read = Workspace.read

    def then_somebody_saves(workspace: Workspace, *only: tuple[str, ...]) -> Inputs:
        inputs = read(workspace, *only)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return inputs

    monkeypatch.setattr(Workspace, "read", then_somebody_saves)


def test_a_catalog_saved_during_an_update_stays_as_it_was_saved(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = root / "locales" / "fr" / "well.po"
    edit_source(root)
    saved = path.read_bytes().replace(b"Le puits reste ouvert", b"Le puits demeure ouvert")
    assert saved != path.read_bytes()
    saving(monkeypatch, path, saved)
    updated = update(Workspace(root))
    assert path.read_bytes() == saved
    assert [(each.code, each.location.path) for each in updated.diagnostics] == [
        ("saved-meanwhile", "locales/fr/well.po")
    ]
    monkeypatch.undo()
    assert not update(Workspace(root)).diagnostics
    after = path.read_text("utf-8")
    assert "Le puits demeure ouvert" in after
    assert "Open the old well!" in after


def test_a_catalog_begun_during_an_update_is_not_replaced(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = root / "locales" / "fr" / "well.po"
    begun = path.read_bytes()
    path.unlink()
    saving(monkeypatch, path, begun)
    assert "saved-meanwhile" in [each.code for each in update(Workspace(root)).diagnostics]
    assert path.read_bytes() == begun


def test_an_import_into_a_registry_that_is_not_utf_8_says_so(root: Path, tmp_path: Path) -> None:
    registry = root / "sources" / "organisations.csv"
    registry.write_bytes(registry.read_bytes() + "x,,Forêt,fr,,FR,\n".encode("latin-1"))
    before = registry.read_bytes()
    page = tmp_path / "page.txt"
    page.write_text("A title\n\nA paragraph of a resolution.\n", "utf-8")
    with pytest.raises(InvalidInput) as refused:
        import_file(Workspace(root), str(page), None)
    assert [each.code for each in refused.value.diagnostics] == ["not-utf-8"]
    assert registry.read_bytes() == before
