"""Two people's versions of one catalog become one: entry by entry, and nothing that either translated is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from pipeline.diagnostics import Diagnostic, Location, short
from pipeline.translation.catalog import Catalog, form_count, parse_catalog, serialize
from pipeline.translation.message import Key, Message, State
from pipeline.translation.remarks import alternatives, with_alternatives
from pipeline.translation.successors import Homecoming, by_key, homecomings, moves, said
from pipeline.translation.three_way_header import combined_header, three_way


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people translated one text differently; both are kept in the combined catalog."""

    ours: Message
    theirs: Message
    merged: Message


@dataclass(frozen=True, slots=True)
class Combined:
    """``catalog`` is ours with what theirs adds, ``taken`` are its messages whose translation came from theirs.

    ``renamed`` are messages whose msgid somebody changed by hand: as they came, and as they are in the catalog.
    """

    catalog: Catalog
    conflicts: tuple[Conflict, ...]
    taken: tuple[Message, ...]
    renamed: tuple[tuple[Message, Message], ...] = ()


class _Merged(NamedTuple):
    message: Message
    taken: bool = False
    conflict: Conflict | None = None


class _Entry(NamedTuple):
    """One text in the three versions; ``frame`` is ours or theirs, whichever gives all but the translation.

    ``edited`` if somebody had changed the msgid of the other one by hand.
    """

    base: Message | None
    ours: Message
    theirs: Message
    frame: Message
    edited: bool


def combine(base: Catalog | None, ours: Catalog, theirs: Catalog, frame: Catalog | None = None) -> Combined:
    """The two versions of a catalog as one; ``base`` is what both began with, None if nobody knows.

    The messages and their order are those of ``frame``, which is ``ours`` or ``theirs`` (default: ours); what only the
    other has is kept as obsolete. What only one of the two changed is taken from there. Where both did, a finished
    translation wins over a fuzzy one, ours over theirs, and the other one goes into a comment.
    """
    is_theirs = frame is theirs and ours is not theirs
    frame, other = (theirs, ours) if is_theirs else (ours, theirs)
    comings = tuple(homecomings(base, frame, other))
    header = combined_header(base, ours, theirs, everything=is_theirs)
    catalog = replace(ours, header=header)
    merged = list(_merged_entries(base, frame, comings, is_theirs))
    left = tuple(_left_over(base, frame, comings, merged, is_theirs))
    forms, newline = form_count(catalog), ours.layout.newline
    ready = [each._replace(message=_with_line_ends(_fitted(each.message, forms), newline)) for each in (*merged, *left)]
    by_name = {each.message.key: each.message for each in ready}
    return Combined(
        replace(catalog, messages=tuple(each.message for each in ready)),
        tuple(replace(each.conflict, merged=each.message) for each in ready if each.conflict is not None),
        tuple(each.message for each in ready if each.taken),
        tuple((each.came, by_name[each.home.key]) for each in comings if each.edited and each.home.key in by_name),
    )


def complaints(combined: Combined, content: bytes | None = None) -> Iterator[Diagnostic]:
    """What people have to look at: a warning for each conflict and each msgid that was changed by hand.

    ``content`` is the combined catalog as it was written, for the lines; by default as ``serialize`` writes it.
    """
    if not combined.conflicts and not combined.renamed:
        return
    catalog = combined.catalog
    written = parse_catalog(serialize(catalog) if content is None else content, catalog.path, catalog.locale)
    lines = {key: message.line for key, message in by_key(written).items()}
    tag = catalog.locale.tag if catalog.locale is not None else ""
    for conflict in combined.conflicts:
        message = f"two people translated “{short(conflict.merged.msgid)}” differently; both are in the file"
        hint = "keep the better one as msgstr and delete the comment “another translation: …”"
        place = Location(catalog.path, lines.get(conflict.merged.key, 0))
        yield Diagnostic("translation-conflict", message, place, "warning", hint, tag)
    for came, home in combined.renamed:
        message = f"the msgid “{short(home.msgid)}” came back as “{short(came.msgid)}”; its translation was kept"
        hint = "look whether the msgstr fits; msgids belong to the source: translate only the msgstr"
        place = Location(catalog.path, lines.get(home.key, 0))
        yield Diagnostic("msgid-edited", message, place, "warning", hint, tag)


def _merged_entries(
    base: Catalog | None, frame: Catalog, comings: tuple[Homecoming, ...], is_theirs: bool
) -> Iterator[_Merged]:
    """The frame's messages, each with what the other version has under its key."""
    based, present = by_key(base), by_key(frame)
    before = {new: old for old, new in moves(base, frame).items()} if base is not None else {}
    partners = _best([each.home for each in comings])
    edited = {id(each.home) for each in comings if each.edited}
    for message in frame.messages:
        partner = partners.get(message.key)
        if message is not present[message.key] or partner is None:
            yield _Merged(message, taken=is_theirs and any(message.msgstr))
            continue
        known = based.get(message.key)
        if known is None and message.key in before:
            old = based[before[message.key]]
            known = replace(old, fuzzy=old.fuzzy or message.fuzzy)
        ours, theirs = (partner, message) if is_theirs else (message, partner)
        yield _merge(_Entry(known, ours, theirs, message, id(partner) in edited))


def _best(messages: list[Message]) -> dict[Key, Message]:
    found: dict[Key, Message] = {}
    for message in messages:
        known = found.get(message.key)
        if known is None or (not message.obsolete, any(message.msgstr)) > (not known.obsolete, any(known.msgstr)):
            found[message.key] = message
    return found


