"""What came back: the catalogs in a kit's ZIP or in single .po files, with the base that each was made from, if it is there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.kits_zip import BASE, LARGEST_CATALOG, LARGEST_ZIP, MANIFEST, VERSION, digest, read_zip, too_large

_ZIP = b"PK"


@dataclass(frozen=True, slots=True)
class Returned:
    """One catalog that came back. ``label`` is how people are told of it; ``tag`` is empty if no kit says the language.

    ``bases`` are the catalogs of its kit as they went out, by domain; only those that are surely unchanged.
    """

    label: str
    content: bytes
    tag: str = ""
    bases: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What a kit said of itself when it went out; ``root`` is the folder it lies in now."""

    root: str
    tag: str
    sums: Mapping[str, str]


def opened(path: Path) -> tuple[tuple[Returned, ...], tuple[Diagnostic, ...]]:
    """The catalogs in a ZIP or .po file, and what could not be read of it. Raises InvalidInput if nothing may be taken."""
    label = path.name
    if not path.is_file():
        raise InvalidInput(
            [Diagnostic("no-file", "there is no such file", Location(str(path)), hint="look at its name")]
        )
    is_catalog = path.suffix.lower() == ".po"
    limit = LARGEST_CATALOG if is_catalog else LARGEST_ZIP
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if is_catalog and not content.startswith(_ZIP):
        if len(content) > limit:
            raise InvalidInput([too_large(Location(label))])
        return (Returned(label, content),), ()
    archive = read_zip(content, label)
    complaints = [*archive.diagnostics]
    manifests = tuple(_manifests(archive.files, label, complaints))
    returned = tuple(_returned(archive.files, label, manifests))
    if not returned and not complaints:
        hint = "the .po files of the kit have to be in it; a ZIP file inside a ZIP file is not opened"
        complaints.append(Diagnostic("not-a-kit", "there is no .po file in it", Location(label), hint=hint))
    return returned, tuple(complaints)


def _manifests(files: Mapping[str, bytes], label: str, complaints: list[Diagnostic]) -> Iterator[_Manifest]:
    """What every kit in the ZIP says of itself; there may be several, and they may lie in folders."""
    for name, content in files.items():
        if PurePosixPath(name).name != MANIFEST:
            continue
        try:
            said = json.loads(content)
            version, tag, sums = said["polyleaf-kit"], said["locale"], said["files"]
        except (ValueError, KeyError, TypeError, RecursionError):
            version, tag, sums = 0, "", {}
        if version == VERSION and isinstance(tag, str) and isinstance(sums, dict):
            yield _Manifest(name.removesuffix(MANIFEST), tag, sums)
            continue
        newer = isinstance(version, int) and version > VERSION
        message = "the kit was made by a newer Polyleaf" if newer else "this is not the list of a kit’s files"
        hint = "its .po files are read as if each had come by itself"
        complaints.append(Diagnostic("kit-manifest", message, Location(f"{label}/{name}"), "warning", hint))


def _returned(files: Mapping[str, bytes], label: str, manifests: tuple[_Manifest, ...]) -> Iterator[Returned]:
    """Every catalog that may hold work. A base that somebody has changed is one too: they translated in the wrong folder."""
    for name, content in sorted(files.items()):
        if PurePosixPath(name).name == MANIFEST:
            continue
        kit = max(
            (each for each in manifests if name.startswith(each.root)), key=lambda each: len(each.root), default=None
        )
        if kit is None:
            yield Returned(f"{label}/{name}", content)
        elif not _is_base(name, content, kit):
            yield Returned(f"{label}/{name}", content, kit.tag, _bases(files, kit))


def _is_base(name: str, content: bytes, kit: _Manifest) -> bool:
    own = name.removeprefix(kit.root)
    return own.startswith(f"{BASE}/") and kit.sums.get(own) == digest(content)


def _bases(files: Mapping[str, bytes], kit: _Manifest) -> dict[str, bytes]:
    """The bases of a kit that are as they went out, by domain."""
    unchanged = (name for name, content in files.items() if name.startswith(kit.root) and _is_base(name, content, kit))
    return {PurePosixPath(name).stem: files[name] for name in unchanged}
