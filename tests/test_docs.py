"""The documentation is true: its commands run, its links lead somewhere, and it leaves nothing out."""

from __future__ import annotations

import inspect
import re
import shlex
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner
from PIL import Image

from pipeline.cli import main
from pipeline.crew import Crew
from pipeline.fonts import FontSet
from pipeline.pool import Pool
from pipeline.renditions import Options
from pipeline.settings import parse_settings
from pipeline.source.frontmatter import parse_front_matter, split_source
from pipeline.source.organisations import COLUMNS
from pipeline.status import StatusRow, status
from pipeline.translation.message import State
from pipeline.typesetting.typography import PROPERTIES
from pipeline.typesetting.view import Chunk, Download, Group, LanguageLink, Member, Surroundings, View
from pipeline.updating import update
from pipeline.workspace import Workspace
from tests.press import profile

ROOT = Path(__file__).parent.parent
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "templates/README.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")),
)
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.png"))
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FILE = re.compile(r"# (\S+\.toml)$", re.MULTILINE)
_EXIT = re.compile(r"# exit (\d)")

SOURCE = """---
title: A street for readers!
adopted: 2026-05-01
signatories:
  - members: [ormeau, sarv]
---

A door, a table, a lamp.
"""
REGISTRY = """id,acronym,name,name_language,translation,country,languages
ormeau,SLO,Salle des lecteurs,fr,Readers’ Hall,,fr
sarv,,خوانش‌گاه سرو,fa,Cypress Reading Room,,fa
"""
SAVED_PAGE = """Open letter of the gardeners

1 May 2026

We ask every town for one garden in each street.

Signatories:
1. Les Amis du jardin (Friends of the Garden), France
"""


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(document: str, *languages: str) -> list[str]:
    return [text for language, text in _BLOCK.findall(text_of(document)) if language in languages]


def polyleaf_lines(document: str) -> list[str]:
    """What a reader types, and what she saves on the way: blocks that begin with the name of a file."""
    lines: list[str] = []
    for language, text in _BLOCK.findall(text_of(document)):
        if language == "sh":
            lines += [each for each in text.splitlines() if each.startswith(("polyleaf ", "mkdir ", "cp "))]
        elif found := _FILE.match(text):
            lines.append(shlex.join(["save", found[1], text]))
    return lines


