"""Skill hardship: the statement of a case: recorded answer by answer, read back, corrected at any time."""

from __future__ import annotations

from actions.base import Events, RespiteAction
from actions.flow import has_outcome
from actions.forms import Answer
from actions.turn import Turn
from casestore import hardship
from hardship.situations import Cause
from hardship.statements import FIELDS as STATEMENT_FIELDS

# Of these, several amounts in one message are added up: "food 600, bus 80".
ADDED_UP = frozenset({"living_costs", "other_debts"})
# Where a spending belongs that was not counted and has no name of its own: family is among the living costs.
LEFT_OUT_IN = "living_costs"


def open_case(turn: Turn, cause: Cause | None) -> None:
    """Open the case or name its cause; an illness is recorded only after its own consent."""
    recorded = None if cause in (None, Cause.ILLNESS) else cause.value
    hardship.open_case(turn.services.store, turn.session.session_id, recorded)
    turn.forget_session_cache()


def record(turn: Turn, field: str, value: object) -> None:
    """Keep an answer of the case as the newest of its field; amounts in minor units."""
    hardship.record_answer(turn.services.store, case_id_of(turn), field, value)


def case_id_of(turn: Turn) -> str:
    """The case of this conversation; a new one when there is none, or when the last one has an outcome."""
    if turn.session.case_id is None or has_outcome(turn):
        open_case(turn, None)
    return str(turn.session.case_id)


class ActionAskStatementConfirmed(RespiteAction):
    """Reads the statement back."""

    action_name = "action_ask_statement_confirmed"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        given = hardship.answers(turn.services.store, case_id_of(turn))
        figures = {name: turn.money(given[name]) for name in STATEMENT_FIELDS}
        surplus = given["monthly_income"] - sum(given[name] for name in STATEMENT_FIELDS[1:])
        turn.say("utter_statement_read_back", surplus=turn.money(surplus), **figures)
        return []


def correct_statement(turn: Turn, open_question: str) -> Answer | None:
    """Change the figure of a named field other than the one being asked; None if the message does not.

    Nothing is changed for who has refused to have figures recorded, or was not asked yet.
    """
    if not _may_record(turn):
        return None
    named = turn.entity("statement_field") or (LEFT_OUT_IN if turn.entity("left_out") else None)
    amount = _amount_named(turn, named)
    corrects = named and named != open_question
    if amount is None or not corrects or not _may_correct(turn, str(named), open_question):
        return None
    amount += _counted_before(turn, str(named))
    record(turn, str(named), amount)
    turn.say(
        "utter_corrected",
        field=turn.phrase(f"utter_label_{named}"),
        amount=turn.money(amount),
    )
    return Answer({str(named): "given", "doubted_field": None})


def _may_record(turn: Turn) -> bool:
    """Whether the consent to financial detail stands: given here, or with the figures the case holds."""
    given = turn.slot("detail_consent")
    if given is not None:
        return bool(given == "given")
    held = hardship.answers(turn.services.store, case_id_of(turn))
    return any(name in held for name in STATEMENT_FIELDS)


def _amount_named(turn: Turn, named: str | None) -> int | None:
    """The last amount of the message in minor units; of spendings listed together, their sum."""
    amounts = [int(each["value"]) for each in turn.entities("money") if not each.get("ambiguous")]
    is_a_list = named in ADDED_UP and not turn.entities("correction")
    return sum(amounts) if amounts and is_a_list else turn.entity("money")


def _counted_before(turn: Turn, field: str) -> int:
    """What a spending that was left out is added to, minor units; 0 where the amount takes its place.

    There is one rent: "I forgot, the rent is 700" corrects it.
    """
    adds = turn.entity("left_out") and field in ADDED_UP
    return int(hardship.answers(turn.services.store, case_id_of(turn)).get(field) or 0) if adds else 0


def _may_correct(turn: Turn, named: str, open_question: str) -> bool:
    """A figure given before, or plainly said to be a correction."""
    if open_question == "statement_confirmed" or turn.intent == "correct_detail":
        return True
    given = hardship.answers(turn.services.store, case_id_of(turn))
    return named in given
