"""Git merges catalogs entry by entry: real branches of two translators in a real repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli_history import git_merge, recover
from pipeline.git_merging import ATTRIBUTES
from pipeline.locales import Locale
from pipeline.saving import record
from pipeline.translation.catalog import Catalog, parse_catalog
from pipeline.translation.ledger import History
from pipeline.translation.message import Message
from pipeline.translation.remarks import alternatives
from pipeline.workspace import Workspace
from tests.golden import REPOSITORY
from tests.test_three_way import ANOTHER, BREAD, HEADER, ROADS, WATER, entry

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

LETTER = Path("locales/de/letter.po")
LEDGER = Path("locales/.ledger/de/letter.jsonl")
PERSON = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "PYTHONPATH": str(REPOSITORY),
}


def git(root: Path, *arguments: str, fails: bool = False) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],
        env={**os.environ, **PERSON, "HOME": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a catalog and the driver, on the branch main."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    told = CliRunner().invoke(git_merge, ["--install"], obj=tmp_path)
    assert told.exit_code == 0, told.output
    command = git(tmp_path, "config", "merge.polyleaf.driver").strip()
    assert command.endswith(" git-merge -- %O %A %B %P")
    (tmp_path / ".gitattributes").write_text("".join(f"{line}\n" for line in ATTRIBUTES), "utf-8")
    commit(tmp_path, HEADER + entry(WATER) + entry(BREAD) + entry(ROADS), "begin")
    return tmp_path


def commit(root: Path, text: str, why: str) -> None:
    (root / LETTER).parent.mkdir(parents=True, exist_ok=True)
    (root / LETTER).write_text(text, "utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", why)


def branches(root: Path, ours: str, theirs: str) -> None:
    """Two translators begin with the same file; we stand on the first one's branch, main."""
    git(root, "checkout", "--quiet", "-b", "theirs")
    commit(root, theirs, "theirs")
    git(root, "checkout", "--quiet", "main")
    commit(root, ours, "ours")


def read(root: Path) -> Catalog:
    return parse_catalog((root / LETTER).read_bytes(), str(LETTER), Locale.parse("de"))


def texts(root: Path) -> dict[str, str]:
    return {each.msgid: each.msgstr[0] for each in read(root).messages}


OURS = HEADER + entry(WATER, "Wasser") + entry(BREAD, "Brot") + entry(ROADS)
THEIRS = HEADER.replace("02-22 10:00", "03-01 12:00") + entry(WATER) + entry(BREAD) + entry(ROADS, "Wege")


def test_two_translators_neighbouring_lines_merge_without_a_conflict(root: Path) -> None:
    branches(root, OURS, THEIRS)
    git(root, "merge", "--quiet", "-m", "both", "theirs")
    assert (root / LETTER).read_text("utf-8") == THEIRS.replace(entry(WATER), entry(WATER, "Wasser")).replace(
        entry(BREAD), entry(BREAD, "Brot")
    )
    assert not git(root, "status", "--porcelain")


def test_git_alone_would_have_made_a_conflict_of_it(root: Path) -> None:
    (root / ".gitattributes").write_text("", "utf-8")
    git(root, "commit", "--quiet", "--all", "-m", "no driver")
    theirs = THEIRS.replace(entry(BREAD), entry(BREAD, "Das Brot"))
    branches(root, OURS, theirs)
    assert "CONFLICT" in git(root, "merge", "-m", "both", "theirs", fails=True)
    assert "<<<<<<<" in (root / LETTER).read_text("utf-8")


def test_a_rebase_goes_through_entry_by_entry(root: Path) -> None:
    branches(root, OURS, THEIRS)
    git(root, "checkout", "--quiet", "theirs")
    git(root, "rebase", "--quiet", "main")
    assert texts(root) == {WATER: "Wasser", BREAD: "Brot", ROADS: "Wege"}
    assert git(root, "log", "--format=%s").split() == ["theirs", "ours", "begin"]


def test_two_translations_of_one_text_are_both_kept_and_git_stops(root: Path) -> None:
    theirs = THEIRS.replace(entry(BREAD), entry(BREAD, "Das Brot"))
    branches(root, OURS, theirs)
    said = git(root, "merge", "-m", "both", "theirs", fails=True)
    assert f"{LETTER}:13: error: two people translated “{BREAD}” differently; both are in the file" in said
    assert git(root, "status", "--porcelain").startswith("UU ")
    text = (root / LETTER).read_text("utf-8")
    assert "<<<<<<<" not in text
    assert entry(BREAD, "Brot", f"{ANOTHER}Das Brot\n") in text
    assert texts(root)[ROADS] == "Wege"
    (root / LETTER).write_text(text.replace(f"{ANOTHER}Das Brot\n", ""), "utf-8")
    git(root, "add", str(LETTER))
    git(root, "commit", "--quiet", "-m", "both")
    assert not git(root, "status", "--porcelain")


def test_a_torn_side_is_refused_and_ours_stays(root: Path) -> None:
    branches(root, OURS, THEIRS[:-4])
    said = git(root, "merge", "-m", "both", "theirs", fails=True)
    assert f"{LETTER}:16: error: theirs: the file breaks off" in said
    assert f"git show :2:{LETTER}" in said
    assert "Traceback" not in said
    assert (root / LETTER).read_text("utf-8") == OURS
    assert git(root, "status", "--porcelain").startswith("UU ")


