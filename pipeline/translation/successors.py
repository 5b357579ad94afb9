"""Which message of one version of a catalog is which of another, where its key says nothing.

A source was edited and one side has the new text, or somebody changed a msgid by hand, which is never theirs to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipeline.translation.catalog import Catalog
from pipeline.translation.message import Key, Message, State
from pipeline.translation.remarks import origin
from pipeline.translation.similarity import Candidates, any_place, gaps, same_place

Said = tuple[tuple[str, ...], bool]


@dataclass(frozen=True, slots=True)
class Homecoming:
    """A message as it came and as it belongs into the other version; ``edited`` if somebody changed its msgid by hand."""

    came: Message
    home: Message
    edited: bool = False


def said(message: Message | None) -> Said:
    """What a message says: its texts and whether they are fuzzy; without any text always the same."""
    if message is None or not any(message.msgstr):
        return (), False
    return message.msgstr, message.fuzzy


def by_key(catalog: Catalog | None) -> dict[Key, Message]:
    """One message for each key: the live one, else the first obsolete one with a text."""
    found: dict[Key, Message] = {}
    for message in catalog.messages if catalog is not None else ():
        known = found.get(message.key)
        if known is None or _worth(message) > _worth(known):
            found[message.key] = message
    return found


def _worth(message: Message) -> tuple[bool, bool]:
    return (not message.obsolete, any(message.msgstr))


def frame_of(base: Catalog | None, ours: Catalog, theirs: Catalog) -> Catalog:
    """The one of the two whose messages and order are the newer ones: theirs, if only theirs followed its source."""
    if base is None or not _followed_source(base, theirs) or _followed_source(base, ours):
        return ours
    return theirs


def moves(reference: Catalog, frame: Catalog) -> dict[Key, Key]:
    """Keys of ``reference`` that ``frame`` has no more, with those that their texts were edited to."""
    known, present = by_key(reference), by_key(frame)
    gone = {each.key for each in reference.live if each.key not in present}
    new = [each for each in frame.live if each.key not in known]
    if not gone or not new:
        return {}
    found: dict[Key, Key] = {}
    for message in new:
        before = (message.previous_msgctxt, message.previous_msgid or "")
        if before in gone and before not in found:
            found[before] = message.key
    taken = set(found.values())
    for old_range, new_range in gaps([each.key for each in reference.live], [each.key for each in frame.live]):
        olds = [reference.live[index] for index in old_range]
        olds = [each for each in olds if each.key in gone and each.key not in found]
        news = [frame.live[index] for index in new_range]
        news = [each for each in news if each.key not in known and each.key not in taken]
        found.update((old, fresh) for fresh, old in _pairs(news, olds, same_place))
    return found


def homecomings(base: Catalog | None, frame: Catalog, other: Catalog) -> Iterator[Homecoming]:
    """The messages of ``other``, each under the key that it has in ``frame``, where one can be told."""
    edits = _hand_edits(base, frame, other)
    followed = moves(base if base is not None else other, frame)
    based, present, own = by_key(base), by_key(frame), by_key(other)
    for came in other.messages:
        home, edited = came, False
        if not came.obsolete and came.key in edits:
            home, edited = _restored(came, edits[came.key], based.get(edits[came.key].key)), True
        target = present.get(followed.get(home.key, home.key))
        if target is not None and target.key != home.key and target.key not in own:
            home = _moved(home, target, based.get(home.key), known=base is not None)
        yield Homecoming(came, home, edited)


def _followed_source(base: Catalog, side: Catalog) -> bool:
    """Whether a side was brought up to date since the base: translators change neither texts, places nor remarks."""
    if _is_updated(base, side):
        return True
    based = by_key(base)
    gone = {said(each) for each in base.live if side.get(each.key) is None and any(each.msgstr)}
    for message in side.live:
        before = based.get(message.key)
        if before is None:
            if said(message) in gone:
                return True
        elif (before.references, before.extracted_comments) != (message.references, message.extracted_comments):
            return True
    return False


def _is_updated(base: Catalog, side: Catalog) -> bool:
    """Whether a side has what only a program writes: another date, new texts to translate, dropped ones."""
    date = side.header_value("POT-Creation-Date")
    if date and date != base.header_value("POT-Creation-Date"):
        return True
    based, live = by_key(base), {each.key for each in side.live}
    if any(each.obsolete and each.key not in live and base.get(each.key) is not None for each in side.messages):
        return True
    new = [each for each in side.live if each.key not in based]
    return any(not any(each.msgstr) or origin(each) or _previous(each) in based for each in new)


def _previous(message: Message) -> Key:
    return (message.previous_msgctxt, message.previous_msgid or "")


def _hand_edits(base: Catalog | None, frame: Catalog, other: Catalog) -> dict[Key, Message]:
    """Keys of ``other`` that nobody else knows, with the message whose msgid they must once have been."""
    if base is not None and _is_updated(base, other):
        return {}
    reference = base if base is not None else frame
    known, present = by_key(base).keys() | by_key(frame).keys(), by_key(other)
    strange = [each for each in other.live if each.key not in known and any(each.msgstr)]
    if not strange:
        return {}
    # Without a base, an unknown msgid may as well be an older text: it is of use only where nothing else is.
    gone = [each for each in reference.live if each.key not in present and (base is not None or not any(each.msgstr))]
    by_name, lost = {each.key: each for each in gone}, {each.key for each in strange}
    found: dict[Key, Message] = {}
    for old_range, new_range in gaps([each.key for each in reference.live], [each.key for each in other.live]):
        olds = [reference.live[index] for index in old_range if reference.live[index].key in by_name]
        news = [other.live[index] for index in new_range if other.live[index].key in lost]
        found.update((new, by_name[old]) for new, old in _pairs(news, olds, same_place))
    left = {each.key for each in found.values()}
    rest = [each for each in strange if each.key not in found]
    found.update(
        (new, by_name[old]) for new, old in _pairs(rest, [each for each in gone if each.key not in left], any_place)
    )
    return found


def _pairs(news: list[Message], olds: list[Message], least: Callable[[str], float]) -> Iterator[tuple[Key, Key]]:
    """The keys of texts that are versions of one, the most alike first, each in one pair at most."""
    among = Candidates([each.msgid for each in olds])
    scores = [
        (-score, place, old)
        for place, message in enumerate(news)
        for score, old in among.likest(message.msgid, least(message.msgid))
    ]
    taken_news: set[int] = set()
    taken_olds: set[int] = set()
    for _, new, old in sorted(scores):
        if new not in taken_news and old not in taken_olds:
            taken_news.add(new)
            taken_olds.add(old)
            yield news[new].key, olds[old].key


def _restored(came: Message, original: Message, before: Message | None) -> Message:
    """The message under its original msgid: fuzzy, unless its translation is what it was."""
    home = _under(came, original)
    if before is not None and came.msgstr == before.msgstr:
        return home
    return _made_for(home, came)


def _moved(message: Message, target: Message, before: Message | None, known: bool) -> Message:
    """The message under the text that its own was edited to; itself where it is of no use there.

    ``before`` is what the base says, if one is ``known``.
    """
    if not any(message.msgstr) or (known and said(message) == said(before)):
        return message
    same_meaning = target.state is State.TRANSLATED and before is not None and target.msgstr == before.msgstr
    if (any(target.msgstr) and not known) or (target.state is State.TRANSLATED and not same_meaning):
        return message
    home = _under(message, target)
    return home if same_meaning else _made_for(home, message)


def _under(message: Message, target: Message) -> Message:
    return replace(
        message,
        msgid=target.msgid,
        msgctxt=target.msgctxt,
        msgid_plural=target.msgid_plural,
        extracted_comments=target.extracted_comments,
        references=target.references,
        obsolete=target.obsolete,
        raw=None,
        line=0,
    )


def _made_for(home: Message, came: Message) -> Message:
    """The message, fuzzy, with the text that its translation was made for."""
    if came.fuzzy and came.previous_msgid is not None:
        return replace(home, fuzzy=True)
    return replace(
        home,
        fuzzy=True,
        previous_msgid=came.msgid,
        previous_msgctxt=came.msgctxt,
        previous_msgid_plural=came.msgid_plural,
    )
