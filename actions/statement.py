"""Skill hardship: the statement of a case: recorded answer by answer, read back, corrected at any time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import figures
from actions.base import RespiteAction
from actions.events import Events
from actions.figures import ADDED_UP, Monthly
from actions.flow import has_outcome
from actions.forms import Answer, ask_again, explanation_of
from actions.turn import CERTAIN, FALLBACK, NO_TOPIC, PLAINLY, SURE, Turn
from casestore import hardship
from hardship.situations import Cause
from hardship.statements import FIELDS as STATEMENT_FIELDS
from hardship.statements import implausible

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
    """Note the figure of a named field other than the one being asked; None if the message does not.

    Nothing is changed for who has refused to have figures recorded, or was not asked yet.
    """
    if not may_record(turn):
        return None
    named = _field_named(turn) or (LEFT_OUT_IN if turn.entity("left_out") else None)
    if named is None and figures.income_unnamed(turn, open_question):
        named = figures.INCOME  # "150 a day, three days a week" is a wage, whatever is asked
    told = figures.monthly(turn, str(named)) if named else Monthly()
    unclear = told.unclear in (figures.DIFFERENCE, figures.SPECIAL)
    if unclear and named in given(turn) and named != open_question:
        return ask_for_the_whole(turn, str(named), open_question, str(told.unclear))
    if named in ADDED_UP and figures.names_others(turn, str(named)):
        return None  # "food about 1300, one card takes 250": which is whose is not clear enough to add up
    if named in ADDED_UP and len(told.amounts) > 1 and figures.begins_apart(turn):
        return None  # "put 1250 then. food 1000": the first of them is something else
    amount = _amount_named(turn, told, named)
    corrects = named and named != open_question
    if amount is None or not corrects or not _may_correct(turn, str(named), open_question):
        return None
    is_new = named not in given(turn)
    if open_question and _is_a_new_part(turn, str(named), amount):
        _say_of_a_part(turn, amount, is_given=True)
        return ask_again(open_question)
    amount += _counted_before(turn, str(named)) or _other_parts(turn, str(named), amount)
    if is_new and open_question and (waits := _why_it_waits(turn, str(named), amount, open_question)):
        turn.say(waits)
        return ask_again(open_question)
    return _put_down(turn, str(named), amount, told, open_question)


def _put_down(turn: Turn, field: str, amount: int, told: Monthly, open_question: str) -> Answer:
    """Record a figure that is told beside the open question, and say so; doubted once like any answer."""
    if implausible(field, amount, turn.services.policy) and not is_doubted(turn, field):
        return ask_once_more(turn, field, amount, open_question)
    response = "utter_corrected" if field in given(turn) else "utter_figure_noted"
    record(turn, field, amount)
    turn.say(response, field=turn.phrase(f"utter_label_{field}"), amount=turn.money(amount))
    if told.reckoned or told.shared:
        say_reckoned(turn, told, told.amounts[-1])
    return Answer({field: "given", "doubted_field": None})


def _field_named(turn: Turn) -> str | None:
    """The field whose word the message holds; "no rent" and "don't pay rent" name none with an amount."""
    zeros = turn.entities("zero") if turn.entities("money") else []
    named = [each for each in turn.entities("statement_field") if not figures.overlaps(each, zeros)]
    return turn.entity("statement_field") if not zeros else str(named[-1]["value"]) if named else None


def ask_for_the_whole(turn: Turn, field: str, open_question: str, unclear: str) -> Answer:
    """ "2000 less than before" is no figure: what it is now is asked, and what was told stays until then."""
    if asked_before(field, open_question):
        turn.say(f"utter_unclear_{unclear}")
    else:
        said = " + ".join(turn.money(int(each.said)) for each in figures.said(turn) if each.said)
        turn.say("utter_figure_waits", amount=said, field=turn.phrase(f"utter_label_{field}"))
    return Answer({open_question: None, field: None} if open_question else {})


def asked_before(field: str, open_question: str) -> bool:
    """Whether a figure's turn comes before the open question: asked anew, it is what is asked next."""
    order = (*STATEMENT_FIELDS, "statement_confirmed", "")
    return open_question in order and order.index(field) < order.index(open_question)


def is_doubted(turn: Turn, field: str) -> bool:
    """Whether a figure was just found hard to believe; what is said after that counts."""
    return str(turn.slot("doubted_field") or "").startswith(f"{field}:")


