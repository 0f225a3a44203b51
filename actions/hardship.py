"""Skill hardship: what happened, and the questions about income and spending."""

from __future__ import annotations

from typing import Any

from actions import (
    figures,
    others_income,
    small_answers,
    small_questions,
    told_with_a_question,
    wishes,
)
from actions.base import RespiteAction
from actions.events import Events, set_slot
from actions.figures import Monthly
from actions.flow import advance
from actions.forms import Answer, FormValidator, ask_again, explanation_of
from actions.plain_yes import consent
from actions.situation import (
    LASTING,
    STEP_OF_FIELD,
    UNKNOWN,
    correct_situation,
    duration_said,
    is_correction,
    note_early,
    note_since_beside,
    since_said,
)
from actions.statement import (
    case_id_of,
    correct_statement,
    may_record,
    note_none_early,
    note_several,
    open_case,
    record,
    say_reckoned,
)
from actions.topics import hardship_waits
from actions.turn import CERTAIN, FALLBACK, FAR, NO_TOPIC, SURE, Turn
from casestore import account, consents, hardship
from hardship.loans import Product
from hardship.situations import Cause
from hardship.statements import FIELDS as STATEMENT_FIELDS
from hardship.statements import implausible

# Intents that name a cause. Illness is told apart: it is health data and waits for a consent of its own.
CAUSES = {
    "hardship_job_loss": Cause.JOB_LOSS,
    "hardship_reduced_income": Cause.REDUCED_INCOME,
    "hardship_illness": Cause.ILLNESS,
    "hardship_business_downturn": Cause.BUSINESS_DOWNTURN,
    "hardship_family_event": Cause.FAMILY_EVENT,
    "hardship_disaster": Cause.DISASTER,
    "hardship_overspending": Cause.OVERSPENDING,
    "hardship_overindebted": Cause.OVERINDEBTED,
}


class ActionReportHardship(RespiteAction):
    """Any words of not being able to pay open a case and start its clock (as AU-NOTICE asks)."""

    action_name = "action_report_hardship"

    def handle(self, turn: Turn) -> Events:
        events = hear_cause(turn, CAUSES.get(turn.intent))
        # "I lost my job, can it be paused": the wish in the same breath is answered when there are offers.
        if wish := wishes.told_beside(turn):
            events += wishes.remember(turn, wish)
            turn.say("utter_wish_noted")
        if turn.active_form:
            return [*events, *hardship_waits(turn)]
        return [*events, *advance(turn, "plan")]


# Where everything has been asked, a message is about the read-back.
ASKED_LAST = frozenset({"health_consent", "other_debts", "statement_confirmed"})


def hear_cause(turn: Turn, cause: Cause | None) -> Events:
    """Open the case, name its cause if there is one, and say that it was heard."""
    open_case(turn, cause)
    turn.say(f"utter_heard_{cause.value}" if cause else "utter_heard_hardship")
    say_figures_wait(turn)
    noted = note_since_beside(turn) if cause and _since_is_open(turn) else {}
    return [*_cause_events(cause), *(set_slot(name, value) for name, value in noted.items())]


def say_figures_wait(turn: Turn) -> None:
    """Figures told before the consent to them are not kept; who told them hears that they were heard."""
    if turn.entities("statement_field") and turn.entities("money") and not may_record(turn):
        turn.say("utter_figures_wait")


def _since_is_open(turn: Turn) -> bool:
    """Whether it is not known yet when the trouble began."""
    case_id = turn.session.case_id
    return bool(case_id) and "since" not in hardship.answers(turn.services.store, str(case_id))


def cause_beside(turn: Turn) -> Cause | None:
    """The cause that a message about something else tells too: "my pay was cut, can it be 1500 a month"."""
    return CAUSES.get(turn.beside(CAUSES) or "")


