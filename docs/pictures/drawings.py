"""Line drawings of the documentation: which edge to flip on, how the formats are folded and cut."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

#: Everything is drawn so many times larger, then made smaller: slanted lines stay even.
TIMES = 3
PAPER, SHADE, GROUND, LINE, RED = (255, 255, 255), (224, 224, 220), (244, 243, 240), (60, 60, 60), (160, 20, 32)
Point = tuple[float, float]


class Drawing:
    """A picture to draw upon, in pixels of the finished one."""

    def __init__(self, width: int, height: int) -> None:
        self._size = width, height
        self._image = Image.new("RGB", (width * TIMES, height * TIMES), GROUND)
        self._pen = ImageDraw.Draw(self._image)

    def sheet(self, *corners: Point, fill: tuple[int, int, int] = PAPER) -> None:
        """A piece of paper, flat or in the air."""
        self._pen.polygon([self._at(each) for each in corners], fill, LINE, width=TIMES)

    def box(self, left: float, top: float, width: float, height: float, fill: tuple[int, int, int] = PAPER) -> None:
        self.sheet((left, top), (left + width, top), (left + width, top + height), (left, top + height), fill=fill)

    def line(self, start: Point, end: Point, colour: tuple[int, int, int] = LINE, width: float = 1) -> None:
        self._pen.line([self._at(start), self._at(end)], colour, round(width * TIMES))

    def dashes(self, start: Point, end: Point, colour: tuple[int, int, int] = RED) -> None:
        (x, y), (right, down) = start, (end[0] - start[0], end[1] - start[1])
        count = round((abs(right) + abs(down)) / 9)
        for step in range(count):
            a, b = step / count, (step + 0.55) / count
            self.line((x + a * right, y + a * down), (x + b * right, y + b * down), colour, 1.4)

    def arrow(self, start: Point, end: Point) -> None:
        """A straight arrow to the right."""
        self.line(start, end, LINE, 1.6)
        self._head(end, (-8, -5), (-8, 5))

    def turn(self, left: float, top: float, right: float, bottom: float) -> None:
        """An arrow that goes over from left to right."""
        (x1, y1), (x2, y2) = self._at((left, top)), self._at((right, bottom))
        self._pen.arc([x1, y1, x2, y2], 190, 350, RED, 2 * TIMES)
        self._head((right, (top + bottom) / 2), (-7, -8), (4, -9), RED)

    def word(self, place: Point, text: str, size: int = 15, colour: tuple[int, int, int] = LINE) -> None:
        """Words whose middle is there."""
        self._pen.text(self._at(place), text, colour, ImageFont.load_default(size * TIMES), anchor="mm")

    def finished(self) -> Image.Image:
        return self._image.resize(self._size, Image.Resampling.LANCZOS)

    def _head(self, tip: Point, one: Point, other: Point, colour: tuple[int, int, int] = LINE) -> None:
        corners = [tip, *((tip[0] + x, tip[1] + y) for x, y in (one, other))]
        self._pen.polygon([self._at(each) for each in corners], colour)

    @staticmethod
    def _at(point: Point) -> Point:
        return point[0] * TIMES, point[1] * TIMES


def flips() -> Image.Image:
    """An upright sheet that turns over its long edge, and one that lies across and turns over its short edge."""
    drawing = Drawing(640, 300)
    for middle, width, height, edge, names in (
        (165, 128, 181, "long edge", "a4, a6-flyer, large-print"),
        (470, 181, 128, "short edge", "a5, a5-booklet, dl-trifold"),
    ):
        left, top = middle - width / 2, 135 - height / 2
        right, bottom = left + width, top + height
        drawing.box(left, top, width, height)
        drawing.sheet((right, top), (right + 46, top + 14), (right + 46, bottom - 22), (right, bottom), fill=SHADE)
        drawing.line((right, top), (right, bottom), RED, 4)
        drawing.turn(right - 42, top - 26, right + 40, top + 24)
        for step in range(1, 6):
            drawing.line((left + 18, top + 20 * step), (right - 22, top + 20 * step), (190, 190, 186), 2)
        drawing.word((middle, 250), f"flip on the {edge}", 17, RED)
        drawing.word((middle, 278), names)
    return drawing.finished()


def folds() -> Image.Image:
    """The flat sheet of each folded or cut format, and what becomes of it."""
    drawing = Drawing(760, 440)
    _half(drawing, 0, 0)
    _letter(drawing, 380, 0)
    _booklet(drawing, 0, 220)
    _cut(drawing, 380, 220)
    return drawing.finished()


def _titled(drawing: Drawing, x: float, y: float, name: str, words: str) -> None:
    drawing.word((x + 190, y + 188), f"{name}: {words}")


def _half(drawing: Drawing, x: float, y: float) -> None:
    drawing.box(x + 30, y + 45, 150, 106)
    drawing.dashes((x + 105, y + 45), (x + 105, y + 151))
    drawing.word((x + 67, y + 98), "4", 22)
    drawing.word((x + 142, y + 98), "1", 22)
    drawing.arrow((x + 200, y + 98), (x + 235, y + 98))
    drawing.box(x + 260, y + 45, 75, 106)
    drawing.sheet((x + 260, y + 45), (x + 316, y + 24), (x + 316, y + 132), (x + 260, y + 151), fill=SHADE)
    drawing.word((x + 288, y + 88), "1", 22)
    _titled(drawing, x, y, "a5", "fold in the middle")


def _letter(drawing: Drawing, x: float, y: float) -> None:
    drawing.box(x + 18, y + 45, 135, 106)
    for place, page in ((18, "2"), (64, "3"), (110, "4")):
        drawing.word((x + place + 22, y + 98), page, 22)
        if page != "2":
            drawing.dashes((x + place, y + 45), (x + place, y + 151))
    drawing.arrow((x + 160, y + 98), (x + 182, y + 98))
    for left in (188, 234):
        drawing.box(x + left, y + 45, 46, 106)
    drawing.sheet((x + 280, y + 45), (x + 248, y + 28), (x + 248, y + 130), (x + 280, y + 151), fill=SHADE)
    drawing.word((x + 210, y + 98), "2", 22)
    drawing.word((x + 264, y + 88), "5", 22)
    drawing.arrow((x + 288, y + 98), (x + 310, y + 98))
    drawing.box(x + 317, y + 45, 46, 106)
    drawing.word((x + 340, y + 98), "1", 22)
    _titled(drawing, x, y, "dl-trifold", "the narrow panel first, the other over it")


def _booklet(drawing: Drawing, x: float, y: float) -> None:
    for step, fill in ((0, SHADE), (1, PAPER)):
        left, top = x + 34 + 12 * step, y + 64 - 14 * step
        drawing.box(left, top, 140, 99, fill)
        drawing.dashes((left + 70, top), (left + 70, top + 99))
    drawing.arrow((x + 205, y + 98), (x + 235, y + 98))
    for step, fill in ((2, PAPER), (1, PAPER), (0, SHADE)):
        drawing.sheet(
            (x + 300, y + 34), (x + 348 - 4 * step, y + 52 + 3 * step),
            (x + 348 - 4 * step, y + 158 - 2 * step), (x + 300, y + 142), fill=fill,
        )  # fmt: skip
    drawing.sheet((x + 300, y + 34), (x + 252, y + 52), (x + 252, y + 158), (x + 300, y + 142))
    for top in (62, 102):
        drawing.line((x + 300, y + top), (x + 300, y + top + 14), RED, 3.5)
    _titled(drawing, x, y, "a5-booklet", "nest, fold, staple in the fold")


def _cut(drawing: Drawing, x: float, y: float) -> None:
    drawing.box(x + 55, y + 24, 100, 141)
    drawing.dashes((x + 55, y + 95), (x + 155, y + 95))
    drawing.dashes((x + 105, y + 24), (x + 105, y + 165))
    drawing.arrow((x + 185, y + 98), (x + 220, y + 98))
    for column in (0, 1):
        for row in (0, 1):
            drawing.box(x + 245 + 62 * column, y + 18 + 80 * row, 50, 70)
            for line in range(1, 5):
                height = y + 18 + 80 * row + 13 * line
                drawing.line((x + 252 + 62 * column, height), (x + 288 + 62 * column, height), (190, 190, 186), 2)
    _titled(drawing, x, y, "a6-flyer", "cut along the lines")
