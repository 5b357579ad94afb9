"""How far each document is in each language, and how much work is left: values for the terminal, for programs, for a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.diagnostics import Diagnostic, Location
from pipeline.locales import Locale
from pipeline.renditions import Options, is_broken, known_locales, refuse_unknown_locales, renditions
from pipeline.source.document import Document, Segment
from pipeline.source.markdown import plain_text
from pipeline.translation.checks.safety import PLAIN_ROLES
from pipeline.translation.localize import Coverage, LocalizedDocument
from pipeline.translation.message import Key, State
from pipeline.wanted import document_needs
from pipeline.word_count import word_count
from pipeline.workspace import Inputs, Workspace

#: What a translator does in a minute, looking things up included: for estimates only.
WORDS_A_MINUTE = 8
#: What the columns of words say already is not counted as a warning once more.
_TOLD_BY_WORDS = frozenset({"untranslated", "fuzzy"})
#: A text by the catalog that has it: names of organisations stand in many documents and are translated once.
_Text = tuple[str, Key]


@dataclass(frozen=True, slots=True)
class Words:
    """How many words of the source are translated, fuzzy and untranslated; a text that stands there twice counts once."""

    translated: int = 0
    fuzzy: int = 0
    untranslated: int = 0

    @property
    def total(self) -> int:
        return self.translated + self.left

    @property
    def left(self) -> int:
        """The words that somebody still has to work on."""
        return self.fuzzy + self.untranslated

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: 100 only if nothing is left."""
        return 100 * self.translated // self.total if self.total else 100

    @property
    def minutes(self) -> int:
        """An estimate of the work that is left, rounded up."""
        return -(-self.left // WORDS_A_MINUTE)

    def as_dict(self) -> dict[str, int]:
        """The words for programs."""
        return {
            "total": self.total,
            "translated": self.translated,
            "fuzzy": self.fuzzy,
            "left": self.left,
            "percent": self.percent,
            "minutes": self.minutes,
        }


@dataclass(frozen=True, slots=True)
class StatusRow:
    """How far one document is in one language other than its own.

    ``coverage`` is in segments. It is None where a catalog cannot be read: then nobody knows, and ``words`` are none.
    ``warnings`` are those of ``check`` besides what is fuzzy or untranslated.
    """

    document: str
    locale: Locale
    coverage: Coverage | None
    words: Words = Words()
    warnings: int = 0
    errors: int = 0
    draft: bool = False

    @property
    def percent(self) -> int:
        """Segments that are translated, in whole per cent; 0 where nobody knows."""
        return self.coverage.percent if self.coverage is not None else 0

    @property
    def whole(self) -> bool:
        """Whether there is nothing left to translate, nor to mend."""
        return self.coverage is not None and self.percent == 100 and not (self.warnings or self.errors)

    def as_dict(self) -> dict[str, object]:
        """The row for programs; the numbers of segments are null where a catalog cannot be read."""
        known = self.coverage
        return {
            "document": self.document,
            "locale": self.locale.tag,
            "translated": known.translated if known else None,
            "fuzzy": known.fuzzy if known else None,
            "untranslated": known.untranslated if known else None,
            "percent": known.percent if known else None,
            "words": self.words.as_dict() if known else None,
            "warnings": self.warnings,
            "errors": self.errors,
            "draft": self.draft,
        }


@dataclass(frozen=True, slots=True)
class LanguageStatus:
    """One language in all documents: names that several of them share count once in ``words``.

    ``warnings`` and ``errors`` are of all its catalogs; ``unreadable`` of its documents have a catalog that cannot be read.
    """

    locale: Locale
    words: Words
    documents: int
    unreadable: int = 0
    warnings: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """Every document in every language, and every language as a whole; what needs work comes first."""

    rows: tuple[StatusRow, ...]
    languages: tuple[LanguageStatus, ...]
    documents: tuple[Document, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def as_dicts(self) -> list[dict[str, object]]:
        """The rows for programs."""
        return [each.as_dict() for each in self.rows]


def status(workspace: Workspace, options: Options, found: Iterable[Diagnostic] = ()) -> Status:
    """How far the documents are; ``found`` is what ``check`` says of the same ones, to be counted.

    Raises InvalidInput if the workspace cannot be read, or no document has one of the languages.
    """
    inputs = workspace.read(options.documents)
    refuse_unknown_locales(known_locales(inputs), options.locales)
    counted = _by_locale(found)
    rows: list[StatusRow] = list(_unreadable(inputs, options, counted))
    texts: dict[Locale, dict[_Text, tuple[State, int]]] = {each.locale: {} for each in rows}
    for rendition in renditions(inputs, options.locales):
        localized = rendition.localized
        if localized.locale == localized.document.locale:
            continue
        own = _texts(localized)
        texts.setdefault(localized.locale, {}).update(own)
        rows.append(_row(localized, _words(own.values()), counted.get(localized.locale.tag, ())))
    ordered = tuple(sorted(rows, key=_urgency))
    return Status(
        rows=ordered,
        languages=tuple(sorted(_languages(ordered, texts, counted), key=_urgency_of_language)),
        documents=inputs.documents,
        diagnostics=inputs.diagnostics,
    )


def _by_locale(found: Iterable[Diagnostic]) -> Mapping[str, tuple[Diagnostic, ...]]:
    """The complaints about each language, without those that the words tell."""
    by_locale: dict[str, list[Diagnostic]] = {}
    for each in dict.fromkeys(found):
        if each.locale and each.code not in _TOLD_BY_WORDS:
            by_locale.setdefault(each.locale, []).append(each)
    return {tag: tuple(each) for tag, each in by_locale.items()}


def _unreadable(inputs: Inputs, options: Options, counted: Mapping[str, tuple[Diagnostic, ...]]) -> Iterator[StatusRow]:
    wanted = {Locale.parse(tag).tag for tag in options.locales}
    for document in inputs.documents:
        for need in document_needs(document, inputs):
            tag = need.locale.tag
            if is_broken(inputs, document.id, tag) and (not wanted or tag in wanted):
                about = [
                    each for each in counted.get(tag, ()) if _domain(each.location) in (document.id, "organisations")
                ]
                yield StatusRow(document.id, inputs.settings.locale(tag), None, Words(), *_counts(about))


def _row(localized: LocalizedDocument, words: Words, about: Iterable[Diagnostic]) -> StatusRow:
    document = localized.document
    places = {each.location for each in localized.segments()}
    own = [each for each in about if each.location in places or _domain(each.location) == document.id]
    return StatusRow(document.id, localized.locale, localized.coverage, words, *_counts(own), localized.draft)


def _domain(place: Location) -> str:
    """The domain of the catalog that a place is in; empty if it is in none."""
    return place.path.rpartition("/")[2].removesuffix(".po") if place.path.endswith(".po") else ""


def _counts(about: Iterable[Diagnostic]) -> tuple[int, int]:
    """Warnings and errors."""
    severities = [each.severity for each in about]
    return severities.count("warning"), severities.count("error")


def _texts(localized: LocalizedDocument) -> dict[_Text, tuple[State, int]]:
    """Each text of a document that wants to be translated, once, with its state and its words."""
    document = localized.document
    names = {id(member.translation) for group in localized.groups for member in group.members}
    labels = _labels(document)
    found: dict[_Text, tuple[State, int]] = {}
    for each in (each for each in localized.segments() if each.segment.translate):
        domain = "organisations" if id(each) in names else document.id
        found[domain, each.segment.key] = (each.state, _segment_words(each.segment, labels))
    return found


def _labels(document: Document) -> tuple[str, ...]:
    sections = (document.body, document.short)
    return tuple(dict.fromkeys(label for each in sections if each is not None for label in each.footnotes))


@lru_cache(maxsize=1 << 16)
def _segment_words(segment: Segment, labels: tuple[str, ...]) -> int:
    """The words of a segment, without its markup; counted once, for every language asks."""
    text = segment.msgid
    return word_count(text if segment.role in PLAIN_ROLES else plain_text(text, labels))


def _words(texts: Iterable[tuple[State, int]]) -> Words:
    sums = dict.fromkeys(State, 0)
    for state, words in texts:
        sums[state] += words
    return Words(sums[State.TRANSLATED], sums[State.FUZZY], sums[State.UNTRANSLATED])


def _languages(
    rows: tuple[StatusRow, ...],
    texts: Mapping[Locale, Mapping[_Text, tuple[State, int]]],
    counted: Mapping[str, tuple[Diagnostic, ...]],
) -> Iterator[LanguageStatus]:
    for locale, each in texts.items():
        own = [row for row in rows if row.locale == locale]
        unreadable = sum(row.coverage is None for row in own)
        counts = _counts(counted.get(locale.tag, ()))
        yield LanguageStatus(locale, _words(each.values()), len(own), unreadable, *counts)


def _urgency(row: StatusRow) -> tuple[object, ...]:
    """What cannot be read first, then errors, then by the words that are left."""
    return (row.coverage is not None, not row.errors, -row.words.left, -row.warnings, row.locale.tag, row.document)


def _urgency_of_language(language: LanguageStatus) -> tuple[object, ...]:
    return (not language.unreadable, not language.errors, -language.words.left, -language.warnings, language.locale.tag)
