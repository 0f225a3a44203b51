"""Everything an agreement's document rests on, and the figures and names it shows in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from casestore.terms import Terms
from hardship.loans import Loan, Position
from hardship.money import to_major
from hardship.plans.base import Offer

# References of a person's decisions begin so; an offer that a person granted has one among its clauses.
DECISION = "PR-"


@dataclass(frozen=True)
class AgreementDraft:
    """Everything an agreement's document says. Amounts in minor units; `position` is what the offer rests on.

    `replaces` is the reference of the agreement this one takes the place of, from `version` 2 on.
    `accepted_on` is the lender's day of `accepted_at`, for a demo whose calendar is not the real one.
    """

    reference: str
    case_reference: str
    borrower_name: str
    loan_tail: str
    loan: Loan
    position: Position
    offer: Offer
    terms: Terms
    accepted_at: datetime
    version: int = 1
    replaces: str | None = None
    accepted_on: date | None = None

    @property
    def accepted_here(self) -> datetime:
        """When it was accepted, on the lender's clock."""
        return self.accepted_at.astimezone(ZoneInfo(self.terms.timezone))

    @property
    def accepted_day(self) -> date:
        """The lender's day of acceptance."""
        return self.accepted_on or self.accepted_here.date()

    @property
    def cooling_off_until(self) -> date:
        """The last day on which the borrower may withdraw, the lender's calendar."""
        return self.accepted_day + timedelta(days=self.terms.cooling_off_days)

    @property
    def decisions(self) -> tuple[str, ...]:
        """References of the decisions by which a person granted the plan."""
        return tuple(clause for clause in self.offer.clauses if clause.startswith(DECISION))


def values_of(draft: AgreementDraft, language: str, words: Mapping[str, Any]) -> dict[str, str]:
    """What the sentences of a document name, ready to read in `language`; `words` are its phrases."""
    currency = _currency(draft.terms.currency, words)
    return {
        **_parties(draft, language),
        **_amounts(draft, currency["unit"]),
        **_days(draft, language),
        **_rules(draft, words),
        "currency": currency["name"],
        "unit": currency["unit"],
        "kind": words["kinds"].get(draft.offer.kind, draft.offer.kind),
        "count": str(draft.offer.count),
        "later": str(draft.offer.count - 1),
        "annual_rate": _percent(draft.loan.annual_rate),
        "annualised_cost": _percent(draft.offer.annualised_cost),
    }


def figure(minor: int) -> str:
    """Minor units in major ones, with two decimals and commas."""
    return f"{to_major(minor):,}"


def _currency(code: str, words: Mapping[str, Any]) -> Mapping[str, str]:
    unnamed = {"name": code, "unit": code}
    known: Mapping[str, str] = words["currencies"].get(code, unnamed)
    return known


def _parties(draft: AgreementDraft, language: str) -> dict[str, str]:
    return {
        "reference": draft.reference,
        "case_reference": draft.case_reference,
        "lender": draft.terms.lender_name[language],
        "lender_phone": draft.terms.lender_phone,
        "borrower": draft.borrower_name,
        "loan_tail": draft.loan_tail,
        "version": str(draft.version),
        "replaces": draft.replaces or "",
    }


def _amounts(draft: AgreementDraft, unit: str) -> dict[str, str]:
    offer, position = draft.offer, draft.position
    amounts = {
        "instalment": offer.instalment,
        "lump_sum": offer.lump_sum,
        "last_payment": offer.schedule[-1].payment,
        "total_to_pay": offer.total_to_pay,
        "rest": offer.schedule[-1].balance,
        "waived": offer.waived,
        "waivable": position.penalty_interest + position.fees,
        "cost_now": abs(offer.cost_against_now),
        "cost_nothing": abs(offer.cost_against_doing_nothing),
        "owed_doing_nothing": offer.total_to_pay - offer.cost_against_doing_nothing,
    }
    return {name: f"{figure(amount)} {unit}" for name, amount in amounts.items()}


def _days(draft: AgreementDraft, language: str) -> dict[str, str]:
    days = {
        "accepted_day": draft.accepted_day,
        "position_day": draft.position.day,
        "first_due": draft.offer.first_due,
        "last_due": draft.offer.last_due,
        "cooling_off_until": draft.cooling_off_until,
    }
    shown = {name: _day(day, language) for name, day in days.items()}
    return {**shown, "accepted_time": f"{draft.accepted_here:%H:%M}", "timezone": draft.terms.timezone}


def _rules(draft: AgreementDraft, words: Mapping[str, Any]) -> dict[str, str]:
    clauses = [clause for clause in draft.offer.clauses if clause not in draft.decisions]
    waived_clause = draft.offer.waived_clause
    return {
        "policy_version": draft.offer.policy_version,
        "clauses": words["list_separator"].join(clauses),
        "decisions": words["list_separator"].join(draft.decisions),
        "clause": words["clause"].format(waived_clause=waived_clause) if waived_clause else "",
        "cooling_off_days": str(draft.terms.cooling_off_days),
        "complaint_days": str(draft.terms.complaint_days),
        "missed": str(draft.terms.missed_in_a_row_to_break),
    }


def _percent(fraction: Decimal) -> str:
    return f"{(fraction * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def _day(value: date, language: str) -> str:
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


# Not strftime's: its names follow the locale of the machine.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
