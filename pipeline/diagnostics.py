"""What we tell people: where a fault is, what is wrong, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file of the workspace: its path relative to the workspace, and a line counted from 1 (0: the file)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One complaint, addressed to the place where a person must mend it."""

    code: str
    message: str
    location: Location
    severity: Severity = "error"
    hint: str = ""
    locale: str = ""
    related: Location | None = None

    def __str__(self) -> str:
        """The complaint as editors expect it: gcc's first line, then the hint and the related place."""
        lines = [f"{self.location}: {self.severity}: {self.message} [{self.code}]"]
        if self.hint:
            lines.append(f"    hint: {self.hint}")
        if self.related is not None:
            lines.append(f"    see: {self.related}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, str | int]:
        """The complaint for machines: flat, with ``path`` and ``line``; empty fields are left out."""
        fields: dict[str, str | int] = {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "path": self.location.path,
            "line": self.location.line,
            "hint": self.hint,
            "locale": self.locale,
            "related": str(self.related) if self.related is not None else "",
        }
        return {name: value for name, value in fields.items() if value != "" or name in ("path", "message")}

    @classmethod
    def from_dict(cls, fields: Mapping[str, str | int]) -> Diagnostic:
        """The complaint that ``as_dict`` told. Raises KeyError or ValueError if it is none."""
        path, _, line = str(fields.get("related", "")).rpartition(":")
        related = Location(path, int(line)) if line.isdigit() and path else Location(str(fields.get("related", "")))
        severity = fields["severity"]
        return cls(
            code=str(fields["code"]),
            message=str(fields["message"]),
            location=Location(str(fields["path"]), int(fields.get("line", 0))),
            severity="error" if severity == "error" else "warning" if severity == "warning" else "info",
            hint=str(fields.get("hint", "")),
            locale=str(fields.get("locale", "")),
            related=related if related.path else None,
        )


class InvalidInput(Exception):
    """Work on an input cannot go on; carries every complaint about it, never only the first."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(map(str, self.diagnostics)))

    def __reduce__(self) -> tuple[type[InvalidInput], tuple[tuple[Diagnostic, ...]]]:
        return (InvalidInput, (self.diagnostics,))


def short(text: str, most: int = 50) -> str:
    """The text as a complaint can quote it: its beginning, with three dots if there is more.

    >>> short("Bread for all!", 5)
    'Bread…'
    """
    return text if len(text) <= most else f"{text[:most]}…"


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The complaints once each, by place."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda each: (each.location, each.code, each.message)))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of them is an error."""
    return any(each.severity == "error" for each in diagnostics)
