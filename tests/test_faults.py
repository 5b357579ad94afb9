"""Whatever befalls a build or a release, the next one ends as if nothing had been: the same bytes, and nothing lost."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import (
    BESIDE,
    MADE,
    VERBS,
    Disturbance,
    Ground,
    again,
    all_gone,
    begin,
    by_people,
    can_mount,
    command,
    disturbances,
    fall,
    family,
    ground,
    in_namespace,
    left_over,
    moments,
    run_limited,
    said,
    strike,
    suffer,
    torn,
)
from tests.golden import sums

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="descendants are found through /proc")
mounting = pytest.mark.skipif(not can_mount(), reason="mounting is for root, in a namespace of its own")
#: Runs "$@" with both outputs in one, and says its exit code.
RUN = 'run() { code=0; "$@" 2>&1 || code=$?; echo "[exit $code]"; }\n'
WORDS = ("No space left on device", "disk is full", "the disk has no room")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return ground(tmp_path_factory.mktemp("ground"))


def fresh(here: Ground, folder: Path, edited: bool = False) -> Path:
    return Path(shutil.copytree(here.edited if edited else here.fresh, folder / "workspace", symlinks=True))


# --- killed -----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("verb", "count"), [("build", 2), ("release", 1)])
def test_killed_at_some_points_the_next_one_makes_the_same_bytes(
    verb: str, count: int, here: Ground, tmp_path: Path
) -> None:
    for each in disturbances(verb, here, count):
        strike(here, tmp_path, each)


@pytest.mark.long
@pytest.mark.parametrize("verb", VERBS)
def test_killed_at_a_hundred_points_the_next_one_makes_the_same_bytes(verb: str, here: Ground, tmp_path: Path) -> None:
    for each in disturbances(verb, here, 100):
        strike(here, tmp_path, each)


@pytest.mark.long
def test_killed_at_the_last_change_of_a_release(here: Ground, tmp_path: Path) -> None:
    for change in range(here.changes["release"] - 2, here.changes["release"] + 1):
        suffer(here, tmp_path, Disturbance("release", change=change))


# --- interrupted ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["build"])
def test_interrupted_it_ends_within_a_second_and_leaves_all_whole(verb: str, here: Ground, tmp_path: Path) -> None:
    slowest, hit = 0.0, 0
    for seconds in moments(7, 3, here.seconds[verb]):
        root = fresh(here, tmp_path, edited=True)
        process = begin(root, *VERBS[verb])
        time.sleep(max(0.4, seconds))  # while Python itself starts, it answers in its own way
        pids = family(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        begun = time.monotonic()
        code = process.wait(60)
        slowest = max(slowest, time.monotonic() - begun)
        hit += code != 0
        assert code in (0, 1, 130), said(root, verb)
        assert "Traceback" not in said(root, verb)
        assert all_gone(pids, within=1)
        assert torn(root / "build/site", here.wanted["build"], here.before) == []
        assert not (root / MADE["release"]).exists() or sums(root / MADE["release"]) == here.wanted["release"]
        again(root, verb, here.wanted[verb])
        shutil.rmtree(root)
    assert slowest < 1
    assert hit


# --- a full disk ------------------------------------------------------------------------------------------------------------


@pytest.mark.long
@mounting
@pytest.mark.parametrize("verb", ["build"])
def test_a_full_disk_is_said_in_words_and_with_room_again_the_bytes_are_the_same(
    verb: str, here: Ground, tmp_path: Path
) -> None:
    script = f"""{RUN}
        root=$1 out=$2 size=$3; shift 3
        mkdir -p "$root/build"; mount -t tmpfs -o "size=$size" tmpfs "$root/build"
        run "$@"
        find "$root/build" -name '{BESIDE}*' ! -path '*/.cache/*'
        mount -o remount,size=512m "$root/build"
        run "$@"
        cp -a "$root/build/." "$out"
    """
    refused = 0
    root = fresh(here, tmp_path)
    people = by_people(root)
    needed = _size_of_a_build(here, tmp_path, verb)
    for share in (0.02, 0.4, 0.85):
        out = tmp_path / f"out-{share}"
        out.mkdir()
        told = in_namespace(script, root, out, int(needed * share), *command(root, *VERBS[verb]))
        first, _, rest = told.partition("[exit ")
        assert rest.startswith(("0]", "1]")), told
        assert "Traceback" not in told
        assert BESIDE not in rest, told
        if rest.startswith("1]"):
            refused += 1
            assert any(each in first for each in WORDS), told
        assert told.rstrip().endswith("[exit 0]"), told
        assert sums(out / Path(MADE[verb]).relative_to("build")) == here.wanted[verb]
        assert not list((out / "site").rglob(f"{BESIDE}*"))
    assert refused >= 2
    assert by_people(root) == people


def _size_of_a_build(here: Ground, folder: Path, verb: str) -> int:
    """Bytes on the disk below ``build`` after an undisturbed run."""
    root = fresh(here, folder / "measured")
    again(root, verb, here.wanted[verb])
    return sum(path.lstat().st_blocks * 512 + 4096 for path in (root / "build").rglob("*"))


@pytest.mark.long
@pytest.mark.parametrize("verb", ["build"])
def test_files_that_may_not_grow_are_said_in_words(verb: str, here: Ground, tmp_path: Path) -> None:
    root = fresh(here, tmp_path)
    largest = max(path.stat().st_size for path in _files_of(here, tmp_path, verb))

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest - 1, largest - 1))

    ran = run_limited(root, verb, small_files)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "File too large" in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    assert left_over(root) == []
    assert torn(root / "build/site", here.wanted["build"]) == []
    again(root, verb, here.wanted[verb])


def _files_of(here: Ground, folder: Path, verb: str) -> list[Path]:
    root = fresh(here, folder / "undisturbed")
    again(root, verb, here.wanted[verb])
    return [path for path in (root / MADE[verb]).rglob("*") if path.is_file()]


# --- what may not be written ------------------------------------------------------------------------------------------------

READ_ONLY = """
    readonly_() { mkdir -p "$1"; mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; }
