"""Small questions that come up anywhere: will my family hear of it, when are people there, is this the bank.

They have no intent of their own: the words for them are in `data/lookups/asked_about.yml`. They count only in
a message that asks, and that was not understood or taken for a question near them. Other wordings are learnt
from `data/questions/`. What is said of each is in `actions.small_answers`.
"""

from __future__ import annotations

from actions import (
    callbacks,
    data_questions,
    dispute_proofs,
    follow_ups,
    fraud_reports,
    offer_facts,
    paying_early,
    payoff,
    relatives,
    secrecy_wishes,
    small_answers,
    told_causes,
    under_plan,
)
from actions.cancelling import is_short
from actions.lender import lender_values
from actions.small_answers import (
    DATA_KEPT,
    DIED,
    GENUINE,
    GOOD_NEWS,
    HOURS,
    LETTERS,
    MEANWHILE,
    MESSAGE,
    NOTED,
    NUMBER_SOURCE,
    POLICE,
    PRIVACY_NOTICE,
    PROGRESS,
    REFUSING_CONSENT,
    REGULATOR,
    SECRECY,
    SEEN_BY,
)
from actions.strangers import PERHAPS, is_of_hardship
from actions.turn import DANGERS, FALLBACK, Turn
from casestore import agreement, handoffs
from hardship.statements import FIELDS as FIGURES

# What such a question is taken for. A message of another meaning is about that.
_NEAR = frozenset({FALLBACK, "out_of_scope", "refuse_identity", "request_human", "give_feedback"})

_NEAR_SURETY = frozenset({"complain_disclosure", "complain_contact", "dispute_debt"})

# Only these of them may also be heard as something else near: "you'll tell my wife, won't you?" as what
# happened already, "how do you have her number" as a stranger's words.
_ALSO_NEAR: dict[str, frozenset[str]] = {
    SECRECY: frozenset({"complain_disclosure", "set_contact_preference"}),
    NUMBER_SOURCE: frozenset({"wrong_person", "complain_disclosure", "request_my_data", "stop_contact"}),
    PROGRESS: frozenset({"repeat_message"}),
    SEEN_BY: frozenset({"request_my_data"}),
    small_answers.OWED_NO_LESS: frozenset(
        {"report_paid", "dispute_debt", "correct_detail", "give_feedback", "report_hardship"}
    ),
    LETTERS: frozenset({"set_contact_preference", "stop_contact"}),
    MESSAGE: frozenset({"set_contact_preference", "correct_detail"}),
    REFUSING_CONSENT: frozenset({"deny"}),
    PRIVACY_NOTICE: frozenset({"repeat_message"}),
    DATA_KEPT: frozenset({"request_my_data"}),
    POLICE: frozenset({"report_fraud", "dispute_debt"}),
    NOTED: frozenset({"thank", "repeat_message", "affirm", "correct_detail"}),
    REGULATOR: frozenset({"complain_contact", "complain_disclosure"}),
    small_answers.GUARANTOR: _NEAR_SURETY,
    small_answers.MY_GUARANTOR: _NEAR_SURETY,
    small_answers.RECORD_YEARS: frozenset({"request_early_payoff", "request_settlement"}),
    small_answers.LEAVING_IT: frozenset(
        {"request_interest_only", "counter_offer", "request_payment_holiday", "report_missed_instalment"}
    ),
    small_answers.SPENDING_NORMAL: frozenset({"counter_offer", "correct_detail"}),
    small_answers.GUARANTOR_PAID: frozenset({"wrong_person", "dispute_debt"}),
    small_answers.FAMILY_RECORD: frozenset({"complain_disclosure", "hardship_family_event"}),
    small_answers.LIMITATION: frozenset(
        {"counter_offer", "dispute_debt", "promise_to_pay", "request_settlement"}
    ),
    GOOD_NEWS: frozenset({"hardship_job_loss", "give_feedback", "correct_detail"}),
}

# Surely heard as these, words of waiting are of something else: "how long until my credit record is fine".
_OF_NO_MATTER = frozenset({"ask_credit_record", "ask_consequences", "ask_due_date"})

# The words for these are questions or wishes themselves.
_QUESTIONS = frozenset(
    {
        HOURS,
        PROGRESS,
        LETTERS,
        MESSAGE,
        GOOD_NEWS,
        NOTED,
        small_answers.LIMITATION,
        small_answers.OWED_NO_LESS,
        small_answers.SPENDING_NORMAL,
        small_answers.WHAT_IT_IS,
    }
)

