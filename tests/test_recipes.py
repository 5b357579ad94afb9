"""The recipes for CI are true: valid by the official schemas, and each of their commands runs, in the order of the jobs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.golden import ORCHARD, REPOSITORY, copy_of, sums

RECIPES = REPOSITORY / "docs" / "recipes"
GITHUB, GITLAB = RECIPES / "github-actions.yml", RECIPES / "gitlab-ci.yml"
VENV = Path(sys.executable).parent
VERSIONS = ("v1.0", "v1.1")


@dataclass(frozen=True, slots=True)
class Script:
    """What one job says to bash, in one go; its environment, without that of all jobs; and what it needs and keeps."""

    job: str
    lines: str
    environment: Mapping[str, str] = field(default_factory=dict)


def parsed(path: Path) -> dict[str, Any]:
    """A recipe as the forge reads it: GitLab puts the lines that ``!reference`` names in its place."""
    reader = YAML(typ="safe")
    reader.constructor.add_constructor("!reference", lambda _, node: ("reference", node.value[0].value))
    loaded: dict[str, Any] = reader.load(path)
    for job in loaded.values():
        if isinstance(job, dict) and isinstance(job.get("script"), list):
            lines = [loaded[line[1]]["script"] if isinstance(line, tuple) else [line] for line in job["script"]]
            job["script"] = [line for each in lines for line in each]
    return loaded


# --- GitHub ---------------------------------------------------------------------------------------------------------------


def github_scripts(version: str) -> Iterator[Script]:
    """The ``run:`` of each job, joined: a matrix is a job for each of its values."""
    workflow = parsed(GITHUB)
    for name in ("check", "build", "release", "publish"):
        job = workflow["jobs"][name]
        for shard in job.get("strategy", {}).get("matrix", {}).get("shard", [0]):
            known = {
                "matrix.shard": str(shard),
                "strategy.job-total": "2",
                "github.token": "token",
                "github.ref_name": version,
                "github.ref": f"refs/tags/{version}",
            }
            environment = {"GITHUB_REF_TYPE": "tag", **workflow["env"], **job.get("env", {})}
            steps = [step["run"] for step in job["steps"] if "run" in step]
            # Steps are shells of their own, and learn from one another by the file that $GITHUB_ENV names.
            lines = "\n".join(
                f'(\n{step}\n)\nset -a; [ ! -f "$GITHUB_ENV" ] || . "$GITHUB_ENV"; set +a' for step in steps
            )
            yield Script(name, lines, {key: filled(str(value), known) for key, value in environment.items()})


def filled(text: str, known: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ *(\S+) *\}\}", lambda found: known[found[1]], text)


def gitlab_scripts(version: str) -> Iterator[Script]:
    """``before_script`` and ``script`` of each job, which are one shell."""
    pipeline = parsed(GITLAB)
    shared = pipeline[".polyleaf"]["before_script"]
    for name in ("check", "build", "release", "pages"):
        job = pipeline[name]
        total = job.get("parallel", 1)
        for index in range(1, total + 1):
            lines = [*(shared if job.get("extends") else []), *job["script"]]
            known = {
                "CI_COMMIT_TAG": version,
                "CI_JOB_TOKEN": "token",
                "CI_API_V4_URL": "https://gitlab.example/api/v4",
                "CI_PROJECT_ID": "7",
                "CI_NODE_INDEX": str(index),
                "CI_NODE_TOTAL": str(total),
            }
            stated = {key: str(value) for key, value in {**pipeline["variables"], **job.get("variables", {})}.items()}
            expanded = {key: Template(text).substitute(known) for key, text in stated.items()}
            yield Script(name, "\n".join(lines), {**known, **expanded})


@pytest.mark.parametrize(
    ("path", "schema", "more"),
    [(GITHUB, "vendor.github-workflows", ()), (GITLAB, "vendor.gitlab-ci", ("--data-transform", "gitlab-ci"))],
    ids=["GitHub", "GitLab"],
)
def test_a_recipe_is_valid_by_its_schema(path: Path, schema: str, more: tuple[str, ...]) -> None:
    checker = VENV / "check-jsonschema"
    if not checker.is_file():
        pytest.skip("check-jsonschema is not installed")
    run = subprocess.run(
        [checker, "--builtin-schema", schema, *more, path], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("scripts", [github_scripts, gitlab_scripts], ids=["GitHub", "GitLab"])
def test_every_script_is_bash(scripts: Any) -> None:  # either
    made = list(scripts("v1.0"))
    assert [script.job for script in made][:4] == ["check", "build", "build", "release"]
    for script in made:
        run = subprocess.run(["bash", "-n"], input=script.lines, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        assert "${{" not in script.lines, "an expression in a script lets a branch's name become a command"


def test_the_packages_are_those_of_the_set_up() -> None:
    setup = (REPOSITORY / "tools" / "setup.sh").read_text("utf-8")
    wanted = re.search(r"SYSTEM_RUN='([^']+)'", setup)
    assert wanted
    for stated in (parsed(GITHUB)["env"]["PACKAGES"], parsed(GITLAB)["variables"]["PACKAGES"]):
        assert sorted(stated.split()) == sorted(wanted[1].split())


def test_no_job_has_more_rights_than_it_needs() -> None:
    workflow = parsed(GITHUB)
    assert workflow["permissions"] == {"contents": "read"}
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert rights == {
        "release": {"contents": "write"},
        "publish": {"pages": "write", "id-token": "write"},
    }
    actions = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in actions)
    checkouts = [
        step for job in workflow["jobs"].values() for step in job["steps"] if "checkout" in step.get("uses", "")
    ]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_only_a_tag_is_published() -> None:
    jobs = parsed(GITHUB)["jobs"]
    assert jobs["release"]["if"] == "github.ref_type == 'tag'"
    assert jobs["publish"]["needs"] == "release"
    pipeline = parsed(GITLAB)
    assert [pipeline[name]["rules"] for name in ("release", "pages")] == [[{"if": "$CI_COMMIT_TAG =~ /^v/"}]] * 2


def test_what_a_reader_is_told_is_in_the_recipes() -> None:
    text = (RECIPES / "README.md").read_text("utf-8")
    for said in re.findall(r"\]\(([^)]+)\)", text):
        assert (RECIPES / said).is_file()
    assert "shard: [1, 2]" in GITHUB.read_text("utf-8")
    assert "parallel: 2" in GITLAB.read_text("utf-8")


# --- run ------------------------------------------------------------------------------------------------------------------

#: What stands in for the machines of GitHub and GitLab: installing is none of ours; a folder keeps the files of releases.
_STANDINS = {
    "sudo": 'exec "$@"',
    "apt-get": "exit 0",
    "python": 'if [ "$1 $2 $3" = "-m pip install" ]; then exit 0; fi; exec {python} "$@"',
    "gh": """case "$1 $2" in
