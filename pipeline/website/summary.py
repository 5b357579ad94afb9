"""What the lists of the site know of each resolution: all that home pages, feeds and the sitemap are made of."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.locales import Locale


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in one language. Texts are plain.

    ``title_tag`` is the language that the title is in: the source's where it is not translated. ``percent`` of the document is
    translated. ``changed`` is the day (ISO) since when the original differs, if this is an older version that stays published;
    ``picture`` the name of the picture to share, beside the page; both empty if there is none.
    """

    tag: str
    title: str
    title_tag: str
    description: str
    percent: int
    draft: bool = False
    changed: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """A document, with an entry for each language that it is published in, its own first; days are ISO, empty if unknown.

    ``updated`` is the last day that its sources name: of adoption, or of a list of signatories. ``source`` is the tag of its own
    language.
    """

    id: str
    source: str
    adopted: str
    updated: str
    number: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """The site as a whole; ``address`` is where it is published, without a stroke at its end, empty if nowhere."""

    title: str
    address: str
    source: Locale
