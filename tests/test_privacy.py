"""Nothing that a catalog says about its translators is published: not one byte of ``build/`` knows them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from pipeline.build import build
from pipeline.renditions import Options
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, copy_of

SECRETS = {
    "Last-Translator": "Zqname Zqfamily <zqmail@zqhost.example.org>, 2026",
    "Language-Team": "Zqteam <https://zqteam.example.org>",
    "X-Generator": "Zqeditor 7.7",
    "X-Poedit-Basepath": "/home/zqlogin/zqfolder",
    "X-Poedit-SearchPath-0": "zqsearch",
    "X-Poedit-Bookmarks": "zqbookmark",
    "X-Zq-Machine": "zqmachine",
    "Report-Msgid-Bugs-To": "zqbugs@example.org",
    "PO-Revision-Date": "1999-12-31 23:58+0437",
}
HEADER_COMMENT = "# Zqcopyright (C) 2026 Zqowner.\n# zqfirst@example.org, 2026.\n"
COMMENTS = (
    "#  zqcomment: ask Zqfriend before you change it\n# another translation: zqalternative\n# taken from: zqorigin\n"
    "#. zqextracted\n#: zqreference.md#zqplace\n"
)
OBSOLETE = '\n# zqoldcomment\n#~| msgid "Zqolder"\n#~ msgid "Zqobsolete"\n#~ msgstr "zqgone"\n'
#: Every word that a secret is known by: long enough not to come about by chance in what is compressed.
WORDS = sorted(set(re.findall(r"zq[a-z]{4,}", f"{SECRETS} {HEADER_COMMENT} {COMMENTS} {OBSOLETE}".lower())))
MARKS = re.compile("|".join([*WORDS, "1999-?12-?31"]), re.IGNORECASE)


def with_secrets(root: Path) -> int:
    """Plant them in every catalog; how many there are."""
    paths = sorted(root.glob("locales/*/*.po"))
    for path in paths:
        text = path.read_text("utf-8")
        text = re.sub(r'"(?:PO-Revision-Date|Language-Team|Last-Translator|X-Generator)[^"]*"\n', "", text)
        lines = "".join(f'"{name}: {value}\\n"\n' for name, value in SECRETS.items())
        text = text.replace('"Language: ', f'{lines}"Language: ', 1)
        first, *others = re.split(r"\n\n(?!#~|\Z)", text.rstrip("\n"))
        path.write_text(
            "\n\n".join([HEADER_COMMENT + first, *(COMMENTS + each for each in others)]) + "\n" + OBSOLETE, "utf-8"
        )
    (root / "locales" / "de" / "compendium.po").write_text(paths[0].read_text("utf-8"), "utf-8")
    return len(paths)


def texts(path: Path) -> Iterator[tuple[str, bytes]]:
    """All that a file holds, opened as far as it can be: its bytes, what is compressed in it, what it says."""
    content = path.read_bytes()
    yield "bytes", content
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content):
        try:
            yield "deflated", zlib.decompressobj().decompress(content[match.start() :], 1_000_000)
        except zlib.error:
            continue
    if content.startswith(b"%PDF"):
        yield from pdf_texts(path)


def pdf_texts(path: Path) -> Iterator[tuple[str, bytes]]:
    """Streams and strings of a PDF, and what a reader sees of it."""
    with pikepdf.open(path) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream):
                yield "stream", each.read_bytes()
            yield from (("string", text.encode("utf-8", "replace")) for text in strings(each))
        yield from (("metadata", f"{name}={value}".encode()) for name, value in pdf.docinfo.items())
    document = pypdfium2.PdfDocument(path)
    for page in document:
        yield "page", page.get_textpage().get_text_range().encode("utf-8", "replace")
    document.close()


def strings(thing: pikepdf.Object) -> Iterator[str]:
    """The strings in an object, not those of the objects it refers to."""
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Array):
        for each in thing:
            if not getattr(each, "is_indirect", True):
                yield from strings(each)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for _, each in thing.items():
            if not getattr(each, "is_indirect", True):
                yield from strings(each)


def leaks(folder: Path) -> set[str]:
    """Every secret that a file below the folder knows, and where."""
    found = set()
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()):
        found |= {f"{path.relative_to(folder)} (name): {mark}" for mark in MARKS.findall(path.name)}
        for kind, content in texts(path):
            for encoding in ("utf-8", "utf-16-be"):
                readable = content.decode(encoding, "ignore")
                found |= {f"{path.relative_to(folder)} ({kind}): {mark}" for mark in MARKS.findall(readable)}
    return found


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is built of a workspace whose catalogs are full of secrets."""
    root = copy_of(ORCHARD, tmp_path_factory.mktemp("privacy") / "orchard")
    assert with_secrets(root) >= 10
    options = Options(
        documents=("orchard",), locales=("de", "fa"), formats=("web", "a4"), editions=("screen", "desk"), jobs=2
    )
    report = build(Workspace(root), options)
    assert not [each for each in report.diagnostics if each.severity == "error"]
    return root / "build"


@pytest.mark.slow
def test_nothing_that_is_built_knows_a_translator(published: Path) -> None:
    assert leaks(published) == set()


def test_the_translations_themselves_are_there(published: Path) -> None:
    """What is not found would prove nothing if nothing were found."""
    pages = sorted(published.rglob("*.html"))
    assert any("Ein Obstgarten" in path.read_text("utf-8") or "Dorf" in path.read_text("utf-8") for path in pages)
    leaflets = sorted((published / "site").rglob("*.pdf"))
    assert {path.name for path in leaflets} == {
        f"orchard.{tag}.a4{edition}.pdf" for tag in ("de", "fa") for edition in ("", ".desk")
    }
    for path in leaflets:
        kinds = {kind for kind, _ in texts(path)}
        assert kinds >= {"bytes", "stream", "string", "page"}
    german = next(each for each in leaflets if each.name == "orchard.de.a4.pdf")
    assert any(kind == "page" and b"Obst" in content for kind, content in texts(german))
    assert len(WORDS) >= 20


@pytest.mark.parametrize("where", ["html", "info", "stream", "name"])
def test_the_search_finds_what_is_there(tmp_path: Path, where: str) -> None:
    if where == "html":
        (tmp_path / "a.html").write_text("<p>zqmail</p>", "utf-8")
    elif where == "name":
        (tmp_path / "zqlogin.txt").write_bytes(b"")
    else:
        pdf = pikepdf.new()
        pdf.add_blank_page()
        if where == "info":
            pdf.docinfo["/Author"] = "Ünknown Zqname"
        else:
            pdf.Root.Piece = pdf.make_indirect(pikepdf.Stream(pdf, b"by zqeditor"))
        pdf.save(tmp_path / "a.pdf", compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert leaks(tmp_path)
