"""Action servers that are killed, or whose database is, at any step of accepting an offer.

Each is the real server in a process of its own. The killing is arranged here alone: a listener on the
database engine sends SIGKILL, which no code can catch, before a statement or commit, or after a commit.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

import requests
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions import base, server
from actions.services import Services, services
from casestore.keys import demo_keys
from casestore.store import CaseStore
from cli.environment import ROOT
from cli.processes import answers, free_port
from hardship.policy import load_policy
from tests.actions.helpers import SESSION, Said, tracker
from tests.casestore.conftest import SetClock
from tests.casestore.people import TODAY, KeepingSender
from tests.support.postgres import kill_all

POLICY = load_policy(ROOT / "policies" / "cn.yml")
SECRET = "the secret of action servers in tests"

# Longer than any of these servers needs on a busy machine; a hanging one fails its test.
SECONDS = 60.0
POLL_SECONDS = 0.005

# A clean process with everything read, from which each new one is forked: a start takes milliseconds.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.faults.rehearsed"])


@dataclass(frozen=True)
class Orders:
    """What an action server serves, and at which step what is killed, if anything is.

    `url` is the store; `settings` are environment variables that name it and all else, instead.
    "database" kills the server process of PostgreSQL that serves the connection, and so all others with it.
    "server" kills all of PostgreSQL, whose folder is `data`; nothing starts it again by itself.
    """

    url: str = ""
    killed_at: int | None = None
    kills: Literal["worker", "database", "server"] = "worker"
    data: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Yes:
    """A borrower's yes to an offer, and the orders of the server that hears it."""

    orders: Orders
    offer_id: str


@dataclass(frozen=True)
class Heard:
    """What became of a yes: the answer, None when the server was killed; and the steps it took, by name."""

    answer: list[dict[str, Any]] | None
    steps: tuple[str, ...] = ()

    @property
    def said(self) -> list[str]:
        """The ids of the responses."""
        return [each["response"] for each in self.answer or []]

    @property
    def reference(self) -> str | None:
        """The agreement named in the answer."""
        return str(self.answer[0].get("reference") or "") or None if self.answer else None


