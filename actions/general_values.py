"""What a general text may name, whoever reads it: whom to call, and the figures of the rules pack."""

from __future__ import annotations

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
        **parts,
        **lender_values(turn),
    }
