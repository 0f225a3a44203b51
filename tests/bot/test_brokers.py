"""Nothing that a person writes leaves through an event broker, whichever one is configured."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aio_pika
import pytest
import sqlalchemy as sa
import yaml
from rasa.core.agent import load_agent
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    EntitiesAdded,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brokers import WordlessBroker, WordsWouldLeave

SENDER, WORDS, ANSWER = "wx-openid-oABC", "my parrot is called Quixotl17", "Quixotl17, noted"
ENTITY = {"entity": "name", "value": WORDS, "start": 0, "end": 3, "confidence_entity": 1.0}


def said() -> list[Event]:
    """A turn of each kind of event, full of words."""
    return [
        UserUttered(WORDS, {"name": "inform", "confidence": 0.9}, [ENTITY], input_channel="wechat"),
        EntitiesAdded([ENTITY]),
        SlotSet("note", WORDS),
        ActiveLoop("hardship_form"),
        ActionExecuted("utter_noted", policy="RulePolicy", confidence=1.0),
        BotUttered(ANSWER, {"buttons": [{"title": WORDS, "payload": "/x"}]}, {"utter_action": "utter_noted"}),
    ]


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RESPITE_DEMO", "1")
    monkeypatch.setenv("RESPITE_TRACKER_URL", f"sqlite:///{tmp_path}/conversations.db")


def endpoints(folder: Path, broker: dict[str, Any]) -> AvailableEndpoints:
    """What Rasa makes of endpoints.yml with this event broker."""
    path = folder / "endpoints.yml"
    told = {"tracker_store": {"type": "bot.trackers.RecentTrackerStore"}, "event_broker": broker}
    path.write_text(yaml.safe_dump(told))
    return AvailableEndpoints.read_endpoints(str(path))


async def test_a_bot_with_a_broker_that_would_publish_words_does_not_start(tmp_path: Path) -> None:
    written = tmp_path / "events.log"
    with pytest.raises(WordsWouldLeave, match="bot.brokers.WordlessBroker"):
        await load_agent(endpoints=endpoints(tmp_path, {"type": "file", "path": str(written)}))
    assert written.read_text() == ""


@pytest.mark.parametrize("kind", ["sql", "file"])
async def test_what_leaves_tells_what_happened_and_holds_no_word(tmp_path: Path, kind: str) -> None:
    """A conversation is saved as Rasa saves it, and read where the other program reads it."""
    written = tmp_path / "events.db"
    behind = {
        "sql": {"type": "sql", "dialect": "sqlite", "db": str(written)},
        "file": {"type": "file", "path": str(written)},
    }
    broker = {"type": "bot.brokers.WordlessBroker", "broker": behind[kind]}
    agent = await load_agent(endpoints=endpoints(tmp_path, broker))
    tracker = DialogueStateTracker.from_events(SENDER, said(), Domain.empty().slots)
    await agent.tracker_store.save(tracker)
    left = (
        published(written)
        if kind == "sql"
        else [json.loads(line) for line in written.read_text().splitlines()]
    )
    assert [each["event"] for each in left] == ["user", "entities", "slot", "active_loop", "action", "bot"]
    user, _, slot, loop, action, bot = left
    assert user["intent"] == {"name": "inform", "confidence": 0.9} and user["input_channel"] == "wechat"
    assert (slot["name"], loop["name"], action["name"]) == ("note", "hardship_form", "utter_noted")
    assert bot["utter_action"] == "utter_noted"
    assert len({each["sender_id"] for each in left}) == 1 and user["sender_id"].startswith("session-")
    for secret in (SENDER, "Quixotl17"):
        assert secret.encode() not in written.read_bytes()


class RabbitMQ:
    """Stands for RabbitMQ behind aio_pika's connection: takes messages, loses the line, is there again."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.bound: list[str] = []
        self.reconnect_callbacks: set[Callable[..., None]] = set()
        self.is_closed = False
        self.is_cut_off = False

    async def connect_robust(self, **_: Any) -> RabbitMQ:
        return self

    async def channel(self) -> RabbitMQ:
        return self

    async def declare_exchange(self, name: str, type: aio_pika.ExchangeType) -> RabbitMQ:
        return self

    async def declare_queue(self, name: str, durable: bool) -> RabbitMQ:
        self.bound.append(name)
        return self

    async def bind(self, exchange: RabbitMQ, routing_key: str) -> None:
        assert exchange is self

    async def publish(self, message: aio_pika.Message, routing_key: str) -> None:
        if self.is_cut_off:
            raise aio_pika.exceptions.ChannelClosed(320, "CONNECTION_FORCED")
        self.bodies.append(message.body)

    def is_there_again(self) -> None:
        self.is_cut_off = False
        for callback in self.reconnect_callbacks:
            callback(self)

    async def __aenter__(self) -> RabbitMQ:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.is_closed = True


async def test_what_rabbitmq_gets_late_after_a_lost_line_holds_no_word_and_nor_does_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    """Rasa's own class for it, with settings as its handbook has them; only the connection is played."""
    rabbit = RabbitMQ()
    monkeypatch.setattr(aio_pika, "connect_robust", rabbit.connect_robust)
    behind = {"type": "pika", "url": "localhost", "username": "u", "password": "p", "queues": ["events"]}
    broker = {"type": "bot.brokers.WordlessBroker", "broker": behind}
    caplog.set_level(logging.DEBUG)
    agent = await load_agent(endpoints=endpoints(tmp_path, broker), loop=asyncio.get_running_loop())
    wordless = agent.tracker_store.event_broker
    assert wordless.is_ready() and rabbit.bound == ["events"]
    rabbit.is_cut_off = True
    tracker = DialogueStateTracker.from_events(SENDER, said(), Domain.empty().slots)
    await agent.tracker_store.save(tracker)
    await sent(wordless)
    assert rabbit.bodies == []
    rabbit.is_there_again()
    await sent(wordless)
    assert [json.loads(body)["event"] for body in rabbit.bodies] == [each.type_name for each in said()]
    await wordless.close()
    assert not wordless.is_ready()
    everything = b"".join(rabbit.bodies).decode() + caplog.text + "".join(capfd.readouterr())
    assert "publish.failed" in everything
    for secret in (SENDER, "Quixotl17"):
        assert secret not in everything


async def sent(wordless: WordlessBroker) -> None:
    """Wait for what Rasa's broker sends beside the conversation."""
    await asyncio.gather(*wordless._broker._background_tasks)


async def test_a_wordless_broker_needs_one_behind_it(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="settings of the broker behind it"):
        await load_agent(endpoints=endpoints(tmp_path, {"type": "bot.brokers.WordlessBroker"}))


def test_it_is_ready_when_the_one_behind_is() -> None:
    class Behind:
        def is_ready(self) -> bool:
            return False

    assert WordlessBroker(Behind(), None).is_ready() is False  # type: ignore[arg-type]


def published(database: Path) -> list[dict[str, Any]]:
    engine = sa.create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT data FROM events ORDER BY id")).scalars().all()
    engine.dispose()
    return [json.loads(row) for row in rows]
