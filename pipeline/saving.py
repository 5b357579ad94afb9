"""Everything that writes catalogs: one writer at a time, nothing overwritten that somebody saved meanwhile, nothing lost.

What a catalog says no more is written to its ledger first, ``locales/.ledger/<tag>/<domain>.jsonl``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from filelock import FileLock, Timeout

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, short
from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.ledger import (
    History,
    known_ids,
    snapshot_line,
    snapshot_of,
    state_id,
    state_line,
    superseded,
    translated,
)
from pipeline.translation.losses import lost, texts_of
from pipeline.translation.message import Message
from pipeline.translation.three_way import Combined, Conflict, combine, complaints
from pipeline.word_count import word_count
from pipeline.workspace import Workspace

LOCK = "locales/.lock"
LEDGER = PurePosixPath("locales", ".ledger")


@dataclass(frozen=True, slots=True)
class Saved:
    """Whether a file was written; what two people had translated differently; what there is to say of it."""

    written: bool
    conflicts: tuple[Conflict, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a catalog is saved, in a word for the ledger, and whether the user agrees that translations go.

    ``was`` is the catalog in the bytes that it was made from, if they have been parsed already: it saves time.
    """

    why: str
    accept_loss: bool = False
    was: Catalog | None = None


@contextmanager
def writing(workspace: Workspace, wait_s: float = 10.0) -> Iterator[None]:
    """The right to write catalogs, for one Polyleaf at a time. Who has it may ask again.

    Raises InvalidInput if another one keeps it for longer than ``wait_s``.
    """
    (workspace.root / "locales").mkdir(parents=True, exist_ok=True)
    lock = FileLock(workspace.root / LOCK, is_singleton=True)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        message = "another Polyleaf is writing catalogs here just now"
        hint = "wait until it has finished, then try again"
        raise InvalidInput([Diagnostic("locked", message, Location(LOCK), hint=hint)]) from None
    try:
        if lock.lock_counter == 1:
            _sweep(workspace)
        yield
    finally:
        lock.release()


def _sweep(workspace: Workspace) -> None:
    """Take away what a Polyleaf that was killed had not finished writing; nobody else writes now."""
    for path in (workspace.root / "locales").glob("*/.new-*"):
        path.unlink(missing_ok=True)


def save(
    workspace: Workspace, path: PurePosixPath, before: bytes | None, catalog: Catalog, why: str | Purpose
) -> Saved:
    """Write a catalog that was made from the bytes ``before``. Nothing is written if nothing changed.

    If somebody saved the file meanwhile, both versions are combined. Raises InvalidInput, and writes nothing, if the file
    on the disk cannot be read, or translations would be lost and nobody agreed.
    """
    purpose = why if isinstance(why, Purpose) else Purpose(why)
    wrap = workspace.settings.translating.wrap
    wanted = serialize(catalog, wrap)
    with writing(workspace):
        disk = workspace.bytes_of(path)
        if wanted in (disk, before) and disk is not None:
            return Saved(False)
        if disk is None:
            return Saved(workspace.write(path, wanted))
        is_ours = disk == before
        there = purpose.was if is_ours and purpose.was is not None else parse_catalog(disk, str(path), catalog.locale)
        combined = Combined(catalog, (), ()) if is_ours else _joined(before, there, catalog, str(path))
        final, content = combined.catalog, serialize(combined.catalog, wrap)
        if content == disk:
            return Saved(False)
        if not purpose.accept_loss:
            _refuse_loss(there, final, str(path))
        if final.locale is not None:
            gone = superseded((*there.messages, *catalog.messages), final.messages)
            record(workspace, final.locale.tag, path.stem, gone, purpose.why)
        workspace.write(path, content)
        return Saved(True, combined.conflicts, tuple(complaints(combined, content)))


def _joined(before: bytes | None, there: Catalog, made: Catalog, path: str) -> Combined:
    """What somebody saved meanwhile, with what was made of the bytes ``before``: the messages and order of the latter."""
    combined = combine(_readable(before, path, made.locale), there, made, frame=made)
    return replace(combined, catalog=replace(combined.catalog, path=path))


def record(workspace: Workspace, tag: str, domain: str, messages: Iterable[Message], why: str) -> int:
    """How many states the ledger did not know yet; they are on the disk when this returns."""
    states = {state_id(each): each for each in translated(messages)}
    known = known_ids(_ledger_text(workspace, tag, domain), states)
    new = [state_line(each, why) for name, each in states.items() if name not in known]
    _append(workspace, tag, domain, new)
    return len(new)


def snapshot(workspace: Workspace, tag: str, domain: str, catalog: Catalog) -> str:
    """The id under which the ledger remembers what the catalog says now, so that its copies can be merged one day."""
    taken = snapshot_of(catalog)
    with writing(workspace):
        record(workspace, tag, domain, catalog.messages, "snapshot")
        if taken.id not in {each.id for each in history(workspace, tag, domain).snapshots}:
            _append(workspace, tag, domain, [snapshot_line(taken)])
    return taken.id


def history(workspace: Workspace, tag: str, domain: str) -> History:
    """What the ledger knows of a catalog; lines that nobody can read are skipped and counted."""
    return History.parse(_ledger_text(workspace, tag, domain))


def ledger_path(tag: str, domain: str) -> PurePosixPath:
    """Where the ledger of a catalog is."""
    return LEDGER / tag / f"{domain}.jsonl"


def _ledger_text(workspace: Workspace, tag: str, domain: str) -> str:
    return (workspace.bytes_of(ledger_path(tag, domain)) or b"").decode("utf-8", "replace")


def _append(workspace: Workspace, tag: str, domain: str, lines: Iterable[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    if text:
        with writing(workspace):
            workspace.append(ledger_path(tag, domain), text.encode())


def _readable(content: bytes | None, path: str, locale: Locale | None) -> Catalog | None:
    """The catalog in the bytes; None if there are none, or nobody can read them."""
    if content is None:
        return None
    try:
        return parse_catalog(content, path, locale)
    except InvalidInput:
        return None


def _refuse_loss(before: Catalog, after: Catalog, path: str) -> None:
    """Raises InvalidInput if there would be fewer translated words, with every message whose translation would go."""
    gone = lost(before, after)
    if not gone or _words(after) >= _words(before):
        return
    hint = (
        "nothing was written; if that is what you want, say --accept-loss: the ledger keeps them for polyleaf recover"
    )
    tag = before.locale.tag if before.locale is not None else ""
    found = []
    for message, text in gone:
        words, name = word_count(text), short(message.msgid)
        said = f"the translation of “{name}” would be lost, {words} word{'s' * (words != 1)}"
        found.append(Diagnostic("translation-loss", said, Location(path, message.line), "error", hint, tag))
    raise InvalidInput(found)


def _words(catalog: Catalog) -> int:
    return sum(word_count(text) for each in catalog.messages for text in texts_of(each))
