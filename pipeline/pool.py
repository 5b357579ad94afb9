"""The processes that typeset: sealed fonts in, pages in, leaflets out."""

from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor

from pipeline.fonts import FontSet
from pipeline.typesetting.leaflet import Leaflet
from pipeline.typesetting.page import Page


def worker_pool(fonts: FontSet, jobs: int, tasks: int) -> ProcessPoolExecutor:
    """Processes that typeset with the sealed fonts and nothing else."""
    workers = max(1, min(jobs or os.cpu_count() or 1, tasks))
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start_worker, (fonts,))


_FONTS: dict[str, tuple[str, ...]] = {}


def _start_worker(fonts: FontSet) -> None:
    """Seal the process before anything of Pango's is loaded."""
    os.environ["FONTCONFIG_FILE"] = fonts.configuration
    os.environ.pop("FONTCONFIG_PATH", None)
    _FONTS.update(fonts.families)


def work_on(page: Page) -> tuple[Leaflet, float]:
    """In a worker: the leaflet of a page, and the processor seconds it took."""
    from pipeline.typesetting.engine import typeset

    begun = time.process_time()
    leaflet = typeset(page, _FONTS)
    return leaflet, time.process_time() - begun
