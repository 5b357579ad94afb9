"""What a language has translated before, and how it helps with what is not translated yet.

Exact repeats are filled in; near ones, and whatever is less sure, are offered as fuzzy. Everything taken says from
where. The hand-kept ``compendium.po`` overrides all; ``memory.po``, which was imported, comes last. Phrases of the
templates (``interface``) are no sentences: they neither give nor take anything, except from the compendium.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import TypeVar

from pipeline.diagnostics import Diagnostic, Location, short
from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog
from pipeline.translation.message import Key, Message, State
from pipeline.translation.remarks import alternatives, ignored, with_alternatives, with_origin
from pipeline.translation.similarity import Candidates, any_place
from pipeline.translation.wording import with_wording, wording_of

COMPENDIUM = "compendium"
IMPORTED = "memory"
INTERFACE = "interface"
#: How alike two texts must be at least, for one's translation to be offered for the other.
_LEAST = 0.75
#: Of so many near texts the first that may be used is taken; some are the catalog's own.
_CANDIDATES = 24
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Standing(IntEnum):
    """How much a translation found elsewhere counts, the best first. The lesser ones are never taken as done."""

    COMPENDIUM = 0
    CATALOG = 1
    DRAFT = 2
    DROPPED = 3
    VARIANT = 4
    IMPORTED = 5


@dataclass(frozen=True, slots=True)
class Known:
    """A translation the language has, and where it stands.

    ``adopted`` is the date of that catalog's source, ``origin`` the name of the file as a translator knows it.
    """

    message: Message
    path: str
    origin: str
    standing: Standing
    adopted: str

    def fits(self, message: Message) -> bool:
        """Whether its msgstr has a place in the message: both have no plural, or the same with as many forms."""
        same_plural = self.message.msgid_plural == message.msgid_plural
        return same_plural and len(self.message.msgstr) == len(message.msgstr)


@dataclass(frozen=True)
class Memory:
    """All that one language has translated. Its indexes are made when somebody first asks for them."""

    locale: Locale
    catalogs: tuple[Catalog, ...]
    variants: tuple[Catalog, ...] = ()

    @classmethod
    def of(cls, locale: Locale, catalogs: Iterable[Catalog], variants: Iterable[Catalog] = ()) -> Memory:
        """The memory of a language: its catalogs of all domains, and those of close varieties.

        The compendium and what was imported are known by their domains, ``compendium`` and ``memory``.
        """
        return cls(locale, tuple(catalogs), tuple(variants))

    @cached_property
    def decisions(self) -> dict[Key, Known]:
        """What the compendium says of a text."""
        compendium = (each for each in self.catalogs if domain_of(each) == COMPENDIUM)
        known = (each for catalog in compendium for each in _known(catalog) if not each.message.obsolete)
        return {each.message.key: each for each in known}

    @cached_property
    def repeats(self) -> dict[Key, tuple[Known, ...]]:
        """The translations that the language's own catalogs have of a text."""
        known = (each for catalog in self.catalogs for each in _known(catalog))
        return _grouped((each.message.key, each) for each in known if each.standing <= Standing.DRAFT)

    @cached_property
    def by_text(self) -> dict[str, tuple[Known, ...]]:
        """Every translation that may be offered, by its msgid."""
        own = (each for catalog in self.catalogs for each in _known(catalog))
        foreign = (each for catalog in self.variants for each in _known(catalog, variant=True))
        return _grouped((each.message.msgid, each) for known in (own, foreign) for each in known)

    def best_of(self, text: str, message: Message, own: str) -> Known | None:
        """The translation of a text that may best be offered for the message, in any context; None if there is none."""
        usable = [each for each in self.by_text.get(text, ()) if each.origin != own and each.fits(message)]
        by_rank = sorted(
            _newest_first(usable), key=lambda each: (each.message.msgctxt != message.msgctxt, each.standing)
        )
        return next(iter(by_rank), None)

    def nearest(self, message: Message, own: str) -> Known | None:
        """The translation of the likest text, but for those of the origin ``own``; None if none is like enough."""
        least = max(_LEAST, any_place(message.msgid))
        for _, index in self._candidates.likest(message.msgid, least, _CANDIDATES):
            found = self.best_of(self._texts[index], message, own)
            if found is not None:
                return found
        return None

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(self.by_text)

    @cached_property
    def _candidates(self) -> Candidates:
        return Candidates(self._texts)


