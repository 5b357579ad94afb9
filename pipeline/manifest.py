"""What a release is made of: ``manifest.json``, written and read. What is read comes from elsewhere, so all is checked."""

from __future__ import annotations

import json
import re
import typing
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, TypeVar

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale

#: The version of the manifests that this Polyleaf writes and understands, and the names of what a release holds.
FORMAT = 1
MANIFEST, SUMS, SITE = "manifest.json", "SHA256SUMS", "site"
LARGEST_MANIFEST = 400_000_000
_MOST_COMPLAINTS = 20
_AGAIN = "fetch the release again; manifest.json is not meant to be edited"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PARTS = re.compile(r"\d+|\D+")
_BEFORE_RELEASE = re.compile(r"-(?=[A-Za-z])")
#: What no system lets into the name of a file, or what would turn a line of SHA256SUMS into another.
_ODD = re.compile(r'[\x00-\x1f\x7f-\x9f\\:*?"<>|\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')
_T = TypeVar("_T")
_K = TypeVar("_K")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the site, or in an archive: its path there, its SHA-256 and its length."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ReleasedArtifact:
    """A page or a leaflet. ``path`` is below the release's folder; ``fonts`` are the names of those inside a PDF.

    ``catalog_sha256`` is empty for a text in its own language. ``kept_from`` is the earlier release that made it, if another.
    """

    path: str
    document: str
    locale: str
    format: str
    edition: str
    sha256: str
    bytes: int
    pages: int
    sheets: int
    source_sha256: str
    catalog_sha256: str
    fonts: tuple[str, ...]
    coverage: int
    draft: bool
    kept_from: str


@dataclass(frozen=True, slots=True)
class ReleasedText:
    """A document in a language, as it is published.

    ``title_tag`` is the language that the title is in. ``picture`` is the file to share, beside the page. ``credit`` is how the
    translators ask to be named, else empty. ``changed`` is the day since when the original differs from a version of
    ``kept_from``.
    """

    document: str
    locale: str
    title: str
    title_tag: str
    description: str
    picture: str
    coverage: int
    draft: bool
    credit: str
    kept_from: str
    changed: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a language is left out. ``place`` is where that can be mended: a path in the workspace, and a line."""

    code: str
    message: str
    place: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document in a language that is not published, or only in an earlier version (``kept_from``)."""

    document: str
    locale: str
    reasons: tuple[Reason, ...]
    kept_from: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """A ZIP file of one language (or, without one, of all), and what is in it."""

    name: str
    locale: str
    files: tuple[FileEntry, ...]


