"""What happened between two conversations: told once, in the borrower's next turn, before anything else.

A notice counts as told only when the turn ended well, so that none is lost with an answer that failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from rasa_sdk.events import SlotSet

from actions import cards, deletion
from actions.turn import DANGERS, Turn
from casestore import data_requests, notices, plan, sessions
from casestore.data_requests import Outcome
from casestore.notices import Notice
from casestore.plan import StoredOffer

# In these turns nothing is said of money, or the speaker is somebody else; nor to who is in distress.
NOT_NOW = DANGERS | {"express_distress", "wrong_person"}


@dataclass
class News:
    """The notices said in this turn, and the events that follow from them."""

    told: tuple[Notice, ...]
    events: list[dict[str, Any]]
    outcomes: tuple[Outcome, ...] = ()

    def mark_told(self, turn: Turn) -> None:
        """They were said: never again."""
        if self.outcomes:
            data_requests.mark_told(turn.services.store, [each.request_id for each in self.outcomes])
        if self.told:
            notices.mark_told(turn.services.store, [notice.notice_id for notice in self.told])


def tell(turn: Turn) -> News:
    """Say what the verified borrower has not heard yet, and to one who was erased that they were."""
    borrower_id, store = turn.session.borrower_id, turn.services.store
    if turn.intent in NOT_NOW or turn.is_distressed:
        return News((), [])
    outcomes = data_requests.untold(store, turn.session.session_id, borrower_id)
    for outcome in outcomes:
        deletion.tell(turn, outcome)
    untold = notices.untold(store, borrower_id) if borrower_id is not None else ()
    events = [event for notice in untold for event in _say(turn, notice)]
    return News(untold, events, outcomes)


def _say(turn: Turn, notice: Notice) -> list[dict[str, Any]]:
    if notice.kind == "request_granted":
        return _granted(turn, notice)
    values = notice.values
    if notice.kind == "request_refused":
        _turn_to_case(turn, notice)
        turn.say(
            "utter_request_refused",
            name=cards.plan_name(turn, values["kind"]),
            reference=values["reference"],
            reason=values.get("reason", ""),
        )
    elif notice.kind == "instalment_missed":
        turn.say(
            "utter_instalment_missed",
            number=values["number"],
            due=turn.day(date.fromisoformat(values["due"])),
            unpaid=turn.money(values["unpaid"]),
            breaks=cards.breaking_rule(turn),
        )
    else:
        turn.say(f"utter_{notice.kind}", reference=values["reference"])
    return []


def _granted(turn: Turn, notice: Notice) -> list[dict[str, Any]]:
    """The granted plan, with the conversation turned to its case so that it can be accepted."""
    name = cards.plan_name(turn, notice.values["kind"])
    stored = _option(turn, notice)
    if stored is None:
        turn.say("utter_request_granted_gone", name=name, reference=notice.values["reference"])
        return []
    _turn_to_case(turn, notice)
    turn.granted_offer = stored.offer_id
    turn.say(
        "utter_request_granted",
        name=name,
        reference=notice.values["reference"],
        offer=cards.offers_text(turn, (stored,)),
        buttons=cards.option_buttons(turn, (stored,), others=False),
        card=cards.offers_card(turn, (stored,)),
    )
    return [dict(SlotSet("countered_option", stored.offer_id)), dict(SlotSet("wanted_kind", None))]


def _turn_to_case(turn: Turn, notice: Notice) -> None:
    """The conversation goes on about the case the request was made in, with what was said there."""
    store = turn.services.store
    sessions.remember(store, turn.session.session_id, loan_id=notice.loan_id, case_id=notice.case_id)
    turn.forget_session_cache()


def _option(turn: Turn, notice: Notice) -> StoredOffer | None:
    """The granted option, if it is still on its case's table."""
    offers = plan.current(turn.services.store, notice.case_id).offers
    return next((each for each in offers if each.option_number == notice.values["option"]), None)
