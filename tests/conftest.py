"""What several test modules share."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real material beside the repository; the test is skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip("the material in ../shared is not here")
    return SHARED