@dataclass(frozen=True)
class Manifest:
    """A release: who made it of what. ``day`` is that of the newest source, or SOURCE_DATE_EPOCH's; empty if none is known."""

    version: str
    polyleaf: str
    title: str
    address: str
    day: str
    toolchain: tuple[str, ...]
    texts: tuple[ReleasedText, ...]
    left_out: tuple[LeftOut, ...]
    artifacts: tuple[ReleasedArtifact, ...]
    files: tuple[FileEntry, ...]
    archives: tuple[ArchiveEntry, ...] = ()
    format: int = field(default=FORMAT)

    @cached_property
    def by_text(self) -> Mapping[tuple[str, str], ReleasedText]:
        """What is published, by document and language."""
        return {(each.document, each.locale): each for each in self.texts}

    @cached_property
    def by_path(self) -> Mapping[str, FileEntry]:
        """The files of the site by their path below the release's folder."""
        return {each.path: each for each in self.files}

    def files_below(self, folder: str) -> tuple[FileEntry, ...]:
        """The files of a page's folder, such as ``site/water/fr``."""
        return self._folders.get(folder, ())

    def artifacts_of(self, document: str, locale: str) -> tuple[ReleasedArtifact, ...]:
        """The page and leaflets of a document in a language."""
        return self._artifacts.get((document, locale), ())

    @cached_property
    def _folders(self) -> Mapping[str, tuple[FileEntry, ...]]:
        return _grouped(self.files, lambda each: "/".join(each.path.split("/")[:3]))

    @cached_property
    def _artifacts(self) -> Mapping[tuple[str, str], tuple[ReleasedArtifact, ...]]:
        return _grouped(self.artifacts, lambda each: (each.document, each.locale))

    def as_json(self) -> str:
        """The text of ``manifest.json``: the same manifest is the same text."""
        members = {"format": self.format} | {each.name: getattr(self, each.name) for each in fields(self)}
        values = {name: _plain(value) for name, value in members.items()}
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def parse_manifest(content: bytes, path: str = MANIFEST) -> Manifest:
    """The release that a ``manifest.json`` describes. Raises InvalidInput with everything in it that cannot be."""

    def refused(message: str) -> InvalidInput:
        return InvalidInput([Diagnostic("release-manifest", message, Location(path), hint=_AGAIN)])

    if len(content) > LARGEST_MANIFEST:
        raise refused("the file is larger than any manifest")
    try:
        values = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise refused("the file is torn, or no JSON") from None
    if not isinstance(values, dict) or not isinstance(values.get("format"), int):
        raise refused("this is not the manifest of a release")
    if values["format"] != FORMAT:
        raise refused(f"the manifest has the format {values['format']}, this Polyleaf knows {FORMAT}")
    complaints: list[str] = []
    manifest = _read(Manifest, values, "", complaints)
    if manifest is not None and not complaints:
        complaints += _faults(manifest)
    if manifest is None or complaints:
        raise InvalidInput(each for text in complaints[:_MOST_COMPLAINTS] for each in refused(text).diagnostics)
    return manifest


def is_version(text: str) -> bool:
    """Whether it can name a release: letters, digits and ``. _ + -``, at most 64, a letter or digit first."""
    return bool(_VERSION.fullmatch(text)) and not text.endswith(".") and text.isascii()


def version_order(version: str) -> tuple[object, ...]:
    """What releases are sorted by: numbers as numbers, and what follows a ``-`` and begins with a letter comes before.

    >>> sorted(["1.10", "1.9", "1.10-rc2", "1.10-rc10"], key=version_order)
    ['1.9', '1.10-rc2', '1.10-rc10', '1.10']
    """
    main, *before = _BEFORE_RELEASE.split(version, maxsplit=1)
    return _natural(main), not before, _natural(before[0] if before else ""), version


def is_safe(path: str) -> bool:
    """Whether a path stays below its folder, on every system, and can stand on a line of SHA256SUMS."""
    parts = path.split("/")
    return (
        len(path) <= 1000
        and not _ODD.search(path)
        and all(part.strip(" ") == part and part.rstrip(".") and len(part) <= 255 for part in parts)
    )


def _natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in _PARTS.findall(text))


def _grouped(values: Iterable[_T], key: Callable[[_T], _K]) -> dict[_K, tuple[_T, ...]]:
    groups: dict[_K, list[_T]] = defaultdict(list)
    for value in values:
        groups[key(value)].append(value)
    return {name: tuple(group) for name, group in groups.items()}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _read(kind: type[_T], value: object, place: str, complaints: list[str]) -> _T | None:
    """A dataclass out of JSON; None, with complaints, if a value is missing, of another kind, or unknown."""
    if not isinstance(value, dict):
        complaints.append(f"{place or 'the whole'} must be an object")
        return None
    before, made = len(complaints), {}
    for name, (reads, needed) in _readers(typing.cast("Any", kind)).items():
        if name in value:
            made[name] = reads(value[name], f"{place}.{name}".lstrip("."), complaints)
        elif needed:
            complaints.append(f"{place or 'the manifest'} lacks {name}")
    return kind(**made) if len(complaints) == before else None


_Reader = Callable[[object, str, list[str]], Any]


