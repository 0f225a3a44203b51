"""Skill account: what is owed on which loan, said only to a verified borrower."""

from __future__ import annotations

from abc import abstractmethod

from actions import clauses, complaints, resuming
from actions.agreed import say_due
from actions.base import RespiteAction
from actions.events import Events, set_slot
from actions.flow import ASKED_OF_ACCOUNT, advance
from actions.forms import Answer, FormValidator, ask_again
from actions.general_values import general_values
from actions.identity import has_no_phone, say_no_phone
from actions.lender import lender_name, lender_values
from actions.payoff import quote
from actions.positions import payments_of, position_today
from actions.turn import Turn
from casestore import account, agreement, hardship
from casestore.account import LoanView
from hardship import explanation
from hardship.explanation import Line
from hardship.loans import Position

# Within so many messages whoever asks of charges again has read what they are in general.
JUST_EXPLAINED = 3


class VerifiedAnswer(RespiteAction):
    """An answer for the borrower alone; leads through verification first when that is still to do."""

    goal: str

    def handle(self, turn: Turn) -> Events:
        if turn.session.borrower_id is None or turn.session.loan_id is None:
            return self.before_verified(turn)
        return self.answer(turn)

    def before_verified(self, turn: Turn) -> Events:
        """Nothing about a debt yet: inside a form the question waits, else verification starts."""
        if has_no_phone(turn) and not turn.active_form:
            say_no_phone(turn)
            return []
        if not turn.active_form:
            return advance(turn, self.goal)
        turn.say("utter_after_verification")
        # The promise is kept: this question comes last, and stands for the earlier one.
        waits = turn.slot("goal") is None or turn.slot("goal") in ASKED_OF_ACCOUNT
        return [set_slot("goal", self.goal)] if waits and self.goal in ASKED_OF_ACCOUNT else []

    @abstractmethod
    def answer(self, turn: Turn) -> Events:
        """Answer the verified borrower about the loan of this conversation."""


class AccountAnswer(VerifiedAnswer):
    """An answer about the borrower's own loan."""

    def answer(self, turn: Turn) -> Events:
        """Say the answer; when it is what the borrower came for, ask what comes next."""
        view = account.loan(turn.services.store, str(turn.session.loan_id))
        self.tell(turn, view, position_today(turn, view))
        if turn.slot("goal") == self.goal and not turn.active_form:
            turn.say("utter_unfinished_waits" if resuming.waiting(turn) else "utter_what_next")
        return []

    @abstractmethod
    def tell(self, turn: Turn, view: LoanView, position: Position) -> None:
        """Say the answer for this loan and its position today."""


class ActionAskBalance(AccountAnswer):
    """What is owed, line by line."""

    action_name = "action_ask_balance"
    goal = "balance"

    def tell(self, turn: Turn, view: LoanView, position: Position) -> None:
        card, values = balance_card(turn, view, position), balance_values(turn, view, position)
        turn.say("utter_balance", card=card, **values)
        say_agreed(turn, view)


def say_agreed(turn: Turn, view: LoanView) -> bool:
    """Say what is due next by the agreement in force, if there is one: it takes the place of the contract."""
    made = agreement.status(turn.services.store, view.loan.loan_id, turn.services.today())
    return say_due(turn, made)


class ActionAskDueDate(AccountAnswer):
    """When the next instalment is due: by the agreement, else by the contract, with the days overdue."""

    action_name = "action_ask_due_date"
    goal = "due_date"

    def tell(self, turn: Turn, view: LoanView, position: Position) -> None:
        _say_due(turn, view, position)
        if clauses.one_asks(turn, "ask_creditor_contact"):
            _say_handler(turn, view, position)


def _say_due(turn: Turn, view: LoanView, position: Position) -> None:
    if not say_agreed(turn, view):
        turn.say("utter_due_date", **balance_values(turn, view, position))


def _say_handler(turn: Turn, view: LoanView, position: Position) -> None:
    response = "utter_handled_by_agency" if view.loan.handler else "utter_handled_by_lender"
    turn.say(response, **lender_values(turn), **balance_values(turn, view, position))


class ActionAskCharges(AccountAnswer):
    """What interest, penalty interest and fees are; once verified line by line."""

    action_name = "action_ask_charges"
    goal = "charges"

    def before_verified(self, turn: Turn) -> Events:
        """The explanation in general is nobody's secret; whoever asks on wants to see their own figures."""
        if not turn.active_form and turn.acted_within(JUST_EXPLAINED, {self.action_name}):
            return super().before_verified(turn)
        turn.say("utter_charges_in_general", **general_values(turn))
        return []

    def tell(self, turn: Turn, view: LoanView, position: Position) -> None:
        lines = explained(turn, view)
        turn.say(
            "utter_charges",
            lines="\n".join(f"· {line['label']} {line['value']}" for line in lines),
            card=_explanation_card(turn, view, position, lines),
            **general_values(turn),
            **balance_values(turn, view, position),
        )


