"""Skill account: the credit record, what follows from not paying, how to pay. In general to anybody."""

from __future__ import annotations

from abc import abstractmethod

from actions import cards, complaints
from actions import disputes as dispute_skill
from actions.account import AccountAnswer, balance_values
from actions.agreed import in_force
from actions.events import Events
from actions.formats import bullets
from actions.general_values import penalty_fact
from actions.lender import lender_values
from actions.positions import payments_of
from actions.turn import Turn
from casestore import agreement
from casestore.account import LoanView
from hardship.loans import Position

# Asked of these, the facts for everybody are the answer, with a plan or without.
_OF_THE_LAW = frozenset({"prison", "seizure", "limitation"})


class GeneralAnswer(AccountAnswer):
    """What holds for everybody; once verified, the borrower's own figures follow."""

    response: str

    def before_verified(self, turn: Turn) -> Events:
        """The general part is nobody's secret."""
        self.say_general(turn)
        turn.say("utter_own_figures_later")
        return []

    def tell(self, turn: Turn, view: LoanView, position: Position) -> None:
        self.say_general(turn)
        self.say_own(turn, view, position)

    def say_general(self, turn: Turn) -> None:
        """Say what the pack knows of it."""
        turn.say(self.response, facts=bullets(self.facts(turn)), **lender_values(turn))

    def say_own_plan(self, turn: Turn, response: str) -> bool:
        """Say `response` where an agreement takes the place of the contract; False without one."""
        made = in_force(turn)
        if made is not None:
            turn.say(response, reference=made.reference, breaks=cards.breaking_rule(turn))
        return made is not None

    @abstractmethod
    def facts(self, turn: Turn) -> list[str]:
        """The sentences that this pack has a rule for."""

    def say_own(self, turn: Turn, view: LoanView, position: Position) -> None:
        """Say the borrower's own figures."""
        overdue = "overdue" if position.days_overdue else "not_overdue"
        turn.say(f"{self.response}_own_{overdue}", **balance_values(turn, view, position))


class ActionAskCreditRecord(GeneralAnswer):
    """What being overdue does to the credit record, and what can be done about a wrong entry."""

    action_name = "action_ask_credit_record"
    goal = "credit_record"
    response = "utter_credit_record"

    def say_general(self, turn: Turn) -> None:
        """Who disputes the loan asks what holds until the answer; it goes with the dispute."""
        if dispute := dispute_skill.add_question(turn):
            turn.say("utter_credit_record_disputed", **dispute_skill.values(turn, dispute))
        super().say_general(turn)

    def facts(self, turn: Turn) -> list[str]:
        legal = turn.services.policy.legal
        said = [turn.phrase("utter_fact_credit_years", years=legal.credit_record_years.value)]
        if turn.services.policy.offers.reported_to_credit_record.value:
            said.insert(0, turn.phrase("utter_fact_credit_told"))
        if legal.credit_objection_days:
            said.append(turn.phrase("utter_fact_credit_objection", days=legal.credit_objection_days.value))
        if legal.credit_repair_window_open and not legal.credit_repair_window_open.value:
            said.append(turn.phrase("utter_fact_credit_repair_closed"))
        return [*said, turn.phrase("utter_fact_credit_repair_scam")]

    def say_own(self, turn: Turn, view: LoanView, position: Position) -> None:
        if not self.say_own_plan(turn, "utter_credit_record_own_plan"):
            super().say_own(turn, view, position)


class ActionAskConsequences(GeneralAnswer):
    """What not paying leads to and what it never leads to."""

    action_name = "action_ask_consequences"
    goal = "consequences"
    response = "utter_consequences"

    def handle(self, turn: Turn) -> Events:
        return [] if complaints.add_consequence(turn) else super().handle(turn)

    def tell(self, turn: Turn, view: LoanView, position: Position) -> None:
        """With an agreement in force, what becomes of that; of court and prison everybody hears the same."""
        asked = {str(each["value"]) for each in turn.entities("asked_about")}
        if asked & _OF_THE_LAW or not self.say_own_plan(turn, "utter_consequences_under_plan"):
            super().tell(turn, view, position)

    def facts(self, turn: Turn) -> list[str]:
        legal = turn.services.policy.legal
        years = legal.credit_record_years.value
        asked = {str(each["value"]) for each in turn.entities("asked_about")}
        return [
            *([turn.phrase("utter_fact_no_prison")] if "prison" in asked else []),
            penalty_fact(turn),
            turn.phrase("utter_fact_credit_consequence", years=years),
            turn.phrase("utter_fact_court", years=legal.limitation_years.value),
            turn.phrase("utter_fact_never"),
        ]


class ActionAskHowToPay(GeneralAnswer):
    """Where a payment goes, what it is put towards, and what is due; never into a private account."""

    action_name = "action_ask_how_to_pay"
    goal = "how_to_pay"
    response = "utter_how_to_pay"

    def facts(self, turn: Turn) -> list[str]:
        order = turn.services.policy.legal.allocation_order.value
        parts = [turn.phrase(f"utter_part_{part.value}") for part in order]
        return [
            turn.phrase("utter_fact_pay_channels"),
            turn.phrase("utter_fact_pay_order", first=parts[0], second=parts[1], third=parts[2]),
            turn.phrase("utter_fact_pay_safety", **lender_values(turn)),
        ]

    def say_own(self, turn: Turn, view: LoanView, position: Position) -> None:
        agreed = agreement.status(turn.services.store, view.loan.loan_id, turn.services.today())
        if agreed:
            turn.say(
                "utter_how_to_pay_own_plan",
                reference=agreed.reference,
                next_due=turn.day(agreed.next_due),
                next_payment=turn.money(agreed.next_payment),
            )
        else:
            super().say_own(turn, view, position)
        say_last_payment(turn, view)


def say_last_payment(turn: Turn, view: LoanView) -> None:
    """The latest payment that is booked, if one is known."""
    received = payments_of(turn, view)
    if received:
        last = received[-1]
        turn.say("utter_last_payment", day=turn.day(last.received), amount=turn.money(last.amount))
