"""Skill plan: the choice of a plan and the bargaining about it, inside policy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from actions import cards, offer_facts, others_income, small_answers, wished_amounts, wished_days, wishes
from actions.base import RespiteAction
from actions.cancelling import says_only_a_value
from actions.choosing import counter, countered, like, with_wish
from actions.dialogue import hand_off
from actions.events import Events, go_to, set_slot
from actions.explaining import explain, shown_and_others, tell_why_no_more_is_waived
from actions.flow import advance
from actions.formats import as_date
from actions.forms import Answer, FormValidator, ask_again
from actions.situation import correct_situation, is_correction
from actions.small_questions import QUESTION, TERM
from actions.statement import correct_statement
from actions.turn import FALLBACK, QUESTION_MARKS, Turn
from casestore import plan
from casestore.plan import Proposal, StoredCounter, StoredOffer
from hardship.plans.base import Ask


class ValidatePlanForm(FormValidator):
    """The choice of a plan: an option, a counter-offer, a correction, or a no."""

    form = "plan_form"

    def is_digression(self, turn: Turn) -> bool:
        """Asking for a plan while offers are out is an answer, not another topic."""
        return super().is_digression(turn) and turn.intent not in wishes.WISHES

    def asked_back(self, turn: Turn) -> Answer | None:
        """A fact of the offers, or all of them once more."""
        return (
            show_again(turn)
            or _explain_a_kind(turn)
            or tell_of_late(turn, "plan_choice")
            or _work_out(turn)
            or answer_facts(turn, "plan_choice")
        )

    def correct(self, turn: Turn) -> Answer | None:
        """A corrected figure makes new offers; what somebody would pay a month is none of the statement's."""
        bargains = turn.intent in wishes.COUNTERS and not is_correction(turn)
        if bargains and not others_income.is_told(turn, ""):
            return None
        return correct_figure(turn)

    def answer_plan_choice(self, turn: Turn) -> Answer | None:
        """What the message does to the offers on the table."""
        if turn.intent == "ask_offer_details" and len(offer_facts.named(turn, on_table(turn))) > 1:
            return None  # two that shall be compared
        if turn.heard in _NEAR_A_KIND and turn.entities("term") and not turn.entities("pay_rhythm"):
            return None  # "my principal is 21,000, I think" is answered with what it is
        if _refuses_amount(turn):
            turn.say("utter_what_can_you_pay")
            return ask_again("plan_choice")
        if chosen := chosen_option(turn, on_table(turn)):
            return choose(turn, chosen)
        if says_former(turn):
            turn.say("utter_which_plan")
            return ask_again("plan_choice")
        if tell_why_no_more_is_waived(turn, worked_out_last(turn)):
            return ask_again("plan_choice")
        if turn.entity("offer_wish"):
            explain(turn, on_table(turn))
            return ask_again("plan_choice")
        if ask_what_is_unclear(turn):
            return Answer({"plan_choice": None, **wishes.kept(turn)})
        ask = asked(turn)
        if ask and not _only_refuses_a_length(turn, ask):
            return _bargain_on(turn, ask)
        return self._without_figures(turn)

    @staticmethod
    def _without_figures(turn: Turn) -> Answer | None:
        if gives_in(turn):
            turn.say("utter_which_plan")
            return ask_again("plan_choice")
        if turn.intent in ("deny", "reject_offer", *wishes.COUNTERS):
            turn.say("utter_what_can_you_pay")
            return ask_again("plan_choice")
        if turn.intent == "request_plan":
            return Answer({"plan_choice": None, "offers_shown": None})
        if takes_one(turn) and offer_facts.asked(turn):
            return _tell(turn, "plan_choice")
        if takes_one(turn) or turn.entity("option_number"):
            turn.say("utter_which_plan")
            return ask_again("plan_choice")
        return None


def correct_figure(turn: Turn) -> Answer | None:
    """Change what the message corrects, with new offers from it; None when it corrects nothing."""
    answer = others_income.note(turn, "") or correct_statement(turn, "")
    if answer is None and not _moves_the_start(turn):
        answer = correct_situation(turn, "")
    if answer is None:
        return None
    proposal = plan.propose(
        turn.services.store, str(turn.session.case_id), turn.services.policy, turn.services.today()
    )
    if proposal.offers:
        return Answer({**answer.slots, "offers_shown": None, "plan_choice": None})
    hand_off(turn, "not_affordable", response="utter_not_affordable")
    return Answer({"plan_choice": "none"}, [set_slot("requested_slot", None)])


# What giving in is taken for, where no offer is named: a goodbye, or nothing that was understood.
_GIVES_IN_AS = frozenset({"goodbye", "thank", FALLBACK})


def gives_in(turn: Turn) -> bool:
    """Whether somebody takes what there is: with offers on the table "fine, that'll do" is no goodbye."""
    return turn.heard in _GIVES_IN_AS and bool(turn.entities("settles")) and not turn.entities("money")


