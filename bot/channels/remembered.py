"""What is remembered in this process for a while, and never more than so much."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values by key, each for `long` after it was put; the oldest goes first when there are `most`."""

    def __init__(self, clock: Callable[[], datetime], long: timedelta, most: int) -> None:
        self._clock, self._long, self._most = clock, long, most
        self._kept: OrderedDict[str, tuple[datetime, Value]] = OrderedDict()

    def get(self, key: str) -> Value | None:
        """The value of `key`, None when it is forgotten or never was."""
        self._forget(self._most)
        return self._kept[key][1] if key in self._kept else None

    def put(self, key: str, value: Value) -> None:
        """Remember `value` from now on."""
        self._kept.pop(key, None)
        self._forget(self._most - 1)
        self._kept[key] = (self._clock(), value)

    def take(self, key: str) -> Value | None:
        """The value of `key`, which is forgotten with it."""
        self._forget(self._most)
        return self._kept.pop(key, (None, None))[1]

    def _forget(self, most: int) -> None:
        until = self._clock() - self._long
        while self._kept and (len(self._kept) > most or next(iter(self._kept.values()))[0] < until):
            self._kept.popitem(last=False)
