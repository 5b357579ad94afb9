"""Message: one msgid of a catalog with its msgstr, and all that gettext remembers about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Key = tuple[str | None, str]
"""gettext's identity: msgctxt and msgid."""


class State(StrEnum):
    """How far a message is. Only what is translated may be printed."""

    TRANSLATED = "translated"
    FUZZY = "fuzzy"
    UNTRANSLATED = "untranslated"


@dataclass(frozen=True, slots=True)
class Message:
    """One message as gettext sees it; ``msgstr`` has one text, or one per plural form.

    ``flags`` are those besides ``fuzzy``. ``line`` is where its msgid stands and ``raw`` the very text it was read
    from, with the empty lines before it; a message that was made or changed has 0 and None.
    """

    msgid: str
    msgstr: tuple[str, ...] = ("",)
    msgctxt: str | None = None
    msgid_plural: str | None = None
    fuzzy: bool = False
    obsolete: bool = False
    flags: tuple[str, ...] = ()
    translator_comments: tuple[str, ...] = ()
    extracted_comments: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    previous_msgid: str | None = None
    previous_msgctxt: str | None = None
    previous_msgid_plural: str | None = None
    line: int = field(default=0, compare=False)
    raw: str | None = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> Key:
        return (self.msgctxt, self.msgid)

    @property
    def state(self) -> State:
        """TRANSLATED only if every plural form is there; fuzzy without any text is UNTRANSLATED."""
        if self.fuzzy and any(self.msgstr):
            return State.FUZZY
        return State.TRANSLATED if all(self.msgstr) and not self.fuzzy else State.UNTRANSLATED
