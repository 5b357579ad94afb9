"""What a check gets and what it says: a translation beside its original, and a finding about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.locales import Locale
from pipeline.source.document import Segment
from pipeline.translation.message import Message


@dataclass(frozen=True, slots=True)
class Pair:
    """One msgstr beside its original; ``labels`` are the footnotes that the document has, in order.

    ``words`` and ``original_words`` are the two texts without their markup. ``path`` is the catalog's.
    """

    segment: Segment
    message: Message
    original: str
    text: str
    source: Locale
    locale: Locale
    path: str
    labels: tuple[str, ...] = ()
    markup: bool = True
    original_words: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known besides the two texts.

    ``names`` are acronyms and names that every language keeps (of the registry); ``ratio`` is the middle of this
    language's own relation of lengths (letters of msgstr by letters of msgid) with the bounds that are plausible, None
    where too little is translated to tell; ``terms`` are the glossary's rows for this language.
    """

    names: frozenset[str] = frozenset()
    ratio: tuple[float, float, float] | None = None
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary's row for one language: a term, what it may be called, and how much of a word must agree."""

    term: str
    translations: tuple[str, ...]
    stems: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; its severity is in the table of codes."""

    code: str
    message: str
    hint: str = ""


#: One rule: one generator. It sees translated messages only, and never changes anything.
Check = Callable[[Pair, Knowledge], Iterator[Finding]]
