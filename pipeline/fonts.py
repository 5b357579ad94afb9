"""What we print with, sealed: a folder and a fontconfig file that list our fonts and nothing else; hyphenation dictionaries."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.typesetting.typography import SYSTEM_DICTIONARIES

STYLES = ("Regular", "Bold", "Italic", "BoldItalic")
FOLDERS = (
    *("/usr/share/fonts/truetype/noto", "/usr/share/fonts/noto", "/usr/local/share/fonts/noto"),
    *("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/truetype/hanazono"),
)
DICTIONARY_FOLDERS = ("/usr/share/hyphen", "/usr/local/share/hyphen")
#: The file of one style of a family, the most likely ending first; one file may hold the families of several regions.
_ONE, _SEVERAL = ("{stem}-{style}.ttf", "{stem}-{style}.otf"), "{stem}-{style}.ttc"
_REGION = re.compile(r"(?<=CJK)(?:JP|KR|SC|TC|HK)$")
#: Bytes from which on a file is hashed once, and known again by its size and its time.
_LARGE = 4_000_000
#: Bold is what is called so: Debian's Noto Nastaliq Urdu Bold and Noto Serif Myanmar Bold say that they are regular.
_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{cache}</cachedir>
  <match target="scan">
    <test name="file" compare="contains"><string>-Bold</string></test>
    <edit name="weight" mode="assign"><const>bold</const></edit>
  </match>
</fontconfig>
"""
#: Python packages whose version can change the bytes of a PDF.
_PACKAGES = ("weasyprint", "pydyf", "fonttools", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "pillow", "pikepdf")

#: Modules of ours that can.
_OURS = (
    *("engine", "estimate", "fitting", "foot", "imposition", "inks", "pictures", "sheets", "shop"),
    *("columns", "drawn", "hyphenation", "inline_blocks", "speed", "tagging", "text_layer"),
)


@dataclass(frozen=True, slots=True)
class FontSet:
    """The sealed fonts: files of each family, the configuration to start workers with, hyphenation dictionaries by language, and
    a digest of the bytes of all that every build needs. ``optional`` are digests of the other families that are there.
    """

    families: tuple[tuple[str, tuple[str, ...]], ...]
    configuration: str
    dictionaries: tuple[tuple[str, str], ...]
    digest: str
    optional: tuple[tuple[str, str], ...] = ()

    def fingerprint(self, families: Iterable[str]) -> str:
        """What decides the bytes of a page that names these families: ``digest``, and those of the optional ones it names."""
        digests = dict(self.optional)
        named = [f"{family} {digests[family]}" for family in sorted(set(families)) if family in digests]
        return "\n".join([self.digest, *named])


def seal(families: Iterable[str], own: Path, cache: Path, optional: Iterable[str] = ()) -> FontSet:
    """The set of these families, from the folder ``own`` or the system's, linked under ``cache``.

    ``optional`` families are taken where they are installed. Raises InvalidInput naming every other family and hyphenation
    dictionary that is not, and how to install it.
    """
    places = [own, *map(Path, filter(None, [os.environ.get("POLYLEAF_FONTS", "")])), *map(Path, FOLDERS)]
    folders = [_listed(place) for place in places]
    needed = sorted(set(families))
    found = {family: _files(family, folders) for family in needed}
    dictionaries = {language: _dictionary(name) for language, name in SYSTEM_DICTIONARIES.items()}
    complaints = [
        *(_no_font(family) for family, files in found.items() if not files),
        *(_no_dictionary(language) for language, file in dictionaries.items() if file is None),
    ]
    if complaints:
        raise InvalidInput(complaints)
    digest = _digest(path for files in found.values() for path in files)
    others = {family: _files(family, folders) for family in sorted(set(optional) - set(needed))}
    others = {family: files for family, files in others.items() if files}
    digests = tuple((family, _digest(files, cache).hexdigest()) for family, files in others.items())
    linked, configuration = _sealed(
        {**found, **others}, cache, "\n".join([digest.hexdigest(), *map(" ".join, digests)])
    )
    present = tuple((language, file) for language, file in dictionaries.items() if file)
    for language, file in present:
        digest.update(language.encode() + hashlib.sha256(file.read_bytes()).digest())
    kept = tuple((each, str(file)) for each, file in present)
    return FontSet(linked, configuration, kept, digest.hexdigest(), digests)


