"""The only reader and writer of ``sources/``, ``locales/``, ``templates/`` and ``build/``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from pipeline.cldr_gaps import PSEUDO
from pipeline.diagnostics import Diagnostic, InvalidInput, Location, in_order
from pipeline.locales import Locale
from pipeline.settings import PATH as SETTINGS
from pipeline.settings import Settings, parse_settings
from pipeline.source.document import Document
from pipeline.source.organisations import Registry, parse_registry
from pipeline.source.parsing import Source, parse_document
from pipeline.translation.catalog import Catalog, parse_catalog
from pipeline.typesetting.formats import Format, parse_formats
from pipeline.typesetting.typography import Typography, parse_typography

if TYPE_CHECKING:  # Jinja and the checks are read only by who needs them
    from pipeline.translation.interface import Words
    from pipeline.typesetting.composing import Templates

REGISTRY = "sources/organisations.csv"
GLOSSARY = "locales/glossary.csv"
COMPENDIUM, IMPORTED = "compendium", "memory"
SHARED_DOMAINS = frozenset({"organisations", "interface", COMPENDIUM, IMPORTED})
TEMPLATE_FOLDER = "templates"
_PICTURES = {"png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF", "svg": b"<"}
# What nobody could make again survives a failure of the power too.
_WRITTEN_BY_PEOPLE = (".po", ".md", ".csv", ".toml", ".jsonl")
LARGEST_PICTURE = 20_000_000
LARGEST_TEXT = 20_000_000


def bundled() -> Path:
    """The folder with the templates and interface catalogs that come with the tool: in a wheel, or this repository."""
    inside = Path(__file__).parent / "bundled"
    return inside if inside.is_dir() else Path(__file__).parent.parent


@dataclass(frozen=True)
class Inputs:
    """Everything a command needs to know of a workspace, read once; what could not be read is among the diagnostics.

    ``listed`` are the catalogs that are there (tag and domain), whether they were read or not.
    """

    settings: Settings
    registry: Registry
    documents: tuple[Document, ...]
    catalogs: dict[tuple[str, str], Catalog]
    broken: frozenset[tuple[str, str]]
    diagnostics: tuple[Diagnostic, ...]
    listed: frozenset[tuple[str, str]] = frozenset()

    def catalog(self, domain: str, locale: Locale) -> Catalog | None:
        return self.catalogs.get((locale.tag, domain))

    def locales_of(self, domain: str) -> tuple[Locale, ...]:
        """The locales that have a catalog of the domain, broken ones included."""
        tags = {tag for tag, each in self.listed if each == domain}
        return tuple(self.settings.locale(tag) for tag in sorted(tags))


class Workspace:
    """A folder with sources and catalogs. Paths in diagnostics are relative to it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._shipped: dict[str, Catalog | None] = {}

    def exists(self) -> bool:
        return (self.root / "sources").is_dir()

    def read(self, only: Iterable[str] = (), catalogs: bool = True) -> Inputs:
        """All inputs, or those of some documents; with or without what is in the catalogs.

        Raises InvalidInput, with the complaints about all else too, if settings, registry or templates are unusable, or if
        there is no document with one of the ids.
        """
        only = frozenset(only)
        complaints = [
            Diagnostic("unknown-document", f"there is no sources/{name}.md", Location("sources"))
            for name in sorted(only)
            if not (self.root / "sources" / f"{name}.md").is_file()
        ]
        settings = _collected(lambda: self.settings, complaints) or Settings()
        registry = _collected(lambda: self.registry(settings), complaints)
        _collected(lambda: self.formats, complaints)
        _collected(lambda: self.typography, complaints)
        unusable = bool(complaints)
        documents = tuple(self.documents(registry, settings, only, complaints))
        complaints += self.odd_folders()
        listed = self.listed()
        wanted = {each: path for each, path in listed.items() if not only or each[1] in only | SHARED_DOMAINS}
        read, broken = self.catalogs(wanted if catalogs else {}, settings, complaints)
        if unusable or registry is None:
            raise InvalidInput(in_order(complaints))
        return Inputs(settings, registry, documents, read, broken, in_order(complaints), frozenset(listed))

    @cached_property
    def settings(self) -> Settings:
        """What ``polyleaf.toml`` says. Raises InvalidInput if it cannot be understood."""
        return parse_settings(self._text(SETTINGS)) if (self.root / SETTINGS).is_file() else Settings()

    @cached_property
    def template_files(self) -> dict[str, str]:
        """All text files under ``templates/``: the bundled ones, and over them the workspace's own, path by path."""
        files: dict[str, str] = {}
        for root in dict.fromkeys((bundled(), self.root)):
            for path in _files_below(root / TEMPLATE_FOLDER):
                if path.suffix in (".html", ".css", ".toml", ".svg"):
                    files[path.relative_to(root).as_posix()] = _decoded(path, path.relative_to(root).as_posix())
        return dict(sorted(files.items()))

    @cached_property
    def templates(self) -> Templates:
        from pipeline.typesetting.composing import Templates

        return Templates(tuple(self.template_files.items()))

    @cached_property
    def formats(self) -> tuple[Format, ...]:
        return parse_formats(self.template_files)

    @cached_property
    def typography(self) -> Typography:
        layers = {path: text for path, text in self.template_files.items() if path.startswith("templates/typography/")}
        return parse_typography({path: text for path, text in layers.items() if path.endswith(".css")})

    def words(self, locale: Locale, inputs: Inputs) -> Words:
        """The interface's phrases: the workspace's catalog first, then the one that comes with the tool."""
        from pipeline.translation.interface import Words
        from pipeline.translation.pseudo import pseudo_catalog

        if locale.tag in PSEUDO:
            path = bundled() / "locales" / "templates" / "interface.pot"
            return Words(locale, (pseudo_catalog(parse_catalog(path.read_bytes(), path.name, None), locale),))
        own = inputs.catalog("interface", locale)
        shipped = None if bundled() == self.root else self.shipped_interface(locale)
        return Words(locale, tuple(each for each in (own, shipped) if each is not None))

    def shipped_interface(self, locale: Locale) -> Catalog | None:
        """The interface catalog that comes with the tool; read once, for every page asks for it."""
        if locale.tag not in self._shipped:
            path = bundled() / "locales" / locale.tag / "interface.po"
            label = f"(bundled) locales/{locale.tag}/interface.po"
            self._shipped[locale.tag] = parse_catalog(path.read_bytes(), label, locale) if path.is_file() else None
        return self._shipped[locale.tag]

    def catalog_path(self, tag: str, domain: str) -> PurePosixPath:
        """Where a locale's catalog is, or goes: in the folder that is there for the locale, however it is spelled."""
        return PurePosixPath("locales", self._locale_folders.get(tag, tag), f"{domain}.po")

    def template_path(self, domain: str) -> PurePosixPath:
        return PurePosixPath("locales", "templates", f"{domain}.pot")

    def bytes_of(self, path: PurePosixPath) -> bytes | None:
        """A file's bytes, None if there is no such file."""
        full = self.root / path
        return full.read_bytes() if full.is_file() else None

    def text_of(self, path: str) -> str:
        """A file's text, empty if there is no such file. Raises InvalidInput if it is not UTF-8."""
        return self._text(path) if (self.root / path).is_file() else ""

    def write(self, path: PurePosixPath | str, content: bytes) -> bool:
        """Put a file in place, whole or not at all, and only if its bytes differ; whether it was written."""
        full = self.root / path
        if full.is_file() and full.read_bytes() == content:
            return False
        full.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=full.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as beside:
                beside.write(content)
                if full.suffix in _WRITTEN_BY_PEOPLE:
                    beside.flush()
                    os.fsync(beside.fileno())
            mode = full.stat().st_mode & 0o777 if full.is_file() else 0o644
            Path(name).chmod(mode)
            Path(name).replace(full)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return True

    def append(self, path: PurePosixPath | str, lines: bytes) -> None:
        """Put whole lines behind a file's last one, safe on the disk when this returns; a torn last line is ended first."""
        full = self.root / path
        is_new = not full.exists()
        full.parent.mkdir(parents=True, exist_ok=True)
        with full.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                lines = lines if file.read(1) == b"\n" else b"\n" + lines
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            folder = os.open(full.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)

    def picture(self, source: str, place: Location) -> tuple[str, bytes]:
        """The file extension and bytes of a picture that a source shows. Raises InvalidInput if it may not be shown."""
        source = unquote(source)  # Markdown has made an address of it
        path = PurePosixPath(source.replace("\0", "\ufffd"))
        extension = path.suffix.lstrip(".").lower()
        full = (self.root / "sources" / path).resolve()
        hint = "put a PNG, JPEG, WebP or SVG file into sources/ and write its name, without a folder above sources/"
        inside = not path.is_absolute() and ":" not in source and full.is_relative_to(self.root / "sources")
        if not inside or extension not in _PICTURES:
            raise InvalidInput([Diagnostic("picture", f"“{source}” cannot be shown as a picture", place, hint=hint)])
        if not full.is_file():
            raise InvalidInput([Diagnostic("picture", f"there is no picture sources/{source}", place, hint=hint)])
        content = full.read_bytes()
        if (
            not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_PICTURES[extension])
            or len(content) > LARGEST_PICTURE
        ):
            message = f"sources/{source} is not a {extension.upper()} file, or is too large"
            raise InvalidInput([Diagnostic("picture", message, place, hint=hint)])
        return ("jpg" if extension == "jpeg" else extension), content

    def prune(self, folder: str, keep: Iterable[PurePosixPath]) -> tuple[PurePosixPath, ...]:
        """Delete the files below a folder that are not to be kept, and folders that are empty then; the files deleted."""
        kept = {self.root / path for path in keep}
        gone = [path for path in _files_below(self.root / folder) if path not in kept]
        for path in gone:
            path.unlink()
        for path in sorted((self.root / folder).rglob("*"), reverse=True):
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
        return tuple(PurePosixPath(path.relative_to(self.root)) for path in gone)

    @cached_property
    def _locale_folders(self) -> dict[str, str]:
        """The name of each locale's folder, by canonical tag."""
        folders: dict[str, str] = {}
        for folder in sorted((self.root / "locales").glob("[!.]*")):
            if folder.is_dir() and folder.name != "templates":
                try:
                    folders.setdefault(Locale.parse(folder.name).tag, folder.name)
                except ValueError:
                    continue
        return folders

    def registry(self, settings: Settings) -> Registry:
        """The organisations that may sign. Raises InvalidInput with every complaint about the file."""
        if not (self.root / REGISTRY).is_file():
            return Registry(())
        return parse_registry(self._text(REGISTRY), REGISTRY, settings.fallbacks)

    def document_paths(self) -> tuple[Path, ...]:
        """The files of all documents, by name."""
        return tuple(sorted((self.root / "sources").glob("*.md")))

    def documents(
        self, registry: Registry | None, settings: Settings, only: Iterable[str], complaints: list[Diagnostic]
    ) -> Iterator[Document]:
        """The documents that can be read, or those with some ids. Without a registry nobody can say that a signatory is unknown."""
        paths = [self.root / "sources" / f"{name}.md" for name in sorted(only)] or self.document_paths()
        for path in filter(Path.is_file, paths):
            label = f"sources/{path.name}"
            try:
                source = Source(path.stem, label, _decoded(path, label))
                yield parse_document(source, registry or Registry(()), settings.source_locale)
            except InvalidInput as invalid:
                complaints += (each for each in invalid.diagnostics if registry or each.code != "unknown-signatory")

    def listed(self) -> dict[tuple[str, str], Path]:
        """The file of every catalog, by tag and domain."""
        return {
            (tag, path.stem): path
            for tag, folder in self._locale_folders.items()
            for path in sorted((self.root / "locales" / folder).glob("[!.]*.po"))
        }

    def catalogs(
        self, listed: Mapping[tuple[str, str], Path], settings: Settings, complaints: list[Diagnostic]
    ) -> tuple[dict[tuple[str, str], Catalog], frozenset[tuple[str, str]]]:
        """The catalogs that can be read, by tag and domain, and which cannot."""
        catalogs: dict[tuple[str, str], Catalog] = {}
        broken = set()
        for (tag, domain), path in listed.items():
            label = path.relative_to(self.root).as_posix()
            try:
                catalogs[tag, domain] = parse_catalog(path.read_bytes(), label, settings.locale(tag))
            except InvalidInput as invalid:
                complaints += invalid.diagnostics
                broken.add((tag, domain))
        return catalogs, frozenset(broken)

    def odd_folders(self) -> Iterator[Diagnostic]:
        """A complaint about each folder below ``locales`` that is of no language, or of one that has a folder already."""
        for folder in sorted((self.root / "locales").glob("[!.]*")):
            if not folder.is_dir() or folder.name == "templates":
                continue
            place = Location(f"locales/{folder.name}")
            try:
                tag = Locale.parse(folder.name).tag
            except ValueError as error:
                yield Diagnostic(
                    "locale-folder", str(error), place, hint="rename the folder to the tag of its language"
                )
                continue
            if self._locale_folders[tag] != folder.name:
                message = f"the folders {self._locale_folders[tag]} and {folder.name} are for one language"
                yield Diagnostic("locale-folder", message, place, hint=f"move the catalogs of both into locales/{tag}")

    def _text(self, path: str) -> str:
        return _decoded(self.root / path, path)


_T = TypeVar("_T")


def _collected(read: Callable[[], _T], complaints: list[Diagnostic]) -> _T | None:
    """What can be read; None, and the complaints are gathered, if it cannot."""
    try:
        return read()
    except InvalidInput as invalid:
        complaints += invalid.diagnostics
        return None


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def _decoded(path: Path, label: str) -> str:
    """A text file's text. Raises InvalidInput if it is not UTF-8."""
    content = path.read_bytes()
    if len(content) > LARGEST_TEXT:
        raise InvalidInput([Diagnostic("too-large", "the file is too large to be a text", Location(label))])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = "save it again as UTF-8 (in LibreOffice: Save as, “Edit filter settings”, Unicode (UTF-8))"
        raise InvalidInput(
            [Diagnostic("not-utf-8", "the file is not UTF-8 text", Location(label, line), hint=hint)]
        ) from None