def test_a_file_that_both_began_has_no_ancestor(root: Path) -> None:
    git(root, "rm", "--quiet", str(LETTER))
    git(root, "commit", "--quiet", "-m", "none")
    branches(root, OURS, THEIRS)
    git(root, "merge", "--quiet", "-m", "both", "theirs")
    assert texts(root) == {WATER: "Wasser", BREAD: "Brot", ROADS: "Wege"}


def test_a_branch_that_followed_its_source_takes_the_others_translations_along(root: Path) -> None:
    edited = WATER.replace("everybody", "everyone")
    header = HEADER.replace("02-21", "03-05")
    followed = header + entry("New", above="#. paragraph\n") + entry(edited) + entry(BREAD) + entry(ROADS)
    branches(root, OURS, followed)
    git(root, "merge", "--quiet", "-m", "both", "theirs")
    catalog = read(root)
    assert [(each.msgid, each.msgstr[0], each.fuzzy) for each in catalog.messages] == [
        ("New", "", False),
        (edited, "Wasser", True),
        (BREAD, "Brot", False),
        (ROADS, "", False),
    ]
    assert catalog.messages[1].previous_msgid == WATER
    assert catalog.header_value("POT-Creation-Date") == "2026-03-05 00:00+0000"


def test_ledgers_of_two_branches_are_put_behind_each_other(root: Path) -> None:
    workspace = Workspace(root)
    record(workspace, "de", "letter", [Message(WATER, ("null",))], "kit")
    commit(root, OURS, "a ledger")
    git(root, "checkout", "--quiet", "-b", "theirs")
    record(workspace, "de", "letter", [Message(WATER, ("eins",)), Message(WATER, ("zwei",))], "kit")
    commit(root, OURS, "theirs")
    git(root, "checkout", "--quiet", "main")
    record(workspace, "de", "letter", [Message(WATER, ("zwei",)), Message(WATER, ("drei",))], "kit")
    commit(root, OURS, "ours")
    git(root, "merge", "--quiet", "-m", "both", "theirs")
    past = History.parse((root / LEDGER).read_text("utf-8"))
    assert {each.message.msgstr[0] for each in past.states} == {"null", "eins", "zwei", "drei"}
    assert not past.skipped


@pytest.mark.slow
def test_many_branches_lose_nothing(root: Path) -> None:
    """Eight translators of one file, merged one after the other, conflicts settled as they are."""
    for number in range(8):
        git(root, "checkout", "--quiet", "-b", f"branch-{number}", "main")
        texts_of = [(WATER, f"Wasser {number}"), (BREAD, f"Brot {number}" if number % 2 else ""), (ROADS, "Wege")]
        commit(root, HEADER + "".join(entry(*each) for each in texts_of), f"branch {number}")
    git(root, "checkout", "--quiet", "main")
    for number in range(8):
        git(root, "merge", "-m", "both", f"branch-{number}", fails=number > 0)
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--allow-empty", "-m", "settled")
    water, bread, _ = read(root).messages
    assert {*water.msgstr, *alternatives(water)} == {f"Wasser {number}" for number in range(8)}
    assert {*bread.msgstr, *alternatives(bread)} == {f"Brot {number}" for number in (1, 3, 5, 7)}


# --- the verbs ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["a", "b", "c"], ["--install", "a"]])
def test_wrong_usage_is_told(arguments: list[str], tmp_path: Path) -> None:
    result = CliRunner().invoke(git_merge, arguments, obj=tmp_path)
    assert result.exit_code == 2
    assert "git-merge takes four files" in result.output


def test_outside_a_repository_there_is_nothing_to_install_into(tmp_path: Path) -> None:
    result = CliRunner(env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}).invoke(
        git_merge, ["--install"], obj=tmp_path
    )
    assert result.exit_code == 1
    assert "[git-config]" in result.output


def test_recover_lists_and_puts_back(root: Path) -> None:
    (root / "sources").mkdir()
    record(Workspace(root), "de", "letter", [Message(WATER, (f"Wasser {'ist frei ' * 20}",), fuzzy=True)], "kit import")
    listed = CliRunner().invoke(recover, [], obj=root)
    assert listed.exit_code == 0
    assert "de/letter  kit import" in listed.output
    assert f"msgid  {WATER}" in listed.output
    assert "… (fuzzy)" in listed.output
    assert "1 translation in the ledger that the catalogs do not show" in listed.output
    assert CliRunner().invoke(recover, ["--text", "Brot"], obj=root).output.startswith("0 translations")
    as_json = CliRunner().invoke(recover, ["-l", "de", "--json", "letter"], obj=root).output
    assert '"document": "letter"' in as_json
    done = CliRunner().invoke(recover, ["--apply", "1"], obj=root)
    assert (done.exit_code, "wrote locales/de/letter.po" in done.output) == (0, True)
    assert read(root).messages[0].msgstr[0].startswith("Wasser ist frei")
    again = CliRunner().invoke(recover, ["--apply", "1"], obj=root)
    assert (again.exit_code, "[recover-number]" in again.output) == (1, True)