@pytest.fixture(scope="module")
def one_pool() -> Iterator[Callable[[FontSet, int], Crew]]:
    """One process that typesets for all builds of this module: starting one takes longer than a tiny leaflet."""
    pools: list[Pool] = []

    class Kept(Pool):
        def close(self) -> None:
            """Not yet: the next build takes it."""

    def pool(fonts: FontSet, jobs: int) -> Crew:
        if not pools:
            pools.append(Kept(fonts, 1))
        return pools[0]

    yield pool
    for each in pools:
        Pool.close(each)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_pool: object) -> Path:
    """A workspace so small that all its leaflets take a moment; it has what the documentation speaks of."""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "own-language.md").write_text(SOURCE, encoding="utf-8")
    (sources / "organisations.csv").write_text(REGISTRY, encoding="utf-8")
    (tmp_path / "saved-page.html").write_text(SAVED_PAGE, encoding="utf-8")
    (tmp_path / "press.icc").write_bytes(profile())
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    format_folder = tmp_path / "templates" / "formats" / "a4"
    format_folder.mkdir(parents=True)
    for path in (ROOT / "templates" / "formats" / "a4").iterdir():
        text = path.read_text(encoding="utf-8")
        once = re.sub(r"largest_pt = \S+", "largest_pt = 10.5", text)  # where fitting begins: one layout is enough
        (format_folder / path.name).write_text(once, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pipeline.pool.Pool", one_pool)  # where a build takes it from
    update(Workspace(tmp_path))
    for catalog in (tmp_path / "locales" / "fr").glob("*.po"):  # French is a whole draft, the others are not begun
        text = re.sub(r'msgid ("[^\n]+[^\n"]")\nmsgstr ""\n', r"msgid \1\nmsgstr \1\n", catalog.read_text("utf-8"))
        catalog.write_text(text.replace('"Language: fr', '"X-Polyleaf-State: draft\\n"\n"Language: fr'), "utf-8")
    _copy(tmp_path / "locales" / "fr" / "own-language.po", tmp_path / "own-language.po")  # as it comes back by mail
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("document", [each for each in DOCUMENTS if polyleaf_lines(each)])
def test_commands_do_what_the_documentation_says(document: str, workspace: Path) -> None:
    for line in polyleaf_lines(document):
        program, *arguments = shlex.split(line, comments=not line.startswith("save"))
        if program == "mkdir":
            Path(arguments[-1]).mkdir(parents=True, exist_ok=True)
        elif program == "cp":
            _copy(*map(Path, arguments[-2:]))
        elif program == "save":
            Path(arguments[0]).write_text(arguments[1], encoding="utf-8")
        else:
            arguments, target = (arguments[:-2], arguments[-1]) if ">" in arguments else (arguments, "")
            result = CliRunner().invoke(main, arguments)
            if target:
                Path(target).write_text(result.stdout, encoding="utf-8")
            expected = int(found[1]) if (found := _EXIT.search(line)) else 0
            assert result.exception is None or isinstance(result.exception, SystemExit), line
            assert result.exit_code == expected, f"{document}: {line}\n{result.output}"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir()
        for path in source.iterdir():
            _copy(path, target / path.name)
    else:
        target.write_bytes(source.read_bytes())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_and_setup_know_what_they_are_told(document: str) -> None:
    makefile, setup = text_of("Makefile"), text_of("tools/setup.sh")
    for target in re.findall(r"\bmake ([a-z]+)\b", "\n".join(blocks(document, "sh"))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for task in re.findall(r"tools/setup\.sh ([a-z]+)", text_of(document)):
        assert re.search(rf"[ |(]{task}[ |)]", setup), task


def test_the_steps_of_ci_are_explained() -> None:
    found = re.search(r"^steps=\((.*)\)$", text_of(".ci/run"), re.MULTILINE)
    assert found
    assert (
        re.findall(r"^\| `(\w+)` \|", text_of("docs/releases.md").split("## CI")[1], re.MULTILINE) == found[1].split()
    )


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_and_pictures_lead_somewhere(document: str) -> None:
    folder = (ROOT / document).parent
    prose = _BLOCK.sub("", text_of(document))
    for link in _LINK.findall(re.sub(r"`[^`\n]*`", "", prose)):
        if not link.startswith(("https:", "#")):
            assert (folder / link.split("#")[0]).exists(), f"{document}: {link}"


def test_every_picture_is_shown_and_shows_something() -> None:
    everything = "".join(map(text_of, DOCUMENTS))
    assert PICTURES
    for path in PICTURES:
        assert f"pictures/{path.name})" in everything, f"{path.name} is shown nowhere"
        assert 2_000 < path.stat().st_size <= 600_000
        with Image.open(path) as picture:
            assert min(picture.size) >= 300
            assert len(picture.convert("L").getcolors(256) or ()) > 6


def test_every_verb_is_mentioned() -> None:
    everything = "".join(map(text_of, DOCUMENTS))
    for verb in main.list_commands(Context(main)):
        assert re.search(rf"polyleaf (?:-C \S+ )?{verb}\b", everything), verb


def test_the_readme_says_truly_how_far_the_sample_is() -> None:
    by_tag: dict[str, list[StatusRow]] = {}
    for row in status(Workspace(ROOT), Options()).rows:
        by_tag.setdefault(row.locale.tag, []).append(row)
    whole = sorted(tag for tag, each in by_tag.items() if all(row.percent == 100 for row in each))
    begun = sorted(set(by_tag) - set(whole))
    readme = " ".join(text_of("README.md").split())
    assert f"Whole in {len(whole)}: {' '.join(whole)}." in readme
    assert f"Begun in {len(begun)}: {' '.join(begun)}." in readme
    assert all(row.draft for each in by_tag.values() for row in each), (
        "a reviewed one: the README calls all of them drafts"
    )


def test_the_architecture_names_every_module() -> None:
    text = text_of("ARCHITECTURE.md")
    for path in (ROOT / "pipeline").rglob("*.py"):
        inside = path.relative_to(ROOT / "pipeline")
        if whole := {"checks", "intake", "preflight"} & set(inside.parts):  # folders that are told as one
            assert f"{whole.pop()}/" in text
        elif path.name != "__init__.py":
            assert path.name in text, inside


def test_the_architecture_gives_a_reason_for_every_dependency() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    text = text_of("ARCHITECTURE.md")
    for wanted in (*project["dependencies"], *project["optional-dependencies"]["dev"]):
        name = re.split(r"[<=>~! ]", wanted)[0]
        assert re.search(rf"^\|[^|]*\b{re.escape(name)}\b", text, re.MULTILINE), name


def test_designers_are_told_everything_they_may_use() -> None:
    text = text_of("templates/README.md")
    view = [name for name in _attributes(View) if not name.startswith("_")]
    methods = {"phrase", "counted", "label", "digits"}
    for name in sorted(set(view) - methods):
        assert f"page.{name}`" in text, name
    for type_ in (Group, Member, Chunk, LanguageLink, Download, Surroundings):
        for field in fields(type_):
            assert re.search(rf"`(?:chunk\.)?{field.name}`", text), f"{type_.__name__}.{field.name}"
    for name in PROPERTIES:
        assert f"`{name}`" in text, name
    for path in (ROOT / "templates" / "formats").glob("*/format.toml"):
        for key in re.findall(r"^(\w+) *=", path.read_text("utf-8"), re.MULTILINE):
            assert f"`{key}`" in text, key
    for macro in re.findall(r"{% macro (\w+)", text_of("templates/parts/document.html")):
        assert f"part.{macro}(" in text, macro


def _attributes(type_: type) -> set[str]:
    """What a template can reach on an object: attributes set when it is made, and methods."""
    names = set(type_.__init__.__code__.co_names) & set(re.findall(r"self\.(\w+)", inspect.getsource(type_)))
    return names | {name for name in vars(type_) if not name.startswith("__")}


def test_organizers_are_shown_valid_files() -> None:
    page = "docs/organizers.md"
    (settings,) = (block for block in blocks(page, "toml") if not _FILE.match(block))
    assert parse_settings(settings).fallbacks == {"bci": "fr"}
    (front_matter,) = blocks(page, "yaml")
    metadata = parse_front_matter(split_source(front_matter, page).front_matter, page)
    assert [group.numbering for group in metadata.groups] == ["restart", "continue"]
    for column in COLUMNS:
        assert f"| `{column}` |" in text_of(page)


def test_the_draft_line_in_the_documentation_makes_a_draft(workspace: Path) -> None:
    (line,) = (block.strip() for block in blocks("docs/translators.md", "") if "X-Polyleaf" in block)
    catalog = (workspace / "locales" / "fr" / "own-language.po").read_text("utf-8")
    assert line in catalog
    inputs = Workspace(workspace).read()
    french = inputs.catalogs["fr", "own-language"]
    assert french.draft
    assert french.count(State.UNTRANSLATED) == 0
