"""The same work at the same moment by several stores on one database, as by processes of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from casestore.store import CaseStore

Value = TypeVar("Value")

SECONDS = 60.0


def at_once(store: CaseStore, url: str, work: Callable[[CaseStore], Value], times: int = 4) -> list[Value]:
    """What comes of `work`, done at once with as many stores like `store`."""
    workers = [CaseStore.open(url, store.keys, store.clock) for _ in range(times)]
    gate = threading.Barrier(times)

    def begin(worker: CaseStore) -> Value:
        gate.wait(SECONDS)
        return work(worker)

    with ThreadPoolExecutor(times) as hands:
        done = list(hands.map(begin, workers))
    for worker in workers:
        worker.close()
    return done
