"""ZIP files of kits: written so that the same files give the same bytes; read in memory, and only if nothing in them is odd."""

from __future__ import annotations

import hashlib
import json
import stat
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from pipeline.archives import TORN
from pipeline.diagnostics import Diagnostic, InvalidInput, Location

#: The version of the kits that this Polyleaf makes and understands, what they are and where their bases are.
VERSION = 1
MANIFEST = "kit.json"
BASE = "base"
LARGEST_ZIP = 100_000_000
LARGEST_TOTAL = 200_000_000
LARGEST_CATALOG = 20_000_000
LARGEST_MANIFEST = 1_000_000
MOST_FILES = 2_000
#: How many times smaller a large file may have become; real catalogs and pages become 3 to 20 times smaller.
MOST_RATIO = 200
_SMALL = 1_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o100644
_ENTRY = b"PK\x01\x02"
_UNPRINTED = ("Cc", "Cs", "Zl", "Zp")
#: Signs that turn text around; the joiners of Persian and Indic scripts may stand in the name of a folder.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_AGAIN = "ask for it again; or have the .po files sent by themselves"
_REPACK = "pack the folder again with the program of your system, and nothing but the files of the kit in it"


@dataclass(frozen=True, slots=True)
class Archive:
    """What a returned ZIP holds of use: catalogs and manifests by their names; and what could not be read of it."""

    label: str
    files: Mapping[str, bytes]
    diagnostics: tuple[Diagnostic, ...] = ()


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP: sorted, without dates, owners or anything else of this machine."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = 3, _FILE_MODE << 16
            archive.writestr(entry, each, zipfile.ZIP_DEFLATED, 9)
    return content.getvalue()


def read_zip(content: bytes, label: str) -> Archive:
    """The catalogs and manifests in a ZIP, read in memory; nothing is ever put on the disk.

    Raises InvalidInput with everything that is odd about it: then nothing of it is taken. A single damaged or
    too large file only costs itself, and is among the diagnostics.
    """
    if len(content) > LARGEST_ZIP:
        raise _refused(label, "kit-unsafe", f"the ZIP file is larger than {_megabytes(LARGEST_ZIP)}", _AGAIN)
    if content.count(_ENTRY) > MOST_FILES:
        raise _refused(label, "kit-unsafe", f"there are more than {MOST_FILES} files in it", _REPACK)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            faults = tuple(_faults(entries, label))
            if faults:
                raise InvalidInput(faults)
            return _read(archive, entries, label)
    except TORN:
        if content.startswith(b"PK"):
            raise _refused(label, "kit-torn", "the ZIP file is torn or damaged", _AGAIN) from None
        hint = "a kit comes back as a ZIP file, or as single .po files"
        raise _refused(label, "not-a-kit", "this is not a ZIP file", hint) from None


def _read(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], label: str) -> Archive:
    files: dict[str, bytes] = {}
    complaints: list[Diagnostic] = []
    for entry in entries:
        name = unicodedata.normalize("NFC", entry.filename)
        if not _is_wanted(PurePosixPath(name)):
            continue
        limit = LARGEST_MANIFEST if name.endswith(".json") else LARGEST_CATALOG
        place = Location(f"{label}/{name}")
        if entry.file_size > limit:
            complaints.append(too_large(place, limit))
            continue
        try:
            files[name] = archive.read(entry)
        except TORN:
            complaints.append(Diagnostic("kit-torn", "the file is damaged inside the ZIP file", place, hint=_AGAIN))
    return Archive(label, files, tuple(complaints))


def too_large(place: Location, limit: int = LARGEST_CATALOG) -> Diagnostic:
    """What to say of a catalog that is larger than any."""
    message = f"the file is larger than {_megabytes(limit)}, which no catalog is"
    return Diagnostic("too-large", message, place, hint="send the .po file of the kit and no other")


def _is_wanted(path: PurePosixPath) -> bool:
    """Catalogs and manifests; not what macOS puts beside them, nor a ZIP inside the ZIP."""
    if "__MACOSX" in path.parts or path.name.startswith("."):
        return False
    return path.suffix.lower() == ".po" or path.name == MANIFEST


def _faults(entries: list[zipfile.ZipInfo], label: str) -> Iterator[Diagnostic]:
    """Everything about the list of files that no kit has, and a trap may."""
    place = Location(label)
    if len(entries) > MOST_FILES:
        yield Diagnostic("kit-unsafe", f"there are more than {MOST_FILES} files in it", place, hint=_REPACK)
    if sum(entry.file_size for entry in entries) > LARGEST_TOTAL:
        message = f"unpacked it would be larger than {_megabytes(LARGEST_TOTAL)}"
        yield Diagnostic("kit-unsafe", message, place, hint=_REPACK)
    for entry in entries:
        for fault, hint in _entry_faults(entry):
            yield Diagnostic("kit-unsafe", f"{_shown(entry.orig_filename)} {fault}", place, hint=hint)
    yield from _rival_faults([entry.orig_filename for entry in entries], place)


def _entry_faults(entry: zipfile.ZipInfo) -> Iterator[tuple[str, str]]:
    name, kind = entry.orig_filename, stat.S_IFMT(entry.external_attr >> 16)
    if any(unicodedata.category(sign) in _UNPRINTED or sign in _TURNING for sign in name):
        yield "has an invisible character in its name", _REPACK
    if "\\" in name or name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        yield "leads out of the kit", _REPACK
    if kind == stat.S_IFLNK:
        yield "is a link to another place, not a file", _REPACK
    elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield "is a device or the like, not a file", _REPACK
    if entry.flag_bits & 0x41:
        yield "is locked with a password", "pack it again without a password"
    elif entry.compress_type not in _METHODS:
        yield "is packed in a way that is not usual in ZIP files", _REPACK
    if entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        yield f"would become more than {MOST_RATIO} times larger when it is unpacked", _REPACK


def _rival_faults(names: list[str], place: Location) -> Iterator[Diagnostic]:
    """Names that are in the list twice, or would be one file on Windows and macOS."""
    spellings = Counter(names)
    for name, count in spellings.items():
        if count > 1:
            yield Diagnostic("kit-unsafe", f"{_shown(name)} is in it {count} times", place, hint=_REPACK)
    same: dict[str, list[str]] = {}
    for name in spellings:
        same.setdefault(unicodedata.normalize("NFC", name).casefold(), []).append(name)
    for first, *others in same.values():
        for other in others:
            message = f"{_shown(first)} and {_shown(other)} would be one file on many systems"
            yield Diagnostic("kit-unsafe", message, place, hint=_REPACK)


def _shown(name: str) -> str:
    """A name as it can be printed: what is invisible is written out, and not too long."""
    printable = json.dumps(name, ensure_ascii=not name.isprintable())[1:-1]
    return f"“{printable}”" if len(printable) <= 80 else f"“{printable[:80]}…”"


def _megabytes(size: int) -> str:
    return f"{size // 1_000_000} MB"


def _refused(label: str, code: str, message: str, hint: str) -> InvalidInput:
    return InvalidInput([Diagnostic(code, message, Location(label), hint=hint)])
