"""A format: one folder of ``templates/formats``, validated. Geometry is said once, in its ``format.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard, cast

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.typesetting.text import Medium

_NUMBERS = {
    "sheet": ("width_mm", "height_mm"),
    "margins": ("top_mm", "bottom_mm", "inner_mm", "outer_mm"),
    "fit": ("preferred_pt", "largest_pt"),
}


@dataclass(frozen=True, slots=True)
class Fit:
    """Bounds of the type size, in points, for a text that shall fill at most ``pages`` pages.

    ``floor_pt`` by script (``default`` for all others) is the size under which nobody should have to read.
    """

    preferred_pt: float
    largest_pt: float
    pages: int
    floor_pt: tuple[tuple[str, float], ...]

    def floor(self, script: str) -> float:
        floors = dict(self.floor_pt)
        return floors.get(script, floors["default"])


@dataclass(frozen=True, slots=True)
class Geometry:
    """The trimmed sheet and its margins, in millimetres. Inner is the side of the binding: the start of the line."""

    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    inner_mm: float
    outer_mm: float

    def page_rule(self, direction: str) -> str:
        """The ``@page`` rule of this geometry."""
        left, right = (self.inner_mm, self.outer_mm) if direction == "ltr" else (self.outer_mm, self.inner_mm)
        return (
            f"@page{{size:{self.width_mm:g}mm {self.height_mm:g}mm;"
            f"margin:{self.top_mm:g}mm {right:g}mm {self.bottom_mm:g}mm {left:g}mm}}"
        )


@dataclass(frozen=True, slots=True)
class Format:
    """A leaflet's design: its name, what people call it, and its geometry (None for the web)."""

    name: str
    label: str
    medium: Medium
    geometry: Geometry | None
    fit: Fit | None
    page: str
    style: str


def parse_formats(files: Mapping[str, str]) -> tuple[Format, ...]:
    """The formats in the files under ``templates/formats``, by path. Raises InvalidInput with every complaint."""
    names = sorted(
        {path.split("/")[2] for path in files if path.startswith("templates/formats/") and path.count("/") > 2}
    )
    complaints: list[Diagnostic] = []
    formats = []
    for name in names:
        try:
            formats.append(_format(name, files))
        except InvalidInput as invalid:
            complaints += invalid.diagnostics
    if complaints:
        raise InvalidInput(complaints)
    return tuple(formats)


def _format(name: str, files: Mapping[str, str]) -> Format:
    folder = f"templates/formats/{name}"
    wanted = ("format.toml", "page.html", "style.css")
    missing = [each for each in wanted if f"{folder}/{each}" not in files]
    if missing:
        hint = "a format is a folder with format.toml, page.html and style.css; copy one that works"
        message = "the format lacks " + ", ".join(missing)
        raise InvalidInput([Diagnostic("format", message, Location(folder), hint=hint)])
    path = f"{folder}/format.toml"
    try:
        settings = tomllib.loads(files[path])
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput([Diagnostic("format", f"this is not valid TOML: {error}", Location(path))]) from None
    medium = settings.get("medium", "print")
    complaints = list(_complaints(settings, path, medium))
    if complaints:
        raise InvalidInput(complaints)
    return Format(
        name=name,
        label=str(settings["label"]),
        medium=cast(Medium, medium),
        geometry=Geometry(**settings["sheet"], **settings["margins"]) if medium == "print" else None,
        fit=_fit(settings["fit"]) if medium == "print" else None,
        page=f"formats/{name}/page.html",
        style=files[f"{folder}/style.css"],
    )


def _fit(settings: Mapping[str, float | int | Mapping[str, float]]) -> Fit:
    floors = cast("Mapping[str, float]", settings["floor_pt"])
    return Fit(
        float(cast(float, settings["preferred_pt"])),
        float(cast(float, settings["largest_pt"])),
        int(cast(int, settings["pages"])),
        tuple(sorted(floors.items())),
    )


def _complaints(settings: Mapping[str, object], path: str, medium: object) -> Iterator[Diagnostic]:
    def complain(message: str, hint: str = "") -> Diagnostic:
        return Diagnostic("format", message, Location(path), hint=hint)

    if not settings.get("label"):
        yield complain("the format has no label", 'add label = "A4 leaflet", the words people choose it by')
    if medium not in ("web", "print"):
        yield complain(f"“medium = {medium}” is neither web nor print")
    if medium != "print":
        return
    for table, names in _NUMBERS.items():
        values = settings.get(table)
        if not isinstance(values, dict):
            yield complain(f"the table [{table}] is missing", "it needs " + ", ".join(names))
            continue
        for name in names:
            if not _is_size(values.get(name)):
                yield complain(f"[{table}] {name} must be a number above 0")
        allowed = (*names, "pages", "floor_pt") if table == "fit" else names
        for name in sorted(set(values) - set(allowed)):
            yield complain(f"[{table}] {name} is unknown", "known are " + ", ".join(allowed))
    fit = settings.get("fit")
    if isinstance(fit, dict):
        yield from (complain(*words) for words in _fit_faults(fit))


def _fit_faults(fit: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What is wrong with the bounds of the type size, and a hint."""
    floors, pages = fit.get("floor_pt"), fit.get("pages")
    if not _is_size(pages) or not isinstance(pages, int):
        yield "[fit] pages must be a whole number above 0", "how many pages the text shall fill at most"
    largest, preferred = fit.get("largest_pt"), fit.get("preferred_pt")
    if _is_size(largest) and _is_size(preferred) and largest < preferred:
        yield (
            "[fit] largest_pt is smaller than preferred_pt",
            "fitting begins at preferred_pt and may grow to largest_pt",
        )
    if not isinstance(floors, dict) or "default" not in floors:
        yield "[fit.floor_pt] default is missing", "say the smallest legible size: [fit.floor_pt] default = 9"
    else:
        for script in sorted(name for name, value in floors.items() if not _is_size(value)):
            yield f"[fit.floor_pt] {script} must be a number above 0", "the smallest legible size in points"


def _is_size(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
