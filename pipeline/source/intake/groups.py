"""The lists of signatories on a page: where they begin and end, what their headings say, one entry per signatory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.source.intake.acronyms import is_acronym, leading_acronym
from pipeline.source.intake.countries import country_named
from pipeline.source.intake.dates import dates_in
from pipeline.source.intake.lines import Line, Shape
from pipeline.source.intake.text import balanced, comparable, folded, last_bracket, words

_SIGNING = re.compile(
    r"signator|signataire|signed by|signatures|unterzeichn|unterschrieben|firmant|firmado por|firman\b|firmas\b|"
    r"firmatari|firmato da|"
    r"signatari|subscritor|subscrev|assinam|assinad|ondertekenaar|ondertekend|imzaci|imzalayan|imzalar|подписавш|"
    r"подписал|подписант|"
    r"подписи|підписа|υπογραφ|υπογραψ|الموقع|موقعون|موقعین|التوقيع|التوقیع|امضا|undertecknare|underskri|allekirjoitta|"
    r"sygnatari|podpisan|"
    r"potpisni|alairok|penandatangan|nguoi ky|署名|签署|签名"
)
_OPEN = re.compile(
    r"open\b|further|possible|more sign|weitere|moglich|offen|autres|ouvert|possibles|abiert|otras|apert|altre|"
    r"ulterior|abert|outr|verdere|"
    r"meer|acik|открыт|далее|ανοιχτ|مفتوح|باز|sammlung lauft|being collected|continues"
)
_AS_OF = (
    "as of as at as on status on by state stand vom am au le etat du a la date estado al a fecha de hasta el a data "
    "di aggiornato em ate "
    "per op itibariyle tarihi itibari ile на по состоянию ως στις حتى تا تاریخ the den version from until updated"
)
_VERBS = frozenset(
    "are is was were will can could have has invited welcome must should sont est peuvent appellent invitees invites "
    "signent soutiennent "
    "rejoignent appelons exigeons demandons sind ist konnen werden haben rufen laden unterzeichneten fordern fordert "
    "folgen son esta pueden "
    "invitan llaman apoyan exigimos llamamos sono possono invitano sao podem convidam zijn kunnen worden edebilir "
    "davet могут приглашаются "
    "являются είναι μπορουν يمكن مي توانند demand demands condemn condemns call calls reject rejects declare "
    "declares urge urges we".split()
)
_ORGANISED = re.compile(
    r"part(?:y|ies|ido|ito|i|ei|ij|isi|iya|ija|ia|it|idul|iet)\b|movement|mouvement|movimi?ento|union|organi[sz]|"
    r"associa|asocia|front|federa|"
    r"league|liga\b|committee|comite|komite|\bcp\b|network|alliance|group|collectif|партия|партія|союз|κομμα|حزب|"
    r"اتحاد|سازمان"
)
_HEADER_CELLS = frozenset(
    "name names organisation organization organisations country land pays pais paese ulke acronym abbreviation no nr "
    "n sigle kurzel nom "
    "nombre nome naam ad state party parties translation language region страна χωρα الدولة البلد کشور نام".split()
)
_EMAIL = re.compile(
    r"[<(\[]?(?:mailto:)?[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}[>)\]]?"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One signatory as it stands on the page; ``ordinal`` is 0 if it has no number; ``doubt`` is a reason to look."""

    text: str
    line: int
    ordinal: int = 0
    cells: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A list of signatories. ``heading`` is empty where the page has none; ``written`` is the page's own line."""

    heading: str
    written: str
    line: int
    as_of: date | None
    open: bool
    entries: tuple[Entry, ...]
    addresses: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Parted:
    """A page's lines, parted: the text before the lists, the lists, and the text that stands after a list."""

    body: tuple[Line, ...]
    groups: tuple[Group, ...]
    after: tuple[Line, ...]
    headers: tuple[Line, ...] = ()


def part(lines: tuple[Line, ...], language: str) -> Parted:
    """The lists of signatories among the lines, and the rest."""
    lines = tuple(_without_inline_headings(lines))
    starts = [index for index in range(len(lines)) if _begins_group(lines, index)]
    if starts:
        starts += [index for index in range(starts[0] + 1, len(lines)) if _begins_region(lines, index)]
        starts = sorted(dict.fromkeys(starts))
    first = starts[0] if starts else len(lines)
    headless = _headless(lines[:first])
    groups: list[Group] = []
    body = lines[:headless]
    after: list[Line] = []
    headers: list[Line] = []
    if headless < first:
        entries, rest, titles = _entries(lines[headless:first])
        groups.append(_group(None, entries, language))
        after += rest
        headers += titles
    for start, end in zip(starts, [*starts[1:], len(lines)][: len(starts)], strict=True):
        heading, skip = _whole_heading(lines, start, end)
        entries, rest, titles = _entries(lines[start + skip : end])
        groups.append(_group(heading, entries, language))
        after += rest
        headers += titles
    return Parted(body, tuple(groups), tuple(after), tuple(headers))


