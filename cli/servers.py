"""The two servers of Respite: how each is started, where it answers and where it logs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.environment import ROOT, action_port, bot_port
from cli.processes import Server, start, stop, wait_until_answering

MODEL = ROOT / "models" / "respite.tar.gz"
LOGS = ROOT / "var" / "log"
START_SECONDS = 300.0


@dataclass(frozen=True)
class Plan:
    """What it takes to start one server. `health` answers 200 once the server does its work."""

    name: str
    command: tuple[str, ...]
    health: str
    log: Path
    env: Mapping[str, str]

    def start(self) -> Server:
        """Starts the server; it does not answer yet."""
        return start(self.name, self.command, self.env, self.log, ROOT)


def action_server(env: Mapping[str, str], logs: Path = LOGS) -> Plan:
    """The action server on RESPITE_ACTION_PORT."""
    command = (sys.executable, "-m", "actions.server")
    health = f"http://127.0.0.1:{action_port(env)}/health"
    return Plan("the action server", command, health, logs / "actions.log", env)


def bot_server(
    env: Mapping[str, str],
    logs: Path = LOGS,
    model: Path = MODEL,
    credentials: Path = ROOT / "credentials.yml",
) -> Plan:
    """The Rasa server with the channels of `credentials` on RESPITE_BOT_PORT, on loopback."""
    port = bot_port(env)
    command = (
        sys.executable,
        "-m",
        "bot",
        "run",
        "--interface",
        "127.0.0.1",
        "--port",
        str(port),
        "--model",
        str(model),
        "--endpoints",
        "endpoints.yml",
        "--credentials",
        str(credentials),
    )
    return Plan("the bot", command, f"http://127.0.0.1:{port}/chat/health", logs / "bot.log", env)


@contextmanager
def serving(*plans: Plan, seconds: float = START_SECONDS) -> Iterator[list[Server]]:
    """Starts all plans at once, yields when all answer, and stops all at the end, however it comes."""
    servers: list[Server] = []
    try:
        for plan in plans:
            servers.append(plan.start())
        healths = [plan.health for plan in plans]
        wait_until_answering(dict(zip(healths, servers, strict=True)), seconds)
        yield servers
    finally:
        stop(servers)
