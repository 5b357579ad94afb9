"""A saved page, HTML or a text dump or Markdown with front matter, becomes lines."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt

from pipeline.source.intake.dates import dates_in
from pipeline.source.intake.lines import BULLET, NUMBER, ORNAMENT, Dropped, Line, Shape, ends_sentence, starts_lower
from pipeline.source.intake.markup import is_markup, read_markup
from pipeline.source.intake.structured import is_records, load, read_field, read_records
from pipeline.source.intake.text import one_line

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_ROMAN = re.compile(r"([IVX]{1,5})(?:[.)]|\s[–—-])?(?:\s+(\S.*))?")
_COLUMNS = re.compile(r"\t+| {3,}|\s\|\s")
_DECLARED = {
    "title": "title",
    "lang": "language",
    "language": "language",
    "locale": "language",
    "date": "date",
    "adopted": "date",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page, before anybody asked what it means. ``declared`` is what its own front matter says."""

    lines: tuple[Line, ...]
    dropped: tuple[Dropped, ...] = ()
    web_title: str = ""
    declared: tuple[tuple[str, str, int], ...] = ()


def read_page(content: str) -> Page:
    """The lines of a page; the content must be ``printable``."""
    front = _FRONT_MATTER.match(content)
    metadata = _metadata(front[1]) if front else None
    if front and metadata is not None:
        return _read_markdown(content, front, metadata)
    if is_records(content):
        return Page(*read_records(content, "signatories", 1))
    if is_markup(content):
        lines, dropped, title = read_markup(content)
        return Page(
            _with_headings(tuple(_marked(line) if line.shape is Shape.TEXT else line for line in lines)), dropped, title
        )
    return Page(_with_headings(_nested(_unwrapped(_dump(content)))))


def _metadata(text: str) -> dict[str, object] | None:
    loaded = load(text)
    return {str(key): value for key, value in loaded.items()} if isinstance(loaded, dict) else None


def _read_markdown(content: str, front: re.Match[str], metadata: dict[str, object]) -> Page:
    """A page that is Markdown with front matter: its text, its title, language and date; other fields are left out."""
    offset = content.count("\n", 0, front.end())
    parser = MarkdownIt("commonmark")
    tokens = parser.parse(content[front.end() :])
    rendered = parser.renderer.render([token for token in tokens if token.type != "html_block"], parser.options, {})
    lines, dropped, _ = read_markup(rendered)
    starts = [token.map[0] + 1 + offset for token in tokens if token.type in ("inline", "fence") and token.map]
    for token in tokens:
        if token.type == "html_block" and token.map:
            dropped += (Dropped(token.map[0] + 1 + offset, one_line(token.content), "markup"),)
    placed = _placed(lines, content, starts)
    declared, left_out = [], []
    for number, line in enumerate(front[1].split("\n"), 2):
        key, _, _ = line.partition(":")
        value = metadata.get(key)
        if key in _DECLARED and isinstance(value, str) and value.strip():
            declared.append((_DECLARED[key], one_line(value), number))
        if line.strip():
            left_out.append(Dropped(number, one_line(line), "front matter of the page"))
    placed += read_field(metadata, front[1], 2)
    marked = (_marked(line) if line.shape is Shape.TEXT else line for line in placed)
    return Page(_with_headings(tuple(marked)), (*left_out, *dropped), "", tuple(declared))


def _placed(lines: tuple[Line, ...], content: str, starts: list[int]) -> list[Line]:
    """The lines of a rendered text with the numbers they have in the source text, as far as their words tell."""
    source = [re.sub(r"[\W_]+", "", line) for line in content.split("\n")]
    placed, last = [], (starts[0] if starts else 1)
    for line in lines:
        wanted = re.sub(r"[\W_]+", "", line.text)[:20]
        last = next((index + 1 for index in range(last - 1, len(source)) if wanted and wanted in source[index]), last)
        placed.append(replace(line, number=last))
    return placed


def _dump(content: str) -> list[Line]:
    lines, apart = [], True
    for number, raw in enumerate(content.split("\n"), 1):
        if not raw.strip():
            apart = True
            continue
        indent = len(raw.expandtabs(8)) - len(raw.expandtabs(8).lstrip())
        line = _marked(Line(one_line(raw.strip()), number, apart=apart, indent=indent), raw.strip())
        lines.append(line)
        apart = False
    return lines


