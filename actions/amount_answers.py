"""Skill hardship: a figure told to a question of income or spending: kept, doubted once, or asked again."""

from __future__ import annotations

from actions import figures, wishes
from actions.figures import Monthly
from actions.forms import Answer, ask_again, explanation_of
from actions.situation import is_correction
from actions.statement import given, is_doubted, record, say_reckoned
from actions.turn import FALLBACK, SURE, Turn
from hardship.statements import FIELDS, implausible

# "Too steep. 800 a month, can you do that" is no income, and "the one at 1500 will do" no rent.
_OF_A_PLAN = frozenset({FALLBACK, "reject_offer", "deny", "accept_offer"})


# Letters: what is no longer may be a bare answer, "300 a month I'd say".
_LITTLE_LATIN, _LITTLE_CHINESE = 24, 9


def answer_amount(turn: Turn, field: str) -> Answer | None:
    """Record an amount for `field`, after one kind question when it is unclear or hard to believe."""
    if _asks_to_pay(turn, field):
        return None
    told = figures.as_said_before(turn, figures.monthly(turn, field))
    if told.unclear == "amount":
        turn.ask_which_amount()
        return ask_again(field)
    if told.unclear == "share_paid":
        turn.say("utter_unclear_share_paid", said=turn.money(told.shared or 0))
        return ask_again(field)
    if unclear := _unclear_figure(turn, field, told):
        turn.say(unclear)
        return ask_again(field)
    if _corrects_something_else(turn, field):
        turn.say("utter_which_figure")
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
    if told.reckoned or told.about or told.shared:
        say_reckoned(turn, told, amount)
    return Answer({field: "given", "doubted_field": None})


def _asks_to_pay(turn: Turn, field: str) -> bool:
    """Whether an amount is what somebody would pay: "and 800 a month, is that possible?" is no income."""
    wishes_for = turn.intent in wishes.COUNTERS and not turn.entities("statement_field")
    offers = any(each.get("offered") for each in turn.entities("money"))
    in_so_many_words = turn.asks or offers
    if wishes_for and _sounds_like_no_figure(turn):
        return True
    says_so = (offers or turn.heard == "accept_offer") and turn.heard in _OF_A_PLAN
    says_so = says_so and not turn.entities("statement_field")
    return (wishes_for and in_so_many_words or says_so) and turn.score_of(field) < SURE


def _corrects_something_else(turn: Turn, field: str) -> bool:
    """Whether an amount corrects a figure that is not named, and not this one, which was not told yet."""
    alone = len(turn.entities("money")) == 1 and not turn.entities("statement_field")
    is_new = field not in given(turn) and turn.score_of(field) < SURE
    return turn.heard == "correct_detail" and alone and is_new and bool(given(turn).keys() & set(FIELDS))


def _sounds_like_no_figure(turn: Turn) -> bool:
    """Whether a whole sentence with an amount is an answer to no figure: "600 a month I can keep up"."""
    around = sum(sign.isalpha() for sign in turn.text)
    bound = _LITTLE_LATIN if turn.text.isascii() else _LITTLE_CHINESE
    no_figure = not any(turn.answer_to(each) for each in FIELDS) and not turn.entities("share")
    return no_figure and around > bound


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
    if is_doubted(turn, field):
        return None
    return implausible(field, amount, turn.services.policy)
