"""Making the artifacts of a workspace: what has not changed is left alone, document by document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pipeline.clock import shown_since
from pipeline.crew import Crew
from pipeline.diagnostics import Diagnostic, InvalidInput, Location, has_errors, in_order
from pipeline.explaining import Explanations, common_ingredients
from pipeline.fonts import FontSet, seal, toolchain, whole_toolchain
from pipeline.leaflets import Job, Made, Press, Progress
from pipeline.machines import likeness
from pipeline.making import Faults, Making
from pipeline.notes import Note, Notes
from pipeline.publishing import refuse_ids_of_languages, site_pages
from pipeline.reading import Reading
from pipeline.renditions import Options, refuse_unknown_locales, wanted_formats
from pipeline.report import Artifact, LeftOut, Report
from pipeline.sharding import Shard, pack
from pipeline.store import Store, store_folder
from pipeline.typesetting.imprint import missing
from pipeline.workshop import Workshop
from pipeline.workspace import Workspace

if TYPE_CHECKING:  # who typesets nothing needs neither
    from pipeline.cluster import Cluster
    from pipeline.pool import Pool

CACHE = PurePosixPath("build/.cache")
#: The note about what belongs to no single document; no document is called so.
_SITE = ".site"
_SHOP = Location("(the shop edition)")


def build(workspace: Workspace, options: Options, progress: Progress = lambda *_: None) -> Report:
    """Make the artifacts of a workspace and write ``build/report.json``.

    Raises InvalidInput if nothing can be built; a fault of one leaflet is in the report and costs that leaflet only.
    """
    reading = Reading(workspace, options)
    with ExitStack() as open_until_the_end:
        return _Build(reading, options, progress, open_until_the_end).report()


def sealed(workspace: Workspace) -> FontSet:
    """The sealed fonts of a workspace. Raises InvalidInput if some are not installed."""
    own, typography = workspace.root / "templates" / "fonts", workspace.typography
    return seal(typography.all_families(), own, workspace.root / CACHE, typography.optional_families())


def whole_likeness(workspace: Workspace) -> tuple[str, ...]:
    """A line for each thing of this machine and workspace that decides bytes: see ``machines``."""
    fonts = sealed(workspace)
    return likeness(fonts)


class _Build:
    """One build under way."""

    def __init__(self, reading: Reading, options: Options, progress: Progress, stack: ExitStack) -> None:
        self.reading = reading
        self.workspace = reading.workspace
        self.options = options
        self.progress = progress
        self.stack = stack
        leaflets = reading.settings.leaflets
        names = options.formats or leaflets.formats
        self.formats = wanted_formats(self.workspace.formats, names, options.paper or leaflets.paper)
        self.diagnostics: list[Diagnostic] = []
        self.fonts = self._fonts()
        since = shown_since(reading.settings)
        tools = f"{whole_toolchain(self.fonts)} {self.fonts.optional}" if self.fonts else ""
        asked = f"{options.asked()} {since} {tools}"
        self.marks = reading.marks(asked)
        self.notes = Notes(self.workspace, options.asked())
        self.left_out: list[LeftOut] = []
        self.keys: list[str] = []
        self.shared: tuple[Diagnostic, ...] = ()
        self._called: Pool | Cluster | None = None
        self.shop = self._shop(since)

    def _fonts(self) -> FontSet | None:
        """The sealed fonts; None if nothing is to be printed and they are not all there."""
        try:
            return sealed(self.workspace)
        except InvalidInput:
            if any(each.medium == "print" for each in self.formats):
                raise
            return None

    def _shop(self, since: date | None) -> Workshop:
        fonts = self.fonts or FontSet((), "", (), "")
        press = Press(Store(store_folder(self.workspace.root)), self._crew, fonts)
        explanations = Explanations(self.workspace, partial(common_ingredients, self.workspace, toolchain(), fonts))
        return Workshop(
            self.workspace, self.options, self.reading, self.formats, press, explanations, since, self.notes
        )

    def _crew(self) -> Crew:
        """Who typesets: processes of this machine, or a cluster's. They go when the build ends."""
        assert self.fonts is not None  # only what is printed is typeset
        if self._called is None:
            self._called = self._call(self.fonts)
            self.stack.callback(self._called.close)
        return self._called

    def _call(self, fonts: FontSet) -> Pool | Cluster:
        if not self.options.cluster:
            from pipeline.pool import Pool

            return Pool(fonts, self.options.jobs)
        from pipeline.cluster import Cluster

        return Cluster(self.options.cluster, fonts, tuple(self.workspace.typography.all_families()))

    @property
    def _toolchain(self) -> str:
        """The versions of all that typesets, and the digest of the fonts; empty if nothing can be printed."""
        return whole_toolchain(self.fonts) if self.fonts else ""

    # --- the course of a build --------------------------------------------------------------------------------------------

    def report(self) -> Report:
        self._refuse()
        done: dict[str, Note] = {}
        stale = []
        for name in self.marks:
            note = self._still_true(name)
            if note is None:
                stale.append(name)
            else:
                done[name] = note
        if stale:
            self.shared = tuple(self._shared_complaints())
            self.diagnostics += self.shared
        self._make(stale, done)
        if self.options.shard is not None:
            self._pack(self.options.shard)
        self.diagnostics += self._of_the_crew()
        return self._finished(done, stale)

    def _of_the_crew(self) -> Iterator[Diagnostic]:
        """What is to be said of who has worked, and of the store."""
        yield from getattr(self._called, "diagnostics", ())
        for fault in self.shop.press.store.faults:
            message = f"finished leaflets cannot be kept for the next build: {fault.strerror or fault}"
            hint = "make room in it, or let POLYLEAF_CACHE name another folder"
            yield Diagnostic("store-not-writable", message, Location("build/.cache"), "warning", hint)

    def _pack(self, shard: Shard) -> None:
        """Lay out what this part of the build has made, for the job that puts all parts together."""
        if self.fonts is None:
            return
        lines = likeness(self.fonts)
        pack(shard, self.shop.press.store, self.keys, self.workspace.root, lines)

    def _refuse(self) -> None:
        """Raises InvalidInput for what is asked for and cannot be."""
        if self.options.locales:
            refuse_unknown_locales(self.reading.languages(), self.options.locales)
        if self.options.imprint is not None:
            found = (*self.options.imprint.diagnostics, *missing(self.options.imprint))
            if has_errors(found):
                raise InvalidInput(found)
            self.diagnostics += found

    def _still_true(self, name: str) -> Note | None:
        """The note about a document of which nothing has changed and everything is there."""
        if not self.options.remembers:
            return None
        note = self.notes.recall(name)
        if note is None or note.mark != self.marks[name] or not self.notes.is_true(name, note):
            return None
        if self.options.whole and self._files_of(name) - set(note.files):
            return None  # somebody has put something there, or made another edition: it may be for keeping
        return note

    def _files_of(self, name: str) -> set[str]:
        """The paths of all files that the site has of a document."""
        root = self.workspace.root
        folder = root / self.options.site / name
        return {path.relative_to(root).as_posix() for path in folder.rglob("*") if path.is_file()}

    def _shared_complaints(self) -> Iterator[Diagnostic]:
        shared = self.reading.shared
        yield from shared.diagnostics
        for locale in shared.locales_of("interface"):
            yield from self.workspace.words(locale, shared).diagnostics()

    def _make(self, stale: Iterable[str], done: dict[str, Note]) -> None:
        """Make what has changed, document by document; their leaflets go through one crew."""
        without: dict[str, Faults] = {}
        waiting = list(stale)
        while waiting:
            again: list[str] = []

            def finished(making: Making, again: list[str] = again) -> None:
                failed = making.failed() if self.options.gate is not None else {}
                if failed:  # without these languages the leaflets of the others may say another number of them
                    without[making.name] = {**without.get(making.name, {}), **failed}
                    again.append(making.name)
                else:
                    done[making.name] = self._kept(making)

            _Course(waiting, partial(self._begin, without), finished).run(self.shop.press, self.progress)
            waiting = again

    def _begin(self, without: dict[str, Faults], name: str) -> Making:
        return Making(self.shop, name, self.marks[name], without.get(name, {}))

    def _kept(self, making: Making) -> Note:
        note = making.finish()
        # Also what is wrong with all: a build that finds nothing changed says it again, or, of errors, looks again.
        said = (*note.diagnostics, *self.shared, *self._not_for_a_press(making))
        note = replace(note, diagnostics=in_order(said))
        self.left_out += making.left_out
        self.keys += making.keys
        if self.options.remembers and not has_errors(note.diagnostics) and making.document is not None:
            self.notes.remember(making.name, note)
        return note

    def _not_for_a_press(self, making: Making) -> Iterator[Diagnostic]:
        """Why the files of a document for a print shop will not be PDF/X-4, if any are asked for."""
        document = making.document
        if "shop" not in (self.options.editions or self.reading.settings.leaflets.editions) or document is None:
            return
        if not self.options.icc:
            hint = "ask the shop for the ICC profile of its press and paper, and build with --icc FILE"
            yield Diagnostic("not-pdf-x", "without an ICC profile the files are not PDF/X-4", _SHOP, "warning", hint)
        elif document.adopted is None:
            message = "without a date the files for a print shop are not PDF/X-4"
            hint = "add a line adopted: 2026-02-21"
            yield Diagnostic("not-pdf-x", message, Location(document.path), "warning", hint)

    # --- the whole site ---------------------------------------------------------------------------------------------------

    def _finished(self, done: dict[str, Note], stale: list[str]) -> Report:
        artifacts: list[Artifact] = []
        for name in sorted(done):
            artifacts += done[name].artifacts if name in stale else done[name].unchanged()
        pruned: tuple[PurePosixPath, ...] = ()
        if self.options.whole:
            kept = {PurePosixPath(path) for note in done.values() for path in note.files}
            kept |= self._write_site(done)
            pruned = self.workspace.prune(str(self.options.site), kept)
            if self.options.remembers:
                self.notes.forget_others([*self.marks, _SITE])
        diagnostics = in_order([*self.diagnostics, *(found for each in done.values() for found in each.diagnostics)])
        left_out = sorted(self.left_out, key=lambda each: (each.document, each.locale))
        report = Report(
            tuple(sorted(artifacts, key=lambda each: each.path)),
            tuple(map(str, pruned)),
            diagnostics,
            tuple(left_out),
            tuple(each.resolution for each in done.values() if each.resolution is not None),
            self._toolchain,
        )
        self.workspace.write("build/report.json", report.as_json().encode())
        return report

    def _write_site(self, done: dict[str, Note]) -> set[PurePosixPath]:
        """Write what belongs to no single document, if it would not be the same again; the paths."""
        resolutions = [done[name].resolution for name in sorted(done)]
        every = [each for each in resolutions if each is not None]
        refuse_ids_of_languages(self.marks, every)
        mark = hashlib.sha256(f"{self.reading.common} {every}".encode()).hexdigest()
        noted = self.notes.recall(_SITE) if self.options.remembers else None
        if noted is not None and noted.mark == mark and self.notes.is_true(_SITE, noted):
            return set(map(PurePosixPath, noted.files))
        web = next((each for each in self.formats if each.medium == "web"), None)
        written = set()
        for name, content in site_pages(self.reading, every, self.shop.design(web)) if web else ():
            self.workspace.write(self.options.site / name, content)
            written.add(self.options.site / name)
        if self.options.remembers:
            self.notes.remember(_SITE, Note(mark, self.notes.traces(written), (), None))
        return written


class _Course:
    """Documents on their way through the press: begun as there is room for their leaflets, finished when all are made."""

    def __init__(
        self, names: Iterable[str], begin: Callable[[str], Making], finished: Callable[[Making], None]
    ) -> None:
        self._names = names
        self._begin = begin
        self._finished = finished
        self._under_way: dict[str, Making] = {}
        self._all_asked: set[str] = set()

    def run(self, press: Press, progress: Progress) -> None:
        """Begin and finish every document."""
        press.make(self._jobs(), self._keep, progress)

    def _jobs(self) -> Iterator[Job]:
        for name in self._names:
            making = self._under_way[name] = self._begin(name)
            for job in making.jobs():
                making.waiting += len(job.finishes)
                yield job
            self._all_asked.add(name)
            self._finish(making)

    def _keep(self, made: Made) -> None:
        making = self._under_way[made.job.rendition.document.id]
        making.keep(made)
        making.waiting -= 1
        self._finish(making)

    def _finish(self, making: Making) -> None:
        if making.name in self._all_asked and not making.waiting:
            del self._under_way[making.name]
            self._finished(making)
