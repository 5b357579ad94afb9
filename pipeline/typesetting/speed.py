"""What makes WeasyPrint faster without changing a byte: answers that it computes again and again are remembered.

Every mend replaces one function of WeasyPrint, cssselect2 or Pyphen by one that gives the same result. What is remembered hangs
on the object that it was computed from (a style, a layout's context, an element), so it goes when that goes: nothing is keyed
by an address that may be used again, and nothing has to be cleared. Layout changes a style only right after copying it, and a
copy carries nothing that was remembered.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

import cssselect2
import pyphen
from weasyprint import css
from weasyprint.formatting_structure import boxes
from weasyprint.layout import column, inline, percent
from weasyprint.text import fonts, line_break
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p

from pipeline.typesetting import columns, inline_blocks

#: The packages whose functions are replaced: with any other version nothing is.
PROVEN = {"weasyprint": "70.0", "pyphen": "0.18.1", "cssselect2": "0.10.1"}

#: A layout makes millions of objects that live until it ends: looking through them for garbage is a tenth of the time.
_COLLECT = (50_000, 10, 10)


@dataclass(frozen=True, slots=True)
class Mend:
    """A function replaced: ``original`` is what ``owner`` has under ``name``, or had before ``mend``."""

    owner: Any
    name: str
    original: Any
    replacement: Any

    def places(self) -> Iterator[Any]:
        """The owner, and every module of its package that has imported the function by name."""
        yield self.owner
        if isinstance(self.owner, type):
            return
        package = self.owner.__name__.partition(".")[0] + "."
        for name, module in list(sys.modules.items()):
            if name.startswith(package) and module is not self.owner and self.name in vars(module):
                yield module


@cache
def mend() -> bool:
    """Install every mend, once; False, and nothing is changed, if other versions than the proven ones are installed."""
    if any(version(package) != proven for package, proven in PROVEN.items()):
        return False
    for each in MENDS:
        _put(each, each.original, each.replacement)
    gc.freeze()
    gc.set_threshold(*_COLLECT)
    return True


@contextmanager
def without(mends: tuple[Mend, ...]) -> Iterator[None]:
    """The libraries without these mends, for as long as the context lasts: to compare."""
    for each in mends:
        _put(each, each.replacement, each.original)
    try:
        yield
    finally:
        for each in mends:
            _put(each, each.original, each.replacement)


def _put(mend: Mend, old: Any, new: Any) -> None:
    for place in mend.places():
        if getattr(place, mend.name) is old:
            setattr(place, mend.name, new)


# --- lines ----------------------------------------------------------------------------------------------------------------

_split_first_line = line_break.split_first_line


def split_first_line(  # noqa: PLR0913  # as WeasyPrint has it
    text: str,
    style: Any,
    context: Any,
    max_width: Any,
    justification_spacing: Any,
    is_line_start: bool = True,
    minimum: bool = False,
) -> tuple[Any, ...]:
    """The first line of a text, asked once per layout: columns, tables and inline blocks lay the same lines out again."""
    if context is None:  # a text in a picture
        return _split_first_line(text, style, context, max_width, justification_spacing, is_line_start, minimum)  # type: ignore[no-any-return]
    lines = vars(context).setdefault("polyleaf_lines", {})
    key = (id(style), text, max_width, justification_spacing, is_line_start, minimum)
    known = lines.get(key)
    if known is None:
        line = _split_first_line(text, style, context, max_width, justification_spacing, is_line_start, minimum)
        known = lines[key] = (line, style)  # the style stays, so that its address is not used again
    layout, *rest = known[0]
    copied = line_break.Layout.__new__(line_break.Layout)  # drawing changes it
    vars(copied).update(vars(layout))
    return (copied, *rest)


_strut = line_break.strut


def strut(style: Any) -> tuple[float, float]:
    """Height and baseline of an empty line, asked once per style."""
    known = vars(style).get("polyleaf_strut")
    if known is None:
        known = style.polyleaf_strut = _strut(style)
    return known  # type: ignore[no-any-return]  # WeasyPrint has no types


_setup = line_break.Layout.setup


def setup_layout(layout: Any, style: Any) -> None:
    """Prepare a Pango layout; context and font description are made once per style, where nothing else is asked for."""
    kept = vars(style).get("polyleaf_pango")
    if kept is None:
        kept = style.polyleaf_pango = _pango(style)
    if kept == ():
        _setup(layout, style)
        return
    layout.style = style
    layout.first_line_direction = 0
    context, description, layout.language = kept
    layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, description)
    layout.ascent = layout.underline_position = layout.strikethrough_position = None


def _pango(style: Any) -> tuple[Any, ...]:
    """Pango's context, font description and language for a style; nothing if it is underlined or asks for font features."""
    if style["text_decoration_line"] != "none" or style["font_language_override"] != "normal" or not style["lang"]:
        return ()
    if any(style[name] != default for name, default in _FEATURES.items()):
        return ()
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
    tag, _kept_alive = unicode_to_char_p(style["lang"])
    language = pango.pango_language_from_string(tag)
    pango.pango_context_set_language(context, language)
    return context, fonts.get_font_description(style), language


