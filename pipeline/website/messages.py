"""The text for messengers: a document without markup, in pieces that can be sent one after another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from pipeline.locales import Locale
from pipeline.source.document import UNPRINTABLE
from pipeline.source.markdown import HOLE, Environment, environment_for, inline_tokens
from pipeline.translation.interface import Words
from pipeline.translation.localize import LocalizedDocument, LocalizedGroup, LocalizedSegment, LocalizedSignatory
from pipeline.typesetting.text import foreign_runs, space
from pipeline.website.pieces import (
    ISOLATE,
    LINE,
    LINK,
    OPENING,
    PARAGRAPH,
    POP,
    MessageLine,
    balanced,
    directed,
    in_pieces,
)

_INDENT, _RULE, _OUTDATED = "\u2003", "———", "† "


def messages(localized: LocalizedDocument, words: Words, address: str) -> tuple[str, ...]:
    """The document as messages of at most ``pieces.LONGEST`` UTF-16 units, in order; numbered if there are several.

    ``address`` is where to read it on the web; empty if nowhere.
    """
    return in_pieces(message_lines(localized, words, address), localized.locale)


def message_lines(localized: LocalizedDocument, words: Words, address: str) -> tuple[MessageLine, ...]:
    """All that the messages say, line by line: in the reader's order and digits, without markup."""
    told = _Told(localized.locale, words)
    lines = [
        *_masthead(localized, told),
        *_body(localized, told),
        *_signed(localized, told),
        *_remarks(localized, told, address),
    ]
    return tuple(
        MessageLine(each, line.gap if number == 0 else LINE, line.heading)
        for line in lines
        for number, each in enumerate(line.text.split("\n"))
        if each.strip()
    )


# --- what is said ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """How texts are said to one reader."""

    reader: Locale
    words: Words

    def phrase(self, msgid: str, **values: str) -> str:
        """A phrase of the templates, filled."""
        return self._filled(msgid, None, 1, values)

    def counted(self, msgid: str, plural: str, count: int) -> str:
        return self._filled(msgid, plural, count, {"count": self.reader.digits(str(count))})

    def _filled(self, msgid: str, plural: str | None, count: int, values: Mapping[str, str]) -> str:
        phrase = self.words.phrase(msgid, plural, count)
        parts = (values.get(part, part) if placeholder else part for placeholder, part in phrase.parts())
        return self.line("".join(parts), phrase.locale)

    def line(self, text: str, locale: Locale, prefix: str = "") -> str:
        """A text in a language as a line that begins at its side, and in which nothing turns round what is beside it."""
        return "\n".join(
            directed(prefix * (not number) + self.run(each, locale), locale.direction)
            for number, each in enumerate(text.split("\n"))
        )

    def run(self, text: str, locale: Locale) -> str:
        """A text in a language, spaced as it is on paper; runs of the other direction are isolated, links left as they are."""
        text = UNPRINTABLE.sub("", space(text, locale))
        if any(sign in text for sign in (*OPENING, POP)):
            return balanced(text)
        pieces, position = [], 0
        for link in LINK.finditer(text):
            start, end = link.span()
            bracketed = locale.direction == "rtl" and text[start - 1 : start] == "(" and text[end : end + 1] == ")"
            if bracketed:  # with its brackets: a mark right beside an address would be taken for a part of it
                start, end = start - 1, end + 1
            shown = f"{ISOLATE}{text[start:end]}{POP}" if bracketed else text[start:end]
            pieces += [_isolated_runs(text[position:start], locale.direction), shown]
            position = end
        return "".join([*pieces, _isolated_runs(text[position:], locale.direction)])

    def foreign(self, text: str, locale: Locale) -> str:
        """A text that may be of another language, within a line of the reader's."""
        said = balanced(UNPRINTABLE.sub("", text))
        return said if locale.direction == self.reader.direction else f"{ISOLATE}{said}{POP}"


