"""Events for other programs, without words: what happened when in which conversation, not what was said.

`endpoints.yml`:

    event_broker:
      type: bot.brokers.WordlessBroker
      broker: {type: sql, dialect: postgresql, url: …}

`broker` is what `event_broker` would be otherwise. The tracker store refuses to start with any other broker.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from casestore.keys import Keys, keys_from_environment

# All that may leave, by kind of event; slots go by name alone.
KEPT = {
    "action": ("name", "policy", "confidence"),
    "active_loop": ("name",),
    "slot": ("name",),
    "user": ("input_channel",),
}


class WordsWouldLeave(RasaException):
    """An event broker is configured that would publish what people write."""


def require_wordless(broker: EventBroker | None) -> None:
    """Raises `WordsWouldLeave` for a broker that publishes events as they are."""
    if broker is not None and not isinstance(broker, WordlessBroker):
        raise WordsWouldLeave(
            "endpoints.yml names an event_broker that would publish what people write. "
            "Put it behind bot.brokers.WordlessBroker (docs/security.md), or take it out."
        )


class WordlessBroker(EventBroker):
    """Passes events on to another broker, each reduced to what is no word and names no person."""

    def __init__(self, broker: EventBroker, keys: Keys) -> None:
        self._broker = broker
        self._keys = keys

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig, event_loop: AbstractEventLoop | None = None
    ) -> WordlessBroker:
        """The broker that `broker` describes, behind this one. Raises `RasaException` without one."""
        inner = broker_config.kwargs.get("broker")
        if not isinstance(inner, dict):
            raise RasaException(
                "bot.brokers.WordlessBroker needs `broker`, the settings of the broker behind it."
            )
        broker = await EventBroker.create(EndpointConfig.from_dict(inner), event_loop)
        if broker is None:
            raise RasaException("The broker behind bot.brokers.WordlessBroker could not be made.")
        return cls(broker, keys_from_environment())

    def publish(self, event: dict[str, Any]) -> None:
        """Pass on what may leave of the event."""
        self._broker.publish(self.reduced(event))

    def reduced(self, event: dict[str, Any]) -> dict[str, Any]:
        """Kind, time, the conversation under its mark in the audit trail, and the codes of the kind."""
        kind = str(event.get("event"))
        session = self._keys.hash("session", str(event.get("sender_id")))[:24]
        left = {"event": kind, "timestamp": event.get("timestamp"), "sender_id": f"session-{session}"}
        left |= {name: event[name] for name in KEPT.get(kind, ()) if name in event}
        intent = (event.get("parse_data") or {}).get("intent") or {}
        if kind == "user":
            left["intent"] = {name: intent.get(name) for name in ("name", "confidence")}
        utterance = (event.get("metadata") or {}).get("utter_action")
        return left | ({"utter_action": utterance} if kind == "bot" and utterance else {})

    def is_ready(self) -> bool:
        """Whether the broker behind is."""
        return self._broker.is_ready()

    async def close(self) -> None:
        """Close the broker behind."""
        await self._broker.close()
