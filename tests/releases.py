"""Small releases made by hand, for the tests of gate, manifest, archives and verify: a site of a few files, no typesetting."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

from pipeline.packing import Facts, Packing
from pipeline.renditions import Options
from pipeline.report import Artifact, LeftOut, Report
from pipeline.website.summary import Entry, Resolution

ADDRESS = "https://bread.example.org"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
PDF += b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \ntrailer\n<< /Size 3 /Root 1 0 R >>\n"
PDF += b"startxref\n109\n%%EOF\n"
PAGE = """<!DOCTYPE html><html lang="{tag}"><head><title>{title}</title>
<!--alternates--><link rel="alternate" hreflang="en" href="../en/index.html"><!--/alternates-->
<style>p > a[href="x"] {{ color: red }}</style></head><body><article><!--banner--><!--/banner-->
<p><a href="../../{tag}/index.html">home</a> <a href="#top">top</a> <a href="https://example.com/">away</a></p>
<img src="../pictures/map.png" alt=""></article>
<!--languages--><a href="../en/index.html">English</a> <a href="../de/">Deutsch</a><!--/languages--></body></html>
"""


def a_site(tags: tuple[str, ...] = ("en", "de", "fr"), document: str = "water") -> dict[str, bytes]:
    """The files of a small site, by their paths in it."""
    files: dict[str, bytes] = {"index.html": f'<a href="{document}/en/index.html">Water</a>'.encode()}
    for tag in tags:
        files[f"{tag}/index.html"] = (
            f'<a href="../{document}/{tag}/index.html">{tag}</a> <a href="../de/">de</a>'.encode()
        )
        files[f"{document}/{tag}/index.html"] = PAGE.format(tag=tag, title=f"Water {tag}").encode()
        files[f"{document}/{tag}/{document}.{tag}.a4.pdf"] = PDF + f"% {tag}\n".encode()
        files[f"{document}/{tag}/message-1.txt"] = f"Water {tag}\n".encode()
    files[f"{document}/pictures/map.png"] = b"\x89PNG map"
    return files


def report_of(files: Mapping[str, bytes], site: PurePosixPath, left_out: tuple[LeftOut, ...] = ()) -> Report:
    """What a build would say of these files."""
    artifacts = []
    for name, content in sorted(files.items()):
        parts = name.split("/")
        if len(parts) == 3 and not name.endswith((".txt", ".png")):
            artifacts.append(an_artifact(parts[0], parts[1], str(site / name), content))
    tags = sorted({each.locale for each in artifacts})
    entries = tuple(Entry(tag, f"Water {tag}", tag, f"About water, {tag}", 100) for tag in tags)
    resolutions = (Resolution("water", "en", "2026-02-21", "2026-03-01", "1", entries),)
    return Report(tuple(artifacts), (), (), left_out, resolutions=resolutions, toolchain="pango 1.50\nfonts abc")


def an_artifact(document: str, tag: str, path: str, content: bytes) -> Artifact:
    is_page = path.endswith(".html")
    return Artifact(
        document=document,
        locale=tag,
        format="web" if is_page else "a4",
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        edition="" if is_page else "screen",
        pages=0 if is_page else 2,
        sheets=0 if is_page else 1,
        size_pt=0,
        leading=0,
        space=0,
        fill=0,
        layouts=0,
        shortened=False,
        coverage=100,
        draft=False,
        cached=False,
        seconds=0,
        source_sha256="a" * 64,
        catalog_sha256="" if tag == "en" else "b" * 64,
    )


def lay(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files of a site."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def packed(root: Path, version: str = "1.0", files: Mapping[str, bytes] | None = None, **facts: object) -> Path:
    """A release, made by hand below a folder; its own folder."""
    fresh = root / version
    files = a_site() if files is None else files
    said = Facts(
        version, "Bread & Water: Résolutions", ADDRESS, "en", date(2026, 3, 1), {("water", "de"): "Anna Blume"}
    )
    packing = Packing(root, fresh, replace(said, **facts), None)
    lay(files, fresh / "site")
    packing.pack(report_of(files, packing.site))
    return fresh


def building(files: Mapping[str, bytes], left_out: tuple[LeftOut, ...] = ()) -> object:
    """A builder that writes these files."""

    def build(workspace: object, options: Options, _progress: object) -> Report:
        lay(files, Path(workspace.root) / options.site)  # type: ignore[attr-defined]
        return report_of(files, options.site, left_out)

    return build
