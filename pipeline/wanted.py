"""Which languages a document has to speak in a workspace."""

from __future__ import annotations

from pipeline.source.document import Document
from pipeline.source.languages import Need, needs
from pipeline.workspace import Inputs


def document_needs(document: Document, inputs: Inputs) -> tuple[Need, ...]:
    """The languages of a document in this workspace."""
    own = inputs.settings.documents.get(document.id)
    general = inputs.settings.languages
    add = (*general.add, *(own.add if own else ()))
    remove = (*general.remove, *(own.remove if own else ()))
    return needs(document, add, remove, inputs.locales_of(document.id))
