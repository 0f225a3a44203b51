"""What is said to small questions whose answer depends on where the talk about a plan stands."""

from __future__ import annotations

from collections.abc import Callable, Collection

from actions import cards, offer_facts, paying_early
from actions.agreed import in_force
from actions.general_values import general_values
from actions.positions import position_today
from actions.turn import Turn
from actions.wording import exists
from casestore import account, agreement, plan

# Words that name a figure of a position.
OWN_FIGURES = ("interest", "penalty_interest", "fees", "arrears")


def _say_what_next(turn: Turn) -> bool:
    """The next step from here: to the offers, to an agreement, or to its payments."""
    turn.say(f"utter_about_what_next_{_stage(turn)}")
    return True


def _stage(turn: Turn) -> str:
    case_id = turn.session.case_id
    if case_id and agreement.for_case(turn.services.store, case_id):
        return "agreed"
    proposal = _proposal(turn)
    if proposal and proposal.refusals and not proposal.offers:
        return "none_offered"
    return "at_offers" if proposal and proposal.offers else "before_offers"


def _say_interest_running(turn: Turn) -> bool:
    """What goes on growing until there is a plan, and what the pack lets a plan stop."""
    if in_force(turn) is not None:
        turn.say("utter_interest_under_plan")
        turn.say("utter_late_costs_under_plan", breaks=cards.breaking_rule(turn))
        return True
    turn.say("utter_about_interest_running")
    if turn.services.policy.offers.penalty_stops.value:
        turn.say("utter_about_interest_stops")
    return True


def _say_collection_pause(turn: Turn) -> bool:
    """Whether collecting stops: with a plan in force it has, before that it doesn't by itself."""
    made = in_force(turn)
    if made is None:
        turn.say("utter_about_collection_pause", **general_values(turn))
    else:
        turn.say("utter_calls_under_plan", reference=made.reference)
    return True


def _say_term(turn: Turn) -> bool:
    """The words asked about, in plain words; which word, where none of the field's is named."""
    named = dict.fromkeys(f"utter_term_{each['value']}" for each in turn.entities("term"))
    for response in [each for each in named if exists(each)] or ["utter_about_meaning_of_term"]:
        turn.say(response, **general_values(turn))
    _say_own_figures(turn, {str(each["value"]) for each in turn.entities("term")})
    return True


def _say_own_figures(turn: Turn, terms: Collection[str]) -> None:
    """What the word comes to on the borrower's own loan today, where that is known and may be told."""
    loan_id = turn.session.loan_id
    asked = [each for each in OWN_FIGURES if each in terms]
    if not asked or not loan_id or turn.session.borrower_id is None:
        return
    position = position_today(turn, account.loan(turn.services.store, loan_id))
    for each in asked:
        name = turn.phrase(f"utter_label_{each}")
        turn.say("utter_term_own", name=name, amount=turn.money(getattr(position, each)))


def _say_part_now(turn: Turn) -> bool:
    """What a part is worth: beside a plan in force, what is missing of an instalment; else the arrears."""
    made = in_force(turn)
    if made is None:
        turn.say("utter_about_part_now", **general_values(turn))
    else:
        turn.say(
            "utter_part_of_an_instalment",
            payment=turn.money(made.next_payment),
            due=turn.day(made.next_due),
            breaks=cards.breaking_rule(turn),
        )
    return True


def _of_offers(about: str, fact: str, *, all_of_them: bool) -> Callable[[Turn], bool]:
    """A fact of the offers where there are some, else what holds in general."""

    def say_it(turn: Turn) -> bool:
        proposal = _proposal(turn)
        if proposal and proposal.refusals and not proposal.offers:
            turn.say("utter_none_offered")
        elif proposal and proposal.offers:
            most = turn.services.policy.offers.shown_at_most.value
            offer_facts.tell_facts(turn, [fact], proposal, proposal.offers[:most] if all_of_them else ())
        else:
            turn.say(f"utter_about_{about}", **general_values(turn))
        return True

    return say_it


def _proposal(turn: Turn) -> plan.Proposal | None:
    case_id = turn.session.case_id
    return plan.current(turn.services.store, case_id) if case_id else None


ANSWERS: dict[str, Callable[[Turn], bool]] = {
    "what_next": _say_what_next,
    "collection_pause": _say_collection_pause,
    "interest_running": _say_interest_running,
    "meaning_of_term": _say_term,
    "lowest_possible": _of_offers("lowest_possible", "lowest_instalment", all_of_them=False),
    "how_chosen": _of_offers("how_chosen", "affordable", all_of_them=False),
    "why_less": _of_offers("why_less", offer_facts.WHY_LESS, all_of_them=False),
    "part_now": _say_part_now,
    "pay_more": paying_early.say_effect,
    "instalment_date": _of_offers("instalment_date", "first_due", all_of_them=True),
}
