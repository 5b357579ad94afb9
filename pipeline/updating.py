"""update: every domain is extracted and merged into the catalogs that need it.

What an update has once brought up to date, and nobody has touched since, is not even parsed again.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from pipeline import __version__
from pipeline.clock import today
from pipeline.diagnostics import Diagnostic, InvalidInput, Location, in_order, short
from pipeline.extraction import Domain, domains, template_there
from pipeline.locales import Locale
from pipeline.saving import Purpose, save, writing
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.memory import INTERFACE, Memory, fill, wants
from pipeline.translation.message import Message, State
from pipeline.translation.migration import migrated, stamped
from pipeline.translation.po_writing import escaped
from pipeline.translation.similarity import Candidates
from pipeline.translation.update import Edits, merge
from pipeline.workspace import COMPENDIUM, IMPORTED, SHARED_DOMAINS, Inputs, Workspace

_STATE = PurePosixPath("build/.cache/update.json")
_NEAR = 0.75
_FIRST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update wrote (paths), how many files it looked at, and what stood in its way."""

    written: tuple[str, ...]
    seen: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked of an update.

    ``typos`` are documents (``id``) or places in them (``id#place``) whose edits, the author says, change no meaning.
    """

    documents: tuple[str, ...] = ()
    typos: tuple[str, ...] = ()
    accept_loss: bool = False


def update(workspace: Workspace, wishes: Wishes = Wishes()) -> Updated:
    """Bring templates and catalogs up to date with the sources; nothing is written that does not change."""
    with writing(workspace):
        return _Update(workspace, workspace.read(wishes.documents, catalogs=False), wishes).run()


class _Update:
    """One update under way: what it has read, written and complained of."""

    def __init__(self, workspace: Workspace, inputs: Inputs, wishes: Wishes) -> None:
        self.workspace = workspace
        self.inputs = inputs
        self.wishes = wishes
        self.domains = tuple(domains(workspace, inputs))
        self.state = _State.read(workspace)
        self.before = {each.name: self._template_before(each) for each in self.domains}
        self.files = _Library(workspace, inputs, self.domains, self.before)
        self.written: list[str] = []
        self.done: list[tuple[PurePosixPath, Domain, Locale, bool]] = []
        self.complaints = list(inputs.diagnostics)

    def run(self) -> Updated:
        self._refuse_unknown_places()
        seen = 0
        for domain in self.domains:
            before = self.before[domain.name]
            if before is None or before.messages != domain.template.messages:
                self._write(self.workspace.template_path(domain.name), domain.content)
            seen += 1 + len(domain.locales)
            for locale in domain.locales:
                self._bring_up(domain, locale, before)
        for path, domain, locale, wanting in self.done:
            self.state.note(path, self._fingerprint(domain, locale, now=True), wanting)
        if self.written or self.state.before is not None:  # else nothing at all has been written here, and it stays so
            self.state.write(self.workspace)
        return Updated(tuple(self.written), seen, in_order(self.complaints))

    def _refuse_unknown_places(self) -> None:
        """Raises InvalidInput if an author calls a typo what is nowhere."""
        known = {each.name: {segment.place for segment in each.segments} for each in self.domains}
        faults = []
        for asked in self.wishes.typos:
            name, _, place = asked.partition("#")
            if name not in known:
                faults.append(_unknown(asked, "no document has this id", ", ".join(known)))
            elif place and place not in known[name]:
                near = difflib.get_close_matches(place, known[name], n=3) or sorted(known[name])[:9]
                faults.append(_unknown(asked, "the document has no such place", ", ".join(near)))
        if faults:
            raise InvalidInput(faults)

    def _template_before(self, domain: Domain) -> Catalog | None:
        there = self.workspace.bytes_of(self.workspace.template_path(domain.name))
        return domain.template if there == domain.content else template_there(self.workspace, domain.name)

    def _write(self, path: PurePosixPath, content: bytes) -> None:
        if self.workspace.write(path, content):
            self.written.append(str(path))

    def _bring_up(self, domain: Domain, locale: Locale, before: Catalog | None) -> None:
        """Merge a domain into the catalog of a locale, fill it from memory, and write it if it changed."""
        path = self.workspace.catalog_path(locale.tag, domain.name)
        content = self.files.content(locale.tag, domain.name)
        if content is not None and not self.wishes.typos and self.state.knows(path, self._fingerprint(domain, locale)):
            return
        try:
            there = parse_catalog(content, str(path), locale) if content is not None else None
            catalog = migrated(there) if there is not None else None
            merged = merge(catalog, domain.template, locale, self._edits(domain))
            merged = fill(merged, self.files.memory(merged, domain.name, locale))
            if merged is not there:
                self._save(path, (content, there), merged)
        except InvalidInput as invalid:
            self.complaints += invalid.diagnostics
            return
        if catalog is not None and before is not None:
            self.complaints += _edited_by_hand(catalog, before, domain.template)
        self.done.append((path, domain, locale, domain.name != INTERFACE and wants(merged)))

    def _save(self, path: PurePosixPath, before: tuple[bytes | None, Catalog | None], merged: Catalog) -> None:
        """Write a catalog, if there is anything to write; ``before`` are the bytes that it was made from, and what they say."""
        content, there = before
        if content is not None and serialize(merged, self._wrap) == content:
            return
        saved = save(self.workspace, path, content, stamped(merged), Purpose("update", self.wishes.accept_loss, there))
        self.complaints += saved.diagnostics
        if saved.written:
            self.written.append(str(path))
            self.files.rewritten.add((merged.locale.tag if merged.locale else "", path.stem))

    @property
    def _wrap(self) -> int | None:
        return self.inputs.settings.translating.wrap

    def _fingerprint(self, domain: Domain, locale: Locale, now: bool = False) -> _Fingerprint:
        """All that decides what an update makes of a catalog: before this one, or now."""
        tag = locale.tag
        own = _digest(self.files.present(tag, domain.name), domain.digest, self._tool)
        compendium = self.files.content(tag, COMPENDIUM) or b""
        return _Fingerprint(_digest(own, compendium), lambda: self.files.digest_of(locale, now))

    @cached_property
    def _tool(self) -> bytes:
        """The program and the settings."""
        package = Path(__file__).parent
        sources = (
            each.read_bytes() for name in ("source", "translation") for each in sorted((package / name).rglob("*.py"))
        )
        own = Path(__file__).read_bytes()
        return _digest(__version__.encode(), repr(self.inputs.settings.translating).encode(), own, *sources)

    def _edits(self, domain: Domain) -> Edits:
        asked = {each.partition("#")[2] for each in self.wishes.typos if each.partition("#")[0] == domain.name}
        forgiven = (each.key for each in domain.segments if "" in asked or each.place in asked)
        typos = {each.key: each.typos for each in domain.segments if each.typos}
        return Edits(today(), typos, frozenset(forgiven if asked else ()))


class _Library:
    """The files of all catalogs as they were when the update began, each read once, and parsed only if it is asked for.

    ``rewritten`` are those that the update has written since.
    """

    def __init__(
        self,
        workspace: Workspace,
        inputs: Inputs,
        extracted: tuple[Domain, ...],
        before: Mapping[str, Catalog | None],
    ) -> None:
        self._workspace = workspace
        self._inputs = inputs
        self._extracted = {each.name: each for each in extracted}
        self._before = before
        self._contents: dict[tuple[str, str], bytes | None] = {}
        self._catalogs: dict[tuple[str, str], Catalog | None] = {}
        self._memories: dict[tuple[str, frozenset[str]], Memory] = {}
        self._near: dict[str, frozenset[str]] = {}
        self._digests: dict[tuple[str, bool], bytes] = {}
        self.rewritten: set[tuple[str, str]] = set()

    def content(self, tag: str, domain: str) -> bytes | None:
        """A catalog's bytes, as they were when first asked for."""
        if (tag, domain) not in self._contents:
            self._contents[tag, domain] = self._workspace.bytes_of(self._workspace.catalog_path(tag, domain))
        return self._contents[tag, domain]

    def present(self, tag: str, domain: str) -> bytes:
        """A catalog's bytes as they are now; none if there is no such file."""
        if (tag, domain) in self.rewritten:
            return self._workspace.bytes_of(self._workspace.catalog_path(tag, domain)) or b""
        return self.content(tag, domain) or b""

    def digest_of(self, locale: Locale, now: bool) -> bytes:
        """A digest of all that memory could offer in a language, every catalog and every source: before, or now."""
        if (locale.tag, now) not in self._digests:
            tags = (locale.tag, *self._inputs.settings.translating.variants.get(locale.tag, ()))
            new = self.rewritten if now else set()
            there = sorted({each for each in (*self._inputs.listed, *new) if each[0] in tags})
            contents = (self.present(*each) if now else self.content(*each) or b"" for each in there)
            parts = (_digest("/".join(each).encode(), content) for each, content in zip(there, contents, strict=True))
            sources = (each.digest for each in self._extracted.values())
            self._digests[locale.tag, now] = _digest(*sources, *parts)
        return self._digests[locale.tag, now]

    def memory(self, catalog: Catalog, own: str, locale: Locale) -> Memory:
        """What the language's other catalogs know of the texts that this one has no good translation of."""
        open_ = [each for each in catalog.live if each.state is not State.TRANSLATED and own != INTERFACE]
        chosen = frozenset(name for each in open_ for name in self._domains_with(each) if name != own)
        if open_:
            chosen |= {name for tag, name in self._inputs.listed if tag == locale.tag and name not in self._sources}
            chosen |= self._with_dropped(open_, locale.tag)
        chosen |= {COMPENDIUM, IMPORTED} if own != INTERFACE else {COMPENDIUM}
        if (locale.tag, chosen) not in self._memories:
            tags = self._inputs.settings.translating.variants.get(locale.tag, ())
            variants = (self._catalog(tag, name) for tag in tags for name in sorted({*chosen, own} if open_ else ()))
            known = (self._catalog(locale.tag, name) for name in sorted(chosen))
            made = Memory.of(locale, filter(None, known), filter(None, variants))
            self._memories[locale.tag, chosen] = made
        return self._memories[locale.tag, chosen]

    def _with_dropped(self, messages: Iterable[Message], tag: str) -> frozenset[str]:
        """The domains whose catalogs keep one of these texts from earlier days, by how it begins."""
        starts = [f'"{_beginning(each.msgid)}'.encode() for each in messages if each.state is State.UNTRANSLATED]
        kept = (each for each in self._inputs.listed if each[0] == tag and b"#~ msgid" in (self.content(*each) or b""))
        return frozenset(each[1] for each in kept if any(start in (self.content(*each) or b"") for start in starts))

    def _catalog(self, tag: str, domain: str) -> Catalog | None:
        """A catalog, for what it can lend; None if there is none or it cannot be read: its own update says why."""
        if (tag, domain) not in self._catalogs:
            content = self.content(tag, domain)
            try:
                path = str(self._workspace.catalog_path(tag, domain))
                read = parse_catalog(content, path, self._inputs.settings.locale(tag)) if content is not None else None
            except InvalidInput:
                read = None
            self._catalogs[tag, domain] = read
        return self._catalogs[tag, domain]

    def _domains_with(self, message: Message) -> frozenset[str]:
        """The domains whose sources have this text; one like it, too, if there is no translation at all yet."""
        found = self._places.get(message.msgid, frozenset())
        if message.state is State.UNTRANSLATED and len(message.msgid) > 1:
            if message.msgid not in self._near:
                near = self._candidates.likest(message.msgid, _NEAR)
                self._near[message.msgid] = frozenset(
                    name for _, index in near for name in self._places[self._texts[index]]
                )
            found |= self._near[message.msgid]
        return found

    @cached_property
    def _sources(self) -> Mapping[str, Iterable[str]]:
        """The texts of every domain: of those at hand, and of the other documents by their templates."""
        texts: dict[str, Iterable[str]] = {
            name: [each.msgid for each in domain.template.messages] for name, domain in self._extracted.items()
        }
        for name, before in self._before.items():
            gone = (each.msgid for each in before.messages) if before is not None else ()
            texts[name] = tuple(dict.fromkeys((*texts[name], *gone)))
        for name in sorted({domain for _, domain in self._inputs.listed} - set(texts) - SHARED_DOMAINS):
            template = template_there(self._workspace, name)
            if template is not None:
                texts[name] = [each.msgid for each in template.messages]
        return texts

    @cached_property
    def _places(self) -> Mapping[str, frozenset[str]]:
        places: dict[str, set[str]] = {}
        for name, texts in self._sources.items():
            for text in texts:
                places.setdefault(text, set()).add(name)
        return {text: frozenset(names) for text, names in places.items()}

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(self._places)

    @cached_property
    def _candidates(self) -> Candidates:
        return Candidates(self._texts)


def _unknown(asked: str, why: str, known: str) -> Diagnostic:
    hint = f"a place is what stands behind # in the references of a catalog; there is {known}"
    return Diagnostic("unknown-place", f"--typo {asked}: {why}", Location("sources"), hint=hint)


def _beginning(text: str) -> str:
    """The first words of a text as they stand in a catalog, where no line has ended yet."""
    return escaped(text[:_FIRST_WORDS].rpartition(" ")[0] or text[: _FIRST_WORDS // 2]).split("\\n")[0]


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    """What decides about a catalog: in itself, and, if it wants something, all that might fill it."""

    own: bytes
    around: object = field(repr=False)

    def hex(self, wanting: bool) -> str:
        around = self.around() if wanting and callable(self.around) else b""
        return _digest(self.own, around).hex()[:32]


@dataclass
class _State:
    """Which catalogs are up to date, by what decided it; ``wanting`` are those that others might fill."""

    catalogs: dict[str, tuple[str, bool]]
    before: bytes | None

    @classmethod
    def read(cls, workspace: Workspace) -> _State:
        content = workspace.bytes_of(_STATE)
        try:
            known = {
                str(path): (str(found), bool(wanting)) for path, (found, wanting) in json.loads(content or "{}").items()
            }
        except (ValueError, TypeError, AttributeError, RecursionError):
            known = {}
        return cls(known, content)

    def knows(self, path: PurePosixPath, fingerprint: _Fingerprint) -> bool:
        found, wanting = self.catalogs.get(str(path), ("", False))
        return bool(found) and found == fingerprint.hex(wanting)

    def note(self, path: PurePosixPath, fingerprint: _Fingerprint, wanting: bool) -> None:
        self.catalogs[str(path)] = (fingerprint.hex(wanting), wanting)

    def write(self, workspace: Workspace) -> None:
        content = json.dumps(self.catalogs, sort_keys=True, separators=(",", ":")).encode()
        if content != self.before:
            workspace.write(_STATE, content)


def _digest(*parts: bytes) -> bytes:
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.digest()


def _edited_by_hand(catalog: Catalog, before: Catalog, now: Catalog) -> Iterator[Diagnostic]:
    """Messages whose msgid is in no template: somebody has changed it in the catalog."""
    known = {each.key for each in (*before.messages, *now.messages)}
    gone = {each.key for each in before.messages} - {each.key for each in catalog.messages}
    for message in catalog.live if gone else ():
        if message.key not in known:
            text = short(message.msgid, 40)
            words = f"the msgid “{text}” is not the original's: somebody has edited it"
            hint = "only msgstr is to be translated; the original is put back, look at what is marked fuzzy now"
            place = Location(catalog.path, message.line)
            tag = catalog.locale.tag if catalog.locale else ""
            yield Diagnostic("msgid-edited", words, place, "warning", hint, tag)
