"""What a channel says itself when danger is told and the bot can't answer: the numbers to call, at once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import lru_cache

from bot.channels.turns import log_failure
from bot.channels.wording import DEFAULT_LANGUAGE, wording
from bot.nlu.care import is_danger
from bot.nlu.language import detect
from hardship.policy import load_policy_in_force

# Read of the beginning and of the end of a message: one too long to answer is not too long to hear.
READ_CHARACTERS = 2000

# Whoever tells of danger hears whom to call after so long, whatever their turn still waits for: many times
# what an answer takes when all is well (`make bench`), a fraction of what a silent database is given.
IN_TIME_SECONDS = 3.0


def said_to(told: str, response: str, language: str) -> str:
    """The text of `response` to somebody who wrote `told`; where that is danger, whom to call instead.

    Raises `PolicyError` for a bad pack, though the action server will not have started with one.
    """
    if not tells_of_danger(told):
        return wording(response, language)
    return wording("utter_danger_not_passed_on", language).format(**_numbers())


def at_once(told: str) -> list[str]:
    """What to say, without asking anything, to somebody who wrote `told`: whom to call, or nothing."""
    if not tells_of_danger(told):
        return []
    return [said_to(told, "utter_technical_problem", detect(_read(told)) or DEFAULT_LANGUAGE)]


def tells_of_danger(told: str) -> bool:
    """Whether somebody who wrote this may be in danger, however long it is."""
    return is_danger(_read(told))


class InTime:
    """Says whom to call when danger was told and nobody has said anything in time. Says it once.

    An asynchronous context manager around the turn; `say` does the saying.
    """

    def __init__(self, told: str, say: Callable[[], Awaitable[None]]) -> None:
        self._told, self._say = told, say
        self._waiting: asyncio.Task[None] | None = None
        self.has_said = False

    def is_answered(self) -> None:
        """The turn has said something itself."""
        if self._waiting is not None and not self.has_said:
            self._waiting.cancel()

    async def __aenter__(self) -> InTime:
        if tells_of_danger(self._told):
            self._waiting = asyncio.create_task(self._wait())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.is_answered()

    async def _wait(self) -> None:
        await asyncio.sleep(IN_TIME_SECONDS)
        self.has_said = True
        try:
            await self._say()
        except Exception as error:
            log_failure("Whom to call could not be said in time", error)


def _read(told: str) -> str:
    if len(told) <= 2 * READ_CHARACTERS:
        return told
    return f"{told[:READ_CHARACTERS]}\n{told[-READ_CHARACTERS:]}"


@lru_cache(maxsize=1)
def _numbers() -> dict[str, str]:
    policy = load_policy_in_force(os.environ)
    return {name: line.number.value for name, line in policy.hotlines.items()}
