"""Which way and time of contact a message asks for, and which it refuses: "not on weekends", "早上别打"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from actions.turn import Turn

NAMED = ("contact_channel", "contact_hours")
# What a wish about contact is heard as.
WISHES_OF_CONTACT = frozenset({"set_contact_preference", "stop_contact"})

NO_CALL, NO_CALL_AT_WORK = "no_call", "no_call_at_work"
CALLS = frozenset({"call", NO_CALL})
ANY = "any"
# A time that no code holds, "no calls before ten": it is in the words that are kept beside it.
AS_SAID = "as_said"
# Before a time that does not suit.
NOT = "not_"
# What such a time is found as: wanted, it is the part of the day it is named after.
CLOCK, ONE_DAY = "_clock", "one_day"

# Values of `refusal` that refuse something.
REFUSES = frozenset({"ahead", "behind"})

# The value that says it is about what is to come.
HENCEFORTH = "henceforth"

# Refuses what stands right before it and nothing else.
RIGHT_BEHIND = "right_behind"

# The value of `told_party` for those at work.
AT_WORK = "employer"

# Days rather than hours.
DAYS = frozenset({"weekdays", "weekend"})

# A refusal reaches no further than a mark, or a word such as "but" (`ends_clause`).
_MARK = re.compile(r"[,.;!?\n\uff0c\u3002\uff1b\uff01\uff1f]")
# Nor further ahead than a blank between Chinese characters, which stands for a comma.
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
ENDS_CLAUSE = "ends_clause"

Named = dict[str, Any]


@dataclass
class _Wish:
    """What is named in a message; `refused` and `dropped` hold where a name starts."""

    named: list[Named]
    refused: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)


def wished_channel(turn: Turn) -> str | None:
    """The way that is wanted; "no calls, only texts" is about texts. "No calls" is a way, too."""
    wish = _read(turn)
    ways = [each for each in wish.named if each["entity"] == "contact_channel"]
    kept = [each for each in ways if each.get("start") not in wish.dropped]
    refused = [each for each in kept if _is_no_call(wish, each)]
    wanted = [each for each in kept if each not in refused and each.get("start") not in wish.refused]
    if wanted:
        return str(wanted[0]["value"])
    at_work = turn.entity("told_party") == AT_WORK
    return (NO_CALL_AT_WORK if at_work else NO_CALL) if refused else None


def work_is_barred(turn: Turn) -> bool:
    """Whether nobody shall turn to the borrower's work: "不要联系我单位", "never call my work again"."""
    return bars_somebody(turn) and AT_WORK in _parties(turn)


def others_are_barred(turn: Turn) -> bool:
    """Whether others than those at work shall be left alone: "不要联系我妈"; work may be named, too."""
    return bars_somebody(turn) and bool(_parties(turn) - {AT_WORK})


def bars_somebody(turn: Turn) -> bool:
    """Whether a word of refusing, one of being contacted and one of other people stand together."""
    refuses = any(each["value"] in REFUSES for each in turn.entities("refusal"))
    is_of_contact = turn.heard in WISHES_OF_CONTACT or turn.entities("contacting")
    return refuses and bool(_parties(turn)) and bool(is_of_contact or turn.entities("contact_channel"))


def _parties(turn: Turn) -> set[str]:
    return {str(each["value"]) for each in turn.entities("told_party")}


def wished_hours(turn: Turn) -> str | None:
    """The part of the day that suits, or "not_" and the one that does not."""
    wish = _read(turn)
    times = [each for each in wish.named if each["entity"] == "contact_hours"]
    refused = [each for each in times if each.get("start") in wish.refused]
    if any(each["value"] == ONE_DAY for each in times) or any(_is_clock(each) for each in refused):
        return AS_SAID if _is_of_contact(turn) else None
    unwanted = {each["value"] for each in refused}
    wanted = {str(each["value"]).removesuffix(CLOCK) for each in times if each["value"] not in unwanted}
    if wanted:
        # "Weekend mornings", "mornings or at lunch": no code holds both, the words that are kept do.
        return wanted.pop() if len(wanted) == 1 else AS_SAID
    return f"not_{refused[-1]['value']}" if refused and refused[-1]["value"] != ANY else None


