"""Skill plan: bargaining inside policy: what is asked for, answered with an offer, a reason or a person."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from actions import cards, small_answers, wished_amounts, wished_days, wishes
from actions.choosing import counter, countered, like
from actions.dialogue import hand_off
from actions.events import Events, set_slot
from actions.forms import Answer, ask_again
from actions.picked_offer import on_table, talked_about, worked_out_last
from actions.turn import Turn
from casestore import plan
from casestore.plan import StoredCounter, StoredOffer
from hardship.plans.base import Ask

# What is said of paying more than the plan asks for, at any time.
PAY_MORE = "pay_more"


def asked(turn: Turn) -> Ask | None:
    """What is asked for in this message; "50 less" is reckoned from the offer that is talked about."""
    less, about = turn.entity("less_by"), talked_about(turn)[:1]
    tells_of_income = turn.heard.startswith("hardship_") or turn.entities("statement_field")
    if less is None or tells_of_income or not about or int(less) * 2 > about[0].offer.instalment:
        return wishes.asked(turn)
    return Ask(instalment=about[0].offer.instalment - int(less))


def bargain_on(turn: Turn, ask: Ask) -> Answer:
    """A round with what was wished for before; a correction of nothing wished for is asked about."""
    if turn.intent == "correct_detail" and wishes.earlier(turn) is None and not _says_less(turn):
        turn.say("utter_what_to_correct")
        return ask_again("plan_choice")
    ask = wishes.with_earlier(turn, ask)
    at_hand = worked_out_last(turn)
    if ask == Ask(kind="due_date_change", due_day=ask.due_day) and ask.due_day and at_hand:
        ask = _on_another_day(turn, like(turn, at_hand, Ask(due_day=ask.due_day)))
    return negotiate(turn, ask)


def _on_another_day(turn: Turn, ask: Ask) -> Ask:
    """The plan worked out last on another day; of any kind where its own keeps the day."""
    services, case_id = turn.services, str(turn.session.case_id)
    result = plan.preview(services.store, case_id, ask, services.policy, services.today())
    return ask if result.outcome == "granted" else replace(ask, kind=None, waive=False, waiver=None)


def _says_less(turn: Turn) -> bool:
    """Whether one amount is set against a lower one: "720 is too much, I said 550" corrects no figure."""
    amounts = [int(each["value"]) for each in turn.entities("money") if not each.get("ambiguous")]
    return len(amounts) > 1 and amounts[-1] < amounts[0] and not turn.entities("statement_field")


def ask_what_is_unclear(turn: Turn) -> bool:
    """Ask about a figure that can be read in several ways; say whether there was one."""
    if turn.is_ambiguous("money"):
        turn.ask_which_amount()
    elif question := _unclear(turn):
        turn.say(question)
    else:
        return False
    return True


def _unclear(turn: Turn) -> str | None:
    if turn.is_ambiguous("percentage"):
        return "utter_unclear_share"
    if turn.is_ambiguous("month_count") and turn.entity("month_count") is None and wishes.kind_named(turn):
        return "utter_unclear_months"
    by_day = wishes.kind_named(turn) == "due_date_change" or turn.slot("wanted_kind") == "due_date_change"
    known = wishes.start_of_month_named(turn) or wished_days.feast_over(turn)
    unclear = turn.is_ambiguous("date") and known is None
    return "utter_unclear_date" if unclear and not by_day else None


def negotiate(turn: Turn, ask: Ask) -> Answer:
    """One round: granted, the nearest possible, why not, or that a person must decide.

    After the last round without a fit a person takes over; the offers stay on the table.
    """
    if ask.kind == "step_up" and ask.instalment is None and turn.entities("first_months"):
        turn.say("utter_which_first_instalments")
        kept = wishes.remember(turn, ask)
        return Answer({"plan_choice": None, **{event["name"]: event["value"] for event in kept}})
    missing = wishes.missing_figure(ask)
    if missing and turn.slot("wanted_kind") != ask.kind:
        turn.say(f"utter_which_{missing}")
        return Answer({"plan_choice": None, "wanted_kind": ask.kind})
    if wished_amounts.later_sum(turn) is not None:
        small_answers.say(turn, PAY_MORE)
    # What was asked for before is looked up before this ask is on record.
    said_again = turn.entities("settles") or wishes.kind_named(turn) or _names_its_amount(turn)
    stored = counter(turn, ask)
    if stored.result.outcome == "person":
        return Answer(_for_person(turn, ask, stored))
    if stored.offer and said_again and _wants_it_still(turn, stored):
        return Answer({"plan_choice": stored.offer.offer_id, "wanted_kind": None})
    say_counter(turn, stored, ask)
    return Answer(
        {"plan_choice": None, "wanted_kind": None, **countered(stored), **_end_of_rounds(turn, stored)}
    )


def _wants_it_still(turn: Turn, stored: StoredCounter) -> bool:
    """ "All right, the three months' pause": who says again what was just granted takes it."""
    again = stored.offer is not None and stored.offer.offer_id == turn.slot("countered_option")
    return again and stored.result.outcome == "granted" and not turn.asks


def _names_its_amount(turn: Turn) -> bool:
    """Whether the amount of the message is the one that was asked for before: "then the 800 one"."""
    before, amount = wishes.earlier(turn), turn.entity("money")
    told_more = bool(turn.entities("date") or turn.entities("told_party"))
    said_before = (
        before is not None and amount is not None and int(amount) in (before.instalment, before.lump_sum)
    )
    return said_before and not told_more


def _for_person(turn: Turn, ask: Ask, stored: StoredCounter) -> dict[str, Any]:
    """Slots that lead to the question whether a person shall decide; the ask is kept for the yes."""
    events = wishes.remember(turn, ask)
    kept = {event["name"]: event["value"] for event in events}
    return {"plan_choice": "person", **kept, **countered(stored)}


def _end_of_rounds(turn: Turn, stored: StoredCounter) -> dict[str, Any]:
    """A person takes over after the last round without a fit; said once."""
    rounds = turn.services.policy.negotiation.rounds.value
    if stored.rounds < rounds or stored.result.outcome == "granted" or turn.slot("rounds_over"):
        return {}
    hand_off(turn, "no_agreement", response="utter_rounds_over")
    return {"rounds_over": "given"}


def say_counter(turn: Turn, stored: StoredCounter, ask: Ask) -> None:
    """Answer a counter-offer with its reasons."""
    result = stored.result
    why = cards.reason(turn, result.reason, result.stopped_by, result.values)
    if stored.offer is None:
        stand = bool(on_table(turn).offers)
        turn.say("utter_counter_refused" if stand else "utter_counter_refused_alone", reason=why)
        return
    response = "utter_counter_granted" if result.outcome == "granted" else "utter_counter_nearest"
    if result.outcome == "granted" and ask.lump_sum and _is_sooner(stored.offer, ask):
        # What is paid at once comes first, whatever day was named for it.
        response, why = "utter_counter_nearest", _paid_sooner(turn, stored.offer, ask.first_due)
    turn.say(
        response,
        offer=cards.offers_text(turn, (stored.offer,)),
        reason=why,
        card=cards.offers_card(turn, (stored.offer,)),
    )


def _is_sooner(stored: StoredOffer, ask: Ask) -> bool:
    return ask.first_due is not None and stored.offer.first_due < ask.first_due


def _paid_sooner(turn: Turn, stored: StoredOffer, asked: date) -> str:
    values = {"latest": stored.offer.first_due.isoformat(), "asked": asked.isoformat()}
    return cards.reason(turn, "first_payment_sooner", None, values)


@dataclass
class AnsweredWish:
    """What became of the wish from before the offers: an offer on the table, or a person's to decide."""

    events: Events = field(default_factory=list)
    granted: bool = False
    for_person: bool = False


def answer_wish(turn: Turn) -> AnsweredWish:
    """Answer first what the borrower asked for before there were offers."""
    wish = wishes.recall(turn)
    if wish is None or wishes.missing_figure(wish):
        return AnsweredWish()
    stored = counter(turn, wish)
    made = [set_slot(name, value) for name, value in countered(stored).items()]
    if stored.result.outcome == "person":
        return AnsweredWish(made, for_person=True)
    say_counter(turn, stored, wish)
    return AnsweredWish([set_slot("wanted_kind", None), *made], granted=stored.offer is not None)
