"""Ways and times of contact: which are wanted and which refused, as the lookups find them in a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.contact_wish import wished_channel, wished_hours
from actions.services import Services
from actions.turn import Turn
from bot.nlu.lookups import find, load
from tests.actions.helpers import Said, tracker

LOOKUPS = [
    load(Path("data/lookups") / f"{name}.yml")
    for name in ("contact_channel", "contact_hours", "refusal", "told_party")
]


def entities(text: str) -> list[dict[str, Any]]:
    found = [each for lookup in LOOKUPS for each in find(lookup, text)]
    return [
        {"entity": each.entity, "value": each.value, "start": each.start, "end": each.end} for each in found
    ]


@pytest.mark.parametrize(
    ("text", "channel", "hours"),
    [
        ("周末不要", None, "not_weekend"),
        ("not on weekends", None, "not_weekend"),
        ("除了周末都行", None, "not_weekend"),
        ("早上别打电话", None, "not_morning"),
        ("don't call me in the morning", None, "not_morning"),
        ("别在上班时间打给我", None, "not_daytime"),
        ("on weekends don't call me", None, "not_weekend"),
        ("早上不行晚上可以", None, "evening"),
        ("mornings are no good", None, "not_morning"),
        ("我白天要上班不能接电话，晚上打", None, "evening"),
        ("别打电话早上发短信", "sms", "morning"),
        ("don't call, text me in the evening", "sms", "evening"),
        ("dont call me when im on shift, text only", "sms", "not_daytime"),
        ("别打我公司电话", "no_call_at_work", None),
        ("never ring me at work", "no_call_at_work", None),
        ("千万别往家里打电话", "no_call", None),
        ("please don't ring the house", "no_call", None),
        ("能不能只发微信别打电话", "wechat", None),
        ("text not call", "sms", None),
        ("email rather than calling", "email", None),
        ("可以打电话，但是只能中午", "call", "lunch"),
        ("calls are ok but only at lunch", "call", "lunch"),
        ("工作日晚上七点以后", None, "as_said"),
        ("weekdays after seven", None, "as_said"),
        ("周末上午可以接", None, "as_said"),
        ("上午或者中午打都行", None, "as_said"),
        ("saturday mornings are better", None, "as_said"),
        ("下午两点到五点吧，晚上别打了", None, "afternoon"),
        ("只有工作日", None, "weekdays"),
        ("我上夜班 白天要睡觉 白天别打电话", None, "not_daytime"),
        ("whatsapp please", "whatsapp", None),
        ("别打我了 真的 发微信就行", "wechat", None),
        ("下午两三点钟打好了 上午我要去医院量血压", None, "afternoon"),
        ("please only ever use my mobile, and not before 6pm", "call", "evening"),
    ],
)
def test_what_is_refused_is_not_wanted(
    services: Services, text: str, channel: str | None, hours: str | None
) -> None:
    said = tracker(Said(text, "set_contact_preference", entities=entities(text)))
    turn = Turn(CollectingDispatcher(), said, services)
    assert (wished_channel(turn), wished_hours(turn)) == (channel, hours)
