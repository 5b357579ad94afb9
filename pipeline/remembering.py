"""``polyleaf memory``: a language's translations leave as TMX or compendium, and foreign ones come into its memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, in_order
from pipeline.locales import Locale
from pipeline.saving import save
from pipeline.translation.catalog import Catalog, is_language_of, parse_catalog, serialize
from pipeline.translation.compendium import absorb, compendium_of
from pipeline.translation.memory import IMPORTED, INTERFACE, domain_of
from pipeline.translation.message import Message, State
from pipeline.translation.tmx import LARGEST, read_tmx, write_tmx
from pipeline.workspace import Inputs, Workspace

_OURS = b'creationtool="Polyleaf"'
_WRITES = "write the name of a new file that ends in .tmx (for other programs) or .po (a compendium)"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: the file, how many translations are in it, and what is to be said of it."""

    path: str
    translations: int
    diagnostics: tuple[Diagnostic, ...]

    def as_dict(self) -> dict[str, object]:
        """The export for machines."""
        return {
            "written": self.path,
            "translations": self.translations,
            "diagnostics": [each.as_dict() for each in self.diagnostics],
        }


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought: texts that were new, known already, or kept beside another translation.

    ``path`` is the memory; ``written`` says whether it changed.
    """

    path: str
    written: bool
    new: int
    known: int
    beside: int
    diagnostics: tuple[Diagnostic, ...]

    def as_dict(self) -> dict[str, object]:
        """The import for machines."""
        return {
            "path": self.path,
            "written": self.written,
            "new": self.new,
            "known": self.known,
            "beside": self.beside,
            "diagnostics": [each.as_dict() for each in self.diagnostics],
        }


def export_memory(workspace: Workspace, tag: str, target: Path) -> Exported:
    """Write what a language has translated: .tmx gives a memory for other programs, .po a compendium.

    What was imported is not handed on. Raises InvalidInput, and writes nothing, if there is nothing to write, or the file
    is one that somebody may have made by hand.
    """
    inputs = workspace.read()
    locale, source = workspace.settings.locale(tag), workspace.settings.source_locale
    diagnostics = [each for each in inputs.diagnostics if each.locale == locale.tag]
    foreign = {each.id: each for each in inputs.documents if not is_language_of(each.locale.tag, source)}
    domains = [domain for each, domain in sorted(inputs.catalogs) if each == locale.tag and domain != IMPORTED]
    for domain in [each for each in domains if each in foreign]:
        domains.remove(domain)
        diagnostics.append(_left_out(domain, foreign[domain].locale, source, foreign[domain].path))
    content, count = _content(target, [inputs.catalogs[locale.tag, each] for each in domains], locale, source)
    if not count:
        message = f"there is no translation from {source.tag} into {locale.tag} yet"
        raise _refused("no-translations", message, f"locales/{locale.tag}", _known_languages(inputs))
    _refuse_to_overwrite(target)
    workspace.write(str(target.absolute()), content)
    return Exported(str(target), count, in_order(diagnostics))


def import_memory(workspace: Workspace, tag: str, file: Path) -> Imported:
    """Take the translations of a TMX file or a catalog up into ``locales/<tag>/memory.po``; none that is there is lost.

    Raises InvalidInput, and writes nothing, if the file cannot be read or is in other languages.
    """
    locale, source = workspace.settings.locale(tag), workspace.settings.source_locale
    messages = _messages(file, locale, source)
    path = workspace.catalog_path(locale.tag, IMPORTED)
    before = workspace.bytes_of(path)
    memory = parse_catalog(before, str(path), locale) if before is not None else None
    absorbed = absorb(memory, messages, " ".join(file.name.split()), locale)
    diagnostics = [_unfit(each, file.name, locale) for each in absorbed.unfit]
    written = False
    if absorbed.new or absorbed.beside:
        saved = save(workspace, path, before, replace(absorbed.catalog, path=str(path)), f"imported from {file.name}")
        written = saved.written
        diagnostics += saved.diagnostics
    counts = absorbed.new, absorbed.known, absorbed.beside
    return Imported(str(path), written, *counts, in_order(diagnostics))


def _content(target: Path, catalogs: list[Catalog], locale: Locale, source: Locale) -> tuple[bytes, int]:
    """The file's bytes, and how many messages of the catalogs are translated in it."""
    match target.suffix.lower():
        case ".tmx":
            translated = {
                (each.key, each.msgstr)
                for catalog in catalogs
                for each in catalog.live
                if each.state is State.TRANSLATED and each.msgid
            }
            return write_tmx(catalogs, source), len(translated)
        case ".po":
            compendium = compendium_of((each for each in catalogs if domain_of(each) != INTERFACE), locale)
            return serialize(compendium), len(compendium.messages)
        case _:
            raise _refused("memory-file", "the file's name does not say what it is to be", str(target), _WRITES)


def _messages(file: Path, locale: Locale, source: Locale) -> tuple[Message, ...]:
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    match file.suffix.lower():
        case ".tmx":
            return read_tmx(content, str(file), source, locale)
        case ".po":
            return _of_catalog(content, file, locale)
        case _:
            hint = "export it as TMX (.tmx) or as a gettext catalog (.po)"
            raise _refused("memory-file", "this is neither a TMX file nor a gettext catalog", str(file), hint)


def _of_catalog(content: bytes, file: Path, locale: Locale) -> tuple[Message, ...]:
    """What a foreign catalog has translated, the texts it does not use any more included."""
    if len(content) > LARGEST:
        raise _refused("too-large", "the file is too large to be a catalog", str(file), "import a part of it")
    messages = parse_catalog(content, str(file), locale).messages
    translated = tuple(each for each in messages if each.state is State.TRANSLATED)
    if not translated:
        hint = "fuzzy messages are not taken: somebody has to approve them first"
        raise _refused("no-translations", "the catalog has no translation", str(file), hint)
    return translated


def _refuse_to_overwrite(target: Path) -> None:
    """An earlier export may be replaced; what a person or another program made may not."""
    if not target.exists():
        return
    if target.is_file() and target.suffix.lower() == ".tmx":
        with target.open("rb") as opened:
            if _OURS in opened.read(1000):
                return
    raise _refused("file-exists", "the file is there already", str(target), _WRITES)


def _left_out(domain: str, written_in: Locale, source: Locale, path: str) -> Diagnostic:
    message = f"the translations of “{domain}” are left out: it is written in {written_in.tag}, not in {source.tag}"
    return Diagnostic("left-out", message, Location(path), "warning", "a memory translates from one language only")


def _unfit(message: Message, name: str, locale: Locale) -> Diagnostic:
    count, text = len(message.msgstr), message.msgid[:50]
    words = f"“{text}” has {count} plural form{'s' * (count != 1)} and was not taken: the memory has another number"
    hint = f"translations into {locale.tag} should have {locale.nplurals}"
    return Diagnostic("plural-count", words, Location(name, message.line), "warning", hint, locale.tag)


def _known_languages(inputs: Inputs) -> str:
    tags = sorted({tag for tag, _ in inputs.catalogs})
    return f"there are catalogs for {', '.join(tags)}" if tags else "run polyleaf update, and translate"


def _refused(code: str, message: str, path: str, hint: str) -> InvalidInput:
    return InvalidInput([Diagnostic(code, message, Location(path), hint=hint)])
