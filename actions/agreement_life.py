"""Skill agreement: what was agreed, how it stands, an easier plan, the way out, and paying it off early."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from actions import cards, looking_again, others_income, parts, payoff, small_questions, wishes
from actions.account import AccountAnswer, VerifiedAnswer
from actions.agreed import in_force
from actions.base import RespiteAction
from actions.cancelling import STOPS, tells_a_value
from actions.causes import cause_beside, hear_cause
from actions.dialogue import comes_back, go_on
from actions.events import Events, go_to, leave_form, set_slot
from actions.flow import GOAL_PLAN, NO, YES, advance
from actions.forms import Answer, FormValidator, ask_again
from actions.links import agreement_link
from actions.plain_yes import is_plain_yes, said_yes
from actions.situation import is_correction
from actions.statement import correct_statement
from actions.turn import Turn
from casestore import agreement, agreement_life
from casestore.account import LoanView
from casestore.agreement import AgreementView
from casestore.agreement_life import InstalmentView
from casestore.errors import NotWithdrawable
from hardship.loans import Position


class ActionAskAgreementStatus(AccountAnswer):
    """What is agreed on this loan, what was paid, the next instalment and the missed ones."""

    action_name = "action_ask_agreement_status"
    goal = "agreement_status"

    def handle(self, turn: Turn) -> Events:
        """ "The plans from yesterday" were never agreed: on with them."""
        if comes_back(turn) and in_force(turn) is None and not turn.active_form:
            return go_on(turn)
        return super().handle(turn)

    def tell(self, turn: Turn, view: LoanView, position: Position) -> None:
        made = in_force(turn)
        if made is None:
            is_coming = turn.slot("goal") == GOAL_PLAN and not _ended_before(turn)
            turn.say("utter_no_agreement_yet" if is_coming else _without_agreement(turn))
            if looking_again.is_asked(turn):
                turn.say("utter_agreement_not_found")
            return
        link = agreement_link(made.document_token)
        turn.say(
            "utter_agreement_status",
            link=link,
            missed=_missed(turn, made),
            **agreement_values(turn, made),
            card=cards.document_card(turn, made.reference, link),
        )


def _without_agreement(turn: Turn) -> str:
    """How the last agreement ended, or that there was none."""
    before = _ended_before(turn)
    return f"utter_no_agreement_{before[-1].state}" if before else "utter_no_agreement"


def _ended_before(turn: Turn) -> Sequence[AgreementView]:
    """The agreements of this case that are over."""
    case_id = turn.session.case_id
    return agreement.history(turn.services.store, case_id) if case_id else ()


def agreement_values(turn: Turn, made: AgreementView) -> dict[str, str]:
    """Every figure of an agreement, ready to be read."""
    return {
        "reference": made.reference,
        "name": cards.plan_name(turn, made.kind),
        "paid": turn.money(made.paid),
        "unpaid": turn.money(made.unpaid),
        "left": str(made.left),
        "next_due": turn.day(made.next_due),
        "next_payment": turn.money(made.next_payment),
        "last_due": turn.day(made.last_due),
        "withdraw_until": turn.day(made.withdraw_until),
    }


def _missed(turn: Turn, made: AgreementView) -> str:
    """A line about missed instalments, empty when there are none."""
    if not made.missed or made.next_unpaid is None:
        return ""
    return "\n" + turn.phrase(
        "utter_status_missed",
        count=made.missed,
        due=turn.day(made.next_unpaid.due),
        unpaid=turn.money(made.next_unpaid.unpaid),
    )


class AgreementStep(VerifiedAnswer):
    """What a borrower does with the agreement in force; leads to a question of its own."""

    def answer(self, turn: Turn) -> Events:
        """The step, when there is an agreement to take it with."""
        made = in_force(turn)
        return self.without_agreement(turn) if made is None else self.step(turn, made)

    def without_agreement(self, turn: Turn) -> Events:
        """There is nothing in force on this loan; who asks hears what would be, if there were."""
        turn.say(_without_agreement(turn))
        if turn.asks:
            small_questions.answer_in_general(turn)
        return []

    @abstractmethod
    def step(self, turn: Turn, made: AgreementView) -> Events:
        """The answer when an agreement is in force."""


def open_form(turn: Turn, form: str) -> Events:
    """Open `form`, closing the one under way: its answers are in the case store."""
    return [*(leave_form() if turn.active_form else []), set_slot("goal", None), go_to(form)]


class ActionReportMissedInstalment(AgreementStep):
    """An instalment was or will be missed: thanked for, and an easier plan offered before anything breaks."""

    action_name = "action_report_missed_instalment"
    goal = "missed"

    def before_verified(self, turn: Turn) -> Events:
        """ "I lost my job and can't make this month's payment" tells what happened: that is heard first."""
        cause = cause_beside(turn)
        if turn.active_form or cause is None:
            return super().before_verified(turn)
        return [*hear_cause(turn, cause), *advance(turn, GOAL_PLAN)]

    def without_agreement(self, turn: Turn) -> Events:
        """Somebody in trouble all the same."""
        events = hear_cause(turn, cause_beside(turn))
        return events if turn.active_form else [*events, *advance(turn, GOAL_PLAN)]

    def step(self, turn: Turn, made: AgreementView) -> Events:
        oldest = agreement_life.report_missed(turn.services.store, made.case_id, turn.services.today())
        part = parts.told(turn, made)
        if oldest and part:
            say_part_at_hand(turn, oldest, part)
            return open_form(turn, "change_form")
        turn.say(
            "utter_missed_heard",
            due=turn.day(oldest.due if oldest else made.next_due),
            unpaid=turn.money(oldest.unpaid if oldest else 0),
            breaks=cards.breaking_rule(turn),
        )
        return open_form(turn, "change_form")


def say_part_at_hand(turn: Turn, oldest: InstalmentView, part: int) -> None:
    """What is left of the instalment when the part that is at hand has been paid; nothing is recorded."""
    turn.say(
        "utter_missed_part",
        amount=turn.money(part),
        due=turn.day(oldest.due),
        payment=turn.money(oldest.payment),
        left=turn.money(oldest.unpaid - part),
        breaks=cards.breaking_rule(turn),
    )


class ActionAskChangeWanted(RespiteAction):
    """Asks whether an easier plan shall be looked for; the one in force stays until another is accepted."""

    action_name = "action_ask_change_wanted"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        made = in_force(turn)
        if made is None:
            turn.say("utter_no_agreement")
            return [set_slot("change_wanted", NO)]
        turn.say("utter_change_offered", **agreement_values(turn, made))
        return []


# Who says once more that an instalment can't be paid, or asks to pay it later, wants an easier plan.
_WANTS_ANOTHER = wishes.WISHES | {"report_missed_instalment"}


def _changes_a_figure(turn: Turn) -> bool:
    """Whether a figure of before is told anew; beside an instalment that can't be paid, an amount is that."""
    named = turn.entity("statement_field") and turn.entity("money") is not None
    return bool(named and (turn.intent != "report_missed_instalment" or is_correction(turn)))


