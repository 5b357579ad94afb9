"""One document under way: its renditions, the leaflets to make, at last its pages and the note about it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, has_errors, in_order
from pipeline.explaining import FILE, GONE, ingredients
from pipeline.leaflets import Job, Made, shortened
from pipeline.notes import Note
from pipeline.renditions import Gate, Rendition, is_broken, pseudo_renditions, renditions
from pipeline.report import Artifact, LeftOut, artifact
from pipeline.source.document import Document
from pipeline.typesetting.composing import make_page
from pipeline.typesetting.formats import Format
from pipeline.typesetting.imprint import contact_lines, imprint_lines
from pipeline.typesetting.leaflet import EDITIONS, FLIPS, SIDES, Finish, Leaflet
from pipeline.typesetting.qr import module_count, qr_size_mm, qr_svg, unreadable
from pipeline.typesetting.view import Download, Surroundings
from pipeline.verdicts import Kept, Verdict
from pipeline.wanted import document_needs
from pipeline.web_pages import WebPages, download, entry_of
from pipeline.website.summary import Entry, Resolution
from pipeline.workshop import Workshop

Faults = Mapping[str, tuple[Diagnostic, ...]]
NO_FAULTS: Faults = {}
#: Leaflets with an organizer's own lines: they are not for the site.
OWN = PurePosixPath("build/print")
SHARE = "share.jpg"


@dataclass(slots=True)
class _Yield:
    """What is gathered of one rendition while its leaflets are made."""

    artifacts: list[Artifact] = field(default_factory=list)
    downloads: list[Download] = field(default_factory=list)
    picture: str = ""
    failed: list[Diagnostic] = field(default_factory=list)


class Making:
    """The artifacts of one document. First all ``jobs``, then each that was made to ``keep``, then ``finish``.

    ``without`` are the languages whose leaflets could not be made for a release, and why.
    """

    def __init__(self, shop: Workshop, name: str, mark: str, without: Faults = NO_FAULTS) -> None:
        self.shop = shop
        self.name = name
        self.mark = mark
        self.without = without
        self.inputs = shop.reading.inputs(name)
        self.diagnostics: list[Diagnostic] = [*self.inputs.diagnostics]
        self.left_out: list[LeftOut] = []
        self.files: list[PurePosixPath] = []
        self.keys: list[str] = []
        self.around: dict[str, Surroundings] = {}
        self.made: dict[str, _Yield] = {}
        self.earlier: dict[str, Kept] = {}
        self.document: Document | None = next(iter(self.inputs.documents), None)
        self.pictures: dict[str, tuple[str, bytes]] = dict(self._pictures(self.document)) if self.document else {}
        self.every = tuple(self._renditions(self.document)) if self.document else ()
        self.waiting = 0

    # --- which renditions there are ---------------------------------------------------------------------------------------

    def _renditions(self, document: Document) -> Iterator[Rendition]:
        """All that there is; a release leaves out what is not whole."""
        options = self.shop.options
        found = (
            *renditions(self.inputs, shown_since=self.shop.shown_since),
            *pseudo_renditions(self.inputs, options.locales),
        )
        for rendition in found:
            tag = rendition.locale.tag
            if self._is_wanted(rendition):
                self.diagnostics += rendition.localized.diagnostics
            if options.gate is None or self._passes(options.gate, rendition):
                self.made[tag] = _Yield()
                yield rendition
        if options.gate is not None:
            for tag in self._unread():
                self._leave_out(tag, options.gate.judge_unread(document, self.shop.reading.locale(tag)))

    def _passes(self, gate: Gate, rendition: Rendition) -> bool:
        tag = rendition.locale.tag
        faults = self.without.get(tag)
        verdict = gate.judge_leaflets(rendition, faults) if faults else gate.judge(rendition)
        if verdict.refused:
            self._leave_out(tag, verdict)
        return not verdict.refused

    def _leave_out(self, tag: str, verdict: Verdict) -> None:
        """Say why a language is left out; an earlier version of it may stay."""
        self.left_out.append(LeftOut(self.name, tag, verdict.refused))
        if verdict.kept is not None:
            self.earlier[tag] = verdict.kept

    def _is_wanted(self, rendition: Rendition) -> bool:
        return not self.shop.options.locales or rendition.locale.tag in self.shop.options.locales

    def _pictures(self, document: Document) -> Iterator[tuple[str, tuple[str, bytes]]]:
        """The pictures a document shows: name in the source; the file name we give it and its bytes."""
        for source, place in document.pictures:
            try:
                extension, content = self.shop.workspace.picture(source, place)
            except InvalidInput as invalid:
                self.diagnostics += invalid.diagnostics
                continue
            yield source, (f"{hashlib.sha256(content).hexdigest()[:16]}.{extension}", content)

    # --- leaflets ---------------------------------------------------------------------------------------------------------

    def jobs(self) -> Iterator[Job]:
        """The leaflets that are wanted, one job for each language and format."""
        options, printed = self.shop.options, self.shop.printed
        wanted = [each for each in self.every if self._is_wanted(each)]
        if self._refuse_unreadable_codes(wanted):
            return
        for rendition in wanted:
            for format in printed:
                if options.shard is not None and not options.shard.has(
                    f"{self.name}/{rendition.locale.tag}/{format.name}"
                ):
                    continue
                pictured = format is printed[0] and options.imprint is None
                yield self._job(rendition, format, pictured)

    def _job(self, rendition: Rendition, format: Format, pictured: bool = False) -> Job:
        words = self.shop.workspace.words(rendition.locale, self.inputs)
        page = make_page(rendition.localized, words, self.shop.design(format), self._printed(rendition))
        finishes = self.shop.options.finishes(rendition.document, self.inputs.settings)
        return Job(rendition, format, page, finishes, pictured)

    def _refuse_unreadable_codes(self, wanted: list[Rendition]) -> bool:
        """Whether an address of this site is too long for the QR code of a format, which is complained of."""
        place = Location("polyleaf.toml")
        sizes = {qr_size_mm(each.geometry.width_mm) for each in self.shop.formats if each.geometry is not None}
        addresses = {self._address(each) for each in wanted} - {""}
        found = dict.fromkeys(
            fault for size in sorted(sizes) for each in sorted(addresses) for fault in unreadable(each, size, place)
        )
        self.diagnostics += found
        return bool(found)

    def _printed(self, rendition: Rendition) -> Surroundings:
        """What a leaflet knows of its workspace: said once for all its formats."""
        tag = rendition.locale.tag
        if tag not in self.around:
            self.around[tag] = self._around(rendition)
        return self.around[tag]

    def _around(self, rendition: Rendition) -> Surroundings:
        settings, imprint = self.inputs.settings, self.shop.options.imprint
        assets = {(f"asset:/{name}", content) for name, content in self.pictures.values()}
        address = self._address(rendition)
        if address:
            assets.add(("asset:/code.svg", qr_svg(address)))
        return Surroundings(
            site=settings.title,
            address=address,
            code="asset:/code.svg" if address else "",
            code_modules=module_count(address) if address else 0,
            language_count=self._language_count(),
            contact=contact_lines(imprint, rendition.locale) if imprint else (),
            imprint=imprint_lines(imprint, rendition.locale) if imprint else (),
            pictures={source: f"asset:/{name}" for source, (name, _) in self.pictures.items()},
            assets=tuple(sorted(assets)),
        )

    def _language_count(self) -> int:
        """In how many languages the site has the document: where a catalog cannot be read, what was there stays."""
        others = len(self.earlier) if self.shop.options.gate is not None else len(self._unread())
        return others + sum(not each.is_pseudo for each in self.every)

    def _unread(self) -> tuple[str, ...]:
        """The tags of languages that the document has to speak and whose catalog cannot be read."""
        if self.document is None:
            return ()
        needed = (need.locale.tag for need in document_needs(self.document, self.inputs))
        return tuple(tag for tag in needed if is_broken(self.inputs, self.name, tag))

    def _address(self, rendition: Rendition) -> str:
        """Where its web page is published; empty if nowhere."""
        address = self.inputs.settings.address
        return f"{address}/{self.name}/{rendition.locale.tag}/" if address else ""

    def _folder(self, tag: str) -> PurePosixPath:
        return self.shop.options.site / self.name / tag

    def _place(self, rendition: Rendition, format: Format, finish: Finish) -> PurePosixPath:
        name = rendition.pdf_name(format, finish)
        if self.shop.options.imprint is None:
            return self._folder(rendition.locale.tag) / name
        return OWN / PurePosixPath(self.shop.options.imprint.path).stem / name

    def keep(self, made: Made) -> None:
        """Write a leaflet in its place and report it. One with errors is not written."""
        job, leaflet = made.job, made.leaflet
        kept = self.made[job.rendition.locale.tag]
        self.diagnostics += (each for each in leaflet.diagnostics if each not in self.diagnostics)
        if has_errors(leaflet.diagnostics):
            kept.failed += leaflet.diagnostics
            return
        if leaflet.shortened and shortened(job) not in self.diagnostics:
            self.diagnostics.append(shortened(job))
        if self.shop.options.shard is not None:
            self.keys += self.shop.press.keys(job.page, made.finish, leaflet)
            return
        path = self._place(job.rendition, job.format, made.finish)
        written = self._write(path, leaflet.pdf)
        said = self._artifact(job.rendition, job.format, path, leaflet.pdf, leaflet)
        recipe = {
            **ingredients(job.rendition, job.format, self._printed(job.rendition)),
            "edition": made.finish.key(),
        }
        because = self._because(path, recipe, made.seconds is not None, written)
        kept.artifacts.append(
            replace(
                said,
                edition=made.finish.name,
                cached=made.seconds is None,
                seconds=round(made.seconds or 0.0, 3),
                because=because,
            )
        )
        self._offer(job, made.finish, path, leaflet)
        if made.picture:
            kept.picture = SHARE
            self._write(path.parent / SHARE, made.picture)

    def _because(self, path: PurePosixPath, recipe: dict[str, str], made: bool, written: bool) -> str:
        """What has changed since the artifact was made last; empty if it was not made again."""
        found = self.shop.explanations.because(path, recipe, GONE if made else FILE) if made or written else ""
        if made or written or not self.shop.explanations.knows(path):
            self.shop.explanations.note(path, recipe)
        return found

    def _artifact(
        self, rendition: Rendition, format: Format, path: PurePosixPath, content: bytes, leaflet: Leaflet | None = None
    ) -> Artifact:
        said = artifact(rendition, format, path, content, leaflet or Leaflet())
        reading, tag = self.shop.reading, rendition.locale.tag
        return replace(
            said,
            source_sha256=reading.source_digest(self.name),
            catalog_sha256=reading.catalog_digest(self.name, tag),
        )

    def _keep_earlier(self, rendition: Rendition) -> None:
        """Leaflets of other formats or editions, made by an earlier build: they stay as long as they are what they would be."""
        workspace, folder = self.shop.workspace, self._folder(rendition.locale.tag)
        there = {path.name for path in (workspace.root / folder).glob("*.pdf")} - {path.name for path in self.files}
        if not there:
            return
        for format in (each for each in workspace.formats if each.medium == "print"):
            for finish in _any_finish(rendition.document):
                path = folder / rendition.pdf_name(format, finish)
                if path.name not in there or path in self.files:
                    continue
                job = self._job(rendition, format)
                leaflet = self.shop.press.stored(job.page, finish)
                if leaflet is not None and workspace.bytes_of(path) == leaflet.pdf:
                    self.files.append(path)
                    self._offer(job, finish, path, leaflet)
                    self._keep_picture(folder / SHARE, finish, leaflet)

    def _keep_picture(self, path: PurePosixPath, finish: Finish, leaflet: Leaflet) -> None:
        """A picture of a leaflet that stays, stays too."""
        made = self.made[path.parent.name]
        if finish.name == "screen" and not made.picture:
            picture = self.shop.press.stored_picture(leaflet)
            if picture and self.shop.workspace.bytes_of(path) == picture:
                self.files.append(path)
                made.picture = SHARE

    def _offer(self, job: Job, finish: Finish, path: PurePosixPath, leaflet: Leaflet) -> None:
        """Let the web page link to the leaflet."""
        self.made[job.rendition.locale.tag].downloads.append(download(job.format, finish, path.name, leaflet))

    # --- pages ------------------------------------------------------------------------------------------------------------

    def finish(self) -> Note:
        """Write the pages; what is to be remembered of the document."""
        options = self.shop.options
        wanted = [each for each in self.every if self._is_wanted(each)]
        web = next((each for each in self.shop.formats if each.medium == "web"), None)
        earlier = self.shop.notes.recall(self.name)
        resolution = self._resolution(earlier.resolution if earlier else None)
        if options.imprint is None and options.shard is None:
            for rendition in wanted:
                self._keep_earlier(rendition)
            if web is not None and self.document is not None:
                self._write_pages(wanted, web, resolution)
            if options.gate is None:
                self._keep_unread()
        artifacts = tuple(each for tag in sorted(self.made) for each in self.made[tag].artifacts)
        files = self.shop.notes.traces(self.files)
        return Note(self.mark, files, artifacts, resolution, in_order(self.diagnostics))

    def failed(self) -> Faults:
        """The languages of which a leaflet could not be made, and why."""
        return {tag: tuple(kept.failed) for tag, kept in self.made.items() if kept.failed}

    def _resolution(self, earlier: Resolution | None) -> Resolution | None:
        """What the lists of the site say; what cannot be read now stands there as it was."""
        document = self.document
        if document is None:
            return earlier
        days = [document.adopted, *(group.as_of for group in document.groups)]
        present = {each.locale.tag: self._entry(each) for each in self.every if not each.is_pseudo}
        before = {each.tag: each for each in earlier.entries} if earlier else {}
        if self.shop.options.gate is not None:
            before = {}
        unread = {tag: before[tag] for tag in self._unread() if tag in before and tag not in present}
        return Resolution(
            id=document.id,
            source=document.locale.tag,
            adopted=document.adopted.isoformat() if document.adopted else "",
            updated=max((each.isoformat() for each in days if each is not None), default=""),
            number=document.number,
            entries=(*present.values(), *unread.values(), *map(entry_of, self.earlier.values())),
        )

    def _entry(self, rendition: Rendition) -> Entry:
        localized = rendition.localized
        kept = self.made.get(rendition.locale.tag)
        return Entry(
            tag=rendition.locale.tag,
            title=localized.title.text,
            title_tag=localized.title.locale.tag,
            description=localized.description(),
            percent=localized.coverage.percent,
            draft=localized.draft,
            picture=kept.picture if kept else "",
        )

    def _write_pages(self, wanted: list[Rendition], web: Format, resolution: Resolution | None) -> None:
        """Write what is to be read on the web, and what stays of earlier versions."""
        pages = WebPages(self.shop.options.site, self.shop.reading, self.inputs, self.name, resolution)
        for name, content in self.pictures.values():
            self._write(self.shop.options.site / self.name / "pictures" / name, content)
        shown = {source: f"../pictures/{name}" for source, (name, _) in self.pictures.items()}
        for rendition in wanted:
            begun = time.process_time()
            made = self.made[rendition.locale.tag]
            offered = tuple(sorted(made.downloads, key=_in_the_list))
            surroundings = replace(pages.around(rendition.locale, made.picture), downloads=offered, pictures=shown)
            for path, text in pages.messages(rendition):
                self._write(path, text)
                surroundings = replace(surroundings, messages=(*surroundings.messages, path.name))
            path, content = pages.page(rendition, self.shop.design(web), surroundings)
            written = self._write(path, content)
            because = self._because(path, dict(ingredients(rendition, web, surroundings)), False, written)
            said = self._artifact(rendition, web, path, content)
            seconds = round(time.process_time() - begun, 3)
            made.artifacts.append(replace(said, cached=not written, seconds=seconds, because=because))
        for kept in self.earlier.values():
            files = dict(pages.earlier(kept))
            for path, content in files.items():
                self._write(path, content)
            artifacts = self.made.setdefault(kept.locale, _Yield()).artifacts
            artifacts += pages.earlier_artifacts(kept, files)

    def _keep_unread(self) -> None:
        """What was made of a source or a catalog that cannot be read now stays until it is mended."""
        root = self.shop.workspace.root
        folders = [self._folder(tag) for tag in self._unread()]
        if self.document is None:
            folders = [self.shop.options.site / self.name]
        for folder in folders:
            self.files += (
                PurePosixPath(path.relative_to(root)) for path in (root / folder).rglob("*") if path.is_file()
            )

    def _write(self, path: PurePosixPath, content: bytes) -> bool:
        self.files.append(path)
        return self.shop.workspace.write(path, content)


def _in_the_list(download: Download) -> tuple[str, int, int]:
    return download.label, EDITIONS.index(download.edition), SIDES.index(download.sides)


def _any_finish(document: Document) -> Iterator[Finish]:
    """The ways in which a leaflet without an organizer's lines and without a profile can have been made."""
    yield Finish("screen")
    for flip in FLIPS:
        for sides in SIDES:
            yield Finish("desk", sides, flip)
    yield Finish("shop", created=document.adopted)
