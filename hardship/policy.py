"""A lender's and a jurisdiction's rules as one typed, frozen pack; loading lives in policy_file.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError, root_validator, validator
from pydantic.error_wrappers import ErrorWrapper

from hardship.calendar import MONTHS_PER_YEAR, add_months
from hardship.money import exact, round_down
from hardship.policy_file import PolicyError, load_policy, load_policy_in_force
from hardship.policy_rules import (
    AllocationPart,
    Bounds,
    ByProduct,
    Count,
    Currency,
    FeeShare,
    Names,
    Positive,
    Range,
    Region,
    Rule,
    Section,
    Share,
    Text,
    Window,
    WorkingHours,
    Zone,
)
from hardship.statements import FIELDS

__all__ = ["ByProduct", "Limits", "Policy", "PolicyError", "Rule", "load_policy", "load_policy_in_force"]

L = TypeVar("L", bound="Limits")


class Limits(Section):
    """What the pack says of one kind of plan; each kind's module has its own subclass.

    A kind with a section that is not `offered` is known and checked, but nobody gets it.
    """

    offered: Rule[bool]


class Lender(Section):
    """Who the lender is and where it answers."""

    name: Rule[Names]
    phone: Rule[Text]
    currency: Rule[Currency]
    timezone: Rule[Zone]
    phone_region: Rule[Region]


class Affordability(Section):
    """What of a borrower's surplus a plan may use."""

    surplus_share: Rule[Share]


class StatementRules(Section):
    """Monthly figures outside of which one kind question is asked."""

    plausible: dict[str, Rule[Bounds]]

    @validator("plausible")
    def _every_field(cls, value: dict[str, Rule[Bounds]]) -> dict[str, Rule[Bounds]]:
        missing = set(FIELDS) ^ set(value)
        if missing:
            named = ", ".join(sorted(missing))
            raise ValueError(f"must have exactly the fields of a statement; check {named}")
        return value


class OfferRules(Section):
    """What holds for offers of every kind."""

    validity_days: Rule[Positive]
    min_notice_days: Rule[Count]
    max_start_delay_days: Rule[Count]
    latest_due_day: Rule[Positive]
    penalty_stops: Rule[bool]
    schedule_closes: Rule[bool]
    lump_sum_by_bot: Rule[bool]
    shown_at_most: Rule[Positive]
    kinds_listed_only: Rule[bool]
    reported_to_credit_record: Rule[bool]
    extension_before_due_only: Rule[bool]
    cooling_off_days: Rule[Count]
    missed_in_a_row_to_break: Rule[Positive]


class EarlyRepaymentRules(Section):
    """What paying before it is due costs: a share of the principal paid early, and what the law allows of it.

    A jurisdiction without a bound leaves it out; the second holds in the last year before the loan ends.
    """

    fee_share: Rule[FeeShare]
    fee_share_max: Rule[Share] | None = None
    fee_share_max_last_year: Rule[Share] | None = None

    @root_validator(skip_on_failure=True)
    def _within_the_law(cls, values: dict[str, Any]) -> dict[str, Any]:
        bound = values["fee_share_max"]
        if bound is not None and values["fee_share"].value > bound.value:
            raise ValueError("fee_share is above fee_share_max")
        return values

    def fee(self, principal: int, day: date, last_due: date) -> int:
        """The fee, minor units, on `principal` minor units paid early on `day` of a loan until `last_due`.

        Rounded down: what the law bounds is never passed.
        """
        share: Decimal = self.fee_share.value
        if self.fee_share_max_last_year and last_due <= add_months(day, MONTHS_PER_YEAR):
            share = min(share, self.fee_share_max_last_year.value)
        with exact():
            return round_down(principal * share)


class NegotiationRules(Section):
    """How often the two sides go back and forth before a person takes over."""

    rounds: Rule[Positive]


class IdentityRules(Section):
    """The one-time code and the lock."""

    code_digits: Rule[Positive]
    code_minutes: Rule[Positive]
    code_tries: Rule[Positive]
    lock_minutes: Rule[Positive]
    resend_after_seconds: Rule[Count]
    unused_codes_a_day: Rule[Positive]


class HandoffRules(Section):
    """When a person answers."""

    working_hours: Rule[WorkingHours]
    answer_working_hours: Rule[Positive]
    top_priority_minutes: Rule[Positive]
    # How long the window is in which a borrower who asks for it is called back.
    callback_slot_hours: Rule[Positive]

    @root_validator(skip_on_failure=True)
    def _slot_fits_into_a_day(cls, values: dict[str, Any]) -> dict[str, Any]:
        window = values["working_hours"].value
        minutes = (window.end.hour - window.start.hour) * 60 + window.end.minute - window.start.minute
        if not window.weekdays or values["callback_slot_hours"].value * 60 > minutes:
            raise ValueError("callback_slot_hours is longer than a working day")
        return values


