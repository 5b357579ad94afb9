"""Leaflets, pictures, and how texts were set, by the content of what they are made of. An entry that is not whole is absent.

A store may be shared, by builds at the same time and by machines (``POLYLEAF_CACHE``): entries are written beside and renamed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path

from pipeline.fonts import FontSet, whole_toolchain
from pipeline.typesetting.fitting import Layout, Setting
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.page import Page

_FACTS = ("pages", "sheets", "size_pt", "fill", "layouts", "shortened", "way")
#: An entry is ``<2 hex digits>/<62 hex digits><kind>``.
LEAFLET, LAYOUT, PICTURE = "", ".fit", ".picture"
KINDS = (LEAFLET, LAYOUT, PICTURE)
_FOLDER, _NAME = re.compile("[0-9a-f]{2}"), re.compile(r"([0-9a-f]{62})(\.fit|\.picture|)")
_KEY = re.compile("[0-9a-f]{64}")
_NEW = ".new-"
_DAY, _HOUR = 86_400, 3_600
#: No entry that comes from elsewhere is larger.
_MOST_BYTES = 256_000_000


def leaflet_key(page: Page, finish: Finish, fonts: FontSet) -> str:
    """The key of a leaflet in the store: all that decides its bytes."""
    return page.key(f"{whole_toolchain(fonts, page.font_families())}\n{finish.key()}")


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many files went, how many bytes they had, and how many bytes are left."""

    files: int
    bytes: int
    left: int


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of finished things by content. ``faults``: why something could not be written, each reason once."""

    folder: Path
    faults: list[OSError] = field(default_factory=list, compare=False)

    def leaflet(self, key: str) -> Leaflet | None:
        """The leaflet with this key, None if there is none that is whole."""
        content = self._get(key, LEAFLET)
        return None if content is None else _leaflet(content)

    def put_leaflet(self, key: str, leaflet: Leaflet) -> bool:
        """Keep a leaflet that is without fault. Whether that could be done."""
        facts = {"setting": astuple(leaflet.setting), **{name: getattr(leaflet, name) for name in _FACTS}}
        return self._put(key, LEAFLET, json.dumps(facts).encode() + b"\n" + leaflet.pdf)

    def layout(self, key: str) -> Layout | None:
        """How the text with this key was set last, None if that is not known."""
        content = self._get(key, LAYOUT)
        return None if content is None else _layout(content)

    def put_layout(self, key: str, layout: Layout) -> bool:
        """Remember how a text was set: the next fitting begins there. Whether that could be done."""
        return self._put(key, LAYOUT, json.dumps([*astuple(layout.setting), layout.pages, layout.filled]).encode())

    def picture(self, key: str) -> bytes | None:
        """The picture with this key, None if there is none that is whole."""
        return self._get(key, PICTURE)

    def put_picture(self, key: str, picture: bytes) -> bool:
        """Keep a picture. Whether that could be done."""
        return self._put(key, PICTURE, picture)

    def copy_entries(self, keys: Iterable[str] | None, folder: Path) -> int:
        """Copy whole entries of these keys, of all kinds, into another store; all entries for None. How many it was.

        Raises OSError where that store cannot be written.
        """
        other, copied = Store(folder), 0
        for key, kind in self._present(keys):
            content = self._get(key, kind)
            if content is not None:
                if not other._put(key, kind, content):
                    raise other.faults[0]
                copied += 1
        return copied

    def absorb(self, folder: Path) -> tuple[int, int]:
        """Take over the entries of another store that are whole: how many are here now, and how many files were refused.

        A torn or foreign file is refused, and whatever is no plain file. What is here already stays as it is.
        """
        taken = refused = 0
        for name, path in _files(folder):
            found = _key_and_kind(name)
            if found is None:
                refused += not path.name.startswith(_NEW)
                continue
            content = _read(path, found, most=_MOST_BYTES)
            if content is None or not _makes_sense(content, found[1]):
                refused += 1
            elif self._get(*found) is not None or self._put(*found, content):
                taken += 1
        return taken, refused

    def size(self) -> int:
        """The bytes of all entries."""
        return sum(size for _, size, _ in self._entries())

    def prune(self, most_bytes: int, dry: bool = False) -> Pruned:
        """Delete what was not used for the longest time until no more than so many bytes are left; ``dry``: only say so.

        Builds may be at work: what they miss they make again.
        """
        now, files, freed = time.time(), 0, 0
        entries = sorted(self._entries())
        left = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if left <= most_bytes:
                break
            if dry or _unlink(path):
                files, freed, left = files + 1, freed + size, left - size
        for _, path in _files(self.folder):
            if path.name.startswith(_NEW):
                with contextlib.suppress(OSError):
                    found = path.stat()
                    if found.st_mtime < now - _HOUR and (dry or _unlink(path)):
                        files, freed = files + 1, freed + found.st_size
        return Pruned(files, freed, left)

    # --- files ----------------------------------------------------------------------------------------------------------

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """When each entry was used last, its bytes, and where it is. Files that are no entries are left out."""
        for name, path in _files(self.folder):
            if _key_and_kind(name):
                with contextlib.suppress(OSError):
                    found = path.stat()
                    yield found.st_mtime, found.st_size, path

    def _present(self, keys: Iterable[str] | None) -> Iterator[tuple[str, str]]:
        if keys is None:
            yield from filter(None, (_key_and_kind(name) for name, _ in _files(self.folder)))
        else:
            yield from ((key, kind) for key in sorted(set(keys)) for kind in KINDS)

    def _path(self, key: str, kind: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key")
        return self.folder / key[:2] / (key[2:] + kind)

    def _get(self, key: str, kind: str) -> bytes | None:
        return _read(self._path(key, kind), (key, kind), touch=True)

    def _put(self, key: str, kind: str, content: bytes) -> bool:
        try:
            _write(self._path(key, kind), _sum(key, kind, content), content)
        except OSError as error:
            if error.errno not in [each.errno for each in self.faults]:
                self.faults.append(error)
            return False
        return True


def store_folder(root: Path) -> Path:
    """Where the store of this workspace is: what ``POLYLEAF_CACHE`` says, else inside its build folder."""
    said = os.environ.get("POLYLEAF_CACHE", "")
    return Path(said).expanduser().absolute() if said else root / "build" / ".cache" / "leaflets"


# --- what an entry holds ------------------------------------------------------------------------------------------------


def _leaflet(content: bytes) -> Leaflet | None:
    head, _, pdf = content.partition(b"\n")
    try:
        facts = json.loads(head)
        return Leaflet(
            pdf,
            int(facts["pages"]),
            int(facts["sheets"]),
            float(facts["size_pt"]),
            float(facts["fill"]),
            _setting(facts["setting"]),
            int(facts["layouts"]),
            bool(facts["shortened"]),
            float(facts["way"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _layout(content: bytes) -> Layout | None:
    try:
        *setting, pages, filled = json.loads(content)
        return Layout(_setting(setting), int(pages), float(filled))
    except (ValueError, TypeError, RecursionError):
        return None


def _setting(numbers: list[float]) -> Setting:
    size, slack = map(float, numbers)
    return Setting(size, slack)


def _makes_sense(content: bytes, kind: str) -> bool:
    """Whether something from elsewhere is what it is called."""
    if kind == LAYOUT:
        return _layout(content) is not None
    if kind == PICTURE:
        return content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
    leaflet = _leaflet(content)
    return leaflet is not None and leaflet.pdf.startswith(b"%PDF-")


def _sum(key: str, kind: str, content: bytes) -> bytes:
    """The first line of an entry: a digest of the rest and of its name, so that no entry can stand in for another."""
    return hashlib.sha256(f"{key}{kind}\n".encode() + content).hexdigest().encode()


# --- on disk ------------------------------------------------------------------------------------------------------------


def _key_and_kind(name: str) -> tuple[str, str] | None:
    """The key and kind of the entry at ``ab/cdef…``, None if no entry is called so."""
    folder, _, file = name.partition("/")
    found = _NAME.fullmatch(file)
    return (folder + found[1], found[2]) if found and _FOLDER.fullmatch(folder) else None


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file, link or folder in the folders of a store, by its name there, in order. Links are not followed."""
    try:
        inner = sorted(folder.iterdir())
    except OSError:
        return
    for path in inner:
        if not _FOLDER.fullmatch(path.name) or path.is_symlink() or not path.is_dir():
            yield path.name, path
            continue
        with contextlib.suppress(OSError):
            for file in sorted(path.iterdir()):
                yield f"{path.name}/{file.name}", file


def _read(path: Path, what: tuple[str, str], touch: bool = False, most: int = 0) -> bytes | None:
    """What an entry holds; None if it is torn, changed, another's, no plain file, or larger than ``most`` (0: no matter)."""
    try:
        # Not blocking: something else with this name, as a pipe, must not hold us.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode) or (most and facts.st_size > most):
            return None
        with os.fdopen(handle, "rb", closefd=False) as file:
            whole = file.read()
    except OSError:
        return None
    finally:
        os.close(handle)
    said, _, content = whole.partition(b"\n")
    if said != _sum(*what, content):
        return None
    now = time.time()
    if touch and facts.st_mtime < now - _DAY:  # when it was used last, as far as pruning has to know
        with contextlib.suppress(OSError):
            os.utime(path, (now, now))
    return content


def _write(path: Path, *lines: bytes) -> None:
    """Put a file in its place in one step, readable for whom the umask lets; nothing is left behind where that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{_NEW}{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(b"\n".join(lines))
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _unlink(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True