"release view") [ -d "$KEPT/$3" ] ;;
"release create") mkdir -p "$KEPT/$3" ;;
"release upload") shift 2; version=$1; shift 2; cp "$@" "$KEPT/$version/" ;;
"release download") [ -d "$KEPT/$3" ] || exit 1; mkdir -p "$7"; cp "$KEPT/$3"/$5 "$7/" ;;
*) exit 2 ;;
esac""",
    "curl": """output= upload= address=
while [ $# -gt 0 ]; do
    case $1 in
    --output) output=$2; shift ;;
    --upload-file) upload=$2; shift ;;
    --header) shift ;;
    https://*) address=${{1#https://}} ;;
    esac
    shift
done
case $address in gitlab.example/api/v4/projects/7/packages/generic/resolutions/v*/*) ;; *) exit 2 ;; esac
mkdir -p "$(dirname "$KEPT/$address")"
if [ -n "$upload" ]; then cp "$upload" "$KEPT/$address"; else cp "$KEPT/$address" "$output" 2>/dev/null || exit 22; fi""",
}


def machine(folder: Path) -> dict[str, str]:
    """The environment of a machine with what the recipes take for granted."""
    programs = folder / "bin"
    programs.mkdir()
    for name, body in _STANDINS.items():
        path = programs / name
        path.write_text(
            "#!/bin/bash\n" + body.replace("{python}", sys.executable).replace("{{", "{").replace("}}", "}")
        )
        path.chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if key not in ("SOURCE_DATE_EPOCH", "GITHUB_ENV")}
    return {**kept, "PATH": f"{programs}:{VENV}:{os.environ['PATH']}", "KEPT": str(folder / "kept")}


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@invalid", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def run(scripts: Iterator[Script], root: Path, environment: Mapping[str, str], work: Path) -> Path:
    """Run the jobs, each in a clone of its own, with the artifacts of those before; the folder that is published."""
    for number, script in enumerate(scripts):
        place = work / f"{number}-{script.job}"
        git(root, "clone", "--quiet", str(root), str(place))
        for made in sorted(work.glob("*-*/build/shards")) if script.job == "release" else ():
            copy(made, place / "build" / "shards")
        if script.job == "pages":
            copy(work / f"{number - 1}-release" / "build" / "release", place / "build" / "release")
        done = subprocess.run(
            ["bash", "-euo", "pipefail"],
            input=script.lines,
            cwd=place,
            env={**environment, **script.environment, "GITHUB_ENV": str(work / f"{number}.env")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{script.job}: {done.stdout}{done.stderr}"
    public, released = sorted(work.glob("*-pages/public")), sorted(work.glob("*-release/build/release/*/site"))
    return (public or released)[0]


def copy(folder: Path, to: Path) -> None:
    shutil.copytree(folder, to, dirs_exist_ok=True)


@pytest.mark.parametrize(
    "scripts",
    [
        pytest.param(github_scripts, id="GitHub", marks=pytest.mark.slow),
        pytest.param(gitlab_scripts, id="GitLab", marks=pytest.mark.long),
    ],
)
def test_a_recipe_publishes(scripts: Any, tmp_path: Path) -> None:  # either
    """Two releases one after another: the second gets the first, and what has fallen behind stays in it."""
    root = copy_of(ORCHARD, tmp_path / "orchard")
    environment = machine(tmp_path)
    git(root, "init", "--quiet", "--initial-branch=main")
    (root / ".gitignore").write_text("build/\n", "utf-8")
    published = []
    for version in VERSIONS:
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", version)
        git(root, "tag", version)
        work = tmp_path / version
        work.mkdir()
        published.append(run(scripts(version), root, environment, work))
        source = root / "sources" / "orchard.md"
        source.write_text(source.read_text("utf-8") + "\nWe meet again in spring.\n", "utf-8")
    first, second = published
    assert (first / "index.html").is_file()
    assert "We meet again" in (second / "orchard" / "en" / "index.html").read_text("utf-8")
    assert "We meet again" not in (second / "orchard" / "fr" / "index.html").read_text("utf-8")
    old, new = sums(first / "orchard" / "fr"), sums(second / "orchard" / "fr")
    leaflets = {name for name in old if name.endswith(".pdf")}
    assert leaflets
    assert {name: new[name] for name in leaflets} == {name: old[name] for name in leaflets}
    kept = sorted((tmp_path / "kept").rglob("*.zip"))
    assert kept
    assert all(zipfile.is_zipfile(path) for path in kept)
