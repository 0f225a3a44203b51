"""Skill hardship: the form that asks for the situation, then for income and spending, and reads it back."""

from __future__ import annotations

from typing import Any

from actions import (
    denied_figures,
    figures,
    figures_told,
    living_costs,
    others_income,
    small_answers,
    small_questions,
    told_facts,
    told_with_a_question,
    wishes,
)
from actions.amount_answers import answer_amount
from actions.cause_names import CAUSES
from actions.events import Events, set_slot
from actions.forms import Answer, ask_again
from actions.plain_yes import consent, is_plain_yes
from actions.situation import STEP_OF_FIELD, UNKNOWN, correct_situation, is_correction, note_early
from actions.situation_questions import SituationQuestions, is_about_a_figure
from actions.statement import case_id_of, correct_statement, given, note_none_early, note_several, record
from actions.turn import FALLBACK, NO_TOPIC, Turn
from actions.use_of_data import answer_consent, notice_version
from casestore import account, consents, hardship
from hardship.loans import Product
from hardship.situations import Cause
from hardship.statements import FIELDS as STATEMENT_FIELDS

# What is asked before living costs.
BEFORE_LIVING = (
    "detail_consent",
    "hardship_cause",
    "health_consent",
    "hardship_since",
    "hardship_duration",
    "hardship_purpose",
    "monthly_income",
    "housing",
)
DEBTS = "other_debts"
# Wishes that are told in so many words without a figure.
_NEEDS_NO_FIGURE = frozenset({"request_payment_holiday", "request_interest_only", "request_charge_waiver"})
# Questions that a yes answers.
_ANSWERED_BY_YES = frozenset({"detail_consent", "health_consent", "statement_confirmed"})
# Where everything has been asked, a message is about the read-back.
ASKED_LAST = frozenset({"health_consent", "other_debts", "statement_confirmed"})


