"""What of a machine decides the bytes of a leaflet, line by line; in what two machines differ, in words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from pipeline import __version__
from pipeline.fonts import FontSet, whole_toolchain

#: Packages that draw the pictures to share; those that make leaflets are in the toolchain.
_DRAWING = ("pypdfium2",)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def likeness(fonts: FontSet) -> tuple[str, ...]:
    """A line for each thing that decides bytes: a name, a space, its version or digest.

    Two machines with the same lines print alike.
    """
    others = dict(fonts.optional)
    needed = {path for family, paths in fonts.families if family not in others for path in paths}
    files = sorted(needed | {path for _, path in fonts.dictionaries})
    return (
        *whole_toolchain(fonts).splitlines(),
        *(f"{Path(each).name} {hashlib.sha256(Path(each).read_bytes()).hexdigest()}" for each in files),
        *(f"{family.replace(' ', '')} {found}" for family, found in fonts.optional),
        *(f"{package} {version(package)}" for package in _DRAWING),
        f"polyleaf {__version__} {_our_code()}",
    )


def digest(lines: Iterable[str]) -> str:
    """The lines in one: 64 hexadecimal digits."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def differences(here: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    """In what another machine differs from this one, in words.

    >>> differences(["pango 1.50", "zlib 1.3", "qpdf 11"], ["pango 1.52", "zlib 1.3"])
    ('pango is 1.50 here and 1.52 there', 'qpdf is missing there')
    """
    ours, theirs = _by_name(here), _by_name(there)
    names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    # The digest of all fonts says nothing that those of single files do not say better.
    if any(name.endswith((".ttf", ".otf", ".dic")) for name in names):
        names = [name for name in names if name != "fonts"]
    return tuple(_difference(name, ours.get(name), theirs.get(name)) for name in names)


def _difference(name: str, ours: str | None, theirs: str | None) -> str:
    if theirs is None:
        return f"{name} is missing there"
    if ours is None:
        return f"{name} is there and not here"
    if _DIGEST.search(ours) or _DIGEST.search(theirs):
        versions = [_DIGEST.sub("", each).strip() for each in (ours, theirs)]
        same = f" (both say that they are {versions[0]})" if versions[0] and versions[0] == versions[1] else ""
        if versions[0] == versions[1]:
            return f"{name} is not the same{same}"
        ours, theirs = versions
    return f"{name} is {ours} here and {theirs} there"


def _by_name(lines: Iterable[str]) -> dict[str, str]:
    return {name: value for name, _, value in (line.partition(" ") for line in lines) if name}


def _our_code() -> str:
    """A digest of all our modules: values of other versions may have other fields."""
    found = hashlib.sha256()
    for name, content in _modules(Path(__file__).parent):
        found.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return found.hexdigest()


def _modules(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*.py")):
        yield path.relative_to(folder).as_posix(), path.read_bytes()
