"""What translators ask to have printed: their name, and a note to readers. Nothing else of a catalog's header is ever published."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.diagnostics import Diagnostic, Location
from pipeline.translation.catalog import Catalog

CREDIT, NOTE = "X-Polyleaf-Credit", "X-Polyleaf-Note"
LONGEST_CREDIT, LONGEST_NOTE = 120, 600

# An @ between two words, whatever is around it: a name and a host, or the masks people put over them.
_MAIL = re.compile(r"\S+\s*(?:@|\(at\)|\[at\]|\{at\}|＠)\s*\S+|mailto:\S*", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?[A-Za-z!][^<>]*>|<[a-z]+://[^<>]*>|!?\[[^\]]*\]\([^)]*\)|([*_`]{1,3})(?=\S).+?(?<=\S)\1|&#?\w+;"
)
_TELEPHONE = re.compile(r"\+?[0-9](?:[ ./()-]{0,2}[0-9]){6,}")
_PLACEHOLDERS = frozenset({"", "full name", "your name", "name"})
#: Format characters that scripts need: joiners, and marks of direction that do not turn others around.
_NEEDED = frozenset("\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069")


def credit(catalog: Catalog) -> str:
    """The name that the translators ask to be named by, ready to print; empty if they do not, or it may not be printed."""
    return "" if _faults_of(catalog, CREDIT, LONGEST_CREDIT) else _cleaned(_asked(catalog, CREDIT))


def note(catalog: Catalog) -> str:
    """The translators' note to readers, plain text, ready to print; empty if there is none, or it may not be printed."""
    return "" if _faults_of(catalog, NOTE, LONGEST_NOTE) else _cleaned(_asked(catalog, NOTE))


def credit_faults(catalog: Catalog) -> Iterator[Diagnostic]:
    """Why a credit or a note is not printed."""
    yield from _faults_of(catalog, CREDIT, LONGEST_CREDIT)
    yield from _faults_of(catalog, NOTE, LONGEST_NOTE)


def _asked(catalog: Catalog, name: str) -> str:
    text = catalog.header_value(name)
    return "" if text.casefold() in _PLACEHOLDERS else text


def _cleaned(text: str) -> str:
    """The text in NFC, on one line, white space once, isolates closed."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    opened = sum(text.count(each) for each in "\u2066\u2067\u2068")
    return text + "\u2069" * max(0, opened - text.count("\u2069"))


def _faults_of(catalog: Catalog, name: str, longest: int) -> tuple[Diagnostic, ...]:
    text = _asked(catalog, name)
    return tuple(
        Diagnostic(
            code=f"credit-{code}",
            message=message,
            location=Location(catalog.path, _line_of(name, catalog)),
            severity="warning",
            hint=hint,
            locale=catalog.locale.tag if catalog.locale is not None else "",
        )
        for code, message, hint in _why_not(text, name, longest)
    )


def _why_not(text: str, name: str, longest: int) -> Iterator[tuple[str, str, str]]:
    """Code, message and hint of all that keeps a text from being printed."""
    strange = next((each for each in text if _is_control(each)), "")
    if strange:
        message = f"{name} holds the invisible character U+{ord(strange):04X}, so it is not printed"
        yield "control", message, "delete it, or write the line anew"
    if _MAIL.search(text):
        message = f"{name} holds an address of mail, so it is not printed"
        yield "mail", message, "write only the name; nobody’s address is published"
    if _TELEPHONE.search(text) and name == CREDIT:
        message = f"{name} holds a telephone number, so it is not printed"
        yield "telephone", message, "write only the name; nobody’s number is published"
    if _MARKUP.search(text):
        message = f"{name} holds markup, so it is not printed"
        yield "markup", message, "write plain text, without links, tags, stars or underscores around words"
    if len(text) > longest:
        message = f"{name} has {len(text)} letters, so it is not printed"
        yield "long", message, f"shorten it to {longest} letters"


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and letter not in _NEEDED


def _line_of(name: str, catalog: Catalog) -> int:
    """The line of the header, if the catalog was read from a file."""
    header = catalog.header
    if header.raw is None or not header.line:
        return header.line
    lines = header.raw.split("\n")
    first = next((number for number, line in enumerate(lines) if line.lstrip().startswith("msgid")), 0)
    begin = f'"{name}:'.lower()
    found = next((number for number, line in enumerate(lines) if line.lstrip().lower().startswith(begin)), first)
    return header.line + found - first
