"""`respite run` as a person starts it: it says where to go, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from cli.environment import ROOT
from cli.processes import STOP_SECONDS, answers, free_port, port_is_free
from cli.servers import LOGS, MODEL

pytestmark = [
    pytest.mark.conversation,
    pytest.mark.skipif(not MODEL.exists(), reason="needs the trained model (make train)"),
]

SECONDS = 240.0


@dataclass(frozen=True)
class Launch:
    """A running `respite run --demo` and what it has printed so far."""

    process: subprocess.Popen[bytes]
    output: Path
    bot_port: int
    action_port: int

    def wait_until_it_says(self, words: str) -> None:
        """Returns when the output holds `words`; fails when the launcher ends or time is up first."""
        _wait_for(lambda: words in self.output.read_text() or self.process.poll() is not None)
        assert words in self.output.read_text(), self.output.read_text()

    def servers(self) -> list[psutil.Process]:
        """The two servers and whatever they started; none once the launcher has ended."""
        if self.process.poll() is not None:
            return []
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """`respite run --demo` on free ports with a store of its own, as soon as both servers are started."""
    bot_port, action_port = free_port(), free_port()
    env = {
        **_settings(tmp_path),
        "RESPITE_BOT_PORT": str(bot_port),
        "RESPITE_ACTION_PORT": str(action_port),
    }
    output = tmp_path / "output"
    command = [sys.executable, "-c", "from cli.main import app; app()", "run", "--demo"]
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=file, stderr=file, preexec_fn=_obey_ctrl_c
        )
    running = Launch(process, output, bot_port, action_port)
    try:
        _wait_for(lambda: len(running.servers()) >= 2 or process.poll() is not None)
        yield running
    finally:
        process.terminate()
        process.wait(30)


def test_it_says_where_to_go_and_stops_both_servers_when_asked(launch: Launch) -> None:
    launch.wait_until_it_says("Respite answers at")
    assert f"http://127.0.0.1:{launch.bot_port}/chat/" in launch.output.read_text()
    assert answers(f"http://127.0.0.1:{launch.bot_port}/chat/")
    servers = launch.servers()
    launch.process.send_signal(signal.SIGINT)
    assert launch.process.wait(30) == 0
    assert len(servers) >= 2 and not psutil.wait_procs(servers, timeout=5)[1]
    assert port_is_free(launch.bot_port) and port_is_free(launch.action_port)


def test_when_one_server_dies_it_says_which_and_stops_the_other(launch: Launch) -> None:
    actions = next(server for server in launch.servers() if "actions.server" in server.cmdline())
    others = [server for server in launch.servers() if server != actions]
    actions.kill()
    assert launch.process.wait(30) == 1
    assert "the action server ended" in launch.output.read_text()
    assert "actions.log" in launch.output.read_text()
    assert others and not psutil.wait_procs(others, timeout=5)[1]


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)


def test_the_shell_talks_in_a_terminal_and_stops_its_servers_at_ctrl_c(tmp_path: Path) -> None:
    keyboard, terminal = os.openpty()
    command = [sys.executable, "-c", "from cli.main import app; app()", "shell", "--demo", "--language", "en"]
    env = {**_settings(tmp_path), "TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=_obey_ctrl_c,
    )
    try:
        _read_until(keyboard, "Talk to a person", "> ")
        servers = psutil.Process(process.pid).children(recursive=True)
        os.write(keyboard, b"3\n")
        assert "HO-" in _read_until(keyboard, "HO-", "> ")
        _press_ctrl_c_until_it_says(process, keyboard, "Stopped.")
        assert process.wait(30) == 0
        assert len(servers) >= 2 and not psutil.wait_procs(servers, timeout=5)[1]
    finally:
        process.kill()
        process.wait()
        os.close(keyboard)
        os.close(terminal)


def _press_ctrl_c_until_it_says(process: subprocess.Popen[bytes], terminal: int, words: str) -> None:
    """Presses again when nothing happens, as a person does.

    Python's line editing misses a signal that comes between printing the prompt and waiting for a key;
    with a connection busy in another thread that is long enough to be met by a test, which types at once.
    """
    read, deadline = "", time.monotonic() + SECONDS
    while words not in read and time.monotonic() < deadline:
        process.send_signal(signal.SIGINT)
        while words not in read and select.select([terminal], [], [], 2 * STOP_SECONDS)[0]:
            read += os.read(terminal, 4096).decode(errors="replace")
    assert words in read, read


def _read_until(terminal: int, *words: str) -> str:
    """What is printed until all `words` have come, one after another; fails when they don't."""
    read, deadline = "", time.monotonic() + SECONDS
    while not re.search(".*".join(map(re.escape, words)), read, re.DOTALL):
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, read + "\n".join(log.read_text() for log in sorted((LOGS / "shell").glob("*.log")))
        read += os.read(terminal, 4096).decode(errors="replace")
    return read


def _obey_ctrl_c() -> None:
    """A test run that itself was started in the background hands on that Ctrl-C is to be ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _settings(folder: Path) -> dict[str, str]:
    """A store of its own, and a secret to sign with; nothing of the settings of whoever runs the tests."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("RESPITE_")},
        "RESPITE_DATABASE_URL": f"sqlite:///{folder / 'respite.db'}",
        "RESPITE_TRACKER_URL": f"sqlite:///{folder / 'conversations.db'}",
        "RESPITE_SESSION_SECRET": "a secret for this test, long enough to sign with",
    }
