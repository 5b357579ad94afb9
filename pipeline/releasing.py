"""release: what is whole, in a folder of its own that can be published, checked and kept: pages, leaflets, archives, sums."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from pipeline.archives import remove_tree
from pipeline.checking import check
from pipeline.diagnostics import Diagnostic, InvalidInput, Location, has_errors, in_order
from pipeline.gate import Gate, Lenience, Published
from pipeline.manifest import (
    SUMS,
    Manifest,
    is_version,
)
from pipeline.packing import Facts, Packing
from pipeline.renditions import Options
from pipeline.report import Report
from pipeline.sharding import Shard, join
from pipeline.source.document import Document
from pipeline.store import Store, store_folder
from pipeline.translation.credits import credit
from pipeline.verifying import RELEASES, earlier_release, newest_before
from pipeline.workspace import Inputs, Workspace

LOCK = f"{RELEASES}/.lock"
Progress = Callable[[str, int, int], None]
Builder = Callable[[Workspace, Options, Progress], Report]
_LONGEST_NAME = 40
_NO_WORD = re.compile(r"[^a-z0-9]+")
_SUBSET = re.compile(r"^[A-Z]{6}\+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What to release, and how. No documents: all. ``previous`` is a release's folder or whole ZIP file, None: the newest.

    ``joined`` are folders with what other machines have made; of a ``shard`` only the leaflets are made, for such a folder.
    """

    version: str
    documents: tuple[str, ...] = ()
    lenience: Lenience = field(default_factory=Lenience)
    previous: Path | None = None
    joined: tuple[Path, ...] = ()
    jobs: int = 0
    cluster: str = ""
    shard: Shard | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """A part of the leaflets of a release, laid out in this folder of the workspace for the job that makes the release."""

    path: PurePosixPath
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """What came of it. ``path`` is the release's folder, below the workspace; ``again``: it was there, the same bytes."""

    path: PurePosixPath
    manifest: Manifest
    previous: str
    again: bool
    diagnostics: tuple[Diagnostic, ...]

    def as_dict(self) -> dict[str, object]:
        """The same for programs; the artifacts are in the manifest."""
        return {
            "path": str(self.path),
            "version": self.manifest.version,
            "previous": self.previous,
            "again": self.again,
            "texts": [
                {
                    "document": each.document,
                    "locale": each.locale,
                    "coverage": each.coverage,
                    "kept_from": each.kept_from,
                }
                for each in self.manifest.texts
            ],
            "left_out": [
                {
                    "document": each.document,
                    "locale": each.locale,
                    "kept_from": each.kept_from,
                    "reasons": [asdict(why) for why in each.reasons],
                }
                for each in self.manifest.left_out
            ],
            "archives": [each.name for each in self.manifest.archives],
            "diagnostics": [each.as_dict() for each in self.diagnostics],
        }


def build_now(workspace: Workspace, options: Options, progress: Progress) -> Report:
    """The real builder, imported when it is needed."""
    from pipeline.build import build

    return build(workspace, options, progress)


def release(
    workspace: Workspace, wish: Wish, progress: Progress = lambda *_: None, build: Builder = build_now
) -> Released | Shared:
    """Build, judge, pack: ``build/release/VERSION``, which appears whole or not at all; of a shard only its leaflets.

    Raises InvalidInput if nothing can be released, or the version is there already with other bytes.
    """
    if not is_version(wish.version):
        hint = "letters, digits and . _ + -, a letter or a digit first: such as 1.0, or 2026-11-22"
        raise _refused("release-version", f"“{wish.version}” cannot name a release", hint)
    with _alone(workspace):
        warnings = _join(workspace, wish.joined)
        earlier = wish.previous or newest_before(workspace.root, wish.version)
        fresh, scratch = (workspace.root / RELEASES / f".new-{wish.version}{each}" for each in ("", ".previous"))
        try:
            published = earlier_release(earlier, scratch) if earlier is not None else None
            gate, facts = _known(workspace, wish, published)
            packing = Packing(workspace.root, fresh, facts, published)
            options = Options(
                documents=wish.documents,
                jobs=wish.jobs,
                cluster=wish.cluster,
                site=packing.site,
                gate=gate,
                shard=wish.shard,
            )
            report = build(workspace, options, progress)
            if wish.shard is not None:
                return Shared(wish.shard.folder, report.diagnostics)
            _refuse_nothing(report)
            manifest, sums = packing.pack(report)
            again = _put_in_place(fresh, workspace.root / RELEASES / wish.version, sums)
        finally:
            remove_tree(fresh)
            remove_tree(scratch)
    previous = published.manifest.version if published is not None else ""
    return Released(PurePosixPath(RELEASES, wish.version), manifest, previous, again, (*warnings, *report.diagnostics))


