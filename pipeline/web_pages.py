"""What a document has on the web: its pages and messages, and earlier versions of them that stay published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.cldr_gaps import PSEUDO
from pipeline.locales import Locale
from pipeline.reading import Reading
from pipeline.renditions import Rendition
from pipeline.report import Artifact
from pipeline.typesetting.composing import Design, page_html
from pipeline.typesetting.formats import Format, paper_name
from pipeline.typesetting.imposition import default_flip
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.phrases import Phrases
from pipeline.typesetting.view import Download, Surroundings
from pipeline.verdicts import Kept
from pipeline.website.choosing import language_links
from pipeline.website.keeping import kept_page
from pipeline.website.messages import messages
from pipeline.website.security import with_policy
from pipeline.website.summary import Entry, Resolution
from pipeline.workspace import Inputs

_PAGE = "index.html"
#: What is said of an earlier version as it was said then.
_KEPT_FACTS = (
    *("document", "locale", "format", "edition", "pages", "sheets", "coverage", "draft"),
    *("source_sha256", "catalog_sha256"),
)


@dataclass(frozen=True)
class WebPages:
    """The pages of a document, in a site. ``resolution`` is None where nothing is known of its languages."""

    site: PurePosixPath
    reading: Reading
    inputs: Inputs
    name: str
    resolution: Resolution | None

    def around(self, locale: Locale, picture: str = "") -> Surroundings:
        """Where the page in a language is, and where the others are; ``picture`` is the file to share, if there is one."""
        tag, address = locale.tag, self.inputs.settings.address
        url = f"{address}/{self.name}/{tag}/" if address else ""
        return Surroundings(
            site=self.inputs.settings.title,
            address=address,
            url=url,
            x_default=self._address_of(self.resolution.source) if self.resolution else "",
            home=f"../../{tag}/{_PAGE}" if tag not in PSEUDO else f"../../{_PAGE}",
            feed=f"../../{tag}/feed.xml" if address and tag not in PSEUDO else "",
            picture=f"{url}{picture}" if url and picture else "",
            languages=language_links(
                self.resolution.entries if self.resolution else (),
                locale,
                tag,
                f"../{{tag}}/{_PAGE}",
                self.reading.locale,
            ),
        )

    def messages(self, rendition: Rendition) -> Iterator[tuple[PurePosixPath, bytes]]:
        """The text in pieces for messengers, each with its path."""
        address = self.inputs.settings.address
        own = f"{address}/{self.name}/{rendition.locale.tag}/" if address else ""
        words = self.reading.workspace.words(rendition.locale, self.inputs)
        for number, text in enumerate(messages(rendition.localized, words, own), start=1):
            yield self._folder(rendition.locale.tag) / f"message-{number}.txt", text.encode()

    def page(self, rendition: Rendition, design: Design, surroundings: Surroundings) -> tuple[PurePosixPath, bytes]:
        """The page itself, with its path."""
        words = self.reading.workspace.words(rendition.locale, self.inputs)
        html = with_policy(page_html(rendition.localized, words, design, surroundings))
        return self._folder(rendition.locale.tag) / _PAGE, html.encode()

    def earlier(self, kept: Kept) -> Iterator[tuple[PurePosixPath, bytes]]:
        """The files of an earlier version that stays, to the byte; its page with a word about it and today's languages."""
        folder = self._folder(kept.locale)
        for each in kept.files:
            content = each.path.read_bytes()
            yield folder / each.name, self._page_of(kept, content) if each.name == _PAGE else content
        for each in kept.pictures:
            yield self.site / self.name / "pictures" / each.name, each.path.read_bytes()

    def earlier_artifacts(self, kept: Kept, files: Mapping[PurePosixPath, bytes]) -> Iterator[Artifact]:
        """What is to be said of an earlier version: what was said then."""
        for each in kept.artifacts:
            path = self._folder(kept.locale) / PurePosixPath(each.path).name
            yield Artifact(
                **{name: getattr(each, name) for name in _KEPT_FACTS},
                path=str(path),
                sha256=hashlib.sha256(files[path]).hexdigest(),
                bytes=len(files[path]),
                cached=True,
                kept_from=kept.version,
            )

    def _page_of(self, kept: Kept, content: bytes) -> bytes:
        templates, locale = self.reading.workspace.templates, self.reading.locale(kept.locale)
        phrases = Phrases(self.reading.workspace.words(locale, self.inputs), "web")
        functions = phrases.functions()
        changed = phrases.text(locale.date(kept.changed)) if kept.changed else ""
        around = self.around(locale)
        links = {"canonical": around.url, "alternates": around.alternates}
        html = kept_page(
            content.decode(),
            banner=templates.render("site/kept.html", {**functions, "changed": changed}) if kept.outdated else "",
            languages=templates.render("site/chooser.html", {**functions, "languages": around.languages}),
            alternates=templates.render("site/alternates.html", {**functions, **links}),
        )
        return with_policy(html).encode()

    def _folder(self, tag: str) -> PurePosixPath:
        return self.site / self.name / tag

    def _address_of(self, tag: str) -> str:
        address = self.inputs.settings.address
        return f"{address}/{self.name}/{tag}/" if address else f"../{tag}/{_PAGE}"


def entry_of(kept: Kept) -> Entry:
    """What the lists of the site say of an earlier version."""
    changed = kept.changed.isoformat() if kept.changed else ""
    percent = 0 if kept.percent is None else kept.percent
    return Entry(kept.locale, kept.title, kept.title_tag, kept.description, percent, kept.draft, changed, kept.picture)


def download(format: Format, finish: Finish, name: str, leaflet: Leaflet) -> Download:
    """What the page says of a leaflet that it offers: this edition of a printed format, in the file ``name`` beside it.

    Raises ValueError if the format is not printed.
    """
    scheme, edition = format.scheme, finish.edition
    if scheme is None:
        raise ValueError(f"{format.name} is not a printed format")
    two_sided = edition == "desk" and finish.sides == "both" and leaflet.pages > leaflet.sheets
    return Download(
        label=format.label,
        edition=edition,
        sides=finish.sides,
        href=name,
        bytes=len(leaflet.pdf),
        pages=leaflet.pages,
        sheets=leaflet.sheets,
        paper=paper_name(scheme.sheet_mm),
        size_mm=scheme.page_mm,
        sheet_mm=scheme.sheet_mm,
        colour=edition != "desk",
        flip=(finish.flip or default_flip(scheme.sheet_mm)) if two_sided else "",
        fold=scheme.kind,
    )
