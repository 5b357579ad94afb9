"""Check of length: a translation far shorter or longer than is usual in its language, because a part is missing or too much."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from statistics import median

from pipeline.translation.checks.language_rules import original_words_of, words_of
from pipeline.translation.checks.model import Finding, Knowledge, Pair

#: Shorter texts say nothing about a language, and vary too much to be judged.
_SHORT = 40
_FEW = 12
#: The bounds are that many robust standard deviations from the middle, but within these factors.
_DEVIATIONS = 4.0
_NARROWEST, _WIDEST = math.log(1.5), math.log(2.0)
_ROBUST = 1.4826


def ratio_of(pairs: Iterable[tuple[str, str]]) -> tuple[float, float, float] | None:
    """The middle of a language's relation of lengths, and its plausible bounds: (middle, lowest, highest).

    ``pairs`` are originals and translations without markup. The relation is letters of the translation by letters of the
    original; the spread is the median of the deviations, so that single faults do not widen it. None if fewer than twelve
    texts are long enough to tell.
    """
    logs = [math.log(len(text) / len(original)) for original, text in pairs if len(original) >= _SHORT and text]
    if len(logs) < _FEW:
        return None
    middle = median(logs)
    spread = _ROBUST * median(abs(each - middle) for each in logs)
    width = min(max(_DEVIATIONS * spread, _NARROWEST), _WIDEST)
    return math.exp(middle), math.exp(middle - width), math.exp(middle + width)


def length(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A sentence was forgotten, or the text of another paragraph was pasted in. Short texts get more room."""
    if knowledge.ratio is None:
        return
    original, text = len(original_words_of(pair)), len(words_of(pair))
    if original < _SHORT or not text:
        return
    middle, lowest, highest = knowledge.ratio
    room = 1 + _SHORT / (2 * original)
    relation = text / original
    if relation < middle * (lowest / middle) ** room:
        word, hint = "short", "look whether a sentence is missing"
    elif relation > middle * (highest / middle) ** room:
        word, hint = "long", "look whether a text of another place was pasted in"
    else:
        return
    usual = round(original * middle)
    message = (
        f"the translation is very {word}: {text} letters where {pair.locale.english_name} usually needs about {usual}"
    )
    yield Finding("length", message, hint)
