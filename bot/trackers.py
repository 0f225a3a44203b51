"""A tracker store that hands out a short tracker however long the conversation is.

Rasa copies and replays the whole tracker for every action, so a long conversation makes every turn
slower. This store keeps every event in its database, but gives Rasa only the last turns, preceded
by a snapshot of what the earlier ones left behind: slots and the active form.

`endpoints.yml`: `tracker_store: {type: bot.trackers.RecentTrackerStore}`; options: `url` or `db`,
`turns` (borrower's messages handed out, 6) and `cached` (conversations kept in memory, 512).
The environment variable RESPITE_TRACKER_URL wins over both.
"""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, create_engine_kwargs
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

from bot.brokers import require_wordless
from casestore import flow_record
from casestore.engine import BoundedConnection, lock_milliseconds
from casestore.flow_record import FlowBase, FlowEventRow
from casestore.keys import keys_from_environment
from casestore.types import give_keys

# Set on every event object that needs no saving: it is in the database, or stands for events that are.
_KEPT = "_respite_kept"


@dataclass
class _Recent:
    """What is handed out of one conversation, up to the row `last_row`."""

    last_row: int
    events: list[Event]


class RecentTrackerStore(SQLTrackerStore):
    """Rasa's SQL store, handing out the last turns behind a snapshot.

    What was said lies encrypted with the case store's keys; `respite retention run` erases it in time.
    """

    Base = FlowBase
    SQLEvent = FlowEventRow

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        db: str | None = None,
        event_broker: EventBroker | None = None,
        turns: int = 6,
        cached: int = 512,
        **kwargs: Any,
    ) -> None:
        require_wordless(event_broker)
        url = os.environ.get("RESPITE_TRACKER_URL") or host
        db = db or str(flow_record.DEFAULT_PATH)
        if not url:
            Path(db).parent.mkdir(parents=True, exist_ok=True)
        self._turns = turns
        self._cached = cached
        self._cache: OrderedDict[str, _Recent] = OrderedDict()
        super().__init__(domain=domain, host=url, db=db, event_broker=event_broker, **kwargs)
        if self.engine.dialect.name == "sqlite" and self.engine.url.database not in (None, "", ":memory:"):
            self.engine = _pooled_sqlite(self.engine)
            self.sessionmaker = sessionmaker(bind=self.engine)
        elif self.engine.dialect.name == "postgresql":
            self.engine = _watched_postgresql(self.engine)
            self.sessionmaker = sessionmaker(bind=self.engine)
        give_keys(self.engine.dialect, keys_from_environment())

    @property
    def domain(self) -> Domain:
        """The domain whose slots the trackers have."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._cache.clear()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the recent part of the latest session, or None for an unknown conversation."""
        with self.session_scope() as session:
            recent = self._recent(session, sender_id)
        if recent is None:
            return None
        return DialogueStateTracker.from_events(sender_id, recent.events, self.domain.slots)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return the whole conversation, every session of it."""
        tracker = await super().retrieve_full_tracker(conversation_id)
        if tracker is not None:
            _keep(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that are not stored yet."""
        with self.session_scope() as session:
            known_row = self._last_row(session, tracker.sender_id)
            new = self._new_events(session, tracker)
            if not new:
                return
            rows = [self._row(tracker.sender_id, event) for event in new]
            session.add_all(rows)
            session.flush()
            # Read before the commit, which lets go of every row: each would be fetched again for its number.
            last_row = max(row.id for row in rows)
            session.commit()
        _keep(new)
        self._advance(tracker.sender_id, known_row, _Recent(last_row, new))
        await self._publish(tracker.sender_id, new)

    def _recent(self, session: Session, sender_id: str) -> _Recent | None:
        """Return the cached part when no other process has written since, else read it again."""
        last_row = self._last_row(session, sender_id)
        if last_row is None:
            return None
        recent = self._cache.get(sender_id)
        if recent is None or recent.last_row != last_row:
            recent = _Recent(last_row, self._shortened(self._read_session(session, sender_id)))
        self._remember(sender_id, recent)
        return recent

    def _advance(self, sender_id: str, known_row: int | None, added: _Recent) -> None:
        """Carry the cached part forward, unless another process wrote in between."""
        recent = self._cache.pop(sender_id, None)
        if known_row is not None and (recent is None or recent.last_row != known_row):
            return
        events = self._shortened([*(recent.events if recent else []), *added.events])
        self._remember(sender_id, _Recent(added.last_row, events))

    def _remember(self, sender_id: str, recent: _Recent) -> None:
        self._cache[sender_id] = recent
        self._cache.move_to_end(sender_id)
        while len(self._cache) > self._cached:
            self._cache.popitem(last=False)

    def _new_events(self, session: Session, tracker: DialogueStateTracker) -> list[Event]:
        """Return the events after the last stored one.

        A tracker that did not come from this store (Rasa's HTTP API can bring one) carries no marks;
        it is then compared by length, as Rasa's own store does.
        """
        events = list(tracker.events)
        if any(_is_kept(event) for event in events):
            return [event for event in events if not _is_kept(event)]
        return list(self._additional_events(session, tracker))

    def _last_row(self, session: Session, sender_id: str) -> int | None:
        query = session.query(sa.func.max(self.SQLEvent.id)).filter(self.SQLEvent.sender_id == sender_id)
        row: int | None = query.scalar()
        return row

    def _read_session(self, session: Session, sender_id: str) -> list[Event]:
        """Return the events of the latest session from the database."""
        own = self.SQLEvent.sender_id == sender_id
        started = session.query(sa.func.max(self.SQLEvent.id)).filter(
            own, self.SQLEvent.type_name == SessionStarted.type_name
        )
        rows = session.query(self.SQLEvent.data).filter(own, self.SQLEvent.id >= (started.scalar() or 0))
        events = deserialise_events([json.loads(data) for (data,) in rows.order_by(self.SQLEvent.id)])
        _keep(events)
        return events

    def _row(self, sender_id: str, event: Event) -> Any:
        data = event.as_dict()
        return self.SQLEvent(
            sender_id=sender_id,
            type_name=event.type_name,
            timestamp=data.get("timestamp"),
            intent_name=data.get("parse_data", {}).get("intent", {}).get("name"),
            action_name=data.get("name"),
            data=json.dumps(data),
        )

    async def _publish(self, sender_id: str, new: Sequence[Event]) -> None:
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, list(new), sender_id)

    def _shortened(self, events: list[Event]) -> list[Event]:
        """Return the events of the latest session, older turns folded into a snapshot."""
        events = _latest_session(events)
        cut = _cut(events, self._turns)
        if cut is None:
            return events
        before = DialogueStateTracker.from_events("", events[:cut], self.domain.slots)
        return [*_snapshot(before, events[cut]), *events[cut:]]