class ValidateHardshipForm(SituationQuestions):
    """Cause, since when, for how long, household or business; then income and spending, read back."""

    form = "hardship_form"

    def known(self, turn: Turn) -> dict[str, Any]:
        """Answers the case holds already, so that nobody is asked twice."""
        case_id = case_id_of(turn)
        given = hardship.answers(turn.services.store, case_id)
        slots: dict[str, Any] = {name: "given" for name in STATEMENT_FIELDS if name in given}
        slots |= {step: "given" for name, step in STEP_OF_FIELD.items() if name in given}
        if "cause" in given:
            slots["hardship_cause"] = "given"
        if consents.is_given(turn.services.store, turn.session_id, "financial_detail", notice_version(turn)):
            slots["detail_consent"] = "given"
        if not turn.slot("health_mentioned"):
            slots["health_consent"] = "not_needed"
        if turn.slot("statement_confirmed") not in (None, case_id):
            slots["statement_confirmed"] = None  # it was confirmed for an earlier case
        if "business" not in given and self._is_for_business(turn, given):
            hardship.record_answer(turn.services.store, case_id, "business", True)
            slots["hardship_purpose"] = "given"
        return slots

    def handle(self, turn: Turn) -> Events:
        """Also where a question is answered first, what the message tells of the open one is kept."""
        question = str(turn.requested_slot)
        if turn.answers(self.form) and (asked := _asked_beside_a_figure(turn)):
            small_answers.say(turn, asked)
            answer = self.correct(turn) or getattr(self, f"answer_{question}")(turn) or ask_again(question)
            told = [set_slot(name, value) for name, value in answer.slots.items()]
            return [set_slot("misunderstandings", 0), *told, *answer.events]
        events = super().handle(turn)
        asks = turn.heard.startswith("ask_") or bool(events) and turn.asks
        is_open = all(event.get("name") != question or event.get("value") is None for event in events)
        if turn.answers(self.form) and asks and is_open and told_with_a_question.keep(turn, question):
            return [*events, set_slot(question, "given")] if events else []
        self._say_living_parts(turn, events)
        return events

    def _answered(self, turn: Turn, question: str, asked_back: Answer | None) -> Events:
        """Whatever the message was taken for, the facts it tells beside are kept, and said to be."""
        if turn.heard == "accept_offer" and turn.entities("plan_kind") and question not in _ANSWERED_BY_YES:
            return self._misunderstood(turn, question)  # "just the two months' pause, I agree" began nothing
        answer = asked_back or self.correct(turn) or getattr(self, f"answer_{question}")(turn)
        if question != "detail_consent":
            answer = told_facts.keep(turn, question, answer)
        answer = answer or self._waits(turn, question)
        if answer is None:
            return self._not_answered(turn, question)
        return super()._answered(turn, question, _with_asked_pause(turn, answer))

    @staticmethod
    def _waits(turn: Turn, question: str) -> Answer | None:
        """What is owed in all, or a spending that is not known by heart, is asked for in its turn."""
        not_known = turn.entity("statement_field") if is_about_a_figure(turn) else None
        told_more = turn.heard in NO_TOPIC | {"hardship_overindebted"} and "cause" in given(turn)
        if not told_more or question not in STEP_OF_FIELD.values():
            return None
        if figures.owed_in_all(turn) or not_known == DEBTS and not turn.entities("money"):
            turn.say("utter_other_debts_come_later")
            return ask_again(question)
        if not_known == figures_told.LIVING and not turn.entities("money"):
            turn.say("utter_living_costs_come_later")
            return ask_again(question)
        told = figures_told.read(turn) if turn.heard in NO_TOPIC else []
        unplaced = turn.heard in NO_TOPIC and figures_told.say_unplaced(turn, question, told)
        return ask_again(question) if unplaced else None

    @staticmethod
    def _say_living_parts(turn: Turn, events: Events) -> None:
        """Before living costs are asked for, what was told of them so far."""
        set_now = {event["name"]: event["value"] for event in events if event.get("event") == "slot"}
        question = str(turn.requested_slot)
        if question not in BEFORE_LIVING or set_now.get(question) is None:
            return
        if all(set_now.get(name, turn.slot(name)) for name in BEFORE_LIVING) and not set_now.get(
            figures_told.LIVING, turn.slot(figures_told.LIVING)
        ):
            parts = figures_told.living_parts(turn)
            if parts:
                turn.say("utter_living_parts_so_far", sum=turn.money(sum(parts.values())))

    @staticmethod
    def _is_for_business(turn: Turn, given: dict[str, Any]) -> bool:
        if given.get("cause") == Cause.BUSINESS_DOWNTURN.value:
            return True
        loan_id = turn.session.loan_id
        return bool(loan_id) and account.loan(turn.services.store, loan_id).loan.product is Product.BUSINESS

    def correct(self, turn: Turn) -> Answer | None:
        """ "No, the rent is 2500", "it began in May": changes that answer and keeps the others."""
        question = str(turn.requested_slot)
        if question == "detail_consent":
            return _told_too_early(turn) or correct_situation(turn, question)
        if question == figures.INCOME and figures.worked(turn) and not turn.entities("statement_field"):
            return None  # "20 days" are those worked, and no day that corrects when it began
        answer = (
            others_income.note(turn, question)
            or (None if _wishes_only(turn) else _figures(turn, question))
            or correct_situation(turn, question)
            or note_early(turn, question)
            or (note_none_early(turn, question) if question not in ASKED_LAST else None)
            or _keep_wish(turn, question)
        )
        return self._with_cause(turn, question, _with_purpose(turn, question, answer))

    def _with_cause(self, turn: Turn, question: str, answer: Answer | None) -> Answer | None:
        """ "They cut my pay from 9000 to 5000" tells the cause beside the figure."""
        if answer is None or question != "hardship_cause" or told_facts.cause(turn) is None:
            return answer
        cause = self.answer_hardship_cause(turn)
        return Answer({**answer.slots, **cause.slots}, answer.events) if cause else answer

    def tells_what_is_asked(self, turn: Turn, question: str) -> bool:
        """What only sounds like danger, though not in so many words, and lists what is spent, is a list.

        So is "I wish I knew", and nothing else, where it is asked how long it will last.
        """
        lists = turn.entities("statement_field") and turn.entities("money")
        cannot_tell = question == "hardship_duration" and _is_nearly_all(turn, "duration", UNKNOWN)
        return turn.is_doubtful_danger and (bool(lists) or cannot_tell)

    def is_digression(self, turn: Turn) -> bool:
        """ "Something is wrong" without saying what is answered by its own rule.

        What the loan was for is no new cause, and neither are figures that could not be placed.
        """
        if turn.heard in CAUSES and told_facts.cause(turn) is None:
            return False
        return super().is_digression(turn) or turn.intent == "correct_detail"

    def _misunderstood(self, turn: Turn, question: str) -> Events:
        """Who accepts where there is no plan yet hears that nothing was agreed, and what is still needed."""
        if turn.heard != "accept_offer":
            return super()._misunderstood(turn, question)
        held = given(turn)
        fields = [each for each in ("cause", *STEP_OF_FIELD, *STATEMENT_FIELDS) if each not in held]
        comma = turn.phrase("utter_comma")
        needed = comma.join(turn.phrase(f"utter_told_{each}") for each in dict.fromkeys(fields))
        turn.say("utter_no_plan_to_accept", needed=needed)
        wish = wishes.asked(turn) if wishes.earlier(turn) is None else None
        noted = wishes.remember(turn, wish) if wish and wish.kind else []
        if noted:
            turn.say("utter_wish_noted")
        return [set_slot("misunderstandings", 0), set_slot(question, None), *noted]

    def answer_detail_consent(self, turn: Turn) -> Answer | None:
        """The separate consent for financial detail (PIPL arts. 28-30); without it the questions end."""
        if turn.intent == "deny" and turn.entities("statement_field") and not turn.entities("refusal"):
            turn.say("utter_figure_not_noted")
            return ask_again("detail_consent")  # "no other loans" tells a figure and refuses nothing
        answer = answer_consent(turn, "financial_detail", "detail_consent")
        if answer and answer.slots["detail_consent"] == "given":
            answer.slots |= told_facts.keep_earlier(turn)
        if answer and answer.slots["detail_consent"] == "refused":
            answer.events.append(set_slot("requested_slot", None))
        return answer

    def answer_monthly_income(self, turn: Turn) -> Answer | None:
        """Income a month; "none" is zero."""
        return answer_amount(turn, "monthly_income")

    def answer_housing(self, turn: Turn) -> Answer | None:
        """Rent or mortgage a month."""
        return answer_amount(turn, "housing")

    def answer_living_costs(self, turn: Turn) -> Answer | None:
        """Food, transport, bills, family; several amounts are added up and read back."""
        return living_costs.rest(turn) or answer_amount(turn, "living_costs")

    def answer_other_debts(self, turn: Turn) -> Answer | None:
        """Instalments on other debts a month; several amounts are added up and read back."""
        return answer_amount(turn, "other_debts")

    def answer_statement_confirmed(self, turn: Turn) -> Answer | None:
        """Yes to the read-back; a no asks which figure is wrong."""
        learnt = _of_the_read_back(turn)
        says_right = learnt == "right" and turn.intent != "deny" and not is_correction(turn)
        if says_right or turn.intent in ("affirm", "accept_offer"):
            return Answer({"statement_confirmed": case_id_of(turn)})
        if field := turn.entity("statement_field"):
            return Answer({str(field): None})
        if learnt == "wrong" or is_correction(turn) or turn.intent == "deny":
            turn.say("utter_which_figure")
            return ask_again("statement_confirmed")
        return None


