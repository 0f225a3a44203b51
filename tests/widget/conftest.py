"""A browser, a page and a server with scripted answers, for tests of the widget."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.widget.fake_server import WIDGET, FakeServer
from tests.widget.pages import ChatPage

# A loaded machine is slow, and slow is not wrong.
expect.set_options(timeout=15_000)

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if item.path.parent == WIDGET.parents[1] / "tests" / "widget":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system. It ends with the module, for while it runs no other event loop can."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "install Chromium, or name it in CHROMIUM"
    assert (WIDGET / "dist" / "widget.js").exists(), "build the widget first: make widget"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A fresh server with scripted answers."""
    server = FakeServer()
    server.begin()
    yield server
    server.end()


@pytest.fixture
def options() -> dict[str, Any]:
    """How the browser's window is set up; tests replace it by parametrising."""
    return {"viewport": DESKTOP}


@pytest.fixture
def context(browser: Browser, options: dict[str, Any]) -> Iterator[BrowserContext]:
    """One borrower's browser."""
    context = browser.new_context(**options)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty tab. A script error or a breach of the content security policy in it fails the test."""
    problems: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if _is_problem(line.text) else None)
    yield page
    assert problems == []


@pytest.fixture
def chat(page: Page, server: FakeServer) -> ChatPage:
    """The chat page, greeted in Chinese."""
    return ChatPage(page).open(f"{server.url}/chat/")


def _is_problem(text: str) -> bool:
    return "Content Security Policy" in text or "Uncaught" in text