def _masthead(localized: LocalizedDocument, told: _Told) -> Iterator[MessageLine]:
    document, locale = localized.document, localized.locale
    yield MessageLine(_segment(localized.title, told), heading=True)
    if localized.issuer:
        yield MessageLine(_segment(localized.issuer, told), LINE, heading=True)
    kind = told.foreign(localized.kind.text, localized.kind.locale) if localized.kind else ""
    day = locale.date(document.adopted) if document.adopted else None
    facts = [kind, document.number, told.foreign(day.text, day.locale) if day else ""]
    if any(facts):
        yield MessageLine(directed(" · ".join(filter(None, facts)), locale.direction), LINE, heading=True)
    if localized.draft:
        yield MessageLine(told.phrase("Draft translation, not yet reviewed by a native speaker"))
    if any(each.locale != locale for each in localized.segments()):
        source = locale.name_of(document.locale).text
        yield MessageLine(told.phrase("Parts that are not translated yet are shown in {language}.", language=source))
    if any(each.outdated for each in localized.segments()):
        changed = "The original has changed since: the marked paragraphs are translations of its earlier words."
        yield MessageLine(_OUTDATED + told.phrase(changed))


def _segment(segment: LocalizedSegment, told: _Told) -> str:
    return told.line(segment.text, segment.locale, _OUTDATED * segment.outdated)


def _body(localized: LocalizedDocument, told: _Told) -> Iterator[MessageLine]:
    section = localized.document.body
    environment = environment_for(section)
    block = 0
    for row in _rows(section.structure):
        gap = LINE if row.block and row.block == block else PARAGRAPH
        block = row.block
        cells = [localized.body[slot] for slot in row.slots]
        if not cells:
            yield MessageLine(directed(row.words, localized.locale.direction), gap)
            continue
        texts = [inline_text(each, environment, told.reader) for each in cells]
        locale = cells[0].locale
        prefix = _prefix(row, localized.locale) + _OUTDATED * any(each.outdated for each in cells)
        yield MessageLine(told.line(" · ".join(filter(None, texts)), locale, prefix), gap, row.heading)


def _prefix(row: _Row, reader: Locale) -> str:
    if row.note:
        return f"[{reader.digits(str(row.note))}] "
    marker = "" if row.ordinal is None else "– " if row.ordinal < 0 else f"{reader.digits(str(row.ordinal))}. "
    return _INDENT * row.depth + marker


def inline_text(segment: LocalizedSegment, environment: Environment, reader: Locale) -> str:
    """A segment without its markup: links with their address behind their words, footnotes as numbers in brackets."""
    pieces: list[str] = []
    opened: list[tuple[int, str]] = []
    for token in inline_tokens(segment.text, environment):
        if token.type in ("softbreak", "hardbreak"):
            pieces.append(" " if token.type == "softbreak" else "\n")
        elif token.type == "footnote_ref":
            pieces.append(f"[{reader.digits(str(token.meta['id'] + 1))}]")
        elif token.type == "image":
            pieces.append(f"[{token.content}]" if token.content else "")
        elif token.type == "link_open":
            opened.append((len(pieces), str(token.attrGet("href") or "")))
        elif token.type == "link_close" and opened:
            start, href = opened.pop()
            pieces.append(_behind("".join(pieces[start:]), href))
        elif not token.children:
            pieces.append(token.content)
    return "".join(pieces)


def _behind(words: str, href: str) -> str:
    """The address of a link, where its words do not say it. One that is relative leads nowhere from a messenger."""
    scheme, _, rest = href.partition(":")
    shown = href if scheme.lower() in ("http", "https") else rest if scheme.lower() in ("mailto", "tel") else ""
    bare = shown.removeprefix("https://").removeprefix("http://").rstrip("/")
    return f" ({shown})" if bare and bare not in words else ""


def _signed(localized: LocalizedDocument, told: _Told) -> Iterator[MessageLine]:
    count = len(localized.document.signatories())
    if count:
        signed = "{count} organisation has signed", "{count} organisations have signed"
        yield MessageLine(told.counted(*signed, count), heading=True)
    for group in localized.groups:
        yield from _group(group, told)


def _group(localized: LocalizedGroup, told: _Told) -> Iterator[MessageLine]:
    group, reader = localized.group, told.reader
    day = reader.date(group.as_of).text if group.as_of else ""
    facts = [
        _segment(localized.heading, told) if localized.heading else "",
        told.phrase("as of {date}", date=day) if day else "",
        told.phrase("further signatories possible") if group.open else "",
    ]
    heading = directed(" · ".join(filter(None, facts)), reader.direction)
    if heading:
        yield MessageLine(heading, heading=True)
    for number, member in enumerate(localized.members):
        marker = "–" if group.first_number is None else f"{reader.digits(str(group.first_number + number))}."
        name = _name(member, told)
        yield MessageLine(directed(f"{marker} {name}", reader.direction), LINE if heading or number else PARAGRAPH)


