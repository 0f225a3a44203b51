"""Who lends: the name and the telephone number that many answers give."""

from __future__ import annotations

from actions.turn import Turn


def lender_values(turn: Turn) -> dict[str, str]:
    """The lender's name and telephone number, from the policy pack."""
    lender = turn.services.policy.lender
    return {"lender": lender_name(turn), "lender_phone": lender.phone.value}


def lender_name(turn: Turn) -> str:
    """What the lender is called in the borrower's language."""
    return str(getattr(turn.services.policy.lender.name.value, turn.language))