def _pooled_sqlite(engine: sa.engine.Engine) -> sa.engine.Engine:
    """Return an engine that keeps its connections: closing the last one makes SQLite fold its log."""
    engine.dispose()
    pooled = sa.create_engine(
        engine.url, poolclass=QueuePool, hide_parameters=True, connect_args={"check_same_thread": False}
    )
    sa.event.listen(pooled, "connect", _prepare_sqlite)
    return pooled


def _watched_postgresql(engine: sa.engine.Engine) -> sa.engine.Engine:
    """Return an engine that notices a server that was away, and waits for none without end."""
    engine.dispose()
    options = create_engine_kwargs(engine.url)
    options["connect_args"] = {**options.get("connect_args", {}), "connection_factory": BoundedConnection}
    return sa.create_engine(engine.url, pool_pre_ping=True, hide_parameters=True, **options)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Let readers and one writer work side by side, and wait for a writer instead of failing."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(f"PRAGMA busy_timeout={lock_milliseconds()}")


def _keep(events: Iterable[Event]) -> None:
    for event in events:
        setattr(event, _KEPT, True)


def _is_kept(event: Event) -> bool:
    return bool(getattr(event, _KEPT, False))


def _latest_session(events: list[Event]) -> list[Event]:
    """Return the events from the last session start or restart on; earlier ones have no effect any more."""
    starts = [index for index, event in enumerate(events) if isinstance(event, SessionStarted | Restarted)]
    if not starts:
        return events
    start = starts[-1]
    opened = start > 0 and _is_action(events[start - 1], ACTION_SESSION_START_NAME)
    return events[start - 1 if opened else start :]


def _cut(events: list[Event], turns: int) -> int | None:
    """Return where the last `turns` turns begin: at the listening before a message, never inside a turn."""
    messages = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(messages) <= turns:
        return None
    for index in range(messages[-turns], 0, -1):
        if _is_action(events[index], ACTION_LISTEN_NAME):
            return index
    return None


def _is_action(event: Event, name: str) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == name


def _snapshot(before: DialogueStateTracker, following: Event) -> list[Event]:
    """Return events that lead a fresh tracker to the state of `before`."""
    state: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    state += [
        SlotSet(slot.name, slot.value) for slot in before.slots.values() if slot.value != slot.initial_value
    ]
    if before.active_loop is not None and before.active_loop_name:
        # The form ran before: without its execution Rasa takes the next one for the first.
        state += [ActionExecuted(before.active_loop_name), ActiveLoop(before.active_loop_name)]
        if before.is_active_loop_rejected:
            state.append(ActionExecutionRejected(before.active_loop_name))
    if before.is_paused():
        state.append(ConversationPaused())
    for event in state:
        event.timestamp = following.timestamp
        event.metadata = dict(following.metadata or {})
    _keep(state)
    return state
