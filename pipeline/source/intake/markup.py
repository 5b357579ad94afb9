"""Saved HTML becomes lines: text only, never a tag, an attribute or an address."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from pipeline.source.intake.lines import Dropped, Line, Shape
from pipeline.source.intake.text import one_line

_BLOCKS = frozenset(
    "html body div p section article main header footer nav aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead "
    "tbody tfoot tr "
    "td th caption blockquote pre hr figure figcaption address form fieldset center details summary title head".split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_SKIPPED = frozenset(
    "script style nav footer form aside noscript template svg math iframe object button select textarea dialog head "
    "menu canvas "
    "audio video".split()
)
_FURNITURE = re.compile(
    r"(?<![a-z])(?:breadcrumbs?|share|sharing|social|cookies?|sidebar|menu|navbar|navigation|portlet|skip|skiplinks?|"
    r"documentactions|"
    r"toolbar|comments?|pagination|banner|personaltools|hiddenstructure|visuallyhidden|screen-reader-text|sr-only|"
    r"newsletter|"
    r"portal-(?:top|header|footer|breadcrumbs|personaltools|column-\w+|siteactions|globalnav|searchbox))(?![a-z])"
)
_TAG = re.compile(
    r"<(/?)(html|body|div|p|br|h[1-6]|ul|ol|li|table|tr|td|article|section|blockquote)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_OPENS_NOTHING = re.compile(r"""<(?!/?[a-zA-Z](?>(?:[^<>"']{1,2000}+|"[^"]{0,4000}+"|'[^']{0,4000}+'){0,200}+)>)""")
_DEEPEST = 250
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?!\.?\d)|mso-hide\s*:\s*all")


def is_markup(content: str) -> bool:
    """Whether a saved page is HTML rather than a text dump: it opens as one, or pairs of block tags stand in it.

    >>> is_markup("<!DOCTYPE html><p>Hi"), is_markup("if a < b, then <p> is"), is_markup("<div>a</div> <p>b</p>")
    (True, False, True)
    """
    start = content.lstrip()[:200].lower()
    if start.startswith(("<!doctype html", "<html", "<?xml")) and "<" in content[1:]:
        return True
    tags = [(match[1], match[2].lower()) for match in _TAG.finditer(content[:200_000])]
    opened = {name for slash, name in tags if not slash}
    return len(tags) >= 3 and any(slash and name in opened for slash, name in tags) and start.startswith("<")


def read_markup(content: str) -> tuple[tuple[Line, ...], tuple[Dropped, ...], str]:
    """The lines of an HTML page, its furniture, and what its ``<title>`` says."""
    reader = _Reader()
    reader.feed(_well_formed(content))
    reader.close()
    reader.flush()
    return tuple(reader.lines), tuple(reader.dropped), reader.title


def _well_formed(content: str) -> str:
    """The page without comments and declarations, and every ``<`` that opens no closed tag as text; lines stay where they are.

    The standard library's parser takes quadratic time over what never closes.
    """
    pieces, position = [], 0
    while (start := content.find("<!--", position)) >= 0:
        end = content.find("-->", start + 4)
        if end < 0:
            break
        pieces += [content[position:start], "\n" * content.count("\n", start, end)]
        position = end + 3
    without = "".join(pieces) + content[position:]
    without = re.sub(r"<[!?][^<>]{0,2000}>", lambda match: "\n" * match[0].count("\n"), without)
    return _OPENS_NOTHING.sub("&lt;", without)


class _Reader(HTMLParser):
    """Gathers the text between block tags; keeps a stack of the open elements, as browsers do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.dropped: list[Dropped] = []
        self.title = ""
        self._stack: list[tuple[str, bool]] = []
        self._text: list[str] = []
        self._start = 1
        self._counters: list[int | None] = []
        self._item: tuple[Shape, int, int] | None = None
        self._in_item = 0
        self._cells: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("main", "article", "h1") and self._skipping() and not any(name == "head" for name, _ in self._stack):
            while self._skipping():
                self._stack.pop()
        if tag in _BLOCKS:
            self.flush()
            if tag not in ("td", "th", "tr") and any(name == "p" for name, _ in self._stack[-1:]):
                self._stack.pop()
        if tag == "br":
            self.flush(apart=False)
        elif tag == "hr" and not self._skipping():
            self.lines.append(Line("* * *", self.getpos()[0], Shape.ORNAMENT))
        elif tag in ("ul", "ol"):
            self._counters.append(self._first(attrs) - 1 if tag == "ol" else None)
        elif tag == "li":
            self._close_item()
            self._open_item(attrs)
        elif tag == "tr":
            self._close_row()
            self._cells = []
        if tag not in _VOID and len(self._stack) < _DEEPEST:
            self._stack.append((tag, self._skipping() or self._is_furniture(tag, attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
        if tag == "tr":
            self._close_row()
        if not any(name == tag for name, _ in self._stack):
            return
        while self._stack:
            name, _ = self._stack.pop()
            if name in ("ul", "ol") and self._counters:
                self._counters.pop()
            if name == "li":
                self._in_item = max(0, self._in_item - 1)
                self._item = None
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        if (not data.strip() and not self._text) or (self._stack and self._stack[-1][0] in ("script", "style")):
            return
        if not self._text:
            leading = len(data) - len(data.lstrip())
            self._start = self.getpos()[0] + data.count("\n", 0, leading)
        if any(name == "pre" for name, _ in self._stack):
            first, *others = data.split("\n")
            self._text.append(first)
            for offset, line in enumerate(others, 1):
                self.flush(apart=False)
                self._start = self.getpos()[0] + offset
                self._text.append(line)
        else:
            self._text.append(data)

    def flush(self, apart: bool = True) -> None:
        """End a line: what has been gathered becomes one, furniture if its element is."""
        text, self._text = one_line("".join(self._text).strip()), []
        innermost = self._stack[-1][0] if self._stack else ""
        if text.strip() and innermost == "title":
            self.title = text
            self.dropped.append(Dropped(self._start, text, "title of the web page"))
        elif text.strip() and self._skipping():
            self.dropped.append(Dropped(self._start, text, "page furniture"))
        elif text.strip():
            self._keep(text.strip())
        self._apart = apart or (self._apart and not text)

    _apart = True

    def _keep(self, text: str) -> None:
        heading = next((name for name, _ in reversed(self._stack) if re.fullmatch("h[1-6]", name)), "")
        if self._cells is not None:
            self._cells.append(text)
        elif self._item is not None:
            shape, level, ordinal = self._item
            self._item = None
            self.lines.append(Line(text, self._start, shape, level, ordinal, self._apart))
        elif self._in_item and not heading:
            self.lines.append(Line(text, self._start, Shape.MORE, self._in_item - 1, apart=self._apart))
        elif heading:
            self.lines.append(Line(text, self._start, Shape.HEADING, int(heading[1]), apart=self._apart))
        else:
            self.lines.append(Line(text, self._start, apart=self._apart))

    def _skipping(self) -> bool:
        return bool(self._stack) and self._stack[-1][1]

    def _is_furniture(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        values = {name: (value or "").lower() for name, value in attrs}
        if tag in ("html", "body", "main", "article"):
            return False
        if tag == "header":
            return not any(name in ("main", "article", "section") for name, _ in self._stack)
        hidden = "hidden" in values or values.get("aria-hidden") == "true" or _HIDING.search(values.get("style", ""))
        named = _FURNITURE.search(values.get("class", "") + " " + values.get("id", ""))
        role = values.get("role") in ("navigation", "banner", "contentinfo", "search", "complementary")
        return tag in _SKIPPED or bool(hidden or named or role)

    def _first(self, attrs: list[tuple[str, str | None]]) -> int:
        value = dict(attrs).get("start") or ""
        return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 1

    def _open_item(self, attrs: list[tuple[str, str | None]]) -> None:
        level = max(0, len(self._counters) - 1)
        counter = self._counters[-1] if self._counters else None
        if counter is None:
            self._item = (Shape.BULLET, level, 0)
        else:
            value = dict(attrs).get("value") or ""
            counter = int(value) if value.isascii() and value.isdigit() and len(value) < 5 else counter + 1
            self._counters[-1] = counter
            self._item = (Shape.NUMBERED, level, counter)
        self._in_item += 1

    def _close_item(self) -> None:
        """End an item that nobody closed: the next one of the same list begins."""
        names = [name for name, _ in self._stack]
        last = max((index for index, name in enumerate(names) if name in ("ul", "ol", "li")), default=-1)
        if last >= 0 and names[last] == "li":
            del self._stack[last:]
            self._in_item = max(0, self._in_item - 1)

    def _close_row(self) -> None:
        cells, self._cells = self._cells, None
        if cells:
            self.lines.append(Line(" ".join(cells), self._start, cells=tuple(cells) if len(cells) > 1 else ()))
