"""ZIP files of a release: written so that the same files give the same bytes, and read only as far as the manifest says."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.diagnostics import Diagnostic, Location
from pipeline.manifest import FileEntry

CHUNK = 1 << 20
#: What is packed already.
_STORED = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".webp", ".zip", ".gz"})
_FILE_MODE = 0o100644
_FIRST, _LAST = date(1980, 1, 1), date(2107, 12, 31)
_LEVEL = 6
#: How many times smaller a large file may have become.
_MOST_RATIO = 400
_SMALL = 1_000_000
#: All that Python's zipfile raises over bytes that somebody tore or forged.
TORN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    OSError,
)
_AGAIN = "fetch the file again"


@dataclass(frozen=True, slots=True)
class Member:
    """A file to be packed: its path in the archive, and where it is, or its bytes."""

    path: str
    content: Path | bytes


def write_archive(path: Path, members: Iterable[Member], day: date | None) -> tuple[FileEntry, ...]:
    """Pack the members, sorted, each with this day (None: the first one that ZIP knows) and nothing else of this machine.

    Files are read piece by piece. Says what was packed.
    """
    day = min(max(day or _FIRST, _FIRST), _LAST)
    packed = []
    with zipfile.ZipFile(path, "w") as archive:
        for member in sorted(members, key=lambda each: each.path.encode()):
            entry = zipfile.ZipInfo(member.path, (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, _FILE_MODE << 16
            stored = PurePosixPath(member.path).suffix.lower() in _STORED
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry._compresslevel = _LEVEL  # type: ignore[attr-defined] # public from Python 3.13 on
            packed.append(_pack(archive, entry, member))
    return tuple(packed)


def _pack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, member: Member) -> FileEntry:
    content = member.content
    entry.file_size = len(content) if isinstance(content, bytes) else content.stat().st_size
    digest, length = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=entry.file_size >= zipfile.ZIP64_LIMIT) as packed:
        for piece in (content,) if isinstance(content, bytes) else pieces_of(content):
            digest.update(piece)
            length += len(piece)
            packed.write(piece)
    return FileEntry(member.path, digest.hexdigest(), length)


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a megabyte at a time; a symbolic link is no file. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def entry_of(path: Path, name: str) -> FileEntry:
    """A file of the disk: under which name, its SHA-256 and length. Raises OSError."""
    digest, length = hashlib.sha256(), 0
    for piece in pieces_of(path):
        digest.update(piece)
        length += len(piece)
    return FileEntry(name, digest.hexdigest(), length)


def archive_faults(path: Path, label: str, wanted: Mapping[str, FileEntry]) -> Iterator[Diagnostic]:
    """How a ZIP file differs from the files that it should hold: names, order of size, bytes, and what no ZIP of ours has."""
    yield from _compared(path, label, wanted, None)


def unpack(path: Path, label: str, wanted: Mapping[str, FileEntry], folder: Path) -> tuple[Diagnostic, ...]:
    """Put the wanted files of a ZIP into a folder, each only if it has the bytes it should; what is wrong with the rest."""
    return tuple(_compared(path, label, wanted, folder))


def read_member(path: Path, name: str, most: int) -> bytes | None:
    """A file in a ZIP; None if it is not there. Raises one of TORN if it is damaged or longer than ``most``."""
    with zipfile.ZipFile(path) as archive:
        if name not in archive.namelist():
            return None
        with archive.open(name) as file:
            content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"{name} is too large")
    return content


def _compared(path: Path, label: str, wanted: Mapping[str, FileEntry], folder: Path | None) -> Iterator[Diagnostic]:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = [each.orig_filename for each in entries]
            yield from (_said(label, f"{name[:80]!r} is in it twice") for name in _repeated(names))
            yield from (
                _said(label, f"{name[:80]!r} is in it and should not be") for name in sorted(set(names) - set(wanted))
            )
            yield from (_said(label, f"{name} is not in it") for name in sorted(set(wanted) - set(names)))
            for entry in entries:
                expected = wanted.get(entry.orig_filename)
                fault = _fault(archive, entry, expected, folder) if expected is not None else ""
                if fault:
                    yield _said(label, f"{entry.orig_filename} {fault}")
    except TORN as error:
        _raise_if_of_the_disk(error)
        yield _said(label, "the ZIP file is torn or damaged")


def _fault(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, expected: FileEntry, folder: Path | None) -> str:
    """What is wrong with a member; empty if nothing is. It is then in the folder, if there is one."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is not a file"
    if entry.flag_bits & 0x41:
        return "is locked with a password"
    if entry.file_size != expected.bytes:
        return f"has {entry.file_size} bytes, not {expected.bytes}"
    if entry.file_size > _SMALL and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1):
        return "would become too large when it is unpacked"
    target = folder / expected.path if folder is not None else None
    try:
        with archive.open(entry) as file:
            same = _copied(file, expected, target)
    except TORN as error:
        _raise_if_of_the_disk(error)
        same = False
    if not same and target is not None:
        target.unlink(missing_ok=True)
    return "" if same else "is damaged, or not the file that was released"


def _raise_if_of_the_disk(error: Exception) -> None:
    """A full or missing disk is no fault of the file; a place before its beginning is."""
    if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
        raise error


def _copied(file: IO[bytes], expected: FileEntry, target: Path | None) -> bool:
    """Whether the bytes are the expected ones; they are written to the target meanwhile."""
    digest, length = hashlib.sha256(), 0
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with (target or Path(os.devnull)).open("wb") as out:
        while piece := file.read(CHUNK):
            length += len(piece)
            if length > expected.bytes:
                return False
            digest.update(piece)
            out.write(piece)
    return length == expected.bytes and digest.hexdigest() == expected.sha256


def _repeated(names: list[str]) -> list[str]:
    seen: set[str] = set()
    return sorted({name for name in names if name in seen or seen.add(name)})  # type: ignore[func-returns-value]


def _said(label: str, message: str) -> Diagnostic:
    return Diagnostic("release-archive", message, Location(label), hint=_AGAIN)


def remove_tree(folder: Path) -> None:
    """Delete a folder with all that is in it, if it is there; a link is only unlinked."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
