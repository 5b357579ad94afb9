"""Numbers and dates of the original, by value: in other digits, in words, in another calendar, but never another number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from pipeline.locales import Locale
from pipeline.translation.checks.dates import NamedDate, Rendering, dates_in, rendered, years_elsewhere
from pipeline.translation.checks.figures import HAS_FIGURE, Figure, Reading, Value, figures, roman_figures
from pipeline.translation.checks.language_rules import original_words_of, words_of
from pipeline.translation.checks.links import without_addresses
from pipeline.translation.checks.model import Finding, Knowledge, Pair
from pipeline.translation.checks.months import marked, month_text
from pipeline.translation.checks.number_words import any_of, as_words, row, says_several, times_said

_ROMAN = re.compile(r"[IVX]{2}|[IVXLCDM]{4}|[\u2160-\u2188]")
_AFTERNOON = re.compile(r"[:.\d\s]{0,6}[ap]\.?\s?m\b", re.IGNORECASE)
_DECADE = re.compile(r"['’]?s\b")
_READINGS = tuple(Reading(*each) for each in product((False, True), repeat=2))
_LARGEST_IN_WORDS = 1000
#: Up to here a number that was added is a day, a month, a century or a number in words more often than a mistake.
_SMALL = 31


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number of the original: how it is written there, what may stand for it, and whether it is part of a date."""

    shown: str
    values: frozenset[Value]
    of_date: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of both sides without addresses, and the same as words are looked for in them."""

    original: str
    words: str
    source: Locale
    locale: Locale

    def said(self, value: int) -> int:
        """How often the translation says a number in words that the original does not say in words itself."""
        ours = times_said(value, as_words(self.original, self.source), self.source, articles=False)
        return times_said(value, as_words(self.words, self.locale), self.locale) - ours

    def said_before(self, value: Value) -> bool:
        """Whether the original says the number in words."""
        if not isinstance(value, int) or value > _LARGEST_IN_WORDS:
            return False
        return value > 0 and times_said(value, as_words(self.original, self.source), self.source) > 0


def numbers(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A wrong number or day in a resolution sends people to the wrong place, or makes it untrue."""
    original, words = original_words_of(pair), words_of(pair)
    if not (HAS_FIGURE.search(original) or HAS_FIGURE.search(words) or _ROMAN.search(original)):
        return
    texts = Texts(without_addresses(original), without_addresses(words), pair.source, pair.locale)
    dates = dates_in(texts.original, texts.source)
    found = [(each, rendered(each, texts.words, texts.locale)) for each in dates]
    yield from (_date_finding(named) for named, rendering in found if rendering is None)
    wanted = tuple(_wanted(texts, found))
    lost, spare = _matched_any_way(wanted, texts)
    strange = [each for each in spare if not _explained(each, texts, dates)]
    lost = [each for each in lost if strange or not _in_words(each, lost, texts)]
    yield from _lost_findings(lost, strange, any(rendering is None for _, rendering in found))
    if not lost and not _counts_otherwise(found, texts):
        yield from (_added_finding(each) for each in strange if min(each.values) > _SMALL)


# --- what the original wants ------------------------------------------------------------------------------------------------


def _wanted(texts: Texts, dates: Sequence[tuple[NamedDate, Rendering | None]]) -> Iterator[Wanted]:
    """The numbers of the original with all that may stand for them."""
    text = texts.original
    calendars = tuple({name for _, rendering in dates if rendering for name in rendering.calendars})
    calendars += marked(month_text(texts.words, texts.locale), texts.locale)
    for date, rendering in dates:
        if rendering and rendering.month:
            yield Wanted(date.shown(), frozenset({rendering.month}), of_date=True)
    in_words = [rendering.named for _, rendering in dates if rendering and rendering.named]
    for figure in figures(text):
        values = figure.values | _by_context(figure, text, texts.source)
        named = next((each for each in dates if _belongs(figure, each[0])), None)
        if named is not None and not figure.values.isdisjoint(in_words):
            in_words.remove(min(each for each in in_words if each in figure.values))
            continue
        if named is not None:
            yield _of_date(figure, values, named)
        else:
            years = {
                other for value in values if 1000 <= value <= 2999 for other in years_elsewhere(int(value), calendars)
            }
            yield Wanted(figure.shown, frozenset(values | years))
    for figure in roman_figures(text) if _ROMAN.search(text) else ():
        yield Wanted(figure.shown, figure.values)


def _belongs(figure: Figure, named: NamedDate) -> bool:
    parts = {*named.days, named.year} | ({named.month} if named.in_figures else set())
    return bool(figure.values & parts)


def _of_date(figure: Figure, values: frozenset[Value], found: tuple[NamedDate, Rendering | None]) -> Wanted:
    rendering = found[1]
    instead = {other for value in figure.values if rendering for other in rendering.instead.get(int(value), ())}
    return Wanted(figure.shown, values | instead, of_date=True)


def _by_context(figure: Figure, text: str, source: Locale) -> frozenset[Value]:
    """What else a number may become for the words beside it: 2 p.m., the 1990s, 3 million."""
    after = text[figure.end : figure.end + 16]
    others: set[Value] = set()
    for value in figure.values:
        if value <= 12 and _AFTERNOON.match(after):
            others |= {value + 12, value - 12 if value == 12 else value}
        if isinstance(value, int) and value % 10 == 0 and _DECADE.match(after):
            others |= {value % 100} if value >= 100 else {1900 + value, 2000 + value, 1800 + value}
        scale = _scale(after, source)
        if scale:
            others |= {_exactly(value * scale, part) for part in (1, 10**3, 10**5, 10**6, 10**7, 10**9)}
    return frozenset(others)


