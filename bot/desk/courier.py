"""Brings the events in the case store to the desk: in order, at least once, again after every failure."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from aiohttp import ClientTimeout

from bot.channels.turns import log_failure
from casestore import desk_events
from casestore.desk_events import DeskEvent
from casestore.store import CaseStore

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
# Well below the lease that a claim has (casestore/retries.py), for the three requests an event can take.
ANSWER_WITHIN = ClientTimeout(total=20)


class NotTaken(Exception):
    """The desk did not take an event. The message holds a status code, never a text."""


class Desk(Protocol):
    """Where events go."""

    async def deliver(self, event: DeskEvent) -> None:
        """Bring one event there. Raises any exception when the desk has not taken it."""


class Courier:
    """Delivers what is due, one event after the other."""

    def __init__(self, store: CaseStore, desk: Desk) -> None:
        self._store, self._desk = store, desk

    async def run(self) -> None:
        """Deliver until cancelled; a case store that is away is waited for."""
        while True:
            try:
                while await self.deliver_next():
                    pass
            except Exception as error:
                log_failure("Events for the desk could not be read", error)
            await asyncio.sleep(PAUSE_SECONDS)

    async def deliver_next(self) -> bool:
        """Try the next event that is due; False when there is none."""
        event = await asyncio.to_thread(desk_events.claim, self._store)
        if event is None:
            return False
        try:
            await self._desk.deliver(event)
        except Exception as error:
            await self._try_again(event, error)
        else:
            await asyncio.to_thread(desk_events.delivered, self._store, event.number)
        return True

    async def _try_again(self, event: DeskEvent, error: Exception) -> None:
        due = await asyncio.to_thread(desk_events.failed, self._store, event.number)
        why = str(error) if isinstance(error, NotTaken) else type(error).__name__
        logger.warning("The desk did not take event %s (%s); next try at %s", event.number, why, due)