"""


@mounting
@pytest.mark.parametrize(
    ("verb", "folder"),
    [
        pytest.param("build", "build", marks=pytest.mark.slow),
        pytest.param("release", ".", marks=pytest.mark.long),
    ],
)
def test_a_read_only_folder_is_said_in_words(verb: str, folder: str, here: Ground, tmp_path: Path) -> None:
    root = fresh(here, tmp_path)
    script = f'{RUN}{READ_ONLY} readonly_ "$1"; shift; run "$@"'
    told = in_namespace(script, root / folder, *command(root, *VERBS[verb]))
    assert "Traceback" not in told
    assert "Read-only file system" in told
    assert told.rstrip().endswith("[exit 1]"), told
    again(root, verb, here.wanted[verb])


@pytest.mark.slow
@mounting
def test_a_read_only_site_stays_as_it_was(here: Ground, tmp_path: Path) -> None:
    root = fresh(here, tmp_path, edited=True)
    script = f'{RUN}{READ_ONLY} readonly_ "$1"; shift; run "$@"'
    told = in_namespace(script, root / "build/site", *command(root, *VERBS["build"]))
    assert "Traceback" not in told
    assert told.rstrip().endswith("[exit 1]"), told
    assert sums(root / "build/site") == here.before
    again(root, "build", here.wanted["build"])


@pytest.mark.slow
@mounting
def test_a_shared_store_that_may_only_be_read_does_not_stop_a_build(here: Ground, tmp_path: Path) -> None:
    script = f'{RUN}{READ_ONLY} readonly_ "$1"; shift; run "$@"'
    for name, is_filled in (("empty", False), ("filled", True)):
        store = tmp_path / name
        store.mkdir()
        if is_filled:
            other = fresh(here, tmp_path / "other")
            process = begin(other, *VERBS["build"], environment={"POLYLEAF_CACHE": str(store)})
            assert process.wait(300) == 0, said(other, "build")
        kept = sums(store)
        root = fresh(here, tmp_path / f"with-{name}")
        environment = {"POLYLEAF_CACHE": str(store)}
        told = in_namespace(script, store, *command(root, *VERBS["build"]), environment=environment)
        assert told.rstrip().endswith("[exit 0]"), told
        assert sums(root / MADE["build"]) == here.wanted["build"]
        assert sums(store) == kept


# --- several at once --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verbs", "later"),
    [
        pytest.param(("build", "build"), 0.0, marks=pytest.mark.slow),
        pytest.param(("release", "build"), 0.4, marks=pytest.mark.long),
    ],
)
def test_two_at_once_end_well_and_make_the_same_bytes(
    verbs: tuple[str, str], later: float, here: Ground, tmp_path: Path
) -> None:
    root = fresh(here, tmp_path)
    people = by_people(root)
    running: list[subprocess.Popen[bytes]] = []
    for verb in verbs:
        running.append(begin(root, *VERBS[verb]))
        time.sleep(later * here.seconds[verb])
    assert [each.wait(300) for each in running] == [0, 0], [said(root, verb) for verb in verbs]
    for verb in verbs:
        assert sums(root / MADE[verb]) == here.wanted[verb]
        again(root, verb, here.wanted[verb])
    assert left_over(root) == []
    assert by_people(root) == people


@pytest.mark.long
def test_a_killed_build_beside_one_that_goes_on(here: Ground, tmp_path: Path) -> None:
    root = fresh(here, tmp_path)
    falling = begin(root, *VERBS["build"], environment=fall(tmp_path, root, here.changes["build"] // 8))
    going_on = begin(root, *VERBS["build"])
    assert (falling.wait(300), going_on.wait(300)) == (-signal.SIGKILL, 0), said(root, "build")
    assert sums(root / "build/site") == here.wanted["build"]
    again(root, "build", here.wanted["build"])


# --- a release withstands it too --------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(
    "fault",
    [
        test_interrupted_it_ends_within_a_second_and_leaves_all_whole,
        pytest.param(test_a_full_disk_is_said_in_words_and_with_room_again_the_bytes_are_the_same, marks=mounting),
        test_files_that_may_not_grow_are_said_in_words,
    ],
)
def test_a_release_withstands_what_a_build_does(fault: Callable[..., None], here: Ground, tmp_path: Path) -> None:
    fault(verb="release", here=here, tmp_path=tmp_path)
