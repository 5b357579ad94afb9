"""A format: one folder of ``templates/formats``, validated. Geometry is said once, in its ``format.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard, cast, get_args

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.toml_places import Complainer, read_toml
from pipeline.typesetting.imposition import Kind, Scheme, narrow_pages, pages_per_sheet, scheme_faults
from pipeline.typesetting.text import Medium

#: Which text of a document a format prints.
Extent = Literal["full", "short"]
SAFE_MM = 6.0
BLEED_MM = 3.0
#: More than any sheet measures, in whatever unit; and no number is infinite.
LARGEST_NUMBER = 1e6
#: The paper that a format is for unless it is asked for another.
ISO = "iso"
_NUMBERS = {
    "trim": ("width_mm", "height_mm"),
    "margins": ("top_mm", "bottom_mm", "inner_mm", "outer_mm"),
    "fit": ("preferred_pt", "largest_pt"),
}
_FOLD = ("kind", "sheet_mm", "narrow_mm", "panels", "across", "down", "creep_mm")
_KNOWN = {**_NUMBERS, "fit": ("preferred_pt", "largest_pt", "pages", "floor_pt"), "fold": _FOLD}
_PAPER_WORDS = ("name", "label")
#: Width and height in millimetres: ISO 216, and what is sold in North America.
_PAPERS = {
    "A2": (420, 594),
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "A6": (105, 148),
    "DL": (99, 210),
    "Letter": (215.9, 279.4),
    "Legal": (215.9, 355.6),
    "Tabloid": (279.4, 431.8),
}
_TOP = ("label", "medium", "text", *_KNOWN, "papers")


@dataclass(frozen=True, slots=True)
class Fit:
    """Bounds of the type size, in points, and how many pages the text may fill: one of ``pages``; any number if empty.

    ``floor_pt`` by script (``default`` for all others) is the size under which nobody should have to read.
    """

    preferred_pt: float
    largest_pt: float
    pages: tuple[int, ...]
    floor_pt: tuple[tuple[str, float], ...]

    def floor(self, script: str) -> float:
        floors = dict(self.floor_pt)
        return floors.get(script, floors["default"])


@dataclass(frozen=True, slots=True)
class Geometry:
    """The trimmed page and its margins, in millimetres. Inner is the side of the binding: the start of the line."""

    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    inner_mm: float
    outer_mm: float

    def page_rule(self, direction: str, narrow: tuple[str, ...] = (), narrow_mm: float = 0) -> str:
        """The ``@page`` rule of this geometry; the pages ``narrow``, as CSS selects them, are so wide only."""
        rule = f"@page{{size:{self.width_mm:g}mm {self.height_mm:g}mm;{self._margins(self, direction)}}}"
        return rule + "".join(f"@page :nth({each}){{size:{narrow_mm:g}mm {self.height_mm:g}mm}}" for each in narrow)

    @property
    def area_pt(self) -> tuple[float, float]:
        """Width and height of what the margins leave of a page, in points."""
        width, height = self.width_mm - self.inner_mm - self.outer_mm, self.height_mm - self.top_mm - self.bottom_mm
        return round(width * 72 / 25.4, 2), round(height * 72 / 25.4, 2)

    def tight_rule(self, direction: str) -> str:
        """The ``@page`` rule with margins half-way to the edge that a printer can reach, for a text that else would not fit."""
        tight = Geometry(
            self.width_mm,
            self.height_mm,
            _tighter(self.top_mm),
            self.bottom_mm,
            _tighter(self.inner_mm),
            _tighter(self.outer_mm),
        )
        return f"@page{{{self._margins(tight, direction)}!important}}"

    @staticmethod
    def _margins(of: Geometry, direction: str) -> str:
        left, right = (of.inner_mm, of.outer_mm) if direction == "ltr" else (of.outer_mm, of.inner_mm)
        return f"margin:{of.top_mm:g}mm {right:g}mm {of.bottom_mm:g}mm {left:g}mm"


@dataclass(frozen=True, slots=True)
class Format:
    """A leaflet's design: its name, what people call it, its geometry and how its sheets are folded (None for the web).

    ``base`` is the folder it comes from, ``paper`` the paper it is for: ``iso`` or one that its ``[papers]`` name.
    """

    name: str
    base: str
    paper: str
    label: str
    medium: Medium
    text: Extent
    geometry: Geometry | None
    fit: Fit | None
    scheme: Scheme | None
    page: str
    style: str

    def page_rule(self, direction: str) -> str:
        """The ``@page`` rules of the format, empty for the web."""
        if self.geometry is None or self.scheme is None:
            return ""
        scheme = self.scheme
        every = f"{pages_per_sheet(scheme)}n+"
        narrow = tuple(f"{every}{page}" for page in narrow_pages(scheme)) if scheme.narrow_mm else ()
        return self.geometry.page_rule(direction, narrow, scheme.narrow_mm)


def parse_formats(files: Mapping[str, str]) -> tuple[Format, ...]:
    """The formats in the files under ``templates/formats``, by path. Raises InvalidInput with every complaint."""
    names = sorted(
        {path.split("/")[2] for path in files if path.startswith("templates/formats/") and path.count("/") > 2}
    )
    complaints: list[Diagnostic] = []
    formats: dict[str, Format] = {}
    for name in names:
        try:
            for each in _formats(name, files):
                if each.name in formats:
                    raise InvalidInput(_called_alike(each, formats[each.name]))
                formats[each.name] = each
        except InvalidInput as invalid:
            complaints += invalid.diagnostics
    if complaints:
        raise InvalidInput(complaints)
    return tuple(formats.values())


def _called_alike(*formats: Format) -> Iterator[Diagnostic]:
    for each in formats:
        message = f"two formats are called “{each.name}”"
        hint = "give one of them another name; in a copy of a format, rename its [papers] too, or delete them"
        yield Diagnostic("format", message, Location(f"templates/formats/{each.base}/format.toml"), hint=hint)


def _formats(name: str, files: Mapping[str, str]) -> Iterator[Format]:
    """The format in a folder, and its counterparts on other papers."""
    folder = f"templates/formats/{name}"
    wanted = ("format.toml", "page.html", "style.css")
    missing = [each for each in wanted if f"{folder}/{each}" not in files]
    if missing:
        hint = "a format is a folder with format.toml, page.html and style.css; copy one that works"
        message = "the format lacks " + ", ".join(missing)
        raise InvalidInput([Diagnostic("format", message, Location(folder), hint=hint)])
    path = f"{folder}/format.toml"
    settings, complainer = read_toml(files[path], "format", path)
    papers = settings.pop("papers", {})
    complaints = [*_complaints(settings, complainer), *_paper_complaints(papers, settings, complainer)]
    if complaints:
        raise InvalidInput(complaints)
    yield _format(name, name, ISO, settings, files[f"{folder}/style.css"])
    for paper, changes in papers.items():
        yield _format(changes["name"], name, paper, _merged(settings, changes), files[f"{folder}/style.css"])


def _format(name: str, base: str, paper: str, settings: Mapping[str, Any], style: str) -> Format:
    medium = settings.get("medium", "print")
    is_print = medium == "print"
    return Format(
        name=name,
        base=base,
        paper=paper,
        label=str(settings["label"]),
        medium=cast(Medium, medium),
        text=cast(Extent, settings.get("text", "full")),
        geometry=Geometry(**settings["trim"], **settings["margins"]) if is_print else None,
        fit=_fit(settings["fit"]) if is_print else None,
        scheme=_scheme(settings) if is_print else None,
        page=f"formats/{base}/page.html",
        style=style,
    )


def _merged(settings: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with those of another paper in their place, table by table."""
    merged = dict(settings)
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(settings.get(name), dict)
        merged[name] = {**settings[name], **value} if both else value
    return merged


