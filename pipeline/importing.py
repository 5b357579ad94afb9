"""``polyleaf import``: a saved page on the disk, or standard input, becomes files of the workspace."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, has_errors, in_order
from pipeline.source.intake import extended_registry, import_page
from pipeline.source.organisations import COLUMNS, parse_registry
from pipeline.source.parsing import Source, parse_document
from pipeline.workspace import REGISTRY, Workspace


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What an import wrote: the document's id, paths, how many signatories it has and how many the registry did not know."""

    document_id: str
    written: tuple[str, ...]
    signatories: int
    new: int
    diagnostics: tuple[Diagnostic, ...]

    def as_dict(self) -> dict[str, object]:
        """The import for machines."""
        return {
            "id": self.document_id,
            "written": list(self.written),
            "signatories": self.signatories,
            "new_in_registry": self.new,
            "diagnostics": [each.as_dict() for each in self.diagnostics],
        }


def import_file(workspace: Workspace, file: str, document_id: str | None) -> ImportedFile:
    """Turn a saved page into ``sources/<id>.md`` and new rows of the registry.

    Raises InvalidInput, and writes nothing, if the page cannot be read, the document is there already, or the result would
    not be a valid source.
    """
    path, content = ("(standard input)", sys.stdin.buffer.read()) if file == "-" else (file, _bytes(file))
    settings = workspace.settings
    registry_text = workspace.text_of(REGISTRY) or ",".join(COLUMNS) + "\n"
    registry = parse_registry(registry_text, REGISTRY, settings.fallbacks)
    imported = import_page(_text(content, path), path, document_id, registry.organisations, settings.source_locale.tag)
    target = PurePosixPath("sources", f"{imported.document_id}.md")
    if workspace.bytes_of(target) is not None:
        hint = "give the new document another id with --id, or move the old file away"
        raise InvalidInput(
            [Diagnostic("file-exists", "the document is there already", Location(str(target)), hint=hint)]
        )
    new_registry = extended_registry(registry_text, imported.rows, REGISTRY)
    source = Source(imported.document_id, str(target), imported.source_text)
    document = parse_document(
        source, parse_registry(new_registry, REGISTRY, settings.fallbacks), settings.source_locale
    )
    written = []
    if workspace.write(REGISTRY, new_registry.encode()):
        written.append(REGISTRY)
    if workspace.write(target, imported.source_text.encode()):
        written.append(str(target))
    diagnostics = in_order(imported.diagnostics)
    assert not has_errors(diagnostics), "an import either raises or only asks for a look"
    count = len(document.signatories())
    return ImportedFile(imported.document_id, tuple(written), count, len(imported.rows), diagnostics)


def _bytes(file: str) -> bytes:
    path = Path(file)
    if not path.is_file():
        raise InvalidInput([Diagnostic("no-file", "there is no such file", Location(file), hint="save the page first")])
    return path.read_bytes()


def _text(content: bytes, path: str) -> str:
    """The page's text: UTF-8, or UTF-16 if it says so by its first bytes."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = "save the page again as UTF-8"
        raise InvalidInput(
            [Diagnostic("not-utf-8", "the page is not UTF-8 text", Location(path, line), hint=hint)]
        ) from None
