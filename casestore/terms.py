"""The lender's terms that an agreement states, as they stood in the policy when the offer was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hardship.policy import Policy

# Where a complaint goes after the lender, in the order the document names them.
COMPLAINT_HOTLINES = ("bank_complaints", "central_bank", "legal_aid")


@dataclass(frozen=True)
class Contact:
    """A number to call, with its name by language."""

    number: str
    name: Mapping[str, str]


@dataclass(frozen=True)
class Terms:
    """Who the lender is, what breaks a plan, how to withdraw and complain. Days are calendar days."""

    lender_name: Mapping[str, str]
    lender_phone: str
    currency: str
    timezone: str
    cooling_off_days: int
    missed_in_a_row_to_break: int
    penalty_stops: bool
    reported_to_credit_record: bool
    complaint_days: int
    hotlines: tuple[Contact, ...]


def terms_of(policy: Policy) -> Terms:
    """The terms in force."""
    rules = policy.offers
    return Terms(
        lender_name=policy.lender.name.value.dict(),
        lender_phone=policy.lender.phone.value,
        currency=policy.lender.currency.value,
        timezone=policy.lender.timezone.value,
        cooling_off_days=rules.cooling_off_days.value,
        missed_in_a_row_to_break=rules.missed_in_a_row_to_break.value,
        penalty_stops=rules.penalty_stops.value,
        reported_to_credit_record=rules.reported_to_credit_record.value,
        complaint_days=policy.legal.complaint_days.value,
        hotlines=tuple(
            Contact(policy.hotline(name), policy.hotlines[name].name.dict())
            for name in COMPLAINT_HOTLINES
            if name in policy.hotlines
        ),
    )


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """The terms as plain data."""
    return asdict(terms)


def terms_from_json(stored: Mapping[str, Any]) -> Terms:
    """The terms that `terms_to_json` wrote."""
    return Terms(**{**stored, "hotlines": tuple(Contact(**each) for each in stored["hotlines"])})