def domain_of(catalog: Catalog) -> str:
    """The domain of a catalog: the name of its file.

    >>> domain_of(Catalog("locales/de/letter.po", None, Message(""), ()))
    'letter'
    """
    return _file_of(catalog).rpartition(".")[0]


def wants(catalog: Catalog) -> bool:
    """Whether anything in it could be filled: a live message without any text."""
    return any(not any(each.msgstr) for each in catalog.live)


def fill(catalog: Catalog, memory: Memory, near: bool = True) -> Catalog:
    """The catalog with what its language has translated elsewhere; the same object if there is nothing to fill.

    A message that has a text is changed by the compendium alone, and the text it had stays in a comment. Looking for texts
    that are only near costs most: without ``near`` it is left out.
    """
    if domain_of(catalog) in (COMPENDIUM, IMPORTED):
        return catalog
    messages = tuple(
        each if each.obsolete or not each.msgid else _filled(each, catalog, memory, near) for each in catalog.messages
    )
    changed = any(new is not old for new, old in zip(messages, catalog.messages, strict=True))
    return replace(catalog, messages=messages) if changed else catalog


def contradictions(memory_catalogs: Iterable[Catalog]) -> Iterator[Diagnostic]:
    """Warnings about texts that a language has translated in two ways, each at the later catalog.

    What the compendium decides is no contradiction, nor is what was only imported.
    """
    localized = ((each.locale, each) for each in memory_catalogs if each.locale is not None)
    for locale, catalogs in _grouped(localized).items():
        memory = Memory(locale, catalogs)
        yield from _two_translations(memory)
        yield from _unresolved(memory)


def prevailing(known: Iterable[Known]) -> list[list[Known]]:
    """The translations of one text, grouped by their words: the best standing first, then the most frequent, the newest."""
    by_words = _grouped((_words(each.message), each) for each in _newest_first(known))
    groups = [sorted(group, key=lambda each: each.standing) for group in by_words.values()]
    return sorted(groups, key=lambda group: (group[0].standing, -len(group)))


def _file_of(catalog: Catalog) -> str:
    return catalog.path.rpartition("/")[2]


def _grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, tuple[_Value, ...]]:
    groups: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _known(catalog: Catalog, variant: bool = False) -> Iterator[Known]:
    """What a catalog has translated: the phrases of the templates are of no use to others."""
    domain = domain_of(catalog)
    if domain == INTERFACE:
        return
    tag = catalog.locale.tag if catalog.locale is not None else ""
    origin = f"{tag}/{_file_of(catalog)}" if variant else _file_of(catalog)
    adopted = catalog.header_value("POT-Creation-Date")
    standing = _standing(domain, catalog.draft, variant)
    for message in catalog.messages:
        if message.msgid and message.state is State.TRANSLATED:
            mere = max(standing, Standing.DROPPED) if message.obsolete else standing
            yield Known(message, catalog.path, origin, mere, adopted)


def _standing(domain: str, draft: bool, variant: bool) -> Standing:
    if variant:
        return Standing.VARIANT
    if domain == IMPORTED:
        return Standing.IMPORTED
    if draft:
        return Standing.DRAFT
    return Standing.COMPENDIUM if domain == COMPENDIUM else Standing.CATALOG


def _newest_first(known: Iterable[Known]) -> list[Known]:
    by_name = sorted(known, key=lambda each: each.origin)
    return sorted(by_name, key=lambda each: each.adopted, reverse=True)


def _words(message: Message) -> tuple[str, ...]:
    """The msgstr without what nobody reads: kinds of spaces, and the ways to write one letter."""
    return tuple(" ".join(unicodedata.normalize("NFC", text).split()) for text in message.msgstr)


# --- filling ----------------------------------------------------------------------------------------------------------


def _filled(message: Message, catalog: Catalog, memory: Memory, near: bool) -> Message:
    decided = memory.decisions.get(message.key)
    # A draft of a compendium decides nothing about what people have read already.
    if decided is not None and decided.fits(message) and (catalog.draft or decided.standing is Standing.COMPENDIUM):
        return _settled(message, decided)
    if any(message.msgstr) or domain_of(catalog) == INTERFACE:
        return message
    own = _file_of(catalog)
    repeats = [each for each in memory.repeats.get(message.key, ()) if each.origin != own and each.fits(message)]
    if repeats:
        return _repeated(message, prevailing(repeats), catalog.draft)
    likest = memory.best_of(message.msgid, message, own) or (memory.nearest(message, own) if near else None)
    return message if likest is None else _offered(message, likest)