def ask_once_more(turn: Turn, field: str, amount: int, open_question: str) -> Answer:
    """Say of an amount that it is hard to believe; what was told before stays until it is told anew."""
    doubt = implausible(field, amount, turn.services.policy)
    if asked_before(field, open_question):
        turn.say(f"utter_doubt_{doubt}", amount=turn.money(amount))
    else:
        label = turn.phrase(f"utter_label_{field}")
        turn.say("utter_figure_doubted", amount=turn.money(amount), field=label)
    slots: dict[str, Any] = {"doubted_field": f"{field}:{doubt}"}
    return Answer({**slots, open_question: None, field: None} if open_question else slots)


def _other_parts(turn: Turn, field: str, amount: int) -> int:
    """What else was in a list whose part is corrected: "the car loan is 180" leaves the card as it was."""
    whole, words = int(given(turn).get(field) or 0), figures.words_named(turn, field)
    if field not in ADDED_UP or len(words) != 1 or len(turn.entities("money")) != 1:
        return 0
    (word,) = words
    told_before = (figures.of_word(each, word) for each in turn.earlier())
    part = next((each for each in told_before if each is not None), None)
    return whole - part if part is not None and part < whole else 0


def _is_a_new_part(turn: Turn, field: str, amount: int) -> bool:
    """Whether a spending is named that was not told apart: school fees are not all that living takes."""
    held, words = given(turn).get(field), figures.words_named(turn, field)
    restated = len(turn.entities("money")) > 1 and not turn.entities("correction")
    if field != LEFT_OUT_IN or held is None or len(words) != 1 or restated:
        return False
    whole = turn.entities("living_whole") or turn.entities("left_out")
    (word,) = words
    named_before = any(word in figures.words_named(each, field) for each in turn.earlier())
    return amount < int(held) and not whole and not named_before


def may_record(turn: Turn) -> bool:
    """Whether the consent to financial detail stands: given here, or with the figures the case holds."""
    consented = turn.slot("detail_consent")
    if consented is not None:
        return bool(consented == "given")
    held = given(turn)
    return any(name in held for name in STATEMENT_FIELDS)


def _amount_named(turn: Turn, told: Monthly, named: str | None) -> int | None:
    """The last amount of the message in minor units; of spendings listed together, their sum."""
    if told.unclear or not told.amounts:
        return None
    is_a_list = named in ADDED_UP and not turn.entities("correction")
    return sum(told.amounts) if is_a_list else told.amounts[-1]


def say_reckoned(turn: Turn, told: Monthly, amount: int) -> None:
    """Read back what was made of a week's wage, of "a bit over 1700", or of a rent that is shared."""
    if told.shared is not None:
        turn.say("utter_figure_shared", said=turn.money(told.shared), amount=turn.money(amount))
        return
    if told.reckoned is None:
        turn.say("utter_figure_about", amount=turn.money(amount))
        return
    turn.say(
        "utter_figure_reckoned",
        said=turn.money(int(told.reckoned.said or 0)),
        period=turn.phrase(f"utter_period_{told.reckoned.period}"),
        amount=turn.money(amount),
    )


def note_several(turn: Turn, open_question: str) -> Answer | None:
    """Note the figures of a message that tells two fields or more: "I make 4000, rent 1500, food 900"."""
    told = figures.by_field(turn) if may_record(turn) else {}
    tells_of_others = figures.INCOME in told and turn.entity("told_party") is not None
    forgot = turn.entities("left_out") and len(turn.entities("money")) < _A_WHOLE_LIST
    if len(told) < 2 or forgot or tells_of_others:
        return None
    sums = {field: sum(amounts) for field, amounts in told.items() if _is_whole(turn, field, told)}
    # More of what was told, or the same once more: that is asked about and not guessed.
    held = given(turn)
    if any(field in held and held[field] != amount for field, amount in sums.items()):
        return None
    sums = {
        field: amount
        for field, amount in sums.items()
        if not implausible(field, amount, turn.services.policy)
    }
    if not sums:
        return None
    for field, amount in sums.items():
        record(turn, field, amount)
        turn.say("utter_figure_noted", field=turn.phrase(f"utter_label_{field}"), amount=turn.money(amount))
    if LEFT_OUT_IN in told and LEFT_OUT_IN not in sums:
        _say_of_a_part(turn, sum(told[LEFT_OUT_IN]), is_given=LEFT_OUT_IN in held)
    still_open = {open_question: None} if open_question and open_question not in sums else {}
    return Answer({**still_open, **dict.fromkeys(sums, "given"), "doubted_field": None})


def _say_of_a_part(turn: Turn, amount: int, *, is_given: bool) -> None:
    """A part of what living takes waits for its question; later it is asked whether it was counted."""
    if is_given:
        turn.say("utter_is_it_counted", amount=turn.money(amount))
    else:
        turn.say("utter_living_costs_come_later")


