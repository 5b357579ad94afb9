"""What was built becomes a release: its manifest, a ZIP file for each language and one for all, the sums of everything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from pipeline import __version__
from pipeline.archives import Member, entry_of, write_archive
from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.gate import Published
from pipeline.manifest import (
    MANIFEST,
    SITE,
    SUMS,
    ArchiveEntry,
    FileEntry,
    LeftOut,
    Manifest,
    Reason,
    ReleasedArtifact,
    ReleasedText,
    is_safe,
)
from pipeline.report import Artifact, Report
from pipeline.website.keeping import Move, moved_page
from pipeline.website.summary import Entry

_LONGEST_NAME = 40
_NO_WORD = re.compile(r"[^a-z0-9]+")
_SUBSET = re.compile(r"^[A-Z]{6}\+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a release says of itself that its files do not: ``day`` is the one of its archives; ``credits`` by document and tag."""

    version: str
    title: str
    address: str
    source_tag: str
    day: date | None
    credits: Mapping[tuple[str, str], str]


class Packing:
    """A release under way, in the folder ``fresh``; the site is in it already. ``root`` is what the report's paths are below."""

    def __init__(self, root: Path, fresh: Path, facts: Facts, published: Published | None) -> None:
        self.site = PurePosixPath((fresh / SITE).relative_to(root))
        self.fresh = fresh
        self.facts = facts
        self.published = published

    def pack(self, report: Report) -> tuple[Manifest, str]:
        """Write manifest, archives and sums; the manifest and the text of the sums."""
        manifest = self._manifest(report)
        name = _slug(manifest.title)
        manifest = replace(manifest, archives=tuple(self._language_archives(manifest, name)))
        (self.fresh / MANIFEST).write_text(manifest.as_json(), encoding="utf-8")
        members = [Member(each.path, self.fresh / each.path) for each in manifest.files]
        members.append(Member(MANIFEST, self.fresh / MANIFEST))
        write_archive(self.fresh / f"{name}-{manifest.version}.zip", members, self.facts.day)
        sums = self._sums()
        (self.fresh / SUMS).write_text(sums, encoding="utf-8")
        return manifest, sums

    def _manifest(self, report: Report) -> Manifest:
        files = tuple(entry_of(self.fresh / name, name) for name in _names(self.fresh) if name.startswith(f"{SITE}/"))
        odd = [each.path for each in files if not is_safe(each.path)]
        if odd:
            hint = "give the source or the picture a name without signs such as : * ? \\"
            raise InvalidInput(
                Diagnostic("release-file", "some systems cannot have a file of this name", Location(name), hint=hint)
                for name in odd
            )
        by_path = {each.path: each for each in files}
        artifacts = tuple(self._artifact(each, by_path) for each in report.artifacts)
        texts = tuple(self._texts(report, artifacts))
        return Manifest(
            version=self.facts.version,
            polyleaf=__version__,
            title=self.facts.title,
            address=self.facts.address,
            day=self.facts.day.isoformat() if self.facts.day else "",
            toolchain=tuple(report.toolchain.splitlines()),
            texts=texts,
            left_out=tuple(self._left_out(report, texts)),
            artifacts=tuple(sorted(artifacts, key=lambda each: each.path)),
            files=files,
        )

    def _artifact(self, made: Artifact, files: dict[str, FileEntry]) -> ReleasedArtifact:
        """An artifact as it is now; of one that was kept, all but its bytes is what was said of it when it was made."""
        path = f"{SITE}/{PurePosixPath(made.path).relative_to(self.site)}"
        entry = files[path]
        before = self._earlier_artifacts(made.document, made.locale).get(path)
        if before is not None and made.kept_from:
            return replace(before, sha256=entry.sha256, bytes=entry.bytes, kept_from=made.kept_from)
        is_same = before is not None and before.sha256 == entry.sha256
        fonts = before.fonts if before is not None and is_same else _fonts(self.fresh / path)
        return ReleasedArtifact(
            path=path,
            document=made.document,
            locale=made.locale,
            format=made.format,
            edition=made.edition,
            sha256=entry.sha256,
            bytes=entry.bytes,
            pages=made.pages,
            sheets=made.sheets,
            source_sha256=made.source_sha256,
            catalog_sha256=made.catalog_sha256,
            fonts=fonts,
            coverage=made.coverage,
            draft=made.draft,
            kept_from=made.kept_from,
        )

    def _earlier_artifacts(self, document: str, tag: str) -> dict[str, ReleasedArtifact]:
        if self.published is None:
            return {}
        return {each.path: each for each in self.published.manifest.artifacts_of(document, tag)}

    def _texts(self, report: Report, artifacts: Iterable[ReleasedArtifact]) -> Iterator[ReleasedText]:
        """What is published of each document in each language."""
        entries = {(document.id, each.tag): each for document in report.resolutions for each in document.entries}
        first: dict[tuple[str, str], ReleasedArtifact] = {}
        for each in artifacts:
            first.setdefault((each.document, each.locale), each)
        for (document, tag), artifact in sorted(first.items()):
            entry = entries.get((document, tag), Entry(tag, document, self.facts.source_tag, "", artifact.coverage))
            earlier = self.published.manifest.by_text.get((document, tag)) if self.published is not None else None
            kept = earlier if artifact.kept_from else None
            yield ReleasedText(
                document=document,
                locale=tag,
                title=entry.title,
                title_tag=entry.title_tag,
                description=entry.description,
                picture=entry.picture,
                coverage=artifact.coverage,
                draft=artifact.draft,
                credit=kept.credit if kept is not None else self.facts.credits.get((document, tag), ""),
                kept_from=artifact.kept_from,
                changed=entry.changed,
            )

    def _left_out(self, report: Report, texts: Iterable[ReleasedText]) -> Iterator[LeftOut]:
        """What is not published, or only as it was; also languages and documents that are gone."""
        there = {(each.document, each.locale): each for each in texts}
        said = {(each.document, each.locale): each.reasons for each in report.left_out}
        earlier = self.published.manifest.by_text if self.published is not None else {}
        for document, tag in sorted({*said, *(earlier.keys() - there.keys())}):
            reasons = tuple(
                Reason(each.code, each.message, str(each.location), each.hint) for each in said.get((document, tag), ())
            )
            if not reasons:
                reasons = (
                    Reason("release-gone", "it was published, and this workspace does not have it any more", "sources"),
                )
            kept = there.get((document, tag))
            yield LeftOut(document, tag, reasons, kept.kept_from if kept is not None else "")

    def _language_archives(self, manifest: Manifest, name: str) -> Iterator[ArchiveEntry]:
        """Write one ZIP file for each language: what it has, and a page to begin with."""
        for tag in sorted({each.locale for each in manifest.texts}):
            archive = f"{name}-{manifest.version}-{tag}.zip"
            members = list(self._members(manifest, tag))
            yield ArchiveEntry(archive, tag, write_archive(self.fresh / archive, members, self.facts.day))

    def _members(self, manifest: Manifest, tag: str) -> Iterator[Member]:
        """Pages, leaflets, pictures and messages of a language; the pages know that the others are not there."""
        documents = [each.document for each in manifest.texts if each.locale == tag]
        folders = [f"{SITE}/{each}/{part}" for each in documents for part in (tag, "pictures")]
        paths = [each.path.removeprefix(f"{SITE}/") for folder in folders for each in manifest.files_below(folder)]
        along = {path: path for path in paths}
        if f"{SITE}/{tag}/index.html" in manifest.by_path:
            along[f"{tag}/index.html"] = "index.html"
        for before, after in along.items():
            place = self.fresh / SITE / before
            if before.endswith(".html"):
                html = moved_page(place.read_text("utf-8"), Move(before, after, along), manifest.address)
                yield Member(after, html.encode())
            else:
                yield Member(after, place)

    def _sums(self) -> str:
        """The lines of SHA256SUMS, as ``sha256sum -c`` reads them."""
        entries = (entry_of(self.fresh / name, name) for name in _names(self.fresh))
        return "".join(f"{each.sha256}  {each.path}\n" for each in entries)


def _names(folder: Path) -> list[str]:
    """The files below a folder, by their paths there, in the order of their bytes."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(paths, key=str.encode)


def _fonts(path: Path) -> tuple[str, ...]:
    """The fonts in a PDF, by the names that it gives them; none for other files."""
    if path.suffix != ".pdf":
        return ()
    import pikepdf

    with pikepdf.open(path) as pdf:
        fonts = (each for each in pdf.objects if isinstance(each, pikepdf.Dictionary))
        names = {str(each["/FontName"])[1:] for each in fonts if each.get("/Type") == "/FontDescriptor"}
    return tuple(sorted({_SUBSET.sub("", name) for name in names}))


def _slug(title: str) -> str:
    """What archives are called after: the title of the site in small Latin letters; “resolutions” if it has none."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words: list[str] = []
    for word in filter(None, _NO_WORD.split(plain)):
        if len("-".join([*words, word])) > _LONGEST_NAME:
            break
        words.append(word)
    return "-".join(words) or "resolutions"
