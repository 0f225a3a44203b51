"""The action server's door: only who knows the secret gets in, and errors carry no personal data out."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sanic import Sanic

from actions.server import build

ROOT = Path(__file__).resolve().parents[2]
FAILING_ACTION = """
from rasa_sdk import Action


class ActionThatFails(Action):
    def name(self):
        return "action_that_fails"

    def run(self, dispatcher, tracker, domain):
        raise RuntimeError(tracker.get_slot("phone"))
"""
CALL = {
    "next_action": "action_that_fails",
    "sender_id": "a",
    "version": "3.6.2",
    "domain": {},
    "tracker": {"sender_id": "a", "slots": {"phone": "13800138000"}, "latest_message": {}, "events": []},
}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sanic]:
    """An action server whose only action fails with a phone number in its message."""
    (tmp_path / "failing_actions.py").write_text(FAILING_ACTION)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield build("secret", package="failing_actions")
    Sanic._app_registry.pop("rasa_sdk", None)


async def test_health_answers_without_the_secret(server: Sanic) -> None:
    _, answer = await server.asgi_client.get("/health")
    assert answer.status == 200


@pytest.mark.parametrize("path", ["/actions", "/actions?token=", "/actions?token=wrong"])
async def test_without_the_secret_nothing_else_answers(server: Sanic, path: str) -> None:
    _, answer = await server.asgi_client.get(path)
    assert answer.status == 401


async def test_an_action_does_not_run_without_the_secret(server: Sanic) -> None:
    _, answer = await server.asgi_client.post("/webhook", json=CALL)
    assert answer.status == 401


async def test_the_secret_is_taken_from_the_query(server: Sanic) -> None:
    _, answer = await server.asgi_client.get("/actions?token=secret")
    assert answer.status == 200


async def test_the_secret_is_taken_from_a_bearer_header(server: Sanic) -> None:
    _, answer = await server.asgi_client.get("/actions", headers={"Authorization": "Bearer secret"})
    assert answer.status == 200


async def test_an_error_answers_without_tracker_or_message(server: Sanic) -> None:
    _, answer = await server.asgi_client.post("/webhook?token=secret", json=CALL)
    assert answer.status == 500
    assert "13800138000" not in answer.text


async def test_an_error_is_logged_by_kind_and_place_only(
    server: Sanic, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="actions.server"):
        await server.asgi_client.post("/webhook?token=secret", json=CALL)
    ours = [record.getMessage() for record in caplog.records if record.name == "actions.server"]
    assert "RuntimeError" in ours[0] and "in run" in ours[0]
    assert "13800138000" not in caplog.text


async def test_an_unknown_path_is_not_found(server: Sanic) -> None:
    _, answer = await server.asgi_client.get("/nothing?token=secret")
    assert answer.status == 404


def test_a_server_without_a_secret_does_not_start() -> None:
    with pytest.raises(ValueError, match="RESPITE_ACTION_TOKEN"):
        build("")


@pytest.mark.parametrize(
    "settings",
    [{}, {"RESPITE_ACTION_TOKEN": ""}, {"RESPITE_ACTION_TOKEN": "short", "RESPITE_ACTION_HOST": "0.0.0.0"}],
)
def test_no_secret_or_a_short_one_where_others_can_reach_it_ends_in_one_line(
    settings: dict[str, str],
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RESPITE_")}
    ended = subprocess.run(
        [sys.executable, "-m", "actions.server"],
        cwd=ROOT,
        env={**kept, "RESPITE_DEMO": "1", **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    assert (
        ended.stderr.strip().splitlines()[-1].startswith("respite: ")
        and "RESPITE_ACTION_TOKEN" in ended.stderr
    )
