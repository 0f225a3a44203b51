"""What every kind of plan shares: the request, the ask, the offer, the refusal and the interface."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from hardship.loans import Loan, Position, contract_schedule
from hardship.plans.unpaid import owed_if_unpaid
from hardship.policy import Limits, Policy
from hardship.schedules import Row
from hardship.situations import Situation
from hardship.statements import Statement


@dataclass(frozen=True)
class Ask:
    """What a borrower wishes; None leaves it to us.

    `instalment`, `lump_sum` and `waiver` are minor units. `first_due` means not before that day. `months`
    is what the kind counts: instalments of the arrears, of the whole plan, or months of a holiday.
    `lump_sum` is paid now, the kind settles the rest. `waive` asks for charges to be let off, as much
    as is possible or `waiver`. `later` is an instalment, too: the one after the lower ones of a plan that
    rises, whose `instalment` and `months` are the lower ones.
    """

    kind: str | None = None
    instalment: int | None = None
    first_due: date | None = None
    months: int | None = None
    due_day: int | None = None
    lump_sum: int | None = None
    waive: bool = False
    waiver: int | None = None
    later: int | None = None

    @property
    def most(self) -> int | None:
        """The highest instalment that is wished for, minor units; None where it is left to us."""
        return self.later if self.kind == "step_up" else self.instalment


@dataclass(frozen=True)
class Stop:
    """A wish that policy does not allow: reason code, clause id, figures for the sentence.

    `shown` is false when it only means something to who asked for that very kind.
    """

    reason: str
    clause: str
    values: Mapping[str, int | str]
    shown: bool = True


@dataclass(frozen=True)
class Relief:
    """What goes before the schedule, minor units: `waived` under its clause, and a lump sum as a row.

    `before` is the position without it, `authority` says who may grant it, `stops` which wish for it is
    not met in full.
    """

    before: Position
    waived: int = 0
    waived_clause: str | None = None
    lump: Row | None = None
    authority: str = "bot"
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True)
class PlanRequest:
    """Everything a decision rests on; `position` is what the plan has to settle, after any relief."""

    loan: Loan
    position: Position
    statement: Statement
    situation: Situation
    policy: Policy
    today: date
    ask: Ask = field(default_factory=Ask)
    relief: Relief | None = None

    @cached_property
    def ceiling(self) -> int:
        """The most a month may cost, minor units: the policy's share of the surplus, never rounded up."""
        return self.statement.affordable(self.policy.affordability.surplus_share.value)

    @cached_property
    def target(self) -> int:
        """The most a month may cost by policy and by wish, minor units."""
        wish = self.ask.instalment
        return self.ceiling if wish is None else min(self.ceiling, wish)

    @cached_property
    def contract(self) -> tuple[Row, ...]:
        """The instalments not yet due if the loan goes on as agreed."""
        return contract_schedule(self.loan, self.position)

    @property
    def owed_now(self) -> Position:
        """What is owed before a waiver or a lump sum."""
        return self.relief.before if self.relief else self.position

    @cached_property
    def cost_as_now(self) -> int:
        """What carrying on as agreed would cost, minor units: all arrears at once, then every instalment."""
        rows = contract_schedule(self.loan, self.owed_now) if self.relief else self.contract
        return self.owed_now.arrears + sum(row.payment for row in rows)

    @cached_property
    def owed_if_unpaid(self) -> Callable[[date], int]:
        """From a day to what would be owed then if nothing were paid until then, minor units."""
        return owed_if_unpaid(self.loan, self.owed_now)


@dataclass(frozen=True)
class Offer:
    """A plan the lender would grant, minor units; preview, offer and booked schedule are this one object.

    `authority` is "bot", or "person" for a request that only a person may grant. `instalment` is the
    highest regular one, a lump sum not counted. `cost_against_doing_nothing` compares with what would be
    owed on `last_due` if nothing were paid until then; negative means that the plan is cheaper.
    """

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
    authority: str = "bot"
    cost_against_doing_nothing: int = 0
    waived_clause: str | None = None
    lump_sum: int = 0


@dataclass(frozen=True)
class Refusal:
    """Why a kind is not granted as asked: a reason code, the clause, and figures for the sentence.

    `nearest` is the closest offer of the kind inside policy, when the borrower asked for something.
    `shown` is false for reasons that only make sense to someone who asked for this kind by name.
    """

    kind: str
    reason: str
    clause: str
    values: Mapping[str, int | str]
    nearest: Offer | None = None
    shown: bool = True


class PlanKind(Protocol):
    """One kind of plan: its name and its section of the policy pack, and what it proposes.

    A kind that `combines` settles what a waiver and a lump sum leave; others read those wishes themselves.
    """

    name: str
    limits: type[Limits]
    combines: bool

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
    """The offer `to_json` wrote, in this version or before; ValueError, KeyError or TypeError if not."""
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