def _name(localized: LocalizedSignatory, told: _Told) -> str:
    organisation = localized.organisation
    acronym = organisation.acronym if organisation.acronym != organisation.name else ""
    return told.foreign(f"{acronym} {organisation.name}".strip(), organisation.name_locale)


def _remarks(localized: LocalizedDocument, told: _Told, address: str) -> Iterator[MessageLine]:
    if localized.note:
        yield MessageLine(told.phrase("Translators’ note: {note}", note=localized.note))
    if localized.credit:
        yield MessageLine(told.phrase("Translated by {name}", name=localized.credit))
    if localized.document.license:
        yield MessageLine(f"{told.phrase('Licence')}: {localized.document.license}")
    if address:
        # On a line of its own: programs would take a mark of direction beside an address for a part of it.
        phrase = told.phrase("Read this text in other languages: {address}", address="\n")
        before, _, after = phrase.partition("\n")
        yield MessageLine(before.strip(), heading=True)
        yield MessageLine(address, LINE)
        if any(sign.isalnum() for sign in after):
            yield MessageLine(after.strip(), LINE)


def _isolated_runs(text: str, direction: str) -> str:
    pieces, position = [], 0
    for start, end in foreign_runs(text, direction):
        pieces += [text[position:start], ISOLATE, text[start:end], POP]
        position = end
    return "".join([*pieces, text[position:]])


# --- what stands where ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the body: the segments in it, or words of its own; how deep it stands, and its number in a list (-1: a dash).

    Rows of one list, table or listing have the same ``block``; 0 is none. ``note`` is the number of the footnote it begins.
    """

    slots: tuple[int, ...]
    block: int = 0
    heading: bool = False
    depth: int = 0
    ordinal: int | None = None
    note: int = 0
    words: str = ""


@lru_cache(maxsize=64)
def _rows(structure: tuple[str, ...]) -> tuple[_Row, ...]:
    """The body's lines, by its own HTML; the same for all languages."""
    reading = _Reading()
    reading.feed(HOLE.join(structure))
    reading.close()
    return tuple(reading.rows)


class _Reading(HTMLParser):
    """Reads the HTML of a body, which is ours; collects its rows."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[_Row] = []
        self._lists: list[int | None] = []  # the last number of each open list, None for bullets
        self._ordinal: int | None = None
        self._slot = self._blocks = self._block = self._quotes = self._note = 0
        self._cells: list[int] | None = None
        self._heading = self._listing = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        if tag in ("ul", "ol", "table", "pre") and not self._lists:
            self._blocks += 1
            self._block = self._blocks
        if tag in ("ul", "ol"):
            self._lists.append(int(said.get("start") or 1) - 1 if tag == "ol" else None)
        elif tag == "li":
            self._item(said.get("id") or "")
        elif tag == "tr":
            self._cells = []
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "hr" and not said.get("class"):
            self.rows.append(_Row((), words=_RULE))
        self._heading = self._heading or re.fullmatch("h[1-6]", tag) is not None
        self._listing = self._listing or tag == "pre"

    def _item(self, name: str) -> None:
        last = self._lists[-1]
        if last is not None:
            self._lists[-1] = last + 1
        self._ordinal = -1 if last is None else last + 1
        self._note = int(name.removeprefix("fn")) if name.startswith("fn") else 0

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._lists.pop()
        elif tag == "tr":
            if self._cells:
                self.rows.append(_Row(tuple(self._cells), self._block))
            self._cells = None
        elif tag == "blockquote":
            self._quotes -= 1
        if tag in ("ul", "ol", "table", "pre") and not self._lists:
            self._block = 0
        self._heading = self._heading and re.fullmatch("h[1-6]", tag) is None
        self._listing = self._listing and tag != "pre"

    def handle_data(self, text: str) -> None:
        if self._listing:
            self.rows += [_Row((), self._block, words=each) for each in text.split("\n") if each.strip()]
            return
        for _ in range(text.count(HOLE)):
            self._hole()

    def _hole(self) -> None:
        slot, self._slot = self._slot, self._slot + 1
        if self._cells is not None:
            self._cells.append(slot)
            return
        depth = self._quotes + max(0, len(self._lists) - 1) + (bool(self._lists) and self._ordinal is None)
        self.rows.append(_Row((slot,), self._block, self._heading, depth, self._ordinal, self._note))
        self._ordinal, self._note = None, 0