def _without_inline_headings(lines: tuple[Line, ...]) -> Iterator[Line]:
    """The lines with a heading and its list parted where they stand on one line (``Signatories: A; B; C.``)."""
    for index, line in enumerate(lines):
        match = re.match(r"([^:：;]{3,160}[:：])\s+(\S.*)", line.text)
        if match is None or line.is_item or line.cells or not _is_heading(replace(line, text=match[1])):
            yield line
            continue
        listed = _listed_in_line(match[2]) or (len(match[2]) < 160 and not is_sentence(match[2]) and index)
        if not listed:
            yield line
            continue
        yield replace(line, text=match[1])
        yield replace(line, text=match[2], shape=Shape.TEXT, apart=False)


def is_sentence(text: str) -> bool:
    """Whether a line is said rather than listed: a closed sentence, or words that names do not have.

    >>> is_sentence("Other groups are cordially invited to sign."), is_sentence("Union of Readers, Xland")
    (True, False)
    """
    said = words(text)
    if text.rstrip().endswith((":", "?")):
        return True
    if (
        len(said) >= 6
        and text.rstrip().endswith((".", "!", "。", "؟"))
        and not is_acronym(text.rsplit(maxsplit=1)[-1].strip(".)"))
    ):
        return True
    return len(said) >= 5 and not _VERBS.isdisjoint(said)


def _is_heading(line: Line) -> bool:
    text = folded(line.text)
    if line.is_item or line.shape is Shape.ORNAMENT or len(text) > 240 or not _SIGNING.search(text):
        return False
    outside = re.sub(r"\([^()]*\)", "", text).strip(" :")
    count = len(outside.split())
    if not _SIGNING.search(outside) or outside.endswith((".", "!", "?")):
        return False
    return (count <= 14 and line.text.rstrip().endswith(":")) or (count <= 6 and _VERBS.isdisjoint(words(outside)))


def _begins_group(lines: tuple[Line, ...], index: int) -> bool:
    """Whether a heading of signatories stands here: names follow it, not clauses."""
    if not _is_heading(lines[index]):
        return False
    if not index and not lines[0].text.endswith(":") and not (len(lines) > 1 and (lines[1].is_item or lines[1].cells)):
        return False
    following = [line for line in lines[index + 1 : index + 8] if line.shape is not Shape.ORNAMENT]
    until = next((place for place, line in enumerate(following) if _is_heading(line)), len(following))
    if _begins_region(lines, index + 1):
        return True
    following = [line for line in following[:until] if not _only_details(line.text)]
    likely = sum(_may_sign(line) for line in following)
    return likely * 2 >= len(following) > 0 or (bool(following) and _listed_in_line(following[0].text) != ())


def _may_sign(line: Line) -> bool:
    first = line.text.lstrip("\"'“‘«(„–- ")[:1]
    if len(line.text) > 300 or line.shape is Shape.HEADING or (first.islower() and leading_acronym(line.text) is None):
        return bool(line.cells)
    return line.shape is Shape.NUMBERED or not (is_sentence(line.text) or dates_in(line.text, "en"))


def _begins_region(lines: tuple[Line, ...], index: int) -> bool:
    """Whether a part of a list begins here, under a few words such as ``Africa:``."""
    if index + 1 >= len(lines):
        return False
    line, following = lines[index], lines[index + 1]
    if line.is_item or line.cells or len(line.text) > 50 or len(line.text.split()) > 5:
        return False
    named = line.text.endswith(":") or (line.shape is Shape.HEADING and following.is_item)
    listed = _organised(following.text) or following.ordinal > 1
    return named and listed and _may_sign(following) and _VERBS.isdisjoint(words(line.text))


def _only_details(text: str) -> bool:
    """A line under a heading that only dates the list or says that it is open."""
    inner = text.strip().strip("()[]")
    if text.strip() != inner and balanced(text) and last_bracket(text.strip()) is not None:
        return bool(dates_in(inner, "en")) or bool(_OPEN.search(folded(inner)))
    return False


