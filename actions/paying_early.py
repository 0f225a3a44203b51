"""Skill account: what paying early costs, what a part on top does, and the next instalment before its day.

Nobody has an intent for these; they are heard as an offer, as a payoff or as nothing. They are known by the
words of `data/lookups/paying_early.yml`, most of which count only beside another or soon after a talk of
paying early. An amount in such a question is worked out on the borrower's own loan and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from actions import payoff
from actions.agreed import in_force
from actions.formats import as_date
from actions.general_values import general_values
from actions.part_answers import said_for_loan, said_for_plan, say_effect_on_top, say_in_plan, say_on_top
from actions.payoff import SOON, TELLS_PAYOFF
from actions.positions import position_today
from actions.turn import FALLBACK, Turn
from casestore import account, agreement_life
from hardship.statements import FIELDS

EARLY, PART, MORE, EXTRA, FEE = "early", "part", "more", "extra", "fee"
EFFECT, ORDER, AHEAD, NOTHING_NEXT = "effect", "order", "ahead", "nothing_next"
OR_WAIT, ARREARS_FIRST, REST, ASKED = "or_wait", "arrears_first", "rest", "asked"
ARREARS_ONLY, INTEREST_LEFT = "arrears_only", "interest_left"
ABOUT = frozenset({EARLY, PART, MORE, AHEAD})

# Where a plan is being chosen amounts are offers; where a figure is asked for they are answers.
_OF_OFFERS = frozenset({"plan_form", "request_form", "agreement_form"})
_AMOUNTS_ASKED = frozenset({*FIELDS, "paid_amount", "plan_choice", "request_confirmed"})

# What these questions are taken for. A message of another meaning is about that.
_NEAR = frozenset(
    {
        FALLBACK,
        "affirm",
        "correct_detail",
        "counter_offer",
        "out_of_scope",
        "promise_to_pay",
        "repeat_message",
        "report_missed_instalment",
        "report_paid",
        "request_charge_waiver",
        "request_due_date_change",
        "request_early_payoff",
        "request_interest_only",
        "request_lower_instalments",
        "request_payment_holiday",
        "request_settlement",
    }
)
# Characters: so near behind its word an amount is a figure of the statement.
_NEAR_FIGURE = 16
# From this score on a message asks about a part, as learnt from data/questions.
_LEARNT, _SURELY = 0.3, 0.5
_TOPICS = frozenset({"part_now", "pay_more"})


def answer(turn: Turn) -> bool:
    """Answer what is asked of paying early; False when nothing is, or this is not the place for it."""
    if turn.heard not in _NEAR and not turn.heard.startswith("ask_"):
        return False
    return any(say(turn) for say in _ANSWERS)


def words(turn: Turn) -> set[str]:
    """What the message names of paying early."""
    return {str(each["value"]) for each in turn.entities("paying_early")}


def asks(turn: Turn) -> bool:
    """Whether the message asks, by its mark, by a word, or as learnt."""
    return turn.asks or ASKED in words(turn) or turn.small_question(_LEARNT) in _TOPICS


def is_the_talk(turn: Turn) -> bool:
    """Whether paying early is what this message or one just before it is about."""
    return turn.acted_within(SOON, TELLS_PAYOFF) or any(map(_names_it, [turn, *turn.earlier()[:SOON]]))


def _names_it(turn: Turn) -> bool:
    """Whether the message itself speaks of it; "extra" and "on top" do only of an amount."""
    said = words(turn)
    return bool(said & ABOUT) or EXTRA in said and bool(turn.entities("money"))


def _amount(turn: Turn) -> int | None:
    """The one amount that is named and is no figure of income or spending, minor units."""
    words_of_figures = [each for each in turn.entities("statement_field") if "end" in each]
    clear = [each for each in turn.entities("money") if not each.get("ambiguous")]
    amounts = {
        int(each["value"])
        for each in clear
        if not any(0 <= each.get("start", 0) - word["end"] <= _NEAR_FIGURE for word in words_of_figures)
    }
    return amounts.pop() if len(amounts) == 1 else None


def _is_of_a_plan(turn: Turn) -> bool:
    """Whether it is bargained: so much a month, the rest in instalments, or a kind of plan."""
    rhythms = {str(each["value"]) for each in turn.entities("pay_rhythm")}
    divides = rhythms & {"monthly", "rest"} and not words(turn) & {EFFECT, *ABOUT}
    named = any(turn.entities(each) for each in ("plan_kind", "parts", "first_months"))
    return bool(divides or named or REST in words(turn) and not words(turn) & ABOUT)


def _takes_amounts(turn: Turn) -> bool:
    return turn.active_form in _OF_OFFERS or turn.requested_slot in _AMOUNTS_ASKED


def _is_known(turn: Turn) -> bool:
    return turn.session.borrower_id is not None and turn.session.loan_id is not None


def _say_fee(turn: Turn) -> bool:
    """Whether paying early costs a fee, by the pack; once verified with what all of it takes."""
    asked = asks(turn) or turn.heard in ("ask_charges", "request_early_payoff")
    if FEE not in words(turn) or not asked or not is_the_talk(turn):
        return False
    say_fee(turn)
    return True


def say_fee(turn: Turn) -> None:
    """What the pack asks for paying early, and what paying everything takes."""
    turn.say(f"utter_early_fee{_kind_of_fee(turn)}", **general_values(turn), **_fee_values(turn))
    if not _is_known(turn):
        turn.say("utter_own_figures_later")
        return
    view = account.loan(turn.services.store, str(turn.session.loan_id))
    quote = payoff.quote(turn, view, _day_named(turn))
    response = "utter_early_fee_own" if quote.fee else "utter_early_fee_own_none"
    values = {"day": turn.day(quote.day), "total": turn.money(quote.total), "fee": turn.money(quote.fee)}
    turn.say(response, **values)


def _kind_of_fee(turn: Turn) -> str:
    rules = turn.services.policy.early_repayment
    if not rules.fee_share.value:
        return "_none"
    bound = rules.fee_share_max_last_year
    return "_last_year" if bound and bound.value < rules.fee_share.value else ""


def _fee_values(turn: Turn) -> dict[str, str]:
    rules = turn.services.policy.early_repayment
    last_year = rules.fee_share_max_last_year or rules.fee_share
    return {"fee_share": turn.share(rules.fee_share.value), "fee_last_year": turn.share(last_year.value)}


def _day_named(turn: Turn) -> date | None:
    """The one day to come that is named; None for today."""
    day = as_date(turn.only("date"))
    return day if day and day > turn.services.today() else None


def _say_order(turn: Turn) -> bool:
    """What a payment is put towards, in a sentence."""
    if ORDER not in words(turn) or not (asks(turn) or turn.heard == "ask_charges"):
        return False
    turn.say("utter_part_order", **general_values(turn))
    amount = _amount(turn) or _amount_before(turn)
    if _is_known(turn) and amount and not _takes_amounts(turn):
        _say_part(turn, amount)
    return True


def _amount_before(turn: Turn) -> int | None:
    """The amount of the message before: "does it go on the interest first" is of that."""
    before = turn.before()
    return _amount(before) if before else None


def _say_ahead(turn: Turn) -> bool:
    """The next instalment, or the next few, before their day; None are then due that are paid."""
    said = words(turn)
    is_asked = AHEAD in said or NOTHING_NEXT in said and is_the_talk(turn)
    if not is_asked or FEE in said or not _is_known(turn) or _takes_amounts(turn):
        return False
    amount = _sum_of_next(turn, int(turn.only("month_count") or 1))
    return amount > 0 and _say_part(turn, amount)


def _sum_of_next(turn: Turn, count: int) -> int:
    """What the next `count` instalments take, with what is overdue before them; minor units."""
    made = in_force(turn)
    if made is None:
        return said_for_loan(turn, count)
    rows = agreement_life.instalments(turn.services.store, made.agreement_id, turn.services.today())
    unpaid = [each for each in rows if each.unpaid]
    overdue = sum(each.state == "missed" for each in unpaid)
    return sum(each.unpaid for each in unpaid[: overdue + count])


def _say_or_wait(turn: Turn) -> bool:
    """A part now, or all of it later."""
    if OR_WAIT not in words(turn) or not is_the_talk(turn) or turn.active_form in _OF_OFFERS:
        return False
    response = "utter_part_or_wait" if in_force(turn) is None else "utter_part_or_wait_plan"
    turn.say(response, **general_values(turn))
    return True


def _say_arrears_first(turn: Turn) -> bool:
    """Whether what is overdue has to be paid before anything can be paid early."""
    if ARREARS_FIRST not in words(turn) or not asks(turn) or not is_the_talk(turn):
        return False
    turn.say("utter_arrears_first", **general_values(turn))
    return True


def _say_arrears_only(turn: Turn) -> bool:
    """What it does to pay what is overdue and nothing else: the loan goes on by its contract.

    With an agreement in force nothing is asked of the contract's arrears.
    """
    is_place = _is_known(turn) and turn.active_form not in _OF_OFFERS
    named = words(turn) & {ARREARS_ONLY, ARREARS_FIRST}
    if not named or not asks(turn) or not is_place or in_force(turn) is not None:
        return False
    view = account.loan(turn.services.store, str(turn.session.loan_id))
    owed = position_today(turn, view)
    if not owed.arrears:
        return False
    turn.say(
        "utter_arrears_only",
        arrears=turn.money(owed.arrears),
        next_due=turn.day(owed.next_due),
        next_instalment=turn.money(owed.next_instalment),
    )
    return True


def _say_interest_left(turn: Turn) -> bool:
    """Whether the interest of the months to come is still to be paid by who pays everything now."""
    if INTEREST_LEFT not in words(turn) or not asks(turn) or not is_the_talk(turn):
        return False
    turn.say("utter_early_interest_left")
    if _is_known(turn):
        view = account.loan(turn.services.store, str(turn.session.loan_id))
        quote = payoff.quote(turn, view, _day_named(turn))
        if quote.saved > 0:
            saved = turn.money(quote.saved)
            turn.say("utter_early_interest_left_own", day=turn.day(quote.day), saved=saved)
    return True


def _say_amount(turn: Turn) -> bool:
    """What a named amount does on the borrower's own loan. Asked about, it is no promise and no payment."""
    amount, said = _amount(turn), words(turn)
    if amount is None and turn.is_ambiguous("money"):
        return _ask_which(turn)
    if amount is None or _is_of_a_plan(turn) or _takes_amounts(turn) or not _is_known(turn):
        return False
    on_top = said & {MORE, EXTRA, PART, EARLY} or EFFECT in said and is_the_talk(turn)
    off_principal = PART in said and turn.heard != "report_paid"
    learnt = turn.small_question(_LEARNT) in _TOPICS
    wishes_early = EARLY in said and turn.heard == "request_early_payoff"
    if not (off_principal or wishes_early or asks(turn) and (on_top or learnt)):
        return False
    return _say_part(turn, amount, on_top=bool(said & {MORE, EXTRA}))


