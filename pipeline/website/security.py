"""The Content-Security-Policy of a page: what it may do is what it has inside, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re

_INLINE = re.compile(r"(<(style|script)(?:\s[^>]*)?>)(.*?)(</\2\s*>)", re.DOTALL | re.IGNORECASE)
_HEAD = re.compile(r"<head(?:\s[^>]*)?>", re.IGNORECASE)
_CHARSET = re.compile(r"<meta\s+charset[^>]*>", re.IGNORECASE)
_POLICY = '<meta http-equiv="Content-Security-Policy" content="'


def with_policy(html: str) -> str:
    """The finished page with a policy that allows its own inline styles and scripts, by hash, and pictures of the site.

    Nothing is fetched from elsewhere, no form sent, no address of the page rebased. A page that has a policy, or no head,
    comes back as it is. White space round styles and scripts goes: browsers count it for the hash, the Nu checker does not.
    Source: W3C, Content Security Policy Level 3.
    """
    head = _HEAD.search(html)
    if head is None or _POLICY in html:
        return html
    html = _INLINE.sub(lambda found: f"{found[1]}{found[3].strip()}{found[4]}", html)
    charset = _CHARSET.search(html, head.end())
    place = (charset or head).end()
    return f'{html[:place]}\n{_POLICY}{policy(html)}">{html[place:]}'


def policy(html: str) -> str:
    """The policy for what the page has inside; one with the same styles and scripts has the same.

    >>> policy("<style>p{}</style>").split("; ")[1]
    "style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='"
    """
    directives = ["default-src 'none'"]
    for element in ("style", "script"):
        hashes = [_source(content) for _, name, content, _ in _INLINE.findall(html) if name.lower() == element]
        if hashes:
            directives.append(f"{element}-src {' '.join(dict.fromkeys(hashes))}")
    return "; ".join([*directives, "img-src 'self'", "base-uri 'none'", "form-action 'none'"])


def _source(content: str) -> str:
    """The hash of an element's text, as a browser reads it: with the ends of lines that HTML knows."""
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