#: The properties that font features come from, where they ask for none.
_FEATURES = {"font_kerning": "auto"} | {
    f"font_{name}": "normal"
    for name in (
        "variant_ligatures",
        "variant_position",
        "variant_caps",
        "variant_numeric",
        "variant_alternates",
        "variant_east_asian",
        "feature_settings",
    )
}

# --- boxes ----------------------------------------------------------------------------------------------------------------

_resolve_percentages = percent.resolve_percentages
_ALONG = ("margin_left", "margin_right", "padding_left", "padding_right", "width", "min_width", "max_width")
_ACROSS = ("margin_top", "margin_bottom", "padding_top", "padding_bottom", "height", "min_height", "max_height")
_BORDERS = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")
_Used = tuple[dict[str, Any], tuple[tuple[str, float], ...]]


def resolve_percentages(box: Any, containing_block: Any) -> None:
    """Set margins, paddings, borders and sizes of a box: what depends on its style alone is worked out once per style."""
    style = box.style
    try:
        used = style.polyleaf_used
    except AttributeError:
        used = style.polyleaf_used = _used_values(style)
    if used is None:
        _resolve_percentages(box, containing_block)
        return
    fixed, of_width = used
    vars(box).update(fixed)
    if of_width:
        width = containing_block.width if isinstance(containing_block, boxes.Box) else containing_block[0]
        for name, per_cent in of_width:
            setattr(box, name, width * per_cent / 100)


def _used_values(style: Any) -> _Used | None:
    """Values in pixels, and those in per cent of the width; None where only WeasyPrint's own function will do."""
    if style["box_sizing"] != "content-box" or style["border_collapse"] == "collapse":
        return None
    fixed = {name: style[name] for name in _BORDERS}
    of_width = []
    for name in (*_ALONG, *_ACROSS):
        value = style[name]
        if value is None or value == "auto":
            fixed[name] = 0 if name in ("min_width", "min_height") and value else value
        elif getattr(value, "unit", None) is None or (value.unit == "%" and name in _ACROSS):
            return None
        elif value.unit == "%":
            of_width.append((name, value.value))
        else:
            fixed[name] = value.value
    return fixed, tuple(of_width)


_is_in_normal_flow = boxes.Box.is_in_normal_flow


def is_in_normal_flow(box: Any) -> bool:
    """Whether a box is in normal flow: told at once for nearly all."""
    style = box.style
    if style["float"] == "none" and style["position"] in ("static", "relative"):
        return True
    return _is_in_normal_flow(box)  # type: ignore[no-any-return]  # WeasyPrint has no types


# --- styles ---------------------------------------------------------------------------------------------------------------

_find_stylesheets = css.find_stylesheets


@dataclass(frozen=True, slots=True)
class _Sheets:
    """The style sheets of a document, the text they were read from, and what reading them added besides."""

    text: str
    sheets: tuple[Any, ...]
    counter_styles: dict[str, Any]
    page_rules: tuple[Any, ...]
    layers: tuple[Any, ...]


