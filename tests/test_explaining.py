"""A build says of each file that it made again the one thing that has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.build import build
from pipeline.cli import main
from pipeline.explaining import FILE, FIRST, GONE
from pipeline.renditions import Options
from pipeline.report import Report
from pipeline.workspace import Workspace, bundled
from tests.test_build import edit, root  # noqa: F401  # the finished workspace

ALL = Options(jobs=2)


def reasons(report: Report, suffix: str = "well.fr.a4.pdf") -> list[str]:
    return [each.because for each in report.artifacts if each.path.endswith(suffix)]


def test_everything_is_made_for_the_first_time(finished: tuple[Path, Report]) -> None:
    assert {each.because for each in finished[1].artifacts} == {FIRST}


def test_nothing_is_said_of_what_was_not_made_again(root: Path) -> None:  # noqa: F811
    assert {each.because for each in build(Workspace(root), ALL).artifacts} == {""}


def test_a_translation(root: Path) -> None:  # noqa: F811
    edit(root / "locales" / "fr" / "well.po", ("Ouvrez le puits !", "Ouvrez ce puits !"))
    report = build(Workspace(root), ALL)
    assert reasons(report) == ["segment sources/well.md#text.2 (locales/fr/well.po)"]
    assert {each.path.split("/")[3] for each in report.artifacts if each.because} == {"fr"}


@pytest.mark.slow
def test_a_name_in_the_registry(root: Path) -> None:  # noqa: F811
    edit(root / "sources" / "organisations.csv", ("Les Amis", "Des Amis"))
    (reason,) = reasons(build(Workspace(root), ALL), "orchard.fr.a4.pdf")
    assert reason.startswith("signatory ")
    assert "sources/organisations.csv" in reason


def test_a_template_file(root: Path) -> None:  # noqa: F811
    own, shipped = (each / "templates" / "formats" / "a4" / "style.css" for each in (root, bundled()))
    own.write_text(shipped.read_text("utf-8") + "h1 { color: #300 }\n", encoding="utf-8")
    report = build(Workspace(root), Options(documents=("well",), locales=("fr",), jobs=1))
    assert reasons(report) == ["template templates/formats/a4/style.css"]


def test_a_leaflet_that_was_lost(root: Path) -> None:  # noqa: F811
    shutil.rmtree(root / "build" / ".cache" / "leaflets")
    shutil.rmtree(root / "build" / ".cache" / "notes")
    assert reasons(build(Workspace(root), Options(documents=("well",), locales=("fr",), jobs=1))) == [GONE]


def test_a_file_that_somebody_changed(root: Path) -> None:  # noqa: F811
    (root / "build" / "site" / "well" / "fr" / "well.fr.a4.pdf").write_bytes(b"%PDF-")
    assert reasons(build(Workspace(root), ALL)) == [FILE]


@pytest.mark.slow
@pytest.mark.parametrize("torn", [b"", b"[]", b'{"common": 1}', b'{"own": 3}'])
def test_what_was_noted_and_torn_is_no_trouble(root: Path, torn: bytes) -> None:  # noqa: F811
    for path in (root / "build" / ".cache" / "ingredients").rglob("*.json"):
        path.write_bytes(torn)
    edit(root / "locales" / "fr" / "well.po", ("Ouvrez le puits !", "Ouvrez ce puits !"))
    (reason,) = reasons(build(Workspace(root), Options(documents=("well",), locales=("fr",), jobs=1)))
    assert reason


@pytest.mark.slow
def test_it_is_printed_when_it_is_asked_for(root: Path) -> None:  # noqa: F811
    edit(root / "locales" / "fr" / "well.po", ("Ouvrez le puits !", "Ouvrez ce puits !"))
    asked = ["-C", str(root), "build", "well", "-l", "fr", "-j", "1"]
    said = CliRunner().invoke(main, [*asked, "--explain"])
    assert "build/site/well/fr/well.fr.a4.pdf: segment sources/well.md#text.2 (locales/fr/well.po)\n" in said.output
    again = CliRunner().invoke(main, [*asked, "--explain"])
    assert "segment" not in again.output