def both_hours(before: str | None, now: str) -> str:
    """What holds when `now` is wished for after `before`: another day beside a part of the day adds to it."""
    if before in (None, ANY) or now in (ANY, AS_SAID):
        return now
    adds = before == AS_SAID or _is_of_days(str(before)) != _is_of_days(now) or now.startswith(NOT)
    return AS_SAID if adds and before != now else now


def _is_of_days(hours: str) -> bool:
    return hours.removeprefix(NOT) in DAYS


def _is_clock(named: Named) -> bool:
    return str(named["value"]).endswith(CLOCK)


def _is_of_contact(turn: Turn) -> bool:
    """Whether a day is named for being contacted: "on Sunday" tells of many other things."""
    return turn.heard in WISHES_OF_CONTACT or turn.active_form == "preference_form"


def _is_no_call(wish: _Wish, named: Named) -> bool:
    is_refused = named["value"] == "call" and named.get("start") in wish.refused
    return named["value"] == NO_CALL or is_refused


def _read(turn: Turn) -> _Wish:
    named = [each for entity in NAMED for each in turn.entities(entity)]
    wish = _Wish(sorted(named, key=lambda each: each.get("start") or 0))
    for refusal in turn.entities("refusal"):
        if refusal["value"] in REFUSES and "start" in refusal and not _is_part_of_a_time(wish, refusal):
            _refuse(wish, refusal, *_clause(turn, refusal["start"]))
        elif refusal["value"] == RIGHT_BEHIND and "start" in refusal:
            _refuse_right_before(turn, wish, refusal)
    return wish


def _refuse_right_before(turn: Turn, wish: _Wish, refusal: Named) -> None:
    """ "Weekends no": what stands right before the word that ends the clause."""
    rest = turn.text[refusal["end"] : _clause(turn, refusal["end"])[1]]
    for each in wish.named:
        is_before = "end" in each and each["end"] <= refusal["start"]
        if is_before and not rest.strip() and not turn.text[each["end"] : refusal["start"]].strip():
            wish.refused.add(each["start"])


def _is_part_of_a_time(wish: _Wish, refusal: Named) -> bool:
    """Whether it says which time is meant: "not before six" is the evening, and refuses none."""
    times = (each for each in wish.named if _is_time(each) and "start" in each)
    return any(each["start"] <= refusal["start"] < each["end"] for each in times)


def _clause(turn: Turn, position: int) -> tuple[int, int]:
    """From where to where the clause goes that holds `position`."""
    words = [each["start"] for each in turn.entities("refusal") if each["value"] == ENDS_CLAUSE]
    ends = [match.start() for match in _MARK.finditer(turn.text)] + words
    before = [end for end in ends if end < position]
    blanks = [match.start() for match in _BLANK.finditer(turn.text)]
    after = [end for end in ends + blanks if end >= position]
    return max(before, default=0), min(after, default=len(turn.text))


def _refuse(wish: _Wish, refusal: Named, start: int, end: int) -> None:
    """Note what one word of refusal refuses. With calls at a time it is the time: "别在早上打电话"."""
    inside = [each for each in wish.named if start <= each.get("start", -1) < end]
    before = [each for each in inside if each["start"] < refusal["start"]]
    after = [each for each in inside if each["start"] >= refusal["start"]]
    if refusal["value"] == "behind":
        after = []
    call = after[:1] if after and after[0]["value"] in CALLS else []
    rest = after[len(call) :]
    if call and len(rest) == 1 and _is_time(rest[0]):
        target, dropped = rest[0], call
    elif before and _is_time(before[-1]) and not rest:
        target, dropped = before[-1], call
    elif after:
        is_time = _is_time(after[0])
        target, dropped = after[0], [each for each in after[1:] if is_time and each["value"] in CALLS]
    elif before:
        target, dropped = before[-1], []
    else:
        return
    wish.refused.add(target["start"])
    wish.dropped.update(each["start"] for each in dropped)


def _is_time(named: Named) -> bool:
    return bool(named["entity"] == "contact_hours")
