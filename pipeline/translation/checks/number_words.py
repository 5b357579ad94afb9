"""Numbers in words: what may stand for a figure, by the table ``facts_words.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.locales import Locale
from pipeline.translation.checks.folded import folded, spaced_words

#: Languages whose marks part one word from another: één is a number, een an article.
KEEPS_MARKS = frozenset({"nl", "vi"})
#: Up to this many letters a text is so short that its "a" is its "one".
_SHORT = 60


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Any]]:
    path = files("pipeline.translation.checks") / "tables" / "facts_words.toml"
    return tomllib.loads(path.read_text("utf-8"))


def row(locale: Locale) -> Mapping[str, Any]:
    """The table's words of a locale, or of its language; empty if there are none."""
    table = _table()
    words = table.get(locale.tag) or table.get(f"{locale.language}-{locale.script}") or table.get(locale.language) or {}
    return table[words["like"]] if "like" in words else words


def as_words(text: str, locale: Locale) -> str:
    """The text as words are looked for in it: folded, its words apart by one space."""
    return spaced_words(folded(text, locale.language in KEEPS_MARKS))


def times_said(value: int, words: str, locale: Locale, *, articles: bool = True) -> int:
    """How often a text (folded, its words apart by one space) says the number in words, "third" and "half" included.

    Articles that are also the word for one only count in short texts.
    """
    pattern = _pattern(value, locale, articles and len(words) <= _SHORT)
    return len(pattern.findall(words)) if pattern else 0


@lru_cache(maxsize=4096)
def _pattern(value: int, locale: Locale, articles: bool) -> re.Pattern[str] | None:
    words = row(locale)
    forms = _forms(value, words, articles) if words else []
    if not forms:
        return None
    keep = locale.language in KEEPS_MARKS
    return re.compile(f"(?<= ){prefixes(locale)}(?:{'|'.join(_expression(each, keep) for each in forms)})(?= )")


def prefixes(locale: Locale) -> str:
    """An expression for what the language writes in front of a word without a space, "and" or "in"; optional."""
    written = row(locale).get("prefixes", "").split()
    return f"(?:{'|'.join(re.escape(folded(each)) for each in written)})?" if written else ""


def _forms(value: int, words: Mapping[str, Any], articles: bool) -> list[str]:
    if value <= 12:
        every = [*_field(words, "cardinals", value), *_field(words, "ordinals", value)]
        return every + (words.get("articles", "").split() if value == 1 and articles else [])
    if value <= 19:
        return _field(words, "teens", value - 13)
    if value in (100, 1000):
        return _field(words, "tens", 8 if value == 100 else 9)
    if value >= 100:
        return []
    tens = _field(words, "tens", value // 10 - 2)
    if value % 10 == 0:
        return tens
    units = _forms(value % 10, words, articles=True)
    return [*(f"{ten}~{unit}" for ten in tens for unit in units), *(f"{unit}~{ten}" for ten in tens for unit in units)]


def _field(words: Mapping[str, Any], name: str, index: int) -> list[str]:
    return [form for form in str(words[name]).split()[index].split("|") if form != "-"]


def _expression(form: str, keep_marks: bool) -> str:
    """``*`` is any ending, ``_`` a space, ``~`` at most a short word between tens and units (twenty-one, vingt et un)."""
    parts = [re.escape(folded(part, keep_marks)) for part in form.replace("’", "_").rstrip("*").split("~")]
    expression = r"(?:\S{0,3}| \S{1,3} | \S{0,2})".join(part.replace(r"\*", r"\S*").replace("_", " ") for part in parts)
    return expression + (r"\S*" if form.endswith("*") else "")


@lru_cache(maxsize=64)
def any_of(forms: str) -> re.Pattern[str]:
    """An expression that finds one of the forms ("a|b*") among the words of a folded text."""
    return re.compile(f"(?<= )(?:{'|'.join(_expression(form, False) for form in forms.split('|'))})(?= )")


def says_several(values: Iterable[int], words: str, locale: Locale) -> int:
    """How many of the numbers the text says in words."""
    return sum(times_said(value, words, locale, articles=False) > 0 for value in values)
