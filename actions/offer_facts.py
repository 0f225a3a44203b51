"""Skill plan: one thing asked of the offers ("how much a month", "which is cheapest"), answered in a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import cards
from actions.positions import position_today
from actions.turn import FALLBACK, Turn
from casestore import account, hardship
from casestore.plan import Proposal, StoredOffer
from hardship.statements import FIELDS as STATEMENT_FIELDS
from hardship.statements import Statement

# Facts by which offers are told apart, and the figures that count; the first of equals is the better one.
SUPERLATIVES = {"lowest_instalment": "instalment", "lowest_total": "total_to_pay"}
# By how long they last: the most instalments, and the fewest.
LONGEST, SHORTEST = "longest", "shortest"
BY_LENGTH = {LONGEST: -1, SHORTEST: 1}

# "The cheapest" may be meant either way.
EITHER = "cheapest"

# Whether small instalments last longer, and why they are offered at all.
LONGER, WHY_LESS = "longer", "why_less"

# Who can't tell which to take hears both.
ADVICE = "advice"

# This is asked of an agreement, and no fact of an offer.
STANDING = "standing"

# What a question about a fact is taken for; about the loan as a whole the same words are another question.
_ALWAYS = frozenset({"ask_offer_details", FALLBACK})
_HEARD_AS = {
    "instalment": frozenset({"ask_agreement_status"}),
    "term": frozenset({"ask_agreement_status"}),
    "first_due": frozenset({"ask_due_date", "ask_agreement_status"}),
    "interest": frozenset({"ask_charges", "ask_consequences", "request_interest_only"}),
    "longer": frozenset({"request_lower_instalments", "request_settlement", "ask_consequences"}),
    "against_now": frozenset({"request_lower_instalments", "ask_consequences", "ask_how_to_pay"}),
    "total": frozenset({"ask_charges", "ask_consequences"}),
    "total_of_it": frozenset({"ask_balance", "ask_charges", "ask_consequences"}),
    "advice": frozenset({"dont_know"}),
    "affordable": frozenset({"ask_charges", "ask_budget_advice", "ask_capabilities"}),
}

# Where one plan is read back, what it comes to is asked of that and not of the loan.
_OF_THE_READ_BACK = frozenset({"ask_balance"})

# Notes of an offer that say what becomes of interest.
_INTEREST_NOTES = (
    "interest_deferred",
    "interest_paid",
    "interest_dropped",
    "interest_only_first",
    "interest_to_new_day",
    "charges_spread_without_interest",
    "penalty_stops_while_kept",
)


def asked(turn: Turn) -> list[str]:
    """The facts the message asks for, each once."""
    said = (str(each["value"]) for each in turn.entities("offer_fact"))
    return [fact for fact in dict.fromkeys(said) if fact != STANDING]


def are_asked(turn: Turn) -> bool:
    """Whether the message is a question about facts of the offers, and no figure of the borrower's."""
    said = asked(turn)
    heard = _ALWAYS.union(*(_HEARD_AS.get(fact, ()) for fact in said))
    if turn.active_form == "agreement_form" and "total" in said:
        heard |= _OF_THE_READ_BACK
    takes_one = turn.intent in ("accept_offer", "affirm")
    wishes_a_kind = turn.heard.startswith("request_") and turn.entities("plan_kind")
    # "That's 18,700 in all, how much more is it" only says what was read.
    totals = any(each["value"] == "total" for each in turn.entities("amount_role"))
    sums_up = turn.asks and "total" in said and totals
    answers = takes_one or wishes_a_kind or turn.entities("money") and not sums_up
    return bool(said) and turn.heard in heard and not answers


def chosen(turn: Turn, proposal: Proposal) -> StoredOffer | None:
    """The one offer that "the easiest" names; "the cheapest" only if it is so in both ways."""
    said = [fact for fact in asked(turn) if fact in SUPERLATIVES or fact == EITHER or fact in BY_LENGTH]
    picked = [offer for fact in said for offer in _lowest(fact, compared(turn, proposal))]
    return picked[0] if picked and len({offer.offer_id for offer in picked}) == 1 else None


def compared(turn: Turn, proposal: Proposal) -> Sequence[StoredOffer]:
    """The offers set against each other: two or more that are named, else all."""
    some = named(turn, proposal)
    return some if len(some) > 1 else proposal.offers


def named(turn: Turn, proposal: Proposal) -> list[StoredOffer]:
    """The offers whose numbers the message names, in that order."""
    numbers = [int(each["value"]) for each in turn.entities("option_number") if not each.get("ambiguous")]
    by_number = {offer.option_number: offer for offer in proposal.offers}
    return [by_number[number] for number in dict.fromkeys(numbers) if number in by_number]


