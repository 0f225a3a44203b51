"""What the channels do not take, and the sentence that says so."""

from __future__ import annotations

from sanic import response
from sanic.response import HTTPResponse

from bot.channels.danger import said_to
from bot.channels.wording import LANGUAGES, wording

# Why something is refused -> the response that says so.
REFUSALS = {
    "too_long": "utter_refused_too_long",
    "too_fast": "utter_refused_too_fast",
    "expired": "utter_refused_expired",
    "invalid": "utter_refused_expired",
    "missing": "utter_refused_expired",
    "payload": "utter_refused_payload",
}

# What is wrong with a request of a messaging service -> its status, and the response that says so.
REQUEST_REFUSALS = {
    "forged": (403, "utter_request_not_signed"),
    "malformed": (400, "utter_request_not_read"),
    "too_long": (413, "utter_request_too_large"),
}


class Refused(Exception):
    """A message that is not taken. `reason` is a key of `REFUSALS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refusal_of(reason: str, language: str, told: str = "") -> dict[str, str]:
    """A refusal as clients get it: a code, and the sentence for the borrower, who wrote `told`."""
    return {"reason": reason, "text": said_to(told, REFUSALS[reason], language), "lang": language}


def refused_request(reason: str) -> HTTPResponse:
    """The answer to a request that is not taken, in both languages: nobody knows who sent it.

    It says as much as is no help to who forges one. `reason` is a key of `REQUEST_REFUSALS`.
    """
    status, said = REQUEST_REFUSALS[reason]
    return response.text("\n".join(wording(said, language) for language in LANGUAGES) + "\n", status)
