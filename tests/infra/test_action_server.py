"""The action server's door: only who knows the secret gets in, and errors carry no personal data out."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sanic import Sanic

from actions.server import build
from cli.processes import free_port
from cli.servers import Plan, serving

ROOT = Path(__file__).resolve().parents[2]
FAILING_ACTION = """
import logging
from rasa_sdk import Action


class ActionThatFails(Action):
    def name(self):
        return "action_that_fails"

    def run(self, dispatcher, tracker, domain):
        phone = tracker.get_slot("phone")
        logging.getLogger("a.library").debug("This goes out: %s", phone)
        try:
            raise ValueError(phone)
        except ValueError:
            logging.getLogger("a.library").exception("It failed")
        raise RuntimeError(phone)
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


# What a developer may set to see more, and an action that fails and logs in the worst of ways.
TALKATIVE = """
import logging, sys
from actions import server

say_all = logging.basicConfig
logging.basicConfig = lambda **options: say_all(**{**options, "level": logging.DEBUG})
build = server.build
server.build = lambda token: build(token, package="failing_actions")
server.main()
"""


def test_a_running_action_server_logs_no_word_at_any_level(tmp_path: Path) -> None:
    (tmp_path / "failing_actions.py").write_text(FAILING_ACTION)
    own = {name: value for name, value in os.environ.items() if not name.startswith("RESPITE_")}
    port = free_port()
    path = os.pathsep.join([str(ROOT), str(tmp_path)])
    settings = {"RESPITE_ACTION_TOKEN": "secret", "RESPITE_ACTION_PORT": str(port), "PYTHONPATH": path}
    url, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    talkative = Plan(
        "a talkative action server",
        (sys.executable, "-c", TALKATIVE),
        f"{url}/health",
        log,
        {**own, **settings},
    )
    with serving(talkative):
        answer = requests.post(f"{url}/webhook", params={"token": "secret"}, json=CALL, timeout=30)
        assert answer.status_code == 500
    logged = log.read_text()
    assert "RuntimeError while running an action" in logged and "(words withheld)" in logged
    assert "13800138000" not in logged


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
