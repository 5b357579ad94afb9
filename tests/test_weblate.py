"""Weblate finds every domain by itself: its own discovery code is run, as a program of its own (it is under the GPL)."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.workspace import Workspace
from tests.golden import ORCHARD, REPOSITORY

FINDER = REPOSITORY / ".venv" / "test-data" / "weblate"
NOT_OURS = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", "build", "tests", "benchmarks", ".ledger")
#: Weblate refuses to take these codes for languages where it looks for files: they are words, too.
WORDS_TO_WEBLATE = {"fa", "id", "tr"}


def found(folder: Path) -> dict[str, str]:
    """The masks of catalogs that Weblate finds, each with the template it would begin a language with, or nothing."""
    if not (FINDER / "translation_finder").is_dir():
        pytest.skip("translation-finder is not in .venv/test-data: “sh tools/setup.sh dev” fetches it")
    program = "import sys; from translation_finder.api import cli; sys.exit(cli(args=sys.argv[1:]))"
    command = [sys.executable, "-c", program, str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": str(FINDER)}, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    blocks = (dict(re.findall(r"^(\w+) *: (.*)$", block, re.MULTILINE)) for block in run.stdout.split("== Match "))
    components = [each for each in blocks if "filemask" in each]
    assert {each["file_format"] for each in components} <= {"po"}, components
    masks = Counter(each["filemask"] for each in components)
    assert set(masks.values()) <= {1}
    return {each["filemask"]: each.get("new_base", "") for each in components}


def domains(root: Path) -> dict[str, str]:
    """What Weblate is to find: a mask and a template for every domain that has one."""
    names = sorted(path.stem for path in (root / "locales" / "templates").glob("*.pot"))
    return {f"locales/*/{name}.po": str(Workspace(root).template_path(name)) for name in names}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """This repository as Weblate would clone it, but for tests and what was made."""
    return Path(shutil.copytree(REPOSITORY, tmp_path / "checkout", ignore=NOT_OURS))


def test_every_domain_of_this_repository_is_found_with_its_template(checkout: Path) -> None:
    assert len(domains(checkout)) >= 4
    assert found(checkout) == domains(checkout)


def test_every_domain_of_another_workspace_is_found(tmp_path: Path) -> None:
    root = Path(shutil.copytree(ORCHARD, tmp_path / "orchard", ignore=shutil.ignore_patterns("expected")))
    assert len(domains(root)) == 3
    assert found(root) == domains(root)


def test_what_else_lies_in_locales_changes_nothing_for_the_domains(checkout: Path) -> None:
    locales = checkout / "locales"
    for tag in ("de", "fr", "pt"):
        for name in ("compendium", "memory"):
            shutil.copy(locales / tag / "organisations.po", locales / tag / f"{name}.po")
    (locales / "glossary.csv").write_text("term,de,fr\nwater,Wasser,eau\n", "utf-8")
    for tag in ("de", "fr", "pt"):
        ledger = locales / ".ledger" / tag / "organisations.jsonl"
        ledger.parent.mkdir(parents=True)
        ledger.write_text('{"msgid": "water", "msgstr": ["Wasser"]}\n', "utf-8")
    masks = found(checkout)
    # These two are offered, without a template: they may be translated there, too, or left out.
    assert masks.pop("locales/*/compendium.po") == ""
    assert masks.pop("locales/*/memory.po") == ""
    assert masks == domains(checkout)


@pytest.mark.parametrize("tag", ["zgh", "sr-Latn", "fa-AF", "kmr", "ckb", "gn", "pt-BR"])
def test_a_domain_in_one_rare_language_is_found(tmp_path: Path, tag: str) -> None:
    locales = tmp_path / "locales"
    shutil.copytree(ORCHARD / "locales" / "templates", locales / "templates")
    shutil.copytree(ORCHARD / "locales" / "de", locales / tag)
    assert found(tmp_path) == {
        "locales/*/orchard.po": "locales/templates/orchard.pot",
        "locales/*/organisations.po": "locales/templates/organisations.pot",
    }


def test_a_language_that_is_a_word_to_weblate_needs_another_beside_it(tmp_path: Path) -> None:
    locales = tmp_path / "locales"
    shutil.copytree(ORCHARD / "locales" / "templates", locales / "templates")
    for tag in WORDS_TO_WEBLATE:
        shutil.copytree(ORCHARD / "locales" / "de", locales / tag)
    assert found(tmp_path) == {}
    shutil.copytree(ORCHARD / "locales" / "de", locales / "pl")
    assert set(found(tmp_path)) == {"locales/*/orchard.po", "locales/*/organisations.po"}


@pytest.mark.parametrize("root", [REPOSITORY, ORCHARD], ids=["polyleaf", "orchard"])
def test_the_rule_holds_where_the_program_is_not_here(root: Path) -> None:
    """translation-finder's own rule: the mask with “templates” for its star and “t” at its end."""
    for mask, template in domains(root).items():
        assert template == mask.replace("*", "templates") + "t"
        assert (root / template).is_file()
    tags = {path.name for path in (root / "locales").iterdir() if path.is_dir() and path.name[0] != "."} - {"templates"}
    assert tags - WORDS_TO_WEBLATE
