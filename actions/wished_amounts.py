"""The amounts of a wish: what is paid now, each month or later, and what a share is a share of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from actions.positions import position_today
from actions.turn import Turn
from casestore import account

# So many times an instalment is a sum that is paid once.
_MANY_TIMES = 3
# Characters between an amount and the word that tells how often it is paid.
_BESIDE = 2
# Characters: so near behind its word an amount is a figure of the statement.
_NEAR = 16


@dataclass(frozen=True)
class Amount:
    """An amount of the message in minor units, and whether it is paid "now" or "monthly" (None: not said)."""

    minor: int
    rhythm: str | None


def amounts(turn: Turn, kind: str | None) -> list[Amount]:
    """Amounts said outright, else a share of what it is said of ("half the penalty interest")."""
    said = _without_figures([each for each in turn.entities("money") if not each.get("ambiguous")], turn)
    said = [each for each in said if each is not later_sum(turn)]
    if said:
        return [Amount(int(entity["value"]), _rhythm_of(turn, entity)) for entity in said]
    share = turn.entity("percentage")
    if share is None:
        return []
    rhythm = _rhythm_of(turn, turn.entities("percentage")[-1])
    of = whole(turn, kind, rhythm)
    part = (Decimal(of) * Decimal(str(share)) / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return [Amount(int(part), rhythm)] if of else []


def last(amounts: list[Amount]) -> int | None:
    """The amount said last, minor units; None without any."""
    return amounts[-1].minor if amounts else None


def later_sum(turn: Turn) -> dict[str, Any] | None:
    """A sum that comes once and later: "500 a month, and about 6000 when my bonus comes in March".

    Plans begin with what is paid at once; what comes later is paid beside them.
    """
    clear = [each for each in turn.entities("money") if not each.get("ambiguous") and "start" in each]
    monthly = [word for word in turn.entities("pay_rhythm") if word["value"] == "monthly" and "start" in word]
    each_month = [one for one in clear if any(gap(one, word) <= _BESIDE for word in monthly)]
    others = [one for one in clear if one not in each_month]
    if len(each_month) != 1 or len(others) != 1 or not turn.entities("date") or "now" in rhythms(turn):
        return None
    is_once = int(others[0]["value"]) >= _MANY_TIMES * int(each_month[0]["value"])
    return others[0] if is_once and others[0]["start"] > each_month[0]["start"] else None


def low_amount(turn: Turn) -> dict[str, Any] | None:
    """The amount that belongs to the first months: "400 for the first six months" holds it."""
    clear = [each for each in turn.entities("money") if not each.get("ambiguous")]
    steps = [each for each in turn.entities("first_months") if "start" in each]
    inside = [
        amount
        for amount in clear
        for step in steps
        if step["start"] <= amount.get("start", -1) and amount.get("end", 0) <= step["end"]
    ]
    return inside[0] if inside else None


def pays_all(turn: Turn, amount: Amount) -> bool:
    """Whether an amount that is not said to be monthly is more than all that is owed: it is no instalment."""
    if turn.session.loan_id is None or amount.rhythm == "monthly":
        return False
    loan = account.loan(turn.services.store, turn.session.loan_id)
    return amount.minor >= position_today(turn, loan).total_owed


def whole(turn: Turn, kind: str | None, rhythm: str | None) -> int:
    """What a share is a share of, minor units: by the kind of plan, else arrears now or the instalment."""
    if turn.session.loan_id is None:
        return 0
    position = position_today(turn, account.loan(turn.services.store, turn.session.loan_id))
    if kind == "settlement":
        return position.total_owed
    if kind == "charge_waiver":
        return position.penalty_interest + position.fees
    return position.arrears if rhythm == "now" else position.next_instalment


def rhythms(turn: Turn) -> set[str]:
    """How often something is paid, as far as the message says it: "now", "monthly", "rest"."""
    return {str(entity["value"]) for entity in turn.entities("pay_rhythm")}


def gap(one: dict[str, Any], other: dict[str, Any]) -> int:
    """Characters between two entities, 0 when they touch or overlap."""
    return max(one["start"] - other["end"], other["start"] - one["end"], 0)


def _rhythm_of(turn: Turn, said: dict[str, Any]) -> str | None:
    """The rhythm named closest to a figure: "1000 now and 500 a month" holds one of each."""
    words = turn.entities("pay_rhythm")
    monthly_ends = {word["end"] for word in words if word["value"] == "monthly"}
    # "Every month pay first 500" is monthly: a word for now right behind one for a month does not count.
    kept = [word for word in words if word["value"] == "monthly" or word["start"] not in monthly_ends]
    return min(((gap(said, word), str(word["value"])) for word in kept), default=(0, None))[1]


def _without_figures(amounts: list[dict[str, Any]], turn: Turn) -> list[dict[str, Any]]:
    """Without what is of income or spending: "660 is tight, my rent goes up to 2300"."""
    words = turn.entities("statement_field")
    others = [
        amount
        for amount in amounts
        if not any(0 <= amount.get("start", 0) - word.get("end", 0) <= _NEAR for word in words)
    ]
    return others or amounts
