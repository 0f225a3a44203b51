"""What a borrower asks for: read from a message, kept in the case store, recalled when the offers come.

Slots remember only the kind of plan that was asked for; the figures are in the case store, encrypted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from actions.events import Events, set_slot
from actions.formats import as_date
from actions.positions import position_today
from actions.statement import record
from actions.turn import Turn
from actions.wished_amounts import Amount, amounts, last, later_sum, low_amount, pays_all, rhythms, whole
from actions.wished_days import comes_each_month, day_of_month, days_wished, feast_over
from casestore import account, hardship, plan
from casestore.asks import ask_from_json, ask_to_json
from hardship.calendar import MONTHS_PER_YEAR
from hardship.plans.base import Ask, Offer

# Intents that ask for one kind of plan.
KIND_OF_INTENT = {
    "request_payment_holiday": "payment_holiday",
    "request_interest_only": "interest_only",
    "request_due_date_change": "due_date_change",
    "request_charge_waiver": "charge_waiver",
    "request_settlement": "settlement",
    "promise_to_pay": "promise_to_pay",
}

# Intents by which a borrower bargains.
COUNTERS = frozenset({"counter_offer", "request_lower_instalments", *KIND_OF_INTENT})

# Those of them that need no figure to be answered.
_NEEDS_NO_FIGURE = frozenset({"request_payment_holiday", "request_interest_only", "request_charge_waiver"})

# Every intent that says what the borrower would like.
WISHES = COUNTERS | {"request_plan"}

# Kinds that can't be worked out without a figure only the borrower knows, and the question for it.
NEEDED_FIGURE = {"settlement": "lump_sum", "due_date_change": "due_day"}

ANY_KIND = "any"

# Characters between a spending and what is said of it.
_BESIDE = 2

# Arrears paid beside the loan's own instalments: what is left after a first sum goes with the next of them.
REST_AT_ONCE = "arrears_instalments"


def asked(turn: Turn) -> Ask | None:
    """What the borrower asks for in this message, None when nothing is named."""
    if is_unsure(turn):
        return None
    kind = _kind_answered(turn) or kind_named(turn) or _kind_waiting(turn)
    if kind == "promise_to_pay" and "monthly" in rhythms(turn) and turn.entity("money") is not None:
        kind = None  # so much a month is a plan and not one promise
    months = turn.entity("month_count") or turn.entity("parts")
    ask = Ask(kind=kind, months=months, first_due=_first_day(turn))
    ask = _with_due_day(turn, _with_amounts(turn, ask))
    if _rest_at_once(turn, ask):
        ask = replace(ask, kind=REST_AT_ONCE, months=1)
    if turn.entities("less_by"):
        ask = replace(ask, instalment=None)  # by so much less, and not so much
    if ask.kind == "step_up" and _is_day_of_the_step(turn) and (day := _first_day(turn)):
        ask = replace(ask, months=_instalments_until(turn, day), first_due=None)
    if ask.kind == "payment_holiday" and ask.first_due and ask.months:
        ask = replace(ask, months=None)  # a pause until the day from which payments are possible again
    if turn.heard == "nlu_fallback" and ask == Ask(first_due=ask.first_due) and not _is_ahead(turn, ask):
        return None  # "not today" wishes for nothing
    if turn.heard == "nlu_fallback" and any(each["value"] == "year" for each in turn.entities("pay_period")):
        return None  # what a year brings in
    if turn.intent == "nlu_fallback" and ask == Ask(first_due=ask.first_due) and turn.asks:
        return None  # "will somebody ring me in two years?"
    return None if replace(ask, kind=kind_named(turn)) == Ask() else ask


def _is_day_of_the_step(turn: Turn) -> bool:
    """Whether the day is the one from which more is paid: "less until January, then back to normal"."""
    lower = [each for each in turn.entities("first_months") if not each["value"] and "end" in each]
    days = [each for each in turn.entities("date") if "start" in each]
    return any(one["start"] <= day["start"] < one["end"] for one in lower for day in days)


def is_unsure(turn: Turn) -> bool:
    """Whether a kind of plan is named by who does not know: "February I don't know, with the holiday".

    A wish that is asked for, or comes with a figure, is one all the same.
    """
    vague = turn.heard in _NEEDS_NO_FIGURE and turn.beside({"dont_know"}) is not None
    named = turn.entities("money") or turn.entity("month_count") or turn.entities("pause_months")
    return vague and not turn.asks and not named and not turn.is_chosen


def _rest_at_once(turn: Turn, ask: Ask) -> bool:
    """Whether arrears are paid half now and "the rest next month": one payment more, and no instalments."""
    alone = ask.kind is None and ask.lump_sum is not None and ask.instalment is None and ask.months is None
    return alone and "rest" in rhythms(turn)


def _is_ahead(turn: Turn, ask: Ask) -> bool:
    return ask.first_due is not None and ask.first_due > turn.services.today()


def with_earlier(turn: Turn, ask: Ask) -> Ask:
    """`ask` with what was wished for just before, where it names nothing but another day or amount.

    "800 a month", then "from the 28th": that is 800 a month from the 28th. Months are those of the same kind.
    """
    before = earlier(turn)
    if turn.slot("wanted_kind") == "step_up" and before and ask.instalment and ask.months is None:
        return replace(before, instalment=ask.instalment)
    if before and before.kind == "step_up" and before.instalment and ask == Ask(instalment=ask.instalment):
        return _with_one_step(before, ask)
    if before is None or turn.entity("whole") or before.kind in NEEDED_FIGURE:
        return ask
    if (
        before.lump_sum
        and before.kind is None
        and ask in (Ask(months=ask.months), Ask(instalment=ask.instalment))
    ):
        # "500 today", then "the rest over six months" or "300 a month"
        return replace(
            before, months=ask.months or before.months, instalment=ask.instalment or before.instalment
        )
    if before.kind and ask == Ask(months=ask.months):
        return replace(before, months=ask.months, first_due=None)
    if before.instalment and ask.due_day and ask == Ask(kind="due_date_change", due_day=ask.due_day):
        return replace(before, due_day=ask.due_day, first_due=None)
    if ask in (Ask(first_due=ask.first_due), Ask(kind="promise_to_pay", first_due=ask.first_due)):
        return replace(before, first_due=ask.first_due, due_day=None)
    if ask == Ask(instalment=ask.instalment):
        return replace(ask, first_due=before.first_due, due_day=before.due_day)
    return ask


def _with_one_step(before: Ask, ask: Ask) -> Ask:
    """One of two steps said anew: "make the later one 800" is the one it is nearer to."""
    low, said = int(before.instalment or 0), int(ask.instalment or 0)
    is_later = abs(said - before.later) < abs(said - low) if before.later else said > low
    return replace(before, later=said) if is_later else replace(before, instalment=said)


def beside_a_choice(turn: Turn, offer: Offer) -> Ask | None:
    """What who picks a plan wishes for beside it: "the first one, but on the 20th"."""
    amounts = [int(each["value"]) for each in turn.entities("money") if not each.get("ambiguous")]
    figures = {offer.instalment, offer.total_to_pay, offer.lump_sum, offer.waived}
    amounts = [] if turn.entities("less_by") else [each for each in amounts if each not in figures]
    day, start = _due_day_beside(turn, offer), _start_beside(turn, offer)
    wish = Ask(due_day=day, first_due=start, instalment=amounts[-1] if len(set(amounts)) == 1 else None)
    return None if wish == Ask() else wish


def _due_day_beside(turn: Turn, offer: Offer) -> int | None:
    """The day of the month that is said without its month, where the plan has another."""
    bare = [each for each in days_wished(turn) if comes_each_month(each)]
    monthly = "monthly" in rhythms(turn) or turn.heard == "request_due_date_change"
    said = bare or (days_wished(turn) if monthly else [])
    day = date.fromisoformat(str(said[-1]["value"])).day if said else None
    return None if day == offer.schedule[-1].due.day else day


def _start_beside(turn: Turn, offer: Offer) -> date | None:
    """The day or the month from which it shall begin, where that is later than the plan's own beginning."""
    if _due_day_beside(turn, offer) is not None:
        return None
    start = start_of_month_named(turn) or next(
        (as_date(each["value"]) for each in reversed(days_wished(turn))), None
    )
    return start if start and start > offer.first_due else None


