"""Skill agreement: what who has a plan in force asks of it: may they still call, what does being late cost.

In general these are answered for a loan without a plan, which would be wrong here. They are known by the
words of `data/lookups/under_plan.yml`; without a plan those say nothing.
"""

from __future__ import annotations

from actions import cards, parts
from actions.agreed import in_force
from actions.positions import position_today
from actions.turn import Turn
from casestore import account
from casestore.agreement import AgreementView

CALLS, STILL_CALLED, LATE_COSTS, WITHDRAWAL = "calls", "still_called", "late_costs", "withdrawal"
CHANGE_COST, REFUSED, LATER_ONES, REST_BY = "change_cost", "refused", "later_ones", "rest_by"

# Where plans are compared or read back such a question is of them.
_OF_OFFERS = frozenset({"plan_form", "request_form", "agreement_form"})
# These take a complaint in at its first word; they are answered and the complaint is taken all the same.
_COMPLAINTS = frozenset({"complain_contact", "complain_disclosure"})


# A message that is taken for these is about that, whatever else it names.
_OTHERS = frozenset(
    {
        "dispute_debt",
        "report_fraud",
        "report_paid",
        "request_charge_waiver",
        "request_human",
        "set_contact_preference",
    }
)


def words(turn: Turn) -> set[str]:
    """What of a plan in force the message names."""
    return {str(each["value"]) for each in turn.entities("under_plan")}


def answer(turn: Turn) -> bool:
    """Answer what is asked of the plan in force; False where there is none, or a complaint follows."""
    said = words(turn)
    if not said or turn.active_form in _OF_OFFERS or turn.is_chosen or _is_of_another_matter(turn, said):
        return False
    made = in_force(turn) if turn.session.borrower_id else None
    if made is None or not (turn.asks or said & {STILL_CALLED, REST_BY, REFUSED, LATER_ONES}):
        return False
    if said & {CALLS, STILL_CALLED}:
        turn.say("utter_calls_under_plan", reference=made.reference)
        return turn.heard not in _COMPLAINTS
    return _say_of_the_plan(turn, made, said)


def _is_of_another_matter(turn: Turn, said: set[str]) -> bool:
    """Whether it reports, asks for a person, or is about calls to somebody else than the borrower."""
    # "What happens to what I have paid if I withdraw" is near "I have paid" in its words.
    reports = turn.heard in _OTHERS and not (turn.heard == "report_paid" and WITHDRAWAL in said)
    return reports or CALLS in said and bool(turn.entities("told_party"))


def _say_of_the_plan(turn: Turn, made: AgreementView, said: set[str]) -> bool:
    if WITHDRAWAL in said:
        say_after_withdrawal(turn)
    elif LATE_COSTS in said:
        turn.say("utter_late_costs_under_plan", breaks=cards.breaking_rule(turn))
    elif CHANGE_COST in said:
        turn.say("utter_change_cost", reference=made.reference)
    elif REFUSED in said:
        turn.say("utter_change_refused", reference=made.reference)
    elif LATER_ONES in said:
        turn.say("utter_later_ones_stay")
    else:
        return REST_BY in said and _say_rest_by(turn, made)
    return True


def is_still_called(turn: Turn) -> bool:
    """Whether somebody is called though a plan is in force; asked or not, that is a complaint."""
    return STILL_CALLED in words(turn) and bool(turn.session.borrower_id) and in_force(turn) is not None


def say_after_withdrawal(turn: Turn) -> None:
    """What a withdrawal leads to: the contract again, with what is overdue on it today."""
    view = account.loan(turn.services.store, str(turn.session.loan_id))
    turn.say("utter_after_withdrawal", arrears=turn.money(position_today(turn, view).arrears))


def _say_rest_by(turn: Turn, made: AgreementView) -> bool:
    """By when what is missing of the oldest unpaid instalment is to be paid, with the part told before."""
    oldest = made.next_unpaid
    if oldest is None:
        return False
    before = [parts.told(each, made) for each in turn.earlier()[: parts.SOON]]
    part = next((each for each in before if each), 0)
    turn.say(
        "utter_rest_by",
        due=turn.day(oldest.due),
        left=turn.money(oldest.unpaid - part),
        breaks=cards.breaking_rule(turn),
    )
    return True
