"""Hyphenation with dictionaries of the system besides Pyphen's own; in Indic scripts with two letters at least on either side.

A line of an Indic script may end inside a word, without a visible hyphen. ``hyphenate-limit-chars`` is about letters as a reader
counts them, but WeasyPrint counts code points, of which one letter with its vowel signs can have six: so they are counted here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pyphen

#: Letters of an Indic word that stay together at the end of a line, and at the beginning of the next.
LEAST = 2
_INDIC = re.compile("[\u0900-\u0dff]")
_JOINER = "\u200d"
#: The canonical combining class of every virama.
_VIRAMA = 9
#: Tamil shows its virama as a dot and breaks behind it, but not in these, which are one letter.
_TAMIL_VIRAMA, _TAMIL_CONJUNCTS = "\u0bcd", ("க்ஷ", "ஸ்ர", "ஶ்ர")

_positions = pyphen.HyphDict.positions


def mend(dictionaries: Iterable[tuple[str, str]]) -> None:
    """Pyphen hyphenates these languages too from now on, in this process: ``dictionaries`` are their tags and files.

    A second call changes nothing. Raises RuntimeError if this Pyphen does not take them.
    """
    for language, file in dictionaries:
        pyphen.LANGUAGES[language] = Path(file)
        pyphen.LANGUAGES_LOWERCASE[language] = language
        if pyphen.language_fallback(f"{language}-IN") != language:
            raise RuntimeError(f"Pyphen {pyphen.VERSION} does not take the dictionary {file}")
    pyphen.HyphDict.positions = positions


def positions(dictionary: pyphen.HyphDict, word: str) -> list[int]:
    """Where a word may be broken: what its dictionary says; in an Indic word only where two letters stand on either side."""
    found: list[int] = _positions(dictionary, word)
    if not found or not _INDIC.search(word):
        return found
    inner = letters(word)[LEAST : 1 - LEAST]
    return [place for place in found if place in inner]


def letters(word: str) -> list[int]:
    """Where the letters of an Indic word begin, as a reader counts them: with their signs, and conjuncts as one.

    >>> letters("प्रतिनिधि")
    [0, 3, 5, 7]
    """
    return [place for place in range(len(word)) if _begins(word, place)]


def _begins(word: str, place: int) -> bool:
    """Whether a letter begins there: nothing ties it to the one before."""
    if unicodedata.category(word[place])[0] != "L":
        return False
    before = word[:place][-1:]
    if before == _TAMIL_VIRAMA:
        return word[place - 2 : place + 1] not in _TAMIL_CONJUNCTS
    return before != _JOINER and (not before or unicodedata.combining(before) != _VIRAMA)
