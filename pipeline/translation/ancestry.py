"""What each wanted message was before: by its key, by its meaning, in parts, by place, and by likeness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from pipeline.translation.amnesty import corrected, essence, letters
from pipeline.translation.message import Key, Message
from pipeline.translation.similarity import (
    Candidates,
    Words,
    any_place,
    differ_in_numbers_only,
    gaps,
    likeness,
    same_place,
)
from pipeline.translation.splitting import joined, portions, runs

#: What the same place is worth: an edit in place wins against a text elsewhere unless that is so much more alike.
_PLACE = 0.15
#: Texts whose letters are so much alike need no second opinion; below, so much of their words' weight has to agree.
_SURE = 0.85
_WORDS_IN_PLACE = 0.35
_WORDS_ELSEWHERE = 0.5
_SHORT = 40
_FEW = 8
_CROWD = 40
_NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Edits:
    """What is known of how the source was edited.

    ``today`` is the day an update runs: it is written into the comment of a change that is first seen (None: no day).
    ``typos`` are, by the new key, replacements old → new of which the author says that they change no meaning;
    ``forgiven`` are new keys whose edit, whatever it is, the author says changes nothing.
    """

    today: date | None = None
    typos: Mapping[Key, tuple[tuple[str, str], ...]] = field(default_factory=lambda: MappingProxyType({}))
    forgiven: frozenset[Key] = frozenset()


def is_forgiven(old: Message, wanted: Message, edits: Edits) -> bool:
    """Whether the edit from one message to the other changes no meaning: the translation stays as good as it was."""
    if old.msgctxt != wanted.msgctxt or (old.msgid_plural is None) is not (wanted.msgid_plural is None):
        return False
    if _edges(old.msgid) != _edges(wanted.msgid):
        return False
    if wanted.key in edits.forgiven:
        return True
    typos = edits.typos.get(wanted.key, ())
    if not typos and letters(old.msgid) != letters(wanted.msgid):
        return False
    return all(
        essence(after) in (essence(before), essence(corrected(before, typos)))
        for before, after in ((old.msgid, wanted.msgid), (old.msgid_plural or "", wanted.msgid_plural or ""))
    )


def _edges(text: str) -> tuple[bool, bool]:
    """gettext demands that msgid and msgstr begin and end with a newline together."""
    return text.startswith("\n"), text.endswith("\n")


def ancestors(known: Mapping[Key, Message], wanted: Sequence[Message], edits: Edits) -> tuple[Message | None, ...]:
    """What each wanted message was before, in their order; None if nothing is known of it.

    Mostly one of ``known``; for a part of a split paragraph, or for joined ones, a message put together from them. One
    of ``known`` is the ancestor of one message at most, unless it stood in several places.
    """
    found = [known.get(each.key) for each in wanted]
    left = _unrelated(known.values(), wanted, found)
    for step in _STEPS:
        if not left.news or not left.olds:
            break
        related = tuple(step(left, edits))
        for each in related:
            found[each.new.number] = each.ancestor
        left = left.without(related)
    if None in found:
        _lend(known.values(), wanted, found)
    return tuple(found)


def _lend(known: Iterable[Message], wanted: Sequence[Message], found: list[Message | None]) -> None:
    """A text that stood in several places was edited in one of them: its translation serves there, too, as a beginning."""
    places = {each.key: set(each.references) for each in wanted}
    left: dict[str, list[Message]] = {}
    for old in known:
        if not old.obsolete and len(old.references) > 1 and any(old.msgstr):
            for place in set(old.references) - places.get(old.key, set()):
                left.setdefault(place, []).append(old)
    for number, new in enumerate(wanted):
        if found[number] is None:
            lenders = {old.key: old for place in new.references for old in left.get(place, ())}
            likest = max(lenders.values(), key=lambda old: likeness(old.msgid, new.msgid), default=None)
            if likest is not None and likeness(likest.msgid, new.msgid) >= same_place(new.msgid):
                found[number] = likest


@dataclass(frozen=True, slots=True)
class _Standing:
    """A message, its number in its file, and the gap between unchanged neighbours in which it stands; obsolete: nowhere."""

    message: Message
    number: int = _NOWHERE
    gap: int = _NOWHERE

    def shares_gap(self, other: _Standing) -> bool:
        return self.gap == other.gap != _NOWHERE


@dataclass(frozen=True, slots=True)
class _Related:
    """A new message and what it was before; ``olds`` can be no other one's ancestor any more."""

    new: _Standing
    ancestor: Message
    olds: tuple[_Standing, ...]


