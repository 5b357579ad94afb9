"""What may befall a command: it is killed, the disk is full, a folder may not be written, somebody else does the same at once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tests.golden import ORCHARD, REPOSITORY, copy_of, sums

VERSION = "1.0"
VERBS = {"build": ("build", "-j", "2"), "release": ("release", VERSION, "-j", "2")}
MADE = {"build": "build/site", "release": f"build/release/{VERSION}"}
#: Lead of temporary files: nobody may find one where something is published.
BESIDE = ".new-"
SETTINGS = '[languages]\nremove = ["de", "el"]\n\n[build]\nformats = ["web", "a4"]\neditions = ["screen"]\n'
#: In a command's own process, before its n-th change of the workspace's files: kill -9. At 0 it only counts them.
FALL = """
import atexit, os, pathlib, signal, sys

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
root, at, seen = os.environ["FALL_ROOT"], int(os.environ["FALL_AT"]), 0

def heard(event, arguments):
    global seen
    if event == "open":
        is_change = isinstance(arguments[2], int) and arguments[2] & WRITING
    else:
        is_change = event in CHANGES
    if is_change and (str(arguments[0]).startswith(root) or -1 not in arguments[1:]):
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)

if sys.orig_argv[1:3] == ["-m", "pipeline"]:
    sys.addaudithook(heard)
    count = pathlib.Path(os.environ["FALL_COUNT"]).write_text
    atexit.register(lambda: count(str(seen)))
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """A workspace of two documents in three languages, before and after edits, and what undisturbed commands make of it.

    ``edited`` has been built before its sources and catalogs changed, and not since. ``wanted`` is what has to be there in the
    end, by verb: the sum of every file. ``before`` is what ``edited`` has now. ``seconds`` and ``changes`` say how long
    a verb takes from nothing, and how many times it changes something on the disk.
    """

    fresh: Path
    edited: Path
    wanted: Mapping[str, Mapping[str, str]]
    before: Mapping[str, str]
    seconds: Mapping[str, float]
    changes: Mapping[str, int]


def ground(folder: Path) -> Ground:
    """Makes the workspaces and runs every verb undisturbed."""
    edited = copy_of(ORCHARD, folder / "edited")
    settings = edited / "polyleaf.toml"
    text = settings.read_text("utf-8")
    settings.write_text(f"{text[: text.index('[documents')]}{SETTINGS}", "utf-8")
    finish(begin(edited, *VERBS["build"]))
    for path, before, after in (
        ("sources/well.md", "The well stays open", "Every well stays open"),
        ("locales/fr/well.po", "Ouvrez le puits !", "Ouvrez ce puits !"),
    ):
        whole = (edited / path).read_text("utf-8")
        assert before in whole
        (edited / path).write_text(whole.replace(before, after), "utf-8")
    finish(begin(edited, "update", "--typo", "well"))
    fresh = copy_of(edited, folder / "fresh")
    wanted, seconds, changes = {}, {}, {}
    for verb, arguments in VERBS.items():
        root = copy_of(fresh, folder / f"undisturbed-{verb}")
        begun = time.monotonic()
        finish(begin(root, *arguments))
        seconds[verb] = time.monotonic() - begun
        wanted[verb] = sums(root / MADE[verb])
        shutil.rmtree(root / "build")
        finish(begin(root, *arguments, environment=fall(folder, root, 0)))
        changes[verb] = int((folder / "count").read_text())
        assert sums(root / MADE[verb]) == wanted[verb]
    return Ground(fresh, edited, wanted, sums(edited / "build/site"), seconds, changes)


def fall(folder: Path, root: Path, at: int) -> dict[str, str]:
    """The environment of a command that kills itself before its n-th change of files."""
    hook = folder / "hook"
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(FALL, "utf-8")
    path = f"{hook}{os.pathsep}{REPOSITORY}"
    return {"PYTHONPATH": path, "FALL_ROOT": str(root), "FALL_AT": str(at), "FALL_COUNT": str(folder / "count")}


def command(root: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "-C", str(root), *arguments]