def _ask_which(turn: Turn) -> bool:
    """A part in another currency, or one that can be read in two ways: what a part does, and which it is."""
    is_a_part = turn.small_question(_SURELY) == "part_now" or words(turn) & {PART, MORE}
    if not is_a_part or _is_of_a_plan(turn) or _takes_amounts(turn) or not asks(turn):
        return False
    turn.say("utter_part_order", **general_values(turn))
    turn.ask_which_amount()
    return True


def _say_part(turn: Turn, amount: int, on_top: bool = False) -> bool:
    """The amount worked out: on the agreement in force, else on the loan; or that it pays everything.

    `on_top` of an instalment of the agreement the instalment is paid as well.
    """
    view = account.loan(turn.services.store, str(turn.session.loan_id))
    quote = payoff.quote(turn, view)
    if amount >= quote.total:
        values = {"amount": amount, "total": quote.total, "difference": amount - quote.total}
        turn.say("utter_payoff_enough", **{name: turn.money(value) for name, value in values.items()})
        return True
    made = in_force(turn)
    if made is None:
        say_on_top(turn, view, amount)
    else:
        say_in_plan(turn, made, amount, on_top)
    return True


def _say_effect(turn: Turn) -> bool:
    """What comes of paying more, where no amount is named."""
    said = words(turn)
    about = said & {PART, MORE} or EARLY in said and EFFECT in said or EFFECT in said and is_the_talk(turn)
    learnt = turn.small_question(_LEARNT) == "pay_more" and EFFECT in said
    if not (about or learnt) or not asks(turn) or turn.active_form in _OF_OFFERS:
        return False
    if turn.entities("first_months"):
        return False  # "less now, more once the fruit is sold" is a wish for lower instalments first
    if EFFECT not in said and turn.heard not in (FALLBACK, "request_early_payoff"):
        return False  # "pay part of it and be done" is a settlement, and "where do I pay it" asks for the way
    before = [_amount(each) for each in turn.earlier()[:SOON] if _names_it(each)]
    amount = next(filter(None, before), None)
    if amount and _is_known(turn) and not _takes_amounts(turn) and in_force(turn) is None:
        return _say_effect_of(turn, amount)
    say_effect(turn)
    return True


def _say_effect_of(turn: Turn, amount: int) -> bool:
    """What the amount told just before does to the instalments of a loan without an agreement."""
    view = account.loan(turn.services.store, str(turn.session.loan_id))
    if amount >= payoff.quote(turn, view).total or not say_effect_on_top(turn, view, amount):
        return _say_part(turn, amount)
    return True


def say_effect(turn: Turn) -> bool:
    """What paying more does in general: on the agreement in force, else on a loan without one."""
    made = in_force(turn) if _is_known(turn) else None
    fee = turn.phrase(f"utter_early_fee{_kind_of_fee(turn)}", **general_values(turn), **_fee_values(turn))
    if made is None:
        turn.say("utter_about_pay_more", fee=fee, **general_values(turn))
    else:
        turn.say("utter_more_in_plan", fee=fee, total=turn.money(said_for_plan(turn, made)))
    return True


# In this order: a message may hold the words of several.
_ANSWERS: tuple[Callable[[Turn], bool], ...] = (
    _say_fee,
    _say_arrears_first,
    _say_interest_left,
    _say_arrears_only,
    _say_or_wait,
    _say_order,
    _say_ahead,
    _say_amount,
    _say_effect,
)