def _pays_late(turn: Turn) -> bool:
    """Whether one instalment shall be paid some days later or on a day that is named, and nothing be changed.

    Who has missed one already hears of an easier plan instead: the next would count with it.
    """
    made = in_force(turn)
    once = not any(each["value"] == "monthly" for each in turn.entities("pay_rhythm"))
    of_a_day = turn.intent in ("promise_to_pay", "request_due_date_change") and not _names_due_day(turn)
    of_the_day = once and of_a_day
    pays_the_rest = once and turn.entities("money") and any(turn.entities("pay_rhythm"))
    names_a_day = turn.entities("date") and (of_the_day or pays_the_rest)
    if _names_due_day(turn):
        return False
    return bool(made and not made.missed and (turn.entities("pays_late") or names_a_day))


def _names_due_day(turn: Turn) -> bool:
    """Whether the due day as such is spoken of, "move the due date to the 20th", and not one instalment."""
    kinds = {str(each["value"]) for each in turn.entities("plan_kind")}
    return "due_date_change" in kinds


def _has_a_part(turn: Turn) -> bool:
    """Say what is left of an instalment of which only a part is at hand; False where none is told."""
    made = in_force(turn)
    part = parts.told(turn, made) if made else None
    if made is None or made.next_unpaid is None or part is None:
        return False
    say_part_at_hand(turn, made.next_unpaid, part)
    return True


class ValidateChangeForm(FormValidator):
    """A yes, or a wish, opens the talk about the plan again; a no leaves it as it is."""

    form = "change_form"
    leaves_on = frozenset({STOPS})  # "cancel" is about the agreement here

    def is_digression(self, turn: Turn) -> bool:
        """A wish for another plan is a yes."""
        return super().is_digression(turn) and turn.intent not in _WANTS_ANOTHER

    def answer_change_wanted(self, turn: Turn) -> Answer | None:
        """Renegotiate, or leave the agreement as it is."""
        if turn.intent in ("deny", "reject_offer") or turn.entities("keeps_agreement"):
            turn.say("utter_change_not_wanted")
            return Answer({"change_wanted": NO})
        if _has_a_part(turn):
            return ask_again("change_wanted")
        if _pays_late(turn):
            turn.say("utter_pays_late", breaks=cards.breaking_rule(turn))
            return ask_again("change_wanted")
        changed = _changes_a_figure(turn)
        if turn.intent not in _WANTS_ANOTHER and not said_yes(turn) and not changed:
            return None
        services = turn.services
        agreement_life.renegotiate(services.store, turn.session.session_id, str(turn.session.loan_id))
        turn.forget_session_cache()
        # "My wages went up by 1000" wishes for nothing.
        wished = wishes.asked(turn) if turn.intent in _WANTS_ANOTHER or not changed else None
        wish = wishes.remember(turn, wished)
        if wished and tells_a_value(turn):
            turn.say("utter_wish_noted")
        turn.say("utter_change_begins")
        if changed and others_income.note(turn, "") is None:
            correct_statement(turn, "")
        again = dict.fromkeys(("statement_confirmed", "offers_shown", "plan_choice", "rounds_over"), None)
        return Answer({"change_wanted": YES, **again}, wish)