@lru_cache(maxsize=16)
def _readers(kind: type[object]) -> Mapping[str, tuple[_Reader, bool]]:
    """For each field of a dataclass what reads it, and whether it must be there."""
    hints: dict[str, object] = typing.get_type_hints(kind)
    made = typing.cast("Any", kind)
    needed = {each.name for each in fields(made) if each.default is MISSING}
    return {each.name: (_reader(hints[each.name]), each.name in needed) for each in fields(made)}


def _reader(hint: object) -> _Reader:
    if typing.get_origin(hint) is tuple:
        inner = _reader(typing.get_args(hint)[0])

        def several(value: object, place: str, complaints: list[str]) -> tuple[Any, ...]:
            if not isinstance(value, list):
                complaints.append(f"{place} must be a list")
                return ()
            return tuple(inner(each, f"{place}[{number}]", complaints) for number, each in enumerate(value))

        return several
    if is_dataclass(hint):
        return lambda value, place, complaints: _read(typing.cast("Any", hint), value, place, complaints)

    def single(value: object, place: str, complaints: list[str]) -> object:
        if type(value) is not hint or (hint is int and typing.cast("int", value) < 0):
            complaints.append(f"{place} must be a {_KINDS[typing.cast('type', hint)]}")
        return value

    return single


_KINDS = {str: "text", int: "number, not below 0", bool: "true or false"}


def _faults(manifest: Manifest) -> Iterator[str]:
    """What no manifest of ours has, though its values are of the right kinds."""
    if not is_version(manifest.version):
        yield f"“{manifest.version[:64]!r}” cannot name a release"
    if manifest.address and not manifest.address.startswith(("https://", "http://")):
        yield "address is not a web address"
    members = chain.from_iterable(each.files for each in manifest.archives)
    every: Iterator[FileEntry | ReleasedArtifact] = chain(manifest.files, manifest.artifacts, members)
    for file in every:
        if not is_safe(file.path):
            yield f"the path {file.path[:80]!r} leads out of the release, or has an odd letter"
        if not _SHA256.fullmatch(file.sha256):
            yield f"{file.path[:80]!r} has no SHA-256"
    yield from (f"{each.path[:80]!r} is not in site/" for each in manifest.files if not _is_in_site(each.path))
    yield from (f"the archive {each.name[:80]!r} is no file here" for each in manifest.archives if "/" in each.name)
    yield from (
        f"the archive {each.name[:80]!r} has an odd name"
        for each in manifest.archives
        if not is_safe(each.name) or not each.name.endswith(".zip")
    )
    for kind, names in (
        ("files", [each.path for each in manifest.files]),
        ("artifacts", [each.path for each in manifest.artifacts]),
        ("archives", [each.name for each in manifest.archives]),
        ("texts", [f"{each.document}/{each.locale}" for each in manifest.texts]),
    ):
        if len(set(names)) < len(names):
            yield f"{kind}: one of them is there twice"
    yield from _text_faults(manifest)


def _text_faults(manifest: Manifest) -> Iterator[str]:
    every: Iterator[ReleasedText | LeftOut | ReleasedArtifact]
    every = chain(manifest.texts, manifest.left_out, manifest.artifacts)
    for each in every:
        if not is_safe(each.document) or "/" in each.document:
            yield f"{each.document[:80]!r} cannot be a document"
        if not _is_tag(each.locale):
            yield f"{each.locale[:80]!r} is no language"
        if each.kept_from and not is_version(each.kept_from):
            yield f"{each.kept_from[:80]!r} cannot name a release"
    for text in manifest.texts:
        if not _is_tag(text.title_tag):
            yield f"{text.title_tag[:80]!r} is no language"
        if text.picture and (not is_safe(text.picture) or "/" in text.picture):
            yield f"the picture {text.picture[:80]!r} is not beside the page"
        if text.changed and not _DAY.fullmatch(text.changed):
            yield f"“{text.changed[:80]!r}” is no day"


def _is_in_site(path: str) -> bool:
    return path.startswith(f"{SITE}/")


@lru_cache(maxsize=1000)
def _is_tag(tag: str) -> bool:
    try:
        return Locale.parse(tag).tag == tag
    except ValueError:
        return False
