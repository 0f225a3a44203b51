"""What is asked about payments: whether one was counted, why nothing less is owed, the overdue part alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from actions.account import ActionAskCreditorContact, ActionAskDueDate
from actions.account_facts import ActionAskConsequences
from actions.base import RespiteAction
from actions.causes import ActionReportHardship
from actions.dialogue import ActionMisunderstood
from actions.disputes import ActionDisputeDebt
from actions.flow import NO
from actions.offers import ActionRequestPlan
from actions.reported_payments import ActionReportPaid, ValidatePaidForm
from actions.services import Services
from actions.starting import ActionStartOver, ValidateRestartForm
from casestore import disputes, payment_claims, payments
from tests.actions.conftest import TODAY
from tests.actions.helpers import SESSION, answer, learnt, run, tracker
from tests.actions.told_beside import said
from tests.conversations.people import Person

PAID = [{"event": "action", "name": "action_report_paid"}]
PAYOFF = [{"event": "action", "name": "action_request_early_payoff"}]


@pytest.fixture
def booked(services: Services, verified: Person, tmp_path: Path) -> None:
    """A payment of 800 yuan is on the account."""
    day = TODAY + timedelta(days=1)
    file = tmp_path / "payments.csv"
    line = f"{verified.loan_numbers[0]},{day},800.00,R1"
    file.write_text(f"loan_number,received_on,amount,reference\n{line}\n", encoding="utf-8")
    payments.import_csv(services.store, file, services.policy, day)


class TestHasItBeenCounted:
    """Which payments are booked is said before anything is registered."""

    @pytest.mark.parametrize(
        "text",
        [
            "I made a payment earlier this month. Has it been counted?",
            "我前阵子还过钱，算进去了没？",
            "i paid something already, did it go through?",
        ],
    )
    def test_what_is_booked_is_said_and_no_claim_is_made(
        self, services: Services, booked: None, text: str
    ) -> None:
        outcome = run(ActionReportPaid(), tracker(said(text, "report_paid")))
        assert outcome.said == ["utter_paid_is_it_booked"]
        assert not payment_claims.told_in(services.store, SESSION)

    def test_with_nothing_booked_it_is_noted_to_be_looked_for(
        self, services: Services, verified: Person
    ) -> None:
        text = "I made a payment earlier this month. Has it been counted?"
        run(ActionReportPaid(), tracker(said(text, "report_paid")))
        assert payment_claims.told_in(services.store, SESSION)


class TestWhileHowMuchIsAsked:
    """The question how much was paid answers no question about anything else."""

    @pytest.fixture(autouse=True)
    def reported(self, services: Services, verified: Person) -> None:
        run(ActionReportPaid(), tracker(said("我已经还了", "report_paid")))

    def ask(self, text: str, heard: str = "nlu_fallback", before: list[dict[str, str]] = PAID) -> list[str]:
        said_now = said(text, heard)
        return run(
            ValidatePaidForm(), tracker(said_now, form="paid_form", asks="paid_amount", before=before)
        ).said

    @pytest.mark.parametrize(
        "text",
        [
            "So would I be spared the interest for the remaining months?",
            "do i still pay the interest then?",
            "那剩下几个月的利息还要付吗",
        ],
    )
    def test_the_interest_to_come_is_answered_after_a_payoff(self, text: str) -> None:
        said_of_it = ["utter_early_interest_left", "utter_early_interest_left_own"]
        assert self.ask(text, before=PAYOFF) == said_of_it

    @pytest.mark.parametrize(
        "text",
        [
            "What if I only clear the overdue part first and leave the rest as it was",
            "can i just pay the arrears and carry on as before?",
            "我先把逾期的还上，后面照旧行不行",
        ],
    )
    def test_the_overdue_part_alone_is_answered_with_its_figures(self, text: str) -> None:
        assert self.ask(text) == ["utter_arrears_only"]

    @pytest.mark.parametrize(
        "text", ["And what happens next if I do nothing for another fortnight?", "我要是一直拖着接下来会怎样"]
    )
    def test_not_paying_is_left_to_its_own_rule(self, text: str) -> None:
        assert self.ask(text, "ask_consequences") == []
        conversation = tracker(
            said(text, "ask_consequences"), form="paid_form", asks="paid_amount", before=PAID
        )
        assert run(ActionAskConsequences(), conversation).said[0] == "utter_consequences"

    @pytest.mark.parametrize("text", ["那接下来呢？", "what happens next?"])
    def test_what_comes_of_the_check_is_answered_as_ever(self, text: str) -> None:
        assert self.ask(text) == ["utter_paid_check"]


class TestNothingLessIsOwed:
    """A payment goes to fees and interest before the principal, and their own figures show it."""

    WORDS = [
        "我上个月还过一笔800，怎么感觉本金没少",
        "还了好几个月怎么还是欠这么多",
        "why hasnt my balance gone down, i paid 800 last month. where did my money go",
        "i keep paying and the principal hasn't moved",
    ]

    @pytest.mark.parametrize("text", WORDS)
    def test_it_is_explained_with_what_is_booked(self, services: Services, booked: None, text: str) -> None:
        told = run(ActionMisunderstood(), tracker(said(text))).said
        assert told == ["utter_part_order", "utter_owed_no_less", "utter_payments_booked"]

    def test_with_nothing_booked_that_is_said(self, services: Services, verified: Person) -> None:
        told = run(ActionMisunderstood(), tracker(said(self.WORDS[0]))).said
        assert told[-1] == "utter_none_booked_since"

    def test_to_a_stranger_only_the_order_is_said(self, services: Services) -> None:
        told = run(ActionMisunderstood(), tracker(said(self.WORDS[0]))).said
        assert told == ["utter_part_order", "utter_own_figures_later"]


class TestNearInItsLettersOnly:
    """What sounds like another matter and is none."""

    @pytest.mark.parametrize(
        "text", ["Is there an easier version? I don't want to start all over again", "能轻松点吗，不想从头来"]
    )
    def test_who_would_not_start_again_does_not(self, services: Services, text: str) -> None:
        conversation = tracker(said(text, "start_over"), form="hardship_form", asks="statement_confirmed")
        outcome = run(ActionStartOver(), conversation)
        assert outcome.said == ["utter_not_started_over_easier"]
        assert outcome.followed_by is None and not outcome.left_the_form

    def test_nor_where_it_is_asked_about(self, services: Services) -> None:
        no = said("i don't want to start all over again", "start_over")
        outcome = answer(ValidateRestartForm(), no, "restart_confirmed")
        assert outcome.slots["restart_confirmed"] == NO

    @pytest.mark.parametrize(
        ("text", "chance", "heard"),
        [
            ("对方全责 修半个月左右 保险赔了就好了", 0.81, "utter_heard_hardship"),
            (
                "the car is with the mechanic, two more weeks and the insurer pays",
                0.8,
                "utter_heard_hardship",
            ),
            ("出车祸住院了，车也在修", 0.97, "utter_heard_illness"),
        ],
    )
    def test_a_car_that_is_mended_is_no_illness(
        self, services: Services, text: str, chance: float, heard: str
    ) -> None:
        outcome = run(ActionReportHardship(), tracker(said(text, "hardship_illness", confidence=chance)))
        assert outcome.said[0] == heard

    def test_figures_that_are_right_are_no_dispute(self, services: Services, verified: Person) -> None:
        right = said(
            "The figures are correct", "dispute_debt", answers=learnt("statement_confirmed", "right", 1.94)
        )
        outcome = run(ActionDisputeDebt(), tracker(right, form="hardship_form", asks="living_costs"))
        assert outcome.said == ["utter_nothing_disputed"]
        assert disputes.open_of(services.store, SESSION) is None

    def test_figures_that_are_not_are_one(self, services: Services, verified: Person) -> None:
        wrong = said(
            "the figures are not correct", "dispute_debt", answers=learnt("statement_confirmed", "right", 1.6)
        )
        run(ActionDisputeDebt(), tracker(wrong))
        assert disputes.open_of(services.store, SESSION) is not None

    @pytest.mark.parametrize("text", ["除了罚息还有没有别的手续费", "are there any other fees besides that?"])
    def test_whether_there_are_other_fees_is_no_wish_for_a_plan(self, services: Services, text: str) -> None:
        asked = said(
            text, "request_charge_waiver", ranking={"request_charge_waiver": 0.7, "ask_charges": 0.27}
        )
        assert run(ActionRequestPlan(), tracker(asked)).followed_by == "action_ask_charges"


class TestTwoQuestionsInOneBreath:
    """How late the loan is, and who handles it."""

    CLAUSES = {
        "逾期多少天": {"intent": "ask_due_date", "confidence": 0.95},
        "转给外面": {"intent": "ask_creditor_contact", "confidence": 0.87},
    }

    @pytest.mark.parametrize(
        ("action", "heard"),
        [
            (ActionAskCreditorContact(), "ask_creditor_contact"),
            (ActionAskDueDate(), "ask_due_date"),
        ],
    )
    def test_both_are_answered(
        self, services: Services, verified: Person, action: RespiteAction, heard: str
    ) -> None:
        text = "已经逾期多少天了？这笔账是不是转给外面的公司了"
        told = run(action, tracker(said(text, heard, clauses=self.CLAUSES))).said
        assert told == ["utter_due_date", "utter_handled_by_lender"]