def _scale(after: str, source: Locale) -> int:
    """What the word behind a number multiplies it by; 0 if it does not."""
    scales = row(source).get("scales", {})
    word = next(iter(re.findall(r"[^\W\d_]+", after.casefold())), "").removesuffix("s")
    return int(scales.get(word, 0))


def _exactly(value: Value, part: int) -> Value:
    quotient = Fraction(value) / part
    return quotient.numerator if quotient.denominator == 1 else quotient


# --- what the translation has -----------------------------------------------------------------------------------------------


def _matched_any_way(wanted: Sequence[Wanted], texts: Texts) -> tuple[list[Wanted], list[Figure]]:
    """What is lost and what is left over, read in the way in which least is lost."""
    best: tuple[list[Wanted], list[Figure]] | None = None
    for reading in _READINGS:
        tried = _matched(wanted, figures(texts.words, reading), texts)
        if best is None or len(tried[0]) < len(best[0]):
            best = tried
        if not best[0]:
            break
        own = figures(texts.original, reading)
        if reading != _READINGS[0] and len(own) != len(figures(texts.original)):
            again = [Wanted(each.shown, each.values) for each in own]
            tried = _matched(again, figures(texts.words, reading), texts)
            best = tried if len(tried[0]) < len(best[0]) else best
    assert best is not None  # there is a first reading
    return best


def _matched(wanted: Sequence[Wanted], theirs: Sequence[Figure], texts: Texts) -> tuple[list[Wanted], list[Figure]]:
    spare = list(theirs)
    lost: list[Wanted] = []
    for each in sorted(wanted, key=lambda each: len(each.values)):
        index = next((index for index, figure in enumerate(spare) if figure.values & each.values), None)
        if index is None:
            lost.append(each)
        else:
            del spare[index]
    if lost:
        romans = list(roman_figures(texts.words, every=True))
        lost = [each for each in lost if not _taken(each, romans)]
    return lost, spare


def _taken(wanted: Wanted, pool: list[Figure]) -> bool:
    """Whether a figure of the pool is the number; it is taken out."""
    index = next((index for index, figure in enumerate(pool) if figure.values & wanted.values), None)
    if index is not None:
        del pool[index]
    return index is not None


def _explained(figure: Figure, texts: Texts, dates: Iterable[NamedDate]) -> bool:
    """Whether a number that only the translation has stands for words of the original: a month, two, the last century."""
    months = {month for named in dates for month in (named.month, named.other_month)}
    return bool(figure.values & months) or any(texts.said_before(value) for value in figure.values)


def _in_words(wanted: Wanted, lost: Sequence[Wanted], texts: Texts) -> bool:
    """Whether the translation says a number in words."""
    counts = Counter(value for each in lost for value in each.values)
    for value in wanted.values:
        if not isinstance(value, int) or not 0 <= value <= _LARGEST_IN_WORDS:
            continue
        if texts.said(value) >= counts[value]:
            return True
        if value == 1 and _other_in_words(wanted, lost, texts):
            return True
    return False


def _other_in_words(wanted: Wanted, lost: Sequence[Wanted], texts: Texts) -> bool:
    """Whether another lost number is there in words, so that an article may be the one: "un tiers" is 1 part in 3."""
    others = [int(value) for each in lost if each != wanted for value in each.values if value <= _LARGEST_IN_WORDS]
    return says_several(others, as_words(texts.words, texts.locale), texts.locale) > 0


def _counts_otherwise(found: Sequence[tuple[NamedDate, Rendering | None]], texts: Texts) -> bool:
    """Whether numbers may well be added: another calendar beside ours, or words that stand for numbers."""
    if marked(month_text(texts.words, texts.locale), texts.locale) or any(each and each.calendars for _, each in found):
        return True
    vague = row(texts.source).get("vague", "")
    return not vague or bool(any_of(vague).search(as_words(texts.original, texts.source)))


# --- what is said of it -----------------------------------------------------------------------------------------------------


def _date_finding(named: NamedDate) -> Finding:
    hint = "give the same day; figures, another calendar and the order of your language are welcome"
    return Finding("date", f"the translation lacks the month of the date {named.shown()}", hint)


def _lost_findings(lost: Sequence[Wanted], strange: Sequence[Figure], told: bool) -> Iterator[Finding]:
    """One for each number, one for all parts of dates; none for these if a date has been complained of."""
    has = "; it has " + ", ".join(each.shown for each in strange) if strange else ""
    parts = " and ".join(each.shown for each in lost if each.of_date)
    if parts and not told:
        hint = "compare the dates; digits and calendar may be those of your language"
        yield Finding("date", f"the translation lacks {parts} of a date{has}", hint)
    for each in lost:
        if not each.of_date:
            hint = "compare the numbers; digits and separators may be those of your language"
            yield Finding("number", f"the translation lacks the number {each.shown}{has}", hint)


def _added_finding(figure: Figure) -> Finding:
    message = f"the translation has the number {figure.shown}, which the original lacks"
    return Finding("number-added", message, "delete it, or put the words of the original there")
