"""Words of Hindi, Bengali, Tamil and Malayalam end a line between syllables, with nothing to be seen there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pyphen
import pytest

from pipeline import fonts
from pipeline.diagnostics import InvalidInput
from pipeline.fonts import seal
from pipeline.locales import Locale
from pipeline.pool import Pool
from pipeline.translation.catalog import parse_catalog
from pipeline.typesetting import hyphenation
from pipeline.typesetting.typography import SYSTEM_DICTIONARIES, hyphenated, language_rules
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, REPOSITORY, in_worker

SYSTEM = Path(fonts.DICTIONARY_FOLDERS[0])
TYPOGRAPHY = Workspace(ORCHARD).typography
INDIC = re.compile("[\u0900-\u0dff\u200c\u200d]+")
pytestmark = pytest.mark.skipif(
    not all((SYSTEM / name).is_file() for name in SYSTEM_DICTIONARIES.values()),
    reason="the hyphen-* packages are not here",
)


@pytest.fixture(autouse=True)
def mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pyphen with the dictionaries, for one test."""
    monkeypatch.setattr(pyphen, "LANGUAGES", dict(pyphen.LANGUAGES))
    monkeypatch.setattr(pyphen, "LANGUAGES_LOWERCASE", dict(pyphen.LANGUAGES_LOWERCASE))
    monkeypatch.setattr(pyphen.HyphDict, "positions", pyphen.HyphDict.positions)
    hyphenation.mend((tag, str(SYSTEM / name)) for tag, name in SYSTEM_DICTIONARIES.items())


def shown(tag: str, word: str) -> str:
    """The word with a stroke wherever the design lets it be broken."""
    return str(pyphen.Pyphen(lang=tag, left=3, right=3).inserted(word, "|"))


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("hi", "पुस्त|कालय प्रति|नि|धियों विश्व|वि|द्यालय पढ़ना हिन्दी"),
        ("bn", "আন্ত|র্জা|তিক গ্রন্থা|গার প্রতি|নি|ধি|দের উৎসব"),
        ("ta", "பன்|னாட்டு நூல|கங்|கள் சுதந்|தி|ரம் பக்ஷி|கள் ஸ்ரீலங்கா"),
        ("ml", "അന്താ|രാഷ്ട്ര ഗ്രന്ഥ|ശാ|ലകൾ പ്രതി|നി|ധി|ക|ളുടെ അവർക്ക്"),
        ("ml-IN", "ഗ്രന്ഥ|ശാ|ലകൾ"),
    ],
)
def test_words_are_broken_between_syllables(tag: str, expected: str) -> None:
    assert " ".join(shown(tag, word.replace("|", "")) for word in expected.split()) == expected


def words(tag: str) -> Iterator[str]:
    """The words of the sample in a language."""
    for path in sorted((REPOSITORY / "locales" / tag).glob("*.po")):
        catalog = parse_catalog(path.read_bytes(), path.name, Locale.parse(tag))
        for message in catalog.messages:
            yield from INDIC.findall(" ".join(message.msgstr))


@pytest.mark.parametrize("tag", sorted(SYSTEM_DICTIONARIES))
def test_no_line_begins_with_a_sign_or_inside_a_conjunct(tag: str) -> None:
    broken = 0
    for word in set(words(tag)):
        first, *others = shown(tag, word).split("|")
        broken += bool(others)
        for before, after in zip([first, *others], others, strict=False):
            assert unicodedata.category(after[0]) == "Lo", word
            assert after[0] not in "ൺൻർൽൾൿৎஃ", word
            assert tag == "ta" or unicodedata.combining(before[-1]) != 9, word
        if others:
            assert min(len(hyphenation.letters(first)), len(hyphenation.letters(others[-1]))) >= hyphenation.LEAST, word
    assert broken > 20


def test_other_scripts_are_broken_as_before() -> None:
    assert pyphen.Pyphen(lang="nl").inserted("lettergrepen") == "let-ter-gre-pen"


@pytest.mark.parametrize("tag", sorted(SYSTEM_DICTIONARIES))
def test_the_hyphen_of_an_indic_language_is_not_seen(tag: str) -> None:
    locale = Locale.parse(tag)
    assert hyphenated(locale)
    assert TYPOGRAPHY.properties(locale)["--hyphens"] == "auto"
    rules = language_rules(TYPOGRAPHY, Locale.parse("en"), [locale], "print")
    own, foreign = rules.splitlines()
    assert '--hyphen:"-";' in own
    assert re.search(r'--hyphen:"(\\ad|\u00ad)";', foreign)
    assert all("hyphenate-character:var(--hyphen);" in rule for rule in (own, foreign))


@pytest.mark.parametrize("tag", ["ur", "ar", "fa", "hi-Latn"])
def test_no_hyphens_where_there_is_no_dictionary_for_the_script(tag: str) -> None:
    assert TYPOGRAPHY.properties(Locale.parse(tag))["--hyphens"] == "manual"


def test_a_worker_has_the_dictionaries(tmp_path: Path) -> None:
    sealed = seal(["Noto Sans"], tmp_path / "own", tmp_path)
    with Pool(sealed, 1) as pool:
        assert in_worker(pool, pyphen.language_fallback, "ta-LK") == "ta"


def test_a_dictionary_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "DICTIONARY_FOLDERS", ())
    with pytest.raises(InvalidInput) as raised:
        seal(["No Such Face", "Noto Sans"], tmp_path / "own", tmp_path)
    font, *others = raised.value.diagnostics
    assert font.code == "font-missing"
    assert [(each.code, each.locale) for each in others] == [
        ("dictionary-missing", tag) for tag in ("bn", "hi", "ml", "ta")
    ]
    assert "apt-get install --no-install-recommends hyphen-hi, " in others[1].hint


def test_the_bytes_of_a_dictionary_are_part_of_the_toolchain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = seal(["Noto Sans"], tmp_path / "own", tmp_path)
    for name in SYSTEM_DICTIONARIES.values():
        (tmp_path / name).write_bytes((SYSTEM / name).read_bytes())
    monkeypatch.setenv("POLYLEAF_HYPHENATION", str(tmp_path))
    same = seal(["Noto Sans"], tmp_path / "own", tmp_path)
    (tmp_path / "hyph_hi_IN.dic").write_text("UTF-8\n1क\n", encoding="utf-8")
    other = seal(["Noto Sans"], tmp_path / "own", tmp_path)
    assert same.dictionaries != first.dictionaries
    assert same.digest == first.digest != other.digest


def test_a_pyphen_that_takes_no_dictionaries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyphen, "language_fallback", lambda _: None)
    with pytest.raises(RuntimeError, match="does not take the dictionary"):
        hyphenation.mend([("hi", "hyph_hi_IN.dic")])