def _marked(line: Line, raw: str = "") -> Line:
    """A line of running text without the marker that makes it an item, and with its columns."""
    raw = raw or line.text
    if line.cells:
        return line
    if ORNAMENT.fullmatch(raw) and not any(char.isalnum() for char in raw):
        return replace(line, shape=Shape.ORNAMENT)
    numbered, bullet = NUMBER.match(raw), BULLET.match(raw)
    marker = numbered or bullet
    rest = raw[marker.end() :].strip() if marker else raw
    if numbered and rest and not any(found.start == 0 for found in dates_in(line.text, "en")):
        ordinal = int(numbered[1])
        line = replace(line, text=one_line(rest), shape=Shape.NUMBERED, ordinal=ordinal, marker="1")
    elif bullet and rest:
        line = replace(line, text=one_line(rest), shape=Shape.BULLET, marker=bullet[1] or bullet[2])
    else:
        rest = raw
    cells = tuple(one_line(cell) for cell in _COLUMNS.split(rest.strip("|")) if cell.strip())
    return replace(line, cells=cells) if len(cells) > 1 else line


def _unwrapped(lines: list[Line]) -> list[Line]:
    """The lines with those joined that only the width of the page had parted."""
    width = _wrap_width(lines)
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before is not None and _goes_on(before, line, width):
            joined[-1] = replace(before, text=f"{before.text} {line.text}", indent=before.indent, cells=())
        else:
            joined.append(line)
    return joined


def _goes_on(before: Line, line: Line, width: int) -> bool:
    if line.apart or line.shape is not Shape.TEXT or before.shape is Shape.ORNAMENT or line.cells or before.cells:
        return False
    if before.is_item and line.indent > before.indent and not line.text.endswith(":"):
        return True
    if not ends_sentence(before.text) and starts_lower(line.text):
        return True
    last = re.split(r"[ \n]", before.text)[-1]
    if width and not before.text.endswith(":"):
        room = width - before.indent - len(before.text.rpartition("\n")[2]) % (width + 1)
        return len(line.text.split(" ")[0]) + 1 > room > -len(last) - 20 and len(before.text) >= width * 0.6
    return False


def _wrap_width(lines: list[Line]) -> int:
    """The column at which a dump is wrapped; 0 if its lines are as long as their paragraphs."""
    lengths = sorted(line.indent + len(line.text) for line in lines if line.shape is Shape.TEXT)
    cut = sum(
        1
        for before, line in itertools.pairwise(lines)
        if not line.apart and starts_lower(line.text) and not ends_sentence(before.text) and len(before.text) > 45
    )
    if cut < 4 or not lengths or lengths[-1] > 100:
        return 0
    return lengths[-1]


def _nested(lines: list[Line]) -> tuple[Line, ...]:
    """The items of a dump with how deep they are nested, by marker and indent."""
    nested: list[Line] = []
    open_items: list[tuple[str, int]] = []
    for line in lines:
        if not line.is_item:
            open_items = []
            nested.append(line)
            continue
        here = (line.marker, line.indent)
        same = [index for index, (marker, _) in enumerate(open_items) if marker == line.marker]
        if here in open_items:
            del open_items[open_items.index(here) + 1 :]
        elif open_items and _is_deeper(open_items[-1], here):
            open_items.append(here)
        elif same:
            del open_items[same[-1] + 1 :]
        else:
            while open_items and open_items[-1][1] >= line.indent:
                open_items.pop()
            open_items.append(here)
        nested.append(replace(line, level=min(len(open_items) - 1, 8)))
    return tuple(nested)


def _is_deeper(outer: tuple[str, int], inner: tuple[str, int]) -> bool:
    if inner[1] > outer[1] + 1:
        return True
    return inner[1] >= outer[1] and inner[0] not in ("1", outer[0]) and outer[0] == "1"


def _with_headings(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with those as headings that are a Roman numeral, alone or before a few words, and count on from I."""
    expected, found = 1, {}
    numerals = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
    for index, line in enumerate(lines):
        match = _ROMAN.fullmatch(line.text) if line.shape is Shape.TEXT else None
        if match is None or expected >= len(numerals) or match[1] != numerals[expected]:
            continue
        parted = len(line.text) > len(match[1]) and line.text[len(match[1])] in ".) "
        if not match[2] or (parted and len(line.text) < 100 and not line.text.endswith((".", ";", ","))):
            if match[2] and line.text[len(match[1])] == " " and line.text[len(match[1]) + 1] not in "–—-":
                continue
            found[index], expected = match, expected + 1
    alone = len(found) == 1 and any(match[2] for match in found.values())
    if alone:
        return lines
    return tuple(
        replace(line, shape=Shape.HEADING, level=2) if index in found else line for index, line in enumerate(lines)
    )