class ErasureRules(Section):
    """On which grounds data stays though the borrower asks to delete it."""

    legal_hold: Rule[Literal[True]]
    open_matter: Rule[bool]
    running_loan: Rule[bool]


class PrivacyRules(Section):
    """Which notice holds, and how long data stays."""

    notice_version: Rule[Text]
    retention_years: Rule[Positive]
    copy_link_days: Rule[Positive]
    flow_days: Rule[Positive]
    code_days: Rule[Positive]
    wording_days: Rule[Positive]
    address_days: Rule[Positive]
    message_years: Rule[Positive]
    unidentified_days: Rule[Positive]
    erasure: ErasureRules
    separate_consent_health: Rule[bool]
    separate_consent_financial: Rule[bool]
    automated_decision_review: Rule[bool]


class ContactRules(Section):
    """When and how often Respite may write first."""

    quiet_hours: Rule[Window]
    messages_per_day: Rule[Count]
    calls_per_day: Rule[Count]
    unanswered_attempts_per_day: Rule[Count]
    third_parties: Rule[bool]


class LegalRules(Section):
    """Numbers of law that are told, checked or both; what only some jurisdictions have may be left out."""

    allocation_order: Rule[tuple[AllocationPart, ...]]
    limitation_years: Rule[Positive]
    # Whether asking for the money starts the years anew; a payment or an acknowledgment always does.
    limitation_restarts_on_demand: Rule[bool]
    credit_record_years: Rule[Positive]
    complaint_days: Rule[Positive]
    card_plan_max_months: Rule[Positive] | None = None
    consumer_term_max_months: Rule[Positive] | None = None
    penalty_multiplier: Rule[Range] | None = None
    credit_objection_days: Rule[Positive] | None = None
    complaint_days_complex: Rule[Positive] | None = None
    complaint_days_extended: Rule[Positive] | None = None
    credit_repair_window_open: Rule[bool] | None = None
    private_rate_lpr_multiple: Rule[Positive] | None = None
    micro_all_in_rate_max: Rule[Share] | None = None
    adviser_pause_days: Rule[Positive] | None = None
    breathing_space_days: Rule[Positive] | None = None

    @validator("allocation_order")
    def _every_part(cls, rule: Rule[tuple[AllocationPart, ...]]) -> Rule[tuple[AllocationPart, ...]]:
        if sorted(rule.value) != sorted(AllocationPart):
            raise ValueError("must name fees, interest and principal once each")
        return rule


class Hotline(Section):
    """A number people can call."""

    number: Rule[Text]
    name: Names


class Policy(Section):
    """A whole pack. Every decision names its version and the clause ids that decided it."""

    version: Text
    jurisdiction: Text
    lender: Lender
    affordability: Affordability
    statement: StatementRules
    offers: OfferRules
    early_repayment: EarlyRepaymentRules
    negotiation: NegotiationRules
    identity: IdentityRules
    handoff: HandoffRules
    privacy: PrivacyRules
    contact: ContactRules
    legal: LegalRules
    plans: dict[str, Limits]
    hotlines: dict[str, Hotline]

    @validator("plans", pre=True)
    def _typed_limits(cls, value: Any) -> Any:
        """Each kind's section is read by that kind's own model."""
        if not isinstance(value, dict):
            return value
        return {name: _limits(str(name), section) for name, section in value.items()}

    def limits(self, kind: str, model: type[L]) -> L:
        """The section of one plan kind as that kind's own model; KeyError when the kind is not in force."""
        section = self.plans[kind]
        if not isinstance(section, model):
            raise TypeError(f"the section of {kind} is not a {model.__name__}")
        return section

    def hotline(self, name: str) -> str:
        """The number of a hotline by its name in the pack; KeyError when unknown."""
        return self.hotlines[name].number.value

    def clause(self, clause_id: str) -> Rule[Any]:
        """The rule with this id; KeyError when the pack has none."""
        for rule in self.rules():
            if rule.id == clause_id:
                return rule
        raise KeyError(clause_id)

    def rules(self) -> Iterator[Rule[Any]]:
        """Every rule of the pack in the order it is written."""
        return _rules_in(self)


def _limits(name: str, section: object) -> Limits:
    # The kinds know the policy, so the policy can only ask for them when it is being read.
    from hardship.plans.registry import UnknownKind, plan_kind

    try:
        return plan_kind(name).limits.parse_obj(section)
    except (UnknownKind, ValidationError) as problem:
        raise ValidationError([ErrorWrapper(problem, loc=name)], Policy) from None


def _rules_in(value: object) -> Iterator[Rule[Any]]:
    if isinstance(value, Rule):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _rules_in(item)
    elif isinstance(value, BaseModel):
        for name in value.__fields__:
            yield from _rules_in(getattr(value, name))