# Who lists so many fields in one message leaves nothing for later.
_A_WHOLE_LIST = 3


def _is_whole(turn: Turn, field: str, told: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether the figure is all of its field: food alone is not what living takes."""
    is_a_part = field == LEFT_OUT_IN and len(told[field]) == 1 and not turn.entities("living_whole")
    return not is_a_part or len(told) >= _A_WHOLE_LIST


def note_none_early(turn: Turn, open_question: str) -> Answer | None:
    """Note that there is no rent or no other debt, told before it was asked: "I own the flat"."""
    if turn.entities("money") or not may_record(turn):
        return None
    held = given(turn)
    for field in ("housing", "other_debts"):
        # "My own flat, no mortgage" may sound like one of the causes, too.
        is_no_topic = turn.heard in NO_TOPIC or turn.heard.startswith("hardship_")
        plain = is_no_topic and turn.answer_to(field, surely=True) == "none"
        plain = plain and turn.score_of(field) >= PLAINLY
        if plain and field != open_question and field not in held and turn.score_of(open_question) < CERTAIN:
            record(turn, field, 0)
            turn.say("utter_figure_noted", field=turn.phrase(f"utter_label_{field}"), amount=turn.money(0))
            return Answer({open_question: None, field: "given"})
    return None


def _counted_before(turn: Turn, field: str) -> int:
    """What a spending that was left out is added to, minor units; 0 where the amount takes its place.

    There is one rent: "I forgot, the rent is 700" corrects it.
    """
    adds = turn.entity("left_out") and field in ADDED_UP
    return int(given(turn).get(field) or 0) if adds else 0


def _may_correct(turn: Turn, named: str, open_question: str) -> bool:
    """A figure given before, plainly said to be a correction, or told before it was asked for."""
    if open_question == "statement_confirmed" or turn.intent == "correct_detail":
        return True
    return named in given(turn) or _is_told_early(turn, open_question)


def _is_told_early(turn: Turn, open_question: str) -> bool:
    """Whether the message tells one figure of one field alone: "the card takes 300", asked for the income.

    A topic of its own that names a figure by the way is left to its rule, where no figure is asked for.
    """
    fields = {str(each["value"]) for each in turn.entities("statement_field")}
    unnamed = figures.income_unnamed(turn, open_question)
    fields = fields or ({figures.INCOME} if unnamed else fields)
    adds_up = fields <= ADDED_UP and bool(figures.by_field(turn))
    asks_for_a_figure = open_question in STATEMENT_FIELDS or turn.heard == FALLBACK
    # Whose wage it is answers what the trouble is about.
    asks_for_a_figure = asks_for_a_figure or (
        open_question == "hardship_purpose" and bool(turn.entities("wages"))
    )
    # Once the cause is known, another word of it comes with what it costs.
    tells_more = turn.heard.startswith("hardship_") and "cause" in given(turn)
    asks_for_a_figure = asks_for_a_figure or tells_more
    # A list of spendings is little else; one amount may be what somebody would pay.
    enough = SURE if adds_up and len(turn.entities("money")) > 1 else CERTAIN
    is_sure = any(turn.score_of(field) >= enough for field in fields)
    is_sure = is_sure or unnamed or (adds_up and _each_has_its_word(turn, fields))
    # "8000 once, 1900 now" tells one.
    now = figures.monthly(turn, next(iter(fields))).amounts if len(fields) == 1 else ()
    tells_one = len(now) == 1 or adds_up
    return len(fields) == 1 and tells_one and (asks_for_a_figure or is_sure)


def _each_has_its_word(turn: Turn, fields: set[str]) -> bool:
    """Whether it is a list of spendings with a word for each, whatever meaning it comes near."""
    words = {word for field in fields for word in figures.words_named(turn, field)}
    return len(turn.entities("money")) >= _A_WHOLE_LIST and len(words) >= _A_WHOLE_LIST


def _why_it_waits(turn: Turn, field: str, amount: int, open_question: str) -> str | None:
    """What to say instead of noting a figure that was not asked for yet; None where it can be noted.

    Food alone is not what living takes: noted as the whole, the rest would never be asked for.
    """
    if field == LEFT_OUT_IN and len(turn.entities("money")) == 1 and not turn.entities("living_whole"):
        return "utter_living_costs_come_later"
    return explanation_of(open_question) if implausible(field, amount, turn.services.policy) else None


def given(turn: Turn) -> Mapping[str, Any]:
    """The answers that the case holds."""
    return hardship.answers(turn.services.store, case_id_of(turn))
