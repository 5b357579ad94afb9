"""The gate of a release: what is whole passes; of what is not, the last whole version stays, or it is left out and said so."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, short
from pipeline.locales import Locale
from pipeline.manifest import SITE, FileEntry, Manifest, ReleasedText
from pipeline.renditions import Rendition
from pipeline.settings import Settings
from pipeline.source.document import Document
from pipeline.translation.message import State
from pipeline.translation.wording import changed_on
from pipeline.verdicts import Kept, KeptFile, Verdict
from pipeline.wanted import document_needs
from pipeline.website.keeping import links, target
from pipeline.workspace import Inputs

#: What ``check`` says of texts that are not finished: the gate counts these itself.
_UNFINISHED = frozenset({"untranslated", "fuzzy", "draft"})
#: The domains that an error of a language may stand in, besides the document's own.
_NAMES, _INTERFACE = "organisations", "interface"


@dataclass(frozen=True, slots=True)
class Lenience:
    """What may pass though it is not whole: languages (``fr`` everywhere, ``water/fr`` of one document), and drafts."""

    allowed: frozenset[str] = frozenset()
    drafts: bool = False

    def allows(self, document: str, tag: str) -> bool:
        """Whether somebody has named this language."""
        return bool({tag, f"{document}/{tag}"} & self.allowed)


@dataclass(frozen=True)
class Published:
    """An earlier release whose files are what its manifest says, and the folder that it is in."""

    manifest: Manifest
    folder: Path


@dataclass(frozen=True)
class Gate:
    """Judges renditions, always the same way. Made by ``Gate.of``; ``mark`` is a digest of all that it judges by."""

    settings: Settings = field(repr=False)
    lenience: Lenience = field(repr=False)
    errors: Mapping[str, tuple[Diagnostic, ...]] = field(repr=False)
    changed: Mapping[tuple[str, str], date] = field(repr=False)
    sources: Mapping[str, str] = field(repr=False)
    foreign: Mapping[str, frozenset[int]] = field(repr=False)
    published: Published | None = field(repr=False)
    mark: str

    @classmethod
    def of(cls, inputs: Inputs, sources: Mapping[str, str], findings: Iterable[Diagnostic], lenience: Lenience) -> Gate:
        """The gate of a workspace that has published nothing yet.

        ``sources`` are the SHA-256 of the documents' files, by id; ``findings`` are those of ``check``. Raises InvalidInput if
        a language is named that no document has.
        """
        _refuse_unknown(inputs, lenience)
        errors: dict[str, list[Diagnostic]] = defaultdict(list)
        for each in findings:
            if each.severity == "error" and each.code not in _UNFINISHED:
                errors[each.location.path].append(each)
        changed: dict[tuple[str, str], date] = {}
        lines: dict[str, frozenset[int]] = {}
        for (tag, domain), catalog in inputs.catalogs.items():
            days = [day for day in map(changed_on, catalog.live) if day is not None]
            if days:
                changed[domain, tag] = min(days)
            if domain == _NAMES:
                lines[catalog.path] = frozenset(message.line for message in catalog.live)
        judged = {path: tuple(found) for path, found in sorted(errors.items())}
        facts = repr((inputs.settings, sorted(lenience.allowed), lenience.drafts, judged, sorted(sources.items())))
        mark = hashlib.sha256(facts.encode()).hexdigest()
        return cls(inputs.settings, lenience, judged, changed, dict(sources), lines, None, mark)

    def after(self, published: Published) -> Gate:
        """The gate of a workspace that has published this release before."""
        digest = hashlib.sha256(f"{self.mark}\n{published.manifest.as_json()}".encode()).hexdigest()
        return Gate(
            self.settings,
            self.lenience,
            self.errors,
            self.changed,
            self.sources,
            self.foreign,
            published,
            digest,
        )

    def judge(self, rendition: Rendition) -> Verdict:
        """Whether a document is released in a language, before anybody has tried to typeset it."""
        if rendition.is_pseudo:
            message, hint = f"{rendition.locale.tag} is nobody’s language and is not released", "leave out --locale"
            place = Location(rendition.document.path)
            return Verdict((Diagnostic("release-pseudo", message, place, "warning", hint, rendition.locale.tag),))
        refused = (*self._missing(rendition), *self._unreviewed(rendition), *self._failed(rendition))
        return self._verdict(rendition, rendition.localized.coverage.percent, refused)

    def judge_leaflets(self, rendition: Rendition, faults: Iterable[Diagnostic]) -> Verdict:
        """The same after typesetting, with the errors of its leaflets: one that cannot be made keeps the whole back."""
        errors = [each for each in faults if each.severity == "error"]
        if not errors:
            return self.judge(rendition)
        first = errors[0]
        message = f"a leaflet cannot be made: {first.message} [{first.code}]{_and_more(errors)}"
        tag = rendition.locale.tag
        refused = Diagnostic("release-glyphs", message, first.location, "warning", first.hint, tag)
        return self._verdict(rendition, rendition.localized.coverage.percent, (refused,))

    def judge_unread(self, document: Document, locale: Locale) -> Verdict:
        """What becomes of a language whose catalog cannot be read: what was published stays."""
        tag = locale.tag
        paths = [f"locales/{tag}/{domain}.po" for domain in (document.id, _NAMES)]
        broken = [each for path in paths for each in self.errors.get(path, ())]
        place = broken[0].location if broken else Location(paths[0])
        why = f": {broken[0].message} [{broken[0].code}]" if broken else ""
        message = f"its catalog cannot be read{why}"
        refused = Diagnostic("release-check", message, place, "warning", f"run polyleaf check --locale {tag}", tag)
        return self._decided(document, tag, None, (refused,))

    def _verdict(self, rendition: Rendition, percent: int, refused: tuple[Diagnostic, ...]) -> Verdict:
        if not refused:
            return Verdict()
        return self._decided(rendition.document, rendition.locale.tag, percent, refused)

    def _decided(self, document: Document, tag: str, percent: int | None, refused: tuple[Diagnostic, ...]) -> Verdict:
        text = self.published.manifest.by_text.get((document.id, tag)) if self.published is not None else None
        if text is None or self.published is None:
            return Verdict(refused)
        why = self._why_not_kept(document, text, percent)
        if not why:
            return Verdict(refused, self._kept(document.id, text, percent, self.published))
        version = self.published.manifest.version
        message = f"release {version} had this language; now it is taken away: {why}"
        place, hint = Location(f"locales/{tag}/{document.id}.po"), "translate what is missing"
        return Verdict((*refused, Diagnostic("release-withdrawn", message, place, "warning", hint, tag)))

    def _why_not_kept(self, document: Document, text: ReleasedText, percent: int | None) -> str:
        """Why the version of the last release does not stay; empty if it does."""
        keep = self.settings.release_of(document.id).keep
        if percent is not None and percent < keep:
            return f"only {percent} % of it is translated, and {keep} % is the least"
        if text.draft and not (self.lenience.drafts or self.lenience.allows(document.id, text.locale)):
            return "that version was a draft"
        if document.signatories() and text.coverage < 100:
            return "that version was not whole"
        return ""

    def _kept(self, document: str, text: ReleasedText, percent: int | None, published: Published) -> Kept:
        manifest, folder = published.manifest, f"{SITE}/{document}/{text.locale}"
        artifacts = manifest.artifacts_of(document, text.locale)
        files = tuple(_kept_file(each, folder, published) for each in manifest.files_below(folder))
        outdated = any(each.source_sha256 != self.sources.get(document) for each in artifacts)
        changed = self.changed.get((document, text.locale))
        earlier = date.fromisoformat(text.changed) if text.changed else None
        days = [day for day in (earlier, changed) if day is not None]
        return Kept(
            document=document,
            locale=text.locale,
            version=text.kept_from or manifest.version,
            title=text.title,
            title_tag=text.title_tag,
            description=text.description,
            picture=text.picture,
            draft=text.draft,
            percent=percent,
            outdated=outdated,
            changed=min(days) if outdated and days else None,
            files=files,
            pictures=tuple(_pictures(files, folder, published)),
            artifacts=artifacts,
        )

    def _missing(self, rendition: Rendition) -> tuple[Diagnostic, ...]:
        """What is said if too little is translated."""
        document, tag, coverage = rendition.document, rendition.locale.tag, rendition.localized.coverage
        least, why = self._least(document, tag)
        enough = coverage.translated == coverage.total if least == 100 else coverage.percent >= least
        if enough or rendition.locale == document.locale or self.lenience.allows(document.id, tag):
            return ()
        gaps = [each for each in rendition.localized.segments() if each.state is not State.TRANSLATED]
        counts = [f"{coverage.untranslated} not translated"] * bool(coverage.untranslated)
        counts += [f"{coverage.fuzzy} of an older text"] * bool(coverage.fuzzy)
        message = (
            f"{len(gaps)} of {coverage.total} texts {'is' if len(gaps) == 1 else 'are'} missing ({', '.join(counts)}), "
            f"first “{short(gaps[0].segment.msgid)}”; {why}"
        )
        place, hint = Location(f"locales/{tag}/{document.id}.po"), f"translate them, or release with --allow {tag}"
        return (Diagnostic("release-partial", message, place, "warning", hint, tag, gaps[0].location),)

    def _least(self, document: Document, tag: str) -> tuple[int, str]:
        """How much must be translated, in per cent, and why."""
        if document.signatories():
            return 100, "a signed text is released whole"
        limits = self.settings.release_of(document.id)
        published = self.published is not None and (document.id, tag) in self.published.manifest.by_text
        if published:
            return limits.keep, f"it was published, and stays so from {limits.keep} % on"
        return limits.threshold, f"it is released from {limits.threshold} % on"

    def _unreviewed(self, rendition: Rendition) -> tuple[Diagnostic, ...]:
        tag = rendition.locale.tag
        if self.lenience.drafts or self.lenience.allows(rendition.document.id, tag):
            return ()
        message = "this translation is a draft, which nobody has reviewed"
        hint = (
            "have a native speaker review it, then delete the header X-Polyleaf-State; or release with --allow-drafts"
        )
        return tuple(
            Diagnostic("release-draft", message, Location(path), "warning", hint, tag)
            for path in rendition.localized.drafts
        )

    def _failed(self, rendition: Rendition) -> tuple[Diagnostic, ...]:
        """What is said if ``check`` finds errors in what this rendition is made of."""
        document, tag = rendition.document, rendition.locale.tag
        names = f"locales/{tag}/{_NAMES}.po"
        own = {each.location.line for each in rendition.localized.segments() if each.location.path == names}
        others = self.foreign.get(names, frozenset()) - own
        paths = (document.path, f"locales/{tag}/{document.id}.po", f"locales/{tag}/{_INTERFACE}.po")
        errors = [each for path in paths for each in self.errors.get(path, ())]
        errors += [each for each in self.errors.get(names, ()) if each.location.line not in others]
        if not errors:
            return ()
        first = errors[0]
        message = f"a check fails: {first.message} [{first.code}]{_and_more(errors)}"
        hint = first.hint or f"run polyleaf check --locale {tag}"
        return (Diagnostic("release-check", message, first.location, "warning", hint, tag, first.related),)


def _kept_file(entry: FileEntry, folder: str, published: Published) -> KeptFile:
    return KeptFile(entry.path.removeprefix(f"{folder}/"), entry.sha256, published.folder / entry.path)


def _pictures(files: Iterable[KeptFile], folder: str, published: Published) -> Iterable[KeptFile]:
    """The files of the release that a kept page shows from elsewhere: the document's pictures."""
    html = next((each.path.read_text("utf-8") for each in files if each.name == "index.html"), "")
    pictures = f"{folder.rpartition('/')[0]}/pictures"
    shown = {target(each, f"{folder}/index.html") for each in links(html)}
    return [
        _kept_file(each, pictures, published) for each in published.manifest.files_below(pictures) if each.path in shown
    ]


def _and_more(errors: list[Diagnostic]) -> str:
    return f", and {len(errors) - 1} more" if len(errors) > 1 else ""


def _refuse_unknown(inputs: Inputs, lenience: Lenience) -> None:
    """Raises InvalidInput if something is allowed that there is not: it would be a slip of the pen."""
    known = {(each.id, need.locale.tag) for each in inputs.documents for need in document_needs(each, inputs)}
    names = {tag for _, tag in known} | {f"{document}/{tag}" for document, tag in known}
    hint = "there are " + ", ".join(sorted({tag for _, tag in known}))
    unknown = [
        Diagnostic("unknown-language", f"--allow {name}: no document has it", Location("polyleaf.toml"), hint=hint)
        for name in sorted(lenience.allowed - names)
    ]
    if unknown:
        raise InvalidInput(unknown)
