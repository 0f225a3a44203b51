"""Skill agreement: only a part of the next instalment is at hand: "it's 640 and I've got 300".

Known by the words of `data/lookups/part_of_instalment.yml`, beside an amount, where an agreement is in force.
"""

from __future__ import annotations

from decimal import Decimal

from actions import paying_early
from actions.agreed import in_force
from actions.turn import FALLBACK, Turn
from casestore import handoffs
from casestore.agreement import AgreementView
from hardship.money import round_half_up

HAS, SHORT, MISSING, INSTALMENT = "has", "short", "missing", "instalment"
GOING_TO, ALREADY = "going_to", "already"

# The question whether the plan in force shall be changed.
CHANGES = "change_form"

# What such a message is taken for. A message of another meaning is about that.
_NEAR = frozenset(
    {
        FALLBACK,
        "ask_balance",
        "ask_due_date",
        "ask_how_to_pay",
        "correct_detail",
        "counter_offer",
        "promise_to_pay",
        "reject_offer",
        "report_hardship",
        "report_missed_instalment",
        "request_interest_only",
        "request_lower_instalments",
    }
)
# Within so many messages a question about "the rest" is of the part that was told.
SOON = 3
_HUNDRED = 100
# Characters between a figure and what is said of it.
_BESIDE = 2
# Between a share and what it is a share of: "half of my wages".
_OF_SHARE = 8


def words(turn: Turn) -> set[str]:
    """What the message tells of a part of an instalment."""
    return {str(each["value"]) for each in turn.entities("part_of_instalment")}


def told(turn: Turn, made: AgreementView) -> int | None:
    """The part of the oldest unpaid instalment that is at hand, minor units; None where none is told."""
    if made.next_unpaid is None or _is_of_something_else(turn):
        return None
    unpaid = made.next_unpaid.unpaid
    part = _share_of(turn, unpaid) if turn.only("percentage") else _part(turn, unpaid)
    return part if part is not None and 0 < part < unpaid else None


def leads_on(turn: Turn) -> bool:
    """Whether a message outside the forms tells of a part, so that easier plans are to be spoken of."""
    is_near = turn.heard in _NEAR or turn.heard.startswith("hardship_")
    if turn.active_form or not is_near or not turn.session.borrower_id:
        return False
    if handoffs.danger_waits(turn.services.store, turn.session.session_id):
        return False
    made = in_force(turn)
    return made is not None and told(turn, made) is not None


def is_still_to_be_paid(turn: Turn) -> bool:
    """ "All right, I'll send the 300 over" is near "I have sent it" in its words, and is none."""
    said = words(turn)
    return GOING_TO in said and ALREADY not in said


def _is_of_something_else(turn: Turn) -> bool:
    """Whether it is so much every month, a figure of the statement, more than is due, or paid already."""
    monthly = any(each["value"] == "monthly" for each in turn.entities("pay_rhythm"))
    named = any(turn.entities(each) for each in ("plan_kind", "month_count", "parts")) or _is_a_figure(turn)
    on_top = paying_early.words(turn) & {*paying_early.ABOUT, paying_early.EFFECT, paying_early.EXTRA}
    return monthly or named or bool(on_top) or ALREADY in words(turn)


def _is_a_figure(turn: Turn) -> bool:
    """Whether what one only has is a figure: "my wages are only 1500", not "no wages yet, I've got 300".

    Of a share it is one only right behind it: "half my wages", not "half now, the rest after my wages".
    """
    figures = [each for each in turn.entities("statement_field") if "end" in each]
    if turn.only("percentage") and not turn.entities("money"):
        ends = [each["end"] for each in turn.entities("percentage") if "end" in each]
        return any(0 <= figure["start"] - end <= _OF_SHARE for end in ends for figure in figures)
    has = [each for each in turn.entities("part_of_instalment") if each["value"] == HAS]
    if not has:
        return bool(figures)
    return any(0 <= word["start"] - figure["end"] <= _BESIDE for word in has for figure in figures)


def _share_of(turn: Turn, unpaid: int) -> int | None:
    """ "I can pay half of this month's"."""
    rhythms = {str(each["value"]) for each in turn.entities("pay_rhythm")}
    # Asked whether the plan shall be changed, "half now and the rest later" is of the next instalment.
    is_once = turn.active_form == CHANGES and "now" in rhythms
    if not (words(turn) & {HAS, SHORT, INSTALMENT, GOING_TO} or is_once):
        return None
    return round_half_up(Decimal(str(turn.only("percentage"))) * unpaid / _HUNDRED)


def _part(turn: Turn, unpaid: int) -> int | None:
    """The one amount; of two the lower, where the other is the instalment; else what is not missing."""
    said = words(turn)
    amounts = sorted({int(each["value"]) for each in turn.entities("money") if not each.get("ambiguous")})
    if len(amounts) == 2 and said & {HAS, SHORT}:
        return amounts[0]
    if len(amounts) != 1:
        return None
    if MISSING in said and said & {INSTALMENT, SHORT}:
        return unpaid - amounts[0]
    is_once = any(each["value"] == "now" for each in turn.entities("pay_rhythm")) or INSTALMENT in said
    is_part = said & {HAS, SHORT} or turn.asks or paying_early.asks(turn)
    return amounts[0] if GOING_TO in said or is_once and is_part else None
