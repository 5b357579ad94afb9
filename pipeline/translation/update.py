"""Catalogs follow their source: ``template`` extracts it (xgettext), ``merge`` updates a translator's file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from gettext import c2py

from pipeline.locales import Locale
from pipeline.source.document import Segment
from pipeline.translation.amnesty import moved_addresses, with_addresses
from pipeline.translation.ancestry import Edits, ancestors, is_forgiven
from pipeline.translation.catalog import Catalog, form_count, is_language_of
from pipeline.translation.message import Key, Message
from pipeline.translation.remarks import with_alternatives
from pipeline.translation.wording import with_wording, wording_of

__all__ = ["Edits", "merge", "template"]

_SPACE = re.compile(r"\s")
_PLURAL_FORMS = re.compile(r"\s*nplurals\s*=\s*(\d{1,2})\s*;\s*plural\s*=([^;]+);?\s*")
_NOTHING_KNOWN = Edits()
_CONTENT_TYPE = "text/plain; charset=UTF-8"


def template(domain: str, segments: Iterable[Segment], project: str, revision: str) -> Catalog:
    """The .pot of a domain: every text once, with all its places; ``revision`` is the source's date, never now.

    A segment without text is left out: its msgid would be the header's.
    """
    places: dict[Key, list[Segment]] = {}
    for segment in segments:
        if segment.msgid:
            places.setdefault(segment.key, []).append(segment)
    headers = (
        ("Project-Id-Version", project),
        ("POT-Creation-Date", revision),
        ("PO-Revision-Date", "YEAR-MO-DA HO:MI+ZONE"),
        ("Language", ""),
        ("MIME-Version", "1.0"),
        ("Content-Type", _CONTENT_TYPE),
        ("Content-Transfer-Encoding", "8bit"),
    )
    header = Message("", ("".join(f"{name}: {value}".rstrip() + "\n" for name, value in headers),))
    return Catalog(f"{domain}.pot", None, header, tuple(_extracted(each) for each in places.values()))


def merge(catalog: Catalog | None, template: Catalog, locale: Locale, edits: Edits = _NOTHING_KNOWN) -> Catalog:
    """The locale's catalog with the template's messages in the template's order, and the obsolete ones behind them.

    A translation is never dropped: it stays with its text, follows an edited text as fuzzy with the previous one, or
    becomes obsolete, and returns when its text does. It follows an edit that changes no meaning as it is (``Edits``).
    What did not change keeps its very bytes.
    """
    begun = catalog if catalog is not None else _begun(template, locale)
    mended = _with_headers_mended(begun, locale)
    forms = form_count(mended)
    known = _by_key(mended.messages)
    wanted = template.live
    before = ancestors(known, wanted, edits)
    live = (_updated(old, each, forms, edits) for old, each in zip(before, wanted, strict=True))
    used = {id(each) for each in before}
    left = (_obsolete(each) for each in known.values() if id(each) not in used and (each.obsolete or any(each.msgstr)))
    messages = (*live, *left)
    if messages == begun.messages:
        return mended
    revision = template.header_value("POT-Creation-Date")
    without = replace(mended, messages=())
    return replace(_with_value(without, "POT-Creation-Date", revision) if revision else without, messages=messages)


def _extracted(segments: list[Segment]) -> Message:
    """One message for all the places of a text."""
    comments = [line for each in segments for line in (each.role.value, *re.split(r"\s*[\r\n]+\s*", each.note)) if line]
    plural = next((each.msgid_plural for each in segments if each.msgid_plural is not None), None)
    return Message(
        msgid=segments[0].msgid,
        msgstr=("",) if plural is None else ("", ""),
        msgctxt=segments[0].msgctxt,
        msgid_plural=plural,
        extracted_comments=tuple(dict.fromkeys(comments)),
        references=tuple(dict.fromkeys(_reference(each) for each in segments)),
    )


def _reference(segment: Segment) -> str:
    place = f"{segment.location.path}#{segment.place}" if segment.place else segment.location.path
    return _SPACE.sub("%20", place)


def _begun(template: Catalog, locale: Locale) -> Catalog:
    """A catalog without messages, named after its template."""
    name = template.path.rpartition("/")[2].removesuffix(".pot")
    header = replace(template.header, fuzzy=False, raw=None, line=0)
    return Catalog(f"locales/{locale.tag}/{name}.po", locale, header, ())


def _with_headers_mended(catalog: Catalog, locale: Locale) -> Catalog:
    """Language, Content-Type and Plural-Forms, where they are missing or wrong."""
    language = catalog.header_value("Language")
    if not language or not is_language_of(language, locale):
        catalog = _with_value(catalog, "Language", locale.tag)
    if "charset=utf" not in catalog.header_value("Content-Type").lower():
        catalog = _with_value(catalog, "Content-Type", _CONTENT_TYPE)
    if not _is_plural_rule(catalog.header_value("Plural-Forms"), locale.nplurals):
        catalog = _with_value(catalog, "Plural-Forms", locale.plural_forms)
    return catalog


def _with_value(catalog: Catalog, name: str, value: str) -> Catalog:
    return catalog if catalog.header_value(name) == value else catalog.with_header(name, value)


def _is_plural_rule(value: str, count: int) -> bool:
    """Whether a Plural-Forms value has this count and an expression that gives one of its forms for every number.

    >>> [_is_plural_rule(f"nplurals=2; plural={each};", 2) for each in ("n > 1", "n/0", "2", "EXPRESSION")]
    [True, False, False, False]
    """
    match = _PLURAL_FORMS.fullmatch(value)
    if match is None or int(match[1]) != count:
        return False
    try:
        form = c2py(match[2].strip())
        return all(0 <= int(form(number)) < count for number in range(201))
    except (ValueError, ZeroDivisionError):
        return False


def _by_key(messages: tuple[Message, ...]) -> dict[Key, Message]:
    """The messages, each key once, as gettext demands.

    Some programs leave an obsolete message beside a live one. The live one wins if it is translated; another
    translation is kept as a comment.
    """
    known = {each.key: each for each in messages}
    if len(known) == len(messages):
        return known
    rivals: dict[Key, list[Message]] = {}
    for message in messages:
        rivals.setdefault(message.key, []).append(message)
    return {key: each[0] if len(each) == 1 else _winner(each) for key, each in rivals.items()}


def _winner(rivals: list[Message]) -> Message:
    first = min(rivals, key=lambda each: (not any(each.msgstr), each.obsolete))
    others = [text for each in rivals if each is not first for text in each.msgstr if text and text not in first.msgstr]
    winner = replace(first, obsolete=all(each.obsolete for each in rivals))
    return with_alternatives(winner, others) if others else first


def _updated(old: Message | None, wanted: Message, forms: int, edits: Edits) -> Message:
    """The wanted message with what is known of it; the old one itself if nothing differs."""
    count = 1 if wanted.msgid_plural is None else forms
    if old is None:
        return replace(wanted, msgstr=("",) * count, fuzzy=False, raw=None, line=0)
    if _is_settled(old, wanted, count):
        return old
    surplus = tuple(filter(None, old.msgstr[count:]))
    updated = replace(
        old,
        msgid=wanted.msgid,
        msgstr=(*old.msgstr[:count], *("",) * (count - len(old.msgstr))),
        msgctxt=wanted.msgctxt,
        msgid_plural=wanted.msgid_plural,
        obsolete=False,
        flags=tuple(dict.fromkeys((*old.flags, *wanted.flags))),
        extracted_comments=wanted.extracted_comments,
        references=wanted.references,
        raw=None,
        line=0,
    )
    if any(old.msgstr) and ((old.key, old.msgid_plural) != (wanted.key, wanted.msgid_plural) or surplus):
        updated = with_alternatives(_edited(updated, old, edits, bool(surplus)), surplus)
    updated = with_wording(updated, old, edits.today)
    return old if updated == old else updated


def _is_settled(old: Message, wanted: Message, count: int) -> bool:
    """Whether the old message needs no change at all; most are so, and this is quicker than making them anew."""
    if (
        old.msgid != wanted.msgid
        or old.obsolete
        or old.references != wanted.references
        or old.msgctxt != wanted.msgctxt
        or old.msgid_plural != wanted.msgid_plural
        or len(old.msgstr) != count
        or not set(wanted.flags) <= set(old.flags)
    ):
        return False
    if not old.fuzzy or old.previous_msgid is None:
        return old.extracted_comments == wanted.extracted_comments
    wording = wording_of(old)
    return bool(wording) and old.extracted_comments == (*wanted.extracted_comments, wording)


def _edited(message: Message, old: Message, edits: Edits, has_surplus: bool) -> Message:
    """The message whose text was edited: fuzzy, unless the edit changes no meaning."""
    if not has_surplus and is_forgiven(old, message, edits):
        forgiven = _with_addresses(message, old)
        if forgiven is not None:
            return forgiven
    return _with_previous(message, old)


def _with_addresses(message: Message, old: Message) -> Message | None:
    """The message with the new addresses in its translation; None if the translation has not the old ones."""
    moved = moved_addresses(f"{old.msgid}\n{old.msgid_plural or ''}", f"{message.msgid}\n{message.msgid_plural or ''}")
    if moved is None:
        return None
    texts = tuple(with_addresses(text, moved) if text else text for text in message.msgstr)
    return None if None in texts else replace(message, msgstr=tuple(text or "" for text in texts))


def _with_previous(message: Message, old: Message) -> Message:
    """The message, fuzzy, with the text that its translation was made for."""
    if old.fuzzy and old.previous_msgid is not None:
        return replace(message, fuzzy=True)
    return replace(
        message,
        fuzzy=True,
        previous_msgid=old.msgid,
        previous_msgctxt=old.msgctxt,
        previous_msgid_plural=old.msgid_plural,
    )


def _obsolete(message: Message) -> Message:
    if message.obsolete:
        return message
    return replace(message, obsolete=True, extracted_comments=(), references=(), raw=None, line=0)