def takes_one(turn: Turn) -> bool:
    """Whether the message takes an offer, be it said which or not."""
    return turn.intent in ("accept_offer", "affirm") or gives_in(turn)


def says_which(turn: Turn) -> bool:
    """Whether the message tells offers apart by their length, their price or their kind."""
    told_apart = {*offer_facts.SUPERLATIVES, *offer_facts.BY_LENGTH, offer_facts.EITHER}
    return bool(told_apart & set(offer_facts.asked(turn)) or turn.entities("plan_kind"))


def asked(turn: Turn) -> Ask | None:
    """What is asked for in this message; "50 less" is reckoned from the offer that is talked about."""
    less, about = turn.entity("less_by"), talked_about(turn)[:1]
    tells_of_income = turn.heard.startswith("hardship_") or turn.entities("statement_field")
    if less is None or tells_of_income or not about or int(less) * 2 > about[0].offer.instalment:
        return wishes.asked(turn)
    return Ask(instalment=about[0].offer.instalment - int(less))


def show_again(turn: Turn) -> Answer | None:
    """All offers once more, for who asks to see them."""
    if turn.entity("offer_wish") != "again" or turn.entities("money"):
        return None
    return Answer({"plan_choice": None, "offers_shown": None})


def tell_of_late(turn: Turn, question: str) -> Answer | None:
    """What comes of an instalment that is paid some days late, for who asks before there is a plan."""
    if not turn.entities("pays_late") or turn.entities("money"):
        return None
    turn.say("utter_late_in_a_plan", breaks=cards.breaking_rule(turn))
    return ask_again(question)


# What is said of paying more than the plan asks for, at any time.
PAY_MORE = "pay_more"

# What the question what a kind of plan is may be taken for, though its words ask no such thing.
_NEAR_A_KIND = frozenset({"ask_charges", "ask_balance", "ask_consequences"})


def _explain_a_kind(turn: Turn) -> Answer | None:
    """What a kind of plan is, for who asks of it by name: "step up, does it go up for ever?"."""
    kinds = {each["value"] for each in turn.entities("plan_kind")}
    terms = kinds & {each["value"] for each in turn.entities("term")}
    if turn.heard not in _NEAR_A_KIND or not turn.asks or not terms or turn.entities("money"):
        return None
    return ask_again("plan_choice") if small_answers.say(turn, TERM) else None


def answer_facts(turn: Turn, question: str) -> Answer | None:
    """What the message asks of the offers, while `question` stays open; None when it asks nothing."""
    return _tell(turn, question) if offer_facts.are_asked(turn) else None


def _work_out(turn: Turn) -> Answer | None:
    """ "How much a month if it were three months": a new figure for what was wished for is worked out."""
    before = wishes.earlier(turn)
    varies = before is not None and before.kind is not None and turn.entity("month_count") is not None
    ask = wishes.asked(turn) if varies and offer_facts.are_asked(turn) else None
    return negotiate(turn, wishes.with_earlier(turn, ask)) if ask else None


def _tell(turn: Turn, question: str) -> Answer:
    return Answer({question: None, **offer_facts.tell(turn, on_table(turn), talked_about(turn))})


def talked_about(turn: Turn) -> list[StoredOffer]:
    """The offers a question is about: those it names, else the one read back or worked out last."""
    proposal = on_table(turn)
    at_hand = (turn.slot("plan_choice"), turn.slot("countered_option"))
    last = [next((o for o in proposal.offers if o.offer_id == each), None) for each in at_hand if each]
    known = [offer for offer in last if offer][:1]
    return offer_facts.named(turn, proposal) or known or shown_and_others(turn, proposal)[0]


def _moves_the_start(turn: Turn) -> bool:
    """Whether a corrected day is the start that was wished for: "not the 10th, the 12th"."""
    before = wishes.earlier(turn)
    return before is not None and before.first_due is not None and bool(turn.entities("date"))


def _bargain_on(turn: Turn, ask: Ask) -> Answer:
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


def worked_out_last(turn: Turn) -> StoredOffer | None:
    """The offer that was made last for a wish, if it is still on the table."""
    last = turn.slot("countered_option")
    return next((each for each in on_table(turn).offers if each.offer_id == last), None) if last else None


def _says_less(turn: Turn) -> bool:
    """Whether one amount is set against a lower one: "720 is too much, I said 550" corrects no figure."""
    amounts = [int(each["value"]) for each in turn.entities("money") if not each.get("ambiguous")]
    return len(amounts) > 1 and amounts[-1] < amounts[0] and not turn.entities("statement_field")


def _only_refuses_a_length(turn: Turn, ask: Ask) -> bool:
    """Whether a length is named that is too long: "36 months? no" wishes for no 36 months."""
    return turn.intent in ("deny", "reject_offer") and ask == Ask(months=ask.months)


def on_table(turn: Turn) -> Proposal:
    """What the case has on the table; nothing without a case."""
    case_id = turn.session.case_id
    return plan.current(turn.services.store, case_id) if case_id else Proposal((), ())