# As what it is heard where a paper shall go that proves a dispute.
_OF_PAPERS = frozenset({FALLBACK, "ask_how_to_pay", "report_fraud", "dispute_debt", "out_of_scope"})

# What is on record may be asked even while a person has still to answer a danger.
_OF_RECORD = frozenset({NOTED, PROGRESS})

# These words say it at any length, and better than what was learnt.
_PLAIN = frozenset(
    {
        small_answers.FAMILY_RECORD,
        small_answers.GUARANTOR,
        small_answers.GUARANTOR_PAID,
        small_answers.LEAVING_IT,
        small_answers.LIMITATION,
        small_answers.MY_GUARANTOR,
        small_answers.OWED_NO_LESS,
        small_answers.RECORD_SHOWS,
        small_answers.RECORD_YEARS,
        small_answers.SPENDING_NORMAL,
    }
)

# "Will my" and "a scam" stand in other questions, too; where another topic comes so near, they say nothing.
_VAGUE = frozenset({SECRECY, GENUINE})
# How a number of somebody else came to those who call it: these words count beside each other only.
HOW_GOT, A_NUMBER = "how_got", "a_number"
ANOTHER = 0.3

# From these scores on something is asked (docs/nlu.md, "Small questions"), where the message was not
# understood, was taken for a question or something near one, and for something else.
UNCLEAR, QUESTION, OTHER = -0.2, 0.5, 1.2

# Of papers that prove a payment.
_OF_PROOFS = frozenset({"send_document", "proof_needed"})

# Values of `refusal` that refuse something.
REFUSING = frozenset({"ahead", "behind", "right_behind"})

TERM, HOW_CHOSEN, NO_PLAN, MACHINE = "meaning_of_term", "how_chosen", "no_plan_wanted", "machine_decides"
EVIDENCE, MISS_ONE = "evidence", "miss_one"

# These meanings know more of it than a general answer: the borrower's own figures, or what is to be done.
_KNOWS_MORE: dict[str, frozenset[str]] = {
    "answers_kept": frozenset({"pause_conversation"}),
    "booked_when": frozenset({"ask_how_to_pay"}),
    "borrow_again": frozenset({"ask_credit_record"}),
    "collection_pause": frozenset({"ask_consequences", "ask_my_rights"}),
    "costs_nothing": frozenset({"ask_charges", "ask_offer_details"}),
    "data_kept": frozenset({"request_my_data"}),
    EVIDENCE: frozenset({"request_my_data"}),
    HOW_CHOSEN: frozenset({"ask_charges"}),
    "instalment_date": frozenset({"ask_due_date", "ask_agreement_status", "ask_offer_details"}),
    "interest_running": frozenset({"ask_offer_details"}),
    "lowest_possible": frozenset({"ask_offer_details"}),
    MACHINE: frozenset({"ask_bot_identity"}),
    MISS_ONE: frozenset({"ask_consequences"}),
    NO_PLAN: frozenset({"ask_consequences", "reject_offer"}),
    NUMBER_SOURCE: frozenset({"refuse_identity"}),
    MEANWHILE: frozenset({"ask_credit_record"}),
    "pay_late": frozenset({"ask_credit_record"}),
    POLICE: frozenset({"report_fraud", "ask_consequences"}),
    "someone_pays": frozenset({"ask_how_to_pay"}),
    "two_loans": frozenset({"ask_debt_advice", "ask_how_to_pay"}),
    "why_figures": frozenset({"refuse_identity"}),
    "withdraw_days": frozenset({"cancel_agreement"}),
    HOURS: frozenset({"ask_my_rights", "greet", "ask_offer_details"}),
    "written_copy": frozenset({"ask_agreement_status"}),
}
# What questions about a plan in force are taken for: "would the plan be void then" wishes for no withdrawal.
_OF_A_PLAN = frozenset({"cancel_agreement", "report_missed_instalment", "request_due_date_change"})
PAY_LATE, LATE_IN_A_PLAN = "pay_late", _OF_A_PLAN | {"ask_consequences", FALLBACK}

# Where a plan is being chosen or read back, these are asked of that.
_ABOUT_OFFERS, _OF_OFFERS = frozenset({"plan_form", "agreement_form"}), frozenset({HOW_CHOSEN, MISS_ONE})
# From this score on these are asked all the same.
_UNLESS_SURE, SURELY = frozenset({NO_PLAN, MACHINE}), 2.0

