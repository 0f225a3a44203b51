"""What docs/embedding.md tells those who embed the chat: its code is run, and its tokens are taken."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path

import aiohttp
import pytest

from bot.channels.handover import Handovers
from bot.channels.web import Settings
from casestore import sessions
from casestore.store import CaseStore
from cli.environment import ROOT
from tests.bot.channels.harness import Clock, RunningWeb
from tests.casestore.people import WANG, load
from tests.support import guide
from tests.support.handover import HANDOVER_SECRET


@pytest.mark.parametrize("make", [guide.token_from_python, guide.token_from_node])
async def test_a_token_of_the_recipe_is_taken(
    store: CaseStore, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make
) -> None:
    monkeypatch.setenv("RESPITE_HANDOVER_SECRET", HANDOVER_SECRET)
    clock.now = datetime.now(timezone.utc)
    load(store, tmp_path, WANG)
    settings = Settings(handovers=Handovers(HANDOVER_SECRET, clock))
    async with RunningWeb(store, settings, clock) as web, aiohttp.ClientSession(web.base_url) as http:
        answer = await http.post("/chat/session", json={"handover": make(WANG["loan_number"])})
        session = sessions.get(store, web.tokens.read((await answer.json())["token"]).subject)
    assert session is not None and session.borrower_id is not None


def test_every_custom_property_it_names_is_one_of_the_widget() -> None:
    styles = (ROOT / "bot" / "widget" / "src" / "styles" / "base.css").read_text(encoding="utf-8")
    named = guide.custom_properties()
    assert named and named <= set(re.findall(r"(--[a-z-]+):", styles))
