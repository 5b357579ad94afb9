"""What check found, in every format: people, programs, code hosts, GitHub."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pipeline.check_report import github_report, json_report, sarif_report, text_report
from pipeline.cli_check import check
from pipeline.diagnostics import Diagnostic, Location, in_order
from pipeline.explanations import explanation, near
from tests.golden import ORCHARD, REPOSITORY, copy_of

LOST = Diagnostic(
    code="markup-lost",
    message="the translation drops the link to https://example.org/map",
    location=Location("locales/fr/water.po", 48),
    severity="warning",
    hint="keep [words](https://example.org/map) in the translation",
    locale="fr",
    related=Location("sources/water.md", 12),
)
TORN = Diagnostic("torn-file", "the file breaks off", Location("locales/de/water.po", 7), locale="de")
WHOLE_FILE = Diagnostic("empty-file", "the file is empty", Location("locales/el/water.po"), "info")
NO_FILE = Diagnostic("font-missing", "a font is not installed", Location("(this machine)"))
ALL = in_order((LOST, TORN, WHOLE_FILE, NO_FILE))
#: Text as it may come from anywhere.
TEXTS = st.text(max_size=30)
FOUND = st.builds(
    Diagnostic,
    code=st.sampled_from(["fuzzy", "torn-file", "unheard-of"]),
    message=TEXTS,
    location=st.builds(
        Location, st.sampled_from(["", "a.po", "ä ö/%2F:,.md", "(this machine)"]) | TEXTS, st.integers(0, 99)
    ),
    severity=st.sampled_from(["error", "warning", "info"]),
    hint=TEXTS,
    locale=st.sampled_from(["", "de"]),
    related=st.none() | st.builds(Location, TEXTS, st.integers(0, 9)),
)


def run(*arguments: object, folder: Path = ORCHARD) -> Result:
    return CliRunner().invoke(check, [str(each) for each in arguments], obj=folder, catch_exceptions=False)


def spoilt(tmp_path: Path) -> Path:
    """The golden workspace with a catalog that cannot be read."""
    root = copy_of(ORCHARD, tmp_path / "orchard")
    path = root / "locales" / "fa" / "well.po"
    path.write_text(path.read_text(encoding="utf-8").replace('msgid "Open', 'msgid "Open" "'), encoding="utf-8")
    return root


# --- text -----------------------------------------------------------------------------------------------------------------


def test_people_see_file_after_file_and_the_numbers_last() -> None:
    assert text_report(in_order((LOST, replace(LOST, location=Location("locales/fr/water.po", 50)), TORN))).split(
        "\n"
    ) == [
        "locales/de/water.po:7: error: the file breaks off [torn-file]",
        "",
        "locales/fr/water.po:48: warning: the translation drops the link to https://example.org/map [markup-lost]",
        "    hint: keep [words](https://example.org/map) in the translation",
        "    see: sources/water.md:12",
        "locales/fr/water.po:50: warning: the translation drops the link to https://example.org/map [markup-lost]",
        "    hint: keep [words](https://example.org/map) in the translation",
        "    see: sources/water.md:12",
        "1 error, 2 warnings",
    ]


def test_nothing_wrong_is_one_line() -> None:
    assert text_report(()) == "0 errors, 0 warnings"
    assert json.loads(json_report(())) == []
    assert github_report(()) == ""


# --- GitHub ---------------------------------------------------------------------------------------------------------------


def test_github_shows_complaints_beside_their_lines() -> None:
    assert github_report(ALL).split("\n") == [
        "::error title=font-missing::a font is not installed",
        "::error file=locales/de/water.po,line=7,title=torn-file::the file breaks off",
        "::notice file=locales/el/water.po,title=empty-file::the file is empty",
        f"::warning file=locales/fr/water.po,line=48,title=markup-lost::{LOST.message}%0Ahint: {LOST.hint}",
    ]


def test_github_commands_escape_what_would_end_them() -> None:
    odd = Diagnostic("odd", "50 % :: ,\r\n::error::x", Location("a,b:c%.po", 1))
    assert github_report([odd]) == "::error file=a%2Cb%3Ac%25.po,line=1,title=odd::50 %25 :: ,%0D%0A::error::x"


def test_paths_are_those_of_the_repository() -> None:
    assert "file=papers/locales/de/water.po," in github_report([TORN], "papers/")
    assert "file=locales/de/water.po," in github_report([TORN], ".")
    place = sarif([TORN], folder="papers")["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "papers/locales/de/water.po", "uriBaseId": "%SRCROOT%"}


@given(st.lists(FOUND, max_size=4))
def test_a_complaint_is_one_command_whatever_it_says(found: list[Diagnostic]) -> None:
    lines = re.split("[\r\n]", github_report(found)) if found else []
    assert len(lines) == len(found)
    for line, each in zip(lines, found, strict=True):
        assert re.match(r"::(error|warning|notice) (file=[^,:]*,(line=\d+,)?)?title=[a-z-]+::", line)
        message = line.split("::", 2)[2]
        assert message.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%").startswith(each.message)


# --- SARIF: the rules of the specification (OASIS SARIF 2.1.0), section by section ---------------------------------------------


def sarif(found: list[Diagnostic] | tuple[Diagnostic, ...], folder: str = "") -> dict:
    return json.loads(sarif_report(found, explanation, folder))


def test_sarif_says_what_code_hosts_need() -> None:
    log = sarif(ALL)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run_,) = log["runs"]
    assert run_["tool"]["driver"]["name"] == "Polyleaf"
    result = run_["results"][3]
    assert result["ruleId"] == "markup-lost"
    assert result["level"] == "warning"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "locales/fr/water.po", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 48},
            }
        }
    ]
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "sources/water.md"
    assert result["properties"] == {"locale": "fr"}
    assert [each["level"] for each in run_["results"]] == ["error", "error", "note", "warning"]


def test_sarif_takes_markdown_in_a_hint_for_no_link_and_the_related_place_for_one() -> None:
    text = sarif([LOST])["runs"][0]["results"][0]["message"]["text"]
    assert r"keep \[words\](https://example.org/map) in" in text
    assert text.endswith("\nsee: [sources/water.md:12](1)")


def test_what_is_no_file_has_no_uri() -> None:
    places = sarif([NO_FILE, WHOLE_FILE])["runs"][0]["results"]
    assert places[0]["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "(this machine)"}]}]
    assert "region" not in places[1]["locations"][0]["physicalLocation"]


def test_the_page_of_a_code_travels_in_the_log() -> None:
    rules = {
        each["id"]: each
        for each in sarif([TORN, Diagnostic("unheard-of", "m", Location("a"))])["runs"][0]["tool"]["driver"]["rules"]
    }
    assert rules["torn-file"]["shortDescription"]["text"].startswith("A catalog breaks off")
    assert rules["torn-file"]["help"]["markdown"].startswith("# torn-file\n")
    assert rules["unheard-of"] == {"id": "unheard-of"}


@given(st.lists(FOUND, max_size=6), st.sampled_from(["", "papers", "."]))
def test_sarif_keeps_the_rules_of_its_specification(found: list[Diagnostic], folder: str) -> None:
    log = sarif(found, folder)
    assert set(log) == {"$schema", "version", "runs"}
    for run_ in log["runs"]:
        driver = run_["tool"]["driver"]
        ids = [each["id"] for each in driver["rules"]]
        assert len(set(ids)) == len(ids)  # 3.19.23: no two rules alike
        assert re.fullmatch(r"\d+\.\d+\.\d+[\w.+-]*", driver["semanticVersion"])
        assert run_["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
        prints = [each["partialFingerprints"]["polyleaf/v1"] for each in run_["results"]]
        assert len(set(prints)) == len(prints) == len(found)
        for result, given_ in zip(run_["results"], found, strict=True):
            _keeps_the_rules(result, ids, run_["originalUriBaseIds"])
            assert result["ruleId"] == given_.code
            assert result["message"]["text"].replace("\\", "").startswith(given_.message.replace("\\", ""))


def _keeps_the_rules(result: dict, ids: list[str], bases: dict) -> None:
    assert set(result) <= {
        *(
            "ruleId",
            "ruleIndex",
            "level",
            "message",
            "locations",
            "relatedLocations",
            "partialFingerprints",
            "properties",
        )
    }
    assert ids[result["ruleIndex"]] == result["ruleId"]  # 3.27.6
    assert result["level"] in ("none", "note", "warning", "error")  # 3.27.10
    for place in (*result["locations"], *result.get("relatedLocations", ())):
        physical = place.get("physicalLocation")
        if physical is None:
            assert place["logicalLocations"][0]["fullyQualifiedName"]  # 3.33.5
            continue
        uri, base = physical["artifactLocation"]["uri"], physical["artifactLocation"]["uriBaseId"]
        assert base in bases  # 3.4.4
        assert re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})+", uri, re.ASCII)  # 3.4.3: a relative reference of RFC 3986
        assert unquote(uri)
        assert physical.get("region", {"startLine": 1})["startLine"] >= 1  # 3.30.5
    assert [each["id"] for each in result.get("relatedLocations", ())] in ([], [1])  # 3.28.2


def test_the_same_complaints_give_the_same_bytes() -> None:
    assert sarif_report(ALL, explanation) == sarif_report(ALL, explanation)


def test_fingerprints_do_not_change_when_lines_are_added_above() -> None:
    twice = Diagnostic("duplicate-message", "it stands there twice; the first time in line 11", Location("a.po", 14))
    moved = replace(twice, message=twice.message.replace("11", "13"), location=Location("a.po", 16))

    def prints(*found: Diagnostic) -> list[str]:
        return [each["partialFingerprints"]["polyleaf/v1"] for each in sarif(found)["runs"][0]["results"]]

    assert prints(twice) == prints(moved)
    assert prints(twice) != prints(replace(twice, location=Location("b.po", 14)))
    assert len(set(prints(twice, moved, LOST))) == 3


# --- the verb -------------------------------------------------------------------------------------------------------------


def test_every_format_tells_the_same() -> None:
    rows = json.loads(run("--format", "json").stdout)
    assert rows
    assert rows == json.loads(run("--json").stdout)
    assert len(json.loads(run("--format", "sarif").stdout)["runs"][0]["results"]) == len(rows)
    assert len(run("--format", "github").stdout.splitlines()) == len(rows)
    assert run("--format", "text").stdout == run().stdout
    assert len(re.findall(r" \[[a-z-]+\]$", run().stdout, re.MULTILINE)) == len(rows)


def test_errors_are_1_in_every_format_and_strict_makes_warnings_errors(tmp_path: Path) -> None:
    root = spoilt(tmp_path)
    for format in ("text", "json", "sarif", "github"):
        assert run("--format", format).exit_code == 0
        assert run("--format", format, "--strict").exit_code == 1
        assert run("--format", format, folder=root).exit_code == 1
    assert re.search(
        r"^::error file=\S*locales/fa/well\.po,line=\d+,title=\w",
        run("--format", "github", folder=root).stdout,
        re.MULTILINE,
    )
    assert "error" in {
        each["level"] for each in json.loads(run("--format", "sarif", "--strict").stdout)["runs"][0]["results"]
    }


@pytest.mark.parametrize("format", ["json", "sarif", "github"])
def test_programs_are_answered_in_their_format_when_the_workspace_cannot_be_read(format: str, tmp_path: Path) -> None:
    root = copy_of(ORCHARD, tmp_path / "orchard")
    (root / "polyleaf.toml").write_text("[site]\n", encoding="utf-8")
    shown = run("--format", format, folder=root)
    assert shown.exit_code == 1
    assert shown.stderr == ""
    if format == "github":
        assert shown.stdout.startswith("::error file=")
    else:
        assert "settings" in json.dumps(json.loads(shown.stdout))


def test_paths_begin_where_the_command_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = spoilt(tmp_path)

    def files(folder: Path) -> set[str]:
        lines = run("--format", "github", folder=folder).stdout.splitlines()
        return {each.split("file=")[1].split(",")[0] for each in lines if "fa/well" in each}

    for here, seen in ((tmp_path, "orchard/locales/fa/well.po"), (root, "locales/fa/well.po")):
        monkeypatch.chdir(here)
        assert files(root) == {seen}
        assert files(Path(Path(seen).parts[0]) if here == tmp_path else Path()) == {seen}
    monkeypatch.chdir(root / "sources")
    assert files(Path("..")) == {"locales/fa/well.po"}


def test_two_formats_are_wrong_usage() -> None:
    assert run("--json", "--format", "sarif").exit_code == 2
    assert run("--format", "pdf").exit_code == 2


def test_a_code_is_explained_without_a_workspace(tmp_path: Path) -> None:
    shown = run("--explain", "torn-file", folder=tmp_path)
    assert shown.exit_code == 0
    assert shown.output == (REPOSITORY / "docs" / "checks" / "torn-file.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", ["torn-fil", "file", "TORN", "../releases", "", "no/such"])
def test_an_unknown_code_is_wrong_usage(code: str) -> None:
    shown = run("--explain", code)
    assert shown.exit_code == 2
    assert "there is no page about" in shown.output


def test_near_codes_are_named() -> None:
    assert "torn-file" in run("--explain", "torn-fil").output
    assert near("untranslatd")[0] == "untranslated"
    assert set(near("registry")) >= {"registry-id", "registry-name"}
    assert near("") == ()
