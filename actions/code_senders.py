"""How a one-time code reaches the borrower's phone: the lender's gateway, or the screen in demo mode."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import requests
import structlog

from casestore import outbox
from casestore.store import CaseStore
from hardship.identity import CodeSender

log = structlog.get_logger(__name__)

# After this the code is given up; it can be asked for again.
GATEWAY_TIMEOUT_SECONDS = 4

# How many codes are on their way at once.
AT_ONCE = 8


class DemoSender:
    """Prints the code in the terminal and puts it on the demo page's phone. Demo mode only."""

    def __init__(self, store: CaseStore) -> None:
        self._store = store

    def send(self, phone: str, code: str, language: str) -> None:
        """Show `code` for the invented borrower whose phone ends as printed."""
        outbox.put(self._store, phone, code, language)
        print(f"[demo phone …{phone[-4:]}] {code}", file=sys.stderr, flush=True)


class HttpGatewaySender:
    """Posts the code to the lender's message gateway, which words and delivers the text message."""

    def __init__(self, url: str, token: str | None) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._hands = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="codes")

    def send(self, phone: str, code: str, language: str) -> None:
        """Have `code` delivered to `phone` (E.164).

        Nobody waits for it: how long the answer takes would tell that there is somebody to send a code to.
        """
        self._hands.submit(self._deliver, {"to": phone, "code": code, "language": language})

    def close(self) -> None:
        """Wait for what is on its way."""
        self._hands.shutdown()

    def _deliver(self, message: dict[str, str]) -> None:
        try:
            requests.post(
                self._url, json=message, headers=self._headers, timeout=GATEWAY_TIMEOUT_SECONDS
            ).raise_for_status()
        except requests.RequestException as problem:
            log.error("code_not_sent", problem=type(problem).__name__)


class GatewayMissing(RuntimeError):
    """No way to send codes is configured."""


def sender_from_environment(store: CaseStore) -> CodeSender:
    """The sender that the environment asks for.

    Raises `GatewayMissing` outside demo mode when `RESPITE_SMS_URL` is unset: without codes nobody could
    be verified, so the action server must not start.
    """
    if url := os.environ.get("RESPITE_SMS_URL"):
        return HttpGatewaySender(url, os.environ.get("RESPITE_SMS_TOKEN"))
    if os.environ.get("RESPITE_DEMO") == "1":
        return DemoSender(store)
    raise GatewayMissing("Set RESPITE_SMS_URL to the gateway that sends codes, or RESPITE_DEMO=1 to try.")