def _of_the_read_back(turn: Turn) -> str | None:
    """What an unclear message makes of the read-back: "right" or "wrong".

    "The figures are correct" is near a dispute in its letters; who disputes says what is wrong.
    """
    learnt = turn.answer_to("statement_confirmed")
    if turn.heard == FALLBACK:
        return learnt
    denies = turn.entities("refusal") or turn.entities("dispute_ground") or not is_plain_yes(turn.text)
    is_near = turn.heard == "dispute_debt" and learnt == "right" and not denies
    return learnt if is_near else None


def _figures(turn: Turn, question: str) -> Answer | None:
    if noted := denied_figures.note(turn, question) or denied_figures.note_ended(turn, question):
        return noted
    if noted := figures_told.note(turn, question):
        return noted
    if {each.field for each in figures_told.read(turn, question)} == {question}:
        return None  # it answers what is asked, and corrects nothing
    return note_several(turn, question) or correct_statement(turn, question)


def _wishes_only(turn: Turn) -> bool:
    """Whether the amounts are what would be paid: "I would propose 700, after my salary is credited"."""
    is_a_wish = turn.heard in wishes.COUNTERS and bool(turn.entities("money"))
    return is_a_wish and not figures_told.read(turn) and not figures.income_unnamed(turn, "hardship_")


