"""A file for the shop is PDF/X-4 when there is a profile of the press, and says so when there is none.

No validator for PDF/X-4 is within reach (page-validation has PDF/A and PDF/UA only): its facts are read back one by one.
"""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from weasyprint import HTML

from pipeline.typesetting.inks import painted
from pipeline.typesetting.shop import ShopJob, finish_shop, profile_name
from tests import press

JOB = ShopJob("Wasser & <Leben>", "de", "water/de/a5-booklet/a4", date(2026, 3, 8))
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "mm": "http://ns.adobe.com/xap/1.0/mm/",
}


@pytest.fixture(scope="module")
def imposed() -> bytes:
    html = (
        '<title>x</title><style>@page{size:a6}</style><p style="color:#c00">Wasser <a href="https://example.org">x</a>'
    )
    return painted(HTML(string=html).render(), "cmyk", 3)


def xmp(pdf: pikepdf.Pdf) -> dict[str, str]:
    tree = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())
    short = {address: prefix for prefix, address in NAMESPACES.items()}
    return {
        f"{short[each.tag[1:].split('}')[0]]}:{each.tag.split('}')[1]}": "".join(each.itertext())
        for each in tree.iterfind(".//rdf:Description/*", NAMESPACES)
    }


def test_it_says_that_it_is_pdf_x_4(imposed: bytes) -> None:
    file = finish_shop(imposed, JOB, press.profile())
    assert file.shortcoming == ""
    assert file.pdf.startswith(b"%PDF-1.6")
    with pikepdf.open(io.BytesIO(file.pdf)) as pdf:
        facts = xmp(pdf)
        assert facts["pdfxid:GTS_PDFXVersion"] == "PDF/X-4"
        assert facts["dc:title"] == str(pdf.docinfo.Title) == JOB.title
        assert facts["pdf:Trapped"] == "False"
        assert facts["xmp:CreateDate"] == facts["xmp:ModifyDate"] == facts["xmp:MetadataDate"] == "2026-03-08T00:00:00Z"
        assert str(pdf.docinfo.CreationDate) == str(pdf.docinfo.ModDate) == "D:20260308000000Z"
        assert pdf.docinfo.Trapped == pikepdf.Name("/False")
        assert facts["mm:DocumentID"] != facts["mm:InstanceID"]
        assert (facts["mm:VersionID"], facts["mm:RenditionClass"]) == ("1", "default")
        assert "/Filter" not in pdf.Root.Metadata
        assert str(pdf.Root.Lang) == "de"
        assert len(pdf.trailer.ID) == 2
        assert all("/TrimBox" in page and "/Annots" not in page for page in pdf.pages)


def test_the_profile_of_the_press_is_inside(imposed: bytes) -> None:
    for condition, expected in (("", press.NAME), ("FOGRA51", "FOGRA51")):
        file = finish_shop(imposed, replace(JOB, condition=condition), press.profile())
        with pikepdf.open(io.BytesIO(file.pdf)) as pdf:
            (intent,) = pdf.Root.OutputIntents
            assert (intent.Type, intent.S) == ("/OutputIntent", "/GTS_PDFX")
            assert str(intent.OutputConditionIdentifier) == expected
            assert str(intent.Info) == press.NAME
            assert intent.DestOutputProfile.read_bytes() == press.profile()
            assert intent.DestOutputProfile.N == 4
            assert ("/RegistryName" in intent) is bool(condition)


def test_without_a_profile_nothing_is_claimed(imposed: bytes) -> None:
    file = finish_shop(imposed, JOB, None)
    assert file.shortcoming == "no ICC profile: not PDF/X-4"
    with pikepdf.open(io.BytesIO(file.pdf)) as pdf:
        assert "/OutputIntents" not in pdf.Root
        assert "/Metadata" not in pdf.Root
        assert str(pdf.docinfo.Title) == JOB.title


def test_without_a_date_nothing_is_claimed(imposed: bytes) -> None:
    file = finish_shop(imposed, replace(JOB, created=None), press.profile())
    assert file.shortcoming == "no date in the source: not PDF/X-4"
    with pikepdf.open(io.BytesIO(file.pdf)) as pdf:
        assert "/Metadata" not in pdf.Root
        assert "/CreationDate" not in pdf.docinfo


@pytest.mark.parametrize("icc", [None, press.profile()], ids=["without", "with"])
def test_twice_gives_the_same_bytes(imposed: bytes, icc: bytes | None) -> None:
    assert finish_shop(imposed, JOB, icc) == finish_shop(imposed, JOB, icc)


def test_files_are_told_apart() -> None:
    one, other = (painted(HTML(string=f"<title>x</title>{word}").render(), "cmyk", 3) for word in ("one", "other"))
    ids = []
    for pdf, job in ((one, JOB), (other, JOB), (one, replace(JOB, identity="other"))):
        with pikepdf.open(io.BytesIO(finish_shop(pdf, job, press.profile()).pdf)) as opened:
            ids.append((xmp(opened)["mm:DocumentID"], xmp(opened)["mm:InstanceID"]))
    assert ids[0][0] == ids[1][0] != ids[2][0]
    assert len({instance for _, instance in ids}) == 3


def test_qpdf_finds_no_fault(imposed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "shop.pdf"
    path.write_bytes(finish_shop(imposed, JOB, press.profile()).pdf)
    assert subprocess.run(["qpdf", "--check", path], check=False, capture_output=True).returncode == 0


def test_a_sheet_without_a_trim_is_a_fault_of_ours() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    written = io.BytesIO()
    pdf.save(written)
    with pytest.raises(ValueError, match="sheet 1 has no TrimBox"):
        finish_shop(written.getvalue(), JOB, None)


def test_a_profile_says_its_name() -> None:
    assert profile_name(press.profile()) == press.NAME


@pytest.mark.parametrize(
    ("icc", "words"),
    [
        (b"", "no ICC profile"),
        (b"%PDF-1.7" * 100, "no ICC profile"),
        (press.profile()[:-40], "damaged: it should have"),
        (press.profile() + b"more", "damaged: it should have"),
        (press.profile(b"RGB ", b"mntr"), "is RGB, for a screen: a print shop's is CMYK"),
        (press.profile(b"GRAY"), "is grey"),
        (press.profile(kind=b"scnr"), "for a scanner, not for a press"),
        (press.profile(without="B2A0"), "no table from colour to ink"),
        (press.profile(without="desc"), "no name"),
        (press.profile().replace(b"mft1", b"mftX"), "its tables cannot be read"),
        (press.profile()[:128] + b"\xff" * 4 + press.profile()[132:], "table of contents"),
        (press.profile()[:136] + b"\xff" * 4 + press.profile()[140:], "outside the file"),
    ],
)
def test_any_other_file_is_refused(icc: bytes, words: str, imposed: bytes) -> None:
    with pytest.raises(ValueError, match=words):
        finish_shop(imposed, JOB, icc)


def test_a_profile_of_version_4_says_its_name() -> None:
    name = "Ö 4".encode("utf-16-be")
    old = press.profile()
    mluc = b"mluc" + bytes(4) + (1).to_bytes(4, "big") + (12).to_bytes(4, "big") + b"enUS"
    mluc += len(name).to_bytes(4, "big") + (28).to_bytes(4, "big") + name
    at = int.from_bytes(old[136:140], "big")
    assert profile_name(old[:at] + mluc + old[at + len(mluc) :]) == "Ö 4"