def _whole_heading(lines: tuple[Line, ...], start: int, end: int) -> tuple[Line, int]:
    heading, following = lines[start], lines[start + 1 : end]
    if following and _only_details(following[0].text):
        return replace(heading, text=f"{heading.text.rstrip().rstrip(':')} {following[0].text}"), 2
    return heading, 1


def _headless(lines: tuple[Line, ...]) -> int:
    """Where a list without any heading begins: a run of short items, most of them organisations, at the end."""
    end = len(lines)
    while end and not lines[end - 1].is_item and len(lines) - end < 4:
        end -= 1
    start = end
    while start and (lines[start - 1].is_item or lines[start - 1].shape is Shape.MORE):
        start -= 1
        if lines[start].ordinal == 1 and lines[start].level == 0:
            break
    items = [line for line in lines[start:end] if line.is_item]
    numbered = bool(items) and all(line.shape is Shape.NUMBERED for line in items)
    likely = sum(len(line.text) < 160 and not is_sentence(line.text) and _organised(line.text) for line in items)
    enough = len(items) >= 3 and likely >= len(items) * (0.5 if numbered else 0.7)
    return start if enough else len(lines)


def _organised(text: str) -> bool:
    if text.endswith("!"):
        return False
    after = re.split(r"[,،]", text)[-1]
    bracket = last_bracket(text)
    inside = bracket[1] if bracket else ""
    placed = bool(country_named(after.strip())) or bool(inside and (country_named(inside) or is_acronym(inside)))
    return placed or leading_acronym(text) is not None or bool(_ORGANISED.search(folded(text)))


def _entries(lines: tuple[Line, ...]) -> tuple[list[Entry], list[Line], list[Line]]:
    """The entries of a list, the lines after it, and the heads of its columns."""
    entries: list[Entry] = []
    headers: list[Line] = []
    items = any(line.is_item for line in lines[:3])
    lines = _whole_listings(lines)
    for index, line in enumerate(lines):
        if line.shape is Shape.ORNAMENT or (line.cells and _is_header(line.cells)):
            headers.append(line)
        elif entries and _continues(entries[-1], line):
            entries[-1] = replace(entries[-1], text=f"{entries[-1].text} {line.text}")
        elif not _belongs(line, items, lines[index + 1 :]):
            return entries, list(lines[index:]), headers
        elif not line.is_item and not line.cells and (parts := _listed_in_line(line.text)):
            entries += [Entry(each, line.number) for each in parts]
        else:
            doubt = (
                "it has no number or bullet as the others have" if items and not line.is_item and not line.cells else ""
            )
            entries.append(Entry(line.text, line.number, line.ordinal, line.cells, doubt))
    return entries, [], headers