class Worker:
    """One action server, started but perhaps not ready yet."""

    def __init__(self, port: int | None = None, secret: str = SECRET) -> None:
        self.address = f"http://127.0.0.1:{port or (port := free_port())}"
        self._secret = secret
        self._orders, theirs = _processes.Pipe()
        self._process = _processes.Process(target=_serve, args=(port, secret, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def obey(self, orders: Orders) -> None:
        """Wait until it answers, and as these orders say."""
        deadline = time.monotonic() + SECONDS
        while not answers(f"{self.address}/health"):
            assert time.monotonic() < deadline, f"the action server did not answer within {SECONDS:.0f} s"
            time.sleep(POLL_SECONDS)
        self._ask(orders)

    def hear(self, offer_id: str) -> Heard:
        """A yes to this offer."""
        try:
            answer = say_yes(self.address, self._secret, SESSION, offer_id)
        except requests.ConnectionError:
            self.require_killed()
            return Heard(None)
        return Heard(answer, self.steps())

    def steps(self) -> tuple[str, ...]:
        """The steps it took under its orders: how a statement begins, "commit", and "committed" after it."""
        return self._ask(None)

    def require_killed(self) -> None:
        """Wait for its end, which must be by SIGKILL."""
        self._process.join(SECONDS)
        assert self._process.exitcode == -signal.SIGKILL

    def stop(self) -> None:
        """End it, however it stands."""
        self._process.kill()
        self._process.join()
        self._orders.close()

    def _ask(self, orders: Orders | None) -> tuple[str, ...]:
        self._orders.send(orders)
        assert self._orders.poll(SECONDS), f"the action server did not obey within {SECONDS:.0f} s"
        return tuple(self._orders.recv())


class Workers:
    """Action servers that wait for yeses. A context manager; who is killed is replaced at once."""

    def __init__(self) -> None:
        self._waiting: list[Worker] = []

    def say(self, *all_at_once: Yes) -> list[Heard]:
        """Say each yes to a server of its own, all at the same time, and wait for what becomes of them."""
        workers = [self._ready(yes) for yes in all_at_once]
        gate = threading.Barrier(len(workers))

        def hear(worker: Worker, yes: Yes) -> Heard:
            gate.wait(SECONDS)
            return worker.hear(yes.offer_id)

        with ThreadPoolExecutor(len(workers)) as hands:
            heard = list(hands.map(hear, workers, all_at_once))
        for worker, each in zip(workers, heard, strict=True):
            self._waiting.append(Worker() if each.answer is None else worker)
        return heard

    def _ready(self, yes: Yes) -> Worker:
        worker = self._waiting.pop(0) if self._waiting else Worker()
        worker.obey(yes.orders)
        return worker

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._waiting:
            worker.stop()


def say_yes(address: str, secret: str, session_id: str, offer_id: str) -> list[dict[str, Any]]:
    """What an action server says to a yes, called as Rasa calls it. Raises requests.ConnectionError."""
    yes = Said("我接受", "affirm")
    heard = tracker(yes, "agreement_form", "agreement_accepted", plan_choice=offer_id).current_state()
    call = {
        "next_action": "validate_agreement_form",
        "sender_id": session_id,
        "version": "3.6.21",
        "domain": {},
        "tracker": {**heard, "sender_id": session_id},
    }
    given = {"Authorization": f"Bearer {secret}"}
    answer = requests.post(f"{address}/webhook", json=call, headers=given, timeout=SECONDS)
    answer.raise_for_status()
    return list(answer.json()["responses"])


def _serve(port: int, secret: str, orders: Connection) -> None:
    os.environ.update(RESPITE_ACTION_TOKEN=secret, RESPITE_ACTION_PORT=str(port))
    threading.Thread(target=_obey, args=(orders,), daemon=True).start()
    server.main()


def _obey(orders: Connection) -> None:
    """Carry out orders as they come, and tell the steps taken when asked for nothing else."""
    steps: _Steps | None = None
    while True:
        new: Orders | None = orders.recv()
        if new is not None:
            if steps is not None:
                steps.forget()
            steps = _under(new)
        orders.send(steps.taken if steps else [])


def _under(orders: Orders) -> _Steps:
    doors = _doors(orders)
    base.services = lambda: doors  # type: ignore[assignment]
    return _Steps(orders, doors.store.engine)


def _doors(orders: Orders) -> Services:
    if orders.settings:
        os.environ.update(orders.settings)
        services.cache_clear()
        return services()
    store = replace(CaseStore.open(orders.url, demo_keys(), SetClock()), desk=True)
    return Services(store, POLICY, KeepingSender(), lambda: TODAY)


class _Steps:
    """Counts what goes to the database, and kills at one step.

    A step is: before a statement, before a commit, after a commit.
    """

    def __init__(self, orders: Orders, engine: Engine) -> None:
        self.taken: list[str] = []
        self._orders, self._engine = orders, engine
        self._server = 0
        event.listen(engine, "checkout", self._remember_server)
        event.listen(engine, "before_cursor_execute", self._before_statement)
        event.listen(engine, "commit", self._before_commit)
        event.listen(Session, "after_commit", self._after_commit)

    def forget(self) -> None:
        """Watch this database no more."""
        event.remove(Session, "after_commit", self._after_commit)
        self._engine.dispose()

    def _remember_server(self, connection: Any, *_: Any) -> None:
        if self._orders.kills == "database":
            self._server = connection.get_backend_pid()

    def _before_statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._step(" ".join(statement.split()[:3]))

    def _before_commit(self, *_: Any) -> None:
        self._step("commit")

    def _after_commit(self, *_: Any) -> None:
        self._step("committed")

    def _step(self, name: str) -> None:
        self.taken.append(name)
        if len(self.taken) == self._orders.killed_at:
            if self._orders.data is not None:
                kill_all(self._orders.data)
            else:
                os.kill(self._server or os.getpid(), signal.SIGKILL)
