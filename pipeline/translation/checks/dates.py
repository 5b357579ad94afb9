"""Dates of an original, and whether a translation gives the same day: by the month's name, in figures, in another calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from babel.dates import get_month_names

from pipeline.locales import Locale
from pipeline.translation.checks.calendars import CALENDARS, YEARS, Day
from pipeline.translation.checks.figures import roman_figures
from pipeline.translation.checks.folded import with_ascii_digits
from pipeline.translation.checks.months import has_months, marked, month_named, month_text, months_named

_NUMERIC = re.compile(
    r"(?<![\d./-])(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<one>\d{1,2})(?P<mark>[./-])(?P<other>\d{1,2})(?P=mark)(?P<last>\d{4}))(?![\d/-])"
)
_IN_FIGURES = re.compile(r"(?<!\d)(\d{1,4})\s?([./-])\s?(\d{1,2})(?:\s?\2\s?(\d{2,4}))?(?!\d)")
_NUMBER = re.compile(r"(\d{1,4})\D{0,4}")
#: Languages that write months with a capital letter: "may 5" is no date.
_CAPITAL = frozenset({"en", "de"})
#: How many words on either side of a month are read.
_REACH = 4
_UNKNOWN_YEARS = (2001, 2002, 2003, 2004)


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date as the original gives it: the days (two if from one to another), month and year, as far as they are there.

    ``other_month`` is the month if the order of day and month was the other one; 0 if it is clear.
    """

    days: tuple[int, ...]
    month: int
    year: int | None
    other_month: int = 0
    in_figures: bool = False

    def shown(self) -> str:
        """The date in English, for a message."""
        name = get_month_names("wide", locale="en")[self.month]
        days = "–".join(map(str, self.days))
        return " ".join(part for part in (days, name, str(self.year or "")) if part)


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a translation gives a date; ``instead`` are the numbers it may have in place of the date's own.

    ``month`` is the month if the translation has it in figures and the original does not, ``named`` the month if it is the
    other way round; else 0.
    """

    instead: Mapping[int, frozenset[int]] = field(default_factory=dict)
    calendars: tuple[str, ...] = ()
    month: int = 0
    named: int = 0


@lru_cache(maxsize=256)
def dates_in(words: str, locale: Locale) -> tuple[NamedDate, ...]:
    """The dates of a text: those with the name of a month beside a number, and those in figures with a year.

    >>> [each.shown() for each in dates_in("held from 1 to 12 June 2026", Locale.parse("en"))]
    ['1–12 June 2026']
    """
    return (*_with_names(words, locale), *_in_figures(words))


def _with_names(words: str, locale: Locale) -> Iterator[NamedDate]:
    text = month_text(words, locale)
    for month, start, end in months_named(text, locale):
        if locale.language in _CAPITAL and not _capital(text[start:end], words):
            continue
        before = [_number(each) for each in text[:start].split()[-_REACH:]]
        after = [_number(each) for each in text[end:].split()[:_REACH]]
        days, year = _read_before(before)
        day_after, year_after = _read_after(after, bool(days))
        yield NamedDate(days or day_after, month, year or year_after)


def _capital(month: str, words: str) -> bool:
    return month[:1].upper() + month[1:] in words or month.upper() in words or not month.isascii()


def _number(word: str) -> int | None:
    match = _NUMBER.fullmatch(word)
    return int(match[1]) if match else None


def _read_before(numbers: list[int | None]) -> tuple[tuple[int, ...], int | None]:
    """The days and the year in front of a month; the words nearest to it come last. One word may stand between."""
    days: list[int] = []
    gap = 0
    for value in reversed(numbers):
        if value is None:
            gap += 1
            if gap > 1:
                break
        elif value >= 1000:
            return tuple(days), value
        elif 1 <= value <= 31 and len(days) < 2:
            days.insert(0, value)
            gap = 0
        else:
            break
    return tuple(days), None


def _read_after(numbers: list[int | None], has_day: bool) -> tuple[tuple[int, ...], int | None]:
    days: list[int] = []
    gap = 0
    for value in numbers:
        if value is None:
            gap += 1
            if gap > 1:
                break
        elif value >= 1000:
            return tuple(days), value
        elif 1 <= value <= 31 and not has_day and len(days) < 2:
            days.append(value)
            gap = 0
        else:
            break
    return tuple(days), None


def _in_figures(words: str) -> Iterator[NamedDate]:
    for match in _NUMERIC.finditer(with_ascii_digits(words)):
        if match["year"]:
            year, month, day, other = int(match["year"]), int(match["month"]), int(match["day"]), 0
        else:
            year, day, month = int(match["last"]), int(match["one"]), int(match["other"])
            if match["mark"] == "/" and day <= 12:
                other = day
            elif month > 12:
                day, month, other = month, day, 0
            else:
                other = 0
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield NamedDate((day,), month, year, other, True)


def rendered(named: NamedDate, words: str, locale: Locale) -> Rendering | None:
    """How the translation's words give the date; None if its month is nowhere."""
    text = month_text(words, locale)
    for month in filter(None, (named.month, named.other_month)):
        name = month_named(text, locale, month)
        if name or _month_in_figures(named, month, words):
            figures = any(each.isdigit() for each in name or "0")
            years = _years(named, marked(text, locale))
            if figures == named.in_figures:
                return Rendering(years)
            return Rendering(years, (), month if figures else 0, 0 if figures else month)
    for calendar, convert in CALENDARS.items():
        if not has_months(locale, calendar):
            continue
        days = [day for each in _days_of(named) for day in convert(each)]
        months = {month for _, month, _ in days}
        if any(month_named(text, locale, month, calendar) for month in months) or _in_figures_as(days, words):
            return Rendering(_instead(named, calendar), (calendar,), 0, named.month if named.in_figures else 0)
    return None


