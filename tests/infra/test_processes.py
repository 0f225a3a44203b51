"""Servers are started, awaited and stopped together with everything they started themselves."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from cli import processes

ANSWERING = """
import http.server, sys
address = ("127.0.0.1", int(sys.argv[1]))
http.server.HTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
child.wait()
"""

Starter = Callable[..., processes.Server]


@pytest.fixture
def start(tmp_path: Path) -> Starter:
    """Starts a Python program as a server named "it" and stops it after the test."""
    started: list[processes.Server] = []

    def _start(program: str, *arguments: str) -> processes.Server:
        command = [sys.executable, "-c", program, *arguments]
        started.append(processes.start("it", command, os.environ, tmp_path / "it.log", tmp_path))
        return started[-1]

    yield _start
    processes.stop(started)


def _first_line(server: processes.Server) -> str:
    """The first line the server wrote, as soon as it is there."""
    for _ in range(200):
        text = server.log.read_text()
        if "\n" in text:
            return text.splitlines()[0]
        processes.time.sleep(0.05)
    raise AssertionError("nothing was written")


def test_waiting_ends_when_the_server_answers(start: Starter) -> None:
    port = processes.free_port()
    server = start(ANSWERING, str(port))
    processes.wait_until_answering({f"http://127.0.0.1:{port}/": server}, seconds=20)
    assert not server.has_ended


def test_a_server_that_ends_is_named_with_its_log(start: Starter) -> None:
    server = start("raise SystemExit(3)")
    with pytest.raises(processes.ServerFailed, match=r"it ended \(exit code 3\); see .*it\.log"):
        processes.watch([server])


def test_a_server_that_never_answers_is_named_with_its_log(start: Starter) -> None:
    server = start("import time; time.sleep(60)")
    with pytest.raises(processes.ServerFailed, match="it did not answer"):
        processes.wait_until_answering({f"http://127.0.0.1:{processes.free_port()}/": server}, seconds=0.2)


def test_stopping_a_server_stops_what_it_started(start: Starter) -> None:
    server = start(PARENT)
    child = psutil.Process(int(_first_line(server)))
    processes.stop([server])
    assert server.has_ended
    assert psutil.wait_procs([child], timeout=5)[1] == []


def test_a_server_that_ignores_the_request_is_killed(start: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.2)
    server = start(STUBBORN)
    _first_line(server)
    processes.stop([server])
    assert server.has_ended


def test_a_port_in_use_is_not_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not processes.port_is_free(taken.getsockname()[1])
    assert processes.port_is_free(processes.free_port())
