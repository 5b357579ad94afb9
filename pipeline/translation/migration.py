"""When segmentation changes, old catalogs are brought along: each change ships with its migration, and no word is lost.

``X-Polyleaf-Segmentation`` says by which segmentation a catalog's msgids were made. 0 is that of other tools: po4a, mdBook, Sphinx.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from pipeline.diagnostics import InvalidInput
from pipeline.source.document import Role, Segment
from pipeline.source.markdown import parse_body
from pipeline.translation.catalog import Catalog
from pipeline.translation.message import Key, Message, State
from pipeline.translation.remarks import with_alternatives

#: The segmentation of today's ``source/markdown.py``.
SEGMENTATION = 1
HEADER = "X-Polyleaf-Segmentation"

# Only such a text can have other msgids today: with a line break, or with the mark of a block before its words.
_BLOCK = re.compile(r"\s*(?:>|[*+-][ \t]|[0-9]{1,9}[.)][ \t]|#{1,6}[ \t]|<!--|\[\^[^\s\]]+\]:)")
_DEFINED = re.compile(r"^ {0,3}\[\^([^\s\]]+)\]:", re.MULTILINE)
_REFERRED = re.compile(r"\[\^([^\s\]]+)\](?!:)")
_COMMENTS = re.compile(r"\A\s*(?:<!--(?:(?!-->).)*-->\s*)+", re.DOTALL)
_QUOTE_MARK = re.compile(r"^ {0,3}(?:> ?)+", re.MULTILINE)
_ITEM_MARK = re.compile(r"\A\s*(?:[*+-]|[0-9]{1,9}[.)]|#{1,6}|\[\^[^\s\]]+\]:)[ \t]+")
_SOFT_BREAK = re.compile(r"(?<!\\)(?<!  )[ \t]*\n[ \t]*")
_STUB = "polyleafstub"
#: Flags with which po4a tells msgcat how to wrap; they mean nothing for a msgid of ours.
_FOREIGN_FLAGS = frozenset({"no-wrap", "markdown-text"})
_ROLES = frozenset(role.value for role in Role)


def segmentation(catalog: Catalog) -> int:
    """By which segmentation the catalog was made: what its header says, else today's if we wrote it, else 0."""
    said = catalog.header_value(HEADER)
    if said.isascii() and said.isdigit() and len(said) < 4:
        return int(said)
    return SEGMENTATION if any(map(_is_ours, catalog.live)) or not catalog.messages else 0


def migrated(catalog: Catalog) -> Catalog:
    """The catalog with msgids as they are cut today, and the msgstr that belong to them; the catalog itself if all are.

    Messages that need no change keep their bytes. The header is written if something changed.
    """
    changed = catalog
    for migration in _MIGRATIONS[segmentation(catalog) :]:
        changed = migration(changed)
    return stamped(changed) if changed.messages != catalog.messages else catalog


def stamped(catalog: Catalog) -> Catalog:
    """The catalog with today's segmentation in its header, for when it is written anyway."""
    said = str(SEGMENTATION)
    return catalog if catalog.header_value(HEADER) == said else catalog.with_header(HEADER, said)


def _is_ours(message: Message) -> bool:
    """Whether we wrote its place or its role: other tools know lines, and words of their own."""
    has_role = any(each in _ROLES for each in message.extracted_comments[:1])
    return has_role or any("#" in reference for reference in message.references)


def _from_other_tools(catalog: Catalog) -> Catalog:
    """0 → 1: comments, marks of blocks and soft line breaks leave the msgids; a block of several texts becomes several."""
    rivals: dict[Key, list[Message]] = {}
    for message in catalog.messages:
        for each in _cut(message):
            rivals.setdefault(each.key, []).append(each)
    return replace(catalog, messages=tuple(_joined(each) for each in rivals.values()))


_MIGRATIONS: tuple[Callable[[Catalog], Catalog], ...] = (_from_other_tools,)


def _cut(message: Message) -> tuple[Message, ...]:
    """The messages that one message is today; itself if it is as it should be, or cannot be understood."""
    in_front_matter = any("front matter" in each.lower() for each in message.extracted_comments)
    if message.msgid_plural is not None or in_front_matter or not _may_differ(message.msgid):
        return (message,)
    originals = _pieces(message.msgid)
    texts = _texts(message.msgstr[0], originals)
    if not originals or not texts or [message.msgid] == [each.msgid for each in originals]:
        return (message,)
    previous = [each.msgid for each in _pieces(message.previous_msgid or "")]
    if len(previous) != len(originals):
        previous = [message.previous_msgid or ""] * len(originals)
    kept = tuple(flag for flag in message.flags if flag not in _FOREIGN_FLAGS)
    return tuple(
        replace(
            message, msgid=original.msgid, msgstr=(text,), previous_msgid=before or None, flags=kept, raw=None, line=0
        )
        for original, text, before in zip(originals, texts, previous, strict=True)
    )


def _may_differ(text: str) -> bool:
    return "\n" in text or _BLOCK.match(text) is not None


def _pieces(text: str) -> tuple[Segment, ...]:
    """The segments of a text that another tool took for one; none if it is no body of ours."""
    defined, referred = set(_DEFINED.findall(text)), set(_REFERRED.findall(text))
    marks = "".join(f"[^{label}]" for label in sorted(defined - referred))
    notes = "".join(f"\n\n[^{label}]: {_STUB}" for label in sorted(referred - defined))
    try:
        body = parse_body((f"{_STUB}{marks}\n\n" if marks else "") + text + notes, "")
    except InvalidInput:
        return ()
    return tuple(each for each in body.section.segments if not each.msgid.startswith(_STUB))


def _texts(msgstr: str, originals: tuple[Segment, ...]) -> tuple[str, ...]:
    """The msgstr in as many pieces as the original has; none if nobody can say which belongs to which."""
    if not msgstr:
        return ("",) * len(originals)
    pieces = _pieces(msgstr)
    if [_block(each) for each in pieces] == [_block(each) for each in originals]:
        return tuple(each.msgid for each in pieces)
    return (_bare(msgstr, originals[0]),) if len(originals) == 1 else ()


def _block(segment: Segment) -> Role:
    return Role.PARAGRAPH if segment.role is Role.SLOGAN else segment.role


def _bare(msgstr: str, original: Segment) -> str:
    """A translation whose marks are not those of its original: all its words, without what cannot be one of them."""
    text = _COMMENTS.sub("", msgstr)
    if original.role is Role.QUOTE:
        text = _QUOTE_MARK.sub("", text)
    elif original.role in (Role.LIST_ITEM, Role.HEADING, Role.FOOTNOTE):
        text = _ITEM_MARK.sub("", text)
    return _SOFT_BREAK.sub(" ", text.strip()) or msgstr


def _joined(rivals: list[Message]) -> Message:
    """One message of those that have the same msgid now: the best translation, the others remembered beside it."""
    if len(rivals) == 1:
        return rivals[0]
    best = min(rivals, key=lambda each: (each.state is not State.TRANSLATED, not any(each.msgstr), each.obsolete))
    others = [text for each in rivals for text in each.msgstr if text and text not in best.msgstr]
    if best.obsolete and not all(each.obsolete for each in rivals):
        live = next(each for each in rivals if not each.obsolete)
        best = replace(best, obsolete=False, references=live.references, raw=None, line=0)
    return with_alternatives(best, others)
