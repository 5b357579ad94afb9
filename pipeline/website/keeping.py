"""Pages that have left their place: an earlier version that stays published, and a page in an archive of its own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote, unquote

from pipeline.website.security import with_policy

_MARKS = ("alternates", "banner", "languages")
#: What is no markup: a link in it is none.
_OPAQUE = re.compile(r"(<!--.*?-->|<(?:style|script)\b.*?</(?:style|script)\s*>)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(
    r"""<[a-z][a-z0-9]*(?:\s+[^\s=<>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?)*\s*/?>""", re.IGNORECASE
)
_LINK = re.compile(r"""(\s(?:href|src))\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_POLICY = re.compile(r'\n?<meta http-equiv="Content-Security-Policy"[^>]*>')
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def kept_page(html: str, *, banner: str, languages: str, alternates: str) -> str:
    """A page of an earlier release with a new banner, chooser of languages and links to alternates; all else stays.

    Each stands between its marks: ``<!--banner-->…<!--/banner-->``. The page gets the policy of what is in it now. Raises
    ValueError, in words, if a mark is not there once.
    """
    for name, fresh in zip(_MARKS, (alternates, banner, languages), strict=True):
        begin, end = f"<!--{name}-->", f"<!--/{name}-->"
        before, found, rest = html.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed or html.count(begin) > 1 or html.count(end) > 1:
            raise ValueError(f"the page has no place for its {name}: {begin}…{end} must be there once")
        html = f"{before}{begin}{fresh}{end}{after}"
    return with_policy(_POLICY.sub("", html, count=1))


@dataclass(frozen=True, slots=True)
class Move:
    """Where a page was, where it goes, and which files of the site come along, by their old places, with their new ones."""

    before: str
    after: str
    along: Mapping[str, str]


def links(html: str) -> tuple[str, ...]:
    """The values of all ``href`` and ``src`` in a page, each once."""
    parts = _OPAQUE.split(html)[::2]
    found = (match for part in parts for tag in _TAG.finditer(part) for match in _LINK.finditer(tag[0]))
    return tuple(dict.fromkeys(unescape(match[2] if match[2] is not None else match[3]) for match in found))


def target(link: str, page: str) -> str | None:
    """The file of the site that a relative link on a page leads to; None if it leads elsewhere, or stays on the page.

    >>> target("../de/#top", "water/en/index.html"), target("https://example.org/", "index.html")
    ('water/de/index.html', None)
    """
    path = re.split("[?#]", link, maxsplit=1)[0]
    if _SCHEME.match(link) or not path:
        return None
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path)))
    return (
        f"{joined}/index.html".removeprefix("./")
        if path.endswith(("/", "/.", "/..")) or path in (".", "..")
        else joined
    )


def moved_page(html: str, move: Move, address: str) -> str:
    """A page where only some files of its site are: links to others lead to the site's address, or are no links without one."""
    parts = _OPAQUE.split(html)
    parts[::2] = (_TAG.sub(lambda tag: _moved_tag(tag[0], move, address), part) for part in parts[::2])
    return "".join(parts)


def _moved_tag(tag: str, move: Move, address: str) -> str:
    lost = False

    def moved(match: re.Match[str]) -> str:
        nonlocal lost
        link = unescape(match[2] if match[2] is not None else match[3])
        there = target(link, move.before)
        if there is None:
            return match[0]
        rest = link[len(re.split("[?#]", link, maxsplit=1)[0]) :]
        if there in move.along:
            way = posixpath.relpath(move.along[there], posixpath.dirname(move.after) or ".")
            return f'{match[1]}="{escape(quote(way) + rest)}"'
        if address and not there.startswith("../"):
            place = quote(there.removesuffix("index.html"))
            return f'{match[1]}="{escape(f"{address}/{place}{rest}")}"'
        lost = True
        return ""

    fresh = _LINK.sub(moved, tag)
    return "" if lost and tag[:5].lower() == "<link" else fresh
