"""Which characters of a page no font of ours can draw: found before typesetting, and named."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from pipeline.diagnostics import Diagnostic, Location
from pipeline.typesetting.page import Page

_SILENT = {"style", "script", "title"}
_VOID = {"br", "hr", "img", "meta", "link", "input", "col", "wbr"}
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
#: More missing characters than these are a missing font.
_MANY = 8
#: The characters that one family can draw.
Coverage = Callable[[str], frozenset[int]]


class _Letters(HTMLParser):
    """Gathers the characters that are shown in each language."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.by_language: dict[str, set[str]] = {}
        self._open: list[tuple[str, str]] = [("", "und")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._open.append((tag, dict(attrs).get("lang") or self._open[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and tag in [name for name, _ in self._open]:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        name, language = self._open[-1]
        if name not in _SILENT:
            self.by_language.setdefault(language, set()).update(data)


def letters(html: str) -> dict[str, set[str]]:
    """The characters that a page shows, by the language they are in."""
    parser = _Letters()
    parser.feed(html)
    parser.close()
    return parser.by_language


def missing_glyphs(page: Page, coverage: Coverage) -> Iterator[Diagnostic]:
    """An error for each character that no family of its language has, with the segment it stands in.

    Many of them are one error, which names the families that are not installed.
    """
    families = dict(page.families)
    shown = letters(page.html)
    shown.setdefault(page.locale, set()).update(page.digits)
    for language, signs in sorted(shown.items()):
        named = families.get(language, ())
        drawable: frozenset[int] = frozenset().union(*map(coverage, named))
        missing = [sign for sign in sorted(signs) if ord(sign) not in drawable and not _invisible(sign)]
        absent = [family for family in named if not coverage(family)]
        if len(missing) > _MANY and absent:
            yield _no_fonts(missing, language, absent, page)
        else:
            yield from (_complaint(sign, language, page) for sign in missing)


def _no_fonts(missing: list[str], language: str, absent: list[str], page: Page) -> Diagnostic:
    first = next((run.location for run in page.runs if set(missing) & set(run.text)), Location("templates"))
    packages = sorted({_package(family) for family in absent})
    shown = "".join(missing[:_MANY])
    message = f"no font for {language} has {len(missing)} characters ({shown}…); not installed: {', '.join(absent)}"
    hint = (
        f"sudo apt-get install --no-install-recommends {' '.join(packages)}, "
        "or set POLYLEAF_FONTS to a folder that has one of these families"
    )
    return Diagnostic("missing-glyph", message, first, "error", hint, page.locale)


def _package(family: str) -> str:
    """Debian's package with a family.

    >>> [_package(family) for family in ("Noto Serif CJK JP", "HanaMinA", "Noto Sans Vai")]
    ['fonts-noto-cjk', 'fonts-hanazono', 'fonts-noto-core']
    """
    if family.startswith("HanaMin"):
        return "fonts-hanazono"
    return "fonts-noto-cjk" if " CJK " in family else "fonts-noto-core"


def _invisible(sign: str) -> bool:
    """Whether it needs no glyph: white space, controls, format characters such as ZWNJ and the isolates."""
    return sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc", "Zs", "Zl", "Zp") or sign in _SELECTORS


def _complaint(sign: str, language: str, page: Page) -> Diagnostic:
    run = next((run for run in page.runs if sign in run.text), None)
    name = unicodedata.name(sign, "a character without a name")
    message = f"no font for {language} has “{sign}” (U+{ord(sign):04X} {name})"
    if run is not None:
        shown = run.text if len(run.text) <= 40 else run.text[:40] + "…"
        message += f", in “{shown}”"
    hint = "write it with another character, or name a font that has it in templates/typography"
    return Diagnostic(
        "missing-glyph", message, run.location if run else Location("templates"), "error", hint, page.locale
    )
