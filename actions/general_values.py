"""What a general text may name, whoever reads it: whom to call, and the figures of the rules pack."""

from __future__ import annotations

from decimal import Decimal

from actions.lender import lender_values
from actions.links import notice_link
from actions.turn import Turn


def general_values(turn: Turn) -> dict[str, object]:
    """The values of every placeholder in a general text, by name."""
    policy = turn.services.policy
    order = policy.legal.allocation_order.value
    parts = {
        name: turn.phrase(f"utter_part_{part.value}")
        for name, part in zip(("first", "second", "third"), order, strict=True)
    }
    return {
        **{name: policy.hotline(name) for name in ("anti_fraud", "police", "legal_aid")},
        "notice": notice_link(turn.language),
        "share": turn.share(policy.affordability.surplus_share.value),
        "validity": policy.offers.validity_days.value,
        "cooling_off": policy.offers.cooling_off_days.value,
        "missed": policy.offers.missed_in_a_row_to_break.value,
        "latest_day": policy.offers.latest_due_day.value,
        "penalty": penalty_fact(turn),
        **parts,
        **lender_values(turn),
    }


def penalty_fact(turn: Turn) -> str:
    """What is charged on what is overdue, as the rules pack knows it, in the borrower's language."""
    usual = turn.services.policy.legal.penalty_multiplier
    if usual is None:
        return turn.phrase("utter_fact_penalty_by_contract")
    low, high = (_surcharge(factor) for factor in (usual.value.low, usual.value.high))
    return turn.phrase("utter_fact_penalty", low=low, high=high)


def _surcharge(factor: Decimal) -> str:
    """1.3 times the rate is 30 % on top."""
    return f"{(factor - 1) * 100:.0f}%"
