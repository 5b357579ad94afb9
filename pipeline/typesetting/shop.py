"""An imposed file becomes what a print shop wants: PDF/X-4 (ISO 15930-7) with the ICC profile of the press.

Without a profile it is the same file, and makes no such claim. The same arguments give the same bytes.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import ImageCms

from pipeline.typesetting.pictures import press_transform

_HEADER = 128  # bytes, ICC.1:2022, 7.2
_NEEDED = {"desc": "name", "A2B0": "table from ink to colour", "B2A0": "table from colour to ink"}
_KINDS = {"mntr": "screen", "scnr": "scanner", "spac": "colour space", "link": "device link", "abst": "effect"}
_SPACES = {"RGB ": "RGB", "GRAY": "grey", "Lab ": "Lab"}
_INTERACTIVE = ("/AcroForm", "/AA", "/Names", "/OpenAction", "/Outlines", "/StructTreeRoot", "/MarkInfo", "/Metadata")


@dataclass(frozen=True, slots=True)
class ShopJob:
    """What a shop file says of itself. ``identity`` tells one file from all others (document, language, format, paper).

    ``condition`` is the name of the printing condition in the ICC's registry, such as ``FOGRA51``; the profile's own name if empty.
    ``created`` is the day of the source, never of the build.
    """

    title: str
    lang: str
    identity: str
    created: date | None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class ShopFile:
    """A finished file, and why it is not PDF/X-4; it is where that is empty."""

    pdf: bytes
    shortcoming: str = ""


def finish_shop(pdf: bytes, job: ShopJob, icc: bytes | None) -> ShopFile:
    """The file for the shop, PDF 1.6. Raises ``ValueError``, in an organizer's words, for a profile that no press has."""
    name = profile_name(icc) if icc is not None else ""
    shortcoming = ""
    if icc is None:
        shortcoming = "no ICC profile: not PDF/X-4"
    elif job.created is None:
        shortcoming = "no date in the source: not PDF/X-4"
    with Pdf.open(io.BytesIO(pdf)) as opened:
        _strip(opened)
        _describe(opened, job)
        if icc is not None:
            opened.Root.OutputIntents = Array([_output_intent(opened, icc, name, job.condition)])
        if icc is not None and job.created is not None:
            _claim(opened, job, job.created, sha256(pdf).hexdigest())
        finished = io.BytesIO()
        opened.save(finished, force_version="1.6", fix_metadata_version=False, deterministic_id=True)
    return ShopFile(finished.getvalue(), shortcoming)


@lru_cache(maxsize=1)
def profile_name(icc: bytes) -> str:
    """What the ICC profile of a press calls itself. Raises ``ValueError`` for anything else, and says what it is."""
    if len(icc) < _HEADER + 4 or icc[36:40] != b"acsp":
        raise ValueError("this file is no ICC profile: ask the print shop for the .icc file of its press and paper")
    (size,) = struct.unpack_from(">I", icc)
    kind, space = icc[12:16].decode("latin-1"), icc[16:20].decode("latin-1")
    if size != len(icc):
        raise ValueError(
            f"the ICC profile is damaged: it should have {size} bytes and has {len(icc)}; download it again"
        )
    if space != "CMYK":
        what = f"{_SPACES.get(space, space.strip())}, for a {_KINDS.get(kind, 'device')}"
        raise ValueError(f"this ICC profile is {what}: a print shop's is CMYK, for a press (such as PSO Coated v3)")
    if kind != "prtr":
        what = _KINDS.get(kind, kind.strip())
        raise ValueError(
            f"this ICC profile is for a {what}, not for a press: ask the print shop for the one of its press"
        )
    tags = _tags(icc)
    missing = [words for tag, words in _NEEDED.items() if tag not in tags]
    if missing:
        raise ValueError(f"the ICC profile is damaged: it has no {', no '.join(missing)}; download it again")
    try:
        press_transform(icc)
    except ImageCms.PyCMSError as error:
        raise ValueError("the ICC profile is damaged: its tables cannot be read; download it again") from error
    return _description(tags["desc"])


def _tags(icc: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from(">I", icc, _HEADER)
    end = _HEADER + 4 + 12 * count
    if count > 100 or end > len(icc):
        raise ValueError("the ICC profile is damaged: its table of contents is longer than the file; download it again")
    tags = {}
    for position in range(_HEADER + 4, end, 12):
        tag, offset, size = struct.unpack_from(">4sII", icc, position)
        if offset < end or offset + size > len(icc):
            raise ValueError("the ICC profile is damaged: a part of it lies outside the file; download it again")
        tags[tag.decode("latin-1")] = icc[offset : offset + size]
    return tags


def _description(tag: bytes) -> str:
    """The name in a ``desc`` tag: of version 2 (ASCII) or of version 4 (``mluc``, the first language)."""
    if tag[:4] == b"mluc" and len(tag) >= 28:
        length, offset = struct.unpack_from(">II", tag, 20)
        return tag[offset : offset + length].decode("utf-16-be", "replace").strip("\0 ")
    if tag[:4] == b"desc" and len(tag) >= 12:
        (length,) = struct.unpack_from(">I", tag, 8)
        return tag[12 : 12 + length].decode("ascii", "replace").strip("\0 ")
    raise ValueError("the ICC profile is damaged: its name cannot be read; download it again")


def _strip(pdf: Pdf) -> None:
    """What is for screens goes: PDF/X forbids links on the page, forms and scripts; another description would contradict ours."""
    for key in _INTERACTIVE:
        if key in pdf.Root:
            del pdf.Root[key]
    for number, page in enumerate(pdf.pages, 1):
        if "/TrimBox" not in page:
            raise ValueError(f"sheet {number} has no TrimBox: imposition has to set it")
        if "/Annots" in page:
            del page["/Annots"]


def _describe(pdf: Pdf, job: ShopJob) -> None:
    del pdf.docinfo
    facts = pdf.docinfo
    facts.Title = String(job.title)
    facts.Creator = facts.Producer = String("Polyleaf")
    facts.Trapped = Name("/False")
    if job.created is not None:
        facts.CreationDate = facts.ModDate = String(f"D:{job.created:%Y%m%d}000000Z")
    pdf.Root.Lang = String(job.lang)


def _output_intent(pdf: Pdf, icc: bytes, name: str, condition: str) -> Dictionary:
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(condition or name or "Custom"),
        Info=String(name),
        DestOutputProfile=pikepdf.Stream(pdf, _deflated(icc), N=4, Alternate=Name.DeviceCMYK, Filter=Name.FlateDecode),
    )
    if condition:
        intent.RegistryName = String("http://www.color.org")
    return intent


@lru_cache(maxsize=1)
def _deflated(icc: bytes) -> bytes:
    """Once for all files: a profile has megabytes."""
    return zlib.compress(icc)


def _claim(pdf: Pdf, job: ShopJob, created: date, content: str) -> None:
    """Writes the XMP that PDF/X-4 is known by; the instance is told from others by its content."""
    document = uuid5(NAMESPACE_URL, job.identity)
    xmp = _XMP.format(
        title=escape(job.title),
        moment=f"{created:%Y-%m-%d}T00:00:00Z",
        document=document,
        instance=uuid5(document, content),
    )
    pdf.Root.Metadata = pikepdf.Stream(pdf, xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<pdf:Producer>Polyleaf</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
<xmp:CreatorTool>Polyleaf</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:{instance}</xmpMM:InstanceID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<xmpMM:VersionID>1</xmpMM:VersionID>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
