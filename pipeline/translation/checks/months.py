"""Names of months in a text: CLDR's, those of ``facts_months.toml``, and their inflected forms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale as CldrLocale
from babel import UnknownLocaleError

from pipeline.cldr_gaps import CLDR_NAMES
from pipeline.locales import Locale
from pipeline.translation.checks.folded import folded, spaced_words
from pipeline.translation.checks.number_words import KEEPS_MARKS, prefixes

#: Scripts whose languages change the ends of words, so that a stem must do.
_INFLECTING = frozenset({"Armn", "Cyrl", "Geor", "Grek", "Latn"})
#: Languages that write without spaces between words.
_UNSPACED = frozenset({"ja", "km", "lo", "my", "th", "yue", "zh"})
#: How many words may stand between a month and the number that makes it one.
_NEAR = 3
GREGORIAN = "gregorian"


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    path = files("pipeline.translation.checks") / "tables" / "facts_months.toml"
    return tomllib.loads(path.read_text("utf-8"))


@lru_cache(maxsize=512)
def month_text(text: str, locale: Locale) -> str:
    """The text as months are looked for in it: folded, its words apart by one space."""
    plain = folded(text, locale.language in KEEPS_MARKS)
    return plain if locale.language in _UNSPACED else spaced_words(plain)


def months_named(text: str, locale: Locale) -> Iterator[tuple[int, int, int]]:
    """The Gregorian months that stand beside a number in a ``month_text``: month, start and end."""
    pattern = _every_month(locale)
    for match in pattern.finditer(text) if pattern else ():
        if _beside_a_number(text, match.start(), match.end(), locale):
            yield int((match.lastgroup or "m0")[1:]), match.start(), match.end()


def month_named(text: str, locale: Locale, month: int, calendar: str = GREGORIAN) -> str:
    """How a ``month_text`` names a month of the calendar, beside a number if there are numbers; empty if it does not."""
    pattern = _month(locale, month, calendar)
    digits = any(each.isdigit() for each in text)
    for match in pattern.finditer(text) if pattern else ():
        if not digits or _beside_a_number(text, match.start(), match.end(), locale):
            return match[0]
    return ""


def has_months(locale: Locale, calendar: str) -> bool:
    """Whether the months of a calendar have names in the locale."""
    return bool(_forms(locale, calendar))


def marked(text: str, locale: Locale) -> tuple[str, ...]:
    """The calendars, besides the Gregorian, that a ``month_text`` says its years are of, or names months of."""
    apart = re.sub(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)", " ", f" {text} ")
    found = [
        name
        for name, calendar in _table()["calendars"].items()
        if any(spaced_words(folded(mark)) in apart for mark in calendar["marked"]) or _has_month_of(name, text, locale)
    ]
    return tuple(found + (["buddhist"] if locale.language == "th" and "buddhist" not in found else []))


def _has_month_of(calendar: str, text: str, locale: Locale) -> bool:
    return any(month_named(text, locale, month + 1, calendar) for month in range(len(_forms(locale, calendar))))


def _beside_a_number(text: str, start: int, end: int, locale: Locale) -> bool:
    if locale.language in _UNSPACED:
        return any(each.isdigit() for each in text)
    near = [*text[:start].split()[-_NEAR - 1 :], *text[end:].split()[: _NEAR + 1]]
    return any(each.isdigit() for word in near for each in word)


@lru_cache(maxsize=128)
def _every_month(locale: Locale) -> re.Pattern[str] | None:
    forms = _forms(locale, GREGORIAN)
    if not forms:
        return None
    named = "|".join(f"(?P<m{number}>{_either(each)})" for number, each in enumerate(forms, 1) if each)
    return re.compile(_bounded(named, locale))


@lru_cache(maxsize=2048)
def _month(locale: Locale, month: int, calendar: str) -> re.Pattern[str] | None:
    forms = _forms(locale, calendar)
    if len(forms) < month or not forms[month - 1]:
        return None
    return re.compile(_bounded(_either(forms[month - 1]), locale))


def _either(expressions: Iterable[str]) -> str:
    return "|".join(sorted(expressions, key=len, reverse=True))


def _bounded(expression: str, locale: Locale) -> str:
    if locale.language in _UNSPACED:
        return rf"(?<![\d十])(?:{expression})"
    return f"(?<= ){prefixes(locale)}(?:{expression})(?= )"


@lru_cache(maxsize=512)
def _forms(locale: Locale, calendar: str) -> tuple[tuple[str, ...], ...]:
    """For each month the expressions that find it in a ``month_text``."""
    if calendar != GREGORIAN:
        months = _table()["calendars"][calendar].get("months", {})
        row = months.get(locale.tag) or months.get(locale.language)
        return tuple(tuple(_expressions(field, locale)) for field in row.split()) if row else ()
    full = _cldr_names(locale)
    own = _table()[GREGORIAN].get(locale.tag) or _table()[GREGORIAN].get(locale.language) or " ".join("-" * 12)
    every = [{_shaped(name, locale) for name in full[month]} for month in range(12)] if full else [set() for _ in own]
    forms: list[tuple[str, ...]] = []
    for month, field in enumerate(own.split()):
        others = set().union(*(every[other] for other in range(12) if other != month)) if full else set()
        stems = (_stemmed(name, others, locale) for name in sorted(every[month] if full else ()))
        forms.append((*stems, *_expressions(field, locale)))
    return tuple(forms)


def _expressions(field: str, locale: Locale) -> Iterator[str]:
    for form in field.split("|"):
        if form != "-":
            shaped = re.escape(_shaped(form.rstrip("*").replace("_", " "), locale)).replace(r"\ ", " ")
            yield shaped + (r"\S*" if form.endswith("*") else r"\S{0,2}" if len(shaped) > 3 else "")


def _shaped(name: str, locale: Locale) -> str:
    return month_text(name, locale).strip()


def _stemmed(name: str, others: Iterable[str], locale: Locale) -> str:
    """An expression for the name and its inflected forms that none of the other months fits."""
    if " " in name or any(each.isdigit() for each in name) or locale.language in _UNSPACED or len(name) <= 3:
        return re.escape(name).replace(r"\ ", " ")
    cut = (2 if len(name) >= 6 else 1 if len(name) == 5 else 0) if locale.script in _INFLECTING else 0
    stem = name[: len(name) - cut]
    if any(other.startswith(stem) for other in others):
        stem = name
    if any(other.startswith(name) for other in others):
        return re.escape(name)
    return re.escape(stem) + (r"\S*" if len(name) >= 6 else r"\S{0,2}")


def _cldr_names(locale: Locale) -> list[set[str]]:
    """CLDR's names of the twelve months, in the locale and in the languages that stand in for it."""
    months: list[set[str]] = [set() for _ in range(12)]
    for tag in (locale.tag, *locale.fallbacks):
        cldr = _cldr(tag)
        for context in ("format", "stand-alone") if cldr else ():
            for width in ("wide", "abbreviated"):
                for number, name in cldr.months.get(context, {}).get(width, {}).items() if cldr else ():
                    bare = name.strip(".॰")
                    shortest = 3 if locale.script in _INFLECTING else 2
                    if (len(bare) >= shortest or locale.language in _UNSPACED) and not re.match(r"M\d|\d+$", bare):
                        months[number - 1].add(bare)
    return months if any(months) else []


def _cldr(tag: str) -> CldrLocale | None:
    for name in filter(None, (CLDR_NAMES.get(tag), tag.replace("-", "_"), tag.split("-", maxsplit=1)[0])):
        try:
            return CldrLocale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return None
