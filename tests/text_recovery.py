"""How much of a text can be read back out of its PDF: the words that poppler and PDFium find."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterable
from html import escape

import pypdfium2

from pipeline.locales import Locale
from pipeline.typesetting.typography import Typography, font_families, hyphenated

#: Zero-width spaces, marks and isolates of direction: no letter of a word.
_UNSEEN = re.compile("[\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\f]")
#: Hyphens, with the white space after them. PDFium says U+0002 or U+FFFE for one that it believes to be soft.
_HYPHENS = re.compile("[-\u2010\u00ad\u0002\ufffe]\\s*")


def words_of(text: str) -> Counter[str]:
    """The words of a text: what white space separates, in NFC, without characters that are not seen.

    Hyphens are left out, for poppler joins words at every “-” at the end of a line, the author's too.
    """
    return Counter(_HYPHENS.sub("", _UNSEEN.sub("", unicodedata.normalize("NFC", text))).split())


def recovered(source: str, extracted: str) -> float:
    """The share of the source's words, each as often as it stands there, that the extraction has.

    >>> recovered("one two two", "two one two"), recovered("one two two", "two"), recovered("hyphen", "hy-\\nphen")
    (1.0, 0.3333333333333333, 1.0)
    """
    wanted = words_of(source)
    return (wanted & words_of(extracted)).total() / max(1, wanted.total())


def by_poppler(pdf: bytes) -> str:
    """The text as ``pdftotext`` finds it in its default order, which is the reading order it believes in."""
    command = ["pdftotext", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode("utf-8")


def by_pdfium(pdf: bytes) -> str:
    """The text as PDFium finds it, which is what Chromium searches and copies."""
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def scores(source: str, pdf: bytes) -> tuple[float, float]:
    """The share of the source's words that poppler and PDFium find."""
    return recovered(source, by_poppler(pdf)), recovered(source, by_pdfium(pdf))


def page_of(paragraphs: Iterable[str], tag: str, typography: Typography) -> str:
    """A page of A4 that holds these paragraphs as one column, set with the typography of the language."""
    locale = Locale.parse(tag)
    style = typography.properties(locale)
    stack = ",".join(f'"{each}"' for each in font_families(style["--font-body"]))
    rules = (
        f"@page{{size:A4;margin:20mm}}html{{font:11pt/{style['--leading']} {stack};"
        f"text-align:{style['--align']};hyphens:{'auto' if hyphenated(locale) else 'manual'}}}"
    )
    body = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{locale.tag}" dir="{locale.direction}"><head><title>T</title>'
        f"<style>{rules}</style></head><body>{body}</body></html>"
    )


def written(html: str, mended: bool = True) -> bytes:
    """In a worker: the PDF/UA-1 of a page, by WeasyPrint ``mended`` (for good) or as it comes."""
    from weasyprint import HTML

    if mended:
        from pipeline.typesetting import text_layer

        text_layer.mend()
    pdf: bytes = HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def written_twice(html: str) -> tuple[bytes, bytes]:
    """In a worker: one layout written two times by WeasyPrint mended, as for two editions."""
    from weasyprint import HTML

    from pipeline.typesetting import text_layer

    text_layer.mend()
    laid_out = HTML(string=html).render()
    return laid_out.write_pdf(pdf_variant="pdf/ua-1"), laid_out.write_pdf(pdf_variant="pdf/ua-1")
