"""The pages of a kit: START.html tells a volunteer what to do, and previews show how each document looks now."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html.parser import HTMLParser

from markupsafe import Markup

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.renditions import Rendition
from pipeline.translation.checks.model import Term
from pipeline.translation.interface import SOURCE_LOCALE, Words
from pipeline.typesetting.composing import Design, page_html
from pipeline.typesetting.text import Typesetter
from pipeline.typesetting.typography import language_rules
from pipeline.typesetting.view import Surroundings
from pipeline.workspace import Inputs, Workspace

_MEDIA = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "svg": "image/svg+xml"}
#: Elements without an end.
_EMPTY = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)


@dataclass(frozen=True, slots=True)
class KitFile:
    """A catalog of the kit as START.html lists it: its path, the document's title and language, the path of its preview."""

    path: str
    title: str = ""
    lang: str = ""
    dir: str = ""
    preview: str = ""


def start_html(
    workspace: Workspace, inputs: Inputs, locale: Locale, files: Iterable[KitFile], terms: Iterable[Term]
) -> str:
    """The instructions, in the reader's language as far as it has the phrases, and the glossary as a table."""
    words, source = workspace.words(locale, inputs), inputs.settings.source_locale
    name = locale.name_of(source)
    rules = language_rules(workspace.typography, locale, {SOURCE_LOCALE, source}, "web")
    values = {
        "lang": locale.tag,
        "dir": locale.direction,
        "style": Markup(f"@counter-style reader{{system:extends {locale.counter_style}}}\n{rules}"),
        "_": _phrases(words),
        "label": lambda msgid: words.phrase(msgid).text,
        "files": tuple(files),
        "terms": tuple(_shown(term) for term in terms if term.translations or term.stems),
        "source": _marked(name.text, name.locale, locale),
        "source_lang": source.tag,
        "source_dir": source.direction,
        "endonym": locale.endonym,
    }
    return workspace.templates.render("site/kit.html", values)


def preview_html(workspace: Workspace, inputs: Inputs, rendition: Rendition) -> str:
    """The web page of a document in one language, as ``build`` makes it: in one file, without links to other files."""
    web = next(each for each in workspace.formats if each.medium == "web")
    pictures: dict[str, str] = {}
    for source, place in rendition.document.pictures:
        try:
            extension, content = workspace.picture(source, place)
        except InvalidInput:
            continue  # ``check`` tells the author
        pictures[source] = f"data:{_MEDIA[extension]};base64,{base64.b64encode(content).decode()}"
    surroundings = Surroundings(site=inputs.settings.title, pictures=pictures)
    design = Design(web, workspace.typography, workspace.templates)
    words = workspace.words(rendition.locale, inputs)
    return standing_alone(page_html(rendition.localized, words, design, surroundings))


def standing_alone(html: str) -> str:
    """The page without what leads to other files of a site: bars of navigation, and links that are no whole addresses.

    >>> standing_alone('<nav><a href="../fr/">fr</a></nav><a href="x.pdf">Leaflet</a> <a href="#text">on</a>')
    'Leaflet <a href="#text">on</a>'
    """
    rewriter = _Alone()
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.pieces)


class _Alone(HTMLParser):
    """Copies a page letter by letter, without navigation and relative links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._left_out = 0
        self._links: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if self._left_out:
            self._left_out += tag not in _EMPTY
        elif tag == "nav" or (tag == "header" and "site" in (values.get("class") or "").split()):
            self._left_out = 1
        elif tag in ("a", "link"):
            stays = _leads_somewhere(values.get("href"))
            if tag == "a":
                self._links.append(stays)
            if stays:
                self.pieces.append(self.get_starttag_text() or "")
        else:
            self.pieces.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            self.handle_starttag(tag, attrs)
        elif not self._left_out:
            self.pieces.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            self._left_out -= 1
        elif tag != "a" or not self._links or self._links.pop():
            self._copy(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._copy(data)

    def handle_entityref(self, name: str) -> None:
        self._copy(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._copy(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._copy(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._copy(f"<!{decl}>")

    def _copy(self, text: str) -> None:
        if not self._left_out:
            self.pieces.append(text)


def _shown(term: Term) -> Term:
    """A row of the glossary as people read it: where only the beginning of a word is known, that, with three dots."""
    if term.translations:
        return term
    return replace(term, translations=tuple(each.replace("*", "…") for each in term.stems))


def _leads_somewhere(address: str | None) -> bool:
    """Whether a link works in a page that stands alone: a place on it, or an address of the whole web."""
    return address is None or address.startswith(("#", "https://", "http://", "mailto:", "tel:"))


def _phrases(words: Words) -> Callable[[str], Markup]:
    def phrase(msgid: str) -> Markup:
        found = words.phrase(msgid)
        return _marked(found.text, found.locale, words.locale)

    return phrase


def _marked(text: str, own: Locale, reader: Locale) -> Markup:
    """Words as HTML; in an element that says their language if they are not in the reader's."""
    html = Typesetter(own, "web").html(text)
    return html if own == reader else Markup(f'<span lang="{own.tag}" dir="{own.direction}">{html}</span>')