def _whole_listings(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with those joined over which one list between semicolons runs."""
    whole: list[Line] = []
    for line in lines:
        before = whole[-1] if whole else None
        plain = line.shape is Shape.TEXT and not line.apart and not line.cells and not is_sentence(line.text)
        if before is not None and plain and re.search(r"[;؛].*[^;؛.\s]$", before.text) and before.shape is Shape.TEXT:
            whole[-1] = replace(before, text=f"{before.text} {line.text}")
        else:
            whole.append(line)
    return tuple(whole)


def _belongs(line: Line, items: bool, following: tuple[Line, ...]) -> bool:
    if line.is_item or line.cells or _listed_in_line(line.text):
        return True
    if line.shape is Shape.HEADING or is_sentence(line.text):
        return False
    return not items or _organised(line.text) or any(each.is_item for each in following)


def _continues(entry: Entry, line: Line) -> bool:
    """Whether a line goes on with the entry before: its bracket closes here, or it is more of the same item."""
    if line.shape is Shape.MORE:
        return True
    return not line.is_item and not balanced(entry.text) and balanced(f"{entry.text} {line.text}")


def _is_header(cells: tuple[str, ...]) -> bool:
    return all(comparable(cell) in _HEADER_CELLS or not comparable(cell) for cell in cells)


def _listed_in_line(text: str) -> tuple[str, ...]:
    """The names of a list that is written as one paragraph: between semicolons, or many commas.

    >>> _listed_in_line("Free Readers, Xland; Reading Room; Book Circle.")
    ('Free Readers, Xland', 'Reading Room', 'Book Circle')
    """
    for separator, least in ((r"[;؛]", 2), (r"[,،、]", 4), (r"\s[•·|]\s", 2)):
        parts = [part.strip() for part in re.split(rf"\s*{separator}\s*", text.strip().rstrip(";؛.")) if part.strip()]
        if len(parts) < least or not all(map(balanced, parts)) or any(len(part) > 160 for part in parts):
            continue
        if separator == r"[,،、]" and (
            sum(bool(country_named(part)) for part in parts) * 3 > len(parts) or is_sentence(text)
        ):
            continue
        if not any(is_sentence(part) for part in parts):
            return tuple(parts)
    return ()


def _group(heading: Line | None, entries: list[Entry], language: str) -> Group:
    text, as_of, is_open = heading_details(heading.text, language) if heading else ("", None, False)
    line = heading.number if heading else (entries[0].line if entries else 0)
    clean, addresses = [], []
    for entry in _numbered(_columns(entries)):
        found = [match.group() for match in _EMAIL.finditer(entry.text)]
        addresses += [(entry.line, each) for each in found]
        bare = re.sub(r"\s+", " ", _EMAIL.sub("", entry.text)).strip(" ,;–-") if found else entry.text
        cells = tuple(cell for cell in entry.cells if not _EMAIL.fullmatch(cell)) if found else entry.cells
        if bare or not found:
            clean.append(replace(entry, text=bare, cells=cells))
    return Group(text, heading.text if heading else "", line, as_of, is_open, tuple(clean), tuple(addresses))


def _columns(entries: list[Entry]) -> list[Entry]:
    """The entries with those parted that two columns of names put on one line, the left column first."""
    pairs = [entry for entry in entries if len(entry.cells) == 2]
    second = [entry.cells[1] for entry in pairs]
    facts = sum(
        bool(country_named(cell)) or is_acronym(entry.cells[0]) for entry, cell in zip(pairs, second, strict=True)
    )
    if len(pairs) * 2 < len(entries) or not pairs or facts * 2 >= len(pairs):
        return entries
    left = [replace(entry, text=entry.cells[0], cells=()) if len(entry.cells) == 2 else entry for entry in entries]
    right = []
    for entry in pairs:
        match = re.match(r"(\d{1,3})\s*[.)]\s*(?=\S)", entry.cells[1])
        ordinal = int(match[1]) if match else 0
        bare = entry.cells[1][match.end() :] if match else re.sub(r"^[-–•*●]\s+", "", entry.cells[1])
        right.append(replace(entry, text=bare, cells=(), ordinal=ordinal))
    return left + right


def _numbered(entries: list[Entry]) -> Iterator[Entry]:
    """The entries with the number that stands in the first column of a table."""
    for entry in entries:
        first = entry.cells[0].strip(".) ") if entry.cells else ""
        yield replace(entry, ordinal=int(first)) if first.isdecimal() and len(first) < 4 else entry


def heading_details(text: str, language: str) -> tuple[str, date | None, bool]:
    """The heading without what dates or opens the list, its day, and whether further signatories may follow.

    >>> heading_details("Signatories (as of 1 May 2026, further signatories possible):", "en")
    ('Signatories', datetime.date(2026, 5, 1), True)
    >>> heading_details("Additional Signatories (Non-XY):", "en")
    ('Additional Signatories (Non-XY)', None, False)
    """
    as_of: date | None = None
    is_open = False
    kept = text.strip().removesuffix(":").strip()
    for match in reversed(list(re.finditer(r"\s*[(\[]([^()\[\]]*)[)\]]", kept))):
        days = [found for found in dates_in(match[1], language) if found.day]
        opens = bool(_OPEN.search(folded(match[1])))
        if days or opens:
            as_of = as_of or (days[0].day if days else None)
            is_open = is_open or opens
            if opens or _says_only_date(match[1], language):
                kept = (kept[: match.start()] + kept[match.end() :]).strip()
    days = [found for found in dates_in(kept, language) if found.day]
    if days and as_of is None:
        as_of = days[0].day
        lead = re.search(
            r"(?:[,–-]\s*)?\b(?:as of|as at|stand(?: vom)?:?|au|al|à la date du|le|per)\s*$",
            kept[: days[0].start],
            re.IGNORECASE,
        )
        if lead and days[0].end >= len(kept) and lead.start():
            kept = kept[: lead.start()].strip(" ,–-")
    return kept.removesuffix(":").strip(), as_of, is_open


def _says_only_date(text: str, language: str) -> bool:
    rest = text
    for found in reversed(dates_in(text, language)):
        rest = rest[: found.start] + " " + rest[found.end :]
    return set(words(rest)) <= set(words(_AS_OF))
