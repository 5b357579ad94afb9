"""A PDF's colour spaces, and what their colours mean in ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pikepdf

Space = Literal["gray", "rgb", "lab", "cmyk", "inks", "pattern"]
_DEVICE: dict[str, Space] = {
    "DeviceGray": "gray",
    "G": "gray",
    "CalGray": "gray",
    "DeviceRGB": "rgb",
    "RGB": "rgb",
    "CalRGB": "rgb",
    "Lab": "lab",
    "DeviceCMYK": "cmyk",
    "CMYK": "cmyk",
    "Pattern": "pattern",
}
_OF_COMPONENTS: dict[int, Space] = {1: "gray", 3: "rgb", 4: "cmyk"}
_PROCESS = {"Cyan": 0, "Magenta": 1, "Yellow": 2, "Black": 3}
_EQUAL = 0.011
"""Channels this close are one grey: two decimals, as typesetters write them."""


@dataclass(frozen=True, slots=True)
class ColourSpace:
    """A colour space: its kind, its name as printers know it, and of ``inks`` the names of these."""

    kind: Space
    name: str
    inks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour that was chosen: components from 0 to 1 (Lab: as they are)."""

    space: ColourSpace
    values: tuple[float, ...] = ()

    @property
    def cmyk(self) -> tuple[float, float, float, float] | None:
        """The four process inks from 0 to 1; None where only a profile or a spot ink's maker knows."""
        match self.space.kind, self.values:
            case "gray", (level,):
                return (0.0, 0.0, 0.0, 1 - level)
            case "cmyk", (cyan, magenta, yellow, black):
                return (cyan, magenta, yellow, black)
            case "inks", values if self.space.inks == ("All",):
                return (values[0],) * 4 if values else None
            case "inks", values if set(self.space.inks) <= set(_PROCESS):
                inks = [0.0, 0.0, 0.0, 0.0]
                for name, value in zip(self.space.inks, values, strict=False):
                    inks[_PROCESS[name]] = value
                return (inks[0], inks[1], inks[2], inks[3])
        return None

    @property
    def neutral(self) -> bool:
        """Whether black ink alone can print it; a pattern is, for its contents are judged by themselves."""
        match self.space.kind, self.values:
            case (("gray" | "pattern"), _):
                return True
            case "rgb", values:
                return not values or max(values) - min(values) <= _EQUAL
            case "lab", values:
                return all(abs(value) < 1 for value in values[1:])
        inks = self.cmyk
        return inks is not None and max(inks[:3]) <= _EQUAL

    def __str__(self) -> str:
        return " ".join([self.space.name, *(f"{value:.3g}" for value in self.values)])


BLACK = Colour(ColourSpace("gray", "DeviceGray"), (0.0,))


def colour_space(named: object, resources: pikepdf.Dictionary | None = None) -> ColourSpace:
    """The colour space of a name or an array; names that are no device's are looked up in ``resources``."""
    if isinstance(named, pikepdf.Name):
        name = str(named).lstrip("/")
        spaces = resources.get("/ColorSpace") if resources is not None else None
        if isinstance(spaces, pikepdf.Dictionary) and f"/{name}" in spaces:
            return colour_space(spaces[f"/{name}"])
        return ColourSpace(_DEVICE.get(name, "pattern"), name)
    if not isinstance(named, pikepdf.Array) or not len(named):
        return ColourSpace("pattern", "Pattern")
    name = str(named[0]).lstrip("/")
    match name:
        case "ICCBased":
            components = int(named[1].get("/N", 3))
            return ColourSpace(_OF_COMPONENTS.get(components, "rgb"), f"ICC profile of {components} components")
        case "Indexed" | "I":
            return colour_space(named[1], resources)
        case "Separation":
            return ColourSpace("inks", "Separation", (str(named[1]).lstrip("/"),))
        case "DeviceN":
            return ColourSpace("inks", "DeviceN", tuple(str(ink).lstrip("/") for ink in named[1]))
    return ColourSpace(_DEVICE.get(name, "pattern"), name)


def first_colour(space: ColourSpace) -> Colour:
    """The colour that a PDF begins with when it changes to a colour space."""
    match space.kind:
        case "gray":
            return Colour(space, (0.0,))
        case "rgb" | "lab":
            return Colour(space, (0.0, 0.0, 0.0))
        case "cmyk":
            return Colour(space, (0.0, 0.0, 0.0, 1.0))
        case "inks":
            return Colour(space, (1.0,) * len(space.inks))
    return Colour(space)
