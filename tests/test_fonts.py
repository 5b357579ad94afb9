"""The sealed fonts: what has to be there, what may be, collections, and a digest that depends on what a page names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

from pipeline import fonts
from pipeline.diagnostics import InvalidInput
from pipeline.fonts import seal

NOTO = Path("/usr/share/fonts/truetype/noto")
pytestmark = pytest.mark.skipif(not NOTO.is_dir(), reason="fonts-noto-core is not installed")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of fonts, one of them a collection, on a machine that has no others."""
    folder = tmp_path / "own"
    folder.mkdir()
    shutil.copy(NOTO / "NotoSans-Regular.ttf", folder)
    shutil.copy(NOTO / "NotoSansVai-Regular.ttf", folder)
    shutil.copy(NOTO / "NotoSansOgham-Regular.ttf", folder / "HanaMinA.ttf")
    collection = TTCollection()
    collection.fonts = [TTFont(NOTO / f"NotoSans{name}-Regular.ttf") for name in ("Ogham", "Runic")]
    collection.save(folder / "NotoSansCJK-Regular.ttc")
    monkeypatch.setattr(fonts, "FOLDERS", ())
    monkeypatch.delenv("POLYLEAF_FONTS", raising=False)
    return folder


def test_every_module_that_decides_bytes_counts() -> None:
    """What calls WeasyPrint, or is mended into it, is part of what tools are: a change of it makes leaflets anew."""
    folder = Path(fonts.__file__).parent / "typesetting"
    at_work = {
        path.stem
        for path in folder.glob("*.py")
        if "weasyprint" in re.findall(r"^(?:from|import) (\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(at_work) > 5
    assert at_work <= set(fonts._OURS)


def test_optional_families_are_taken_where_they_are(own: Path, tmp_path: Path) -> None:
    wanted = ["Noto Sans CJK JP", "HanaMinA", "Noto Sans VAI", "Noto Serif Vai", "No Such CJK KR"]
    sealed = seal(["Noto Sans"], own, tmp_path / "cache", wanted)
    files = {family: [Path(each).name for each in paths] for family, paths in sealed.families}
    assert files == {
        "Noto Sans": ["NotoSans-Regular.ttf"],
        "HanaMinA": ["HanaMinA.ttf"],
        "Noto Sans CJK JP": ["NotoSansCJK-Regular.ttc"],
        "Noto Sans VAI": ["NotoSansVai-Regular.ttf"],
    }
    linked = {path.name for path in (Path(sealed.configuration).parent / "files").iterdir()}
    assert linked == {name for names in files.values() for name in names}


def test_a_needed_family_is_missed_and_an_optional_one_is_not(own: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as raised:
        seal(["Noto Sans", "No Such Face"], own, tmp_path / "cache", ["No Other Face"])
    assert [each.code for each in raised.value.diagnostics] == ["font-missing"]
    assert "No Such Face" in raised.value.diagnostics[0].message


def test_optional_fonts_change_only_the_pages_that_name_them(own: Path, tmp_path: Path) -> None:
    plain = seal(["Noto Sans"], own, tmp_path / "cache")
    more = seal(["Noto Sans"], own, tmp_path / "cache", ["Noto Sans CJK JP", "HanaMinA", "Noto Sans"])
    assert more.digest == plain.digest == plain.fingerprint(["Noto Sans", "HanaMinA"])
    assert more.fingerprint(["Noto Sans"]) == plain.digest
    assert more.configuration != plain.configuration
    japanese = more.fingerprint(["Noto Sans", "Noto Sans CJK JP"])
    assert japanese == more.fingerprint(["Noto Sans CJK JP", "Noto Sans"]) != plain.digest
    (own / "HanaMinA.ttf").write_bytes((own / "NotoSansVai-Regular.ttf").read_bytes())
    other = seal(["Noto Sans"], own, tmp_path / "cache", ["Noto Sans CJK JP", "HanaMinA"])
    assert other.fingerprint(["Noto Sans CJK JP", "Noto Sans"]) == japanese
    assert other.fingerprint(["HanaMinA"]) != more.fingerprint(["HanaMinA"])
    assert other.configuration != more.configuration


def test_large_files_are_read_once(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sealed() -> str:
        return seal(["Noto Sans"], own, tmp_path / "cache", ["HanaMinA"]).fingerprint(["HanaMinA"])

    wanted = sealed()
    monkeypatch.setattr(fonts, "_LARGE", 0)
    assert sealed() == wanted
    notes = list((tmp_path / "cache" / "fonts" / "digests").iterdir())
    assert len(notes) == 1
    read: list[Path] = []
    digest_of = fonts._digest_of

    def reading(path: Path) -> bytes:
        read.append(path)
        return digest_of(path)

    monkeypatch.setattr(fonts, "_digest_of", reading)
    assert sealed() == wanted
    assert "HanaMinA.ttf" not in [path.name for path in read]
    notes[0].write_text("torn", encoding="ascii")
    assert sealed() == wanted
    (own / "HanaMinA.ttf").write_bytes((own / "NotoSansVai-Regular.ttf").read_bytes())
    assert sealed() != wanted


def test_bold_is_bold_whatever_the_file_says(tmp_path: Path) -> None:
    """Else text in Urdu and Burmese is all in the bold face: two of Debian's say that they are regular."""
    families = ["Noto Nastaliq Urdu", "Noto Serif Myanmar", "Noto Sans"]
    sealed = seal(families, tmp_path / "own", tmp_path / "cache")
    environment = {**os.environ, "FONTCONFIG_FILE": sealed.configuration}
    for family in families:
        for weight, style in (("regular", "Regular"), ("bold", "Bold")):
            asked = ["fc-match", "-f", "%{file}", f"{family}:weight={weight}"]
            found = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment).stdout
            assert Path(found).name == f"{family.replace(' ', '')}-{style}.ttf"
