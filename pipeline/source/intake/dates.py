"""Dates in running text, in the months of many languages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

import babel

from pipeline.source.intake.text import folded

_LANGUAGES = (
    "en fr de es it pt nl tr ru el ar fa ar_SY ar_DZ ar_MA fa_AF sv da nb fi is pl cs sk sl hr bs sr sr_Latn mk bg "
    "uk be ro hu "
    "sq ca gl eu et lv lt ga cy mt id ms vi sw ht ku ckb az kk ky uz tg tk ka hy he am ti so ur ps hi ne bn pa gu mr "
    "ta te kn "
    "ml si my km lo th fil af zu xh yo ha ig rw ln mg eo zgh"
).split()
_JALALI = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()
_BETWEEN = r"(?:\s|\.|,|،|º|ª|°|st\b|nd\b|rd\b|th\b|er\b|re\b|de\b|del\b|do\b|of\b|d |den\b|'|’)*"
_GAP = r"(?:—|–|-|_+|\?+|x+|\.{2,}|…)"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text and where it stood. ``day`` is None if the text names no single day (``why`` says so)."""

    day: date | None
    start: int
    end: int
    why: str = ""


@cache
def _months(tag: str) -> dict[str, int]:
    names: dict[str, int] = {}
    calendar = babel.Locale.parse(tag).months
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for month, name in calendar[context][width].items():
                name = folded(name).strip(". ")
                if len(name) > 2 and not name.isdigit():
                    names.setdefault(name, month)
    return names


@cache
def _table(language: str) -> tuple[re.Pattern[str], dict[str, int]]:
    """The months a page in this language may name; its own language wins where two languages share a word."""
    tags = [tag for tag in _LANGUAGES if tag.split("_")[0] == language.split("-", maxsplit=1)[0]] + list(_LANGUAGES)
    names: dict[str, int] = {folded("sept"): 9}
    for tag in tags:
        for name, month in _months(tag).items():
            names.setdefault(name, month)
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{alternatives})(?![^\W\d_])"), names


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def _same_length(text: str) -> str:
    """The text folded for matching, every character still in its place."""
    return "".join((folded(char) or " ")[0] if len(folded(char)) != 1 else folded(char) for char in _ascii_digits(text))


@lru_cache(maxsize=4_000)
def dates_in(text: str, language: str) -> tuple[FoundDate, ...]:
    """The dates of the Gregorian calendar in a text, from left to right.

    >>> [found.day for found in dates_in("WFRR Resolution 12 November 2020", "en")]
    [datetime.date(2020, 11, 12)]
    >>> [found.why for found in dates_in("February —, 2026", "en")]
    ['no day']
    """
    if len(text) > 2_000 or not any(char.isdecimal() for char in text):
        return ()
    plain = _same_length(text)
    found = [*_by_month_name(plain, language), *_by_figures(plain)]
    kept: list[FoundDate] = []
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return tuple(kept)


def _by_month_name(plain: str, language: str) -> list[FoundDate]:
    pattern, names = _table(language)
    found = []
    for match in pattern.finditer(plain):
        month = names[match.group()]
        before, after = plain[: match.start()], plain[match.end() :]
        year_first = re.search(rf"(?<!\d)(\d{{4}}){_BETWEEN}$", before)
        day_before = re.search(rf"(?<!\d)(\d{{1,2}}){_BETWEEN}$", before)
        year_after = re.match(rf"{_BETWEEN}(\d{{4}})(?!\d)", after)
        day_after = re.match(rf"{_BETWEEN}(\d{{1,2}})(?!\d){_BETWEEN}(\d{{4}})?(?!\d)", after)
        gap = re.match(rf"\.?\s*{_GAP}\s*,?\s*(\d{{4}})(?!\d)", after)
        if day_before and year_after:
            found.append(_on(year_after[1], month, day_before[1], day_before.start(), match.end() + year_after.end()))
        elif day_after and day_after[2]:
            found.append(_on(day_after[2], month, day_after[1], match.start(), match.end() + day_after.end()))
        elif year_first and day_after:
            found.append(_on(year_first[1], month, day_after[1], year_first.start(), match.end() + day_after.end(1)))
        elif year := gap or year_after:
            end = match.end() + year.end()
            blank = re.search(rf"{_GAP}[.\s]*$", before)
            start = blank.start() if blank and not gap else match.start()
            found.append(FoundDate(None, start, end, "no day"))
    return found


def _by_figures(plain: str) -> list[FoundDate]:
    found = []
    for match in re.finditer(r"(?<![\d./-])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d/-])", plain):
        found.append(_on(match[1], int(match[2]), match[3], match.start(), match.end()))
    for match in re.finditer(r"(?<!\d)(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日", plain):
        found.append(_on(match[1], int(match[2]), match[3], match.start(), match.end()))
    for match in re.finditer(r"(?<![\d./-])(\d{1,2})(\.\s?|/|-)(\d{1,2})\2(\d{4})(?!\d)", plain):
        day, month = int(match[1]), int(match[3])
        if not match[2].startswith(".") and day <= 12 and month <= 12 and day != month:
            found.append(FoundDate(None, match.start(), match.end(), "day and month could be either way round"))
        elif month > 12 and not match[2].startswith("."):
            found.append(_on(match[4], day, match[3], match.start(), match.end()))
        else:
            found.append(_on(match[4], month, match[1], match.start(), match.end()))
    return found


def _on(year: str, month: int, day: str, start: int, end: int) -> FoundDate:
    try:
        return FoundDate(date(int(year), month, int(day)), start, end)
    except ValueError:
        return FoundDate(None, start, end, "no such day")


@cache
def _jalali() -> re.Pattern[str]:
    names = "|".join(folded(name) for name in _JALALI)
    return re.compile(rf"\d{{1,2}}\s+(?:{names})\s+\d{{4}}")


@cache
def _clock_words() -> frozenset[str]:
    """Weekdays and the words that stand around a date and a time."""
    names = set("at um uhr h am pm a le on den vom as alle a las ore saat в г года року ο στις روز ساعت".split())
    for tag in _LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for name in babel.Locale.parse(tag).days[context].get(width, {}).values():
                    names.update(folded(name).replace("\u200c", " ").split())
                    names.add(folded(name))
    return frozenset(name.strip(".") for name in names)


def without_dates(text: str, language: str) -> str:
    """What a date line says beside its dates, weekday and time.

    >>> without_dates("Monday, 14 September 2015 19:19", "en"), without_dates("WFRR Resolution, 1 May 2021", "en")
    ('', 'WFRR Resolution')
    """
    rest, plain = list(text), _same_length(text)
    spans = [(found.start, found.end) for found in dates_in(text, language)]
    spans += [match.span() for match in _jalali().finditer(plain)]
    spans += [match.span() for match in re.finditer(r"(?<!\d)\d{1,2}[:.h]\d{2}(?::\d{2})?(?!\d)", plain)]
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    kept = "".join(rest)
    if spans:
        parts = re.split(r"(\s+)", kept)
        outer = _clock_words()
        while parts and folded(parts[-1]).strip(" ,.،:-–—|()") in {*outer, ""}:
            parts.pop()
        while parts and folded(parts[0]).strip(" ,.،:-–—|()\u200c") in {*outer, ""}:
            parts.pop(0)
        kept = "".join(parts)
    return re.sub(r"\s+", " ", kept).strip(" ,.،:-–—|")