# What opens a talk, with hardly a word beside it.
OPENING, LITTLE_ELSE = "opening", 5

# Who tells that they stand surety may do so at length; what they are taken for is a debtor or a stranger.
GUARANTOR = "guarantor"
_NEAR_GUARANTOR = frozenset({"hardship_overindebted", "dispute_debt", "wrong_person"})
# Of a borrower who has died it is told as of any loss.
_NEAR_DEATH = frozenset({"hardship_family_event", "express_distress", "wrong_person"})

# What is known by words and amounts of its own, before any topic.
_OF_THEIR_OWN = (secrecy_wishes.answer, under_plan.answer, paying_early.answer, payoff.answer_again)


def answer(turn: Turn) -> bool:
    """Answer the small question in the message; False when there is none, or nothing to say of it."""
    if turn.heard in DANGERS:
        return False
    if not _waits_for_help(turn) and (relatives.answer(turn) or data_questions.answer(turn)):
        return True
    if speaks_for_another(turn):
        say_only_the_borrower(turn)
        return True
    if not _waits_for_help(turn) and any(each(turn) for each in _OF_THEIR_OWN):
        return True
    if callbacks.names_another_time(turn) and not _waits_for_help(turn):
        callbacks.offer_again(turn)
        return True
    if (_is_near(turn, set()) or follow_ups.asks_for_record(turn)) and follow_ups.answer(turn):
        return True
    if turn.heard in _OF_PAPERS and not _waits_for_help(turn) and dispute_proofs.say_where(turn):
        return True
    about = _asked_topics(turn)
    may = bool(about) and (set(about) <= _OF_RECORD or not _waits_for_help(turn))
    if may and any(small_answers.say(turn, each) for each in about):
        return True
    return follow_ups.answer_of_the_check(turn)


def _asked_topics(turn: Turn) -> list[str]:
    """What is asked about, where the message goes with no matter that is open."""
    if _wishes_to_be_left(turn):
        return []
    # Money that went to a swindler is no payment that is not booked yet.
    tells_of_fraud = turn.heard == "report_paid" and fraud_reports.is_still_told(turn)
    if tells_of_fraud or _adds_to_a_complaint(turn) or _adds_to_a_dispute(turn):
        return []
    if _fears_the_end(turn):
        return [MISS_ONE]
    return [PAY_LATE] if _asks_of_lateness(turn) else topics(turn)


def _wishes_to_be_left(turn: Turn) -> bool:
    """ "Don't contact me again until it's checked" is a wish, whatever else it comes near to."""
    refuses = any(each["value"] in REFUSING for each in turn.entities("refusal"))
    is_unsure = turn.heard == FALLBACK and turn.likeliest == "stop_contact"
    return is_unsure and refuses and bool(turn.entities("contacting"))


def _adds_to_a_complaint(turn: Turn) -> bool:
    """Whether "there's a recording of it" goes with a complaint that is open; asked, it is a question."""
    named = any(each["value"] == EVIDENCE for each in turn.entities("complaint_hint"))
    tells = turn.heard == FALLBACK and not turn.asks
    is_proof = named or turn.small_question(UNCLEAR) == EVIDENCE
    return tells and is_proof and bool(small_answers.open_complaints(turn))


def _adds_to_a_dispute(turn: Turn) -> bool:
    """Whether "I have the bank statements" goes with a dispute that was just told of."""
    return turn.heard == FALLBACK and not turn.asks and dispute_proofs.tells_a_proof(turn)


def topics(turn: Turn) -> list[str]:
    """What the message asks about: as learnt where that is sure, else by its words, else as learnt."""
    learnt = _learnt(turn)
    plain = [each for each in _asked_about(turn) if each in _PLAIN]
    if learnt == [SEEN_BY] and _asked_about(turn) == [SECRECY] and is_asked(turn):
        return [SECRECY]  # who in particular shall not hear of it is told so, and not who may
    if is_asked(turn) and (plain or not (learnt and turn.small_question(QUESTION))):
        return plain or _asked_about(turn)
    return learnt


def _asks_of_lateness(turn: Turn) -> bool:
    """Whether who has a plan in force asks what comes of a late instalment; a form may know more."""
    is_asked = turn.asks and turn.heard in LATE_IN_A_PLAN and bool(turn.entities("pays_late"))
    return is_asked and not turn.active_form and _has_a_plan(turn)