def _fit(settings: Mapping[str, Any]) -> Fit:
    pages = settings["pages"]
    return Fit(
        float(settings["preferred_pt"]),
        float(settings["largest_pt"]),
        () if pages == "any" else tuple(pages),
        tuple(sorted(settings["floor_pt"].items())),
    )


def _scheme(settings: Mapping[str, Any]) -> Scheme:
    trim = (float(settings["trim"]["width_mm"]), float(settings["trim"]["height_mm"]))
    fold = settings.get("fold", {})
    sheet = fold.get("sheet_mm", trim)
    others = {name: fold[name] for name in ("panels", "across", "down") if name in fold}
    return Scheme(
        kind=fold.get("kind", "flat"),
        sheet_mm=(float(sheet[0]), float(sheet[1])),
        page_mm=trim,
        narrow_mm=float(fold.get("narrow_mm", 0)),
        creep_mm=float(fold.get("creep_mm", 0)),
        **others,
    )


def _tighter(margin: float) -> float:
    return max(SAFE_MM, round((margin + SAFE_MM) / 2, 1))


def _paper_complaints(papers: object, settings: Mapping[str, Any], complainer: Complainer) -> Iterator[Diagnostic]:
    """What is wrong with the counterparts on other papers."""
    if not isinstance(papers, dict) or not all(isinstance(each, dict) for each in papers.values()):
        yield complainer.say("[papers] must hold a table for each paper", "papers", hint="write [papers.letter]")
        return
    for paper, changes in papers.items():
        table = f"papers.{paper}"
        for word in _PAPER_WORDS:
            if not isinstance(changes.get(word), str) or not changes[word].strip():
                yield complainer.say(
                    f"[{table}] has no {word}", table, hint='such as name = "letter", label = "Letter"'
                )
        for name in sorted(set(changes) - {*_PAPER_WORDS, *_KNOWN}):
            yield complainer.say(f"[{table}] {name} is unknown", table, name, "known are " + ", ".join(_KNOWN))
        if all(isinstance(value, dict) or name in _PAPER_WORDS for name, value in changes.items()):
            merged = _merged(settings, {name: value for name, value in changes.items() if name in _KNOWN})
            yield from _complaints(merged, complainer, f"{table}.")
        else:
            yield complainer.say(f"[{table}] must hold tables, such as [{table}.trim]", table)