def _cause_events(cause: Cause | None) -> Events:
    if cause is None:
        return []
    is_illness = cause is Cause.ILLNESS
    return [
        set_slot("hardship_cause", "given"),
        set_slot("health_mentioned", is_illness or None),
        set_slot("health_consent", None if is_illness else "not_needed"),
    ]


class ValidateHardshipForm(FormValidator):
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
        if consents.is_given(turn.services.store, turn.session_id, "financial_detail", _notice_version(turn)):
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
        if not (turn.answers(self.form) and asks and is_open and told_with_a_question.keep(turn, question)):
            return events
        return [*events, set_slot(question, "given")] if events else []

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
            or note_several(turn, question)
            or correct_statement(turn, question)
            or correct_situation(turn, question)
            or note_early(turn, question)
            or (note_none_early(turn, question) if question not in ASKED_LAST else None)
            or _keep_wish(turn, question)
        )
        return self._with_cause(turn, question, _with_purpose(turn, question, answer))

    def _with_cause(self, turn: Turn, question: str, answer: Answer | None) -> Answer | None:
        """ "They cut my pay from 9000 to 5000" tells the cause beside the figure."""
        if answer is None or question != "hardship_cause" or turn.intent not in CAUSES:
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
        """ "Something is wrong" without saying what is answered by its own rule."""
        return super().is_digression(turn) or turn.intent == "correct_detail"

    def answer_detail_consent(self, turn: Turn) -> Answer | None:
        """The separate consent for financial detail (PIPL arts. 28-30); without it the questions end."""
        if turn.intent == "deny" and turn.entities("statement_field") and not turn.entities("refusal"):
            turn.say("utter_figure_not_noted")
            return ask_again("detail_consent")  # "no other loans" tells a figure and refuses nothing
        answer = _consent(turn, "financial_detail", "detail_consent")
        if answer and answer.slots["detail_consent"] == "refused":
            answer.events.append(set_slot("requested_slot", None))
        return answer

    def answer_hardship_cause(self, turn: Turn) -> Answer | None:
        """One of the causes, or another one."""
        cause = CAUSES.get(turn.intent)
        if cause is None and not _names_no_cause(turn):
            return None
        open_case(turn, cause or Cause.OTHER)
        noted: dict[str, Any] = {}
        if cause:
            turn.say(f"utter_heard_{cause.value}")
            noted = note_since_beside(turn)
        return Answer(
            {
                **noted,
                "hardship_cause": "given",
                "health_mentioned": cause is Cause.ILLNESS or None,
                "health_consent": None if cause is Cause.ILLNESS else "not_needed",
            }
        )

    def answer_health_consent(self, turn: Turn) -> Answer | None:
        """May the illness be recorded as the cause? Without, the case says "other"."""
        answer = _consent(turn, "health_detail", "health_consent")
        if answer:
            cause = Cause.ILLNESS if answer.slots["health_consent"] == "given" else Cause.OTHER
            hardship.open_case(turn.services.store, turn.session_id, cause.value)
            answer.slots["health_mentioned"] = None
        return answer

    def answer_hardship_since(self, turn: Turn) -> Answer | None:
        """A date or a number of months back; not knowing is an answer too."""
        if turn.heard in wishes.WISHES and turn.entities("money"):
            return None  # "1200 would be all right from January" tells no beginning
        learnt = turn.answer_to("hardship_since")
        since = since_said(turn) or (turn.services.today() if learnt == "recent" else None)
        if since is None and (turn.is_ambiguous("date") or turn.is_ambiguous("month_count")):
            turn.say("utter_unclear_date")
            return ask_again("hardship_since")
        if since is None and turn.intent != "dont_know" and learnt != UNKNOWN:
            return None
        if since:
            record(turn, "since", since.isoformat())
        return Answer({"hardship_since": "given"})

    def answer_hardship_duration(self, turn: Turn) -> Answer | None:
        """Temporary or lasting; who doesn't know is taken as lasting, the more careful reading."""
        said = duration_said(turn)
        if said is None:
            return None
        record(turn, "lasting", LASTING.get(said, True))
        return Answer({"hardship_duration": "given"})

    def answer_hardship_purpose(self, turn: Turn) -> Answer | None:
        """Household or business."""
        purpose = turn.only("purpose") or turn.answer_to("hardship_purpose")
        if turn.entities("wages"):
            # "The shop is fine, it's my wages" says two things, "I'm on a salary" one.
            doubtful = turn.score_of("hardship_purpose") < CERTAIN
            purpose = purpose if not doubtful else None if turn.entities("purpose") else "household"
        if not turn.entities("purpose") and turn.score_of("hardship_duration") >= (
            turn.score_of("hardship_purpose") + FAR
        ):
            return _keep_duration(turn)  # "only till February, hopefully"
        if purpose is None:
            return None
        record(turn, "business", purpose == "business")
        return Answer({"hardship_purpose": "given"})

    def answer_monthly_income(self, turn: Turn) -> Answer | None:
        """Income a month; "none" is zero."""
        return _amount(turn, "monthly_income")

    def answer_housing(self, turn: Turn) -> Answer | None:
        """Rent or mortgage a month."""
        return _amount(turn, "housing")

    def answer_living_costs(self, turn: Turn) -> Answer | None:
        """Food, transport, bills, family; several amounts are added up and read back."""
        return _amount(turn, "living_costs")

    def answer_other_debts(self, turn: Turn) -> Answer | None:
        """Instalments on other debts a month; several amounts are added up and read back."""
        return _amount(turn, "other_debts")

    def answer_statement_confirmed(self, turn: Turn) -> Answer | None:
        """Yes to the read-back; a no asks which figure is wrong."""
        learnt = turn.answer_to("statement_confirmed") if turn.heard == FALLBACK else None
        says_right = learnt == "right" and turn.intent != "deny" and not is_correction(turn)
        if says_right or turn.intent in ("affirm", "accept_offer"):
            return Answer({"statement_confirmed": case_id_of(turn)})
        if field := turn.entity("statement_field"):
            return Answer({str(field): None})
        if learnt == "wrong" or is_correction(turn) or turn.intent == "deny":
            turn.say("utter_which_figure")
            return ask_again("statement_confirmed")
        return None


