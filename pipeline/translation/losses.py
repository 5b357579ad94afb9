"""Which translations a catalog would lose if another version took its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline.translation.amnesty import essence
from pipeline.translation.catalog import Catalog
from pipeline.translation.message import Key, Message
from pipeline.translation.remarks import alternatives
from pipeline.translation.successors import by_key

# A new wording may be this many letters shorter, or half as long: it takes the old one's place.
_SHORTER = 12


def texts_of(message: Message) -> tuple[str, ...]:
    """All translations that a message holds, those that its comments remember included."""
    return (*filter(None, message.msgstr), *alternatives(message))


def lost(before: Catalog, after: Catalog) -> tuple[tuple[Message, str], ...]:
    """The texts that are gone, with their messages: neither there, nor elsewhere, nor replaced by another wording.

    An address that was swapped and a text that moved, into a comment or another message, are no loss.
    """
    same = {id(each) for each in before.messages}.intersection(id(each) for each in after.messages)
    old, new = ([each for each in side.messages if id(each) not in same] for side in (before, after))
    then, now = set(_pairs(old)), set(_pairs(new))
    missing = [
        (message, text)
        for message in old
        for text in dict.fromkeys(texts_of(message))
        if (message.key, text) not in now
    ]
    if not missing:
        return ()
    fresh = Counter(essence(text) for key, text in now if (key, text) not in then)
    successors = by_key(after)
    gone = []
    for message, text in missing:
        if fresh[essence(text)]:
            fresh[essence(text)] -= 1
            continue
        successor = successors.get(message.key)
        longest = max(map(len, successor.msgstr), default=0) if successor is not None else 0
        if longest and longest >= min(len(text) - _SHORTER, len(text) / 2):
            continue
        gone.append((message, text))
    return tuple(gone)


def _pairs(messages: Iterable[Message]) -> Iterator[tuple[Key, str]]:
    for message in messages:
        for text in texts_of(message):
            yield message.key, text
