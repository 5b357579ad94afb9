"""A build split over several jobs: which leaflets are whose, how what a job has made is handed on, and how it is put together."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.machines import differences
from pipeline.store import Store

FOLDER = PurePosixPath("build/shards")
MOST_SHARDS = 1000
_FORM = re.compile(r"([0-9]{1,4})/([0-9]{1,4})", re.ASCII)
_NOTE, _ENTRIES = "shard.json", "store"
_LARGEST_NOTE = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Shard:
    """One of ``count`` parts of a build; ``index`` is counted from 1."""

    index: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The shard that is written like this. Raises ValueError, in words.

        >>> Shard.parse("2/4")
        Shard(index=2, count=4)
        """
        found = _FORM.fullmatch(text.strip())
        if not found:
            raise ValueError(f"“{text}” is no shard: write 2/4 for the second of four")
        index, count = int(found[1]), int(found[2])
        if not 1 <= count <= MOST_SHARDS:
            raise ValueError(f"“{text}” is no shard: there can be 1 to {MOST_SHARDS} of them")
        if not 1 <= index <= count:
            raise ValueError(
                f"“{text}” is no shard: of {count} shards the first is 1/{count}, the last {count}/{count}"
            )
        return cls(index, count)

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    def has(self, name: str) -> bool:
        """Whether what is called so (``document/tag/format``) is this shard's. Of all shards of a build, one has it."""
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
        return number % self.count == self.index - 1

    @property
    def folder(self) -> PurePosixPath:
        """Where a workspace has what this shard made, for a job to hand on: ``build/shards/2-of-4``."""
        return FOLDER / f"{self.index}-of-{self.count}"


@dataclass(frozen=True, slots=True)
class _Packed:
    """A folder of a shard; ``tools`` are the lines of ``machines.likeness``."""

    path: Path
    shard: Shard
    tools: tuple[str, ...]


def pack(shard: Shard, store: Store, keys: Iterable[str], root: Path, tools: Iterable[str]) -> int:
    """Copy these entries of the store to the shard's folder below the workspace, instead of what was there; how many it was.

    ``tools`` are the lines of ``machines.likeness``. The note that makes it a shard is written last.
    """
    folder = root / shard.folder
    if folder.is_dir():
        (folder / _NOTE).unlink(missing_ok=True)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    entries = store.copy_entries(keys, folder / _ENTRIES)
    note = {"format": 1, "shard": str(shard), "tools": list(tools)}
    (folder / _NOTE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    return entries


def join(folders: Sequence[Path], store: Store, tools: Sequence[str]) -> tuple[int, tuple[Diagnostic, ...]]:
    """Take over what the shards in these folders have made: how many entries, and what was left out, as warnings.

    A shard that is missing or was made with other tools costs time only: its leaflets are made here.
    Raises InvalidInput if a folder has no shard, or the shards are not of one build.
    """
    packed: list[_Packed] = []
    complaints: list[Diagnostic] = []
    for folder in folders:
        try:
            packed.append(_read(folder))
        except ValueError as error:
            hint = "give the folders that polyleaf build --shard made, such as build/shards/1-of-4"
            message = f"this is not the folder of a shard: {error}"
            complaints.append(Diagnostic("shard-unreadable", message, Location(str(folder)), hint=hint))
    counts = sorted({each.shard.count for each in packed})
    if len(counts) > 1:
        message = f"these shards are of different builds: there are some of {' and some of '.join(map(str, counts))}"
        hint = "put together the shards of one build"
        complaints.append(Diagnostic("shard-mixed", message, Location(str(folders[0])), hint=hint))
    if complaints:
        raise InvalidInput(complaints)
    taken, warnings = 0, list(_missing(packed))
    for each in packed:
        differ = differences(tools, each.tools)
        if differ:
            warnings.append(_other_tools(each, differ))
            continue
        more, refused = store.absorb(each.path / _ENTRIES)
        taken += more
        if refused:
            warnings.append(_refused(each, refused))
    return taken, tuple(warnings)


def _read(folder: Path) -> _Packed:
    """Raises ValueError, in words, if the folder has no shard."""
    note = folder / _NOTE
    if note.is_symlink() or not note.is_file():
        raise ValueError(f"there is no {_NOTE} in it")
    if note.stat().st_size > _LARGEST_NOTE:
        raise ValueError(f"its {_NOTE} is too large")
    try:
        fields = json.loads(note.read_bytes())
        if fields["format"] != 1:
            raise ValueError("another version of Polyleaf made it")
        return _Packed(folder, Shard.parse(str(fields["shard"])), tuple(map(str, fields["tools"])))
    except (KeyError, TypeError, RecursionError, json.JSONDecodeError, UnicodeDecodeError):
        raise ValueError(f"its {_NOTE} is torn") from None


def _missing(packed: Sequence[_Packed]) -> Iterator[Diagnostic]:
    there = {each.shard for each in packed}
    for count in sorted({each.count for each in there}):
        absent = [shard for index in range(1, count + 1) if (shard := Shard(index, count)) not in there]
        if absent:
            names = ", ".join(map(str, absent))
            message = f"of {count} shards there are {count - len(absent)}; the leaflets of {names} are made here"
            hint = "if that takes too long, run the missing jobs and give their folders too"
            yield Diagnostic("shard-missing", message, Location(str(packed[0].path)), "warning", hint)


def _other_tools(packed: _Packed, differ: Sequence[str]) -> Diagnostic:
    message = f"shard {packed.shard} was made with other tools and is made again here: {'; '.join(differ)}"
    hint = "let all jobs use the same image: the same version of Polyleaf, libraries and fonts"
    return Diagnostic("shard-differs", message, Location(str(packed.path)), "warning", hint)


def _refused(packed: _Packed, count: int) -> Diagnostic:
    message = (
        f"{count} files of shard {packed.shard} are torn or foreign and were left out; what is lacking is made here"
    )
    hint = "see whether the job could hand on its folder whole"
    return Diagnostic("shard-torn", message, Location(str(packed.path)), "warning", hint)
