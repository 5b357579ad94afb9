"""What ties web pages together: the chooser of languages and the home page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.renditions import Rendition
from pipeline.typesetting.page import Templates
from pipeline.typesetting.view import LanguageLink
from pipeline.workspace import Inputs


@dataclass(frozen=True, slots=True)
class HomeEntry:
    """A document on the home page."""

    id: str
    title: str
    lang: str
    date: str
    languages: tuple[LanguageLink, ...]


def language_links(every: Iterable[Rendition], folder: str = "../") -> tuple[LanguageLink, ...]:
    """The chooser's languages: Latin script first, then by script, each by its own name. Pseudo-locales are none."""

    def order(rendition: Rendition) -> tuple[bool, str, str]:
        locale = rendition.locale
        return (locale.script != "Latn", locale.script, locale.endonym.casefold())

    return tuple(
        LanguageLink(
            tag=each.locale.tag,
            endonym=each.locale.endonym,
            dir=each.locale.direction,
            href=f"{folder}{each.locale.tag}/index.html",
            percent=each.localized.coverage.percent,
            current=False,
        )
        for each in sorted(every, key=order)
        if not each.is_pseudo
    )


def home_html(templates: Templates, inputs: Inputs, every: Iterable[Rendition]) -> str:
    """The home page: all documents, newest first, with their languages."""
    made = tuple(every)
    locale = inputs.settings.source_locale
    entries = [
        HomeEntry(
            id=document.id,
            title=document.title.msgid,
            lang=document.locale.tag,
            date=locale.date(document.adopted).text if document.adopted else "",
            languages=language_links((each for each in made if each.document is document), f"{document.id}/"),
        )
        for document in sorted(inputs.documents, key=lambda each: (str(each.adopted or ""), each.id), reverse=True)
    ]
    values = {"site": inputs.settings.title, "lang": locale.tag, "dir": locale.direction, "entries": entries}
    return templates.render("site/home.html", values)
