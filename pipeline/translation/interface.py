"""The words of the templates, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.diagnostics import Diagnostic, Location
from pipeline.locales import Locale, plural_rule
from pipeline.translation.catalog import Catalog
from pipeline.translation.checks.characters import CONTROLS
from pipeline.translation.message import Message, State

SOURCE_LOCALE = Locale.parse("en")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a template: its words, with ``{placeholders}`` still open, and the language they are in."""

    text: str
    locale: Locale

    def parts(self) -> Iterator[tuple[bool, str]]:
        """The phrase in pieces: words (False), and names of placeholders (True).

        >>> list(Phrase("as of {date}", SOURCE_LOCALE).parts())
        [(False, 'as of '), (True, 'date')]
        """
        for index, piece in enumerate(_PLACEHOLDER.split(self.text)):
            if piece:
                yield index % 2 == 1, piece


@dataclass(frozen=True, slots=True)
class Words:
    """All phrases for one reader, from the first catalog that has each: the workspace's, then the one we ship."""

    locale: Locale
    catalogs: tuple[Catalog, ...] = ()

    def phrase(self, msgid: str, msgid_plural: str | None = None, count: int = 1) -> Phrase:
        """The phrase; in English, and saying so, where no catalog has it whole."""
        for catalog in self.catalogs:
            message = catalog.get((None, msgid))
            if (
                message is None
                or message.state is not State.TRANSLATED
                or list(_faults(message, catalog.path, self.locale))
            ):
                continue
            if msgid_plural is None:
                return Phrase(message.msgstr[0], self.locale)
            return Phrase(message.msgstr[_plural_index(catalog, self.locale, count, len(message.msgstr))], self.locale)
        return Phrase(msgid if msgid_plural is None or count == 1 else msgid_plural, SOURCE_LOCALE)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the phrases themselves."""
        return tuple(
            fault
            for catalog in self.catalogs
            for message in catalog.messages
            if message.state is State.TRANSLATED and not message.obsolete
            for fault in _faults(message, catalog.path, self.locale)
        )


def _plural_index(catalog: Catalog, locale: Locale, count: int, forms: int) -> int:
    """Which form says ``count`` things: by the catalog's own rule, for its translator numbered the forms by it."""
    try:
        index = plural_rule(catalog.header_value("Plural-Forms"))(count)
    except (ValueError, RecursionError, ZeroDivisionError):
        index = locale.plural_index(count)
    return index if 0 <= index < forms else forms - 1


def _faults(message: Message, path: str, locale: Locale) -> Iterator[Diagnostic]:
    wanted = set(_PLACEHOLDER.findall(message.msgid))
    for text in message.msgstr:
        control = CONTROLS.search(text)
        if control:
            words = f"the translation holds the invisible character U+{ord(control[0]):04X}, which can turn text around"
            yield Diagnostic("control-character", words, Location(path, message.line), "error", "delete it", locale.tag)
        found = set(_PLACEHOLDER.findall(text))
        number_in_words = len(message.msgstr) > 1 and found < wanted  # as in the Arabic dual
        if found != wanted and not number_in_words:
            shown = ", ".join(f"{{{name}}}" for name in sorted(wanted ^ found))
            hint = "words in braces are filled in by the program: keep them as they are, once each"
            text_of = f"the placeholders of the translation differ from the original's: {shown}"
            yield Diagnostic("placeholder", text_of, Location(path, message.line), "error", hint, locale.tag)
