"""A page for every code that check prints, whose examples are true."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from pipeline.diagnostics import InvalidInput
from pipeline.explanations import Explanation, explained, explanation
from pipeline.locales import Locale
from pipeline.settings import parse_settings
from pipeline.source.organisations import COLUMNS, parse_registry
from pipeline.source.parsing import Source, parse_document
from pipeline.translation.catalog import parse_catalog, plural_faults
from pipeline.translation.message import State
from tests.diagnostic_codes import PIPELINE, Found, codes_in
from tests.golden import REPOSITORY

#: Modules whose codes ``check`` never prints: those of other verbs. A new module is not among them.
OTHER_VERBS = (
    "archives.py",
    "beginning.py",
    "build.py",
    "cluster.py",
    "contact_sheet.py",
    "fonts.py",
    "gate.py",
    "git_merging.py",
    "importing.py",
    "kits",
    "leaflets.py",
    "making.py",
    "manifest.py",
    "packing.py",
    "pool.py",
    "proofing.py",
    "publishing.py",
    "recovering.py",
    "releasing.py",
    "remembering.py",
    "saving.py",
    "sharding.py",
    "source/intake/",
    "translation/tmx.py",
    "typesetting/engine.py",
    "typesetting/glyphs.py",
    "typesetting/imprint.py",
    "typesetting/preflight/",
    "typesetting/qr.py",
    "updating.py",
    "verifying.py",
    "worker.py",
)
#: Codes that modules of ``check`` have for another verb: what a build refuses.
OTHER_CODES = {"unknown-format", "unknown-paper"}
TABLES = sorted((PIPELINE / "translation" / "checks" / "tables").glob("*_codes.toml"))

#: Read once, for that takes a while.
FOUND_IN_SOURCE = codes_in()


@pytest.fixture
def found() -> Found:
    return FOUND_IN_SOURCE


def test_every_code_that_check_prints_has_a_page(found: Found) -> None:
    of_check = {
        code for code, modules in found.codes.items() if any(not each.startswith(OTHER_VERBS) for each in modules)
    }
    for table in TABLES:
        of_check |= set(tomllib.loads(table.read_text("utf-8")))
    assert len(of_check) > 60
    missing = {code: sorted(found.codes.get(code, ())) for code in sorted(of_check - OTHER_CODES - set(explained()))}
    assert not missing, f"write docs/checks/<code>.md: {missing}"


def test_every_code_can_be_read_from_the_source(found: Found) -> None:
    assert [each for each in found.unknown if not each.startswith(OTHER_VERBS)] == []


def test_every_page_is_about_a_code(found: Found) -> None:
    known = set(found.codes).union(*(tomllib.loads(table.read_text("utf-8")) for table in TABLES))
    assert set(explained()) <= known


@pytest.mark.parametrize("code", explained())
def test_a_page_says_what_it_is_about_and_how_to_mend_it(code: str) -> None:
    page = explanation(code)
    assert page is not None
    assert page.markdown.startswith(f"# {code}\n\n") or page.markdown.startswith(f"# `{code}`\n\n")
    assert 15 < len(page.summary) < 250
    assert len(page.markdown.split("\n\n")) >= 3
    assert page.markdown.endswith("\n")


def test_every_page_is_in_the_list() -> None:
    listed = (REPOSITORY / "docs" / "checks" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([a-z0-9-]+)\.md\)", listed)) == set(explained())


def test_a_page_without_words_is_its_code() -> None:
    assert Explanation("odd", "# odd\n").summary == "odd"
    assert explanation("README") is None


#: The pages whose first block is wrong in just that way and whose last block is not; read by what reads such a file.
_BLOCK = re.compile(r"^```(po|md|csv|toml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_HEADER = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
_REGISTRY = f"{','.join(COLUMNS)}\normeau,,Ormeau,fr,,FR,\nsarv,,سرو,fa,,IR,\n"
#: Of a translation, not of a file: told by its state, or by the checks.
_OF_TRANSLATIONS = {"blank", "placeholder"}
EXAMPLES = {
    code: _BLOCK.findall(page.markdown)
    for code in explained()
    if (page := explanation(code)) is not None and code in FOUND_IN_SOURCE.codes
}


def codes_of(kind: str, text: str, code: str) -> set[str]:
    """The codes of what is wrong with an example."""
    try:
        match kind:
            case "po":
                whole = text if 'msgid ""' in text or code == "header-missing" else _HEADER + text
                catalog = parse_catalog(whole.encode(), "locales/de/bread.po", Locale.parse("de"))
                states = {str(each.state) for each in catalog.messages if each.state is not State.TRANSLATED}
                return states | {each.code for each in plural_faults(catalog)}
            case "md":
                registry = parse_registry(_REGISTRY, "sources/organisations.csv")
                parse_document(Source("bread", "sources/bread.md", text), registry, Locale.parse("en"))
            case "csv":
                parse_registry(text, "sources/organisations.csv")
            case "toml":
                parse_settings(text)
    except InvalidInput as invalid:
        return {each.code for each in invalid.diagnostics}
    return set()


READ_FROM_FILES = ("translation/po_", "translation/catalog.py", "source/", "settings.py", "commands.py", "checking.py")
TRUE = sorted(
    code
    for code, blocks in EXAMPLES.items()
    if len(blocks) == 2
    and code not in _OF_TRANSLATIONS
    and any(m.startswith(READ_FROM_FILES) for m in FOUND_IN_SOURCE.codes[code])
)


@pytest.mark.parametrize("code", TRUE)
def test_an_example_is_wrong_in_just_that_way_and_mended_is_not(code: str) -> None:
    (kind, wrong), (other, right) = EXAMPLES[code]
    assert kind == other
    assert codes_of(kind, wrong, code) == {code}
    assert codes_of(other, right, code) <= {"untranslated"}


def test_most_examples_are_tried() -> None:
    assert len(TRUE) >= 40


def test_the_pages_travel_in_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "bundled"
    shutil.copytree(REPOSITORY / "docs" / "checks", inside / "docs" / "checks")
    monkeypatch.setattr("pipeline.explanations.bundled", lambda: inside)
    page = explanation("torn-file")
    assert page is not None
    assert page.summary == "A catalog breaks off in the middle of a message."
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert "docs/checks" in wheel["only-include"]
    assert wheel["sources"]["docs/checks"] == "pipeline/bundled/docs/checks"
