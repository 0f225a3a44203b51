"""A program of the lender's hears of hand-offs: signed, in order, again after every failure."""

from __future__ import annotations

import base64
import json

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from bot.desk import courier as courier_module
from bot.desk.channel import desk_from
from bot.desk.courier import Courier
from bot.desk.webhook import DeskMisconfigured, WebhookDesk, secret_from
from casestore import desk, desk_events
from casestore.store import CaseStore
from tests.bot.channels.harness import Clock
from tests.bot.desk.servers import Hook

SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, 32 bytes.").decode()


def courier(store: CaseStore, url: str) -> Courier:
    """A courier to the desk at `url`."""
    return Courier(store, WebhookDesk(f"{url}/hook", secret_from(SECRET), store.clock))


async def test_a_hand_off_is_told_signed_as_the_specifications_own_library_checks(
    store: CaseStore, handoff: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Hook() as hook:
        assert await courier(store, hook.url).deliver_next()
        ((headers, body),) = hook.got
    small = {name.lower(): value for name, value in headers.items()}
    # The library has no clock to set, so its limit on age is lifted.
    monkeypatch.setattr(Webhook, "_Webhook__verify_timestamp", lambda self, stamp: _moment(stamp))
    told = Webhook(SECRET).verify(body, small)
    assert told["type"] == "handoff.requested"
    assert told["data"]["handoff"] == handoff and told["data"]["summary"]["channel"] == "web"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", small)


def _moment(stamp: str) -> object:
    from datetime import datetime, timezone

    return datetime.fromtimestamp(int(stamp), timezone.utc)


async def test_what_is_not_taken_comes_again_with_the_same_id_and_nothing_overtakes_it(
    store: CaseStore, handoff: str, clock: Clock
) -> None:
    desk.borrower_wrote(store, "a", "are you there?", 1)
    async with Hook() as hook:
        hook.answers = [500, 302]
        post = courier(store, hook.url)
        for _ in range(3):
            assert await post.deliver_next()
            assert not await post.deliver_next() or len(hook.got) == 4
            clock.forward(hours=1)
        while await post.deliver_next():
            pass
        ids = [headers["webhook-id"] for headers, _ in hook.got]
        types = [json.loads(body)["type"] for _, body in hook.got]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert types == ["handoff.requested"] * 3 + ["borrower.wrote"]
    assert desk_events.waiting(store) == 0


async def test_a_desk_that_is_down_loses_nothing(store: CaseStore, handoff: str, clock: Clock) -> None:
    async with Hook() as hook:
        nowhere = hook.url
    assert await courier(store, nowhere).deliver_next()
    assert desk_events.waiting(store) == 1
    clock.forward(minutes=5)
    async with Hook() as hook:
        assert await courier(store, hook.url).deliver_next()
    assert desk_events.waiting(store) == 0


async def test_a_failure_is_logged_without_a_word_of_the_borrowers(
    store: CaseStore, handoff: str, caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    async with Hook() as hook:
        await courier(store, hook.url).deliver_next()
        desk.borrower_wrote(store, "a", "my secret words", 1)
        hook.answers = [503]
        await courier(store, hook.url).deliver_next()
    assert "status 503" in caplog.text and "secret words" not in caplog.text
    assert courier_module.logger.name in {record.name for record in caplog.records}


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_short", "no prefix", "whsec_" + "A" * 400])
def test_a_desk_without_a_proper_secret_says_what_to_set(store: CaseStore, secret: str) -> None:
    with pytest.raises(DeskMisconfigured, match="RESPITE_DESK_SECRET"):
        desk_from({"RESPITE_DESK_URL": "https://desk.example", "RESPITE_DESK_SECRET": secret}, store)


def test_there_is_one_desk(store: CaseStore) -> None:
    both = {"RESPITE_DESK_URL": "https://a.example", "RESPITE_CHATWOOT_URL": "https://b.example"}
    with pytest.raises(DeskMisconfigured, match="either"):
        desk_from(both, store)
    assert desk_from({}, store) is None
