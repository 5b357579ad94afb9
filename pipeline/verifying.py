"""verify: whether a release is what it was when it was made, without a network and without its workspace."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.archives import TORN, archive_faults, entry_of, pieces_of, read_member, unpack
from pipeline.diagnostics import Diagnostic, InvalidInput, Location, in_order
from pipeline.gate import Published
from pipeline.manifest import (
    LARGEST_MANIFEST,
    MANIFEST,
    SITE,
    SUMS,
    FileEntry,
    Manifest,
    is_safe,
    is_version,
    parse_manifest,
    version_order,
)
from pipeline.website.keeping import links, target

RELEASES = "build/release"
_LARGEST_SUMS = 200_000_000
_LARGEST_PAGE = 5_000_000
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")
#: Where pages, feeds and sitemaps name pages by their whole address. An author’s own links may lead to what else is on the host.
_ADDRESS = re.compile(r"""(?:<loc>|<(?:\w+:)?link\s[^>]*?\bhref="|<meta\s[^>]*?\bcontent=")(https?://[^"<]*)""")
#: How many folders deep a release may be.
_DEEPEST = 20
_AGAIN = "fetch the release again; its files are not meant to be edited"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and everything that is wrong with it. ``version`` is empty if the manifest cannot be read."""

    version: str
    files: int
    bytes: int
    archives: int
    links: int
    diagnostics: tuple[Diagnostic, ...]

    def as_dict(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "version": self.version,
            "files": self.files,
            "bytes": self.bytes,
            "archives": self.archives,
            "links": self.links,
            "diagnostics": [each.as_dict() for each in self.diagnostics],
        }


def verify(folder: Path) -> Verified:
    """Everything about a release's folder: every sum, nothing missing, nothing more, archives, leaflets, links."""
    if folder.is_symlink() or not folder.is_dir():
        return Verified("", 0, 0, 0, 0, (_fault("release-file", "this is not the folder of a release", str(folder)),))
    found: list[Diagnostic] = []
    present = _files(folder, found)
    listed = _sums(folder, present, found)
    found += _compared(listed, present)
    manifest = _manifest(folder, present, found)
    count = 0
    if manifest is not None:
        found += _agreement(manifest, present)
        found += _archives(folder, manifest, present)
        for entry in manifest.files:
            if entry.path in present and entry.path.endswith((".html", ".xml")):
                faults, seen = _links(folder, entry, manifest)
                found, count = found + faults, count + seen
    found += _leaflets(folder, present)
    archives = sum(map(_is_archive, present))
    total = sum(each.bytes for each in present.values())
    return Verified(manifest.version if manifest else "", len(present), total, archives, count, in_order(found))


def earlier_release(path: Path, scratch: Path) -> Published:
    """A release to go on from: its folder, or its whole ZIP file, which is unpacked into the folder ``scratch``.

    Raises InvalidInput if a file of its site is not what the manifest says.
    """
    label = path.name
    if path.is_dir() and not path.is_symlink():
        found: list[Diagnostic] = []
        present = {name: each for name, each in _files(path, found).items() if not _is_archive(name)}
        manifest = _manifest(path, present, found)
        if manifest is not None:
            found += _compared(_sums(path, present, found), present, archives=False)
            found += _site_agreement(manifest, present)
        if found or manifest is None:
            raise InvalidInput(_under(label, each) for each in in_order(found))
        return Published(manifest, path)
    manifest, wanted = _zipped(path, label)
    faults = (*_site_agreement(manifest, manifest.by_path), *unpack(path, label, wanted, scratch))
    if faults:
        raise InvalidInput(faults)
    return Published(manifest, scratch)


def newest_before(root: Path, version: str) -> Path | None:
    """The folder of the newest release before this one, by the order of versions; None if there is none."""
    folder = root / RELEASES
    names = [each.name for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []
    earlier = [each for each in names if is_version(each) and version_order(each) < version_order(version)]
    return folder / max(earlier, key=version_order) if earlier else None


def _fault(code: str, message: str, path: str, hint: str = _AGAIN) -> Diagnostic:
    return Diagnostic(code, message, Location(path), hint=hint)


def _is_archive(name: str) -> bool:
    return name.endswith(".zip") and "/" not in name


def _under(label: str, each: Diagnostic) -> Diagnostic:
    place = Location(f"{label}/{each.location.path}", each.location.line)
    return Diagnostic(each.code, each.message, place, each.severity, each.hint)


def _files(folder: Path, found: list[Diagnostic]) -> dict[str, FileEntry]:
    """All files of a release with their sums. Links, devices and odd names are complained of and not opened."""
    present: dict[str, FileEntry] = {}
    for name, kind in _entries(folder, ""):
        if not is_safe(name):
            found.append(_fault("release-file", "no release has a file of this name", repr(name)[1:-1]))
        elif stat.S_ISLNK(kind):
            found.append(_fault("release-file", "is a link to another place, not a file", name))
        elif not stat.S_ISREG(kind):
            found.append(_fault("release-file", "is a device, or a folder too deep, not a file", name))
        else:
            try:
                present[name] = entry_of(folder / name, name)
            except OSError as error:
                found.append(_fault("release-file", f"cannot be read: {error.strerror}", name))
    return present


def _entries(folder: Path, below: str) -> Iterator[tuple[str, int]]:
    """Everything below a folder but folders: name and kind. No link is followed."""
    if below.count("/") >= _DEEPEST:
        yield below, 0
        return
    with os.scandir(folder / below) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            name = f"{below}/{entry.name}" if below else entry.name
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                yield from _entries(folder, name)
            else:
                yield name, mode


def _sums(folder: Path, present: Mapping[str, FileEntry], found: list[Diagnostic]) -> dict[str, str]:
    """What SHA256SUMS says, by path."""
    if SUMS not in present:
        found.append(_fault("release-sums", "there is no such file", SUMS, "give verify the folder that has it"))
        return {}
    if present[SUMS].bytes > _LARGEST_SUMS:
        found.append(_fault("release-sums", "is larger than any list of sums", SUMS))
        return {}
    listed: dict[str, str] = {}
    lines = b"".join(pieces_of(folder / SUMS)).decode("utf-8", "replace").split("\n")
    if lines.pop() != "":
        found.append(_fault("release-sums", "its last line is torn", SUMS))
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None or not is_safe(match[2]) or match[2] in listed:
            message = "this line is no sum and path of the release, or its path is there twice"
            found.append(Diagnostic("release-sums", message, Location(SUMS, number), hint=_AGAIN))
        else:
            listed[match[2]] = match[1]
    return listed


def _compared(
    listed: Mapping[str, str], present: Mapping[str, FileEntry], archives: bool = True
) -> Iterator[Diagnostic]:
    """Files that are missing, changed, or not of this release."""
    for name in sorted(set(listed) - set(present)):
        if archives or not _is_archive(name):
            yield _fault("release-missing", "the file is missing", name)
    for name in sorted(set(present) - set(listed) - {SUMS}):
        yield _fault("release-extra", f"the file is not in {SUMS}", name, "take it away")
    for name in sorted(set(listed) & set(present)):
        if listed[name] != present[name].sha256:
            yield _fault("release-sum", "the file is not what was released: its SHA-256 differs", name)


def _manifest(folder: Path, present: Mapping[str, FileEntry], found: list[Diagnostic]) -> Manifest | None:
    if MANIFEST not in present:
        found.append(_fault("release-manifest", "there is no such file", MANIFEST))
        return None
    if present[MANIFEST].bytes > LARGEST_MANIFEST:
        found.append(_fault("release-manifest", "the file is larger than any manifest", MANIFEST))
        return None
    try:
        return parse_manifest(b"".join(pieces_of(folder / MANIFEST)))
    except InvalidInput as invalid:
        found += invalid.diagnostics
        return None


def _agreement(manifest: Manifest, present: Mapping[str, FileEntry]) -> Iterator[Diagnostic]:
    """Where the manifest and the files say different things."""
    yield from _site_agreement(manifest, present)
    archives = {each.name for each in manifest.archives}
    whole = {name for name in present if _is_archive(name)} - archives
    for name in sorted(archives - set(present)):
        yield _fault("release-missing", f"{MANIFEST} names this archive, and it is missing", name)
    if len(whole) != 1:
        message = f"there must be one archive of the whole release, there are {len(whole)}"
        yield _fault("release-archive", message, min(whole) if whole else MANIFEST)
    for name in sorted(set(present) - archives - whole - {MANIFEST, SUMS}):
        if not name.startswith(f"{SITE}/"):
            yield _fault("release-extra", f"{MANIFEST} does not name this file", name, "take it away")


def _site_agreement(manifest: Manifest, present: Mapping[str, FileEntry]) -> Iterator[Diagnostic]:
    site = {name: each for name, each in present.items() if name.startswith(f"{SITE}/")}
    for name in sorted(set(manifest.by_path) - set(site)):
        yield _fault("release-missing", f"{MANIFEST} names this file, and it is missing", name)
    for name in sorted(set(site) - set(manifest.by_path)):
        yield _fault("release-extra", f"{MANIFEST} does not name this file", name, "take it away")
    for name in sorted(set(site) & set(manifest.by_path)):
        if site[name] != manifest.by_path[name]:
            yield _fault("release-sum", f"the file is not what {MANIFEST} says", name)
    for artifact in manifest.artifacts:
        said = FileEntry(artifact.path, artifact.sha256, artifact.bytes)
        if manifest.by_path.get(artifact.path) != said:
            yield _fault("release-manifest", f"it says two things of {artifact.path}", MANIFEST)
    pairs = {(each.document, each.locale) for each in manifest.artifacts}
    for document, tag in sorted(pairs ^ set(manifest.by_text)):
        yield _fault("release-manifest", f"{document}/{tag} is not both among texts and artifacts", MANIFEST)


def _archives(folder: Path, manifest: Manifest, present: Mapping[str, FileEntry]) -> Iterator[Diagnostic]:
    """Archives that do not hold exactly what the manifest says."""
    named = {each.name: each.files for each in manifest.archives}
    for name in sorted(present):
        if _is_archive(name):
            whole = (*manifest.files, present[MANIFEST])
            yield from archive_faults(folder / name, name, {each.path: each for each in named.get(name, whole)})


def _leaflets(folder: Path, present: Mapping[str, FileEntry]) -> Iterator[Diagnostic]:
    for name in sorted(present):
        if name.endswith(".pdf"):
            first = next(pieces_of(folder / name), b"")
            if not first.startswith(b"%PDF-"):
                yield _fault("release-leaflet", "this is not a PDF file", name)


def _links(folder: Path, entry: FileEntry, manifest: Manifest) -> tuple[list[Diagnostic], int]:
    """The links of a page, a feed or a sitemap that lead to nothing on this site; and how many there are."""
    if entry.bytes > _LARGEST_PAGE and entry.path.endswith(".html"):
        return [_fault("release-link", "the page is larger than any page of ours", entry.path)], 0
    text = b"".join(pieces_of(folder / entry.path)).decode("utf-8", "replace")
    page = entry.path.removeprefix(f"{SITE}/")
    wanted: dict[str, str] = {}
    if entry.path.endswith(".html"):
        wanted |= {there: link for link in links(text) if (there := target(link, page)) is not None}
    home = f"{manifest.address}/" if manifest.address else ""
    for address in dict.fromkeys(_ADDRESS.findall(text)) if home else ():
        if address.startswith(home) and (there := target(address.removeprefix(home) or "./", "")) is not None:
            wanted.setdefault(there, address)
    lost = sorted(link for there, link in wanted.items() if f"{SITE}/{there}" not in manifest.by_path)
    hint = "have the release made again"
    return [_fault("release-link", f"{link} leads to nothing", entry.path, hint) for link in lost], len(wanted)


def _zipped(path: Path, label: str) -> tuple[Manifest, dict[str, FileEntry]]:
    """The manifest in the ZIP file of a whole release, and what the file must hold. Raises InvalidInput."""
    hint = "name the folder of a release, or its whole ZIP file, not that of one language"
    try:
        content = read_member(path, MANIFEST, LARGEST_MANIFEST)
    except FileNotFoundError:
        raise InvalidInput([_fault("release-archive", "there is no such file", label, hint)]) from None
    except TORN:
        raise InvalidInput([_fault("release-archive", "the ZIP file is torn or damaged", label)]) from None
    if content is None:
        raise InvalidInput([_fault("release-archive", f"there is no {MANIFEST} in it", label, hint)])
    manifest = parse_manifest(content, f"{label}/{MANIFEST}")
    itself = FileEntry(MANIFEST, hashlib.sha256(content).hexdigest(), len(content))
    return manifest, {each.path: each for each in (*manifest.files, itself)}
