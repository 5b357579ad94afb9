"""Which languages a document has to speak: those of its signatories, more or less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.locales import Locale
from pipeline.source.document import Document
from pipeline.source.organisations import needed_languages


@dataclass(frozen=True, slots=True)
class Need:
    """A language and the ids of the signatories that need it; none if the settings or a catalog ask for it."""

    locale: Locale
    signatories: tuple[str, ...]
    reason: str


def needs(
    document: Document, add: Iterable[Locale], remove: Iterable[Locale], catalogs: Iterable[Locale]
) -> tuple[Need, ...]:
    """The document's languages, its own first, then by the number of signatories that need them, then by tag.

    A language is needed by a signatory, or added by the settings, or somebody has begun a catalog for it.
    """
    signatories: dict[Locale, list[str]] = {}
    for organisation in document.signatories():
        for locale in needed_languages(organisation):
            signatories.setdefault(locale, []).append(organisation.id)
    found = {locale: Need(locale, tuple(ids), "signatories") for locale, ids in signatories.items()}
    for locale in add:
        found.setdefault(locale, Need(locale, (), "settings"))
    for locale in catalogs:
        found.setdefault(locale, Need(locale, (), "catalog"))
    for locale in set(remove) - {document.locale}:
        found.pop(locale, None)
    found.setdefault(document.locale, Need(document.locale, (), "source"))
    return tuple(
        sorted(
            found.values(), key=lambda need: (need.locale != document.locale, -len(need.signatories), need.locale.tag)
        )
    )
