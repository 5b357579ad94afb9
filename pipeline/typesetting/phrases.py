"""The words of the templates as HTML: in the reader's language, placeholders filled, what is in another language marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipeline.locales import Locale, Localized
from pipeline.translation.interface import Words
from pipeline.typesetting.qr import is_web_address
from pipeline.typesetting.text import Medium, Typesetter


@dataclass(frozen=True, slots=True)
class Phrases:
    """What templates call ``_``, ``_n``, ``label`` and ``digits``, for the reader of ``words``."""

    words: Words
    medium: Medium

    @property
    def locale(self) -> Locale:
        return self.words.locale

    def functions(self) -> dict[str, object]:
        """The functions under the names that templates know."""
        return {"_": self.phrase, "_n": self.counted, "label": self.label, "digits": self.digits}

    def phrase(self, msgid: str, **values: object) -> Markup:
        """The phrase in the reader's language; placeholders filled."""
        return self._phrase(msgid, None, 1, values)

    def counted(self, msgid: str, msgid_plural: str, count: int) -> Markup:
        """The phrase for so many things."""
        return self._phrase(msgid, msgid_plural, count, {"count": self.digits(count)})

    def label(self, msgid: str) -> str:
        """The words for an attribute: plain text."""
        return self.words.phrase(msgid).text

    def digits(self, number: object) -> str:
        """The number in the reader's digits."""
        return self.locale.digits(str(number))

    def text(self, localized: Localized) -> Markup:
        """Text that is perhaps in another language: as HTML, and saying so."""
        return self._in(localized.locale, Typesetter(localized.locale, self.medium).html(localized.text))

    def _phrase(self, msgid: str, plural: str | None, count: int, values: Mapping[str, object]) -> Markup:
        phrase = self.words.phrase(msgid, plural, count)
        typesetter = Typesetter(phrase.locale, self.medium)
        inserted = {name: self._among(phrase.locale, self._inserted(value)) for name, value in values.items()}
        parts = (
            inserted[part] if is_placeholder and part in inserted else typesetter.html(part)
            for is_placeholder, part in phrase.parts()
        )
        return self._in(phrase.locale, Markup("").join(parts))

    def _inserted(self, value: object) -> Markup:
        """A value for a phrase; an address is read from left to right, to its last stroke."""
        if isinstance(value, str) and not isinstance(value, Markup) and is_web_address(value):
            # The mark at its end holds the last stroke in its place where the address is broken over lines.
            rtl = self.locale.direction == "rtl"
            return Markup(Typesetter(self.locale, self.medium).isolated(value + "\u200e")) if rtl else escape(value)
        return escape(value)

    def _among(self, phrase: Locale, html: Markup) -> Markup:
        """The reader's text, put into a phrase that may be in another language."""
        return html if phrase == self.locale else Markup(f"<span {_marked(self.locale)}>{html}</span>")

    def _in(self, locale: Locale, html: Markup) -> Markup:
        return html if locale == self.locale else Markup(f"<span {_marked(locale)}>{html}</span>")


def _marked(locale: Locale) -> str:
    return f'lang="{locale.tag}" dir="{locale.direction}"'
