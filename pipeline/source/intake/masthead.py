"""What stands at the head of a document: title, kind, issuer and date, each once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.diagnostics import Diagnostic, Location
from pipeline.source.intake.acronyms import is_acronym
from pipeline.source.intake.chrome import is_breadcrumb
from pipeline.source.intake.dates import FoundDate, dates_in, without_dates
from pipeline.source.intake.lines import Dropped, Line, Shape, ends_sentence, starts_lower
from pipeline.source.intake.page import Page
from pipeline.source.intake.text import comparable, folded

_STRONG = (
    "resolution resolutions resolución resolução risoluzione resolutie karar резолюция резолюція ψήφισμα قرار "
    "قطعنامه résolution "
    "declaration déclaration declaración declaração dichiarazione erklärung verklaring заявление заява декларация "
    "διακήρυξη δήλωση بيان بیانیه "
    "statement stellungnahme communiqué communique comunicado comunicato ανακοίνωση bildiri bildirisi açıklama "
    "açıklaması beschluss "
    "manifesto manifest manifeste manifiesto charter charta charte"
)
_WEAK = (
    "call appeal message letter aufruf appell appel llamamiento llamado appello apelo oproep çağrı çağrısı призыв "
    "обращение κάλεσμα نداء "
    "فراخوان motion lettre carta brief petition pétition petición"
)
_MODIFIERS = (
    "joint open common final founding political solidarity gemeinsame gemeinsamer offener offene ortak совместное κοινή"
)
_AFTER = "commune conjointe conjunta congiunta comune ouverte final finale مشترک مشترك"
_CONNECTIVE = re.compile(
    r"^(?:of the|of|by the|by|der|des|du|de la|de l[’']|de los|de las|de|del|della|dell[’']|do|da|"
    r"van de|van|της|του|των)\s*",
    re.IGNORECASE,
)
_BODIES = re.compile(
    r"(?<!\w)(?:confer|congre|kongre|konfer|assembl|federa|foder|parti|union|organi|komite|comit|committee|council|"
    r"rat\b|allian|"
    r"network|reseau|red de|coalit|bund\b|verband|movement|mouvement|movimient|съезд|конгресс|конферен|союз|συνεδρ|"
    r"مؤتمر|کنگره)"
)


@dataclass(frozen=True, slots=True)
class Masthead:
    """The head of a document, the lines below it, and what was taken out. ``title`` is empty if none was found."""

    title: str
    kind: str
    issuer: str
    adopted: date | None
    body: tuple[Line, ...]
    dropped: tuple[Dropped, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Title:
    text: str
    line: int
    places: tuple[int, ...] = ()
    guessed: bool = False


def read_masthead(page: Page, body: tuple[Line, ...], language: str, path: str) -> Masthead:
    """The head of the document that ``body`` (a page's lines without furniture and signatories) begins with."""
    title = _title(page, body, language)
    again = {
        index
        for index, line in enumerate(body[: max(title.places, default=0) + 6])
        if title.text and comparable(line.text) == comparable(title.text) and index not in title.places
    }
    dated = _date_line(page, body, title, language)
    kind, issuer, told = _kind_and_issuer(dated.rest, title.text)
    gone = {*title.places, *again} | ({dated.place} if told and dated.place >= 0 else set())
    dropped = [Dropped(body[index].number, body[index].text, "the title again") for index in sorted(again)]
    if told and dated.place >= 0:
        dropped.append(Dropped(body[dated.place].number, body[dated.place].text, "date line, now in the front matter"))
    diagnostics = tuple(_complaints(title, dated, path))
    rest = tuple(line for index, line in enumerate(body) if index not in gone)
    return Masthead(
        title.text, kind, issuer, dated.found.day if dated.found else None, rest, tuple(dropped), diagnostics
    )


def _complaints(title: _Title, dated: _Dated, path: str) -> Iterator[Diagnostic]:
    if title.guessed and title.text:
        hint = "correct the line title: in the front matter if another line is the title"
        yield Diagnostic(
            "title-guessed", f"taken for the title: “{title.text[:80]}”", Location(path, title.line), "info", hint
        )
    where = Location(path, dated.line)
    if dated.found is None:
        hint = "add a line such as adopted: 2026-02-21 to the front matter"
        yield Diagnostic("date-missing", "no date was found", Location(path), "warning", hint)
    elif dated.found.day is None:
        hint = "write adopted: year-month-day into the front matter once the day is known"
        yield Diagnostic(
            "date-unclear", f"this is not a full date ({dated.found.why}); adopted is left out", where, "warning", hint
        )
    elif dated.above:
        hint = "correct adopted: in the front matter if this is the day the page was saved or published"
        yield Diagnostic(
            "date-above-title", "this date stands above the title: is it the document’s?", where, "info", hint
        )


def _title(page: Page, body: tuple[Line, ...], language: str) -> _Title:
    declared = next(((value, number) for name, value, number in page.declared if name == "title"), None)
    if declared:
        return _Title(*declared)
    trail = next((line.text for line in page.lines if is_breadcrumb(line.text)), "")
    candidates = [
        index for index, line in enumerate(body[:15]) if len(line.text) <= 400 and line.shape is not Shape.ORNAMENT
    ]
    for index in candidates:
        if (
            trail
            and comparable(trail).endswith(" " + comparable(body[index].text))
            and " / " not in body[index].text[:2]
        ):
            return _Title(body[index].text, body[index].number, (index,))
    headings = [index for index in candidates if body[index].shape is Shape.HEADING and body[index].level]
    named = [
        index for index in headings if page.web_title and comparable(body[index].text) in comparable(page.web_title)
    ]
    first = [index for index in headings if body[index].level == 1]
    for index in (named + first)[:1] or ([] if not page.web_title else headings[:1]):
        return _Title(body[index].text, body[index].number, (index,))
    return _first_lines(body, candidates, language) if candidates else _Title(page.web_title, 1, guessed=True)


def _first_lines(body: tuple[Line, ...], candidates: list[int], language: str) -> _Title:
    """The title of a dump without a trail: its first line that can be one, with the short lines glued to it."""
    for index in candidates:
        line = body[index]
        if line.shape is Shape.BULLET or len(line.text) > 300 or not any(char.isalpha() for char in line.text):
            continue
        if _only_date(line, language) or _unfinished(line.text) or line.text.endswith(":"):
            continue
        places = [index]
        for following in range(index + 1, min(index + 4, len(body))):
            nearby = body[following]
            if nearby.apart or nearby.shape is not Shape.TEXT or len(nearby.text) > 120 or len(line.text) > 120:
                break
            if _is_date_line(nearby, language) and not ends_with_date(nearby.text, language):
                break
            places.append(following)
        closes = places[-1] + 1 == len(body) or body[places[-1] + 1].apart
        if len(places) > 1 and not (closes and places[-1] + 1 < len(body)):
            places = (
                [index, index + 1] if starts_lower(body[index + 1].text) and not ends_sentence(line.text) else [index]
            )
        if (
            len(places) > 1
            and _is_date_line(body[places[-1]], language)
            and not _told_in_title(body[places[-1]], language)
        ):
            places.pop()
        return _Title(" ".join(body[place].text for place in places), line.number, tuple(places), guessed=True)
    return _Title("", 0, guessed=True)


def ends_with_date(text: str, language: str) -> bool:
    """Whether a date stands at the end of a line, after other words."""
    found = dates_in(text, language)
    return bool(found) and found[-1].end >= len(text.rstrip(" .)")) and found[0].start > 0


def _told_in_title(line: Line, language: str) -> bool:
    """A line such as ``… (XYZ) – September 2024``: the end of a title rather than a date line."""
    return any(found.day is None for found in dates_in(line.text, language))


def _only_date(line: Line, language: str) -> bool:
    return bool(dates_in(line.text, language)) and not without_dates(line.text, language)


def _unfinished(text: str) -> bool:
    last = comparable(text).split(" ")[-1]
    return len(text.split()) < 6 and last in (
        "de",
        "la",
        "le",
        "du",
        "of",
        "the",
        "von",
        "der",
        "des",
        "del",
        "van",
        "di",
    )


@dataclass(frozen=True, slots=True)
class _Dated:
    found: FoundDate | None = None
    line: int = 0
    place: int = -1
    rest: str = ""
    above: bool = False


def _is_date_line(line: Line, language: str) -> bool:
    if len(line.text) > 160 or line.is_item or not dates_in(line.text, language):
        return False
    return len(without_dates(line.text, language)) <= 90


def _date_line(page: Page, body: tuple[Line, ...], title: _Title, language: str) -> _Dated:
    """The line that dates the document: under the title, else declared, in the title, above it, or at the very end."""
    last = max(title.places, default=-1)
    places = [index for index in range(len(body)) if index not in title.places and _is_date_line(body[index], language)]
    under = [index for index in places if last < index <= last + 4]
    found = [_dated(body, index, language) for index in under]
    for name, value, number in page.declared:
        if name == "date":
            found.append(_Dated((dates_in(value, language) or (FoundDate(None, 0, 0, "no day"),))[0], number))
    told = dates_in(title.text, language)
    found += [_Dated(told[-1], title.line)] if told else []
    found += [_dated(body, index, language, above=not any(told)) for index in places if index < last]
    found += [
        _Dated(dates_in(body[index].text, language)[0], body[index].number)
        for index in places
        if index >= len(body) - 3
    ]
    full = next((each for each in found if each.found and each.found.day), None)
    unclear = next((each for each in found if each.found), _Dated())
    return unclear if told and told[-1].day is None and full and full.above else full or unclear


def _dated(body: tuple[Line, ...], index: int, language: str, above: bool = False) -> _Dated:
    dates = dates_in(body[index].text, language)
    best = next((each for each in dates if each.day), dates[0])
    rest = re.sub(
        r"^(?:date|datum|fecha|data|tarih|дата)\s*:?\s*$",
        "",
        without_dates(body[index].text, language),
        flags=re.IGNORECASE,
    )
    return _Dated(best, body[index].number, index, rest, above)


def _pattern(words: str) -> str:
    return "|".join(sorted((re.escape(word) for word in words.split()), key=len, reverse=True))


_KIND = re.compile(
    rf"(?<!\w)((?:(?:{_pattern(_MODIFIERS)})\s+)*(?:{_pattern(_STRONG)}|{_pattern(_WEAK)})(?:\s+(?:{_pattern(_AFTER)}))?)(?!\w)",
    re.IGNORECASE,
)
_IN_TITLE = re.compile(rf"(?<!\w)(?:{_pattern(_STRONG)})(?!\w)", re.IGNORECASE)
_OPENS_TITLE = re.compile(
    rf"(?:(?:{_pattern(_MODIFIERS)})\s+)*(?:{_pattern(_STRONG)}|{_pattern(_WEAK)})(?!\w)", re.IGNORECASE
)


def _kind_and_issuer(rest: str, title: str) -> tuple[str, str, bool]:
    """Kind, issuer, and whether the two say all that the date line says beside its date.

    >>> _kind_and_issuer("WFRR Resolution", "No to war!"), _kind_and_issuer("Ankara", "No to war!")
    (('Resolution', 'WFRR', True), ('', '', False))
    """
    opens, inside = _OPENS_TITLE.match(title), _IN_TITLE.search(title)
    from_title = opens.group() if opens else inside.group() if inside else ""
    kind = from_title if from_title[:1].isupper() or not from_title.isascii() else ""
    match = _KIND.search(rest)
    if match:
        before = rest[: match.start()].strip(" ,–—-:|·•")
        after = _CONNECTIVE.sub("", rest[match.end() :].strip(" ,–—-:|·•"))
        return match[1][:1].upper() + match[1][1:], before or after, not (before and after)
    if rest and (any(is_acronym(word) for word in rest.split()) or _BODIES.search(folded(rest))):
        return kind, rest, True
    return kind, "", not rest
