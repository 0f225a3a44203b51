"""What the web channel does not take, and the sentence that says so."""

from __future__ import annotations

from bot.channels.danger import said_to

# Why something is refused -> the response that says so.
REFUSALS = {
    "too_long": "utter_refused_too_long",
    "too_fast": "utter_refused_too_fast",
    "expired": "utter_refused_expired",
    "invalid": "utter_refused_expired",
    "missing": "utter_refused_expired",
    "payload": "utter_refused_payload",
}


class Refused(Exception):
    """A message that is not taken. `reason` is a key of `REFUSALS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refusal_of(reason: str, language: str, told: str = "") -> dict[str, str]:
    """A refusal as clients get it: a code, and the sentence for the borrower, who wrote `told`."""
    return {"reason": reason, "text": said_to(told, REFUSALS[reason], language), "lang": language}