def _month_in_figures(named: NamedDate, month: int, words: str) -> bool:
    """Whether the month stands in a date in figures (10.09.2021), in whatever order, beside the day or the year."""
    beside = {*named.days, named.year}
    for match in _IN_FIGURES.finditer(with_ascii_digits(words)):
        parts = [int(part) for part in match.groups() if part and part.isdigit()]
        if month in parts:
            parts.remove(month)
            if beside & set(parts) or (named.year and named.year % 100 in parts):
                return True
    romans = roman_figures(words, every=True) if re.search(r"\d[\s.]*[IVX]", words) else ()
    return any(month in each.values for each in romans)


def _in_figures_as(days: list[Day], words: str) -> bool:
    """Whether one of the days of another calendar stands there in figures: ۱۴۰۰/۰۶/۱۹."""
    written = [
        sorted(int(part) for part in match.groups() if part and part.isdigit())
        for match in _IN_FIGURES.finditer(with_ascii_digits(words))
    ]
    return any(sorted(day) in written for day in days)


def _days_of(named: NamedDate) -> Iterator[date]:
    """The days that the date may be: all of its days, or some of the month if it names none; some years likewise."""
    for year in (named.year,) if named.year else _UNKNOWN_YEARS:
        for day in named.days or (1, 15, 28):
            try:
                yield date(year, named.month, day)
            except ValueError:
                continue


def _instead(named: NamedDate, calendar: str) -> Mapping[int, frozenset[int]]:
    instead: dict[int, set[int]] = {}
    for each in _days_of(named):
        for year, _, day in CALENDARS[calendar](each):
            if named.year:
                instead.setdefault(named.year, set()).add(year)
            if named.days:
                instead.setdefault(each.day, set()).add(day)
    return {value: frozenset(others) for value, others in instead.items()}


def _years(named: NamedDate, calendars: tuple[str, ...]) -> Mapping[int, frozenset[int]]:
    """Our months with another count of years, as in Thailand."""
    if named.year is None or "buddhist" not in calendars:
        return {}
    return {named.year: frozenset({named.year + 543})}


def years_elsewhere(year: int, calendars: tuple[str, ...]) -> frozenset[int]:
    """What a year that stands alone is called in the calendars that the translation says it uses.

    >>> sorted(years_elsewhere(2021, ("solar-hijri",)))
    [1399, 1400]
    """
    found = {year + shift for calendar in calendars for shift in YEARS.get(calendar, ())}
    if "islamic" in calendars and 1000 <= year <= 2999:
        found |= {each for day in (date(year, 1, 3), date(year, 12, 28)) for each, _, _ in CALENDARS["islamic"](day)}
    return frozenset(found)
