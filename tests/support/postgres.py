"""A real PostgreSQL for one test run: its own folder, a free port on loopback, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

HOW_TO_INSTALL = (
    "These tests need PostgreSQL's server programs; install them, on Debian: apt-get install postgresql"
)
SERVER_USER = "postgres"
START_SECONDS = 60.0
POLL_SECONDS = 0.05


class PostgresServer:
    """A running server that makes databases, and that a test may stop, start again or let stand still."""

    def __init__(self, port: int, start: Callable[[], None], stop: Callable[[], None], data: Path) -> None:
        self.port, self.start, self.stop, self.data = port, start, stop, data

    @contextmanager
    def down(self) -> Iterator[None]:
        """Stopped as by a crash; started again at the end."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Connections stay open, and nothing answers."""
        processes = processes_of(self.data)
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    @contextmanager
    def closed(self, database: str) -> Iterator[None]:
        """One database lets nobody in, and whoever was in is cut off."""
        self._administer(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
        self._administer(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        )
        try:
            yield
        finally:
            self._administer(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')

    def url(self, database: str) -> str:
        """The URL of a database on this server."""
        return f"postgresql+psycopg2://{SERVER_USER}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database, empty or a copy of `template`, and return its URL."""
        self._administer(f'CREATE DATABASE "{database}" TEMPLATE "{template}" ENCODING \'UTF8\'')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database and cut whoever is still connected."""
        self._administer(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def wait(self, crashed: Collection[int] = ()) -> None:
        """Wait until it takes connections again after a crash. Raises TimeoutError.

        `crashed`: the processes that it had before. When one dies it ends all others and starts new ones, but
        not at once: a connection made before it has noticed is cut.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not any(map(_runs, crashed)) and self._answers():
                return
            time.sleep(POLL_SECONDS)
        raise TimeoutError(f"PostgreSQL did not come back within {START_SECONDS:.0f} s")

    def helpers(self) -> list[int]:
        """Its processes but the first, which starts them all and outlives a crash of any."""
        return processes_of(self.data)[1:]

    def _answers(self) -> bool:
        try:
            self._administer("SELECT 1")
        except OperationalError:
            return False
        return True

    def _administer(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", future=True)
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def processes_of(data: Path) -> list[int]:
    """The processes of the server on this folder, its own first: without it no others are started."""
    first = int((data / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [first, *map(int, children)]


def kill_all(data: Path) -> None:
    """Kill every process of the server on this folder, as a power cut does, and wait for their end."""
    processes = processes_of(data)
    for process in processes:
        os.kill(process, signal.SIGKILL)
    while any(map(_runs, processes)):
        time.sleep(POLL_SECONDS)
    # They name a process that nobody may have buried yet: the next start would take it for alive.
    for lock in (data / "postmaster.pid", *data.parent.glob(".s.PGSQL.*.lock")):
        lock.unlink()


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server in a temporary folder and stop it afterwards."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="respite-postgres-"))
    try:
        if os.geteuid() == 0:
            _give_to_server_user(folder)
        with _started(programs, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The test run's PostgreSQL. Missing programs fail the test: a skipped database is an untested one."""
    with running_postgres() as server:
        yield server


@contextmanager
def _started(programs: Path, folder: Path) -> Iterator[PostgresServer]:
    data, port = folder / "data", _free_port()
    _run(
        programs / "initdb",
        "-D",
        data,
        "-U",
        SERVER_USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "--no-sync",
    )
    # Durability of the test data itself is not what is tested.
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"

    def begin() -> None:
        _run(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")

    def end() -> None:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")

    begin()
    try:
        yield PostgresServer(port, begin, end, data)
    finally:
        end()


def _programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not installed:
        pytest.fail(HOW_TO_INSTALL, pytrace=False)
    return installed[-1].parent


def _give_to_server_user(folder: Path) -> None:
    try:
        user = pwd.getpwnam(SERVER_USER)
    except KeyError:
        pytest.fail(
            f"{HOW_TO_INSTALL} (the server can't run as root and there is no user postgres)", pytrace=False
        )
    os.chown(folder, user.pw_uid, user.pw_gid)


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", SERVER_USER, "--", *words]
    done = subprocess.run(
        words, cwd="/", capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        pytest.fail(f"{words[-1]} of PostgreSQL failed:\n{done.stdout}{done.stderr}", pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
