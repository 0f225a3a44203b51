"""Limits: numbers from credentials.yml, counted per session and per address."""

from __future__ import annotations

import pytest

from bot.channels.limits import Limits, RateLimits, UnknownSetting, limits_from
from bot.channels.web import settings_from


def test_what_is_not_set_has_a_default() -> None:
    assert limits_from({"message_characters": 500}) == Limits(message_characters=500)


@pytest.mark.parametrize(
    "settings",
    [
        {"message_charcters": 500},
        {"message_characters": 0},
        {"message_characters": "many"},
        {"turn_seconds": True},
        {"messages_per_session": "often"},
        {"messages_per_address": 7},
        {"messages_per_person": "7"},
    ],
)
def test_a_setting_that_makes_no_sense_is_named(settings: dict[str, object]) -> None:
    with pytest.raises(UnknownSetting, match=next(iter(settings))):
        limits_from(settings)


def test_a_session_has_its_own_count() -> None:
    rates = RateLimits(Limits(messages_per_session="2/minute"))
    assert [rates.allow_message("one", "here") for _ in range(3)] == [True, True, False]
    assert rates.allow_message("two", "here")


def test_an_address_has_a_count_over_its_sessions() -> None:
    rates = RateLimits(Limits(messages_per_address="2/minute"))
    assert [rates.allow_message(f"session {n}", "here") for n in range(3)] == [True, True, False]
    assert rates.allow_message("session 3", "there")


def test_several_rates_hold_together() -> None:
    rates = RateLimits(Limits(sessions_per_address="5/minute;2/second"))
    assert [rates.allow_session("here") for _ in range(3)] == [True, True, False]


def test_pages_that_may_frame_the_chat_are_set_beside_the_limits() -> None:
    settings = settings_from({"frame_ancestors": ["https://lender.example"], "turn_seconds": 9}, {})
    assert settings.frame_ancestors == ("https://lender.example",)
    assert (settings.limits.turn_seconds, settings.demo) == (9, False)
