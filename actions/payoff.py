"""What paying everything off takes on a day, and what is asked just after it: "at the end of the month?"."""

from __future__ import annotations

from datetime import date

from actions.agreed import in_force
from actions.formats import as_date, bullets
from actions.positions import payments_of
from actions.turn import FALLBACK, Turn
from casestore import account, agreement_life
from casestore.account import LoanView
from hardship.payoff import Payoff, loan_payoff

# Within so many messages of a payoff a day, or a sum, that is asked about is of that.
SOON = 3
TELLS_PAYOFF = frozenset({"action_request_early_payoff"})
# As what such a question is heard.
_OF_A_DAY = frozenset(
    {
        FALLBACK,
        "ask_balance",
        "ask_due_date",
        "ask_offer_details",
        "promise_to_pay",
        "report_paid",
        "request_early_payoff",
    }
)
# What a sum that might be enough comes close to.
_OF_A_SUM = frozenset({"request_settlement", "request_early_payoff", "ask_balance"})


def quote(turn: Turn, view: LoanView, day: date | None = None) -> Payoff:
    """Of the agreement in force, else of the loan as it stands; today, unless another day is given."""
    made, day, policy = in_force(turn), day or turn.services.today(), turn.services.policy
    if made is not None:
        return agreement_life.payoff(turn.services.store, made.agreement_id, day, policy.early_repayment)
    order = policy.legal.allocation_order.value
    return loan_payoff(view.loan, day, payments_of(turn, view), order, policy.early_repayment)


def answer_again(turn: Turn) -> bool:
    """Answer a day or a sum just after a payoff was told; False when the message asks for neither."""
    is_known = turn.session.borrower_id is not None and turn.session.loan_id is not None
    if not is_known or turn.active_form or not turn.acted_within(SOON, TELLS_PAYOFF):
        return False
    return _say_days(turn) or _say_enough(turn)


def _say_days(turn: Turn) -> bool:
    """What it takes on the days named, each."""
    days = _days(turn)
    if not days or turn.heard not in _OF_A_DAY or not turn.asks or turn.entities("money"):
        return False
    view = account.loan(turn.services.store, str(turn.session.loan_id))
    lines = [
        turn.phrase("utter_payoff_line", day=turn.day(day), total=turn.money(quote(turn, view, day).total))
        for day in days
    ]
    turn.say("utter_payoff_days", lines=bullets(lines))
    return True


def _days(turn: Turn) -> list[date]:
    """The days named that are not gone, in the order of the calendar."""
    named = [as_date(each["value"]) for each in turn.entities("date") if not each.get("ambiguous")]
    return sorted({day for day in named if day and day >= turn.services.today()})


def _say_enough(turn: Turn) -> bool:
    """Whether the one sum named pays everything off today."""
    sums = {int(each["value"]) for each in turn.entities("money") if not each.get("ambiguous")}
    is_asked = turn.heard in _OF_A_SUM or turn.heard == FALLBACK and turn.likeliest in _OF_A_SUM
    if len(sums) != 1 or not is_asked or turn.entities("pay_rhythm") or turn.entities("date"):
        return False
    view = account.loan(turn.services.store, str(turn.session.loan_id))
    total, named = quote(turn, view).total, sums.pop()
    response = "utter_payoff_enough" if named >= total else "utter_payoff_short"
    difference = turn.money(abs(named - total))
    turn.say(response, amount=turn.money(named), total=turn.money(total), difference=difference)
    return True
