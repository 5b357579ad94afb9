"""``polyleaf recover``: translations that only the ledgers remember are found, and put back into their catalogs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.saving import LEDGER, history, ledger_path, save, writing
from pipeline.translation.catalog import Catalog, parse_catalog
from pipeline.translation.ledger import Kept
from pipeline.translation.recovery import hidden, recovered
from pipeline.workspace import Workspace

_CHOICE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: in these languages and documents (none: all), with these words in the msgid or msgstr."""

    locales: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A translation that its catalog does not show any more; ``number`` counts from 1 in the list that was asked for."""

    number: int
    locale: Locale
    domain: str
    kept: Kept

    def as_dict(self) -> dict[str, object]:
        """The same for programs."""
        message = self.kept.message
        return {
            "number": self.number,
            "id": self.kept.id,
            "locale": self.locale.tag,
            "document": self.domain,
            "msgctxt": message.msgctxt,
            "msgid": message.msgid,
            "msgstr": list(message.msgstr),
            "fuzzy": message.fuzzy,
            "why": self.kept.why,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """All that was lost, and what there is to say of the ledgers."""

    lost: tuple[Lost, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was put back, the files written, and what there is to say of them."""

    lost: tuple[Lost, ...]
    written: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def find_lost(workspace: Workspace, wanted: Wanted) -> Found:
    """The translations that the ledgers hold and the catalogs do not show, by language and document."""
    lost: list[Lost] = []
    complaints: list[Diagnostic] = []
    for locale, domain in _ledgers(workspace, wanted):
        try:
            _, catalog = _catalog(workspace, locale, domain)
        except InvalidInput as invalid:
            complaints += invalid.diagnostics
            continue
        past = history(workspace, locale.tag, domain)
        complaints += _skipped(str(ledger_path(locale.tag, domain)), past.skipped)
        for kept in hidden(past, catalog):
            if wanted.text.casefold() in "\n".join((kept.message.msgid, *kept.message.msgstr)).casefold():
                lost.append(Lost(len(lost) + 1, locale, domain, kept))
    return Found(tuple(lost), tuple(complaints))


def put_back(workspace: Workspace, wanted: Wanted, choices: Iterable[str]) -> Recovered:
    """Put translations back, by their numbers in the list or their ids. Raises InvalidInput if one is none of the list."""
    with writing(workspace):
        found = find_lost(workspace, wanted)
        chosen = _chosen(found.lost, tuple(choices))
        written: list[str] = []
        complaints = list(found.diagnostics)
        for (locale, domain), each in groupby(chosen, lambda lost: (lost.locale, lost.domain)):
            before, catalog = _catalog(workspace, locale, domain)
            path = workspace.catalog_path(locale.tag, domain)
            if catalog is None:
                hint = "run polyleaf update, which begins it; then recover again"
                place = Location(str(path))
                complaints.append(Diagnostic("catalog-missing", "there is no such catalog", place, hint=hint))
                continue
            for lost in each:
                catalog = recovered(catalog, lost.kept.message)
            saved = save(workspace, path, before, catalog, "recover")
            written += [str(path)] if saved.written else []
            complaints += saved.diagnostics
    return Recovered(chosen, tuple(written), tuple(complaints))


def _ledgers(workspace: Workspace, wanted: Wanted) -> Iterator[tuple[Locale, str]]:
    for path in sorted((workspace.root / LEDGER).glob("*/*.jsonl")):
        try:
            locale = workspace.settings.locale(path.parent.name)
        except ValueError:
            continue
        if wanted.locales and locale.tag not in wanted.locales:
            continue
        if wanted.documents and path.stem not in wanted.documents:
            continue
        yield locale, path.stem


def _catalog(workspace: Workspace, locale: Locale, domain: str) -> tuple[bytes | None, Catalog | None]:
    path = workspace.catalog_path(locale.tag, domain)
    content = workspace.bytes_of(path)
    return content, parse_catalog(content, str(path), locale) if content is not None else None


def _skipped(path: str, lines: tuple[int, ...]) -> Iterator[Diagnostic]:
    hint = "it does no harm; take the line away if nobody knows what it was"
    for line in lines:
        message = "this line of the ledger is damaged or not Polyleaf’s; it is passed over"
        yield Diagnostic("ledger-line", message, Location(path, line), "warning", hint)


def _chosen(lost: tuple[Lost, ...], choices: tuple[str, ...]) -> tuple[Lost, ...]:
    """Those of the list that are meant, in its order. ``all`` is every one; numbers may be 3, 5-7 or 3,5."""
    numbers: set[int] = set()
    unknown: list[str] = []
    by_id = {each.kept.id: each.number for each in lost}
    for choice in (part.strip() for each in choices for part in each.split(",")):
        match = _CHOICE.fullmatch(choice)
        if choice == "all":
            numbers.update(by_id.values())
        elif choice in by_id:
            numbers.add(by_id[choice])
        elif match and 1 <= int(match[1]) <= int(match[2] or match[1]) <= len(lost):
            numbers.update(range(int(match[1]), int(match[2] or match[1]) + 1))
        else:
            unknown.append(choice)
    if unknown:
        hint = "look at the list with the same options, without --apply; numbers change when something was put back"
        said = (f"“{each}” is none of the {len(lost)} translations found" for each in unknown)
        raise InvalidInput([Diagnostic("recover-number", each, Location(str(LEDGER)), hint=hint) for each in said])
    return tuple(each for each in lost if each.number in numbers)
