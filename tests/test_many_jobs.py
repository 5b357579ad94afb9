"""A release that several jobs have shared is the release that one would have made, to the byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.gate import Lenience
from pipeline.releasing import Released, Shared, Wish, release
from pipeline.report import Report
from pipeline.sharding import Shard
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, copy_of, sums

DRAFTS = Lenience(drafts=True)


@pytest.mark.slow
def test_shards_put_together_are_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLYLEAF_CACHE", raising=False)
    alone = Workspace(copy_of(ORCHARD, tmp_path / "alone"))
    assert isinstance(release(alone, Wish("1.0", lenience=DRAFTS)), Released)
    folders = []
    for index in (1, 2):
        job = Workspace(copy_of(ORCHARD, tmp_path / f"job{index}"))
        shared = release(job, Wish("1.0", lenience=DRAFTS, shard=Shard(index, 2), jobs=1))
        assert isinstance(shared, Shared)
        assert not (job.root / "build" / "release" / "1.0").exists()
        folders.append(Path(shutil.copytree(job.root / shared.path, tmp_path / "fetched" / str(index))))
    last = Workspace(copy_of(ORCHARD, tmp_path / "last"))
    made: list[Report] = []

    def listening(*arguments: object) -> Report:
        from pipeline.build import build

        made.append(build(*arguments))  # type: ignore[arg-type]  # a workspace, options, progress
        return made[-1]

    released = release(last, Wish("1.0", lenience=DRAFTS, joined=tuple(folders)), build=listening)
    assert isinstance(released, Released)
    assert all(each.cached for each in made[0].artifacts if each.pages), "nothing is typeset again"
    assert sums(last.root / "build" / "release" / "1.0") == sums(alone.root / "build" / "release" / "1.0")