class ActionCancelAgreement(AgreementStep):
    """Withdrawal: asked for within the cooling-off time; after it an easier plan or a person."""

    action_name = "action_cancel_agreement"
    goal = "withdrawal"

    def step(self, turn: Turn, made: AgreementView) -> Events:
        if turn.services.today() <= made.withdraw_until:
            return open_form(turn, "withdrawal_form")
        turn.say("utter_cooling_off_over", **agreement_values(turn, made))
        return open_form(turn, "change_form")


class ActionAskWithdrawalConfirmed(RespiteAction):
    """Says what withdrawing means and asks for a plain yes."""

    action_name = "action_ask_withdrawal_confirmed"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        made = in_force(turn)
        if made is None:
            turn.say("utter_no_agreement")
            return [set_slot("withdrawal_confirmed", NO)]
        turn.say("utter_withdrawal_asked", **agreement_values(turn, made))
        return []


_INTEREST = frozenset({"interest", "penalty_interest", "fees"})


def _asks_of_interest(turn: Turn) -> bool:
    return any(each["value"] in _INTEREST for each in turn.entities("term"))


class ValidateWithdrawalForm(FormValidator):
    """A plain yes withdraws; a no keeps the plan."""

    form = "withdrawal_form"
    leaves_on = frozenset({STOPS})  # "cancel" is about the agreement here

    def tells_what_is_asked(self, turn: Turn, question: str) -> bool:
        """ "Let me think again, don't cancel yet" is a no, though it sounds like "until later"."""
        return bool(turn.entities("keeps_agreement"))

    def asked_back(self, turn: Turn) -> Answer | None:
        """Whether interest runs again: of the loan without its plan, not of the offers of before."""
        if not (turn.asks or turn.heard.startswith("ask_")) or not _asks_of_interest(turn):
            return None
        turn.say("utter_withdrawal_interest")
        return ask_again("withdrawal_confirmed")

    def answer_withdrawal_confirmed(self, turn: Turn) -> Answer | None:
        """Withdraw once, or keep the agreement."""
        # "Don't withdraw" is near "withdraw" in its letters; what ends an agreement must not rest on that.
        if turn.intent in ("deny", "reject_offer") or turn.entities("keeps_agreement"):
            turn.say("utter_withdrawal_left")
            return Answer({"withdrawal_confirmed": NO})
        # "Cancel it" said once more is a yes; "I want a plan" is near "I take the plan" and must not be.
        if turn.intent not in ("affirm", "cancel_agreement") or not is_plain_yes(turn.text):
            return None
        self._withdraw(turn)
        return Answer({"withdrawal_confirmed": YES})

    @staticmethod
    def _withdraw(turn: Turn) -> None:
        made = in_force(turn)
        if made is None:
            turn.say("utter_no_agreement")
            return
        try:
            done = agreement_life.withdraw(turn.services.store, made.case_id, turn.services.today())
        except NotWithdrawable:
            turn.say("utter_cooling_off_over", **agreement_values(turn, made))
            return
        turn.say("utter_withdrawn", reference=done.reference)


class ActionRequestEarlyPayoff(AccountAnswer):
    """What paying everything off today takes, by parts, and what it saves."""

    action_name = "action_request_early_payoff"
    goal = "payoff"

    def tell(self, turn: Turn, view: LoanView, position: Position) -> None:
        quote = payoff.quote(turn, view)
        less = turn.phrase("utter_payoff_saved", amount=turn.money(quote.saved))
        fee = turn.phrase("utter_payoff_fee", amount=turn.money(quote.fee))
        turn.say(
            "utter_payoff",
            day=turn.day(quote.day),
            total=turn.money(quote.total),
            principal=turn.money(quote.principal),
            interest=turn.money(quote.interest),
            other=turn.money(quote.other),
            fee=f"\n{fee}" if quote.fee else "",
            saved=f"\n{less}" if quote.saved > 0 else "",
        )
