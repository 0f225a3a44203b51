"""How much one conversation, one person and one address may send, and the counting of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from casestore import messages
from casestore.store import CaseStore


class UnknownSetting(Exception):
    """A key in credentials.yml that the channel does not have, or a value it can't use."""


RATES = ("messages_per_session", "messages_per_person", "messages_per_address", "sessions_per_address")


@dataclass(frozen=True)
class Limits:
    """The numbers a lender may set under the channel's key in credentials.yml, and what holds otherwise.

    Rates are written "60/minute", several separated by ";". Many borrowers can share one address
    (mobile networks), so an address may send more than a session. Who has proved who they are may write as
    much on all channels together as on one. Raises `UnknownSetting`.
    """

    message_characters: int = 2000
    messages_per_session: str = "120/minute"
    messages_per_person: str = "120/minute"
    messages_per_address: str = "1200/minute"
    sessions_per_address: str = "240/minute"
    waiting_messages: int = 5
    turn_seconds: int = 60

    def __post_init__(self) -> None:
        for name in ("message_characters", "waiting_messages", "turn_seconds"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise UnknownSetting(f"{name} must be a whole number from 1.")
        for name in RATES:
            _rates(name, getattr(self, name))


def limits_from(settings: Mapping[str, object]) -> Limits:
    """The limits set in `settings`, defaults for the rest. Raises `UnknownSetting`."""
    known = {each.name for each in fields(Limits)}
    unknown = sorted(set(settings) - known)
    if unknown:
        raise UnknownSetting(f"The channel knows no setting {', '.join(unknown)}.")
    return Limits(**settings)  # type: ignore[arg-type]


class RateLimits:
    """Counts in this process; every call counts one. A refused one is not counted again."""

    def __init__(self, limits: Limits) -> None:
        # The limiter holds its storage weakly.
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._per_session = _rates("messages_per_session", limits.messages_per_session)
        self._per_address = _rates("messages_per_address", limits.messages_per_address)
        self._sessions = _rates("sessions_per_address", limits.sessions_per_address)

    def allow_message(self, session_id: str, address: str) -> bool:
        """Whether this session, and this address, may send one more message now."""
        return self._hit(self._per_session, "session", session_id) and self._hit(
            self._per_address, "address", address
        )

    def allow_session(self, address: str) -> bool:
        """Whether this address may ask for one more token, socket or document now."""
        return self._hit(self._sessions, "sessions", address)

    def _hit(self, rates: list[RateLimitItem], what: str, who: str) -> bool:
        return all(self._limiter.hit(rate, what, who) for rate in rates)


class PersonLimit:
    """How much one person may write, counted by what is recorded: over all channels, workers and restarts."""

    def __init__(self, store: CaseStore, limits: Limits) -> None:
        self._store = store
        rates = _rates("messages_per_person", limits.messages_per_person)
        self._most = [(rate.amount, timedelta(seconds=rate.get_expiry())) for rate in rates]

    async def allows(self, session_id: str) -> bool:
        """Whether who writes here may send one more message now; anybody may who is not known yet."""
        return await asyncio.to_thread(self._allows, session_id)

    def _allows(self, session_id: str) -> bool:
        now = self._store.clock()
        return all(
            messages.written_by_person(self._store, session_id, now - long, most) < most
            for most, long in self._most
        )


def _rates(name: str, text: object) -> list[RateLimitItem]:
    try:
        return parse_many(text)
    except (ValueError, TypeError):
        raise UnknownSetting(f'{name} must be a rate such as "60/minute".') from None