def _digest(files: Iterable[Path], cache: Path | None = None) -> hashlib._Hash:
    """A digest of the names and bytes of files; with a cache, large ones are read once."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + (_known_digest(path, cache) if cache else _digest_of(path)))
    return digest


def _digest_of(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def _known_digest(path: Path, cache: Path) -> bytes:
    """The SHA-256 of a file. A note beside the sealed fonts has that of a large one, by its place, size and time."""
    status = path.stat()
    if status.st_size < _LARGE:
        return _digest_of(path)
    sign = f"{path.resolve()} {status.st_size} {status.st_mtime_ns} {status.st_ino}"
    note = cache / "fonts" / "digests" / hashlib.sha256(sign.encode()).hexdigest()[:16]
    with contextlib.suppress(OSError, ValueError):
        known = bytes.fromhex(note.read_text("ascii"))
        if len(known) == hashlib.sha256().digest_size:
            return known
    digest = _digest_of(path)
    note.parent.mkdir(parents=True, exist_ok=True)
    beside = note.with_name(f"{note.name}.{os.getpid()}")
    beside.write_text(digest.hex(), "ascii")
    beside.replace(note)
    return digest


def _sealed(
    found: Mapping[str, tuple[Path, ...]], cache: Path, content: str
) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], str]:
    """The linked files of each family, and the fontconfig file that knows them only."""
    everything = sorted({path for files in found.values() for path in files})
    # The folder's name says where it is and what it links to: a workspace that was moved gets another.
    places = "\n".join([_CONFIGURATION, content, str(cache), *(str(path.resolve()) for path in everything)])
    folder = cache / "fonts" / hashlib.sha256(places.encode()).hexdigest()[:16]
    configuration = folder / "fonts.conf"
    if not configuration.is_file():
        _link(everything, folder)
        text = _CONFIGURATION.format(folder=escape(str(folder / "files")), cache=escape(str(folder / "cache")))
        configuration.write_text(text, encoding="utf-8")
    linked = tuple(
        (family, tuple(str(folder / "files" / path.name) for path in files)) for family, files in found.items()
    )
    return linked, str(configuration)


@lru_cache(maxsize=1)
def toolchain() -> str:
    """The versions of everything that turns a page into bytes. Raises InvalidInput if a library is missing."""
    versions = [f"{package} {version(package)}" for package in _PACKAGES]
    versions.append(f"pango {_library_version(('libpango-1.0.so.0', 'libpango-1.0.dylib'), 'pango_version_string')}")
    versions.append(f"harfbuzz {_library_version(('libharfbuzz.so.0', 'libharfbuzz.dylib'), 'hb_version_string')}")
    _library_version(("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"), "")
    versions.append(f"zlib {zlib.ZLIB_RUNTIME_VERSION}")
    versions.append(f"fontconfig {hashlib.sha256(_CONFIGURATION.encode()).hexdigest()}")
    engine = Path(__file__).parent / "typesetting"
    for module in _OURS:
        versions.append(f"{module} {hashlib.sha256((engine / f'{module}.py').read_bytes()).hexdigest()}")
    return "\n".join(versions)


def whole_toolchain(fonts: FontSet, families: Iterable[str] = ()) -> str:
    """Everything besides a page that decides its bytes: the tools, and the fonts, with those of these families."""
    return f"{toolchain()}\nfonts {fonts.fingerprint(families)}"


def _listed(folder: Path) -> Mapping[str, Path]:
    """The files of a folder by their names in small letters: Unicode writes Nko where Noto writes NKo."""
    return {path.name.lower(): path for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def _files(family: str, folders: Iterable[Mapping[str, Path]]) -> tuple[Path, ...]:
    """The files of a family, its Regular first, from the first folder that has one; none if none has."""
    stem = family.replace(" ", "")
    names = [tuple(name.format(stem=stem, style=style) for style in STYLES) for name in _ONE]
    if _REGION.search(stem):
        names.append(tuple(_SEVERAL.format(stem=_REGION.sub("", stem), style=style) for style in STYLES))
    for folder in folders:
        for each in (*names, (f"{stem}.ttf",), (f"{stem}.otf",)):
            files = tuple(path for name in each if (path := folder.get(name.lower())) and path.is_file())
            if files:
                return files
    return ()


def _dictionary(name: str) -> Path | None:
    folders = [*filter(None, [os.environ.get("POLYLEAF_HYPHENATION", "")]), *DICTIONARY_FOLDERS]
    return next((path for folder in folders if (path := Path(folder) / name).is_file()), None)


def _no_font(family: str) -> Diagnostic:
    hint = (
        "sudo apt-get install --no-install-recommends fonts-noto-core, or set POLYLEAF_FONTS to a folder that has them"
    )
    place = Location("templates/typography")
    return Diagnostic("font-missing", f"the font family “{family}” is not installed", place, hint=hint)


def _no_dictionary(language: str) -> Diagnostic:
    name = SYSTEM_DICTIONARIES[language]
    hint = (
        f"sudo apt-get install --no-install-recommends hyphen-{language}, "
        f"or set POLYLEAF_HYPHENATION to a folder that has {name}"
    )
    message = f"the hyphenation dictionary {name} is not installed"
    return Diagnostic("dictionary-missing", message, Location("(this machine)"), hint=hint, locale=language)


def _link(files: Iterable[Path], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
    (beside / "files").mkdir()
    for path in files:
        (beside / "files" / path.name).symlink_to(path.resolve())
    try:
        beside.replace(folder)
    except OSError:  # another build has just put the same fonts there
        for path in sorted(beside.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        beside.rmdir()


def _library_version(names: tuple[str, ...], function: str) -> str:
    for name in names:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if not function:
            return ""
        call = getattr(library, function)
        call.restype = ctypes.c_char_p
        return str(call().decode("ascii"))
    package = {"libp": "libpango-1.0-0 libpangoft2-1.0-0"}.get(names[0][:4], names[0].split(".so")[0] + "0")
    hint = f"sudo apt-get install --no-install-recommends {package}"
    message = f"the library {names[0]} is not installed; leaflets cannot be typeset without it"
    raise InvalidInput([Diagnostic("library-missing", message, Location("(this machine)"), hint=hint)])
