"""What an edit changed, word by word, as a comment to the translator: ``changed 2026-11-22: Nobody [-sells-] {+buys+}``.

The marks are wdiff's. The day is the one on which the update first saw the change; it stays while the message is fuzzy
with that previous msgid.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from rapidfuzz.distance import Indel

from pipeline.translation.message import Message
from pipeline.translation.similarity import UNSPACED

_CHANGED = re.compile(r"changed(?: (\d{4}-\d\d-\d\d))?: ")
_TOKEN = re.compile(rf"[^\S\r\n]*(?:\r\n?|\n|[{UNSPACED}]|[^\s{UNSPACED}]+)")
_SHOWN = str.maketrans({"\n": "\\n", "\r": "\\r"})
#: Unchanged words shown on each side of a change.
_AROUND = 4
_NO_WORD = "not a word; please confirm the translation"


def word_diff(old: str, new: str) -> str:
    """Both texts in one line, in wdiff's marks; empty if they differ in no word.

    >>> word_diff("Nobody may sell bread", "Nobody may buy bread")
    'Nobody may [-sell-] {+buy+} bread'
    """
    olds, news = _TOKEN.findall(old), _TOKEN.findall(new)
    before, after = ([token.lstrip(" \t") for token in tokens] for tokens in (olds, news))
    shown: list[str] = []
    removed: list[str] = []
    added: list[str] = []
    changes = 0
    for step in Indel.opcodes(before, after):
        if step.tag == "delete":
            removed += olds[step.src_start : step.src_end]
        elif step.tag == "insert":
            added += news[step.dest_start : step.dest_end]
        else:
            shown += _marked(removed, added)
            changes += bool(removed or added)
            removed, added = [], []
            ahead = step.dest_end < len(news) or step.src_end < len(olds)
            shown.append(_unchanged(news[step.dest_start : step.dest_end], changes > 0, ahead))
    shown += _marked(removed, added)
    return " ".join(shown) if changes or removed or added else ""


def with_wording(message: Message, before: Message | None, today: date | None) -> Message:
    """The message with the comment on its change as the last of the extracted ones; without, if it is not fuzzy.

    ``before`` is the message as it was: what it says of the day of this change stays, also if it says nothing.
    """
    if not message.fuzzy or message.previous_msgid is None or not any(message.msgstr):
        return message
    is_known = before is not None and wording_of(before) and before.previous_msgid == message.previous_msgid
    day = changed_on(before) if is_known and before is not None else today
    wording = word_diff(message.previous_msgid, message.msgid) or _NO_WORD
    comment = f"changed {day.isoformat()}: {wording}" if day is not None else f"changed: {wording}"
    return replace(message, extracted_comments=(*message.extracted_comments, comment), raw=None, line=0)


def wording_of(message: Message) -> str:
    """The comment on its change; empty if there is none."""
    last = message.extracted_comments[-1] if message.extracted_comments else ""
    return last if message.fuzzy and message.previous_msgid is not None and _CHANGED.match(last) else ""


def changed_on(message: Message) -> date | None:
    """The day on which an update first saw that the text of this message had changed; None if it is not known."""
    match = _CHANGED.match(wording_of(message))
    try:
        return date.fromisoformat(match[1]) if match is not None and match[1] else None
    except ValueError:
        return None


def previous(message: Message) -> str | None:
    """The text that a fuzzy message's translation was made for; None if it is not fuzzy or does not say."""
    return message.previous_msgid if message.fuzzy else None


def _marked(removed: list[str], added: list[str]) -> list[str]:
    """A change, first what it took away."""
    return [f"[-{_line(removed)}-]"] * bool(removed) + [f"{{+{_line(added)}+}}"] * bool(added)


def _unchanged(tokens: list[str], behind: bool, ahead: bool) -> str:
    """A stretch that stayed, with ``…`` for its middle; its edges are shown where they touch a change."""
    first, last = tokens[: _AROUND * behind], tokens[-_AROUND * ahead :] if ahead else []
    if len(first) + len(last) + 1 >= len(tokens):
        return _line(tokens)
    return " ".join(filter(None, (_line(first), "…", _line(last))))


def _line(tokens: list[str]) -> str:
    return " ".join("".join(tokens).translate(_SHOWN).split())