class ActionAskCreditorContact(AccountAnswer):
    """Who handles the loan: the lender itself or an agency working for it."""

    action_name = "action_ask_creditor_contact"
    goal = "creditor"

    def handle(self, turn: Turn) -> Events:
        if not turn.asks and complaints.add_told(turn):
            return []  # "a woman, she says, from a landline": of who called, and no question
        return super().handle(turn)

    def before_verified(self, turn: Turn) -> Events:
        """How to find out whether a caller is ours is for everybody to know."""
        turn.say("utter_check_caller", **lender_values(turn))
        return [] if turn.active_form else advance(turn, self.goal)

    def tell(self, turn: Turn, view: LoanView, position: Position) -> None:
        if clauses.one_asks(turn, "ask_due_date"):
            _say_due(turn, view, position)
        _say_handler(turn, view, position)


class ActionAskLoanChoice(RespiteAction):
    """Asks which of several loans the talk is about."""

    action_name = "action_ask_loan_choice"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        views = account.loans_of(turn.services.store, str(turn.session.borrower_id))
        lines = [self._line(turn, number, view) for number, view in enumerate(views, start=1)]
        buttons = [_loan_button(turn, number, view) for number, view in enumerate(views, start=1)]
        turn.say("utter_which_loan", loans="\n".join(lines), buttons=buttons)
        return []

    @staticmethod
    def _line(turn: Turn, number: int, view: LoanView) -> str:
        position = position_today(turn, view)
        return turn.phrase(
            "utter_loan_line", number=number, tail=view.tail, arrears=turn.money(position.arrears)
        )


class ValidateLoanForm(FormValidator):
    """The choice among several loans, by number or by the last digits of the loan number."""

    form = "loan_form"

    def answer_loan_choice(self, turn: Turn) -> Answer | None:
        """The chosen loan becomes the one the case is about."""
        views = account.loans_of(turn.services.store, str(turn.session.borrower_id))
        chosen = _chosen(turn, views)
        if chosen is None:
            return None
        if chosen == "unknown":
            turn.say("utter_explain_loan_choice")
            return ask_again("loan_choice")
        hardship.attach_loan(turn.services.store, turn.session_id, chosen)
        return Answer({"loan_choice": "given"})


def _chosen(turn: Turn, views: tuple[LoanView, ...]) -> str | None:
    """Id of the loan meant, "unknown" for a number that is not on the list, None when none was named."""
    by_tail = [view.loan.loan_id for view in views if view.tail in turn.text]
    if by_tail:
        return by_tail[0]
    number = turn.entity("option_number")
    if number is None:
        return None
    return views[int(number) - 1].loan.loan_id if 1 <= int(number) <= len(views) else "unknown"


def _loan_button(turn: Turn, number: int, view: LoanView) -> dict[str, str]:
    return {
        "title": turn.phrase("utter_loan_button", number=number, tail=view.tail),
        "payload": f'/choose_option{{"option_number": {number}}}',
    }


def balance_values(turn: Turn, view: LoanView, position: Position) -> dict[str, str]:
    """Every figure of a position, ready to be read."""
    return {
        "tail": view.tail,
        "handler": view.loan.handler or "",
        "principal": turn.money(position.principal),
        "overdue_principal": turn.money(position.overdue_principal),
        "interest": turn.money(position.interest),
        "penalty_interest": turn.money(position.penalty_interest),
        "fees": turn.money(position.fees),
        "arrears": turn.money(position.arrears),
        "payoff": turn.money(quote(turn, view).total),
        "days_overdue": str(position.days_overdue),
        "next_due": turn.day(position.next_due),
        "next_instalment": turn.money(position.next_instalment),
        "handled_by": _handled_by(turn, view),
    }


def _handled_by(turn: Turn, view: LoanView) -> str:
    return view.loan.handler or lender_name(turn)


BREAKDOWN = (
    "overdue_principal",
    "interest",
    "penalty_interest",
    "fees",
    "arrears",
    "principal",
    "payoff",
)


def balance_card(turn: Turn, view: LoanView, position: Position) -> dict[str, object]:
    """What is owed as a table for channels that can draw one."""
    values = balance_values(turn, view, position)
    lines = [{"label": turn.phrase(f"utter_label_{name}"), "value": values[name]} for name in BREAKDOWN]
    return {
        "type": "breakdown",
        "title": turn.phrase("utter_balance_title", tail=view.tail),
        "lines": lines,
        "note": turn.phrase("utter_balance_note", **values),
    }


def explained(turn: Turn, view: LoanView) -> list[dict[str, str]]:
    """How today's position came about: each line in words, and its amount."""
    order = turn.services.policy.legal.allocation_order.value
    lines = explanation.explain(view.loan, turn.services.today(), payments_of(turn, view), order)
    return [
        {"label": _line_words(turn, line), "value": turn.money(line.amount)} for line in lines if line.amount
    ]


def _line_words(turn: Turn, line: Line) -> str:
    return turn.phrase(
        f"utter_line_{line.code}",
        day=turn.day(line.day),
        until=turn.day(line.until or line.day),
        base=turn.money(line.base),
        rate=turn.share(line.rate) if line.rate is not None else "",
        days=line.days,
    )


def _explanation_card(
    turn: Turn, view: LoanView, position: Position, lines: list[dict[str, str]]
) -> dict[str, object]:
    total = {"label": turn.phrase("utter_label_sum"), "value": turn.money(position.total_owed)}
    return {
        "type": "breakdown",
        "title": turn.phrase("utter_charges_title", tail=view.tail),
        "lines": [*lines, total],
        "note": turn.phrase("utter_charges_note"),
    }
