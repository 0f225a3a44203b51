"""The same work at the same moment by several stores on one database, as by processes of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from casestore.engine import open_engine
from casestore.store import CaseStore

Value = TypeVar("Value")

SECONDS, POLL_SECONDS = 60.0, 0.01

# Somebody waits for a lock in this database.
WAITS = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE NOT granted AND pg_stat_activity.datname = current_database()"
)


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


@contextmanager
def overtaking(
    store: CaseStore, url: str, after: str, work: Callable[[CaseStore], object], nth: int = 1
) -> Iterator[None]:
    """Let another store do `work` right after the n-th time that `store` has looked at the table `after`.

    `store` goes on when the work has ended, or waits for what `store` has locked. PostgreSQL only: on SQLite
    a unit that writes has the store alone from its beginning.
    """
    other, watch = CaseStore.open(url, store.keys, store.clock), open_engine(url)
    looks, begun = list[str](), list[Future[object]]()

    def overtake(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if sql.startswith("SELECT") and f"FROM {after}" in sql:
            looks.append(sql)
            if len(looks) == nth:
                begun.append(hands.submit(work, other))
                _until_done_or_waiting(begun[0], watch)

    event.listen(store.engine, "after_cursor_execute", overtake)
    with ThreadPoolExecutor(1) as hands:
        try:
            yield
        finally:
            event.remove(store.engine, "after_cursor_execute", overtake)
    assert begun, f"nobody looked {nth} times at {after}"
    begun[0].result(SECONDS)
    other.close()
    watch.dispose()


def _until_done_or_waiting(work: Future[object], watch: Engine) -> None:
    while not wait([work], POLL_SECONDS).done:
        with watch.connect() as connection:
            if connection.scalar(WAITS):
                return
