"""What a PDF claims to be, and what validators say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata as installed

import page as page_validation
import pikepdf

_NAMESPACES = {
    "ua": "{http://www.aiim.org/pdfua/ns/id/}part",
    "a-part": "{http://www.aiim.org/pdfa/ns/id/}part",
    "a-level": "{http://www.aiim.org/pdfa/ns/id/}conformance",
    "x": "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion",
    "title": "{http://purl.org/dc/elements/1.1/}title",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a validator objects to: its own name for the rule, and its words."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Validation:
    """A validator's answer; ``complaints`` once each."""

    standard: str
    validator: str
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the metadata say: the standards claimed, as printers write them, and the title."""

    claims: tuple[str, ...]
    title: str


def metadata(document: pikepdf.Pdf) -> Metadata:
    """The claims and the title in a PDF's XMP."""
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        said = {name: str(xmp.get(key, "") or "") for name, key in _NAMESPACES.items()}
    claims = []
    if said["ua"]:
        claims.append(f"PDF/UA-{said['ua']}")
    if said["a-part"]:
        claims.append(f"PDF/A-{said['a-part']}{said['a-level'].lower()}")
    if said["x"]:
        claims.append(said["x"])
    return Metadata(tuple(claims), said["title"])


def validations(pdf: bytes, claims: tuple[str, ...], accessible: bool) -> Iterator[Validation]:
    """PDF/UA-1 where it has to be, and PDF/A where the file claims a part that the validator knows."""
    known = {f"PDF/A-{profile.value}": profile for profile in page_validation.ValidationProfile}
    if accessible:
        yield _validated(pdf, "PDF/UA-1", page_validation.ValidationProfile.PDF_UA_1)
    for claim in claims:
        if claim in known:
            yield _validated(pdf, claim, known[claim])


def _validated(pdf: bytes, standard: str, profile: page_validation.ValidationProfile) -> Validation:
    validator = f"page-validation {version('page-validation')}"
    try:
        report = page_validation.validate_pdf_bytes(pdf, profile=profile)
    except page_validation.PageError as error:
        return Validation(standard, validator, (Complaint(type(error).__name__, str(error)),))
    complaints = dict.fromkeys(Complaint(each.rule_id, each.message) for each in report.failures)
    return Validation(standard, validator, tuple(complaints))


@lru_cache(maxsize=8)
def version(package: str) -> str:
    """The installed version of a package."""
    return installed.version(package)


def tools() -> tuple[str, ...]:
    """Who looks at a PDF here, in which version."""
    qpdf = f"qpdf {pikepdf.__libqpdf_version__} (pikepdf {version('pikepdf')})"
    return (
        qpdf,
        *(f"{name} {version(package)}" for name, package in (("PDFium by pypdfium2", "pypdfium2"), ("zxing-cpp",) * 2)),
        f"page-validation {version('page-validation')}",
    )
