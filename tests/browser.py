"""A real browser for the tests: Chromium, driven by Playwright, on a site served from this machine and nothing else."""

from __future__ import annotations

import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.golden import REPOSITORY, polyleaf

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()
TEST_DATA = REPOSITORY / ".venv" / "test-data"
# Documents and languages that get a leaflet, too: all scripts that the tests look at.
LANGUAGES = ("ar", "bn", "de", "el", "en", "ta", "ur")
DOCUMENT = "own-language"
WINDOWS = ((320, 800), (1280, 800))
_CSP = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""


@dataclass(slots=True)
class Seen:
    """A page that is open, with what it asked for and what the browser complained of since then."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """What its Content-Security-Policy has forbidden."""
        found: list[str] = self.page.evaluate("window.violations")
        return found

    def complaints(self) -> list[str]:
        """All that a page may have none of: errors of its own, what the policy forbids, what it asks of others."""
        mine = self.page.url.split("/", 3)[:3] if self.page.url.startswith("http") else ["file:"]
        strangers = [each for each in self.requests if each.split("/", 3)[: len(mine)] != mine]
        return [*self.errors, *self.violations(), *(f"asks for {each}" for each in strangers)]


def fetched(name: str) -> Path:
    """A file of an npm package that tools/setup.sh has fetched; the test is skipped where it is not."""
    path = TEST_DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not in .venv/test-data: “sh tools/setup.sh dev” fetches it")
    return path


def launch(playwright: Playwright, *flags: str) -> Browser:
    """The browser of this machine; the test is skipped where there is none. Playwright brings none of its own."""
    program = next(filter(None, map(shutil.which, BROWSERS)), "")
    if not program:
        pytest.skip("there is no Chromium")
    return playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])


@contextmanager
def opened(browser: Browser, address: str, **settings: object) -> Iterator[Seen]:
    """A page in a window of its own, with nothing remembered. ``settings`` are those of Playwright's ``new_context``."""
    context = browser.new_context(**settings)  # type: ignore[arg-type]  # a name for each would only repeat theirs
    try:
        context.set_default_timeout(15_000)
        context.set_default_navigation_timeout(60_000)  # a machine may have other work
        context.add_init_script(_CSP)
        seen = Seen(context.new_page())

        def keep_request(request: Request) -> None:
            if not request.url.startswith("data:"):
                seen.requests.append(request.url)

        def keep_message(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                seen.errors.append(message.text)

        context.on("request", keep_request)
        seen.page.on("console", keep_message)
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        seen.page.goto(address, wait_until="load")
        yield seen
    finally:
        context.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # the browser's own idea, not the page's
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address, with no stroke at its end, at which a folder is served by a server of its own."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sample_site(folder: Path) -> Path:
    """``build/site`` of the sample: every web page, and a leaflet for the screen in some languages.

    Made once in ``folder``, however many processes ask for it. POLYLEAF_SITE in the environment names one that is built already.
    """
    if ready := os.environ.get("POLYLEAF_SITE"):
        return Path(ready)
    workspace = folder / "sample"
    with FileLock(folder / "sample.lock"):
        if not (folder / "sample.whole").exists():
            shutil.rmtree(workspace, ignore_errors=True)
            _build_sample(workspace)
            (folder / "sample.whole").touch()
    return workspace / "build" / "site"


def _build_sample(workspace: Path) -> None:
    for name in ("sources", "locales", "templates"):
        shutil.copytree(REPOSITORY / name, workspace / name, ignore=shutil.ignore_patterns(".lock", ".ledger"))
    settings = (REPOSITORY / "polyleaf.toml").read_text(encoding="utf-8")
    one_leaflet = settings.replace('["web", "a4", "dl-trifold"]', '["web", "a4"]').replace('"desk"', "")
    assert one_leaflet != settings
    web_only = one_leaflet.replace('["web", "a4"]', '["web"]')
    (workspace / "polyleaf.toml").write_text(web_only, encoding="utf-8")
    _build(workspace)
    (workspace / "polyleaf.toml").write_text(one_leaflet, encoding="utf-8")
    _build(workspace, DOCUMENT, *(option for tag in LANGUAGES for option in ("-l", tag)))


def _build(workspace: Path, *only: str) -> None:
    done = polyleaf("-C", workspace, "build", *only)
    assert done.returncode == 0, done.stderr.decode()