def earlier(turn: Turn) -> Ask | None:
    """What the borrower wished for before this message: what could not be answered yet, else what was."""
    if turn.session.case_id is None:
        return None
    return recall(turn) or plan.last_ask(turn.services.store, str(turn.session.case_id))


def _first_day(turn: Turn) -> date | None:
    """The day named, or the first of the month that is named alone: a plan starts on a due day of it."""
    if later_sum(turn) is not None:
        return None  # that is when the sum comes
    return as_date(turn.entity("date")) or start_of_month_named(turn) or feast_over(turn)


def start_of_month_named(turn: Turn) -> date | None:
    """The first of a coming month said without its day ("from January"); None for any other day.

    What is promised for once needs a day.
    """
    once = kind_named(turn) == "promise_to_pay" and "monthly" not in rhythms(turn)
    days = [as_date(day) for day in turn.candidates("date")]
    unclear = [said for said in turn.entities("date") if said.get("ambiguous")]
    # "From January, not before the new year": what names no day takes nothing from the month.
    if once or not any(said.get("candidates") for said in unclear):
        return None
    firsts = {day.replace(day=1) for day in days if day}
    whole_months = all(day.day == 1 or (day + timedelta(days=1)).day == 1 for day in days if day)
    coming = {first for first in firsts if first > turn.services.today()}
    this_month = turn.services.today().replace(day=1) in firsts
    return coming.pop() if whole_months and len(coming) == 1 and not this_month else None


