"""A catalog that somebody sent back: of which document and language it is, and whether all of it has arrived."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, is_language_of
from pipeline.translation.message import Key, Message
from pipeline.translation.remarks import alternatives
from pipeline.translation.update import merge

_TAG = re.compile(r"(?<![^\W_])[A-Za-z]{2,3}(?:[-_@][A-Za-z]{2,8})*(?![^\W_])")


def domain_of(returned: Catalog, name: str, known: Mapping[str, Collection[Key]]) -> str:
    """The domain with most of its messages; where they do not tell, the one that the file is named after; else empty.

    ``known`` are the msgids of each domain. A program or a mail may have given the file any name.
    """
    keys = {each.key for each in returned.messages}
    shared = {domain: len(keys.intersection(every)) for domain, every in known.items()}
    most = max(shared.values(), default=0)
    likest = [domain for domain, count in shared.items() if count == most]
    if most and len(likest) == 1:
        return likest[0]
    return named_domain(name, likest)


def named_domain(name: str, domains: Iterable[str]) -> str:
    """The domain that a file is named after, whatever a program or a person has put around it; else empty.

    >>> [named_domain(name, ["own-language", "language"]) for name in ("own-language_de (1).po", "Copy of language.po")]
    ['own-language', 'language']
    """
    stem = PurePosixPath(name).name.casefold()
    fitting = (each for each in domains if re.search(rf"(?<![\w-]){re.escape(each.casefold())}(?![^\W_])", stem))
    return max(fitting, key=len, default="")


def locale_of(returned: Catalog, name: str, locales: Iterable[Locale]) -> Locale | None:
    """The locale of the header's Language, as the workspace spells it; where it says none, that of the file's name."""
    theirs = tuple(locales)
    language = returned.header_value("Language")
    if not language:
        return named_locale(name, theirs)
    try:
        said = Locale.parse(language)
    except ValueError:
        return named_locale(name, theirs)
    fitting = [each for each in theirs if is_language_of(language, each)]
    if said in fitting or not fitting:
        return said
    return fitting[0] if len(fitting) == 1 else named_locale(name, fitting)


def named_locale(name: str, locales: Iterable[Locale]) -> Locale | None:
    """The locale that a file or its folder is named after: ``de/water.po``, ``water_de.po``, ``de.po``.

    >>> named_locale("water_pt-BR (2).po", [Locale.parse("pt"), Locale.parse("pt-BR")]).tag
    'pt-BR'
    """
    path, known = PurePosixPath(name), {each.tag: each for each in locales}
    for part in (path.stem, path.parent.name):
        found = [known[tag] for tag in _tags_in(part) if tag in known]
        if found:
            return max(found, key=lambda each: len(each.tag))
    return None


def _tags_in(text: str) -> Iterator[str]:
    """The tags that the words of a name spell."""
    for start in [0, *(match.end() for match in re.finditer(r"[^A-Za-z]", text))]:
        match = _TAG.match(text, start)
        while match is not None:
            try:
                yield Locale.parse(match[0]).tag
            except ValueError:
                shorter = re.sub(r"[-_@][A-Za-z]+$", "", match[0])
                match = _TAG.fullmatch(text[start : start + len(shorter)]) if shorter != match[0] else None
                continue
            break


def is_late(began: Catalog, ours: Catalog) -> bool:
    """Whether the source has changed since work began: a text of that day is not in use any more."""
    return any(ours.get(each.key) is None for each in began.live)


def followed(returned: Catalog, ours: Catalog, locale: Locale) -> Catalog:
    """A catalog on the texts of today: what was translated for an older text is fuzzy there, or obsolete."""
    texts = tuple(_blank(each) for each in ours.live)
    return merge(returned, replace(ours, locale=None, messages=texts), locale)


def _blank(message: Message) -> Message:
    return replace(message, msgstr=("",) * len(message.msgstr), fuzzy=False, translator_comments=(), raw=None, line=0)


def missing(returned: Catalog, base: Catalog | None, saved: Catalog) -> tuple[str, ...]:
    """The translations that were sent back and are nowhere in the saved catalog; those of the base are no work of theirs."""
    there = {text for each in saved.messages for text in (*each.msgstr, *alternatives(each))}
    given = {text for each in base.messages for text in each.msgstr} if base is not None else set()
    texts = (text for each in returned.messages for text in each.msgstr)
    return tuple(text for text in dict.fromkeys(texts) if text and text not in there and text not in given)