def _settled(message: Message, decided: Known) -> Message:
    """The message as the compendium has it."""
    if message.msgstr == decided.message.msgstr and not message.fuzzy:
        return message
    if message.msgstr == decided.message.msgstr:
        return _done(message, message.msgstr)
    superseded = [text for text in message.msgstr if text not in decided.message.msgstr]
    return with_alternatives(with_origin(_done(message, decided.message.msgstr), decided.origin), superseded)


def _repeated(message: Message, translations: list[list[Known]], draft: bool) -> Message:
    """The message with the translation that its text has elsewhere; fuzzy if there are several, or only a draft's."""
    (best, *_), *others = translations
    if not others and (draft or best.standing < Standing.DRAFT):
        return with_origin(_done(message, best.message.msgstr), best.origin)
    return with_alternatives(
        _offered(message, best), (text for group in others for text in group[0].message.msgstr if text)
    )


def _done(message: Message, msgstr: tuple[str, ...]) -> Message:
    comments = message.extracted_comments
    return replace(
        message,
        msgstr=msgstr,
        fuzzy=False,
        extracted_comments=comments[:-1] if wording_of(message) else comments,
        previous_msgid=None,
        previous_msgctxt=None,
        previous_msgid_plural=None,
        raw=None,
        line=0,
    )


def _offered(message: Message, known: Known) -> Message:
    """The message, fuzzy, with the translation of another one, and with that one's text if it differs."""
    other = known.message
    differs = other.key != message.key
    fuzzy = replace(
        message,
        msgstr=other.msgstr,
        fuzzy=True,
        previous_msgid=other.msgid if differs else None,
        previous_msgctxt=other.msgctxt if differs else None,
        previous_msgid_plural=other.msgid_plural if differs else None,
        raw=None,
        line=0,
    )
    # Without a day: nothing was changed here, so nobody may show this as the translation of an earlier text.
    return with_wording(with_origin(fuzzy, known.origin), None, None)


# --- contradictions ---------------------------------------------------------------------------------------------------


def _two_translations(memory: Memory) -> Iterator[Diagnostic]:
    for key, known in memory.repeats.items():
        if len(known) < 2 or key in memory.decisions:
            continue
        oldest_first = _newest_first(each for each in known if not _dismissed(each.message))[::-1]
        groups = list(_grouped((_words(each.message), each) for each in oldest_first).values())
        for later in groups[1:]:
            yield _contradiction(later[0], groups[0][0], memory.locale)


def _contradiction(later: Known, earlier: Known, locale: Locale) -> Diagnostic:
    here, there = (_shown(" / ".join(each.message.msgstr)) for each in (later, earlier))
    message = f"“{_shown(later.message.msgid)}” is translated in two ways: “{here}” here, “{there}” in {earlier.origin}"
    related = Location(earlier.path, earlier.message.line)
    return _warning(message, later.path, later.message, locale, related)


def _unresolved(memory: Memory) -> Iterator[Diagnostic]:
    """A comment “another translation” waits until somebody has chosen."""
    for catalog in memory.catalogs:
        for message in () if domain_of(catalog) == IMPORTED else catalog.live:
            others = [text for text in alternatives(message) if text not in message.msgstr]
            if others and message.key not in memory.decisions and not _dismissed(message):
                words = f"“{_shown(message.msgid)}” has another translation in its comment: “{_shown(others[0])}”"
                yield _warning(words, catalog.path, message, memory.locale)


def _warning(words: str, path: str, message: Message, locale: Locale, related: Location | None = None) -> Diagnostic:
    if related is None:
        hint = "keep the better one as msgstr and delete the comment “another translation”"
    else:
        folder = path.rpartition("/")[0]
        hint = f"write the same in both, or put the one that holds for all into {folder}/{COMPENDIUM}.po"
    return Diagnostic("two-translations", words, Location(path, message.line), "warning", hint, locale.tag, related)


def _dismissed(message: Message) -> bool:
    return "two-translations" in ignored(message)


def _shown(text: str) -> str:
    return short(text.replace("\n", " "))
