"""Somebody who writes for the borrower: what fits their questions, and no way into the borrower's account.

Who has said so stays one until they say that the borrower writes now. They may complain, ask for a person and
ask what holds for everybody; the borrower's loan, figures and plans are for the borrower.
"""

from __future__ import annotations

from actions import small_answers
from actions.lender import lender_values
from actions.strangers import SPEAKS_FOR, is_of_hardship, writes_for_another
from actions.turn import DANGERS, FALLBACK, Turn

AUTHORISE, BESIDE = "authorise", "beside"

# What leads to the borrower's own account, and what is told of the borrower's trouble.
_OF_THE_LOAN = frozenset(
    {
        "accept_offer",
        "ask_agreement_status",
        "ask_balance",
        "ask_creditor_contact",
        "ask_due_date",
        "ask_offer_details",
        "cancel_agreement",
        "report_missed_instalment",
        "report_paid",
        "request_early_payoff",
        "request_my_data",
    }
)
# What doubts about the amount are near to.
_OF_AMOUNTS = frozenset({"ask_balance", "ask_charges", "dispute_debt"})
# What nothing of the above is heard as, so that the words decide.
_UNCLEAR = frozenset({FALLBACK, "ask_capabilities", "ask_my_rights", "out_of_scope", "refuse_identity"})


def answer(turn: Turn) -> bool:
    """Answer what somebody asks who writes for the borrower; False where it is for everybody to ask."""
    if turn.heard in DANGERS or not turn.typed or turn.active_form or not writes_for_another(turn):
        return False
    said = {str(each["value"]) for each in turn.entities("for_another")}
    tells_of_trouble = is_of_hardship(turn.heard)
    may_be = tells_of_trouble or turn.heard in _UNCLEAR | _OF_THE_LOAN | {"wrong_person"}
    if AUTHORISE in said and may_be:
        turn.say("utter_relative_authorise", **lender_values(turn))
    elif BESIDE in said and may_be:
        turn.say("utter_relative_beside")
    elif tells_of_trouble:
        turn.say("utter_relative_wish", **lender_values(turn))
    elif turn.heard in _OF_THE_LOAN or _says_once_more(turn):
        turn.say("utter_relative_not_told", **lender_values(turn))
    else:
        return False
    return True


def say_what_can_be_done(turn: Turn) -> None:
    """What was not understood of somebody who writes for another: what can be done here, in short."""
    if turn.is_distressed and turn.dispatcher.messages:
        return  # who bursts into tears has heard a kind word, and needs no rules after it
    if turn.likeliest in _OF_AMOUNTS:
        turn.say("utter_relative_amount", **lender_values(turn))
        return
    turn.say("utter_relative_not_told", **lender_values(turn))


def _says_once_more(turn: Turn) -> bool:
    """ "I'm his daughter", after "I'm asking for my dad"; the long answer stands above."""
    again = turn.heard in _UNCLEAR | {"wrong_person"} and bool(turn.entities(SPEAKS_FOR))
    return again and not small_answers.open_complaints(turn)
