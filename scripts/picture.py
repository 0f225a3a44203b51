"""Takes the README's picture, docs/images/conversation.png, of a real conversation on the real page.

Needs a trained model, the built widget and Chromium: `.venv/bin/python scripts/picture.py [zh|en] [FILE]`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import requests
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.conversations import people, steps  # noqa: E402
from tests.support.stack import Stack  # noqa: E402
from tests.widget.pages import ChatPage  # noqa: E402

WINDOW = {"width": 1180, "height": 900}
PAGE_LANGUAGE = {"zh": "中文", "en": "English"}


def talk(chat: ChatPage, stack: Stack, person: people.Person, words: steps.Words) -> None:
    """From a lost job to the offers."""
    chat.say(words.lost_job).say(words.agree).say(person.phone).say(person.last_four)
    codes = requests.get(f"{stack.base_url}/chat/demo/outbox", timeout=10).json()
    chat.say(codes[0]["code"]).say(words.agree).say(words.three_months_ago)
    chat.press(words.temporary).press(words.household)
    chat.say(words.income).say(words.housing).say(words.living).say(words.debts).say(words.right)


def main(language: str, file: Path, window: dict[str, int]) -> None:
    """Hold the conversation and take the picture when the offers are on the table."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with Stack() as stack, tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        person = people.invent(stack.store, Path(folder), stack.today)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport=window, device_scale_factor=1.5)
        chat = ChatPage(page).open(f"{stack.base_url}/chat/")
        if language != "zh":
            chat.language(PAGE_LANGUAGE[language])
        talk(chat, stack, person, steps.WORDS[language])
        page.screenshot(path=str(file))
        browser.close()


if __name__ == "__main__":
    language = sys.argv[1] if len(sys.argv) > 1 else "zh"
    file = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs" / "images" / "conversation.png"
    main(language, file, {"width": 390, "height": 844} if "phone" in file.name else WINDOW)
