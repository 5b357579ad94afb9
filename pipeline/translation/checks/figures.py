"""Numbers in a text, by value: digits of every script, grouped or not, the older numerals, Roman ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pipeline.translation.checks.folded import with_ascii_digits

Value = int | Fraction
_GROUP = ".,'’٬ \u00a0\u202f\u2009"
_FIGURE = re.compile(
    r"(?P<iso>(?<!\d)(?:\d{4}-\d{1,2}-\d{1,2})(?![\d-]))"
    r"|(?P<dotted>(?<![\d./-])\d{1,4}(?P<mark>[./-])\d{1,2}(?P=mark)\d{2,4}(?![\d]|[./-]\d))"
    rf"|(?P<grouped>(?<!\d)[1-9]\d{{0,2}}(?P<group>[{_GROUP}])\d{{3}}(?:(?P=group)\d{{3}})*(?!\d)(?:[.,٫]\d+)?)"
    r"|(?P<indian>(?<!\d)[1-9]\d?(?:,\d{2})+,\d{3}(?!\d)(?:\.\d+)?)"
    r"|(?P<decimal>\d+[.,٫·]\d+)"
    r"|(?P<whole>\d+)"
)
_SPACES = frozenset(" \u00a0\u202f\u2009")
_ROMAN = re.compile(r"(?<![^\W_])(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![^\W\d_])")
_ROMAN_IN_A_TEXT = re.compile(r"[IVX]{2,}|[IVXLCDM]{4,}")
_ROMAN_SIGNS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
#: Cyrillic letters that look like the signs, and are typed for them.
_LOOKALIKES = str.maketrans("ІХСМ", "IXCM")
_OLD = re.compile("[\u1369-\u137c]+|[\u0be6-\u0bef]*[\u0bf0-\u0bf2][\u0be6-\u0bf2]*|[〇一二三四五六七八九十百千万億]+")
_FRACTION = re.compile("[\u00bc-\u00be\u2150-\u215e]")
HAS_FIGURE = re.compile("[\\d\u1369-\u137c\u0bf0-\u0bf2]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text: as written, what it may be worth, and where it stands."""

    shown: str
    values: frozenset[Value]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is read where it can be read in two ways: whether 12 300 is one number, and 1.2 two."""

    joined: bool = False
    split: bool = False


def figures(text: str, reading: Reading = Reading()) -> tuple[Figure, ...]:
    """The numbers written in digits, in order.

    >>> [sorted(each.values) for each in figures("10,00,000 in ۱۴۰۰")]
    [[1000000], [1400]]
    """
    ascii_text = with_ascii_digits(text)
    found: list[Figure] = []
    for match in _FIGURE.finditer(ascii_text):
        found.extend(_figures_of(match, text, reading))
    if not ascii_text.isascii():
        found.extend(_old_figures(text))
        found.sort(key=lambda each: each.start)
    return tuple(found)


def _figures_of(match: re.Match[str], text: str, reading: Reading) -> Iterator[Figure]:
    kind = match.lastgroup if match.lastgroup not in ("mark", "group") else "dotted" if match["dotted"] else "grouped"
    apart = kind in ("iso", "dotted") or (reading.split and kind == "decimal")
    if kind == "grouped" and match["group"] == " " and not reading.joined:
        apart = True
    if not apart:
        values = frozenset(_values(match[0], kind or "whole"))
        yield Figure(text[match.start() : match.end()], values, match.start(), match.end())
        return
    for part in re.finditer(r"\d+", match[0]):
        start, end = match.start() + part.start(), match.start() + part.end()
        yield Figure(text[start:end], frozenset({int(part[0])}), start, end)


def _values(digits: str, kind: str) -> Iterator[Value]:
    """What the digits may be worth; 1.000 is a thousand to some readers and one to others."""
    if kind == "whole":
        yield int(digits)
    elif kind == "indian":
        yield _whole(Fraction(digits.replace(",", "")))
    elif kind == "decimal":
        yield _decimal(digits)
    else:
        mark = next(each for each in digits if not each.isdigit())
        groups, tail = re.fullmatch(r"([\d" + re.escape(mark) + r"]*)(.*)", digits, re.DOTALL).groups()  # type: ignore[union-attr]  # it matches everything
        yield _decimal(groups.replace(mark, "") + tail)
        if not tail and groups.count(mark) == 1 and mark in ".,":
            yield _decimal(digits)


def _decimal(digits: str) -> Value:
    return _whole(Fraction(re.sub(r"[,٫·]", ".", digits)))


def _whole(value: Fraction) -> Value:
    return value.numerator if value.denominator == 1 else value


def _old_figures(text: str) -> Iterator[Figure]:
    for match in _OLD.finditer(text):
        yield Figure(match[0], frozenset({_old_value(match[0])}), match.start(), match.end())
    for match in _FRACTION.finditer(text):
        value = Fraction(unicodedata.numeric(match[0])).limit_denominator(10)
        yield Figure(match[0], frozenset({_whole(value)}), match.start(), match.end())


def _old_value(signs: str) -> int:
    """Ethiopic, Tamil and Chinese numerals: digits, and signs that multiply what stands before them.

    >>> _old_value("፳፻፲፫"), _old_value("௨௲௨௰"), _old_value("二〇二一")
    (2013, 2020, 2021)
    """
    values = [int(unicodedata.numeric(each)) for each in signs]
    if all(value < 10 for value in values) and not "\u1369" <= signs[0] <= "\u137c":
        return int("".join(map(str, values)))
    total = current = 0
    for value in values:
        if value in (10_000, 100_000_000):
            total, current = (total + current or 1) * value, 0
        elif value in (100, 1000) or (value == 10 and current):
            total, current = total + (current or 1) * value, 0
        else:
            current += value
    return total + current


def roman_figures(text: str, every: bool = False) -> tuple[Figure, ...]:
    """The Roman numerals: those of two signs and more that are no abbreviation, or every one, V too.

    >>> [max(each.values) for each in roman_figures("Part IV of MCMXLVIII, CD and DVD")]
    [4, 1948]
    """
    text = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    matches = (match for match in _ROMAN.finditer(text.translate(_LOOKALIKES)) if match[0])
    return tuple(
        Figure(match[0], frozenset({_roman_value(match[0])}), match.start(), match.end())
        for match in matches
        if every or _ROMAN_IN_A_TEXT.fullmatch(match[0])
    )


def _roman_value(signs: str) -> int:
    values = [_ROMAN_SIGNS[each] for each in signs]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
