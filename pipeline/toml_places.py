"""TOML with complaints that have a line: Python's own reader does not tell where a value stands."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from pipeline.diagnostics import Diagnostic, InvalidInput, Location

_HEADER = re.compile(r"\s*\[\[?([^\[\]]+)\]")
_KEY = re.compile(r"\s*([^\s=#][^=#]*?)\s*=")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_QUOTED = 'texts stand between quotation marks, lists between brackets: title = "Bread", add = ["fr", "pt-BR"]'


@dataclass(frozen=True, slots=True)
class Complainer:
    """Says what is wrong with a value of a TOML file, with the line of its table or key. All complaints have one ``code``."""

    code: str
    path: str
    text: str

    def say(self, message: str, table: str = "", key: str = "", hint: str = "") -> Diagnostic:
        return Diagnostic(self.code, message, Location(self.path, self.line(table, key)), hint=hint)

    def line(self, table: str, key: str = "") -> int:
        """The line of a key in a table, else that of the table, else 0."""
        current, found = "", 0
        for number, line in enumerate(self.text.split("\n"), 1):
            header = _HEADER.match(line)
            if header:
                current = _unquoted(header[1])
                found = number if current == table and not found else found
                if key and current == f"{table}.{key}":  # the key is a table of its own
                    return number
            elif current == table and key and (name := _KEY.match(line)) and _unquoted(name[1]) == key:
                return number
        if not found and table:  # said in the table above it
            parent, _, leaf = table.rpartition(".")
            return self.line(parent, leaf)
        return found


def read_toml(text: str, code: str, path: str) -> tuple[dict[str, Any], Complainer]:
    """The tables of a file, and what finds the lines of their values. Raises InvalidInput if it is not TOML."""
    text = text.removeprefix("\ufeff")
    try:
        return tomllib.loads(text), Complainer(code, path, text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
    except (ValueError, RecursionError):  # numbers of thousands of digits, lists in lists in lists
        reason = "it holds a number or a list that is too long to be one"
    place = _PLACE.search(reason)
    line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
    reason = reason[: place.start()] if place else reason
    raise InvalidInput([Diagnostic(code, f"this is not valid TOML: {reason}", Location(path, line), hint=_QUOTED)])


def _unquoted(name: str) -> str:
    return re.sub(r"\s*\.\s*", ".", name.strip()).replace('"', "").replace("'", "")
