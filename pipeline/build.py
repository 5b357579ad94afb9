"""Making the artifacts of a workspace: pages always, leaflets only where their page changed."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath

from pipeline.cache import LeafletCache
from pipeline.diagnostics import Diagnostic, InvalidInput, Location, has_errors, in_order
from pipeline.editions import (
    SITE,
    Edition,
    Options,
    editions,
    is_broken,
    refusal,
    refuse_unknown_locales,
)
from pipeline.fonts import FontSet, seal, toolchain
from pipeline.pool import work_on, worker_pool
from pipeline.site import home_html, language_links
from pipeline.source.document import Document
from pipeline.typesetting.formats import Format
from pipeline.typesetting.leaflet import Leaflet
from pipeline.typesetting.page import Design, Page, make_page, page_html
from pipeline.typesetting.view import Download, Surroundings
from pipeline.unchanged import fingerprint, recall, remember
from pipeline.workspace import Inputs, Workspace

CACHE = PurePosixPath("build/.cache")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that was built. ``coverage`` is in per cent; ``seconds`` is the processor time it took, 0 from the cache."""

    document: str
    locale: str
    format: str
    path: str
    sha256: str
    bytes: int
    pages: int
    size_pt: float
    coverage: int
    draft: bool
    cached: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a build made, deleted and complains of."""

    artifacts: tuple[Artifact, ...]
    pruned: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    def as_json(self) -> str:
        """The report for machines, as ``build/report.json`` has it."""
        fields = {
            "artifacts": [asdict(each) for each in self.artifacts],
            "pruned": list(self.pruned),
            "diagnostics": [each.as_dict() for each in self.diagnostics],
        }
        return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def build(workspace: Workspace, options: Options, progress: Progress = lambda *_: None) -> Report:
    """Make the artifacts of a workspace and write ``build/report.json``.

    Raises InvalidInput if nothing can be built; a fault of one leaflet is in the report and costs that leaflet only.
    """
    asked = repr(replace(options, jobs=0))
    content = fingerprint(workspace, asked)
    if (workspace.root / CACHE).is_dir():
        noted = recall(
            workspace, asked, f"{content} {_present_toolchain(workspace)}", str(SITE) if options.whole else ""
        )
        if noted is not None:
            return _again(workspace, noted)
    inputs = workspace.read(options.documents)
    _refuse_unknown(options, inputs, workspace)
    under_way = _Build(workspace, inputs, options, progress)
    report = under_way.report()
    if not report.diagnostics:
        remember(workspace, asked, f"{content} {under_way.toolchain}", under_way.kept, report.as_json())
    return report


def _toolchain(fonts: FontSet) -> str:
    """Everything besides a page that decides the bytes of its leaflet."""
    return f"{toolchain()}\nfonts {fonts.digest}"


def _present_toolchain(workspace: Workspace) -> str:
    """The toolchain; empty if something is missing or a template is at fault, which the build will say."""
    try:
        return _toolchain(_fonts(workspace))
    except InvalidInput:
        return ""


def _fonts(workspace: Workspace) -> FontSet:
    own_fonts = workspace.root / "templates" / "fonts"
    return seal(workspace.typography.all_families(), own_fonts, workspace.root / CACHE)


def _again(workspace: Workspace, noted: str) -> Report:
    """The report of a build that made nothing, because all of it was there."""
    fields = json.loads(noted)
    artifacts = (Artifact(**each) for each in fields["artifacts"])
    report = Report(tuple(replace(each, cached=True, seconds=0.0) for each in artifacts), (), ())
    workspace.write("build/report.json", report.as_json().encode())
    return report


def _refuse_unknown(options: Options, inputs: Inputs, workspace: Workspace) -> None:
    """Raises InvalidInput if the options name a language or format that is not there."""
    refuse_unknown_locales(inputs, options.locales)
    complaints = []
    formats = [each.name for each in workspace.formats]
    for name in options.formats:
        if name not in formats:
            place, hint = Location("templates/formats"), "there are " + ", ".join(formats)
            complaints.append(Diagnostic("unknown-format", f"there is no format “{name}”", place, hint=hint))
    if complaints:
        raise InvalidInput(complaints)


@dataclass(frozen=True, slots=True)
class _Job:
    """A leaflet to make."""

    edition: Edition
    format: Format
    page: Page
    key: str


class _Build:
    """One build under way: gathers artifacts and complaints, and the paths that are not to be pruned."""

    def __init__(self, workspace: Workspace, inputs: Inputs, options: Options, progress: Progress) -> None:
        self.workspace = workspace
        self.inputs = inputs
        self.options = options
        self.progress = progress
        self.artifacts: list[Artifact] = []
        self.diagnostics: list[Diagnostic] = [*inputs.diagnostics]
        self.kept: list[PurePosixPath] = []
        self.toolchain = ""
        self.downloads: dict[tuple[str, str], list[Download]] = {}
        self.pictures: dict[str, dict[str, tuple[str, bytes]]] = {}

    def report(self) -> Report:
        every = self._editions()
        for document in self.inputs.documents:
            self.pictures[document.id] = dict(self._pictures(document))
        self._make_leaflets(every)
        if not self.options.formats or "web" in self.options.formats:
            self._write_pages(every)
        pruned: tuple[PurePosixPath, ...] = ()
        if self.options.whole:
            self._write(SITE / "index.html", home_html(self.workspace.templates, self.inputs, every).encode())
            pruned = self.workspace.prune(str(SITE), [*self.kept, *self._of_earlier_builds()])
        artifacts = tuple(sorted(self.artifacts, key=lambda each: each.path))
        report = Report(artifacts, tuple(map(str, pruned)), in_order(self.diagnostics))
        self.workspace.write("build/report.json", report.as_json().encode())
        return report

    def _editions(self) -> list[Edition]:
        """All that there is; a release leaves out what is not whole."""
        for locale in self.inputs.locales_of("interface"):
            self.diagnostics += self.workspace.words(locale, self.inputs).diagnostics()
        whole = []
        for edition in editions(self.inputs):
            refused = refusal(edition, self.options) if self.options.release else ()
            if self._is_wanted(edition):
                self.diagnostics += (*edition.localized.diagnostics, *refused)
            if not refused:
                whole.append(edition)
        return whole

    def _is_wanted(self, edition: Edition) -> bool:
        return not self.options.locales or edition.locale.tag in self.options.locales

    def _pictures(self, document: Document) -> Iterator[tuple[str, tuple[str, bytes]]]:
        """The pictures a document shows: name in the source; the file name we give it and its bytes."""
        for source, place in document.pictures:
            try:
                extension, content = self.workspace.picture(source, place)
            except InvalidInput as invalid:
                self.diagnostics += invalid.diagnostics
                continue
            yield source, (f"{hashlib.sha256(content).hexdigest()[:16]}.{extension}", content)

    def _make_leaflets(self, every: list[Edition]) -> None:
        """Fetch every leaflet from the cache, or make it; write it."""
        printed = [each for each in self.workspace.formats if each.medium == "print"]
        wanted = [each for each in every if self._is_wanted(each)]
        if not printed or not wanted:
            return
        fonts = _fonts(self.workspace)
        cache = LeafletCache(self.workspace.root / CACHE / "leaflets")
        self.toolchain = _toolchain(fonts)
        jobs, missing = [], []
        for job in (self._job(edition, format) for edition in wanted for format in printed):
            leaflet = cache.get(job.key)
            asked = not self.options.formats or job.format.name in self.options.formats
            if leaflet is not None and (asked or self.workspace.bytes_of(job.edition.pdf(job.format)) == leaflet.pdf):
                self._keep(job, leaflet, None)
            elif asked:
                missing.append(job)
            jobs += [job] if asked else []
        done = len(jobs) - len(missing)
        self.progress("leaflets", done, len(jobs))
        if not missing:
            return
        with worker_pool(fonts, self.options.jobs, len(missing)) as executor:
            order = sorted(missing, key=lambda job: -len(job.page.html))
            waiting = {executor.submit(work_on, job.page): job for job in order}
            for future in as_completed(waiting):
                job = waiting[future]
                leaflet, seconds = _outcome(future, job)
                if not has_errors(leaflet.diagnostics):
                    cache.put(job.key, leaflet)
                self._keep(job, leaflet, seconds)
                done += 1
                self.progress("leaflets", done, len(jobs))

    def _job(self, edition: Edition, format: Format) -> _Job:
        shown = self.pictures[edition.document.id]
        address = self.inputs.settings.address
        surroundings = Surroundings(
            site=self.inputs.settings.title,
            address=f"{address}/{edition.document.id}/" if address else "",
            pictures={source: f"asset:/{name}" for source, (name, _) in shown.items()},
            assets=tuple(sorted({(f"asset:/{name}", content) for name, content in shown.values()})),
        )
        words = self.workspace.words(edition.locale, self.inputs)
        page = make_page(edition.localized, words, self._design(format), surroundings)
        return _Job(edition, format, page, page.key(self.toolchain))

    def _keep(self, job: _Job, leaflet: Leaflet, seconds: float | None) -> None:
        """Write a leaflet in its place and report it; ``seconds`` is None if it came from the cache.

        One with errors is not written.
        """
        self.diagnostics += leaflet.diagnostics
        if has_errors(leaflet.diagnostics):
            return
        path = job.edition.pdf(job.format)
        self._write(path, leaflet.pdf)
        artifact = _artifact(job.edition, job.format, path, leaflet.pdf)
        self.artifacts.append(
            replace(
                artifact,
                pages=leaflet.pages,
                size_pt=leaflet.size_pt,
                cached=seconds is None,
                seconds=round(seconds or 0.0, 3),
            )
        )
        download = Download(job.format.label, path.name, len(leaflet.pdf), leaflet.pages)
        self.downloads.setdefault((job.edition.document.id, job.edition.locale.tag), []).append(download)

    def _write_pages(self, every: list[Edition]) -> None:
        """Write every web page, with links to its leaflets and to the other languages."""
        web = next(each for each in self.workspace.formats if each.medium == "web")
        for document in self.inputs.documents:
            own = [each for each in every if each.document is document]
            links = language_links(own)
            shown = self.pictures[document.id]
            for name, content in shown.values():
                self._write(SITE / document.id / "pictures" / name, content)
            for edition in filter(self._is_wanted, own):
                tag = edition.locale.tag
                surroundings = Surroundings(
                    site=self.inputs.settings.title,
                    address=self.inputs.settings.address,
                    languages=tuple(replace(each, current=each.tag == tag) for each in links),
                    downloads=tuple(sorted(self.downloads.get((document.id, tag), ()), key=lambda each: each.href)),
                    pictures={source: f"../pictures/{name}" for source, (name, _) in shown.items()},
                )
                words = self.workspace.words(edition.locale, self.inputs)
                begun = time.process_time()
                content = page_html(edition.localized, words, self._design(web), surroundings).encode()
                path = edition.folder / "index.html"
                written = self._write(path, content)
                seconds = round(time.process_time() - begun, 3)
                self.artifacts.append(
                    replace(_artifact(edition, web, path, content), cached=not written, seconds=seconds)
                )

    def _design(self, format: Format) -> Design:
        return Design(format, self.workspace.typography, self.workspace.templates)

    def _write(self, path: PurePosixPath, content: bytes) -> bool:
        self.kept.append(path)
        return self.workspace.write(path, content)

    def _of_earlier_builds(self) -> Iterator[PurePosixPath]:
        """What was made of sources or catalogs that cannot be read now: it stays until they are mended."""
        readable = {document.id for document in self.inputs.documents}
        for path in (self.workspace.root / SITE).rglob("*"):
            parts = path.relative_to(self.workspace.root / SITE).parts
            if len(parts) < 2 or not path.is_file():
                continue
            there = (self.workspace.root / "sources" / f"{parts[0]}.md").is_file()
            if there and (parts[0] not in readable or is_broken(self.inputs, parts[0], parts[1])):
                yield PurePosixPath(path.relative_to(self.workspace.root))


def _outcome(future: Future[tuple[Leaflet, float]], job: _Job) -> tuple[Leaflet, float]:
    """The leaflet and its seconds; a crash of the typesetter is a complaint about that leaflet (STYLE.md 6)."""
    try:
        return future.result()
    except BrokenProcessPool as error:
        reason = f"a worker died ({error})"
    except Exception as error:  # noqa: BLE001  # the boundary at which a renderer's crash becomes a diagnostic
        reason = f"{type(error).__name__}: {error}"
    place = Location(job.edition.document.path)
    crash = Diagnostic("typesetter-crash", f"the typesetter crashed: {reason}", place, locale=job.page.locale)
    return Leaflet(b"", 0, 0, 0, (crash,)), 0.0


def _artifact(edition: Edition, format: Format, path: PurePosixPath, content: bytes) -> Artifact:
    return Artifact(
        document=edition.document.id,
        locale=edition.locale.tag,
        format=format.name,
        path=str(path),
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        pages=0,
        size_pt=0,
        coverage=edition.localized.coverage.percent,
        draft=edition.localized.draft,
        cached=False,
        seconds=0,
    )