def kind_named(turn: Turn) -> str | None:
    """The kind of plan the message is about: by its name, or by what the borrower means."""
    meant = KIND_OF_INTENT.get(turn.intent)
    if turn.entities("pause_months"):
        return "payment_holiday"
    if low_amount(turn) is not None:
        return "step_up"
    if turn.entities("first_months") and not turn.entities("plan_kind") and turn.heard not in KIND_OF_INTENT:
        return "step_up"  # "less in the first three months" is near a holiday in its letters
    named = [str(entity["value"]) for entity in turn.entities("plan_kind")]
    return meant if meant in named or not named else named[0]


def told_beside(turn: Turn) -> Ask | None:
    """The kind of plan asked for by somebody who tells what happened, None if there is none.

    Amounts and days in such a message are those of the trouble, but for a sum to settle or to be let off.
    """
    if turn.entities("plan_kind") and not _is_said_of_a_spending(turn):
        ask = asked(turn)
        return replace(ask, instalment=None, first_due=None) if ask else None
    kind = KIND_OF_INTENT.get(turn.beside(_NEEDS_NO_FIGURE) or "")
    return Ask(kind=kind) if kind else None


def _is_said_of_a_spending(turn: Turn) -> bool:
    """Whether what shall pause is a spending and no loan: "the tutoring we have paused"."""
    words = [each for each in turn.entities("statement_field") if "end" in each]
    kinds = [each for each in turn.entities("plan_kind") if "start" in each]
    return any(0 <= kind["start"] - word["end"] <= _BESIDE for kind in kinds for word in words)


def kept(turn: Turn) -> dict[str, Any]:
    """The slot that keeps what was understood of a wish while a figure of it is asked about again."""
    ask = asked(turn)
    if ask is None or ask == Ask(kind=ask.kind):
        return {"wanted_kind": ask.kind} if ask and ask.kind else {}
    return {event["name"]: event["value"] for event in remember(turn, with_earlier(turn, ask))}


def _kind_answered(turn: Turn) -> str | None:
    """A new due day that was asked for: "the 20th" alone would sound like a promise to pay by then."""
    wanted, bare = _kind_waiting(turn), not turn.entities("plan_kind") and turn.entity("money") is None
    return wanted if wanted == "due_date_change" and bare and turn.entity("date") else None


def _kind_waiting(turn: Turn) -> str | None:
    """The kind whose missing figure this message may bring; an amount a month is for another plan."""
    wanted = turn.slot("wanted_kind")
    if wanted and wanted != ANY_KIND and turn.entity("month_count") and not turn.entities("money"):
        return str(wanted)
    return wanted if wanted in NEEDED_FIGURE and "monthly" not in rhythms(turn) else None