def _complaints(settings: Mapping[str, Any], complainer: Complainer, prefix: str = "") -> Iterator[Diagnostic]:
    """What is wrong with the settings; ``prefix`` is where the tables of another paper stand."""
    if not settings.get("label"):
        yield complainer.say("the format has no label", hint='add label = "A4 leaflet", the words people choose it by')
    medium = settings.get("medium", "print")
    if medium not in ("web", "print"):
        yield complainer.say(f"“medium = {medium}” is neither web nor print", "", "medium")
    text = settings.get("text", "full")
    if text not in get_args(Extent):
        yield complainer.say(f"“text = {text}” is neither full nor short", "", "text")
    for name in sorted(set(settings) - set(_TOP)):
        is_table = isinstance(settings[name], dict)
        hint = "known are " + ", ".join(_TOP)
        yield complainer.say(f"{name} is unknown", name if is_table else "", "" if is_table else name, hint)
    if medium != "print":
        return
    found = [each for table in _KNOWN for each in _table_faults(settings, table, complainer, prefix)]
    yield from found
    for message in () if found else scheme_faults(_scheme(settings)):
        yield complainer.say(message, f"{prefix}fold")


def _table_faults(settings: Mapping[str, Any], table: str, complainer: Complainer, prefix: str) -> Iterator[Diagnostic]:
    values, place, known = settings.get(table), prefix + table, _KNOWN[table]
    if values is None and table == "fold":
        return
    if not isinstance(values, dict):
        yield complainer.say(f"the table [{table}] is missing", place, hint="it needs " + ", ".join(known))
        return
    for name in _NUMBERS.get(table, ()):
        if not _is_size(values.get(name)):
            yield complainer.say(f"[{table}] {name} must be a number above 0", place, name)
    for name in sorted(set(values) - set(known)):
        yield complainer.say(f"[{table}] {name} is unknown", place, name, "known are " + ", ".join(known))
    faults = {"fit": _fit_faults, "fold": _fold_faults}.get(table)
    for key, message, hint in faults(values) if faults else ():
        yield complainer.say(message, place, key, hint)


def _fit_faults(fit: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the bounds of the type size: the key, the fault, a hint."""
    floors, pages = fit.get("floor_pt"), fit.get("pages")
    counted = (
        pages if isinstance(pages, list) and all(_is_size(each) and isinstance(each, int) for each in pages) else []
    )
    if pages != "any" and not (counted and sorted(set(counted)) == counted):
        hint = 'how many pages the text may fill: pages = [2], pages = [1, 2], or pages = "any"'
        yield "pages", "[fit] pages must be a list of whole numbers above 0, the smallest first", hint
    largest, preferred = fit.get("largest_pt"), fit.get("preferred_pt")
    if _is_size(largest) and _is_size(preferred) and largest < preferred:
        hint = "fitting begins at preferred_pt and may grow to largest_pt"
        yield "largest_pt", "[fit] largest_pt is smaller than preferred_pt", hint
    if not isinstance(floors, dict) or "default" not in floors:
        hint = "say the smallest legible size: [fit.floor_pt] default = 9"
        yield "floor_pt", "[fit.floor_pt] default is missing", hint
    else:
        for script in sorted(name for name, value in floors.items() if not _is_size(value)):
            message = f"[fit.floor_pt] {script} must be a number above 0"
            yield "floor_pt", message, "the smallest legible size in points"


def _fold_faults(fold: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    kinds = get_args(Kind)
    if fold.get("kind") not in kinds:
        yield "kind", f"[fold] kind must be one of {', '.join(kinds)}", "how a sheet is folded or cut"
    sheet = fold.get("sheet_mm")
    if sheet is not None and not (isinstance(sheet, list) and len(sheet) == 2 and all(map(_is_size, sheet))):
        yield "sheet_mm", "[fold] sheet_mm must be a width and a height", "A4 across is sheet_mm = [297, 210]"
    for name in ("narrow_mm", "creep_mm"):
        if name in fold and not _is_size(fold[name]):
            yield name, f"[fold] {name} must be a number above 0", "in millimetres"
    for name in ("panels", "across", "down"):
        if name in fold and not (_is_size(fold[name]) and isinstance(fold[name], int)):
            yield name, f"[fold] {name} must be a whole number above 0", "how many of them"


def _is_size(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < LARGEST_NUMBER


def paper_name(sheet_mm: tuple[float, float]) -> str:
    """What people call a sheet of this width and height, either way up; its size in millimetres where it has no name.

    >>> paper_name((297, 210)), paper_name((215.9, 279.4)), paper_name((100, 210))
    ('A4', 'Letter', '100 × 210 mm')
    """
    short, long = sorted(sheet_mm)
    found = (name for name, (width, height) in _PAPERS.items() if abs(short - width) < 1 and abs(long - height) < 1)
    return next(found, f"{sheet_mm[0]:g} × {sheet_mm[1]:g} mm")
