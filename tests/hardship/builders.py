"""Loans, statements and requests for tests; amounts are minor units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from hardship.loans import Loan, Method, Product, position_on
from hardship.plans import Ask, PlanRequest
from hardship.policy import Policy, load_policy
from hardship.situations import Cause, Situation
from hardship.statements import Statement

TODAY = date(2026, 11, 24)
PACKS = Path(__file__).parents[2] / "policies"
PACK = PACKS / "cn.yml"


@lru_cache(maxsize=4)
def policy(jurisdiction: str = "cn") -> Policy:
    return load_policy(PACKS / f"{jurisdiction}.yml")


def consumer_loan(**changes: Any) -> Loan:
    """42,000 yuan at 9.8 %, two instalments missed, thirty to come."""
    loan = Loan(
        loan_id="LN20260001",
        product=Product.CONSUMER,
        method=Method.ANNUITY,
        annual_rate=Decimal("0.098"),
        penalty_multiplier=Decimal("1.5"),
        as_of=TODAY,
        principal=4_200_000,
        overdue_principal=260_000,
        interest=68_000,
        penalty_interest=4_200,
        fees=0,
        overdue_since=date(2026, 10, 5),
        next_due=date(2026, 12, 5),
        due_day=5,
        instalment=152_000,
        remaining_instalments=30,
        handler=None,
    )
    return replace(loan, **changes)


def free_loan(**changes: Any) -> Loan:
    """A loan without interest and without arrears, to see the shape of a schedule."""
    plain = {
        "annual_rate": Decimal(0),
        "overdue_principal": 0,
        "interest": 0,
        "penalty_interest": 0,
        "overdue_since": None,
    }
    return consumer_loan(**{**plain, **changes})


def business_loan(**changes: Any) -> Loan:
    """A business loan of 300,000 yuan at 6 %, interest first, due in six months, nothing overdue."""
    plain = {
        "product": Product.BUSINESS,
        "method": Method.INTEREST_FIRST,
        "annual_rate": Decimal("0.06"),
        "principal": 30_000_000,
        "instalment": 0,
        "remaining_instalments": 6,
    }
    return free_loan(**{**plain, **changes})


def statement(surplus: int = 200_000) -> Statement:
    """A household with `surplus` fen left a month."""
    return Statement(
        monthly_income=500_000 + surplus, housing=300_000, living_costs=150_000, other_debts=50_000
    )


def situation(lasting: bool = False) -> Situation:
    return Situation(Cause.JOB_LOSS, date(2026, 9, 1), lasting, business=False)


def request(
    loan: Loan | None = None,
    surplus: int = 200_000,
    ask: Ask | None = None,
    lasting: bool = False,
    pack: Policy | None = None,
    today: date = TODAY,
) -> PlanRequest:
    loan = loan or consumer_loan()
    return PlanRequest(
        loan=loan,
        position=position_on(loan, today),
        statement=statement(surplus),
        situation=situation(lasting),
        policy=pack or policy(),
        today=today,
        ask=ask or Ask(),
    )


def pack_with(path: str, value: Any) -> Policy:
    """The Chinese pack with the value of one rule changed, e.g. "plans.payment_holiday.interest"."""
    return changed(policy(), path, value)


def changed(pack: Policy, path: str, value: Any) -> Policy:
    """The pack with the value of one rule changed."""
    return _changed(pack, path.split("."), value)


def _changed(section: Any, path: list[str], value: Any) -> Any:
    name, rest = path[0], path[1:]
    inner = section[name] if isinstance(section, dict) else getattr(section, name)
    new = inner.copy(update={"value": value}) if not rest else _changed(inner, rest, value)
    return {**section, name: new} if isinstance(section, dict) else section.copy(update={name: new})
