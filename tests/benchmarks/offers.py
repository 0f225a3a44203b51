"""How long eligibility takes: all offers for one borrower, and for ten thousand invented ones on one core."""

from __future__ import annotations

import random
import time
from datetime import date
from decimal import Decimal
from statistics import median

from cli.environment import ROOT
from hardship.calendar import add_months
from hardship.eligibility import assess
from hardship.loans import Loan, Method, Product, position_on
from hardship.plans.base import PlanRequest
from hardship.policy import load_policy
from hardship.schedules import Terms, build
from hardship.situations import Cause, Situation
from hardship.statements import Statement

TODAY = date(2026, 11, 24)
SEED = 20261124
BORROWERS = 10_000
POLICY = load_policy(ROOT / "policies" / "cn.yml")


def seconds_for_many() -> list[float]:
    """Seconds to work out the offers of each of ten thousand borrowers."""
    chance = random.Random(SEED)
    return [_seconds(_borrower(chance)) for _ in range(BORROWERS)]


def median_milliseconds(seconds: list[float]) -> float:
    """The median in milliseconds."""
    return median(seconds) * 1000


def _seconds(request: PlanRequest) -> float:
    started = time.perf_counter()
    assess(request)
    return time.perf_counter() - started


def _borrower(chance: random.Random) -> PlanRequest:
    """A borrower one to six months behind on a loan of 1,000 to 500,000 yuan."""
    loan = _loan(chance)
    return PlanRequest(
        loan=loan,
        position=position_on(loan, TODAY),
        statement=_statement(chance),
        situation=Situation(chance.choice(list(Cause)), None, chance.random() < 0.3, chance.random() < 0.3),
        policy=POLICY,
        today=TODAY,
    )


def _loan(chance: random.Random) -> Loan:
    count, missed = chance.randint(3, 60), chance.randint(1, 6)
    due_day, rate = chance.randint(1, 28), Decimal(chance.randint(300, 2400)) / 10_000
    principal = chance.randint(1_000, 500_000) * 100
    next_due = add_months(TODAY.replace(day=due_day), int(due_day < TODAY.day))
    rows = build(Terms(principal, rate, count + missed, Method.ANNUITY, next_due))
    overdue = sum(row.principal for row in rows[:missed])
    since = add_months(next_due, -missed, due_day)
    return Loan(
        loan_id="LN20260001",
        product=chance.choice(list(Product)),
        method=Method.ANNUITY,
        annual_rate=rate,
        penalty_multiplier=Decimal("1.5"),
        as_of=TODAY,
        principal=principal,
        overdue_principal=overdue,
        interest=sum(row.interest for row in rows[:missed]),
        penalty_interest=overdue // 200,
        fees=chance.choice((0, 0, 2_000, 10_000)),
        overdue_since=since,
        next_due=next_due,
        due_day=due_day,
        instalment=rows[0].payment,
        remaining_instalments=count,
        handler=None,
    )


def _statement(chance: random.Random) -> Statement:
    income = chance.randint(2_000, 20_000) * 100
    essentials = int(income * chance.randint(40, 95)) // 100
    housing = essentials // 2
    return Statement(income, housing, essentials - housing, chance.choice((0, 30_000, 90_000)))
