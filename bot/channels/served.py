"""What Rasa's own channels need to be as safe as the other messaging channels.

Rasa's hand every word to the bot. Behind these each message is recorded, answered once and kept from the bot
while a person talks, and a button counts only where it was offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel

from bot.channels.limits import Limits, limits_from
from casestore.store import CaseStore


@dataclass
class Served:
    """What a channel needs beyond Rasa's settings."""

    store: CaseStore
    limits: Limits


class ServedChannel(InputChannel):
    """Stands before Rasa's class among the bases; `rasas_settings` are those that Rasa reads."""

    rasas_settings: frozenset[str]
    served: Served

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel as configured. Raises as Rasa's, `UnknownSetting` or `KeysMissing`."""
        channel = super().from_credentials(credentials)
        channel.served = cls._served(credentials or {})
        return channel

    @classmethod
    def _served(cls, credentials: Mapping[str, Any]) -> Served:
        ours = {name: value for name, value in credentials.items() if name not in cls.rasas_settings}
        limits = limits_from(ours)
        return Served(CaseStore.open(), limits)
