"""Checks of words: texts that nobody translated, words that stand there twice, marks that somebody left for later."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.source.document import Role
from pipeline.translation.checks.language_rules import are_close, original_words_of, rules_of, words_of
from pipeline.translation.checks.model import Finding, Knowledge, Pair

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PLACEHOLDER = re.compile(r"\{\w+\}|https?://\S+|\S+@\S+")
#: That many words of the original in a row are no name and no title.
_IN_A_ROW = 6
#: With fewer different words in common there is no such run.
_ALIKE = 4
_PUNCTUATION = ".,;:!?…()[]«»“”„\"'‘’‹›–—-،؛؟।۔։、。，；：！？·"


def unchanged(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """The original in the translation's place: somebody copied it and went on."""
    if pair.segment.role is Role.ORGANISATION or are_close(pair.source, pair.locale):
        return
    words, original = words_of(pair), original_words_of(pair)
    known = set(original.casefold().split())
    if len(known.intersection(words.casefold().split())) < min(_ALIKE, len(known)):
        return
    theirs = _WORD.findall(_PLACEHOLDER.sub(" ", words))
    if not theirs:
        return
    ours = _WORD.findall(_PLACEHOLDER.sub(" ", original))
    if [each.casefold() for each in theirs] == [each.casefold() for each in ours]:
        if not _may_stay(theirs, pair, knowledge):
            yield Finding("unchanged", "the translation is the original, word by word", "translate it")
        return
    if run := _run_of(ours, theirs):
        message = f"the translation still holds words of the original: “{run}”"
        yield Finding("unchanged", message, "translate them, too")


def doubled(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A word that stands there twice ("the the"), in languages that do not double words on purpose."""
    twice = _doubles(words_of(pair))
    if not twice or _doubles(original_words_of(pair)):
        return
    rules = rules_of(pair.locale)
    for word, after_comma in twice:
        if (word in rules.doubled) == rules.repeats and not (after_comma and word in rules.relative):
            yield Finding("doubled-word", f"the word “{word}” stands there twice", "delete one of them")


def leftover(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A mark that says: I come back to this later."""
    words = words_of(pair)
    for mark, whole in rules_of(pair.locale).leftover:
        if mark in words and mark not in pair.original and whole.search(words):
            message = f"the translation holds “{mark}”, as a text does that is not finished"
            yield Finding("leftover", message, "finish it and delete the mark, or mark the message as fuzzy")
            return


def _may_stay(words: list[str], pair: Pair, knowledge: Knowledge) -> bool:
    """Whether these words are the same in many languages: acronyms, names, a single word such as Internet."""
    names = {word for name in knowledge.names for word in _WORD.findall(name)}
    rest = [each for each in words if not each.isupper() and each not in names]
    if not rest:
        return True
    if pair.locale.script != pair.source.script:
        return False
    name = len(rest) <= 3 and all(each[:1].isupper() for each in rest)
    return len(rest) == 1 or name or sum(map(len, rest)) < 7


def _run_of(ours: list[str], theirs: list[str]) -> str:
    """The first words of the original that stand in a row in the translation; empty if there are few, or they are a name."""
    known = [each.casefold() for each in ours]
    if len(set(known).intersection(each.casefold() for each in theirs)) < _IN_A_ROW - 1:
        return ""
    runs = {tuple(known[at : at + _IN_A_ROW]) for at in range(len(known) - _IN_A_ROW + 1)}
    for at in range(len(theirs) - _IN_A_ROW + 1):
        run = theirs[at : at + _IN_A_ROW]
        if tuple(each.casefold() for each in run) in runs and sum(each[:1].islower() for each in run) > _IN_A_ROW // 2:
            return " ".join(run)
    return ""


def _doubles(text: str) -> list[tuple[str, bool]]:
    """The words that follow themselves without a mark between, and whether a comma stands before them; no letters, no numbers."""
    tokens = ["", *text.casefold().split()]
    return [
        (word, before.endswith(","))
        for before, one, other in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if one[-1] == other[-1] or other[-1] in _PUNCTUATION
        if (word := one.lstrip(_PUNCTUATION)) == other.rstrip(_PUNCTUATION) and len(word) > 1 and word[0].isalpha()
    ]