def _asked_beside_a_figure(turn: Turn) -> str | None:
    """What is asked in a message that brings an amount, too: "2500 or so. Will my work hear of this?"."""
    if turn.heard not in NO_TOPIC or not turn.asks or not turn.entities("money"):
        return None
    topic = turn.small_question(small_questions.QUESTION) or next(iter(small_questions.topics(turn)), None)
    return topic if topic and small_answers.has(topic) else None


def _keep_wish(turn: Turn, question: str) -> Answer | None:
    """What somebody would pay, told in passing: "I can pay 500 today", "the rest over six months"."""
    if turn.heard != FALLBACK or turn.entities("statement_field") or figures.worked(turn):
        return None
    amounts = turn.entities("money")
    offers = any(each.get("offered") for each in amounts)
    rhythms = {str(each["value"]) for each in turn.entities("pay_rhythm")}
    divides = turn.intent in wishes.WISHES and bool(rhythms & {"now", "rest"})
    so_long = bool(amounts) and turn.entity("month_count") is not None and question in STEP_OF_FIELD.values()
    lowers = bool(amounts) and turn.likeliest in wishes.COUNTERS and "monthly" in rhythms
    steps = bool(turn.entities("first_months"))
    wish = wishes.asked(turn) if offers or divides or so_long or lowers or steps else None
    if wish is None:
        return None
    events = wishes.remember(turn, wishes.with_earlier(turn, wish))
    turn.say("utter_wish_noted")
    return Answer({question: None}, events)


def _with_asked_pause(turn: Turn, answer: Answer) -> Answer:
    """ "Can I skip a few months till I find something?": the wish is kept beside what is answered."""
    if turn.heard not in _NEEDS_NO_FIGURE or not turn.asks or answer.events:
        return answer
    wish = wishes.asked(turn)
    if wish is None:
        return answer
    events = wishes.remember(turn, wishes.with_earlier(turn, wish))
    turn.say("utter_wish_noted")
    return Answer(answer.slots, events)


def _with_purpose(turn: Turn, question: str, answer: Answer | None) -> Answer | None:
    """ "My wages were 8000, 1900 now" answers whether it is about the household, too."""
    if answer is None or question != "hardship_purpose":
        return answer
    purpose = turn.only("purpose") or ("household" if turn.entities("wages") else None)
    if purpose is None or turn.entities("purpose") and turn.entities("wages"):
        return answer
    record(turn, "business", purpose == "business")
    return Answer({**answer.slots, question: "given"}, answer.events)


def _told_too_early(turn: Turn) -> Answer | None:
    """A figure of income or spending before the consent to it: not noted, and said so."""
    is_a_figure = bool(turn.entities("statement_field")) or turn.intent in ("correct_detail", FALLBACK)
    if not turn.entities("money") or not is_a_figure or consent(turn):
        return None
    turn.say("utter_figure_not_noted")
    return ask_again("detail_consent")


# Letters that may stand around an expression that says it all.
_LITTLE = 4


def _is_nearly_all(turn: Turn, name: str, value: str) -> bool:
    """Whether the expression is all the message says, but for a short word."""
    spans = [each for each in turn.entities(name) if each["value"] == value and "start" in each]
    around = [turn.text[: each["start"]] + turn.text[each["end"] :] for each in spans]
    return any(sum(sign.isalnum() for sign in each) <= _LITTLE for each in around)
