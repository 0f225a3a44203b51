"""Starts servers as child processes, waits until they answer, and stops them with everything they started."""

from __future__ import annotations

import ctypes
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.1
WATCH_SECONDS = 0.5
STOP_SECONDS = 10.0
BELOW_EPHEMERAL = range(20_000, 32_000)


class ServerFailed(Exception):
    """A server ended, or did not answer in time. The message names it and its log."""


@dataclass(frozen=True)
class Server:
    """One running child process: the leader of its own process group, writing to `log`."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None


def start(name: str, command: Sequence[str], env: Mapping[str, str], log: Path, cwd: Path) -> Server:
    """Starts `command` in a process group of its own, so that Ctrl-C reaches the launcher alone."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
    return Server(name, process, log)


def stop(servers: Sequence[Server]) -> None:
    """Asks every server's group to end, last started first, and kills what is left after ten seconds."""
    running = list(reversed(servers))
    for server in running:
        _signal_group(server, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for server in running:
        with suppress(subprocess.TimeoutExpired):
            server.process.wait(max(0.0, deadline - time.monotonic()))
        _signal_group(server, signal.SIGKILL)
        server.process.wait()


def wait_until_answering(servers: Mapping[str, Server], seconds: float) -> None:
    """Returns when each URL (the keys) answers 200.

    Raises ServerFailed as soon as a server has ended, or when `seconds` have passed.
    """
    deadline = time.monotonic() + seconds
    waiting = dict(servers)
    while waiting:
        for url, server in list(waiting.items()):
            raise_if_ended([server])
            if answers(url):
                del waiting[url]
        if waiting and time.monotonic() > deadline:
            server = next(iter(waiting.values()))
            raise ServerFailed(f"{server.name} did not answer within {seconds:.0f} s; see {server.log}")
        if waiting:
            time.sleep(POLL_SECONDS)


def watch(servers: Sequence[Server], each_time: Callable[[], None] | None = None) -> None:
    """Blocks while every server runs, calling `each_time` at every look; ServerFailed when one ends."""
    while True:
        raise_if_ended(servers)
        if each_time is not None:
            each_time()
        time.sleep(WATCH_SECONDS)


def raise_if_ended(servers: Sequence[Server]) -> None:
    """Raises ServerFailed naming the first server that has ended."""
    for server in servers:
        if server.has_ended:
            code = server.process.returncode
            raise ServerFailed(f"{server.name} ended (exit code {code}); see {server.log}")


def answers(url: str) -> bool:
    """True if a GET of `url` (http on loopback) answers 200 within a second."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=1)
    try:
        connection.request("GET", f"/{path}")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def port_is_free(port: int) -> bool:
    """True if a server could bind this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A loopback port that is free at the time of the call, and that no outgoing connection is given later.

    Those come from the system's ephemeral range (32768 to 60999 on Linux); a server that takes seconds to
    bind would find its port taken by one.
    """
    while True:
        port = BELOW_EPHEMERAL[0] + secrets.randbelow(len(BELOW_EPHEMERAL))
        if port_is_free(port):
            return port


def _signal_group(server: Server, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.process.pid, number)


def _end_with_parent() -> None:
    """Linux: the child gets SIGTERM when the launcher dies without a chance to stop it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG in <sys/prctl.h>
