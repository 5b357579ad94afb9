"""Translations gathered: a compendium from the catalogs of a language, and foreign ones taken up into its memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, form_count
from pipeline.translation.memory import COMPENDIUM, IMPORTED, Known, Memory, Standing, prevailing
from pipeline.translation.message import Key, Message, State
from pipeline.translation.remarks import alternatives, with_alternatives, with_origin
from pipeline.translation.update import merge, template

#: The date of a catalog that has no source; never today's.
_NO_REVISION = "2026-01-01 00:00+0000"
_PROJECT = "Polyleaf"
_ABOUT_IMPORTED = (
    "Translations from elsewhere, put here by “polyleaf memory import”. They are only ever offered as fuzzy.",
)
_ABOUT_COMPENDIUM = (
    "Translations that hold in all documents: what stands here and is not fuzzy overrides every catalog.",
)


@dataclass(frozen=True, slots=True)
class Absorbed:
    """A memory with what came in: how many texts were new, known already, or kept beside another translation.

    ``unfit`` are plural messages whose number of forms is not this language's.
    """

    catalog: Catalog
    new: int
    known: int
    beside: int
    unfit: tuple[Message, ...]


def compendium_of(catalogs: Iterable[Catalog], locale: Locale) -> Catalog:
    """A compendium of all that a language's catalogs have translated, each text once.

    Where they disagree the message is fuzzy, with the other translations as comments; so is what only a draft has,
    unless all of them are drafts: then the compendium is one, too.
    """
    memory = Memory.of(locale, catalogs)
    draft = all(each.draft for each in memory.catalogs)
    usable = (
        (key, [each for each in known if _has_forms(each.message, locale)]) for key, known in memory.repeats.items()
    )
    messages = tuple(_chosen(known, draft) for _, known in usable if known)
    empty = _empty(COMPENDIUM, _ABOUT_COMPENDIUM, locale)
    begun = empty.with_header("X-Polyleaf-State", "draft") if draft and messages else empty
    return replace(begun, messages=messages)


def absorb(memory: Catalog | None, messages: Iterable[Message], origin: str, locale: Locale) -> Absorbed:
    """The imported memory of a language (None: it has none yet) with more messages, saying from where they came.

    A translation that is there stays; another one for the same text is kept as a comment.
    """
    begun = memory if memory is not None else _empty(IMPORTED, _ABOUT_IMPORTED, locale)
    forms = form_count(begun)
    arrived: dict[Key, dict[Message, None]] = {}
    unfit = []
    for message in messages:
        if message.msgid_plural is not None and len(message.msgstr) != forms:
            unfit.append(message)
        elif message.msgid and message.state is State.TRANSLATED:
            arrived.setdefault(message.key, {})[_bare(message)] = None
    places = {each.key: place for place, each in reversed(list(enumerate(begun.messages)))}
    result, counts = list(begun.messages), {"new": 0, "known": 0, "beside": 0}
    for key, alike in arrived.items():
        old = result[places[key]] if key in places else None
        message = _taken_up(old, list(alike), origin)
        counts["known" if message is old else "new" if old is None or not any(old.msgstr) else "beside"] += 1
        if key in places:
            result[places[key]] = message
        else:
            result.append(message)
    changed = counts["new"] or counts["beside"]
    catalog = replace(begun, messages=tuple(result)) if changed else begun
    return Absorbed(catalog, **counts, unfit=tuple(unfit))


def _taken_up(old: Message | None, alike: list[Message], origin: str) -> Message:
    """One message for the translations of a text that arrived, and the one that is there; itself if it says all."""
    if old is None:
        first, *others = alike
        begun = with_origin(first, origin)
    elif not any(old.msgstr) and old.msgid_plural == alike[0].msgid_plural:
        first, *others = alike
        begun = with_origin(replace(old, msgstr=first.msgstr, fuzzy=False, raw=None, line=0), origin)
    else:
        begun, others = old, alike
    # A comment loses the spaces at its end when it is written.
    said = {text.rstrip(" ") for text in (*begun.msgstr, *alternatives(begun))}
    texts = (text.rstrip(" ") for each in others for text in each.msgstr)
    return with_alternatives(begun, (text for text in texts if text not in said))


def _bare(message: Message) -> Message:
    """The message without what others noted: comments may name people."""
    return Message(message.msgid, message.msgstr, message.msgctxt, message.msgid_plural)


def _chosen(known: list[Known], draft: bool) -> Message:
    best, *others = prevailing(known)
    message = _bare(best[0].message)
    if best[0].standing is Standing.COMPENDIUM:
        return message
    unsure = bool(others) or (best[0].standing is Standing.DRAFT and not draft)
    texts = (text for group in others for text in group[0].message.msgstr if text)
    return with_alternatives(replace(message, fuzzy=unsure), texts)


def _has_forms(message: Message, locale: Locale) -> bool:
    return message.msgid_plural is None or len(message.msgstr) == locale.nplurals


def _empty(domain: str, about: tuple[str, ...], locale: Locale) -> Catalog:
    """A catalog of the language without messages, that says what it is for."""
    begun = merge(None, template(domain, (), _PROJECT, _NO_REVISION), locale)
    return replace(begun, header=replace(begun.header, translator_comments=about))
