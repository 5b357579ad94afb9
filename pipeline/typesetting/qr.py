"""A web address becomes a QR code (ISO/IEC 18004): SVG, the same bytes for the same address, readable from a photocopy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

import segno

from pipeline.diagnostics import Diagnostic, Location

#: Modules of white that the standard asks for around the code; they are part of the picture.
QUIET = 4
#: The smallest module that a telephone still reads from a photocopy of a photocopy, in millimetres.
MODULE_MM = 0.4
_SMALL_MM, _LARGE_MM = 20, 25
_A5_WIDTH_MM = 148
_ADDRESS = re.compile(r"https?://[!-~]+", re.IGNORECASE)


def is_web_address(text: str) -> bool:
    """Whether the text is an address that may become a link or a code: http or https, a host, ASCII, no password.

    >>> [is_web_address(each) for each in ("https://example.org/a", "javascript:alert(1)", "https://a@b.org", "http://")]
    [True, False, False, False]
    """
    if not _ADDRESS.fullmatch(text) or any(sign in text for sign in '<>"\\^`{|}'):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and "@" not in parts.netloc and (parts.port or 1) > 0
    except ValueError:  # a torn IPv6 address, a port that is none
        return False


def qr_svg(text: str, *, dark: str = "#000") -> bytes:
    """The address as a picture: error correction M, four modules of quiet zone, one unit per module, no size of its own.

    ``dark`` is any colour of CSS, such as ``device-cmyk(0 0 0 1)``; nothing else is painted, so lay it on white.
    Raises ValueError if the text is not a web address, or longer than a code can hold.
    """
    rows = _modules(text)
    size = len(rows) + 2 * QUIET
    runs = "".join(
        f"M{start + QUIET} {y}h{end - start}v1h-{end - start}z"
        for y, row in enumerate(rows, QUIET)
        for start, end in _dark_runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="{escape(dark)}" d="{runs}"/></svg>\n'
    ).encode()


def qr_size_mm(page_width_mm: float) -> int:
    """The side of the code itself, without its quiet zone, on a page (of a folded sheet: a panel) of that width: 20 or 25 mm.

    >>> qr_size_mm(210), qr_size_mm(148), qr_size_mm(99)
    (25, 20, 20)
    """
    return _LARGE_MM if page_width_mm > _A5_WIDTH_MM else _SMALL_MM


def module_count(text: str) -> int:
    """How many modules a side of the code has, without its quiet zone."""
    return len(_modules(text))


def module_mm(text: str, size_mm: float) -> float:
    """The side of one module when the code, without its quiet zone, is that large."""
    return size_mm / module_count(text)


def unreadable(text: str, size_mm: float, location: Location) -> Iterator[Diagnostic]:
    """A code that a telephone would not read: the box cannot grow for it, or filling it would move the text."""
    try:
        module = module_mm(text, size_mm)
    except ValueError as error:
        yield Diagnostic("qr", str(error), location, hint="a QR code needs an address such as https://example.org/a")
        return
    if module < MODULE_MM:
        message = f"the address is too long for a QR code of {size_mm:g} mm: its dots would be {module:.2f} mm wide"
        hint = f"dots must be {MODULE_MM} mm at least; use a shorter address ({_longest(size_mm)} signs always fit)"
        yield Diagnostic("qr", message, location, hint=hint)


def _longest(size_mm: float) -> int:
    """Signs of an address for which the picture is surely large enough (QR codes grow in steps of four modules)."""
    versions = [version for version in range(1, 41) if (17 + 4 * version) * MODULE_MM <= size_mm]
    return _CAPACITY_M[versions[-1]] if versions else 0


#: Bytes that a code of each version holds at level M (ISO/IEC 18004:2015, table 7), up to the largest box we print.
_CAPACITY_M = {1: 14, 2: 26, 3: 42, 4: 62, 5: 84, 6: 106, 7: 122, 8: 152, 9: 180, 10: 213, 11: 251}


@lru_cache(maxsize=64)
def _modules(text: str) -> tuple[bytes, ...]:
    """The rows of the code, a 1 for each dark module, without the quiet zone."""
    if not is_web_address(text):
        raise ValueError(f"“{text}” is not a web address")
    try:
        code = segno.make_qr(text, error="M", boost_error=False)
    except segno.DataOverflowError:
        raise ValueError(f"an address of {len(text)} signs is too long for a QR code") from None
    return tuple(map(bytes, code.matrix))


def _dark_runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Where dark modules stand side by side: from, up to."""
    for run in re.finditer(b"\x01+", row):
        yield run.span()
