"""What was found on a page is written down: a source text, and the registry's text with new rows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.source.document import Numbering
from pipeline.source.organisations import COLUMNS

_PLAIN = re.compile(r"[^\W\d_][^\n\t:#\\{}\[\]]*")
_NOT_TEXT = frozenset("true false null yes no on off y n nan inf".split())
_WIDTH = 118


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """A row of the registry, column by column as the CSV has them."""

    id: str
    acronym: str
    name: str
    name_language: str = ""
    translation: str = ""
    country: str = ""
    languages: str = ""

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(self.country.split())


@dataclass(frozen=True, slots=True)
class MemberGroup:
    """A group of signatories as the front matter has it. ``heading`` is inline Markdown, empty for none."""

    heading: str
    as_of: date | None
    open: bool
    numbering: Numbering
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a source's front matter, in their order; texts are inline Markdown, empty ones are left out."""

    title: str
    kind: str
    issuer: str
    adopted: date | None
    locale: str
    groups: tuple[MemberGroup, ...]


def source_text(front_matter: FrontMatter, body: str) -> str:
    """The text of a source: YAML 1.2 front matter, then the body."""
    lines = ["---", f"title: {scalar(front_matter.title)}"]
    lines += [
        f"{name}: {scalar(text)}"
        for name, text in (("kind", front_matter.kind), ("issuer", front_matter.issuer))
        if text
    ]
    lines += [f"adopted: {front_matter.adopted.isoformat()}"] if front_matter.adopted else []
    lines += [f"locale: {scalar(front_matter.locale)}"]
    if front_matter.groups:
        lines.append("signatories:")
    for group in front_matter.groups:
        fields = [f"heading: {scalar(group.heading)}"] if group.heading else []
        fields += [f"as-of: {group.as_of.isoformat()}"] if group.as_of else []
        fields += ["open: true"] if group.open else []
        fields += [f"numbering: {group.numbering}"] if group.numbering != "restart" else []
        fields += _members(group.members)
        lines += [f"  - {fields[0]}", *(f"    {field}" for field in fields[1:])]
    return "\n".join(lines) + f"\n---\n\n{body}"


def _members(ids: tuple[str, ...]) -> list[str]:
    """The ids as a flow list, wrapped as the house wraps them."""
    written = [scalar(each) for each in ids]
    flat = f"members: [{', '.join(written)}]"
    if len(flat) + 4 <= _WIDTH:
        return [flat]
    rows, row = ["members: ["], ""
    for each in written:
        if row and len(row) + len(each) + 8 > _WIDTH:
            rows.append(f"  {row}")
            row = ""
        row += f"{' ' if row else ''}{each},"
    return [*rows, f"  {row}", "]"]


def scalar(text: str) -> str:
    """A text as YAML scalar on one line: plain where that is safe, else between quotation marks.

    >>> scalar("No to war!"), scalar("no"), scalar("Bread: now")
    ('No to war!', '"no"', '"Bread: now"')
    """
    plain = _PLAIN.fullmatch(text) and text.strip() == text and text.casefold() not in _NOT_TEXT and text.isprintable()
    return text if plain else json.dumps(text, ensure_ascii=False)


def extended_registry(registry: str, rows: tuple[RegistryRow, ...], path: str = "sources/organisations.csv") -> str:
    """The registry's text with the rows at its end: not a character of the old text changes.

    Separator, line break and the order of columns are the old text's. Raises InvalidInput if a column is missing.
    """
    if not registry.strip("\ufeff \r\n"):
        registry = ",".join(COLUMNS) + "\n"
    header = registry.removeprefix("\ufeff").split("\n", maxsplit=1)[0].strip()
    delimiter = max(",;\t", key=header.count)
    columns = [name.strip().strip('"') for name in header.split(delimiter)]
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        hint = "the first line of the file must read " + ",".join(COLUMNS)
        message = "columns are missing: " + ", ".join(missing)
        raise InvalidInput([Diagnostic("registry-columns", message, Location(path, 1), hint=hint)])
    if not rows:
        return registry
    line_break = "\r\n" if "\r\n" in registry else "\n"
    before = registry if registry.endswith(("\n", "\r")) else registry + line_break
    written = (delimiter.join(_cell(str(getattr(row, name, "")), delimiter) for name in columns) for row in rows)
    return before + "".join(line + line_break for line in written)


def _cell(text: str, delimiter: str) -> str:
    """A cell as RFC 4180 writes it, quoted where it must be."""
    needs = any(sign in text for sign in ('"', "\n", "\r", delimiter)) or text != text.strip()
    return '"' + text.replace('"', '""') + '"' if needs else text