@dataclass(frozen=True, slots=True)
class _Left:
    """The new messages that have no ancestor yet, and the old ones, vanished or obsolete, that are nobody's; in order."""

    news: tuple[_Standing, ...]
    olds: tuple[_Standing, ...]

    def without(self, related: Sequence[_Related]) -> _Left:
        news = {id(each.new) for each in related}
        olds = {id(old) for each in related for old in each.olds}
        return _Left(
            tuple(each for each in self.news if id(each) not in news),
            tuple(each for each in self.olds if id(each) not in olds),
        )


def _unrelated(known: Iterable[Message], wanted: Sequence[Message], found: Sequence[Message | None]) -> _Left:
    """What is left when the messages with the same key have found each other."""
    used = {id(each) for each in found}
    live = [each for each in known if not each.obsolete]
    obsolete = [_Standing(each) for each in known if each.obsolete and id(each) not in used and any(each.msgstr)]
    if None not in found or not (obsolete or any(id(each) not in used for each in live)):
        return _Left((), ())
    old_gaps: dict[int, int] = {}
    new_gaps: dict[int, int] = {}
    for gap, (old_range, new_range) in enumerate(gaps([each.key for each in live], [each.key for each in wanted])):
        old_gaps.update(dict.fromkeys(old_range, gap))
        new_gaps.update(dict.fromkeys(new_range, gap))
    news = (
        _Standing(each, number, new_gaps.get(number, _NOWHERE))
        for number, (before, each) in enumerate(zip(found, wanted, strict=True))
        if before is None
    )
    vanished = (
        _Standing(each, number, old_gaps.get(number, _NOWHERE))
        for number, each in enumerate(live)
        if id(each) not in used
    )
    return _Left(tuple(news), (*vanished, *obsolete))


def _once(pairs: Iterable[tuple[_Standing, _Standing]]) -> Iterator[_Related]:
    """The pairs, of those that name one message again only the first."""
    taken: set[int] = set()
    for new, old in pairs:
        if id(new) not in taken and id(old) not in taken:
            taken |= {id(new), id(old)}
            yield _Related(new, old.message, (old,))


def _same_meaning(left: _Left, edits: Edits) -> Iterator[_Related]:
    """Texts that differ in typography alone, or by the author's corrections: in place first, obsolete ones last."""
    by_letters: dict[str, list[_Standing]] = {}
    for old in left.olds:
        by_letters.setdefault(letters(old.message.msgid), []).append(old)

    def pairs() -> Iterator[tuple[_Standing, _Standing]]:
        for new in left.news:
            olds = left.olds if new.message.key in edits.typos else by_letters.get(letters(new.message.msgid), ())
            same = [old for old in olds if is_forgiven(old.message, new.message, _no_blank_cheque(edits))]
            yield from ((new, old) for old in sorted(same, key=lambda old: _remoteness(new, old)))

    return _once(pairs())


def _no_blank_cheque(edits: Edits) -> Edits:
    """The edits without those that are forgiven whatever they are: these have no old text yet."""
    return Edits(edits.today, edits.typos) if edits.forgiven else edits


def _remoteness(new: _Standing, old: _Standing) -> tuple[bool, bool, bool]:
    return not any(old.message.msgstr), old.number == _NOWHERE, not new.shares_gap(old)


def _the_only_one(left: _Left, edits: Edits) -> Iterator[_Related]:
    """A forgiven edit that may have left no likeness: the one old message in its gap, if there is but one of each."""
    news, olds = _by_gap(left.news), _by_gap(left.olds)
    for gap, (new, *others) in news.items():
        if not others and len(olds.get(gap, ())) == 1 and new.message.key in edits.forgiven:
            yield _Related(new, olds[gap][0].message, (olds[gap][0],))


def _by_gap(standing: Iterable[_Standing]) -> dict[int, list[_Standing]]:
    places: dict[int, list[_Standing]] = {}
    for each in standing:
        if each.gap != _NOWHERE:
            places.setdefault(each.gap, []).append(each)
    return places


def _split(left: _Left, _edits: Edits) -> Iterator[_Related]:
    """Paragraphs that became several; the old one stays, for what is made of it is fuzzy."""
    wholes = [each for each in left.olds if each.number != _NOWHERE and any(each.message.msgstr)]
    stretches = _neighbours(left.news)
    for whole, stretch, places in runs(_texts(wholes), [_texts(each) for each in stretches]):
        old, parts = wholes[whole], [stretches[stretch][place] for place in places]
        if _are_of_a_kind(old, *parts):
            made = portions(old.message, _texts(parts))
            yield from (_Related(part, portion, (old,)) for part, portion in zip(parts, made, strict=True))