def settings(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command: nothing of ours but what is asked for."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("POLYLEAF_")}
    return {**ours, "PYTHONPATH": str(REPOSITORY), **(environment or {})}


def begin(root: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """A command under way, in a session of its own; what it says goes into a file beside the workspace."""
    with root.with_name(f"{root.name}.{arguments[0]}.said").open("wb") as said:
        return subprocess.Popen(
            command(root, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=settings(environment),
            cwd="/",
            start_new_session=True,
        )


def said(root: Path, verb: str) -> str:
    """What the last command of that name said."""
    return root.with_name(f"{root.name}.{verb}.said").read_text("utf-8", errors="replace")


def finish(process: subprocess.Popen[bytes], *expected: int) -> int:
    """Wait for a command; fails if it ends with a code that is not expected (default: 0)."""
    code = process.wait(300)
    assert code in (expected or (0,)), f"{process.args!r} ended with {code}"
    return code


def family(pid: int) -> list[int]:
    """A process and its descendants, in whatever session they are."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):  # it has ended meanwhile
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def kill(process: subprocess.Popen[bytes], everybody: bool = True) -> list[int]:
    """kill -9: the command and all its workers at one blow, or the command alone. Those who have to be gone now."""
    pids = family(process.pid)
    for pid in pids if everybody else pids[:1]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()
    return pids


def all_gone(pids: list[int], within: float) -> bool:
    """Whether the processes end within so many seconds; those that do not are killed."""
    until = time.monotonic() + within
    while any(map(_is_alive, pids)):
        if time.monotonic() > until:
            for pid in filter(_is_alive, pids):
                os.kill(pid, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def moments(seed: int, count: int, longest: float) -> list[float]:
    """Random numbers up to the longest, one in each of so many equal parts, in random order."""
    chance = random.Random(seed)
    found = [longest * (part + chance.random()) / count for part in range(count)]
    chance.shuffle(found)
    return found


def by_people(root: Path) -> dict[str, str]:
    """The sum of every file that is not made: sources, catalogs, settings, templates."""
    files = (path for path in root.rglob("*") if path.is_file() and path.name != ".lock")
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.relative_to(root).parts[0] != "build"
    }


def torn(folder: Path, *wholes: Mapping[str, str]) -> list[str]:
    """The files below a folder that are not, to the byte, what they are in one of these; temporary ones do not count."""
    return sorted(
        name
        for name, digest in sums(folder).items()
        if not Path(name).name.startswith(BESIDE) and all(whole.get(name) != digest for whole in wholes)
    )


def left_over(root: Path) -> list[Path]:
    """Temporary files where something is published."""
    return [path for place in ("site", "release") for path in (root / "build" / place).rglob(f"{BESIDE}*")]


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A verb, and what befalls it: after so many seconds, or before its n-th change of files; from nothing, or after edits."""

    verb: str
    seconds: float = 0.0
    change: int = 0
    after_edits: bool = False
    everybody: bool = True


def disturbances(verb: str, ground: Ground, count: int) -> Iterator[Disturbance]:
    """So many, by a fixed seed: half by the clock, half by changes of files; one in three after edits."""
    by_clock = count - count // 2
    for number, seconds in enumerate(moments(5, by_clock, ground.seconds[verb])):
        yield Disturbance(verb, seconds=seconds, after_edits=number % 3 == 2, everybody=number % 2 == 0)
    for number, change in enumerate(moments(6, count // 2, ground.changes[verb] - 1)):
        yield Disturbance(verb, change=1 + int(change), after_edits=number % 3 == 2)


def suffer(ground: Ground, folder: Path, fate: Disturbance) -> bool:
    """Kill a command in a new workspace, run it again, compare; whether it was still under way when it was killed."""
    root = Path(shutil.copytree(ground.edited if fate.after_edits else ground.fresh, folder / "killed", symlinks=True))
    people, wanted = by_people(root), ground.wanted[fate.verb]
    arguments = VERBS[fate.verb]
    if fate.change:
        process = begin(root, *arguments, environment=fall(folder, root, fate.change))
        pids = family(process.pid)
        while process.poll() is None:
            pids = family(process.pid)
            time.sleep(0.01)
    else:
        process = begin(root, *arguments)
        time.sleep(fate.seconds)
        pids = kill(process, fate.everybody)
    assert process.returncode in (0, -signal.SIGKILL), said(root, fate.verb)
    assert all_gone(pids, within=10), f"workers outlive {fate}"
    assert torn(root / "build/site", ground.wanted["build"], ground.before) == [], fate
    assert torn(root / MADE[fate.verb], wanted, ground.before) == [], fate
    assert not (root / MADE["release"]).exists() or sums(root / MADE["release"]) == ground.wanted["release"], fate
    again(root, fate.verb, wanted)
    assert by_people(root) == people, fate
    shutil.rmtree(root)
    return process.returncode != 0


def strike(ground: Ground, folder: Path, fate: Disturbance) -> None:
    """Kill a command and see that the next one ends as it has to; one that had ended before is struck at half of its time."""
    while not suffer(ground, folder, fate):
        fate = replace(fate, seconds=fate.seconds / 2, change=(fate.change + 1) // 2)


def again(root: Path, verb: str, wanted: Mapping[str, str]) -> None:
    """Run the verb undisturbed; fails unless it makes to the byte what it has to, and leaves nothing else about."""
    process = begin(root, *VERBS[verb])
    assert process.wait(300) == 0, said(root, verb)
    assert sums(root / MADE[verb]) == wanted
    assert left_over(root) == []


# --- disks that refuse ------------------------------------------------------------------------------------------------------


def can_mount() -> bool:
    """Whether this process may mount in a namespace of its own."""
    try:
        tried = subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "none", "/mnt"],
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        return False
    return tried.returncode == 0


def in_namespace(script: str, *arguments: object, environment: Mapping[str, str] | None = None) -> str:
    """What a shell script says that may mount; nobody else sees it, and it is gone afterwards. Fails if it fails."""
    ran = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-eu", "-c", script, "sh", *map(str, arguments)],
        capture_output=True,
        env=settings(environment),
        cwd="/",
        check=False,
    )
    out = (ran.stdout + ran.stderr).decode(errors="replace")
    assert ran.returncode == 0, out
    return out


def run_limited(root: Path, verb: str, prepare: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    """Run a verb in a process that was prepared, as with a limit."""
    return subprocess.run(
        command(root, *VERBS[verb]),
        capture_output=True,
        text=True,
        env=settings(),
        cwd="/",
        check=False,
        preexec_fn=prepare,  # this process has no threads
    )
