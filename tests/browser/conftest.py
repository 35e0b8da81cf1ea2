"""A real browser and a server that serves the test catalogue to it."""

from __future__ import annotations

import dataclasses as dc
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import slots
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = "/usr/bin/chromium"


@dc.dataclass
class Visit:
    """What a browser met on one page."""

    page: Page
    status: int
    requests: list[str]
    sideways: int
    violations: list[str]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def server(site_app: Any) -> Iterator[str]:
    """The test catalogue on the port that its site_url names."""
    from ops import instance as instances
    from ops import sites

    port = sites.test_site(instances.test(), slots.number()).port
    running = make_server("127.0.0.1", port, site_app.app, threaded=True)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    running.shutdown()


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Any]:
    """Open a page at a width and report status, requests, sideways scroll and what axe finds (all rules)."""
    contexts = []

    def open_page(path: str, width: int = 412, scripts: bool = True, headers: dict[str, str] | None = None) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, extra_http_headers=headers or {}
        )
        contexts.append(context)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        answer = page.goto(server + path)
        page.wait_for_load_state("networkidle")
        assert answer is not None
        sideways, found = 0, []
        if scripts:
            element = "document.documentElement"
            sideways = page.evaluate(f"{element}.scrollWidth - {element}.clientWidth")
            results = Axe().run(page).response["violations"]
            found = [f"{rule['id']}: {node['html'][:200]}" for rule in results for node in rule["nodes"]]
        return Visit(page, answer.status, asked, sideways, found)

    yield open_page
    for context in contexts:
        context.close()
