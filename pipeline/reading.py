"""The inputs of a build, a document at a time: what each is made of, as a digest, and its values if they are needed."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from pipeline.diagnostics import Diagnostic, InvalidInput, in_order
from pipeline.locales import Locale
from pipeline.renditions import Options, known_locales
from pipeline.settings import Settings
from pipeline.source.organisations import Registry
from pipeline.workspace import Inputs, Workspace, bundled

_PACKAGES = ("babel", "jinja2", "markdown-it-py", "markupsafe", "mdit-py-plugins", "ruamel.yaml")
#: The domains that more than one document takes its words from.
NAMES, INTERFACE = "organisations", "interface"


class Reading:
    """A workspace as a build reads it: settings, registry and templates at once, documents with their catalogs one by one.

    Raises InvalidInput, with the complaints about all else too, if settings, registry or templates are unusable, or a document
    that is asked for is not there.
    """

    def __init__(self, workspace: Workspace, options: Options) -> None:
        self.workspace = workspace
        self._listed = workspace.listed()
        self._tags: dict[str, list[str]] = defaultdict(list)
        for tag, domain in self._listed:
            self._tags[domain].append(tag)
        paths = {path.stem: path for path in workspace.document_paths()}
        self._digests: dict[Path, str] = {}
        self.common = ""
        try:
            self.settings: Settings = workspace.settings
            self.registry: Registry = workspace.registry(self.settings)
            workspace.formats, workspace.typography  # noqa: B018  # read now, to complain of all at once
            unusable = not set(options.documents) <= set(paths)
        except InvalidInput:
            unusable = True
        if unusable:
            workspace.read(options.documents)
        self.paths = {name: path for name, path in paths.items() if not options.documents or name in options.documents}

    def marks(self, asked: str) -> dict[str, str]:
        """For each document a digest of all that its artifacts depend on, and of what is asked for.

        To be taken before anything else is read: what changes while a build is under way then belongs to the next one.
        """
        self.common = self._common(asked)
        return {name: self._mark(name) for name in self.paths}

    def _mark(self, name: str) -> str:
        digest = hashlib.sha256(f"{self.common}\n{name}\n{self.source_digest(name)}\n".encode())
        for tag in self._tags[name]:
            digest.update(f"{tag}\n{self.catalog_digest(name, tag)}\n".encode())
        return digest.hexdigest()

    def _common(self, asked: str) -> str:
        """A digest of what all documents depend on: our code, templates, settings, registry, pictures, names, interface."""
        digest = hashlib.sha256(json.dumps([asked, *map(version, _PACKAGES)]).encode())
        found = _shared_files(self.workspace)
        for (tag, domain), path in self._listed.items():
            if domain in (NAMES, INTERFACE):
                found[path] = f"locales/{tag}/{domain}"
        for path, name in sorted(found.items(), key=lambda each: each[1]):
            digest.update(f"{name}\n{_digest(path)}\n".encode())
        return digest.hexdigest()

    @cached_property
    def shared(self) -> Inputs:
        """What belongs to no single document: names and interface in every language, and what is wrong with them."""
        complaints: list[Diagnostic] = [*self.workspace.odd_folders()]
        wanted = {each: path for each, path in self._listed.items() if each[1] in (NAMES, INTERFACE)}
        catalogs, broken = self.workspace.catalogs(wanted, self.settings, complaints)
        listed = frozenset(self._listed)
        return Inputs(self.settings, self.registry, (), catalogs, broken, in_order(complaints), listed)

    def inputs(self, name: str) -> Inputs:
        """A document with its catalogs and the shared ones; without the document if it cannot be read. Only its own complaints."""
        complaints: list[Diagnostic] = []
        documents = tuple(self.workspace.documents(self.registry, self.settings, (name,), complaints))
        wanted = {(tag, name): self._listed[tag, name] for tag in self._tags[name]}
        catalogs, broken = self.workspace.catalogs(wanted, self.settings, complaints)
        shared = self.shared
        # For one document it is enough to know who else has a catalog of it.
        listed = frozenset({*wanted, *(each for each in self._listed if each[1] in (NAMES, INTERFACE))})
        return Inputs(
            self.settings,
            self.registry,
            documents,
            shared.catalogs | catalogs,
            shared.broken | broken,
            in_order(complaints),
            listed,
        )

    def languages(self) -> set[str]:
        """The tags of all languages that one of the documents has to speak, as far as these can be read."""
        documents = tuple(self.workspace.documents(self.registry, self.settings, self.paths, []))
        return known_locales(
            Inputs(self.settings, self.registry, documents, {}, frozenset(), (), frozenset(self._listed))
        )

    def source_digest(self, name: str) -> str:
        """The SHA-256 of a document's file; empty if it is gone."""
        return self._file_digest(self.paths.get(name))

    def catalog_digest(self, name: str, tag: str) -> str:
        """The SHA-256 of a document's catalog in a language; empty if there is none."""
        return self._file_digest(self._listed.get((tag, name)))

    def _file_digest(self, path: Path | None) -> str:
        if path is None:
            return ""
        if path not in self._digests:
            self._digests[path] = _digest(path) if path.is_file() else ""
        return self._digests[path]

    def locale(self, tag: str) -> Locale:
        """The locale, with the fallback that the workspace declares for it."""
        return self.settings.locale(tag)


def _shared_files(workspace: Workspace) -> dict[Path, str]:
    """Files that every document depends on, each with the name it goes by wherever the workspace and the tool are."""
    package, shipped, own = Path(__file__).parent, bundled(), workspace.root
    patterns: Iterable[tuple[Path, str, tuple[str, ...]]] = (
        (own, "own", ("polyleaf.toml", "sources/**/*", "templates/**/*")),
        (shipped, "shipped", ("templates/**/*", "locales/*/interface.po")),
        (package, "package", ("**/*.py", "**/*.toml")),
    )
    found: dict[Path, str] = {}
    for root, label, globs in patterns:
        for path in (path for each in globs for path in root.glob(each)):
            is_source = path.suffix == ".md" and path.parent == own / "sources"
            if not is_source and path.is_file():
                found.setdefault(path, f"{label}/{path.relative_to(root).as_posix()}")
    return found


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
