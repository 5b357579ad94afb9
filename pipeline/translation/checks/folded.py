"""Texts as the checks of facts compare them: one letter for what people type in several ways, 0–9 for every digit."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Marks of Latin, Greek and Cyrillic; vowel marks and hamzas of Arabic. Marks of other scripts are letters.
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0640]")
#: Joiners and directions, of no width.
_NO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060-\u2069\u061c\ufeff]")
_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ك": "ک", "ڪ": "ک", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه"}
)
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_WORD = re.compile(
    "[^\\s!-/:-@\\[-`{-~\u00a0\u00a1\u00ab\u00b7\u00bb\u00bf\u2010-\u205e«»،؛؟۔।॥։՝՜՞՛፡።፣፤፥፦፧჻\u3000-\u3002\uff01-\uff0f]+"
)


@lru_cache(maxsize=16)
def folded(text: str, keep_marks: bool = False) -> str:
    """The text in small letters, without marks that people leave out, with ASCII digits. Vietnamese keeps its marks."""
    text = with_ascii_digits(text).casefold()
    if text.isascii():
        return text
    decomposed = _NO_WIDTH.sub("", unicodedata.normalize("NFD", text))
    if keep_marks:
        return unicodedata.normalize("NFC", decomposed)
    return _MARKS.sub("", decomposed).translate(_LETTERS)


def with_ascii_digits(text: str) -> str:
    """The text with 0–9 for the decimal digits of every script; as many characters as before.

    >>> with_ascii_digits("۱۲ ژوئن ২০২৬")
    '12 ژوئن 2026'
    """
    return text if text.isascii() else _OTHER_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), text)


def spaced_words(text: str) -> str:
    """The words of a folded text with one space before and after each.

    >>> spaced_words("one, two—three")
    ' one two three '
    """
    return f" {' '.join(_WORD.findall(text))} "
