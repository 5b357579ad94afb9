"""A page's content streams → what they paint: colours, shapes, letters, pictures, through forms and patterns.

Each stream is parsed once. Follows ISO 32000-1, 8 (graphics) and 9 (text), as far as the rules ask.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from pipeline.typesetting.preflight.colours import BLACK, Colour, ColourSpace, colour_space, first_colour
from pipeline.typesetting.preflight.fonts import Lettering, lettering
from pipeline.typesetting.preflight.proof import Box

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
_PLAIN: Matrix = (1, 0, 0, 1, 0, 0)
_DEEP = 20
_DEVICE = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A painted path, or one line of several: the box of its points, and the colour of its fill or stroke."""

    box: Box
    colour: Colour


@dataclass(frozen=True, slots=True)
class Letters:
    """A string that is shown: where it begins, in points, and its colour; ``seen`` is false for invisible text."""

    origin: Point
    colour: Colour
    seen: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster picture: its colour space, where it stands, and its stream (None of one written inside the page)."""

    space: ColourSpace
    box: Box
    stream: pikepdf.Stream | None = None


@dataclass(slots=True)
class Content:
    """All that a page paints. The one thing here that grows: it is filled by ``content_of`` and then only read."""

    chosen: dict[tuple[str, Colour], None] = field(default_factory=dict)
    """Every colour that is chosen, once, with the operator that does so."""
    shapes: list[Shape] = field(default_factory=list)
    letters: list[Letters] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    fonts: dict[str, Lettering] = field(default_factory=dict)
    undefined: int = 0
    """How often ``.notdef`` is shown."""
    unreadable: dict[str, None] = field(default_factory=dict)
    """Operators whose operands make no sense."""


def content_of(page: pikepdf.Page) -> Content:
    """What a page paints, in the coordinates of the page."""
    content = Content()
    resources = page.obj.get("/Resources")
    _group_colours(page.obj, content)
    _Painter(content, resources if isinstance(resources, pikepdf.Dictionary) else pikepdf.Dictionary()).walk(page)
    return content


@dataclass(slots=True)
class _State:
    """The graphics state that ``q`` keeps and ``Q`` brings back."""

    place: Matrix = _PLAIN
    fill: Colour = BLACK
    stroke: Colour = BLACK
    font: Lettering | None = None
    way: int = 0


class _Painter:
    """Follows the operators of a stream; streams that it names are followed by painters of their own."""

    def __init__(
        self,
        content: Content,
        resources: pikepdf.Dictionary,
        state: _State | None = None,
        seen: tuple[object, ...] = (),
    ) -> None:
        self.content, self.resources, self.seen = content, resources, seen
        self.state = state or _State()
        self.kept: list[_State] = []
        self.paths: list[list[Point]] = []
        self.text: Matrix = _PLAIN
        self.line: Matrix = _PLAIN
        self.leading = 0.0

    def walk(self, stream: pikepdf.Page | pikepdf.Object) -> None:
        for instruction in pikepdf.parse_content_stream(stream):
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                self.inline_picture(instruction)
                continue
            operator = str(instruction.operator)
            try:
                self.do(operator, list(instruction.operands))
            except (ValueError, IndexError, TypeError):
                self.content.unreadable[operator] = None

    def do(self, operator: str, operands: Sequence[pikepdf.Object]) -> None:
        """Follows one operator; raises ``ValueError``, ``IndexError`` or ``TypeError`` for operands it cannot have."""
        if operator in _PATH:
            self.path(operator, [float(each) for each in operands])
        elif operator in _PAINT:
            self.paint(operator)
        elif operator in _TEXT:
            self.set_text(operator, operands)
        elif operator in _SHOW:
            self.show(operator, operands)
        elif operator in _COLOUR:
            self.choose(operator, operands)
        elif operator in _REST:
            self.rest(operator, operands)

    # --- paths ---

    def path(self, operator: str, numbers: list[float]) -> None:
        if operator == "re":
            left, bottom, width, height = numbers
            corners = ((left, bottom), (left + width, bottom), (left + width, bottom + height), (left, bottom + height))
            self.paths.append([_moved(self.state.place, corner) for corner in corners])
            return
        points = [_moved(self.state.place, point) for point in zip(numbers[::2], numbers[1::2], strict=True)]
        if operator == "m" or not self.paths:
            self.paths.append(points)
        else:
            self.paths[-1].extend(points)

    def paint(self, operator: str) -> None:
        for points in self.paths:
            box = _box_round(points)
            if operator in _FILLS:
                self.content.shapes.append(Shape(box, self.state.fill))
            if operator in _STROKES:
                self.content.shapes.append(Shape(box, self.state.stroke))
        self.paths = []

    # --- letters ---

    def set_text(self, operator: str, operands: Sequence[pikepdf.Object]) -> None:
        match operator:
            case "BT":
                self.text = self.line = _PLAIN
            case "Tm":
                self.text = self.line = _matrix(operands)
            case "Td" | "TD":
                self.next_line(float(operands[0]), float(operands[1]))
                if operator == "TD":
                    self.leading = -float(operands[1])
            case "T*":
                self.next_line(0, -self.leading)
            case "TL":
                self.leading = float(operands[0])
            case "Tr":
                self.state.way = int(operands[0])
            case "Tf":
                self.choose_font(str(operands[0]))

    def next_line(self, right: float, up: float) -> None:
        self.text = self.line = _times((1, 0, 0, 1, right, up), self.line)

    def choose_font(self, name: str) -> None:
        font = self.resources.get("/Font", pikepdf.Dictionary()).get(name)
        if not isinstance(font, pikepdf.Dictionary):
            return
        key = str(font.objgen) if font.is_indirect else name
        if key not in self.content.fonts:
            self.content.fonts[key] = lettering(font)
            for procedure in dict(font.get("/CharProcs", {})).values():
                self.follow(procedure, font.get("/Resources", self.resources), _PLAIN)
        self.state.font = self.content.fonts[key]

    def show(self, operator: str, operands: Sequence[pikepdf.Object]) -> None:
        if operator in ("'", '"'):
            self.next_line(0, -self.leading)
        last = operands[-1]
        strings = [bytes(each) for each in (last if isinstance(last, pikepdf.Array) else [last]) if _is_string(each)]
        if self.state.font is not None:
            self.content.undefined += sum(map(self.state.font.undefined, strings))
        origin = _moved(_times(self.text, self.state.place), (0, 0))
        way = self.state.way % 4
        colour = self.state.stroke if way == 1 else self.state.fill
        self.content.letters.append(Letters(origin, colour, way != 3))

    # --- colours ---

    def choose(self, operator: str, operands: Sequence[pikepdf.Object]) -> None:
        small = operator.lower()
        strokes = operator.isupper()
        current = self.state.stroke if strokes else self.state.fill
        if small in _DEVICE:
            space = colour_space(pikepdf.Name(_DEVICE[small]), self.resources)
            colour = Colour(space, tuple(float(each) for each in operands))
        elif small == "cs":
            colour = first_colour(colour_space(operands[0], self.resources))
        else:
            if operands and isinstance(operands[-1], pikepdf.Name):
                self.pattern(str(operands[-1]))
                operands = operands[:-1]
            colour = Colour(current.space, tuple(float(each) for each in operands))
        if strokes:
            self.state.stroke = colour
        else:
            self.state.fill = colour
        if small != "cs" or colour.space.kind in ("rgb", "lab"):
            self.content.chosen[(operator, colour)] = None

    def pattern(self, name: str) -> None:
        pattern = self.resources.get("/Pattern", pikepdf.Dictionary()).get(name)
        if isinstance(pattern, pikepdf.Stream):
            self.follow(pattern, pattern.get("/Resources", self.resources), _matrix(pattern.get("/Matrix", _PLAIN)))
        elif isinstance(pattern, pikepdf.Dictionary) and "/Shading" in pattern:
            self.shading(pattern["/Shading"])

    def shading(self, shading: pikepdf.Object) -> None:
        space = colour_space(shading.get("/ColorSpace"), self.resources)
        self.content.chosen[("sh", Colour(space))] = None

    # --- everything else ---

    def rest(self, operator: str, operands: Sequence[pikepdf.Object]) -> None:
        match operator:
            case "q":
                self.kept.append(copy.copy(self.state))
            case "Q" if self.kept:
                self.state = self.kept.pop()
            case "cm":
                self.state.place = _times(_matrix(operands), self.state.place)
            case "Do":
                self.external(str(operands[0]))
            case "sh":
                shading = self.resources.get("/Shading", pikepdf.Dictionary()).get(str(operands[0]))
                if shading is not None:
                    self.shading(shading)
            case "gs":
                chosen = self.resources.get("/ExtGState", pikepdf.Dictionary()).get(str(operands[0]))
                mask = chosen.get("/SMask") if chosen is not None else None
                if isinstance(mask, pikepdf.Dictionary) and isinstance(mask.get("/G"), pikepdf.Stream):
                    self.form(mask["/G"])

    def external(self, name: str) -> None:
        named = self.resources.get("/XObject", pikepdf.Dictionary()).get(name)
        if not isinstance(named, pikepdf.Stream):
            return
        if named.get("/Subtype") == "/Form":
            self.form(named)
        elif named.get("/Subtype") == "/Image":
            mask = bool(named.get("/ImageMask", False))
            space = self.state.fill.space if mask else colour_space(named.get("/ColorSpace"), self.resources)
            self.content.pictures.append(Picture(space, self.unit_square(), named))

    def inline_picture(self, instruction: pikepdf.ContentStreamInlineImage) -> None:
        settings = instruction.iimage.obj
        if not settings.get("/ImageMask", settings.get("/IM", False)):
            space = colour_space(settings.get("/ColorSpace", settings.get("/CS")), self.resources)
            self.content.pictures.append(Picture(space, self.unit_square()))

    def form(self, form: pikepdf.Object) -> None:
        _group_colours(form, self.content)
        matrix = _times(_matrix(form.get("/Matrix", _PLAIN)), self.state.place)
        self.follow(form, form.get("/Resources", self.resources), matrix)

    def follow(self, stream: pikepdf.Object, resources: pikepdf.Object, place: Matrix) -> None:
        """Paints a stream that this one names; one that names itself is left out."""
        key = stream.objgen if stream.is_indirect else id(stream)
        if key in self.seen or len(self.seen) > _DEEP or not isinstance(resources, pikepdf.Dictionary):
            return
        state = copy.copy(self.state)
        state.place = place
        _Painter(self.content, resources, state, (*self.seen, key)).walk(stream)

    def unit_square(self) -> Box:
        return _box_round([_moved(self.state.place, corner) for corner in ((0, 0), (1, 0), (1, 1), (0, 1))])


_PATH = {"m", "l", "c", "v", "y", "re"}
_FILLS = {"f", "F", "f*", "B", "B*", "b", "b*"}
_STROKES = {"S", "s", "B", "B*", "b", "b*"}
_PAINT = {*_FILLS, *_STROKES, "n"}
_TEXT = {"BT", "Tm", "Td", "TD", "T*", "TL", "Tr", "Tf"}
_SHOW = {"Tj", "TJ", "'", '"'}
_COLOUR = {"g", "G", "rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN"}
_REST = {"q", "Q", "cm", "Do", "sh", "gs"}


def _group_colours(holder: pikepdf.Object, content: Content) -> None:
    """A transparency group mixes its colours in a space of its own, so that it counts as chosen."""
    group = holder.get("/Group")
    if isinstance(group, pikepdf.Dictionary) and "/CS" in group:
        content.chosen[("Group", Colour(colour_space(group["/CS"])))] = None


def _is_string(operand: object) -> bool:
    return isinstance(operand, pikepdf.String)


def _matrix(numbers: Iterable[Any]) -> Matrix:
    a, b, c, d, e, f = (float(each) for each in numbers)
    return (a, b, c, d, e, f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does ``first``, and ``then`` the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _moved(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    across, up = point
    return (a * across + c * up + e, b * across + d * up + f)


def _box_round(points: Sequence[Point]) -> Box:
    across, up = zip(*points, strict=True)
    return Box(min(across), min(up), max(across), max(up))


def lines_of(shapes: Sequence[Shape]) -> Iterator[Shape]:
    """The shapes that are lines: at most 0.5 mm in one direction, and at least 2 mm in the other."""
    for shape in shapes:
        thin, long = sorted((shape.box.right - shape.box.left, shape.box.top - shape.box.bottom))
        if thin <= 1.42 and long >= 5.66:
            yield shape