def _with_amounts(turn: Turn, ask: Ask) -> Ask:
    """`ask` with its amounts in the right place: a lump sum, a waiver, or an instalment."""
    said = amounts(turn, ask.kind)
    if ask.kind == "charge_waiver":
        return _with_waiver(turn, ask, said)
    if ask.kind == "settlement":
        return replace(ask, lump_sum=last(said))
    if ask.kind == "step_up" and low_amount(turn) is not None:
        return _with_steps(turn, ask)
    now = [amount for amount in said if amount.rhythm == "now"]
    other = [amount for amount in said if amount.rhythm != "now"]
    if ask.kind is None and len(other) == 1 and not now and pays_all(turn, other[0]):
        return replace(ask, kind="settlement", lump_sum=other[0].minor, first_due=None)
    ask = replace(ask, lump_sum=last(now), instalment=last(other))
    return replace(ask, due_day=_day_of_each_month(turn, ask))


def _with_steps(turn: Turn, ask: Ask) -> Ask:
    """`ask` with a lower amount for so many months, and the one said behind it for those after."""
    low = low_amount(turn) or {}
    clear = [each for each in turn.entities("money") if not each.get("ambiguous")]
    later = [int(each["value"]) for each in clear if each["start"] >= low["end"]]
    later = [amount for amount in later if amount != int(low["value"])]
    told = [int(each["value"]) for each in turn.entities("first_months") if each["value"]]
    end = None if told else _first_day(turn)
    months = told[0] if told else _instalments_until(turn, end) if end else ask.months
    return replace(
        ask,
        months=months,
        first_due=ask.first_due if told else None,
        instalment=int(low["value"]),
        later=later[-1] if later else None,
    )


def _instalments_until(turn: Turn, end: date) -> int | None:
    """How many of the loan's due days come before `end`: "450 till June"."""
    if turn.session.loan_id is None:
        return None
    due = position_today(turn, account.loan(turn.services.store, turn.session.loan_id)).next_due
    months = (end.year - due.year) * MONTHS_PER_YEAR + end.month - due.month + (end.day > due.day)
    return months if months > 0 else None


def _with_waiver(turn: Turn, ask: Ask, said: list[Amount]) -> Ask:
    """Charges let off: alone with the amount wished, or on top of a plan the borrower bargains for."""
    monthly = [amount for amount in said if amount.rhythm == "monthly"]
    if turn.intent == "counter_offer" or monthly:
        return replace(ask, kind=None, waive=True, instalment=last(monthly or said))
    wish = whole(turn, ask.kind, None) or None if turn.entity("whole") else last(said)
    return replace(ask, waive=True, waiver=wish)


def _day_of_each_month(turn: Turn, ask: Ask) -> int | None:
    """The day beside an instalment: "850 on the 5th" means every 5th; a day with its month is a start."""
    said = [each for each in turn.entities("date") if each.get("earlier") and not each.get("ambiguous")]
    is_instalment = ask.kind is None and ask.instalment is not None and ask.lump_sum is None
    return date.fromisoformat(str(said[-1]["value"])).day if said and is_instalment else None


def _with_due_day(turn: Turn, ask: Ask) -> Ask:
    """For a new due date only the day of the month counts, and a bare "25" is one."""
    if ask.kind != "due_date_change":
        return ask
    day = day_of_month(turn)
    return replace(ask, due_day=day, first_due=None, instalment=None, lump_sum=None)


def missing_figure(ask: Ask) -> str | None:
    """The figure without which this ask can't be worked out, None when it can."""
    needed = NEEDED_FIGURE.get(ask.kind or "")
    return needed if needed and getattr(ask, needed) is None else None


def remember(turn: Turn, ask: Ask | None) -> Events:
    """Keep a wish until there are offers to answer it with; an open case takes its figures."""
    if ask is None:
        return []
    record(turn, "wish", ask_to_json(ask))
    return [set_slot("wanted_kind", ask.kind or ANY_KIND)]


def recall(turn: Turn) -> Ask | None:
    """The wish that waits for an answer, None when there is none."""
    wanted = turn.slot("wanted_kind")
    if wanted is None or turn.session.case_id is None:
        return None
    kept = hardship.answers(turn.services.store, turn.session.case_id).get("wish")
    wish = ask_from_json(kept) if kept else Ask()
    if wanted in (ANY_KIND, wish.kind):
        return wish if wish != Ask() else None
    return Ask(kind=wanted)
