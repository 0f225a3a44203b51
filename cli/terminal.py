"""The conversation of `respite shell`: what is typed goes to the bot, what it answers is printed.

A number presses a button of the last answer. In a pipe the same is read from lines and printed as plain text,
with each line repeated, so that the output reads as the conversation.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

from rich.console import Console
from rich.text import Text

from cli import cards
from cli.cards import Button
from cli.chat import Chat, Message
from cli.output import PIPE_WIDTH

STOP = "/stop"
SCHEDULE = "/schedule"
PROMPT = "> "
HELP = f"A number presses a button, {SCHEDULE} 2 shows when option 2 is paid, {STOP} ends the talk."


def talk(base_url: str, language: str, console: Console, after_turn: Callable[[], None]) -> None:
    """Talk with the bot at `base_url` until /stop or the end of the input.

    `after_turn` is called after each answer, before the next line is read. Raises `ChatEnded`.
    """
    shown = console if console.is_terminal else Console(file=console.file, width=PIPE_WIDTH)
    shown.print(HELP, highlight=False)
    screen = Screen(shown, base_url)
    with Chat(base_url, screen.show) as chat:
        screen.in_turn(partial(chat.start, language))
        for line in _lines(shown):
            if line == STOP:
                return
            if not screen.answers_itself(line):
                screen.in_turn(partial(_send, chat, screen.pressed(line), line))
                after_turn()


def _send(chat: Chat, button: Button | None, line: str) -> None:
    if button is not None:
        chat.press(button["payload"])
    else:
        chat.say(line)


def _lines(console: Console) -> Iterator[str]:
    """What is typed, without empty lines, until the end of the input."""
    if console.is_terminal and sys.stdin.isatty():
        with suppress(ImportError):
            import readline  # noqa: F401  gives `input` its line editing, also over double-width characters
    with suppress(EOFError):
        while True:
            line = _read(console).strip()
            if line:
                yield line


def _read(console: Console) -> str:
    if sys.stdin.isatty():
        return input(PROMPT)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    console.print(Text(PROMPT + line.strip()))
    return line


class Screen:
    """What is on the screen: prints messages as they come, and knows the buttons that can be pressed."""

    def __init__(self, console: Console, base_url: str) -> None:
        self._console = console
        self._base_url = base_url
        self._lock = threading.Lock()
        self._buttons: list[Button] = []
        self._offers: Message = {}
        self._turn_is_open = False

    def in_turn(self, turn: Callable[[], None]) -> None:
        """Run `turn`; its buttons replace those of the turn before, and are listed at its end."""
        self._buttons, self._turn_is_open = [], True
        try:
            turn()
        finally:
            self._turn_is_open = False
        if self._buttons:
            self._console.print(cards.numbered(self._buttons))

    def show(self, message: Message) -> None:
        """Print a message; what a person writes can come while a line is being typed."""
        with self._lock:
            if not self._turn_is_open:
                self._console.print()
            for part in cards.drawn(message, self._base_url):
                self._console.print(_by_a_person(part) if message.get("author") == "person" else part)
            self._console.print()
            self._buttons += cards.buttons_of(message)
            if (message.get("card") or {}).get("type") == "offers":
                self._offers = message
            if not self._turn_is_open and self._console.is_terminal:
                self._console.print(PROMPT, end="")

    def pressed(self, line: str) -> Button | None:
        """The button whose number was typed, in any script's digits; None for anything else."""
        number = int(line) if line.isdecimal() else 0
        return self._buttons[number - 1] if 1 <= number <= len(self._buttons) else None

    def answers_itself(self, line: str) -> bool:
        """Prints the schedule that `/schedule 2` asks for; False when the line is for the bot."""
        command, _, option = line.partition(" ")
        if command != SCHEDULE:
            return False
        wanted = option.strip()
        schedule = cards.schedule_of(self._offers, int(wanted)) if wanted.isdecimal() else None
        self._console.print(schedule or "There is no such option on the table.", highlight=False)
        return True


def _by_a_person(part: object) -> object:
    return Text.assemble(("Person: ", "bold"), part) if isinstance(part, Text) else part