class ActionCorrectDetail(RespiteAction):
    """A correction outside the questions: changes the statement and, if offers are out, makes new ones."""

    action_name = "action_correct_detail"

    def handle(self, turn: Turn) -> Events:
        answer = _corrected(turn) if turn.session.case_id else None
        if answer is None:
            turn.say("utter_what_to_correct")
            return []
        return [*(set_slot(name, value) for name, value in answer.slots.items()), *advance(turn, "plan")]


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
    wish = wishes.asked(turn) if offers or divides or so_long else None
    if wish is None:
        return None
    events = wishes.remember(turn, wishes.with_earlier(turn, wish))
    turn.say("utter_wish_noted")
    return Answer({question: None}, events)


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


def _corrected(turn: Turn) -> Answer | None:
    return others_income.note(turn, "") or correct_statement(turn, "") or correct_situation(turn, "")


def _amount(turn: Turn, field: str) -> Answer | None:
    """Record an amount for `field`, after one kind question when it is unclear or hard to believe."""
    if _asks_to_pay(turn, field):
        return None
    told = figures.as_said_before(turn, figures.monthly(turn, field))
    if told.unclear == "amount":
        turn.ask_which_amount()
        return ask_again(field)
    if unclear := _unclear_figure(turn, field, told):
        turn.say(unclear)
        return ask_again(field)
    amount = _amount_said(turn, field, told)
    if amount is None and turn.answer_to(field) == "amount" and not turn.slot("misunderstandings"):
        # "on benefits", "it varies": there is something, and how much was not said. Explained once, then it
        # counts as not understood, so that nobody is asked for ever.
        turn.say(explanation_of(field))
        return Answer({field: None, "misunderstandings": 1})
    if amount is None:
        return None
    if doubt := _first_doubt(turn, field, amount):
        turn.say(f"utter_doubt_{doubt}", amount=turn.money(amount))
        return Answer({field: None, "doubted_field": f"{field}:{doubt}"})
    record(turn, field, amount)
    if told.reckoned or told.about:
        say_reckoned(turn, told, amount)
    return Answer({field: "given", "doubted_field": None})


