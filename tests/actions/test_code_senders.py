"""How codes reach a phone: the demo page, or the lender's gateway, which may fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue

import pytest
import structlog

from actions.code_senders import DemoSender, GatewayMissing, HttpGatewaySender, sender_from_environment
from actions.services import Services
from casestore import outbox

SECONDS = 30


class Gateway(BaseHTTPRequestHandler):
    """Answers as the lender's gateway does, once it is open: 202, or 401 without its token."""

    received: Queue[bytes] = Queue()
    is_open = threading.Event()

    def do_POST(self) -> None:
        """Take one message."""
        self.is_open.wait(SECONDS)
        self.received.put(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(202 if self.headers["Authorization"] == "Bearer right" else 401)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[str]:
    """Address of a running gateway."""
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Gateway.is_open.set()
    yield f"http://127.0.0.1:{server.server_port}/codes"
    server.shutdown()
    server.server_close()


def test_the_gateway_gets_the_code(gateway: str) -> None:
    HttpGatewaySender(gateway, "right").send("+8613900000001", "123456", "zh")
    message = Gateway.received.get(timeout=SECONDS)
    assert b"123456" in message and b"+8613900000001" in message


def test_nobody_waits_for_the_gateway_and_learns_by_that_whether_a_code_is_sent(gateway: str) -> None:
    Gateway.is_open.clear()
    HttpGatewaySender(gateway, "right").send("+8613900000001", "123456", "zh")
    assert Gateway.received.empty()
    Gateway.is_open.set()
    assert b"123456" in Gateway.received.get(timeout=SECONDS)


def test_a_refusing_gateway_is_logged_without_the_phone_and_the_code(gateway: str) -> None:
    with structlog.testing.capture_logs() as logs:
        sender = HttpGatewaySender(gateway, "wrong")
        sender.send("+8613900000001", "123456", "zh")
        assert Gateway.received.get(timeout=SECONDS)
        sender.close()
    assert logs == [{"event": "code_not_sent", "problem": "HTTPError", "log_level": "error"}]


def test_the_demo_shows_the_code_on_the_page(services: Services, capsys: pytest.CaptureFixture[str]) -> None:
    DemoSender(services.store).send("+8613900000001", "123456", "en")
    assert outbox.recent(services.store, 1)[0].code == "123456"
    assert "123456" in capsys.readouterr().err


def test_without_gateway_and_demo_the_action_server_does_not_start(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESPITE_SMS_URL", raising=False)
    monkeypatch.setenv("RESPITE_DEMO", "0")
    with pytest.raises(GatewayMissing):
        sender_from_environment(services.store)
