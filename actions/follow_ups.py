"""Questions about what was just taken in: what if I'm wrong, how will I be told, why can't you, what now.

Their words (`data/lookups/follow_up.yml`) stand in other questions, too, so they count only in a short
message soon after a complaint, a dispute, a reported fraud, a missing payment or a wish about data.
"""

from __future__ import annotations

from collections.abc import Callable

from actions import fraud_reports, small_answers
from actions.cancelling import is_short
from actions.turn import FALLBACK, Turn
from casestore import data_requests, disputes

IF_WRONG, HOW_TOLD, WHY_NOT, WHAT_NOW = "if_wrong", "how_told", "why_not", "what_now"
# What the entity `asked_beside` says of leaving the loan unpaid.
NOT_PAYING = "not_paying"
# "Put that on record, please": it is, and has its number.
ON_RECORD = "on_record"

# What takes a matter in or asks about it, and within how many messages a question belongs to it.
TAKES_IN = frozenset(
    {
        "action_complain_contact",
        "action_complain_disclosure",
        "action_dispute_debt",
        "action_report_fraud",
        "action_report_paid",
        "action_request_my_data",
        "complaint_form",
        "disclosure_form",
        "dispute_form",
        "fraud_form",
        "paid_form",
        "data_form",
    }
)
SOON = 4
# Who is right is asked later, too.
STILL_OPEN = 10
# A question just after a payment was told of is about its check, when it is heard as nothing clear.
TAKES_PAYMENTS = frozenset({"action_report_paid", "paid_form"})
ABOUT_THE_CHECK = frozenset(
    {FALLBACK, "ask_agreement_status", "ask_capabilities", "ask_creditor_contact", "report_paid"}
)
# What is asked just after a swindle was told of is about the swindle, however it is heard.
ABOUT_THE_FRAUD = frozenset(
    {
        "ask_capabilities",
        "ask_consequences",
        "ask_creditor_contact",
        "ask_how_to_pay",
        "ask_my_rights",
        "correct_detail",
    }
)


def answer(turn: Turn) -> bool:
    """Answer a question about the matter just taken in; False when there is none, or nothing to say of it."""
    about = str(turn.entity("follow_up") or "")
    soon = STILL_OPEN if about == IF_WRONG else SOON
    if not is_short(turn) or not turn.acted_within(soon, TAKES_IN) or _asks_of_not_paying(turn):
        return False
    say = _ANSWERS.get(about)
    if say is not None and say(turn):
        return True
    if turn.heard in ABOUT_THE_FRAUD:
        return fraud_reports.say_steps(turn)
    return turn.entity("whole") is not None and turn.heard == FALLBACK and _say_all(turn)


def _asks_of_not_paying(turn: Turn) -> bool:
    """ "What happens next if I do nothing" asks of the loan, whatever was taken in before."""
    named = any(each["value"] == NOT_PAYING for each in turn.entities("asked_beside"))
    return turn.heard == "ask_consequences" and named


def asks_for_record(turn: Turn) -> bool:
    """ "All right, then put that on record" agrees to nothing: no question is open."""
    return turn.heard == "affirm" and not turn.active_form and turn.entity("follow_up") == ON_RECORD


def answer_of_the_check(turn: Turn) -> bool:
    """Answer what nothing else answers, just after a payment was told of: what becomes of it."""
    of_the_plan = turn.heard == "ask_agreement_status" and turn.entities("offer_fact")
    tells = turn.entities("money") or turn.entities("date") or of_the_plan or not is_short(turn)
    is_about_it = turn.asks and turn.heard in ABOUT_THE_CHECK and turn.acted_within(SOON, TAKES_PAYMENTS)
    return is_about_it and not tells and small_answers.say_check(turn)


def _say_if_wrong(turn: Turn) -> bool:
    dispute = disputes.open_of(turn.services.store, turn.session.session_id)
    if dispute:
        turn.say("utter_dispute_if_wrong", reference=dispute.reference, due=turn.day(dispute.due_on))
        return True
    return small_answers.say_check(turn) or small_answers.say(turn, small_answers.OUTCOME)


def _say_how_told(turn: Turn) -> bool:
    if small_answers.say_check(turn):
        return True
    if not small_answers.say(turn, small_answers.PROGRESS):
        return False
    turn.say("utter_told_here")
    return True


def _say_why_not(turn: Turn) -> bool:
    """Only what is to be deleted has a reason to tell: nothing else is refused here."""
    return _say_of_deletion(turn, "utter_data_why_kept")


def _say_all(turn: Turn) -> bool:
    """ "All of it, calls, notes, the lot" is in the wish already; "not all of it" is another wish."""
    return narrow_deletion(turn) if turn.says_not_so else _say_of_deletion(turn, "utter_data_all")


def narrow_deletion(turn: Turn) -> bool:
    """Pass on in their words which part is meant; False where nothing is to be deleted."""
    services, session_id = turn.services, turn.session.session_id
    if not any(each.kind == "delete" for each in data_requests.open_of(services.store, session_id)):
        return False
    asked = data_requests.ask_person(
        services.store, session_id, "delete", turn.typed, services.policy, services.today()
    )
    turn.say("utter_data_narrowed", reference=asked.reference, when=turn.moment(asked.due_at))
    return True


def _say_of_deletion(turn: Turn, response: str) -> bool:
    open_wishes = data_requests.open_of(turn.services.store, turn.session.session_id)
    asked = [each for each in open_wishes if each.kind == "delete"]
    years = turn.services.policy.privacy.retention_years.value
    if asked:
        turn.say(response, reference=asked[-1].reference, years=years)
    return bool(asked)


def _say_what_now(turn: Turn) -> bool:
    if fraud_reports.say_steps(turn):
        return True
    return small_answers.say_check(turn) or small_answers.say(turn, small_answers.MEANWHILE)


def _say_on_record(turn: Turn) -> bool:
    """What was taken in is on record; nothing is said to be that is not."""
    return small_answers.say_under_way(turn)


_ANSWERS: dict[str, Callable[[Turn], bool]] = {
    IF_WRONG: _say_if_wrong,
    HOW_TOLD: _say_how_told,
    WHY_NOT: _say_why_not,
    WHAT_NOW: _say_what_now,
    ON_RECORD: _say_on_record,
}
