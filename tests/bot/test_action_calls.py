"""What the bot sends to the action server with each call: the tracker, and never the domain."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

ROOT = Path(__file__).resolve().parent.parent.parent


def test_no_action_is_sent_the_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is six times what a call holds otherwise; Rasa adds it for each validator that does not say no."""
    monkeypatch.setenv("RESPITE_ACTION_URL", "http://127.0.0.1:5055/webhook")
    monkeypatch.setenv("RESPITE_ACTION_TOKEN", "unused")
    endpoint = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml")).action
    domain = Domain.load(ROOT / "domain.yml")
    tracker = DialogueStateTracker("someone", domain.slots)
    calls = {
        name: RemoteAction(name, endpoint)._action_call_format(tracker, domain)
        for name in domain.user_actions
    }
    assert len([name for name in calls if name.startswith("validate_")]) > 10
    assert [name for name, call in calls.items() if "domain" in call] == []