def _asks_to_pay(turn: Turn, field: str) -> bool:
    """Whether an amount is what somebody would pay: "and 800 a month, is that possible?" is no income."""
    wishes_for = turn.intent in wishes.COUNTERS and not turn.entities("statement_field")
    offers = any(each.get("offered") for each in turn.entities("money"))
    in_so_many_words = turn.asks or offers
    return wishes_for and in_so_many_words and turn.score_of(field) < SURE


def _unclear_figure(turn: Turn, field: str, told: Monthly) -> str | None:
    """What to say of figures that are no sum of a month: two that may or may not add up, a day's wage."""
    if told.unclear:
        return f"utter_unclear_{told.unclear}"
    if not told.amounts and figures.owed_in_all(turn):
        return "utter_other_debts_come_later"
    if told.lent and not told.amounts:
        return f"utter_borrowed_is_no_{'income' if field == figures.INCOME else 'spending'}"
    if len(set(told.amounts)) > 1 and field not in figures.ADDED_UP and not is_correction(turn):
        return "utter_unclear_sum"
    return None


def _keep_duration(turn: Turn) -> Answer | None:
    """How long it lasts, told once more while another question is open, which stays so."""
    said = duration_said(turn)
    if said not in LASTING:
        return None
    record(turn, "lasting", LASTING[said])
    turn.say("utter_situation_noted")
    return ask_again("hardship_purpose")


def _names_no_cause(turn: Turn) -> bool:
    """Whether the answer is that it is none of the causes, or that it is rather not said."""
    return (
        turn.intent in ("dont_know", "out_of_scope", "deny") or turn.answer_to("hardship_cause") is not None
    )


def _amount_said(turn: Turn, field: str, told: Monthly) -> int | None:
    if told.amounts:
        return sum(told.amounts) if field in figures.ADDED_UP else told.amounts[-1]
    small = turn.entity("option_number")
    if small is not None and turn.text.strip().isdigit():
        return int(small) * 100
    if turn.entities("money"):
        return None
    # "none" and "没有" are how people say zero.
    learnt = turn.answer_to(field, surely=True) == "none" and not turn.tells_the_situation(field)
    learnt = learnt and turn.intent not in ("affirm", "accept_offer")  # "yep" is no amount
    return 0 if turn.intent == "deny" or turn.entity("zero") or learnt else None


def _first_doubt(turn: Turn, field: str, amount: int) -> str | None:
    """Why an amount is hard to believe; asked once, and the second answer counts."""
    if str(turn.slot("doubted_field") or "").startswith(f"{field}:"):
        return None
    return implausible(field, amount, turn.services.policy)


# Letters that may stand around an expression that says it all.
_LITTLE = 4


def _is_nearly_all(turn: Turn, name: str, value: str) -> bool:
    """Whether the expression is all the message says, but for a short word."""
    spans = [each for each in turn.entities(name) if each["value"] == value and "start" in each]
    around = [turn.text[: each["start"]] + turn.text[each["end"] :] for each in spans]
    return any(sum(sign.isalnum() for sign in each) <= _LITTLE for each in around)


def _consent(turn: Turn, purpose: str, slot: str) -> Answer | None:
    given = consent(turn)
    if given is None:
        return None
    consents.record(turn.services.store, turn.session.session_id, purpose, _notice_version(turn), given)
    return Answer({slot: "given" if given else "refused"})


def _notice_version(turn: Turn) -> str:
    return str(turn.services.policy.privacy.notice_version.value)
