"""Skill education: planning one's money, and why new debt or a paid agent is no way out."""

from __future__ import annotations

from actions.base import RespiteAction
from actions.events import Events
from actions.lender import lender_values
from actions.turn import Turn
from casestore import hardship
from hardship.statements import FIELDS as STATEMENT_FIELDS


class ActionAskBudgetAdvice(RespiteAction):
    """How to plan a month and which debt comes first; with own figures when they were given."""

    action_name = "action_ask_budget_advice"

    def handle(self, turn: Turn) -> Events:
        turn.say("utter_budget_advice")
        case_id = turn.session.case_id
        if turn.session.borrower_id is None or case_id is None:
            return []
        given = hardship.answers(turn.services.store, case_id)
        if all(name in given for name in STATEMENT_FIELDS):
            left = given["monthly_income"] - sum(given[name] for name in STATEMENT_FIELDS[1:])
            turn.say(
                "utter_budget_own" if left > 0 else "utter_budget_own_short",
                left=turn.money(abs(left)),
                **{name: turn.money(given[name]) for name in STATEMENT_FIELDS},
            )
        return []


class ActionAskDebtAdvice(RespiteAction):
    """Borrowing elsewhere, consolidating, agents: what each costs, whom to ask for free advice."""

    action_name = "action_ask_debt_advice"

    def handle(self, turn: Turn) -> Events:
        policy = turn.services.policy
        turn.say(
            "utter_debt_advice",
            legal_aid=policy.hotline("legal_aid"),
            anti_fraud=policy.hotline("anti_fraud"),
            **lender_values(turn),
        )
        return []
