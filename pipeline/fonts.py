"""What we print with, sealed: a folder and a fontconfig file that list our fonts and nothing else; hyphenation dictionaries."""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.typesetting.typography import SYSTEM_DICTIONARIES

STYLES = ("Regular", "Bold", "Italic", "BoldItalic")
FOLDERS = ("/usr/share/fonts/truetype/noto", "/usr/share/fonts/noto", "/usr/local/share/fonts/noto")
DICTIONARY_FOLDERS = ("/usr/share/hyphen", "/usr/local/share/hyphen")
_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""
#: Python packages whose version can change the bytes of a PDF.
_PACKAGES = ("weasyprint", "pydyf", "fonttools", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "pillow", "pikepdf")

#: Modules of ours that can.
_OURS = (
    *("engine", "estimate", "fitting", "imposition", "inks", "pictures", "sheets", "shop"),
    *("columns", "drawn", "hyphenation", "speed", "tagging", "text_layer"),
)


@dataclass(frozen=True, slots=True)
class FontSet:
    """The sealed fonts: files of each family, the configuration to start workers with, hyphenation dictionaries by language, and
    a digest of the bytes of all.
    """

    families: tuple[tuple[str, tuple[str, ...]], ...]
    configuration: str
    dictionaries: tuple[tuple[str, str], ...]
    digest: str


def seal(families: Iterable[str], own: Path, cache: Path) -> FontSet:
    """The set of these families, from the folder ``own`` or the system's, linked under ``cache``.

    Raises InvalidInput naming every family and hyphenation dictionary that is not installed, and how to install it.
    """
    folders = [own, *map(Path, filter(None, [os.environ.get("POLYLEAF_FONTS", "")])), *map(Path, FOLDERS)]
    found = {family: _files(family, folders) for family in sorted(set(families))}
    dictionaries = {language: _dictionary(name) for language, name in SYSTEM_DICTIONARIES.items()}
    complaints = [
        *(_no_font(family) for family, files in found.items() if not files),
        *(_no_dictionary(language) for language, file in dictionaries.items() if file is None),
    ]
    if complaints:
        raise InvalidInput(complaints)
    everything = sorted(path for files in found.values() for path in files)
    digest = hashlib.sha256()
    for path in everything:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    # The folder's name says where it is and what it links to: a workspace that was moved gets another.
    places = "\n".join([digest.hexdigest(), str(cache), *(str(path.resolve()) for path in everything)])
    folder = cache / "fonts" / hashlib.sha256(places.encode()).hexdigest()[:16]
    configuration = folder / "fonts.conf"
    if not configuration.is_file():
        _link(everything, folder)
        text = _CONFIGURATION.format(folder=escape(str(folder / "files")), cache=escape(str(folder / "cache")))
        configuration.write_text(text, encoding="utf-8")
    linked = tuple(
        (family, tuple(str(folder / "files" / path.name) for path in files)) for family, files in found.items()
    )
    present = tuple((language, file) for language, file in dictionaries.items() if file)
    for language, file in present:
        digest.update(language.encode() + hashlib.sha256(file.read_bytes()).digest())
    return FontSet(linked, str(configuration), tuple((each, str(file)) for each, file in present), digest.hexdigest())


@lru_cache(maxsize=1)
def toolchain() -> str:
    """The versions of everything that turns a page into bytes. Raises InvalidInput if a library is missing."""
    versions = [f"{package} {version(package)}" for package in _PACKAGES]
    versions.append(f"pango {_library_version(('libpango-1.0.so.0', 'libpango-1.0.dylib'), 'pango_version_string')}")
    versions.append(f"harfbuzz {_library_version(('libharfbuzz.so.0', 'libharfbuzz.dylib'), 'hb_version_string')}")
    _library_version(("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"), "")
    engine = Path(__file__).parent / "typesetting"
    for module in _OURS:
        versions.append(f"{module} {hashlib.sha256((engine / f'{module}.py').read_bytes()).hexdigest()}")
    return "\n".join(versions)


def _files(family: str, folders: Iterable[Path]) -> tuple[Path, ...]:
    stem = family.replace(" ", "")
    for folder in folders:
        files = tuple(path for style in STYLES if (path := folder / f"{stem}-{style}.ttf").is_file())
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
