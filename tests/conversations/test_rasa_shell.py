"""Rasa's own `rasa shell` at a terminal: offers are a table, buttons have numbers, documents are links."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from casestore import outbox
from cli.environment import ROOT
from cli.processes import free_port
from cli.servers import MODEL, START_SECONDS
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.stack import Stack

ROWS, COLUMNS = 60, 160
SECONDS = 60.0
# So long nothing is drawn any more.
SETTLED = 0.3
OWN_WORDS = "Type out your own message"
# What the prompt switches on when it begins to read, and off when a line was entered.
READS, READ = b"\x1b[?2004h", b"\x1b[?2004l"
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Shell:
    """`rasa shell` in a terminal of its own, over the action server of `stack`."""

    def __init__(self, stack: Stack) -> None:
        command = ["rasa", "shell", "--model", str(MODEL), "--endpoints", "endpoints.yml"]
        command += ["--interface", "127.0.0.1", "--port", str(free_port())]
        env = {**stack.env, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.chdir(ROOT)
            os.execve(sys.executable, [sys.executable, "-m", *command], env)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.transcript = self._printed = ""
        self._begin(START_SECONDS)

    def say(self, text: str) -> str:
        """Type a line; what is printed until the next prompt stands there."""
        if OWN_WORDS in self._printed:
            # The last of the choices, one above the first.
            self._enter(b"\x1b[A")
        return self._enter(text.encode())

    def choose(self) -> str:
        """Take the first of the buttons."""
        assert OWN_WORDS in self._printed
        return self._enter(b"")

    def close(self) -> None:
        """End it."""
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._terminal)

    def _enter(self, keys: bytes) -> str:
        os.write(self._terminal, keys + b"\r")
        return self._begin(SECONDS, after=READ)

    def _begin(self, seconds: float, after: bytes = b"") -> str:
        printed, end = b"", time.monotonic() + seconds
        while READS not in printed.rpartition(after)[2] if after else READS not in printed:
            assert select.select([self._terminal], [], [], max(0.0, end - time.monotonic()))[0], printed
            printed += os.read(self._terminal, 65536)
        # The choices are drawn after the prompt began to read.
        while select.select([self._terminal], [], [], SETTLED)[0]:
            printed += os.read(self._terminal, 65536)
        answer = printed.partition(after)[2] if after else b""
        self._printed = CONTROL.sub("", answer.decode(errors="replace"))
        self.transcript += self._printed
        return self._printed


@pytest.fixture
def shell(stack: Stack) -> Iterator[Shell]:
    shell = Shell(stack)
    yield shell
    shell.close()


def test_offers_are_a_table_and_the_document_a_link(shell: Shell, stack: Stack, person: Person) -> None:
    words = steps.WORDS["zh"]

    def code() -> str:
        codes = outbox.recent(stack.store, 20)
        return next(each.code for each in codes if each.phone.endswith(person.phone))

    try:
        shell.say(words.lost_job)
        shell.choose()
        for line in (lambda: person.phone, lambda: person.last_four, code):
            shell.say(line())
        shell.choose()
        shell.say(words.three_months_ago)
        shell.choose()
        shell.choose()
        for figure in (words.income, words.housing, words.living, words.debts):
            shell.say(figure)
        offers = shell.choose()
        shell.choose()
        made = shell.say(words.accept)
    except BaseException:
        print(shell.transcript)
        raise
    head = next(line for line in offers.splitlines() if "方案1" in line and "方案2" in line)
    rule, *rows = offers[offers.index(head) :].splitlines()[1:10]
    assert set(rule.strip()) == {"─"}
    assert {cell_len(row.rstrip()) for row in rows[:8]} == {cell_len(head.rstrip())}
    assert re.search(r"1: \S*方案1", offers)
    assert re.search(rf"{stack.env['RESPITE_PUBLIC_URL']}/chat/documents/\S+", made)
    assert steps.REFERENCE.search(made)
