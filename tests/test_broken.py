"""tests/broken: one folder per way to be wrong, and exactly what a person is told.

Each folder holds what is wrong: its files are laid over the whole workspace in ``_whole`` (``remove`` names what is taken away).
``expected.txt`` is all that the command says, ``check`` if the file ``command`` does not name another. The ways of catalogs, po-*,
are also in test_broken_catalogs.py, closer by.
"""

from __future__ import annotations

import hashlib
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main

BROKEN = Path(__file__).parent / "broken"
WHOLE = BROKEN / "_whole"
WAYS = sorted(path for path in BROKEN.iterdir() if path.is_dir() and path != WHOLE)
ABOUT = {"expected.txt", "command", "remove"}
WRONG_USAGE = {"usage-no-workspace", "usage-unknown-verb", "usage-language", "usage-jobs", "usage-import-what"}


def laid_out(way: Path, folder: Path) -> Path:
    """The whole workspace with what is wrong laid over it."""
    shutil.copytree(WHOLE, folder, ignore=shutil.ignore_patterns(*ABOUT))
    shutil.copytree(way, folder, ignore=shutil.ignore_patterns(*ABOUT), dirs_exist_ok=True)
    if (way / "remove").is_file():
        for name in (way / "remove").read_text("utf-8").split():
            shutil.rmtree(folder / name)
    return folder


def files(folder: Path) -> dict[str, str]:
    """The sum of every file that people write, by its path."""
    every = (path for path in folder.rglob("*") if path.is_file() and "build" not in path.relative_to(folder).parts)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in every}


def said(way: Path, folder: Path) -> tuple[int, str]:
    """The exit code and all that a person sees in the terminal."""
    command = (way / "command").read_text("utf-8") if (way / "command").is_file() else "check"
    arguments = ["-C", str(folder), *shlex.split(command)]
    result = CliRunner().invoke(main, arguments, prog_name="polyleaf", catch_exceptions=False)
    return result.exit_code, result.output.replace(str(folder), "DIR")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_says_what_is_wrong_and_how_to_mend_it(way: Path, tmp_path: Path) -> None:
    folder = laid_out(way, tmp_path / "workspace")
    before = files(folder)
    code, output = said(way, folder)
    assert "Traceback" not in output
    expected = (way / "expected.txt").read_text("utf-8")
    if way.name.startswith("po-"):
        assert output.startswith(expected)
    else:
        assert output == expected
    assert code == (2 if way.name in WRONG_USAGE else 1)
    assert files(folder) == before
    assert not list(folder.rglob(".new-*"))


def test_the_workspace_without_a_fault_is_clean(tmp_path: Path) -> None:
    assert said(WHOLE, laid_out(WHOLE, tmp_path / "workspace")) == (0, "0 errors, 0 warnings\n")


def test_there_are_many_ways_to_be_wrong() -> None:
    assert len([way for way in WAYS if not way.name.startswith("po-")]) >= 25