def _lowest(fact: str, offers: Sequence[StoredOffer]) -> list[StoredOffer]:
    """The offer with the lowest figure; two for a word that is meant in either of two ways."""
    if fact in BY_LENGTH:
        return [min(offers, key=lambda each: BY_LENGTH[fact] * each.offer.count)] if offers else []
    figures = SUPERLATIVES.values() if fact == EITHER else [SUPERLATIVES[fact]]
    return [min(offers, key=lambda each: getattr(each.offer, name)) for name in figures] if offers else []


def tell(turn: Turn, proposal: Proposal, about: Sequence[StoredOffer]) -> dict[str, Any]:
    """Say each fact asked of the offers `about`; the slots that make "that one" mean the offer just named."""
    picked = chosen(turn, proposal)
    tell_facts(turn, asked(turn), proposal, [picked] if picked else about)
    if set(asked(turn)) & {*SUPERLATIVES, *BY_LENGTH, EITHER, ADVICE}:
        return {"countered_option": picked.offer_id if picked else None}
    return {"countered_option": about[0].offer_id} if len(about) == 1 else {}


def tell_facts(turn: Turn, facts: Sequence[str], proposal: Proposal, about: Sequence[StoredOffer]) -> None:
    """Say these facts of the offers `about`, each in a line."""
    lines = [line for fact in facts for line in _lines(turn, fact, proposal, about)]
    turn.say("utter_offer_facts", facts="\n".join(dict.fromkeys(lines)))


def _lines(turn: Turn, fact: str, proposal: Proposal, about: Sequence[StoredOffer]) -> list[str]:
    if fact == "affordable":
        return [_affordable(turn)]
    if fact == WHY_LESS:
        lowest = _lowest("lowest_instalment", proposal.offers)
        return [turn.phrase("utter_why_less"), *(_line(turn, "total", each) for each in lowest)]
    if fact == LONGER and len(about) != 1:
        about = _lowest("lowest_instalment", proposal.offers)  # who asks so has the easiest one in mind
    if fact == "schedule":
        return [cards.details_text(turn, about)]
    if fact in (EITHER, ADVICE):
        return [line for each in SUPERLATIVES for line in _lines(turn, each, proposal, about)]
    among = _lowest(fact, compared(turn, proposal)) if fact in (*SUPERLATIVES, *BY_LENGTH) else about
    fact = "term" if fact in BY_LENGTH else "total" if fact == "total_of_it" else fact
    return [_line(turn, fact, stored) for stored in among]


def _line(turn: Turn, fact: str, stored: StoredOffer) -> str:
    first = stored.offer.schedule[0]
    if fact in (LONGER, "against_now"):
        return _beside_the_loan(turn, fact, stored)
    return turn.phrase(
        f"utter_fact_{fact}",
        number=stored.option_number,
        first_payment=turn.money(first.payment),
        interest=_of_interest(turn, stored),
        **cards.offer_values(turn, stored.offer),
    )


def _beside_the_loan(turn: Turn, fact: str, stored: StoredOffer) -> str:
    """An offer beside carrying on as now: its instalment, or how many there are."""
    position = position_today(turn, account.loan(turn.services.store, str(turn.session.loan_id)))
    now, left = position.next_instalment, position.remaining_instalments
    difference = stored.offer.instalment - now if fact == "against_now" else stored.offer.count - left
    which = "more" if difference > 0 else "less" if difference < 0 else "same"
    return turn.phrase(
        f"utter_fact_{fact}_{which}",
        number=stored.option_number,
        now=turn.money(now),
        left=left,
        amount=turn.money(abs(difference)),
        **cards.offer_values(turn, stored.offer),
    )


def _of_interest(turn: Turn, stored: StoredOffer) -> str:
    notes = [turn.phrase(f"utter_note_{code}") for code in stored.offer.notes if code in _INTEREST_NOTES]
    return turn.phrase("utter_semicolon").join(notes)


def _affordable(turn: Turn) -> str:
    """How the most a month may cost follows from what the borrower told."""
    given = hardship.answers(turn.services.store, str(turn.session.case_id))
    statement = Statement(**{name: given[name] for name in STATEMENT_FIELDS})
    share = turn.services.policy.affordability.surplus_share.value
    return turn.phrase(
        "utter_how_affordable",
        surplus=turn.money(statement.surplus),
        share=turn.share(share),
        ceiling=turn.money(statement.affordable(share)),
        **{name: turn.money(given[name]) for name in STATEMENT_FIELDS},
    )
