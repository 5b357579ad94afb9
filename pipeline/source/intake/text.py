"""Text made comparable (folded, slugged) and printable."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

_LOOKALIKES = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ʼ": " ", "’": " ", "ى": "ي",
     "ك": "ک", "ي": "ی", "ة": "ه"}
)  # fmt: skip
_ROMAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџαβγδεζηθικλμνξοπρσςτυφχψωابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیء",
        "a b v g d e e zh z i j k l m n o p r s t u f kh ts ch sh shch  y  e yu ya i i e g u j lj nj c dj dz".split(" ")
        + "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(" ")
        + "a b p t th j ch h kh d dh r z zh s sh s d t z a gh f q k g l m n w h y ".split(" "),
        strict=True,
    )
)
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffc\ufffe\uffff\ufeff\u202a-\u202e]"
)
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")


def printable(content: str) -> tuple[str, int]:
    """The text with ``\\n`` as its only line break and without control characters; how many of those were taken out."""
    content = content.removeprefix("\ufeff")
    content, count = _UNPRINTABLE.subn("", _LINE_BREAKS.sub("\n", content))
    astral = "".join(char for char in content if ord(char) < 0x10000 or (ord(char) & 0xFFFE) != 0xFFFE)
    return astral, count + len(content) - len(astral)


def one_line(text: str) -> str:
    """The text with every run of blanks as one space; a single no-break space stays.

    >>> one_line("  a \\t b\\n c ")
    'a b c'
    """
    return re.sub(r"[\t\n]|\s{2,}", " ", text).strip()


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """The text for comparing: no case, no diacritics, one letter for its look-alikes.

    >>> folded("İmzacılar – Côte d’Ivoire")
    'imzacilar – cote d ivoire'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LOOKALIKES))
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn").translate(_LOOKALIKES)


def words(text: str) -> list[str]:
    """The folded words of a text.

    >>> words("Parti (ML) d’Été")
    ['parti', 'ml', 'd', 'ete']
    """
    return re.findall(r"[^\W_]+(?:[\u0900-\u0dff\u200c\u200d]+[^\W_]*)*", folded(text))


def comparable(text: str) -> str:
    """What two spellings of one name have in common."""
    return " ".join(words(text))


def slug(text: str) -> str:
    """An ASCII name for files and ids, at most 60 characters; a digest where the script has no table here.

    >>> slug("RUX (N) Blue Door"), slug("Читальня «Берёза»"), slug("Één — één!")
    ('rux-n-blue-door', 'chitalnya-bereza', 'een-een')
    """
    latin = "".join(_ROMAN.get(char, char) for char in folded(text))
    plain = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")
    if len(plain.replace("-", "")) < min(2, sum(char.isalnum() for char in text)) or not plain:
        return "o-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    if len(plain) > 60:
        plain = plain[:60].rpartition("-")[0] or plain[:60]
    return plain if plain[0].isalpha() else f"o-{plain}"


def balanced(text: str) -> bool:
    """Whether every bracket of the text has its partner.

    >>> balanced("a (b (c)) [d]"), balanced("a (b"), balanced("b) (a")
    (True, False, False)
    """
    open_brackets: list[str] = []
    for char in text:
        if char in "([（":
            open_brackets.append({"(": ")", "[": "]", "（": "）"}[char])
        elif char in ")]）" and (not open_brackets or open_brackets.pop() != char):
            return False
    return not open_brackets


def last_bracket(text: str) -> tuple[str, str] | None:
    """What stands before the bracket that ends the text, and in it; None if no balanced bracket ends it.

    >>> last_bracket("A (b) (c (d))")
    ('A (b)', 'c (d)')
    """
    if not text.endswith((")", "]", "）")) or not balanced(text):
        return None
    depth = 0
    for position in range(len(text) - 1, -1, -1):
        depth += (text[position] in ")]）") - (text[position] in "([（")
        if depth == 0:
            return text[:position].rstrip(), text[position + 1 : -1].strip()
    return None