def find_stylesheets(wrapper_element: Any, media: str, fetcher: Any, base: str, *collected: Any) -> Iterator[Any]:
    """The style sheets inside an HTML tree: the layouts of one fitting differ by the size of type alone, which is not in it."""
    _, counter_style, _, page_rules, layers = collected
    text = "".join("".join(each.etree_element.itertext()) for each in wrapper_element.query_all("style"))
    kept: _Sheets | None = vars(wrapper_element).get("polyleaf_sheets")
    if kept is None or kept.text != text:
        before = dict(counter_style)
        sheets = tuple(_find_stylesheets(wrapper_element, media, fetcher, base, *collected))
        added = {name: each for name, each in counter_style.items() if before.get(name) is not each}
        outside = any(word in text.lower() for word in ("@font-face", "@color-profile", "@import"))
        if not outside and not list(wrapper_element.query_all("link")):
            wrapper_element.polyleaf_sheets = _Sheets(text, sheets, added, tuple(page_rules), tuple(layers))
            for sheet in sheets:
                sheet.matcher.polyleaf_matches = {}
        return iter(sheets)
    counter_style.update(kept.counter_styles)
    page_rules.extend(kept.page_rules)
    layers.extend(kept.layers)
    return iter(kept.sheets)


_match = cssselect2.Matcher.match


def match(matcher: Any, element: Any) -> list[Any]:
    """The declarations that match an element: asked once, of the style sheets inside its document."""
    known = vars(matcher).get("polyleaf_matches")
    if known is None:
        return _match(matcher, element)  # type: ignore[no-any-return]  # cssselect2 has no types
    found = known.get(element.etree_element)
    if found is None:
        found = known[element.etree_element] = _match(matcher, element)
    return found  # type: ignore[no-any-return]


# --- hyphenation ----------------------------------------------------------------------------------------------------------


class _Patterns(dict[str, Any]):
    """Hyphenation patterns, each taken apart when a word asks for it: German has 75 000, a leaflet needs some hundreds."""

    def get(self, letters: str, default: Any = None) -> Any:
        pattern = super().get(letters, default)
        if type(pattern) is str:
            pattern = self[letters] = _offset_and_values(pattern)
        return pattern


_DIGIT = re.compile(r"\d")
_read_patterns = pyphen.HyphDict.__init__


def read_patterns(dictionary: Any, path: Any) -> None:
    """Read a file of hyphenation patterns into a dictionary of Pyphen's, as it does, without taking each apart."""
    with path.open("rb") as file:
        encoding = file.readline().decode()
    lines = path.read_text("cp1251" if encoding.lower() == "microsoft-cp1251" else encoding).split("\n")[1:]
    kept = [line for each in lines if (line := each.strip()) and not line.startswith(pyphen.ignored)]
    if any("^^" in line for line in kept):
        _read_patterns(dictionary, path)
        return
    bare = [line.split("/", 1)[0] if "/" in line and "=" in line else line for line in kept]
    letters = _DIGIT.sub("", "\n".join(bare)).split("\n")
    dictionary.patterns = _Patterns(
        (key, line)
        for key, pattern, line in zip(letters, bare, kept, strict=True)
        if len(key) != len(pattern) and ("0" not in pattern or any(map(int, _DIGIT.findall(pattern))))
    )
    dictionary.cache = {}
    dictionary.maxlen = max(map(len, dictionary.patterns))


def _offset_and_values(pattern: str) -> tuple[int, tuple[int, ...]]:
    """What Pyphen keeps of a pattern: its values between letters, without zeros at the ends, and where they begin."""
    value: Callable[[str], int] = int
    if "/" in pattern and "=" in pattern:
        pattern, alternative = pattern.split("/", 1)
        value = pyphen.AlternativeParser(pattern, alternative)
    values = tuple(value(digit or "0") for digit, _ in pyphen.parse(pattern))
    start = next(place for place, each in enumerate(values) if each)
    end = next(place for place in range(len(values), 0, -1) if values[place - 1])
    return start, values[start:end]


MEMOS = (
    Mend(line_break, "split_first_line", _split_first_line, split_first_line),
    Mend(line_break, "strut", _strut, strut),
    Mend(line_break.Layout, "setup", _setup, setup_layout),
    Mend(percent, "resolve_percentages", _resolve_percentages, resolve_percentages),
    Mend(boxes.Box, "is_in_normal_flow", _is_in_normal_flow, is_in_normal_flow),
    Mend(inline, "inline_block_box_layout", inline_blocks.by_weasyprint, inline_blocks.inline_block_box_layout),
    Mend(css, "find_stylesheets", _find_stylesheets, find_stylesheets),
    Mend(cssselect2.Matcher, "match", _match, match),
    Mend(pyphen.HyphDict, "__init__", _read_patterns, read_patterns),
)
#: All mends. The columns alone may come out otherwise than WeasyPrint's, and then better balanced.
MENDS = (*MEMOS, Mend(column, "columns_layout", columns.columns_by_weasyprint, columns.columns_layout))
