"""check: everything that is wrong with a workspace, and what is not translated yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, in_order, short
from pipeline.extraction import Domain, domains, template_there
from pipeline.locales import Locale
from pipeline.renditions import Options, known_locales, refuse_unknown_locales, renditions
from pipeline.settings import Settings
from pipeline.source.document import Document, Role, Segment
from pipeline.translation.catalog import Catalog, plural_faults
from pipeline.translation.checks.examining import examine
from pipeline.translation.checks.length import ratio_of
from pipeline.translation.checks.model import Knowledge
from pipeline.translation.checks.safety import Place, pairs, rules
from pipeline.translation.credits import credit_faults
from pipeline.translation.glossary import Glossary, parse_glossary
from pipeline.translation.localize import LocalizedDocument
from pipeline.translation.memory import contradictions, domain_of
from pipeline.translation.message import Key, Message, State
from pipeline.workspace import GLOSSARY, Inputs, Workspace


def check(workspace: Workspace, options: Options) -> tuple[Diagnostic, ...]:
    """All complaints about sources, catalogs and translations, by place."""
    inputs = workspace.read(options.documents)
    refuse_unknown_locales(known_locales(inputs), options.locales)
    complaints = list(inputs.diagnostics)
    for locale in inputs.locales_of("interface"):
        if not options.locales or locale.tag in options.locales:
            complaints += workspace.words(locale, inputs).diagnostics()
    for document in inputs.documents:
        complaints += _picture_faults(workspace, document)
        complaints += _without_language(document)
    for rendition in renditions(inputs, options.locales):
        complaints += _unfinished(rendition.localized)
    complaints += _Examination(workspace, inputs, options).complaints()
    return in_order(_weighed(complaints, inputs.settings))


@dataclass(frozen=True, slots=True)
class _Original:
    """A segment with what its document has around it."""

    segment: Segment
    source: Locale
    labels: tuple[str, ...] = ()


class _Examination:
    """The checks of every catalog that the options ask for."""

    def __init__(self, workspace: Workspace, inputs: Inputs, options: Options) -> None:
        self.workspace = workspace
        self.inputs = inputs
        self.wanted = frozenset(options.locales)
        self.domains = {each.name: each for each in domains(workspace, inputs)}
        self.templates: dict[str, Catalog | None] = {}
        self.glossary = Glossary(GLOSSARY)
        self.found: list[Diagnostic] = []
        try:
            self.glossary = parse_glossary(workspace.text_of(GLOSSARY), GLOSSARY)
        except InvalidInput as invalid:
            self.found += invalid.diagnostics

    def complaints(self) -> list[Diagnostic]:
        """All that the checks find, with what is wrong with the glossary."""
        tags = sorted({tag for tag, _ in self.inputs.catalogs if not self.wanted or tag in self.wanted})
        for tag in tags:
            catalogs = [each for (other, _), each in sorted(self.inputs.catalogs.items()) if other == tag]
            self.found += contradictions(catalogs)
            knowledge = self._knowledge(self.inputs.settings.locale(tag), catalogs)
            for catalog in catalogs:
                self.found += plural_faults(catalog)
                self.found += credit_faults(catalog)
                domain = self.domains.get(domain_of(catalog))
                if domain is not None:
                    self._examine(catalog, domain, knowledge)
        return self.found

    def _knowledge(self, locale: Locale, catalogs: Iterable[Catalog]) -> Knowledge:
        translated = (
            (each.msgid, each.msgstr[0])
            for catalog in catalogs
            for each in catalog.live
            if each.state is State.TRANSLATED and domain_of(catalog) != "interface"
        )
        acronyms = frozenset(each.acronym for each in self.inputs.registry.organisations if each.acronym)
        return Knowledge(acronyms, ratio_of(translated), self.glossary.terms(locale))

    def _examine(self, catalog: Catalog, domain: Domain, knowledge: Knowledge) -> None:
        originals = self._originals(domain)
        for message in catalog.live:
            original = originals.get(message.key)
            if original is None:
                self.found += _unknown(message, catalog, self._template(domain.name))
            elif message.state is State.TRANSLATED and catalog.locale is not None:
                place = Place(catalog.path, original.source, catalog.locale, original.labels)
                for pair in pairs(original.segment, message, place):
                    self.found += examine(pair, knowledge)
            elif domain.name == "interface":
                self.found.append(_unfinished_message(original.segment, message, catalog))

    def _template(self, name: str) -> Catalog | None:
        """The template on the disk, which may be older than the source; read once, for many languages may lag behind."""
        if name not in self.templates:
            self.templates[name] = template_there(self.workspace, name)
        return self.templates[name]

    def _originals(self, domain: Domain) -> dict[Key, _Original]:
        document = next((each for each in self.inputs.documents if each.id == domain.name), None)
        if document is None:
            source = self.inputs.settings.source_locale
            return {each.key: _Original(each, source) for each in reversed(domain.segments)}
        labels = dict.fromkeys((each.key for each in document.body.segments), document.body.footnotes)
        if document.short is not None:
            labels = {each.key: document.short.footnotes for each in document.short.segments} | labels
        inline = {each.key: each for each in reversed(domain.segments)}
        return {key: _Original(each, document.locale, labels.get(key, ())) for key, each in inline.items()}


def _weighed(complaints: Iterable[Diagnostic], settings: Settings) -> Iterator[Diagnostic]:
    """The complaints with the severities that the settings give them; what must not be printed stays an error."""
    chosen = settings.severities
    for each in complaints:
        rule = rules().get(each.code)
        severity = chosen.get(each.code, each.severity) if rule is None or rule.dismissible else each.severity
        if severity != "off":
            yield each if severity == each.severity else replace(each, severity=severity)


def _unknown(message: Message, catalog: Catalog, template: Catalog | None) -> Iterator[Diagnostic]:
    """A live message that the source does not have: it is older than the source, or somebody has edited its msgid."""
    place, tag = Location(catalog.path, message.line), catalog.locale.tag if catalog.locale else ""
    if template is not None and template.get(message.key) is None:
        words = f"the msgid “{short(message.msgid)}” is not the original's: somebody has edited it"
        hint = "only msgstr is to be translated; polyleaf update puts the original back"
        yield Diagnostic("msgid-edited", words, place, "error", hint, tag)
    else:
        words = f"“{short(message.msgid)}” is not in the source any more"
        yield Diagnostic("not-up-to-date", words, place, "warning", "run polyleaf update", tag)


def _picture_faults(workspace: Workspace, document: Document) -> Iterator[Diagnostic]:
    for source, place in document.pictures:
        try:
            workspace.picture(source, place)
        except InvalidInput as invalid:
            yield from invalid.diagnostics


def _without_language(document: Document) -> Iterator[Diagnostic]:
    for organisation in document.signatories():
        if not organisation.countries and not organisation.languages:
            message = f"“{organisation.id}” has neither country nor languages, so no leaflet is made for it"
            hint = "fill the column country (such as TG) or languages (such as fr ee)"
            yield Diagnostic(
                "no-language", message, organisation.location, "warning", hint, related=Location(document.path)
            )


def _unfinished(localized: LocalizedDocument) -> Iterator[Diagnostic]:
    """A warning for each text that is not translated, once, however often it stands in the document."""
    unfinished = {each.segment.key: each for each in localized.segments() if each.state is not State.TRANSLATED}
    for each in unfinished.values():
        if each.bad:  # its complaint is an error of its own
            continue
        yield _not_done(each.segment, each.state, each.location, localized.locale.tag)


def _unfinished_message(segment: Segment, message: Message, catalog: Catalog) -> Diagnostic:
    tag = catalog.locale.tag if catalog.locale else ""
    return _not_done(segment, message.state, Location(catalog.path, message.line), tag)


def _not_done(segment: Segment, state: State, place: Location, tag: str) -> Diagnostic:
    text = short(segment.msgid)
    related = segment.location if segment.role is not Role.INTERFACE else None
    if state is State.FUZZY:
        hint = "adapt it, then take the mark “fuzzy” away"
        return Diagnostic("fuzzy", f"“{text}” has a translation of an older text", place, "warning", hint, tag, related)
    hint = "translate it in your editor"
    return Diagnostic("untranslated", f"“{text}” is not translated yet", place, "warning", hint, tag, related)
