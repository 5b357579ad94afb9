"""What several test modules share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.build import Report, build
from pipeline.renditions import Options
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, copy_of

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real material beside the repository; the test is skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip("the material in ../shared is not here")
    return SHARED


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """The golden workspace, built once with all that its settings ask for; nobody changes it."""
    root = copy_of(ORCHARD, tmp_path_factory.mktemp("finished") / "orchard")
    return root, build(Workspace(root), Options(jobs=2))
