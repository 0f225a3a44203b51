"""What both servers share is there before they start, and what the operator set stays."""

from __future__ import annotations

from pathlib import Path

from cli.environment import quiet_environment, serving_environment


def test_telemetry_is_off_and_threads_are_few() -> None:
    env = quiet_environment({})
    assert env["RASA_TELEMETRY_ENABLED"] == "false"
    assert (env["OMP_NUM_THREADS"], env["OPENBLAS_NUM_THREADS"]) == ("2", "1")


def test_what_the_operator_set_stays(tmp_path: Path) -> None:
    env = serving_environment(False, {"RESPITE_ACTION_TOKEN": "mine", "OMP_NUM_THREADS": "8"}, tmp_path)
    assert (env["RESPITE_ACTION_TOKEN"], env["OMP_NUM_THREADS"]) == ("mine", "8")


def test_the_token_between_the_servers_is_new_at_each_start(tmp_path: Path) -> None:
    tokens = {serving_environment(True, {}, tmp_path)["RESPITE_ACTION_TOKEN"] for _ in range(2)}
    assert len(tokens) == 2


def test_the_session_secret_survives_a_restart_and_is_private(tmp_path: Path) -> None:
    secrets = {serving_environment(True, {}, tmp_path)["RESPITE_SESSION_SECRET"] for _ in range(2)}
    assert len(secrets) == 1
    assert (tmp_path / "var" / "session.secret").stat().st_mode & 0o077 == 0


def test_links_follow_the_port_of_the_bot(tmp_path: Path) -> None:
    env = serving_environment(True, {"RESPITE_BOT_PORT": "5105"}, tmp_path)
    assert env["RESPITE_PUBLIC_URL"] == "http://127.0.0.1:5105"


def test_the_bot_is_told_where_its_actions_are(tmp_path: Path) -> None:
    env = serving_environment(True, {"RESPITE_ACTION_PORT": "5155"}, tmp_path)
    assert env["RESPITE_ACTION_URL"] == "http://127.0.0.1:5155/webhook"


def test_demo_mode_is_said_explicitly(tmp_path: Path) -> None:
    assert serving_environment(True, {}, tmp_path)["RESPITE_DEMO"] == "1"
    assert serving_environment(False, {"RESPITE_DEMO": "1"}, tmp_path)["RESPITE_DEMO"] == "0"