def _merge(entry: _Entry) -> _Merged:
    """One message of the two; itself, to the byte, if it is one of them."""
    ours, theirs = entry.ours, entry.theirs
    choice = _choice(entry.base, ours, theirs)
    if entry.edited and any(entry.frame.msgstr):
        choice = "ours" if entry.frame is ours else "theirs"
    winner, loser = (theirs, ours) if choice == "theirs" else (ours, theirs)
    msgstr = _filled(winner, loser)
    inherited = set(entry.base.msgstr) if entry.base is not None else set()
    lost = [text for text in loser.msgstr if text and text not in msgstr and text not in inherited]
    base = entry.base if entry.base is not None else Message(entry.frame.msgid)
    previous = theirs if choice == "theirs" or (said(ours) == said(theirs) and _previous(ours, base)) else ours
    made = replace(
        entry.frame,
        msgstr=msgstr,
        fuzzy=winner.fuzzy if any(winner.msgstr) or ours.fuzzy != base.fuzzy else theirs.fuzzy,
        flags=three_way(base.flags, ours.flags, theirs.flags),
        translator_comments=three_way(base.translator_comments, ours.translator_comments, theirs.translator_comments),
        previous_msgid=previous.previous_msgid,
        previous_msgctxt=previous.previous_msgctxt,
        previous_msgid_plural=previous.previous_msgid_plural,
        raw=None,
        line=0,
    )
    made = with_alternatives(made, lost)
    merged = next((each for each in (ours, theirs) if each == made), made)
    taken = said(merged) != said(ours) and any(theirs.msgstr)
    return _Merged(merged, taken, Conflict(ours, theirs, merged) if choice == "both" and lost else None)


def _previous(message: Message, base: Message) -> bool:
    """Whether the message says the same as the base about what its translation was made for."""
    return (message.previous_msgid, message.previous_msgctxt, message.previous_msgid_plural) == (
        base.previous_msgid,
        base.previous_msgctxt,
        base.previous_msgid_plural,
    )


def _choice(base: Message | None, ours: Message, theirs: Message) -> Literal["ours", "theirs", "both"]:
    """Whose translation stays; both, if two people changed it and neither is the better one for sure."""
    if said(ours) == said(theirs) or not any(theirs.msgstr):
        return "ours"
    if not any(ours.msgstr):
        return "theirs"
    if base is not None and said(theirs) == said(base):
        return "ours"
    if base is not None and said(ours) == said(base):
        return "theirs"
    ours_done, theirs_done = (each.state is State.TRANSLATED for each in (ours, theirs))
    if ours_done != theirs_done:
        return "ours" if ours_done else "theirs"
    return "ours" if ours.msgstr == theirs.msgstr else "both"


def _filled(winner: Message, loser: Message) -> tuple[str, ...]:
    """The winner's texts; plural forms that it has none for are the other's, if both are as far."""
    if len(winner.msgstr) != len(loser.msgstr) or (winner.fuzzy != loser.fuzzy and any(winner.msgstr)):
        return winner.msgstr
    return tuple(mine or other for mine, other in zip(winner.msgstr, loser.msgstr, strict=True))


def _left_over(
    base: Catalog | None, frame: Catalog, comings: tuple[Homecoming, ...], merged: list[_Merged], is_theirs: bool
) -> Iterator[_Merged]:
    """What only the other version has, as obsolete messages; what stands twice goes into comments of ``merged``.

    Left out is what the base had too and the frame has taken up elsewhere.
    """
    based, present = by_key(base), by_key(frame)
    index = {id(message): number for number, message in enumerate(frame.messages)}
    best = {id(each) for each in _best([each.home for each in comings]).values()}
    surviving = {text for each in merged for text in _texts(each.message)}
    for coming in comings:
        home = coming.home
        if home.key in present and id(home) in best:
            continue
        texts = _texts(home)
        inherited = said(home) == said(based.get(home.key)) or not any(home.msgstr)
        if not texts or (inherited and surviving.issuperset(texts)):
            continue
        if home.key not in present and id(home) in best:
            yield _Merged(_obsolete(home), taken=not is_theirs and any(home.msgstr))
        elif home.key in present:
            number = index[id(present[home.key])]
            more = [text for text in texts if text not in _texts(merged[number].message)]
            merged[number] = merged[number]._replace(message=with_alternatives(merged[number].message, more))
        else:
            yield _Merged(_obsolete(home))


def _texts(message: Message) -> list[str]:
    """All translations that a message holds, those in its comments included."""
    return [*filter(None, message.msgstr), *alternatives(message)]


def _obsolete(message: Message) -> Message:
    if message.obsolete:
        return message
    return replace(message, obsolete=True, extracted_comments=(), references=(), raw=None, line=0)


def _fitted(message: Message, forms: int) -> Message:
    """The message with as many msgstr as it must have; a text too many becomes a comment."""
    count = 1 if message.msgid_plural is None else forms
    is_kept = message.obsolete and message.msgid_plural is not None
    if is_kept or len(message.msgstr) == count:
        return message
    msgstr = (*message.msgstr[:count], *("",) * (count - len(message.msgstr)))
    if count == 1 and not msgstr[0]:
        msgstr = (next(filter(None, message.msgstr), ""),)
    surplus = [text for text in message.msgstr[count:] if text and text not in msgstr]
    fitted = replace(message, msgstr=msgstr, fuzzy=message.fuzzy or any(message.msgstr), raw=None, line=0)
    return with_alternatives(fitted, surplus)


def _with_line_ends(message: Message, newline: str) -> Message:
    """The message with the line ends of the file that it goes to."""
    if message.raw is None or ("\r\n" in message.raw) == (newline == "\r\n"):
        return message
    return replace(message, raw=message.raw.replace("\r\n", "\n").replace("\n", newline))
