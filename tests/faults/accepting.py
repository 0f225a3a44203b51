"""Accepting an offer in a process of its own that is killed, or whose database is, at any step of it.

The process runs the real action on a real store. The killing is arranged here alone: a listener on the
database engine sends SIGKILL, which no code can catch, before a statement or commit, or after a commit.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions import base
from actions.agreement import ValidateAgreementForm
from actions.services import Services
from casestore.keys import demo_keys
from casestore.store import CaseStore
from cli.environment import ROOT
from hardship.policy import load_policy
from tests.actions.helpers import Outcome, Said, answer
from tests.casestore.conftest import SetClock
from tests.casestore.people import TODAY, KeepingSender
from tests.support.postgres import kill_all

POLICY = load_policy(ROOT / "policies" / "cn.yml")

# Longer than any of these processes needs on a busy machine; a hanging one fails its test.
SECONDS = 60.0

# A clean process with everything read, from which each new one is forked: a start takes milliseconds.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.faults.rehearsed"])


@dataclass(frozen=True)
class Yes:
    """A borrower's yes to an offer, and at which step what is killed, if anything is.

    "database" kills the server process of PostgreSQL that serves the connection, and so all others with it.
    "server" kills all of PostgreSQL, whose folder is `data`; nothing starts it again by itself.
    """

    url: str
    offer_id: str
    killed_at: int | None = None
    kills: Literal["worker", "database", "server"] = "worker"
    data: Path | None = None


@dataclass(frozen=True)
class Heard:
    """What became of a yes: the answer, None when the process was killed; and the steps it took."""

    outcome: Outcome | None
    steps: int

    @property
    def said(self) -> list[str]:
        """The ids of the responses."""
        return self.outcome.said if self.outcome else []

    @property
    def reference(self) -> str | None:
        """The agreement named in the answer."""
        return str(self.outcome.messages[0].get("reference") or "") or None if self.outcome else None


def say(*all_at_once: Yes) -> list[Heard]:
    """Say each yes in a process of its own, all at the same time, and wait for what becomes of them."""
    gate = _processes.Barrier(len(all_at_once))
    started = [_start(yes, gate) for yes in all_at_once]
    return [_heard(process, receiver) for process, receiver in started]


def _start(yes: Yes, gate: Any) -> tuple[Any, Connection]:
    receiver, sender = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_hear, args=(yes, gate, sender), daemon=True)
    process.start()
    sender.close()
    return process, receiver


def _heard(process: Any, receiver: Connection) -> Heard:
    if not receiver.poll(SECONDS):
        process.kill()
        raise AssertionError(f"there was no answer within {SECONDS:.0f} s")
    try:
        outcome, steps = receiver.recv()
    except EOFError:
        outcome, steps = None, 0
    process.join(SECONDS)
    assert process.exitcode == (-signal.SIGKILL if outcome is None else 0)
    return Heard(outcome, steps)


def _hear(yes: Yes, gate: Any, sender: Connection) -> None:
    store = replace(CaseStore.open(yes.url, demo_keys(), SetClock()), desk=True)
    doors = Services(store, POLICY, KeepingSender(), lambda: TODAY)
    base.services = lambda: doors  # type: ignore[assignment]
    steps = _Steps(yes)
    steps.watch(store.engine)
    gate.wait(SECONDS)
    said = Said("我接受", "affirm")
    outcome = answer(ValidateAgreementForm(), said, "agreement_accepted", plan_choice=yes.offer_id)
    sender.send((outcome, steps.taken))


class _Steps:
    """Counts what goes to the database, and kills at one step."""

    def __init__(self, yes: Yes) -> None:
        self.taken = 0
        self._yes = yes
        self._server = 0

    def watch(self, engine: Engine) -> None:
        """A step is: before a statement, before a commit, after a commit."""
        event.listen(engine, "checkout", self._remember_server)
        event.listen(engine, "before_cursor_execute", self._step)
        event.listen(engine, "commit", self._step)
        event.listen(Session, "after_commit", self._step)

    def _remember_server(self, connection: Any, *_: Any) -> None:
        if self._yes.kills == "database":
            self._server = connection.get_backend_pid()

    def _step(self, *_: Any) -> None:
        self.taken += 1
        if self.taken == self._yes.killed_at:
            if self._yes.data is not None:
                kill_all(self._yes.data)
            else:
                os.kill(self._server or os.getpid(), signal.SIGKILL)