def _refuse_nothing(report: Report) -> None:
    """Raises InvalidInput, with all reasons, if nothing is left to be released."""
    if not report.artifacts:
        found = in_order((*report.diagnostics, *(why for each in report.left_out for why in each.reasons)))
        hint = "mend what is said above"
        raise InvalidInput(
            (*found, Diagnostic("release-empty", "nothing can be released", Location("sources"), hint=hint))
        )


def _put_in_place(fresh: Path, place: Path, sums: str) -> bool:
    """Whether the release was there already, to the byte. Raises InvalidInput if it was there with other bytes."""
    if not place.exists():
        fresh.rename(place)
        return False
    if (place / SUMS).is_file() and (place / SUMS).read_text("utf-8", "replace") == sums:
        return True
    message = f"{place.name} is released already, with other bytes: a release does not change"
    raise _refused("release-exists", message, "give this one another version")


def _known(workspace: Workspace, wish: Wish, published: Published | None) -> tuple[Gate, Facts]:
    """What the inputs say, read once; they are let go before the build reads them."""
    options = Options(documents=wish.documents)
    inputs = workspace.read(wish.documents)
    _refuse_unread(workspace, inputs, wish)
    sources = {each.id: _digest(workspace, each) for each in inputs.documents}
    gate = Gate.of(inputs, sources, check(workspace, options), wish.lenience)
    named = {(domain, tag): credit(each) for (tag, domain), each in inputs.catalogs.items()}
    settings = inputs.settings
    day, source = _day(inputs.documents), settings.source_locale.tag
    facts = Facts(wish.version, settings.title, settings.address, source, day, named)
    return gate.after(published) if published is not None else gate, facts


def _refuse_unread(workspace: Workspace, inputs: Inputs, wish: Wish) -> None:
    """Raises InvalidInput if a document cannot be read: it would vanish from what is published."""
    there = {path.stem for path in (workspace.root / "sources").glob("*.md")}
    lost = there & set(wish.documents or there) - {each.id for each in inputs.documents}
    if lost:
        paths = {f"sources/{name}.md" for name in lost}
        found = [each for each in inputs.diagnostics if each.location.path in paths]
        raise InvalidInput(found if has_errors(found) else inputs.diagnostics)


def _digest(workspace: Workspace, document: Document) -> str:
    return hashlib.sha256(workspace.bytes_of(PurePosixPath(document.path)) or b"").hexdigest()


def _day(documents: Iterable[Document]) -> date | None:
    """The day of SOURCE_DATE_EPOCH, else the last one that a source names; None if none does."""
    try:
        return datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC).date()
    except (KeyError, ValueError, OverflowError, OSError):
        days = [day for each in documents for day in (each.adopted, *(group.as_of for group in each.groups)) if day]
        return max(days, default=None)


def _join(workspace: Workspace, folders: Sequence[Path]) -> tuple[Diagnostic, ...]:
    """Take over what other machines have made; what was left out of it, as warnings. Raises InvalidInput if it is no shard."""
    if not folders:
        return ()
    from pipeline.build import whole_likeness

    _, warnings = join(folders, Store(store_folder(workspace.root)), whole_likeness(workspace))
    return warnings


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """One release at a time; what an earlier one left unfinished is swept away. Raises InvalidInput if another is at it."""
    folder = workspace.root / RELEASES
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(workspace.root / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _refused("locked", "another release is being made here just now", "wait until it has finished") from None
    try:
        for path in folder.glob(".new-*"):
            remove_tree(path)
        yield
    finally:
        lock.release()


def _refused(code: str, message: str, hint: str) -> InvalidInput:
    return InvalidInput([Diagnostic(code, message, Location(RELEASES), hint=hint)])