def _fears_the_end(turn: Turn) -> bool:
    """Whether who has a plan in force asks if it ends by something: "is this going to cancel it?".

    That fears the end and wishes for none; who is asked whether to withdraw asks of that.
    """
    is_near = turn.heard in LATE_IN_A_PLAN or _is_near(turn, set())
    is_asked = turn.asks and bool(turn.entities("fears_end")) and is_near and not turn.is_chosen
    return is_asked and turn.active_form != "withdrawal_form" and _has_a_plan(turn)


def _has_a_plan(turn: Turn) -> bool:
    loan_id = turn.session.loan_id
    return bool(loan_id) and agreement.status(turn.services.store, str(loan_id)) is not None


def answer_in_general(turn: Turn) -> bool:
    """Answer what is probably asked, where the meaning that the message was taken for leads nowhere."""
    topic = turn.small_question(UNCLEAR)
    return topic is not None and small_answers.has(topic) and small_answers.say(turn, topic)


def _waits_for_help(turn: Turn) -> bool:
    """After danger nothing is talked about but that."""
    return handoffs.danger_waits(turn.services.store, turn.session.session_id)


def _learnt(turn: Turn) -> list[str]:
    """What the message asks about in words of its own, as learnt from `data/questions/`."""
    if turn.is_chosen or _says_something_else(turn):
        return []
    topic = turn.small_question(_least(turn))
    return [topic] if topic is not None and small_answers.has(topic) and _is_asked_here(turn, topic) else []


def _says_something_else(turn: Turn) -> bool:
    """Whether the message answers the open question, or names an amount that is not to be lost."""
    question = turn.requested_slot
    answers = question is not None and turn.answer_to(question, surely=True) is not None
    picks = bool(turn.entities("option_number")) or turn.entity("offer_wish") == "former"
    at_offers = turn.active_form in _ABOUT_OFFERS
    chooses = (at_offers or turn.active_form == "request_form") and picks
    of_offers = at_offers and offer_facts.are_asked(turn)
    names_a_kind = at_offers and turn.entity("offer_wish") and turn.entity("plan_kind")
    names_a_way = turn.active_form == "preference_form" and turn.entity("contact_channel") and not turn.asks
    goes_on = turn.heard == FALLBACK and turn.entity("comes_back") is not None
    says = goes_on or answers or chooses or of_offers or bool(names_a_kind or names_a_way)
    return says or bool(turn.entities("money")) and not turn.heard.startswith("ask_")


def _least(turn: Turn) -> float:
    """How surely something must be asked about where a message was taken for this."""
    asks_for_a_word = turn.heard == "repeat_message" and bool(turn.entities("term"))
    cannot_tell_a_figure = turn.heard == "dont_know" and turn.requested_slot in FIGURES
    if turn.heard == FALLBACK or asks_for_a_word or cannot_tell_a_figure:
        return UNCLEAR
    if turn.heard == "report_paid" and turn.asks and turn.small_question(QUESTION) in _OF_PROOFS:
        return QUESTION  # "I have the transfer record, shall I send it"
    asks_of_a_plan = turn.asks and turn.heard in _OF_A_PLAN
    is_near = turn.heard in _NEAR or turn.heard.startswith("ask_") or asks_of_a_plan
    return QUESTION if is_near else OTHER


def _is_asked_here(turn: Turn, topic: str) -> bool:
    """Whether no other answer is better: a word to explain must be named, and some meanings know more."""
    is_sure = topic in _UNLESS_SURE and turn.small_question(SURELY)
    knows_more = turn.heard in _KNOWS_MORE.get(topic, ()) and not is_sure
    of_the_offers = topic in _OF_OFFERS and turn.active_form in _ABOUT_OFFERS
    if topic == "change_later" and turn.active_form == "data_form":
        return False  # there it is a wrong detail that shall be changed
    return (of_the_offers or not knows_more) and (topic != TERM or bool(turn.entities("term")))


