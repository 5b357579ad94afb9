"""Finished files are proven: a leaflet of the workspace with all that must be on it, any other as far as can be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from weasyprint import HTML

from pipeline.build import Report, build
from pipeline.diagnostics import InvalidInput
from pipeline.proofing import Proven, prove, read_imprint, read_profile
from pipeline.renditions import Options
from pipeline.typesetting.imposition import Scheme, impose
from pipeline.typesetting.imprint import parse_imprint
from pipeline.workspace import Workspace
from tests import press
from tests.golden import ORCHARD

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folded(finished: tuple[Path, Report], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden workspace, with every edition of a French and a Persian leaflet that is folded, and of one that is not."""
    root = Path(shutil.copytree(finished[0], tmp_path_factory.mktemp("folded") / "orchard", symlinks=True))
    build(
        Workspace(root),
        Options(
            documents=("orchard",),
            locales=("fr", "fa"),
            formats=("a4", "a5", "dl-trifold"),
            editions=("screen", "desk", "shop"),
            jobs=2,
        ),
    )
    return root


def leaflet(root: Path, name: str) -> Path:
    (found,) = (root / "build").rglob(name)
    return found


def proven(root: Path, name: str, profile: str | None = None) -> Proven:
    (proof,) = prove(Workspace(root), [leaflet(root, name)], profile)  # type: ignore[arg-type]  # an edition
    return proof


def codes(proof: Proven) -> list[str]:
    return [each.code for each in proof.diagnostics()]


# --- leaflets of the workspace --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["fr", "fa"])
@pytest.mark.parametrize("format", ["a4", "a5", "dl-trifold"])
@pytest.mark.parametrize("edition", ["screen", "desk", "shop"])
def test_a_leaflet_is_proven_with_all_that_must_be_on_it(folded: Path, tag: str, format: str, edition: str) -> None:
    suffix = "" if edition == "screen" else f".{edition}"
    proof = proven(folded, f"orchard.{tag}.{format}{suffix}.pdf")
    assert (proof.diagnostics(), proof.edition, proof.known) == ((), edition, True)
    assert proof.proof.passed
    asked = set(proof.proof.facts.asked)
    assert asked >= {"text-missing", "text-hidden", "foreign-font", "small-type", "page-count", "qr"}
    uneven = format == "dl-trifold" and edition == "screen"  # a panel is narrower than the others
    assert ("trim-size" in asked) is not uneven


def test_every_leaflet_of_a_build_is_proven(finished: tuple[Path, Report]) -> None:
    root, report = finished
    files = [root / each.path for each in report.artifacts if each.pages]
    assert len(files) == 16
    assert [
        f"{each.path}: {each.diagnostics()}" for each in prove(Workspace(root), files, None) if not each.known
    ] == []
    assert [each.diagnostics() for each in prove(Workspace(root), files, None) if each.diagnostics()] == []


def test_a_text_that_changed_since_is_missed(finished: tuple[Path, Report], tmp_path: Path) -> None:
    root = Path(shutil.copytree(finished[0], tmp_path / "orchard", symlinks=True))
    catalog = root / "locales" / "fr" / "well.po"
    text = catalog.read_text("utf-8")
    catalog.write_text(text.replace("Ouvrez le puits !", "Fermez la fontaine blanche !"), "utf-8")
    proof = proven(root, "well.fr.a4.pdf")
    assert codes(proof) == ["preflight-text-missing"]
    (complaint,) = proof.diagnostics()
    assert "Fermez la fontaine blanche" in complaint.message
    assert complaint.location.path == str(leaflet(root, "well.fr.a4.pdf"))
    assert complaint.severity == "error"


def test_a_signatory_that_is_not_on_the_leaflet_is_missed(finished: tuple[Path, Report], tmp_path: Path) -> None:
    root = Path(shutil.copytree(finished[0], tmp_path / "orchard", symlinks=True))
    source = root / "sources" / "well.md"
    source.write_text(source.read_text("utf-8").replace("[pommier, sib]", "[pommier, sib, apfel]"), "utf-8")
    found = proven(root, "well.fr.a4.pdf").diagnostics()
    assert any("Apfelkreis" in each.message for each in found)


def test_a_code_that_leads_elsewhere_is_refused(finished: tuple[Path, Report], tmp_path: Path) -> None:
    root = Path(shutil.copytree(finished[0], tmp_path / "orchard", symlinks=True))
    settings = root / "polyleaf.toml"
    settings.write_text(settings.read_text("utf-8").replace("orchard.example", "garden.example"), "utf-8")
    assert any(each.code == "preflight-qr" for each in proven(root, "well.fr.a4.pdf").diagnostics())


def test_another_profile_may_be_asked_for(finished: tuple[Path, Report]) -> None:
    proof = proven(finished[0], "well.fr.a4.pdf", "shop")
    assert proof.edition == "shop"
    assert not proof.proof.passed, "the screen edition has neither bleed nor the right inks"


def test_an_organizers_own_leaflets_are_the_workspaces(finished: tuple[Path, Report], tmp_path: Path) -> None:
    root = Path(shutil.copytree(finished[0], tmp_path / "orchard", symlinks=True))
    text = 'country = "FR"\n[contact]\ngroup = "Les Jardins"\n[imprint]\nprinter = "Nous"\nprinter_address = "Lyon"\n'
    own = parse_imprint(text, str(root / "us.toml"))
    report = build(Workspace(root), Options(documents=("well",), locales=("fr",), imprint=own, jobs=1))
    files = [root / each.path for each in report.artifacts]
    assert all(path.is_relative_to(root / "build" / "print") for path in files)
    for proof in prove(Workspace(root), files, None):
        assert (proof.diagnostics(), proof.known) == ((), True)