def chosen_option(turn: Turn, proposal: Proposal) -> StoredOffer | None:
    """The offer a message picks: by number, or by a plain yes when only one can be meant."""
    number = turn.entity("option_number") or _ordinal_alone(turn, proposal)
    if number is None and says_former(turn):
        return _former(turn, proposal)
    bargains = turn.intent in wishes.COUNTERS and turn.entities("money")
    if turn.intent == "ask_how_to_pay":
        return None
    if number is not None and not bargains:
        if turn.slot("wanted_kind") in wishes.NEEDED_FIGURE and turn.text.strip().isdigit():
            return None  # "8" may be the day of the month we have just asked for
        return next((o for o in proposal.offers if o.option_number == int(number)), None)
    if not takes_one(turn) or turn.entity("money") is not None:
        return None
    if offer_facts.asked(turn):
        return offer_facts.chosen(turn, proposal)
    if kinds := {str(each["value"]) for each in turn.entities("plan_kind")}:
        of_kind = [offer for offer in proposal.offers if offer.offer.kind in kinds]
        last = [offer for offer in of_kind if offer.offer_id == turn.slot("countered_option")]
        return (last or of_kind)[0] if last or len(of_kind) == 1 else None
    if len(proposal.offers) == 1:
        return proposal.offers[0]
    return next((o for o in proposal.offers if o.offer_id == turn.slot("countered_option")), None)


def says_former(turn: Turn) -> bool:
    """Whether the message goes back to the plan that was chosen before: "still the original one"."""
    return turn.entity("offer_wish") == "former" and not turn.entities("money") and not turn.asks


def _former(turn: Turn, proposal: Proposal) -> StoredOffer | None:
    """The offer that was read back or worked out before the one that is talked about now."""
    by_id = {offer.offer_id: offer for offer in proposal.offers}
    set_to = [
        event.get("value")
        for event in turn.tracker.events
        if event.get("event") == "slot" and event.get("name") in ("plan_choice", "countered_option")
    ]
    named = [by_id[each] for each in set_to if each in by_id]
    now = turn.slot("plan_choice") or (named[-1].offer_id if named else None)
    chosen = [
        by_id[event["value"]]
        for event in turn.tracker.events
        if event.get("event") == "slot"
        and event.get("name") == "plan_choice"
        and event.get("value") in by_id
        and event.get("value") != now
    ]
    others = chosen or [offer for offer in named if offer.offer_id != now]
    # Who has bargained since and chose nothing else means the plan that was chosen.
    return others[-1] if others else by_id.get(str(now))


def _ordinal_alone(turn: Turn, proposal: Proposal) -> int | None:
    """ "The 2nd" alone sounds like a day; where no day was asked for it is the number of an offer."""
    named = as_date(turn.entity("date"))
    if named is None or turn.slot("wanted_kind") or turn.intent != "accept_offer":
        return None
    return named.day if says_only_a_value(turn) and named.day <= len(proposal.offers) else None


def _refuses_amount(turn: Turn) -> bool:
    """Whether an amount is held against us and not offered: "you want two thousand off me?"."""
    amount = turn.entity("money")
    if amount is None or turn.intent in wishes.COUNTERS or turn.intent == "correct_detail":
        return False
    protests = turn.intent in ("reject_offer", "deny") or any(mark in turn.text for mark in QUESTION_MARKS)
    asked_for = [offer.offer.instalment for offer in on_table(turn).offers]
    return protests and bool(asked_for) and int(amount) >= min(asked_for)


def choose(turn: Turn, chosen: StoredOffer) -> Answer:
    """Read the chosen plan back; with a day or an amount beside the choice it is worked out so first."""
    asked_beside = turn.small_question(QUESTION) if turn.asks else None
    if asked_beside and small_answers.has(asked_beside):
        small_answers.say(turn, asked_beside)
    wish = wishes.beside_a_choice(turn, chosen.offer)
    if wish is None or _is_by_ordinal(turn):
        return Answer({"plan_choice": chosen.offer_id, "wanted_kind": None})
    return with_wish(turn, chosen, wish)


def _is_by_ordinal(turn: Turn) -> bool:
    """Whether the day of the message is the number of the offer: "the 2nd"."""
    return _ordinal_alone(turn, on_table(turn)) is not None


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


class ActionRejectOffer(RespiteAction):
    """A no outside the choice of a plan: back to the offers if there are any."""

    action_name = "action_reject_offer"

    def handle(self, turn: Turn) -> Events:
        if on_table(turn).offers:
            turn.say("utter_what_can_you_pay")
            return advance(turn, "plan")
        turn.say("utter_what_next")
        return []


class ActionChooseOption(RespiteAction):
    """An option named while no question is open: its read-back if it is on the table."""

    action_name = "action_choose_option"

    def handle(self, turn: Turn) -> Events:
        chosen = chosen_option(turn, on_table(turn))
        if chosen and not turn.active_form:
            return [set_slot("plan_choice", chosen.offer_id), go_to("agreement_form")]
        turn.say("utter_what_next")
        return []
