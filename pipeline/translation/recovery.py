"""What a ledger holds that its catalog does not show any more, and how it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.translation.amnesty import essence
from pipeline.translation.catalog import Catalog
from pipeline.translation.ledger import History, Kept
from pipeline.translation.message import Key, Message
from pipeline.translation.remarks import alternatives, with_alternatives
from pipeline.translation.similarity import likeness
from pipeline.translation.successors import by_key

_VERSIONS_OF_ONE = 0.5


def hidden(history: History, catalog: Catalog | None) -> Iterator[Kept]:
    """The states whose texts the catalog shows nowhere: not with their msgid, nor with the text it was edited to."""
    shown: dict[str, list[Message]] = {}
    for message in catalog.messages if catalog is not None else ():
        for text in (*message.msgstr, *alternatives(message)):
            shown.setdefault(essence(text), []).append(message)
    seen: set[tuple[Key, tuple[str, ...]]] = set()
    for kept in history.states:
        name = (kept.key, kept.message.msgstr)
        texts = [text for text in kept.message.msgstr if text]
        if name not in seen and not all(_is_shown(kept.message, shown.get(essence(text), [])) for text in texts):
            seen.add(name)
            yield kept


def _is_shown(kept: Message, messages: list[Message]) -> bool:
    """Whether one of the messages with a text is the one that it was kept for, or that one's successor."""
    return any(
        message.key == kept.key
        or message.previous_msgid == kept.msgid
        or likeness(message.msgid, kept.msgid, _VERSIONS_OF_ONE) > 0
        for message in messages
    )


def recovered(catalog: Catalog, kept: Message) -> Catalog:
    """The catalog with a translation put back; nothing that is there is replaced.

    An untranslated message takes it as its msgstr, one that has a text as a comment; where the message is gone it comes
    back as an obsolete one.
    """
    known = by_key(catalog).get(kept.key)
    if known is None:
        gone = replace(kept, obsolete=True, raw=None, line=0)
        return replace(catalog, messages=(*catalog.messages, gone))
    texts = [text for text in kept.msgstr if text]
    if any(known.msgstr):
        there = (*known.msgstr, *alternatives(known))
        made = with_alternatives(known, [text for text in texts if text not in there])
    else:
        count = len(known.msgstr)
        whole = len(kept.msgstr) == count
        msgstr = (*kept.msgstr[:count], *("",) * (count - len(kept.msgstr)))
        made = replace(known, msgstr=msgstr, fuzzy=kept.fuzzy or not whole, raw=None, line=0)
        made = with_alternatives(made, [text for text in texts if text not in msgstr])
    return replace(catalog, messages=tuple(made if each is known else each for each in catalog.messages))
