"""What the verbs do with the files of a workspace: languages, import. update has test_updating.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.commands import languages
from pipeline.diagnostics import InvalidInput
from pipeline.importing import import_file
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, copy_of, traces


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of(ORCHARD, tmp_path / "orchard")


def test_the_languages_of_a_document_say_who_needs_them_and_how_far_they_are() -> None:
    rows, diagnostics = languages(Workspace(ORCHARD), "orchard")
    assert not diagnostics
    signatories = {each.locale.tag: each.signatories for each in rows}
    assert signatories == {"en": (), "de": ("apfel",), "el": ("milia",), "fa": ("sib",), "fr": ("pommier",)}
    done = {each.locale.tag: each.coverage.percent for each in rows if each.coverage is not None}
    assert done == {"en": 100, "de": 21, "el": 100, "fa": 100, "fr": 100}
    assert {each.locale.tag for each in rows if each.draft} == {"el"}


def test_a_language_without_a_catalog_is_among_them_and_is_not_begun(root: Path) -> None:
    before = traces(root)
    (root / "locales" / "fr" / "orchard.po").unlink()
    rows, diagnostics = languages(Workspace(root), "orchard")
    assert not diagnostics
    (french,) = (each for each in rows if each.locale.tag == "fr")
    assert (french.signatories, french.draft) == (("pommier",), False)
    assert french.coverage is None or french.coverage.percent < 100
    assert traces(root).keys() == before.keys() - {str(root / "locales" / "fr" / "orchard.po")}


def test_the_languages_of_a_document_with_a_broken_catalog_come_with_the_complaint(root: Path) -> None:
    (root / "locales" / "fr" / "orchard.po").write_bytes(b'msgid "')
    rows, diagnostics = languages(Workspace(root), "orchard")
    assert {each.locale.tag for each in rows} == {"en", "de", "el", "fa", "fr"}
    assert {each.location.path for each in diagnostics} == {"locales/fr/orchard.po"}


@pytest.mark.parametrize("name", ["nowhere", "organisations"])
def test_the_languages_of_a_document_that_is_not_there(name: str) -> None:
    with pytest.raises(InvalidInput, match=rf"there is no sources/{name}\.md"):
        languages(Workspace(ORCHARD), name)


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
