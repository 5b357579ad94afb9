"""The ledger of a catalog: every translation that was superseded, one JSON line each. Lines ↔ History.

A line is known by its content: ``id`` is the beginning of a SHA-256 over msgctxt, msgid, msgstr and fuzzy. So the order
of the lines says nothing, the same line twice is one, and git may merge two ledgers by putting both behind each other
(``merge=union``). There are no dates and no names.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.translation.catalog import Catalog
from pipeline.translation.message import Key, Message
from pipeline.translation.remarks import alternatives

BASE_HEADER = "X-Polyleaf-Base"
_ID_LENGTH = 16
_ID = re.compile(r'"id":"([0-9a-f]{16})"')


@dataclass(frozen=True, slots=True)
class Kept:
    """A state that a message was in, and why it was kept: update, kit, recover …"""

    id: str
    message: Message
    why: str = ""

    @property
    def key(self) -> Key:
        return self.message.key


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which states a catalog had when it was handed out."""

    id: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """A ledger: its states and snapshots, each once; ``skipped`` are the lines that nobody could read."""

    states: tuple[Kept, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    skipped: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> History:
        """The history in a ledger's text. A torn or foreign line is skipped: the others are as good as before."""
        states: dict[str, Kept] = {}
        snapshots: dict[str, Snapshot] = {}
        skipped: list[int] = []
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            match _read(line):
                case Kept() as kept:
                    states.setdefault(kept.id, kept)
                case Snapshot() as snapshot:
                    snapshots.setdefault(snapshot.id, snapshot)
                case None:
                    skipped.append(number)
        return cls(tuple(states.values()), tuple(snapshots.values()), tuple(skipped))

    @cached_property
    def by_id(self) -> Mapping[str, Kept]:
        """The states by their ids."""
        return {each.id: each for each in self.states}

    @cached_property
    def _by_key(self) -> Mapping[Key, tuple[Message, ...]]:
        found: dict[Key, list[Message]] = {}
        for kept in self.states:
            found.setdefault(kept.message.key, []).append(kept.message)
        return {key: tuple(messages) for key, messages in found.items()}

    def versions(self, key: Key) -> tuple[Message, ...]:
        """All that a text was ever translated as, as far as the ledger knows."""
        return self._by_key.get(key, ())

    def base_of(self, returned: Catalog) -> Catalog | None:
        """What a catalog that came back was handed out as; None if no snapshot fits.

        A snapshot fits if the catalog's header names it, or if the catalog still has at least half of its states; the one
        that shares most wins. The header and messages without translation are not remembered.
        """
        ids = {state_id(each) for each in returned.messages}
        named = returned.header_value(BASE_HEADER)
        fitting = [
            (each.id == named, shared, -len(each.ids), each)
            for each in self.snapshots
            if (shared := len(ids.intersection(each.ids))) * 2 >= len(each.ids) > 0 or each.id == named
        ]
        if not fitting:
            return None
        chosen = max(fitting, key=lambda each: each[:3])[3]
        messages = (self.by_id[each].message for each in chosen.ids if each in self.by_id)
        return replace(returned, messages=tuple(messages))


def state_id(message: Message) -> str:
    """What a message's state is known by: 16 hexadecimal digits."""
    said = [message.msgctxt, message.msgid, list(message.msgstr), message.fuzzy]
    return _digest(json.dumps(said, ensure_ascii=True, separators=(",", ":")))


def state_line(message: Message, why: str) -> str:
    """The ledger's line for a message's state, without the line end."""
    fields: dict[str, object] = {"id": state_id(message)}
    if message.msgctxt is not None:
        fields["msgctxt"] = message.msgctxt
    fields["msgid"] = message.msgid
    if message.msgid_plural is not None:
        fields["msgid_plural"] = message.msgid_plural
    fields["msgstr"] = list(message.msgstr)
    if message.fuzzy:
        fields["fuzzy"] = True
    return _line({**fields, "why": why})


def snapshot_of(catalog: Catalog) -> Snapshot:
    """Which states a catalog has, known by those."""
    ids = tuple(dict.fromkeys(state_id(each) for each in translated(catalog.messages)))
    return Snapshot(_digest(" ".join(sorted(ids))), ids)


def snapshot_line(snapshot: Snapshot) -> str:
    """The ledger's line for a snapshot, without the line end."""
    return _line({"snapshot": snapshot.id, "ids": list(snapshot.ids)})


def translated(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The messages that have any text."""
    return tuple(each for each in messages if any(each.msgstr))


def superseded(before: Iterable[Message], after: Iterable[Message]) -> tuple[Message, ...]:
    """The states that messages had before and no message has now; another translation in a comment is one, too."""
    old, new = tuple(before), tuple(after)
    untouched = {id(each) for each in new}
    now = {_state(each) for message in new for each in _states(message)}
    left = (message for message in old if id(message) not in untouched)
    gone = {_state(each): each for message in left for each in _states(message)}
    return tuple(message for state, message in gone.items() if state not in now)


def known_ids(text: str, wanted: Collection[str]) -> frozenset[str]:
    """Those of the ids whose states a ledger's text has, whole; quicker than reading all of it."""
    found: set[str] = set()
    for match in _ID.finditer(text) if wanted else ():
        if match[1] in wanted and match[1] not in found:
            start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
            kept = _read(text[start : end if end >= 0 else len(text)])
            if isinstance(kept, Kept):
                found.add(kept.id)
    return frozenset(found)


def _state(message: Message) -> tuple[Key, tuple[str, ...], bool]:
    return message.key, message.msgstr, message.fuzzy


def _states(message: Message) -> tuple[Message, ...]:
    own = (message,) if any(message.msgstr) else ()
    others = (replace(message, msgstr=(text,), fuzzy=True, raw=None, line=0) for text in alternatives(message))
    return (*own, *others)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]


def _line(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).replace("\u2028", "\\u2028")


def _read(line: str) -> Kept | Snapshot | None:
    """What a line says; None if it is none of ours, or says something else than its id."""
    try:
        fields = json.loads(line)
        line.encode()
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    return _snapshot(fields) if "snapshot" in fields else _kept(fields)


def _kept(fields: Mapping[str, object]) -> Kept | None:
    msgctxt, msgid, plural = fields.get("msgctxt"), fields.get("msgid"), fields.get("msgid_plural")
    msgstr, fuzzy, why = fields.get("msgstr"), fields.get("fuzzy", False), fields.get("why", "")
    if not (_is_text(msgid) and msgid and all(each is None or _is_text(each) for each in (msgctxt, plural))):
        return None
    if not (isinstance(msgstr, list) and msgstr and all(map(_is_text, msgstr)) and isinstance(fuzzy, bool)):
        return None
    message = Message(
        msgid=str(msgid),
        msgstr=tuple(msgstr),
        msgctxt=None if msgctxt is None else str(msgctxt),
        msgid_plural=None if plural is None else str(plural),
        fuzzy=fuzzy,
    )
    if fields.get("id") != state_id(message):
        return None
    return Kept(state_id(message), message, str(why) if _is_text(why) else "")


def _snapshot(fields: Mapping[str, object]) -> Snapshot | None:
    name, ids = fields.get("snapshot"), fields.get("ids")
    if not isinstance(ids, list) or not all(map(_is_text, ids)) or name != _digest(" ".join(sorted(ids))):
        return None
    return Snapshot(str(name), tuple(dict.fromkeys(ids)))


def _is_text(value: object) -> bool:
    """Whether a value is a text that a file can hold: JSON can spell letters that UTF-8 cannot."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value) and "\0" not in value
