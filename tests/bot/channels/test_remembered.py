"""What a channel remembers for a while is forgotten in time, and is never too much."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.remembered import Remembered
from tests.bot.channels.harness import Clock


@pytest.fixture
def remembered(clock: Clock) -> Remembered[str]:
    return Remembered(clock, timedelta(minutes=2), most=2)


def test_a_value_is_there_until_its_time_is_over(remembered: Remembered[str], clock: Clock) -> None:
    remembered.put("a", "1")
    clock.forward(minutes=2)
    assert remembered.get("a") == "1"
    clock.forward(seconds=1)
    assert remembered.get("a") is None


def test_the_oldest_goes_when_there_are_too_many(remembered: Remembered[str]) -> None:
    for key in ("a", "b", "a", "c"):
        remembered.put(key, key)
    assert [remembered.get(key) for key in ("a", "b", "c")] == ["a", None, "c"]


def test_what_is_taken_is_gone(remembered: Remembered[str]) -> None:
    remembered.put("a", "1")
    assert (remembered.take("a"), remembered.take("a"), remembered.get("a")) == ("1", None, None)
