"""What every kind of plan shares: the request, the ask, the offer, the refusal and the interface."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from hardship.loans import Loan, Position, contract_schedule
from hardship.money import round_down
from hardship.policy import Limits, Policy
from hardship.schedules import Row
from hardship.situations import Situation
from hardship.statements import Statement


@dataclass(frozen=True)
class Ask:
    """What a borrower wishes; None leaves it to us.

    `instalment` and `lump_sum` are minor units. `first_due` means not before that day. `months` is what
    the kind counts: instalments of the arrears, of the whole plan, or months of a holiday.
    """

    kind: str | None = None
    instalment: int | None = None
    first_due: date | None = None
    months: int | None = None
    due_day: int | None = None
    lump_sum: int | None = None


@dataclass(frozen=True)
class PlanRequest:
    """Everything a decision rests on."""

    loan: Loan
    position: Position
    statement: Statement
    situation: Situation
    policy: Policy
    today: date
    ask: Ask = field(default_factory=Ask)

    @cached_property
    def ceiling(self) -> int:
        """The most a month may cost, minor units: the policy's share of the surplus, never rounded up."""
        share = self.policy.affordability.surplus_share.value
        return round_down(max(self.statement.surplus, 0) * share)

    @cached_property
    def target(self) -> int:
        """The most a month may cost by policy and by wish, minor units."""
        wish = self.ask.instalment
        return self.ceiling if wish is None else min(self.ceiling, wish)

    @cached_property
    def contract(self) -> tuple[Row, ...]:
        """The instalments not yet due if the loan goes on as agreed."""
        return contract_schedule(self.loan, self.position)

    @cached_property
    def cost_as_now(self) -> int:
        """What carrying on as agreed would cost, minor units: all arrears at once, then every instalment."""
        return self.position.arrears + sum(row.payment for row in self.contract)


@dataclass(frozen=True)
class Offer:
    """A plan the lender would grant, minor units; preview, offer and booked schedule are this one object."""

    kind: str
    policy_version: str
    clauses: tuple[str, ...]
    schedule: tuple[Row, ...]
    instalment: int
    first_due: date
    last_due: date
    count: int
    total_to_pay: int
    cost_against_now: int
    annualised_cost: Decimal
    waived: int
    expires_on: date
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """Why a kind is not granted as asked: a reason code, the clause, and figures for the sentence.

    `nearest` is the closest offer of the kind inside policy, when the borrower asked for something.
    """

    kind: str
    reason: str
    clause: str
    values: Mapping[str, int | str]
    nearest: Offer | None = None


class PlanKind(Protocol):
    """One kind of plan: its name and its section of the policy pack, and what it proposes."""

    name: str
    limits: type[Limits]

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """The offer that meets the request's ask, or why not, with the nearest that is possible."""


def to_json(offer: Offer) -> str:
    """Canonical JSON: sorted keys, no blanks, dates ISO, decimals as strings."""
    return json.dumps(
        asdict(offer), default=str, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def content_hash(offer: Offer) -> str:
    """SHA-256 of the canonical JSON, hexadecimal."""
    return hashlib.sha256(to_json(offer).encode("utf-8")).hexdigest()


def from_json(text: str) -> Offer:
    """The offer `to_json` wrote; ValueError, KeyError or TypeError when it did not."""
    data: dict[str, Any] = json.loads(text)
    for name in ("first_due", "last_due", "expires_on"):
        data[name] = date.fromisoformat(data[name])
    data["annualised_cost"] = Decimal(data["annualised_cost"])
    data["clauses"], data["notes"] = tuple(data["clauses"]), tuple(data["notes"])
    data["schedule"] = tuple(_row(row) for row in data["schedule"])
    return Offer(**data)


def _row(data: dict[str, Any]) -> Row:
    return Row(**{**data, "due": date.fromisoformat(data["due"])})


def without_ask(request: PlanRequest) -> PlanRequest:
    """The same request with nothing wished for."""
    return replace(request, ask=Ask())
