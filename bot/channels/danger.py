"""What a channel says itself when danger is told and the bot can't answer: the numbers to call, at once."""

from __future__ import annotations

import os
from functools import lru_cache

from bot.channels.wording import wording
from bot.nlu.care import is_danger
from hardship.policy import load_policy_in_force

# Read of the beginning and of the end of a message: one too long to answer is not too long to hear.
READ_CHARACTERS = 2000


def said_to(told: str, response: str, language: str) -> str:
    """The text of `response` to somebody who wrote `told`; where that is danger, whom to call instead.

    Raises `PolicyError` for a bad pack, though the action server will not have started with one.
    """
    if not is_danger(_read(told)):
        return wording(response, language)
    return wording("utter_danger_not_passed_on", language).format(**_numbers())


def _read(told: str) -> str:
    if len(told) <= 2 * READ_CHARACTERS:
        return told
    return f"{told[:READ_CHARACTERS]}\n{told[-READ_CHARACTERS:]}"


@lru_cache(maxsize=1)
def _numbers() -> dict[str, str]:
    policy = load_policy_in_force(os.environ)
    return {name: line.number.value for name, line in policy.hotlines.items()}
