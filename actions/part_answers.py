"""Skill account: what an amount would do to the borrower's own loan, or to the agreement on it, in words.

Nothing is recorded by telling it, and the words say so.
"""

from __future__ import annotations

from itertools import takewhile

from actions import cards
from actions.general_values import general_values
from actions.positions import payments_of
from actions.turn import Turn
from casestore import account, agreement_life
from casestore.account import LoanView
from casestore.agreement import AgreementView
from casestore.instalments import InstalmentView
from hardship.part_payment import PartPayment, pay_part
from hardship.products import Method

# A message lists no more instalments than this one by one.
_LISTED = 4


def say_on_top(turn: Turn, view: LoanView, amount: int) -> None:
    """What `amount` minor units do to a loan without an agreement."""
    part = worked_out(turn, view, amount)
    if part.arrears_left:
        turn.say(
            "utter_part_short",
            amount=turn.money(amount),
            arrears=turn.money(part.arrears),
            left=turn.money(part.arrears_left),
            **general_values(turn),
        )
        return
    turn.say("utter_part_on_top", lines="\n".join(f"· {line}" for line in _lines(turn, part)))


def say_effect_on_top(turn: Turn, view: LoanView, amount: int) -> bool:
    """What `amount` changes of the instalments to come; False where it only goes to what is overdue."""
    part = worked_out(turn, view, amount)
    lines = [] if part.arrears_left else _coming(turn, part)
    if lines and part.early_principal and view.loan.method is not Method.FLAT_FEE:
        lines.append(turn.phrase("utter_part_line_interest_left"))
    if lines:
        told = "\n".join(f"· {line}" for line in lines)
        turn.say("utter_part_effect", amount=turn.money(amount), lines=told)
    return bool(lines)


def worked_out(turn: Turn, view: LoanView, amount: int) -> PartPayment:
    """The amount laid on the loan as it stands today, by the ledger."""
    policy, payments = turn.services.policy, payments_of(turn, view)
    order, rules = policy.legal.allocation_order.value, policy.early_repayment
    return pay_part(view.loan, amount, turn.services.today(), payments, order, rules)


def _lines(turn: Turn, part: PartPayment) -> list[str]:
    """What is settled, what is paid early, and what comes next, each as a line."""
    lines = []
    if part.arrears:
        lines.append(turn.phrase("utter_part_line_arrears", arrears=turn.money(part.arrears)))
    if part.early_principal:
        amounts = {"principal": part.early_principal, "interest": part.early_interest}
        values = {name: turn.money(value) for name, value in amounts.items()}
        lines.append(turn.phrase("utter_part_line_early", **values))
    if part.fee:
        lines.append(turn.phrase("utter_part_line_fee", fee=turn.money(part.fee)))
    return [*lines, *_coming(turn, part)]


def _coming(turn: Turn, part: PartPayment) -> list[str]:
    if part.before is None or part.after is None:
        return []
    values = {
        "before_due": turn.day(part.before.next_due),
        "before": turn.money(part.before.next_instalment),
        "due": turn.day(part.after.next_due),
        "instalment": turn.money(part.after.next_instalment),
        "last_due": turn.day(part.after.last_due),
    }
    if part.pays_an_instalment:
        return [turn.phrase("utter_part_line_paid", **values)]
    if part.lowers_the_next:
        return [turn.phrase("utter_part_line_smaller", **values)]
    response = "utter_part_line_last_smaller" if part.early_principal else "utter_part_line_same"
    return [turn.phrase(response, **values)]


def said_for_loan(turn: Turn, count: int) -> int:
    """What is overdue and the next `count` instalments of a loan without an agreement, minor units."""
    view = account.loan(turn.services.store, str(turn.session.loan_id))
    part = worked_out(turn, view, 1)
    return part.arrears + (part.before.next_instalment * count if part.before else 0)


def said_for_plan(turn: Turn, made: AgreementView) -> int:
    """What pays the agreement off today, minor units."""
    policy, store = turn.services.policy, turn.services.store
    return agreement_life.payoff(
        store, made.agreement_id, turn.services.today(), policy.early_repayment
    ).total


def say_in_plan(turn: Turn, made: AgreementView, amount: int, on_top: bool = False) -> None:
    """What `amount` minor units do to the instalments agreed, the oldest first; `on_top` of that one."""
    named = turn.money(amount)
    if on_top and made.next_unpaid is not None:
        named = _with_the_instalment(turn, made.next_unpaid, amount)
        amount += made.next_unpaid.unpaid
    store, today = turn.services.store, turn.services.today()
    rows = agreement_life.after_payment(store, made.agreement_id, amount, today)
    values = {"amount": named, "lines": instalment_lines(turn, made, rows)}
    if reaches_none(made, amount):
        turn.say("utter_part_in_plan_short", breaks=cards.breaking_rule(turn), **values)
    else:
        turn.say("utter_part_in_plan", **values)


def _with_the_instalment(turn: Turn, oldest: InstalmentView, more: int) -> str:
    """An amount on top of an instalment in words, with both and their sum."""
    parts = {"total": oldest.unpaid + more, "payment": oldest.unpaid, "more": more}
    values = {name: turn.money(minor) for name, minor in parts.items()}
    return turn.phrase("utter_part_with_instalment", **values)


def reaches_none(made: AgreementView, amount: int) -> bool:
    """Whether it is less than what is to pay of the oldest instalment."""
    return made.next_unpaid is not None and amount < made.next_unpaid.unpaid


def instalment_lines(turn: Turn, made: AgreementView, after: tuple[InstalmentView, ...]) -> str:
    """The instalments that are touched by a payment, and what is to pay next."""
    oldest = made.next_unpaid.number if made.next_unpaid else 1
    coming = [each for each in after if each.number >= oldest]
    paid = list(takewhile(lambda each: not each.unpaid, coming))
    lines = [_line(turn, "utter_part_line_instalment_paid", each) for each in paid[:_LISTED]]
    if len(paid) > _LISTED:
        lines.append(turn.phrase("utter_part_line_more_paid", count=len(paid) - _LISTED))
    for each in coming[len(paid) : len(paid) + 1]:
        response = "utter_part_line_instalment_left" if each.paid else "utter_part_line_instalment_next"
        lines.append(_line(turn, response, each))
    return "\n".join(f"· {line}" for line in lines)


def _line(turn: Turn, response: str, each: InstalmentView) -> str:
    values = {"payment": turn.money(each.payment), "left": turn.money(each.unpaid)}
    return turn.phrase(response, due=turn.day(each.due), **values)
