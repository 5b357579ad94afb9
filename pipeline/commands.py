"""What the verbs of the command line do with a workspace, one function each: values in, values out, files by the workspace."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.diagnostics import Diagnostic, InvalidInput
from pipeline.locales import Locale
from pipeline.renditions import renditions
from pipeline.translation.localize import Coverage
from pipeline.wanted import document_needs
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """One language of a document, for the table."""

    locale: Locale
    signatories: tuple[str, ...]
    reason: str
    coverage: Coverage | None
    draft: bool


def languages(workspace: Workspace, document_id: str) -> tuple[tuple[LanguageRow, ...], tuple[Diagnostic, ...]]:
    """The languages of a document and how far each is. Raises InvalidInput if there is no such document, or none to read."""
    inputs = workspace.read([document_id])
    if not inputs.documents:
        raise InvalidInput(inputs.diagnostics)
    done = {each.localized.locale.tag: each.localized for each in renditions(inputs)}
    rows = []
    for need in document_needs(inputs.documents[0], inputs):
        localized = done.get(need.locale.tag)
        coverage = localized.coverage if localized is not None else None
        rows.append(
            LanguageRow(need.locale, need.signatories, need.reason, coverage, localized is not None and localized.draft)
        )
    return tuple(rows), inputs.diagnostics
