"""The two bots that are compared, both behind Rasa's REST channel on loopback, and what they cost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from cli.environment import ROOT, quiet_environment
from cli.processes import free_port, start, stop, wait_until_answering
from cli.servers import START_SECONDS
from tests.support.stack import Stack

RASA = (sys.executable, "-W", "ignore", "-m", "bot")

# REST has no authentication, so it is switched on here alone. Our own channel refuses more than a person
# types in a minute; a benchmark types faster.
CREDENTIALS = """\
rest:
bot.channels.web.WebChannel:
  messages_per_session: 100000/minute
  messages_per_address: 100000/minute
  sessions_per_address: 100000/minute
"""


def seconds_to_train_respite(folder: Path) -> float:
    """How long a training from nothing takes; the model goes to `folder`."""
    command = [
        *RASA,
        "train",
        "--force",
        "--skip-validation",
        "--domain",
        "domain.yml",
        "--data",
        "data",
        "--out",
        str(folder / "models"),
    ]
    started = time.monotonic()
    _run(command, ROOT)
    return time.monotonic() - started


@contextmanager
def starter(folder: Path) -> Iterator[str]:
    """Rasa's starter bot, made and trained by `rasa init`, running; yields its address."""
    home = folder / "starter"
    home.mkdir()
    _run([*RASA, "init", "--no-prompt", "--init-dir", str(home)], folder)
    port = free_port()
    command = [*RASA, "run", "--interface", "127.0.0.1", "--port", str(port)]
    server = start("the starter bot", command, quiet_environment(), folder / "starter.log", home)
    try:
        wait_until_answering({f"http://127.0.0.1:{port}/": server}, seconds=START_SECONDS)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop([server])


@contextmanager
def respite(folder: Path) -> Iterator[Stack]:
    """Our bot and its action server, running with the REST channel beside our own."""
    credentials = folder / "credentials.yml"
    credentials.write_text(CREDENTIALS)
    with Stack(credentials=credentials) as stack:
        yield stack


def resident_megabytes(process_ids: Sequence[int]) -> float:
    """Resident memory in megabytes (10^6 bytes) of these processes and their children together."""
    leaders = [psutil.Process(process_id) for process_id in process_ids]
    everyone = leaders + [child for leader in leaders for child in leader.children(recursive=True)]
    return sum(process.memory_info().rss for process in everyone) / 1e6


def _run(command: Sequence[str], folder: Path) -> None:
    """Runs a command without its output; raises RuntimeError with the output when it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=quiet_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout.decode(errors='replace')}")