# --- other files ----------------------------------------------------------------------------------------------------------


def own_file(path: Path) -> Path:
    html = "<html lang=en><title>Mine</title><style>html{font:10pt 'Noto Sans'}</style><p>A page of somebody else."
    path.write_bytes(HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"))
    return path


def test_a_foreign_file_is_proven_as_far_as_can_be_and_what_was_not_asked_is_said(tmp_path: Path) -> None:
    (proof,) = prove(Workspace(ORCHARD), [own_file(tmp_path / "mine.pdf")], None)
    assert (proof.known, proof.edition) == (False, "screen")
    assert {"text-missing", "page-count", "trim-size", "qr"} <= set(proof.proof.facts.skipped)
    assert not set(proof.proof.facts.skipped) & set(proof.proof.facts.asked)
    assert "text-missing" not in codes(proof)


@pytest.mark.parametrize(
    "name",
    [
        "mine.pdf",
        "well.pdf",
        "well.fr.pdf",
        "well.zu.a4.pdf",
        "rill.fr.a4.pdf",
        "well.fr.a9.pdf",
        "well.fr.web.pdf",
        ".pdf",
    ],
)
def test_only_the_name_of_a_leaflet_makes_a_leaflet(tmp_path: Path, name: str) -> None:
    (proof,) = prove(Workspace(ORCHARD), [own_file(tmp_path / name)], None)
    assert not proof.known


def test_outside_a_workspace_files_can_be_proven_too(tmp_path: Path) -> None:
    (proof,) = prove(Workspace(tmp_path), [own_file(tmp_path / "well.fr.a4.pdf")], None)
    assert not proof.known


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"a letter"])
def test_what_is_no_pdf_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.pdf"
    path.write_bytes(content)
    (proof,) = prove(Workspace(ORCHARD), [path], None)
    assert codes(proof) == ["preflight-syntax"]


def test_a_proof_is_plain_values(finished: tuple[Path, Report]) -> None:
    fields = json.loads(json.dumps(proven(finished[0], "well.fr.a4.pdf").as_dict()))
    assert (fields["edition"], fields["known"], fields["passed"], fields["faults"]) == ("screen", True, True, [])
    assert {"path", "asked", "skipped"} <= set(fields)


# --- what a file must have ------------------------------------------------------------------------------------------------


A4_ACROSS = (297, 210)
SCHEMES = (
    Scheme("flat", (148, 210), (148, 210)),
    Scheme("half", A4_ACROSS, (148, 210)),
    Scheme("letter", A4_ACROSS, (100, 210), narrow_mm=97),
    Scheme("accordion", A4_ACROSS, (99, 210)),
    Scheme("gate", A4_ACROSS, (74.25, 210)),
    Scheme("saddle", A4_ACROSS, (148, 210)),
    Scheme("cut", (210, 297), (105, 148), across=2, down=2),
)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.kind)
@pytest.mark.parametrize("pages", [1, 2, 3, 5, 8])
def test_as_many_pages_are_expected_as_are_drawn(
    scheme: Scheme, pages: int, drawn: Callable[[Scheme, int, str, str], int]
) -> None:
    from pipeline.proofing import _page_count

    for edition in ("screen", "desk", "shop"):
        assert _page_count(scheme, edition, pages, "") == drawn(scheme, pages, edition, "both"), edition  # type: ignore[arg-type]
    for sides in ("odd", "even"):
        assert _page_count(scheme, "desk", pages, sides) == drawn(scheme, pages, "desk", sides), sides


@pytest.fixture
def drawn() -> Callable[[Scheme, int, str, str], int]:
    """How many pages a drawn file has."""
    from pipeline.typesetting.sheets import draw_sheets
    from tests.pdf_facts import opened
    from tests.test_sheets import pages_for

    def count(scheme: Scheme, pages: int, edition: str, sides: str) -> int:
        if edition == "screen":
            return pages
        made = draw_sheets(
            pages_for(scheme, pages),
            impose(scheme, pages, "ltr"),
            scheme,
            edition=edition,  # type: ignore[arg-type]
            sides=sides,  # type: ignore[arg-type]
        )
        with opened(made) as pdf:
            return len(pdf.pages)

    return count


# --- what an organizer gives ----------------------------------------------------------------------------------------------


def test_an_imprint_is_read(tmp_path: Path) -> None:
    path = tmp_path / "us.toml"
    path.write_text('country = "FR"\n[contact]\ngroup = "Les Jardins"\n', encoding="utf-8")
    assert read_imprint(path).contact == (("group", "Les Jardins"),)


@pytest.mark.parametrize("content", [b"\xff\xfe", 'country = "FR" # \u00e9'.encode("latin-1"), b"a" * 200_000])
def test_an_imprint_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "us.toml"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as refused:
        read_imprint(path)
    assert {each.location.path for each in refused.value.diagnostics} == {str(path)}
    assert all(each.hint for each in refused.value.diagnostics)


def test_a_profile_of_a_press_is_read(tmp_path: Path) -> None:
    path = tmp_path / "press.icc"
    path.write_bytes(press.profile())
    assert read_profile(path) == press.profile()


@pytest.mark.parametrize(
    "content", [b"", b"not a profile", press.profile(b"RGB ", b"mntr"), press.profile(without="A2B0")]
)
def test_a_profile_of_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "screen.icc"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as refused:
        read_profile(path)
    (complaint,) = refused.value.diagnostics
    assert (complaint.code, complaint.location.path, bool(complaint.hint)) == ("icc-profile", str(path), True)