def _join(left: _Left, _edits: Edits) -> Iterator[_Related]:
    """Paragraphs that became one; the old ones stay, for what is made of them is fuzzy."""
    stretches = _neighbours([each for each in left.olds if each.number != _NOWHERE])
    for whole, stretch, places in runs(_texts(left.news), [_texts(each) for each in stretches]):
        new, olds = left.news[whole], tuple(stretches[stretch][place] for place in places)
        if _are_of_a_kind(new, *olds) and any(text for each in olds for text in each.message.msgstr):
            yield _Related(new, joined([each.message for each in olds]), olds)


def _neighbours(standing: Sequence[_Standing]) -> list[list[_Standing]]:
    """Stretches of messages that stand one right behind the other."""
    stretches: list[list[_Standing]] = []
    for each in standing:
        if stretches and stretches[-1][-1].number + 1 == each.number:
            stretches[-1].append(each)
        else:
            stretches.append([each])
    return stretches


def _are_of_a_kind(*standing: _Standing) -> bool:
    messages = [each.message for each in standing]
    return len({each.msgctxt for each in messages}) == 1 and all(each.msgid_plural is None for each in messages)


def _texts(standing: Iterable[_Standing]) -> list[str]:
    return [each.message.msgid for each in standing]


def _likest(left: _Left, _edits: Edits) -> Iterator[_Related]:
    """Edits: the most alike first, with a bonus for the same gap between unchanged neighbours."""
    words = Words([*_texts(left.news), *_texts(old for old in left.olds if old.number != _NOWHERE)])
    scores = {
        pair: score
        for pair, score in _scores_in_place(left).items()
        if _is_credible(left.news[pair[0]], left.olds[pair[1]], score - _PLACE, words)
    }
    best: dict[int, float] = {}
    for (number, _), score in scores.items():
        best[number] = max(score, best.get(number, 0.0))
    everywhere = Candidates(_texts(left.olds))
    for number, new in enumerate(left.news):
        # Elsewhere only a text that beats the one in place is of interest.
        least = max(any_place(new.message.msgid), best.get(number, 0.0))
        for score, old in everywhere.likest(new.message.msgid, least) if least < 1.0 else ():
            if (number, old) not in scores and _is_credible(new, left.olds[old], score, words):
                scores[number, old] = score
    ranked = sorted(scores, key=lambda pair: (-scores[pair], pair))
    return _once((left.news[new], left.olds[old]) for new, old in ranked)


def _scores_in_place(left: _Left) -> dict[tuple[int, int], float]:
    """The scores of pairs in the same gap, by the numbers of both among those that are left.

    Where very many texts vanished together, the place says nothing any more.
    """
    numbers = {id(each): number for number, each in enumerate(left.olds)}
    places = {gap: olds for gap, olds in _by_gap(left.olds).items() if len(olds) <= _CROWD}
    crowded = {gap: Candidates(_texts(olds)) for gap, olds in places.items() if len(olds) > _FEW}
    scores: dict[tuple[int, int], float] = {}
    for number, new in enumerate(left.news):
        text, olds = new.message.msgid, places.get(new.gap, [])
        least = same_place(text)
        if new.gap in crowded:
            alike = crowded[new.gap].likest(text, least)
        else:
            alike = [(likeness(text, old.message.msgid, least), place) for place, old in enumerate(olds)]
        scores.update(((number, numbers[id(olds[place])]), score + _PLACE) for score, place in alike if score)
    return scores


def _is_credible(new: _Standing, old: _Standing, score: float, words: Words) -> bool:
    """Whether the words say so too; and short texts that differ in a number are two texts, unless they share a gap."""
    in_place = new.shares_gap(old)
    before, after = old.message.msgid, new.message.msgid
    if not in_place and len(after) < _SHORT and differ_in_numbers_only(before, after):
        return False
    if score >= _SURE:
        return True
    return words.likeness(before, after) >= (_WORDS_IN_PLACE if in_place else _WORDS_ELSEWHERE)


_STEPS: tuple[Callable[[_Left, Edits], Iterator[_Related]], ...] = (
    _same_meaning,
    _the_only_one,
    _split,
    _join,
    _likest,
)
