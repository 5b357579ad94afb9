"""What may be deleted of the things a build keeps for the next one: nothing of it is missed, it is only made again."""

from __future__ import annotations

import contextlib
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.store import Pruned, Store, store_folder

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", re.IGNORECASE)
_FONT_FOLDER = re.compile(r"[0-9a-f]{16}|\.new-\w+")
_DAY = 86_400
#: Workers touch the fonts that they start with; a note is as old as the build that wrote it.
_FONTS_KEPT, _NOTES_KEPT = 7 * _DAY, 30 * _DAY


def parse_size(text: str) -> int:
    """How many bytes ``2GB``, ``500 MB``, ``1.5g`` or ``4096`` are; thousands, not 1024s. Raises ValueError for anything else.

    >>> parse_size("1.5GB")
    1500000000
    """
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text} is no size: write it as 500MB or 2GB")
    return int(float(found[1]) * _UNITS[found[2].lower()])


def prune(workspace_root: Path, most_bytes: int, dry: bool = False) -> Pruned:
    """Bound what builds keep: the store to so many bytes, fonts to those of the last week, notes to those of the last month.

    ``dry`` deletes nothing and says what would be. ``left`` is the size of the store.
    """
    files = freed = 0
    cache = workspace_root / "build" / ".cache"
    useless = [*_old_fonts(cache / "fonts"), *_old_notes(cache / "notes"), *_of_nothing(cache, workspace_root)]
    for old in useless:
        there = [old] if old.is_file() else [each for each in old.rglob("*") if each.is_symlink() or each.is_file()]
        for path in there:
            with contextlib.suppress(OSError):
                files, freed = files + 1, freed + path.lstat().st_size
        if not dry:
            _delete(old)
    store = Store(store_folder(workspace_root)).prune(most_bytes, dry)
    return Pruned(files + store.files, freed + store.bytes, store.left)


def _old_fonts(folder: Path) -> Iterator[Path]:
    """Sealed fonts that no build has used for a week, and what is left of unfinished ones."""
    for path in _inside(folder):
        if _FONT_FOLDER.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            configuration = path / "fonts.conf"
            if _age(configuration if configuration.is_file() else path) > _FONTS_KEPT:
                yield path


def _old_notes(folder: Path) -> Iterator[Path]:
    """Notes about what was asked for a month ago and not again: each kind has a folder, in which any note may be the newest."""
    for kind in _inside(folder):
        if kind.is_dir() and not kind.is_symlink() and min(map(_age, _inside(kind)), default=0.0) > _NOTES_KEPT:
            yield kind


def _of_nothing(cache: Path, root: Path) -> Iterator[Path]:
    """What was noted of the making of files that are there no more."""
    noted = cache / "ingredients"
    for path in sorted((noted / "build").rglob("*.json")):
        if not (root / path.relative_to(noted).with_suffix("")).is_file():
            yield path


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _age(path: Path) -> float:
    """Seconds since it was touched; 0 if it is gone."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()
