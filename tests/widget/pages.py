"""The chat page as a borrower uses it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

# A turn of the real bot takes a second or two; a loaded machine more.
TURN_MS = 30_000
_OWN = re.compile(r"\bborrower\b")


class ChatPage:
    """A page that holds the chat. Everything is found by what a borrower sees or hears."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.get_by_role("log")
        self.field = page.locator("respite-chat textarea")
        self.messages = self.log.locator(".message")

    def open(self, url: str) -> ChatPage:
        """Go to the page and wait for the bot's first words."""
        self.page.goto(url)
        self.wait_turn()
        return self

    def say(self, text: str) -> ChatPage:
        """Type a text, send it, and wait for the answer."""
        self.send(text)
        return self.wait_turn()

    def send(self, text: str) -> ChatPage:
        """Type a text and send it, without waiting."""
        self.field.fill(text)
        self.field.press("Enter")
        return self

    def press(self, title: str) -> ChatPage:
        """Press the newest open button with this title, and wait for the answer."""
        self.button(title).click()
        return self.wait_turn()

    def button(self, title: str) -> Locator:
        """The newest button in the conversation with this title that can be pressed."""
        return self.log.get_by_role("button", name=title, exact=True, disabled=False).last

    def wait_turn(self) -> ChatPage:
        """Wait until the bot has finished: something is there and no reply is under way."""
        expect(self.messages.first).to_be_visible(timeout=TURN_MS)
        expect(self.log.locator(".typing")).to_have_count(0, timeout=TURN_MS)
        expect(self.log.locator(".message").last).not_to_have_class(_OWN, timeout=TURN_MS)
        return self

    def last_texts(self) -> list[str]:
        """What the bot or a person said since the borrower last spoke, cards with all their words."""
        texts: list[str] = []
        for message in reversed(self.messages.all()):
            if "borrower" in (message.get_attribute("class") or ""):
                break
            texts.insert(0, _words(message))
        return texts

    def all_texts(self) -> list[str]:
        """Everything in the conversation, the borrower's words too."""
        return [_words(message) for message in self.messages.all()]

    def language(self, name: str) -> ChatPage:
        """Switch to "中文" or "English"."""
        self.page.get_by_role("button", name=name, exact=True).click()
        return self.wait_turn()


def _words(message: Locator) -> str:
    """The words of a bubble or card, without the line that names its author."""
    parts = message.locator(".bubble, .card, .offers").all()
    return "\n".join(part.inner_text() for part in parts)
