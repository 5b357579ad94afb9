"""What a whole build of the sample costs, beside bare ``write_pdf`` calls, the ``weasyprint`` command, one worker, and no work.

    PYTHONPATH=. python benchmarks/build.py [--runs 3] [--languages 42] [--commands 20] [--only bare,workers,commands,idle,start]

Every figure is a median with its bounds; every ratio is of one run, one thing after the other. The processor time is that of a
command with all its descendants. Which pages are the same: a build listens to itself once, and each page that it hands to
WeasyPrint is written down as HTML with the type size that was fitted. From those files, with the same sealed fonts,

- *per artifact*: ``HTML(file).write_pdf()`` for every PDF that the build made: the edition for the screen as PDF/UA-1, as ours,
  the one for the desk without tags and not imposed; so each page twice, which is what a script without editions would do;
- *per layout*: every page once only, as PDF/UA-1. This is stricter: the build has a desk edition besides.

One warm process does both, with plain WeasyPrint; what it takes to start is not counted against us.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import POLYLEAF, REPOSITORY, Spent, figures, machine, ratios, spend, table

#: Put before everything else on the path of a build's processes: writes down what the typesetter is given, and how it was set.
LISTENER = """
import importlib.abc, importlib.util, os, pickle, sys, tempfile

class Listener(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "pipeline.typesetting.engine":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def listening(module):
            execute(module)
            typeset = module.typeset

            def heard(page, finishes, *more, **named):
                leaflets = typeset(page, finishes, *more, **named)
                first = leaflets[0]
                if first.pdf and not first.shortened:
                    style = module._style(page, first.setting)
                    handle, path = tempfile.mkstemp(".page", dir=os.environ["LISTEN_IN"])
                    with os.fdopen(handle, "wb") as file:
                        pickle.dump((page.html, style, page.pictures, page.locale, first.pages,
                                     [each.name for each in finishes], os.environ["FONTCONFIG_FILE"]), file)
                return leaflets

            module.typeset = heard

        spec.loader.exec_module = listening
        return spec

sys.meta_path.insert(0, Listener())
"""
#: One warm process: each page as PDF/UA-1, then again plainly; says the seconds of both.
BARE = """
import sys, time
from weasyprint import HTML
HTML(string="<p>warm</p>").write_pdf()
tagged = plain = 0.0
for line in open(sys.argv[1], encoding="utf-8"):
    name, screen, desk = line.split()
    begun = time.process_time()
    if int(screen):
        open(name[:-4] + "pdf", "wb").write(HTML(name).write_pdf(pdf_variant="pdf/ua-1"))
    middle = time.process_time()
    for _ in range(int(desk)):
        open(name[:-4] + "pdf", "wb").write(HTML(name).write_pdf())
    tagged, plain = tagged + middle - begun, plain + time.process_time() - middle
print("seconds", tagged, plain)
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A page as the build set it: its file of HTML, how many PDFs it became besides that for the screen."""

    file: Path
    on_screen: bool
    others: int
    pages: int


@dataclass(frozen=True, slots=True)
class Papers:
    """All pages of a build, and the sealed fonts it had."""

    every: tuple[Paper, ...]
    fontconfig: str


def sample(folder: Path, languages: int) -> Path:
    """A copy of the sample without what was made of it, in so many languages."""
    root = folder / "sample"
    shutil.copytree(REPOSITORY / "sources", root / "sources")
    tags = sorted(path.name for path in (REPOSITORY / "locales").iterdir() if (path / "own-language.po").is_file())
    kept = set(tags[:languages])
    for path in (REPOSITORY / "locales").iterdir():
        if path.is_dir() and (path.name in kept or path.name not in tags) and not path.name.startswith("."):
            shutil.copytree(path, root / "locales" / path.name)
    settings = (REPOSITORY / "polyleaf.toml").read_text("utf-8")
    unwanted = sorted(set(tags) - kept)
    if unwanted:
        settings += f"\n[languages]\nremove = {json.dumps(unwanted)}\n"
    (root / "polyleaf.toml").write_text(settings, "utf-8")
    return root


def build(root: Path, *options: str, clean: bool = True, **environment: str) -> Spent:
    """What ``polyleaf build`` costs; from nothing, unless it is not to be clean."""
    if clean:
        shutil.rmtree(root / "build", ignore_errors=True)
    return spend([*POLYLEAF, "build", *options], root, environment)


def papers(root: Path, folder: Path) -> Papers:
    """The pages of a clean build, written down as HTML by a build that listens."""
    (folder / "listener").mkdir()
    (folder / "listener/sitecustomize.py").write_text(LISTENER, "utf-8")
    (folder / "heard").mkdir()
    code = os.environ.get("POLYLEAF_CODE", str(REPOSITORY))
    build(root, LISTEN_IN=str(folder / "heard"), PYTHONPATH=f"{folder / 'listener'}{os.pathsep}{code}")
    found, fontconfig = [], ""
    for path in sorted((folder / "heard").glob("*.page")):
        html, style, pictures, locale, pages, finishes, fontconfig = pickle.loads(path.read_bytes())  # noqa: S301  # ours
        for address, content in pictures:
            name = address.removeprefix("asset:/")
            (folder / "heard" / name).write_bytes(content)
            html = html.replace(address, name)
        file = path.with_suffix(f".{locale}.html")
        file.write_text(html.replace("</head>", f"<style>{style}</style></head>", 1), "utf-8")
        screens = finishes.count("screen")
        found.append(Paper(file, bool(screens), len(finishes) - screens, pages))
    made = len(list((root / "build/site").rglob("*.pdf")))
    if sum(each.on_screen + each.others for each in found) != made:
        raise SystemExit(f"heard of {len(found)} pages, which are not the {made} PDFs that were made")
    return Papers(tuple(found), fontconfig)


def bare(these: Papers, folder: Path) -> tuple[float, float]:
    """Processor seconds of plain ``write_pdf`` calls in one warm process: for the screen, and for the other editions."""
    (folder / "list").write_text(
        "".join(f"{each.file} {int(each.on_screen)} {each.others}\n" for each in these.every), "utf-8"
    )
    program = [sys.executable, "-c", BARE, str(folder / "list")]
    said = spend(program, folder, {"FONTCONFIG_FILE": these.fontconfig}).output
    tagged, plain = re.findall(r"^seconds (\S+) (\S+)", said, re.MULTILINE)[0]
    return float(tagged), float(plain)


def commands(these: Papers, count: int) -> float:
    """Processor seconds of one ``weasyprint`` command for every PDF, reckoned up from a sample of the pages."""
    chosen = random.Random(5).sample(these.every, min(count, len(these.every)))
    program, used, made = str(Path(sys.executable).with_name("weasyprint")), 0.0, 0
    for each in chosen:
        for variant in [
            *(["--pdf-variant", "pdf/ua-1"] for _ in range(each.on_screen)),
            *([] for _ in range(each.others)),
        ]:
            command = [program, "-q", *variant, str(each.file), str(each.file.with_suffix(".pdf"))]
            used += spend(command, each.file.parent, {"FONTCONFIG_FILE": these.fontconfig}).cpu
            made += 1
    return used / made * sum(each.on_screen + each.others for each in these.every)


def beside_bare(root: Path, folder: Path, chosen: argparse.Namespace) -> list[tuple[str, object, str]]:
    """Rows: whole clean builds beside bare calls, and beside commands."""
    these = papers(root, folder)
    ours, tagged, plain, each_its_own = [], [], [], []
    for _ in range(chosen.runs):
        ours.append(build(root).cpu)
        screen, other = bare(these, folder)
        tagged.append(screen)
        plain.append(other)
        if "commands" in chosen.only:
            each_its_own.append(commands(these, chosen.commands))
    made = sum(each.on_screen + each.others for each in these.every)
    everything = [one + other for one, other in zip(tagged, plain, strict=True)]
    rows: list[tuple[str, object, str]] = [
        (f"clean build, all of it ({made} PDFs of {len(these.every)} layouts, and the site), CPU s", figures(ours), ""),
        ("bare write_pdf per artifact, CPU s", figures(everything), ""),
        ("bare write_pdf per layout, CPU s", figures(tagged), ""),
        ("build ÷ bare per artifact", ratios(ours, everything), "≤ 1.0"),
        ("build ÷ bare per layout (stricter)", ratios(ours, tagged), ""),
    ]
    if each_its_own:
        rows += [
            (f"a command per PDF ({chosen.commands} pages measured, reckoned up), CPU s", figures(each_its_own), ""),
            ("commands ÷ build", ratios(each_its_own, ours), "≥ 3"),
        ]
    return rows


def workers(root: Path, runs: int) -> list[tuple[str, object, str]]:
    """Rows: one worker and two, on the clock."""
    turns = [(build(root, "-j", "1"), build(root, "-j", "2")) for _ in range(runs)]
    one, two = ([turn[place].wall for turn in turns] for place in (0, 1))
    return [
        ("clean build with 1 worker, s", figures(one), ""),
        ("clean build with 2 workers, s", figures(two), ""),
        ("times as fast with 2", ratios(one, two), "≥ 1.8"),
        ("memory of all processes with 2 workers, MB", figures(turn[1].together_mb for turn in turns), ""),
    ]


def idle(root: Path, runs: int) -> list[tuple[str, object, str]]:
    """Rows: builds of which nothing changed."""
    build(root, clean=not (root / "build/site").is_dir())
    turns = [build(root, clean=False) for _ in range(max(runs, 5))]
    return [
        ("no-op build, s", figures(each.wall for each in turns), "< 1"),
        ("no-op build, CPU s", figures(each.cpu for each in turns), ""),
    ]


def start(folder: Path, runs: int) -> list[tuple[str, object, str]]:
    """Rows: how long it takes to say a version, warm, and what an empty Python takes."""
    turns = [
        (spend([*POLYLEAF, "--version"], folder), spend([sys.executable, "-c", "pass"], folder))
        for _ in range(max(runs, 15))
    ]
    return [
        ("polyleaf --version, s", figures(each.wall for each, _ in turns), "< 0.15"),
        ("an empty Python, s", figures(each.wall for _, each in turns), ""),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--languages", type=int, default=1000, help="of the sample, so many only")
    parser.add_argument("--commands", type=int, default=20, help="pages that are measured with a command each")
    parser.add_argument("--only", default="bare,commands,workers,idle,start", help="some of these, with commas")
    chosen = parser.parse_args()
    chosen.only = chosen.only.split(",")
    print(machine(), flush=True)
    rows: list[tuple[str, object, str]] = []
    with tempfile.TemporaryDirectory(prefix="polyleaf-build-") as temporary:
        root = sample(Path(temporary), chosen.languages)
        if "start" in chosen.only:
            rows += start(root, chosen.runs)
        if "bare" in chosen.only:
            rows += beside_bare(root, Path(temporary), chosen)
        if "workers" in chosen.only:
            rows += workers(root, chosen.runs)
        if "idle" in chosen.only:
            rows += idle(root, chosen.runs)
    print(table(("what", "median (bounds)", "bar"), rows))
    print(machine())


if __name__ == "__main__":
    main()