def is_asked(turn: Turn) -> bool:
    """Whether the message asks, and is about nothing else."""
    about = set(_asked_about(turn))
    asks = turn.asks or bool(about & _QUESTIONS)
    is_remark = (
        is_short(turn)
        or MESSAGE in about
        or about & _PLAIN
        or about == {SECRECY}
        and not _tells_what_happened(turn)
    )
    if about == {PROGRESS} and (turn.heard in _OF_NO_MATTER or _has_none(turn) or _tells_a_trouble(turn)):
        return False
    return bool(about) and asks and _is_near(turn, about) and not turn.is_chosen and bool(is_remark)


def _has_none(turn: Turn) -> bool:
    """ "I don't have the reference number on me" asks for none."""
    refused = [each["start"] for each in turn.entities("refusal") if each["value"] in REFUSING]
    named = [each["start"] for each in turn.entities("asked_about") if "start" in each]
    return bool(refused and named) and min(refused) < min(named) and not turn.asks


def _tells_a_trouble(turn: Turn) -> bool:
    """ "Laid off in August. How long till it's better? You tell me" asks after no answer that is awaited."""
    return not turn.active_form and told_causes.surest(turn) is not None


def _tells_what_happened(turn: Turn) -> bool:
    """Whether it is told beside the question: "your agent rang my mum today, will you call her again?"."""
    asked = [each for each in turn.entities("asked_about") if "start" in each]
    ways = [
        way
        for way in turn.entities("contact_channel")
        if not any(each["start"] <= way.get("start", -1) < each["end"] for each in asked)
    ]
    return bool(ways) or any(turn.entities(name) for name in ("complaint_hint", "date", "went_on"))


def _is_near(turn: Turn, about: set[str]) -> bool:
    also = any(turn.heard in _ALSO_NEAR.get(each, ()) for each in about)
    return also or turn.heard in _NEAR or turn.heard.startswith("ask_")


def speaks_for_another(turn: Turn) -> bool:
    """Whether somebody who is not verified asks for the borrower, or for themself as a guarantor."""
    is_the_borrower = any(
        each["value"] == small_answers.MY_GUARANTOR for each in turn.entities("asked_about")
    )
    if turn.session.borrower_id is not None or is_the_borrower or not turn.entities("speaks_for"):
        return False
    values = {str(each["value"]) for each in turn.entities("speaks_for")}
    if not values & {GUARANTOR, PERHAPS} and is_of_hardship(turn.heard) and not turn.active_form:
        return True  # "my mum's loan, she lost her job": it is hers
    is_guarantor = turn.entity("speaks_for") == GUARANTOR
    also = _NEAR_DEATH if _tells_of_a_death(turn) else _NEAR_GUARANTOR if is_guarantor else frozenset()
    return _is_near(turn, set()) or turn.heard in also


def _tells_of_a_death(turn: Turn) -> bool:
    return any(each["value"] == DIED for each in turn.entities("asked_about"))


def say_only_the_borrower(turn: Turn) -> None:
    """What somebody else than the borrower can be told: nothing of the loan, and what is theirs to know."""
    if turn.entity("speaks_for") == GUARANTOR:
        legal_aid = turn.services.policy.hotline("legal_aid")
        turn.say("utter_guarantor", legal_aid=legal_aid, **lender_values(turn))
        return
    is_dead = _tells_of_a_death(turn)
    turn.say("utter_borrower_died" if is_dead else "utter_speaks_for_another", **lender_values(turn))


def _asked_about(turn: Turn) -> list[str]:
    """What is asked about; the vague words last, since another question may hold them."""
    named = [str(each["value"]) for each in turn.entities("asked_about")]
    is_told = bool(turn.entities("told_party"))
    near = turn.small_question(ANOTHER)
    beside = {str(each["value"]) for each in turn.entities("asked_beside")}
    if is_told and turn.asks and {HOW_GOT, A_NUMBER} <= beside:
        named.append(NUMBER_SOURCE)
    known = [
        each
        for each in named
        if small_answers.has(each)
        and (is_told or each != SECRECY)
        and (each not in _VAGUE or near in (None, each) or (each, near) == (SECRECY, SEEN_BY))
    ]
    return sorted(known, key=lambda each: each in _VAGUE)


def is_an_opening(turn: Turn) -> bool:
    """Whether the message only opens the talk: "我想问下", "can I ask you something"."""
    said = [each for each in turn.entities("asked_about") if each["value"] == OPENING]
    around = sum(sign.isalnum() for sign in turn.text) - sum(
        sign.isalnum() for each in said for sign in turn.text[each["start"] : each["end"]]
    )
    return bool(said) and around <= LITTLE_ELSE
