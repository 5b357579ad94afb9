"""Scripts: which letters are a locale's own (Unicode's property Script, as fontTools has it), and what others are called."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

from fontTools.unicodedata import Scripts

from pipeline.locales import Locale

#: What CLDR calls one script, and Unicode several (ISO 15924).
_SEVERAL = {
    "Aran": ("Arab",),
    "Hans": ("Hani", "Bopo"),
    "Hant": ("Hani", "Bopo"),
    "Jpan": ("Hani", "Hira", "Kana"),
    "Kore": ("Hang", "Hani"),
}
#: Alphabets with letters that look alike: a word of two of them is hardly ever meant.
ALIKE = frozenset({"Armn", "Cher", "Copt", "Cyrl", "Grek", "Latn"})
_NAMES = {
    "Arab": "Arabic",
    "Armn": "Armenian",
    "Beng": "Bengali",
    "Cyrl": "Cyrillic",
    "Deva": "Devanagari",
    "Ethi": "Ethiopic",
    "Geor": "Georgian",
    "Grek": "Greek",
    "Guru": "Gurmukhi",
    "Hang": "Korean",
    "Hani": "Chinese",
    "Hebr": "Hebrew",
    "Hira": "Japanese",
    "Jpan": "Japanese",
    "Kana": "Japanese",
    "Khmr": "Khmer",
    "Kore": "Korean",
    "Latn": "Latin",
    "Mlym": "Malayalam",
    "Sinh": "Sinhala",
    "Taml": "Tamil",
    "Tfng": "Tifinagh",
}
_COMMON = frozenset({"Zyyy", "Zinh", "Zzzz"})


def scripts_of(locale: Locale) -> frozenset[str]:
    """The scripts that a locale's words are written in.

    >>> sorted(scripts_of(Locale.parse("ja")))
    ['Hani', 'Hira', 'Kana']
    """
    return frozenset(_SEVERAL.get(locale.script, (locale.script,)))


def script_name(script: str) -> str:
    """What people call a script; its code if we have no name for it."""
    return _NAMES.get(script, script)


@lru_cache(maxsize=4096)
def script_of(sign: str) -> str:
    """The script of a letter; empty for what all scripts share, and for small signs beside a letter (ʷ, ⵯ).

    >>> script_of("я"), script_of("7"), script_of("ʷ")
    ('Cyrl', '', '')
    """
    script = str(Scripts.VALUES[bisect_right(Scripts.RANGES, ord(sign)) - 1])
    return "" if script in _COMMON or unicodedata.category(sign) == "Lm" else script


@lru_cache(maxsize=64)
def foreign_letters(own: frozenset[str]) -> re.Pattern[str]:
    """Finds letters of any script but these; those beyond the basic plane are never taken for foreign."""
    return re.compile(f"[^{ranges_of(own | _COMMON)}\\U00010000-\\U0010ffff]")


def ranges_of(scripts: frozenset[str]) -> str:
    """The letters and signs of these scripts in the basic plane, as a regular expression has them between brackets."""
    ends = [*Scripts.RANGES[1:], 0x110000]
    triples = zip(Scripts.RANGES, ends, Scripts.VALUES, strict=True)
    kept = [(start, end - 1) for start, end, script in triples if script in scripts and start < 0x10000]
    return "".join(f"\\U{start:08x}-\\U{end:08x}" for start, end in kept)


def is_part_of_word(sign: str) -> bool:
    """Whether a sign belongs to a word: a letter, what stands on one, or an invisible joiner."""
    return sign in "\u200c\u200d" or unicodedata.category(sign)[0] in "LM"


def word_around(text: str, at: int) -> tuple[int, int]:
    """Where the word begins and ends that the sign at this place is in."""
    start, end = at, at + 1
    while start and is_part_of_word(text[start - 1]):
        start -= 1
    while end < len(text) and is_part_of_word(text[end]):
        end += 1
    return start, end
