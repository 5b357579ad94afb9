"""Making the artifacts of a workspace: pages always, leaflets only where their page changed."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath

from pipeline.cache import LeafletCache
from pipeline.clock import shown_since
from pipeline.diagnostics import Diagnostic, InvalidInput, Location, has_errors, in_order
from pipeline.fonts import FontSet, seal, toolchain
from pipeline.leaflets import Job, Made, Press, Progress
from pipeline.renditions import (
    SITE,
    Options,
    Rendition,
    is_broken,
    pseudo_renditions,
    refusal,
    refuse_unknown_locales,
    renditions,
    wanted_formats,
)
from pipeline.report import Artifact, Report, artifact
from pipeline.site import home_html, language_links
from pipeline.source.document import Document
from pipeline.typesetting.formats import Format
from pipeline.typesetting.imprint import contact_lines, imprint_lines, missing
from pipeline.typesetting.leaflet import EDITIONS, FLIPS, SIDES, Finish, Leaflet
from pipeline.typesetting.page import Design, make_page, page_html
from pipeline.typesetting.qr import module_count, qr_size_mm, qr_svg, unreadable
from pipeline.typesetting.view import Download, Surroundings
from pipeline.unchanged import fingerprint, recall, remember
from pipeline.wanted import document_needs
from pipeline.workspace import Inputs, Workspace

CACHE = PurePosixPath("build/.cache")
#: Leaflets with an organizer's own lines: they are not for the site.
OWN = PurePosixPath("build/print")
_SHOP = Location("(the shop edition)")


def build(workspace: Workspace, options: Options, progress: Progress = lambda *_: None) -> Report:
    """Make the artifacts of a workspace and write ``build/report.json``.

    Raises InvalidInput if nothing can be built; a fault of one leaflet is in the report and costs that leaflet only.
    """
    asked = f"{options.asked()} {_shown_since(workspace)}"
    content = fingerprint(workspace, asked)
    if (workspace.root / CACHE).is_dir():
        noted = recall(
            workspace, asked, f"{content} {_present_toolchain(workspace)}", str(SITE) if options.whole else ""
        )
        if noted is not None:
            return _again(workspace, noted)
    inputs = workspace.read(options.documents)
    refuse_unknown_locales(inputs, options.locales)
    under_way = _Build(workspace, inputs, options, progress)
    report = under_way.report()
    if not report.diagnostics:
        remember(workspace, asked, f"{content} {under_way.toolchain}", under_way.kept, report.as_json())
    return report


def _shown_since(workspace: Workspace) -> date | None:
    """Since when translations of changed texts are shown; None also if the settings are at fault, which the build will say."""
    try:
        return shown_since(workspace.settings)
    except InvalidInput:
        return None


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


class _Build:
    """One build under way: gathers artifacts and complaints, and the paths that are not to be pruned."""

    def __init__(self, workspace: Workspace, inputs: Inputs, options: Options, progress: Progress) -> None:
        self.workspace = workspace
        self.inputs = inputs
        self.options = options
        self.progress = progress
        leaflets = inputs.settings.leaflets
        names = options.formats or leaflets.formats
        self.formats = wanted_formats(workspace.formats, names, options.paper or leaflets.paper)
        self.artifacts: list[Artifact] = []
        self.diagnostics: list[Diagnostic] = [*inputs.diagnostics]
        self.kept: list[PurePosixPath] = []
        self.toolchain = ""
        self.downloads: dict[tuple[str, str], list[Download]] = {}
        self.pictures: dict[str, dict[str, tuple[str, bytes]]] = {}

    def report(self) -> Report:
        every = self._renditions()
        for document in self.inputs.documents:
            self.pictures[document.id] = dict(self._pictures(document))
        self._refuse_incomplete_imprint()
        self._refuse_unreadable_codes(every)
        self.diagnostics += self._not_for_a_press()
        self._make_leaflets(every)
        if self.options.imprint is None and any(each.medium == "web" for each in self.formats):
            self._write_pages(every)
        pruned: tuple[PurePosixPath, ...] = ()
        if self.options.whole:
            self._write(SITE / "index.html", home_html(self.workspace.templates, self.inputs, every).encode())
            pruned = self.workspace.prune(str(SITE), [*self.kept, *self._of_earlier_builds()])
        artifacts = tuple(sorted(self.artifacts, key=lambda each: each.path))
        report = Report(artifacts, tuple(map(str, pruned)), in_order(self.diagnostics))
        self.workspace.write("build/report.json", report.as_json().encode())
        return report

    def _refuse_incomplete_imprint(self) -> None:
        """Raises InvalidInput if the organizer's imprint lacks what the law asks of printed matter."""
        if self.options.imprint is None:
            return
        found = (*self.options.imprint.diagnostics, *missing(self.options.imprint))
        if has_errors(found):
            raise InvalidInput(found)
        self.diagnostics += found

    def _renditions(self) -> list[Rendition]:
        """All that there is; a release leaves out what is not whole."""
        for locale in self.inputs.locales_of("interface"):
            self.diagnostics += self.workspace.words(locale, self.inputs).diagnostics()
        whole = []
        for rendition in (
            *renditions(self.inputs, shown_since=shown_since(self.inputs.settings)),
            *pseudo_renditions(self.inputs, self.options.locales),
        ):
            refused = refusal(rendition, self.options) if self.options.release else ()
            if self._is_wanted(rendition):
                self.diagnostics += (*rendition.localized.diagnostics, *refused)
            if not refused:
                whole.append(rendition)
        return whole

    def _is_wanted(self, rendition: Rendition) -> bool:
        return not self.options.locales or rendition.locale.tag in self.options.locales

    def _pictures(self, document: Document) -> Iterator[tuple[str, tuple[str, bytes]]]:
        """The pictures a document shows: name in the source; the file name we give it and its bytes."""
        for source, place in document.pictures:
            try:
                extension, content = self.workspace.picture(source, place)
            except InvalidInput as invalid:
                self.diagnostics += invalid.diagnostics
                continue
            yield source, (f"{hashlib.sha256(content).hexdigest()[:16]}.{extension}", content)

    def _refuse_unreadable_codes(self, every: list[Rendition]) -> None:
        """Raises InvalidInput if an address of this site is too long for the QR code of a format."""
        place = Location("polyleaf.toml")
        sizes = {qr_size_mm(each.geometry.width_mm) for each in self.formats if each.geometry is not None}
        addresses = {self._address(each) for each in every if self._is_wanted(each)} - {""}
        found = dict.fromkeys(
            fault
            for size in sorted(sizes)
            for address in sorted(addresses)
            for fault in unreadable(address, size, place)
        )
        if found:
            raise InvalidInput(found)

    def _not_for_a_press(self) -> Iterator[Diagnostic]:
        """Why files for a print shop will not be PDF/X-4, if any are asked for."""
        if "shop" not in (self.options.editions or self.inputs.settings.leaflets.editions):
            return
        if not self.options.icc:
            hint = "ask the shop for the ICC profile of its press and paper, and build with --icc FILE"
            yield Diagnostic("not-pdf-x", "without an ICC profile the files are not PDF/X-4", _SHOP, "warning", hint)
            return
        for document in self.inputs.documents:
            if document.adopted is None:
                message, hint = (
                    "without a date the files for a print shop are not PDF/X-4",
                    "add a line adopted: 2026-02-21",
                )
                yield Diagnostic("not-pdf-x", message, Location(document.path), "warning", hint)

    def _make_leaflets(self, every: list[Rendition]) -> None:
        """Fetch every leaflet from the store, or make it; write it."""
        printed = [each for each in self.formats if each.medium == "print"]
        wanted = [each for each in every if self._is_wanted(each)]
        if not wanted:
            return
        fonts = _fonts(self.workspace)
        self.toolchain = _toolchain(fonts)
        cache = LeafletCache(self.workspace.root / CACHE / "leaflets")
        press = Press(cache, fonts, self.toolchain, self.options.jobs)
        jobs = [self._job(rendition, format, every) for rendition in wanted for format in printed]
        for made in press.make(jobs, self.progress):
            self._keep(made)
        if self.options.imprint is None:
            for rendition in wanted:
                self._keep_earlier(rendition, every, press)

    def _job(self, rendition: Rendition, format: Format, every: list[Rendition]) -> Job:
        words = self.workspace.words(rendition.locale, self.inputs)
        page = make_page(rendition.localized, words, self._design(format), self._printed(rendition, every))
        return Job(rendition, format, page, self.options.finishes(rendition.document, self.inputs.settings))

    def _printed(self, rendition: Rendition, every: list[Rendition]) -> Surroundings:
        """What a leaflet knows of its workspace."""
        shown = self.pictures[rendition.document.id]
        settings, imprint = self.inputs.settings, self.options.imprint
        assets = {(f"asset:/{name}", content) for name, content in shown.values()}
        address = self._address(rendition)
        if address:
            assets.add(("asset:/code.svg", qr_svg(address)))
        return Surroundings(
            site=settings.title,
            address=address,
            code="asset:/code.svg" if address else "",
            code_modules=module_count(address) if address else 0,
            language_count=self._language_count(rendition.document, every),
            contact=contact_lines(imprint, rendition.locale) if imprint else (),
            imprint=imprint_lines(imprint, rendition.locale) if imprint else (),
            pictures={source: f"asset:/{name}" for source, (name, _) in shown.items()},
            assets=tuple(sorted(assets)),
        )

    def _language_count(self, document: Document, every: list[Rendition]) -> int:
        """In how many languages the site has the document: where a catalog cannot be read, what was there stays."""
        needed = (need.locale.tag for need in document_needs(document, self.inputs))
        unread = sum(is_broken(self.inputs, document.id, tag) for tag in needed)
        return unread + sum(each.document is document and not each.is_pseudo for each in every)

    def _address(self, rendition: Rendition) -> str:
        """Where its web page is published; empty if nowhere."""
        address = self.inputs.settings.address
        return f"{address}/{rendition.folder.relative_to(SITE)}/" if address else ""

    def _place(self, rendition: Rendition, format: Format, finish: Finish) -> PurePosixPath:
        name = rendition.pdf_name(format, finish)
        if self.options.imprint is None:
            return rendition.folder / name
        return OWN / PurePosixPath(self.options.imprint.path).stem / name

    def _keep(self, made: Made) -> None:
        """Write a leaflet in its place and report it. One with errors is not written."""
        job, leaflet = made.job, made.leaflet
        self.diagnostics += (each for each in leaflet.diagnostics if each not in self.diagnostics)
        if has_errors(leaflet.diagnostics):
            return
        if leaflet.shortened and _shortened(job) not in self.diagnostics:
            self.diagnostics.append(_shortened(job))
        path = self._place(job.rendition, job.format, made.finish)
        self._write(path, leaflet.pdf)
        said = artifact(job.rendition, job.format, path, leaflet.pdf, leaflet)
        self.artifacts.append(
            replace(
                said,
                edition=made.finish.name,
                cached=made.seconds is None,
                seconds=round(made.seconds or 0.0, 3),
            )
        )
        self._offer(job, made.finish, path, leaflet)

    def _keep_earlier(self, rendition: Rendition, every: list[Rendition], press: Press) -> None:
        """Leaflets of other formats or editions, made by an earlier build: they stay as long as they are what they would be."""
        folder = self.workspace.root / rendition.folder
        there = {path.name for path in folder.glob("*.pdf")} - {path.name for path in self.kept}
        if not there:
            return
        for format in (each for each in self.workspace.formats if each.medium == "print"):
            for finish in _any_finish(rendition.document):
                path = rendition.folder / rendition.pdf_name(format, finish)
                if path.name not in there or path in self.kept:
                    continue
                job = self._job(rendition, format, every)
                leaflet = press.stored(job.page, finish)
                if leaflet is not None and self.workspace.bytes_of(path) == leaflet.pdf:
                    self.kept.append(path)
                    self._offer(job, finish, path, leaflet)

    def _offer(self, job: Job, finish: Finish, path: PurePosixPath, leaflet: Leaflet) -> None:
        """Let the web page link to the leaflet."""
        download = Download(
            job.format.label, finish.edition, finish.sides, path.name, len(leaflet.pdf), leaflet.pages, leaflet.sheets
        )
        self.downloads.setdefault((job.rendition.document.id, job.rendition.locale.tag), []).append(download)

    def _write_pages(self, every: list[Rendition]) -> None:
        """Write every web page, with links to its leaflets and to the other languages."""
        web = next(each for each in self.formats if each.medium == "web")
        for document in self.inputs.documents:
            own = [each for each in every if each.document is document]
            links = language_links(own)
            shown = self.pictures[document.id]
            for name, content in shown.values():
                self._write(SITE / document.id / "pictures" / name, content)
            for rendition in filter(self._is_wanted, own):
                tag = rendition.locale.tag
                surroundings = Surroundings(
                    site=self.inputs.settings.title,
                    address=self.inputs.settings.address,
                    languages=tuple(replace(each, current=each.tag == tag) for each in links),
                    downloads=tuple(sorted(self.downloads.get((document.id, tag), ()), key=_in_the_list)),
                    pictures={source: f"../pictures/{name}" for source, (name, _) in shown.items()},
                )
                words = self.workspace.words(rendition.locale, self.inputs)
                begun = time.process_time()
                content = page_html(rendition.localized, words, self._design(web), surroundings).encode()
                path = rendition.folder / "index.html"
                written = self._write(path, content)
                seconds = round(time.process_time() - begun, 3)
                self.artifacts.append(
                    replace(artifact(rendition, web, path, content), cached=not written, seconds=seconds)
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


def _in_the_list(download: Download) -> tuple[str, int, int]:
    return download.label, EDITIONS.index(download.edition), SIDES.index(download.sides)


def _any_finish(document: Document) -> Iterator[Finish]:
    """The ways in which a leaflet without an organizer's lines and without a profile can have been made."""
    yield Finish("screen")
    for flip in FLIPS:
        for sides in SIDES:
            yield Finish("desk", sides, flip)
    yield Finish("shop", created=document.adopted)


def _shortened(job: Job) -> Diagnostic:
    document, fit = job.rendition.document, job.page.fit
    message = (
        f"the whole text does not fit the format {job.format.name} at {fit.floor(job.page.script):g} pt; "
        "the leaflet has the short version"
    )
    place, hint = Location(document.path), "take a format with more room for the whole text"
    return Diagnostic("shortened", message, place, "warning", hint, job.page.locale)
