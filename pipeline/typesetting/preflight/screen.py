"""Rules for a file that is read on screens, aloud and by machines: PDF/UA-1 (ISO 14289-1)."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

from pipeline.typesetting.preflight.examine import Examined
from pipeline.typesetting.preflight.proof import Fault

_OF_LANGUAGE = ("-LANGUAGE",)
_OF_TITLE = ("-TITLE", "-VIEWER-PREFERENCES")
_OF_TAGS = ("-TAGGED-DOCUMENT", "-STRUCT-TREE-ROOT", "-CONTENT-TAGGING")
_OF_OTHERS = ("-NOTDEF",)
_STANDARD = "PDF/UA-1"


def language(examined: Examined) -> Iterator[Fault]:
    """A screen reader would read the text aloud in the wrong language."""
    if not str(examined.document.Root.get("/Lang", "")):
        yield Fault("language", "the file does not say its language", "give the page's html element a lang")
    else:
        yield from _said("language", _OF_LANGUAGE, examined)


def title(examined: Examined) -> Iterator[Fault]:
    """A reader's window and a list of files would show the file's name in place of the title."""
    preferences = examined.document.Root.get("/ViewerPreferences", pikepdf.Dictionary())
    if not examined.metadata.title:
        yield Fault("title", "the file has no title in its metadata", "give the page a title element")
    elif not bool(preferences.get("/DisplayDocTitle", False)):
        hint = "write the file as PDF/UA-1: then ViewerPreferences say DisplayDocTitle"
        yield Fault("title", "the file has a title but does not ask readers to show it", hint)
    else:
        yield from _said("title", _OF_TITLE, examined)


def tags(examined: Examined) -> Iterator[Fault]:
    """A screen reader would not know headings from lists."""
    root = examined.document.Root
    marked = bool(root.get("/MarkInfo", pikepdf.Dictionary()).get("/Marked", False))
    if not marked or "/StructTreeRoot" not in root:
        yield Fault("untagged", "the file is not tagged", "write it as PDF/UA-1; imposed files are for paper only")
    else:
        yield from _said("untagged", _OF_TAGS, examined)


def accessible(examined: Examined) -> Iterator[Fault]:
    """The validator objects; what the rules above and the one about missing glyphs say is not said again."""
    if next(tags(examined), None) is not None:
        return
    for validation in examined.validations:
        for complaint in validation.complaints:
            others = (*_OF_LANGUAGE, *_OF_TITLE, *_OF_TAGS, *_OF_OTHERS)
            if validation.standard == _STANDARD and not any(part in complaint.rule for part in others):
                hint = f"{validation.validator} says so of {_STANDARD}"
                yield Fault("pdf-ua", f"{complaint.message} [{complaint.rule}]", hint)


def _said(code: str, parts: tuple[str, ...], examined: Examined) -> Iterator[Fault]:
    for validation in examined.validations:
        for complaint in validation.complaints:
            if validation.standard == _STANDARD and any(part in complaint.rule for part in parts):
                hint = f"{validation.validator} says so of {_STANDARD}"
                yield Fault(code, f"{complaint.message} [{complaint.rule}]", hint)
