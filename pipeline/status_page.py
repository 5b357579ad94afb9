"""Status as one HTML page, whole in itself: a picture of languages and documents, and tables of what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.locales import Locale
from pipeline.status import WORDS_A_MINUTE, LanguageStatus, Status, StatusRow, Words
from pipeline.workspace import Workspace

#: A picture with a cell for each document and language; of more documents, a bar for each language.
MOST_COLUMNS = 24
#: The documents of a language that have most work left are listed, the others counted: 40,000 rows are no page.
MOST_ROWS = 50
_CELL_WIDTH, _CELL_HEIGHT, _LABEL_WIDTH, _ROOM = 46, 22, 150, 8
_LONGEST_NAME = 22


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle of the picture: its place, how dark it is (0 to 5), what stands in it, and what it means in words."""

    x: float
    y: float
    width: float
    kind: str
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside the picture; ``y`` is its base line."""

    x: float
    y: float
    text: str
    locale: Locale | None = None

    @property
    def tag(self) -> str:
        return self.locale.tag if self.locale is not None else ""

    @property
    def dir(self) -> str:
        return self.locale.direction if self.locale is not None else "ltr"


@dataclass(frozen=True, slots=True)
class Picture:
    """Languages by documents as rectangles, in pixels; ``alternative`` says it in a sentence."""

    width: float
    height: float
    cells: tuple[Cell, ...]
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    alternative: str
    cell_height: int = _CELL_HEIGHT


@dataclass(frozen=True, slots=True)
class LanguageSection:
    """A language with those of its documents that need most work; ``more`` need some, too.

    Of the others, ``drafts`` are translated and not reviewed, ``done`` are done.
    """

    status: LanguageStatus
    rows: tuple[StatusRow, ...]
    more: int
    drafts: int
    done: int

    @property
    def locale(self) -> Locale:
        return self.status.locale


def write_status_page(workspace: Workspace, shown: Status, path: Path) -> bool:
    """Write the page into a file; whether its bytes changed."""
    return workspace.write(str(path.resolve()), status_html(workspace, shown).encode())


def status_html(workspace: Workspace, shown: Status) -> str:
    """The page: it asks for nothing, holds no script and no date, and is the same for the same status."""
    source = workspace.settings.source_locale
    values = {
        "site": workspace.settings.title,
        "lang": source.tag,
        "dir": source.direction,
        "picture": picture(shown),
        "sections": tuple(_sections(shown)),
        "titles": {each.id: each.title.msgid for each in shown.documents},
        "tongues": {each.id: each.locale for each in shown.documents},
        "words": _sum(each.words for each in shown.languages),
        "languages": len(shown.languages),
        "documents": len({each.document for each in shown.rows}),
        "whole": sum(each.coverage is not None and each.percent == 100 for each in shown.rows),
        "translations": len(shown.rows),
        "minute": WORDS_A_MINUTE,
        "duration": duration,
        "number": lambda value: f"{value:,}",
    }
    return workspace.templates.render("site/status.html", values)


def duration(minutes: int) -> str:
    """Minutes in words that people plan with: no more exact than an estimate is.

    >>> [duration(each) for each in (1, 59, 60, 95, 6029)]
    ['1 min', '59 min', '1 h', '1 h 35 min', '100 h']
    """
    hours, rest = divmod(minutes, 60)
    if hours >= 5:
        return f"{hours + (rest >= 30)} h"
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "")))


def picture(shown: Status) -> Picture:
    """Languages by documents; in words of the source, by language alone, if there are too many documents for that."""
    documents = list(dict.fromkeys(each.document for each in sorted(shown.rows, key=lambda row: row.document)))
    if len(documents) <= MOST_COLUMNS:
        return _heat_map(shown, documents)
    return _bars(shown)


def _heat_map(shown: Status, documents: list[str]) -> Picture:
    slant = (
        max((len(_shortened(each)) for each in documents), default=0) * 5
    )  # names at 45 degrees, about 7 px a letter
    head = slant + 3 * _ROOM
    at = {document: _LABEL_WIDTH + number * _CELL_WIDTH for number, document in enumerate(documents)}
    top = {each.locale: head + number * _CELL_HEIGHT for number, each in enumerate(shown.languages)}
    whole = sum(each.percent == 100 for each in shown.rows)
    return Picture(
        width=_LABEL_WIDTH + len(documents) * _CELL_WIDTH + slant,
        height=head + len(top) * _CELL_HEIGHT + _ROOM,
        cells=tuple(_cell(row, at[row.document], top[row.locale]) for row in shown.rows),
        rows=tuple(_row_label(locale, y) for locale, y in top.items()),
        columns=tuple(Label(x + _CELL_WIDTH / 2, head - _ROOM, _shortened(name)) for name, x in at.items()),
        alternative=f"Languages by documents: {whole} of {len(shown.rows)} translations are whole.",
    )


def _cell(row: StatusRow, x: float, y: float) -> Cell:
    where = f"{row.document}, {row.locale.english_name}"
    if row.coverage is None:
        return Cell(x, y, _CELL_WIDTH, "unknown", "?", f"{where}: a catalog cannot be read")
    text = str(row.percent) if row.percent < 100 else "✓"
    title = f"{where}: {row.percent} %, {row.words.left:,} words left" + (", draft" if row.draft else "")
    return Cell(x, y, _CELL_WIDTH, f"p{_level(row.percent)}", text, title)


def _level(percent: int) -> int:
    """How dark: 0 for nothing, 5 for all, in quarters between."""
    return 0 if percent == 0 else 5 if percent == 100 else 1 + percent // 25


def _bars(shown: Status) -> Picture:
    longest = max((each.words.total for each in shown.languages), default=0) or 1
    width = _CELL_WIDTH * 10
    cells: list[Cell] = []
    for number, each in enumerate(shown.languages):
        x = float(_LABEL_WIDTH)
        parts = (("p5", each.words.translated, "translated"), ("p2", each.words.fuzzy, "fuzzy"))
        for kind, words, name in (*parts, ("p0", each.words.untranslated, "untranslated")):
            length = round(width * words / longest, 2)
            title = f"{each.locale.english_name}: {words:,} words {name}"
            if words:
                cells.append(Cell(x, _ROOM + number * _CELL_HEIGHT, length, kind, "", title))
            x += length
    return Picture(
        width=_LABEL_WIDTH + width + _ROOM,
        height=2 * _ROOM + len(shown.languages) * _CELL_HEIGHT,
        cells=tuple(cells),
        rows=tuple(_row_label(each.locale, _ROOM + n * _CELL_HEIGHT) for n, each in enumerate(shown.languages)),
        columns=(),
        alternative="Words of each language, side by side: translated, fuzzy, untranslated.",
    )


def _row_label(locale: Locale, y: float) -> Label:
    return Label(_LABEL_WIDTH - _ROOM, y + _CELL_HEIGHT - 6, _shortened(locale.endonym), locale)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _sections(shown: Status) -> Iterator[LanguageSection]:
    for each in shown.languages:
        rows = [row for row in shown.rows if row.locale == each.locale]
        work = [row for row in rows if not row.whole]
        drafts = sum(row.draft for row in rows if row.whole)
        listed = tuple(work[:MOST_ROWS])
        yield LanguageSection(each, listed, len(work) - len(listed), drafts, len(rows) - len(work) - drafts)


def _sum(every: Iterable[Words]) -> Words:
    each = tuple(every)
    return Words(
        sum(words.translated for words in each),
        sum(words.fuzzy for words in each),
        sum(words.untranslated for words in each),
    )
