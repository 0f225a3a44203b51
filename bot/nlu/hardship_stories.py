"""Decides what a message means that tells the reason and the wish in one breath.

"My leg is broken, I have no income, could I skip two months": no meaning alone is sure enough to act on,
though there is no doubt that somebody can't pay and why. All these meanings lead into the same questions,
and the first of them is for the reason; the wish is kept beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

# A meaning and its probability, the likeliest first; None stands for a message of blanks.
Ranking = Sequence[tuple[str | None, float]]

_REASON = "hardship_"
_STORY = frozenset(
    {
        "request_payment_holiday",
        "request_interest_only",
        "request_lower_instalments",
        "request_plan",
        "request_due_date_change",
        "request_charge_waiver",
        "counter_offer",
        "promise_to_pay",
        "report_hardship",
        "report_missed_instalment",
    }
)

# Of the messages of dev, held-out and unseen that were too unclear to act on, those from here on were all but
# one of somebody who can't pay (docs/nlu.md, "Reason and wish in one message").
_TOGETHER = 0.75
# A reason is told when it is a sixth of the matter at least, and no other comes near.
_LEAST = 0.15
_APART = 2.0
# What may be danger is for the care detector to weigh, beside the probabilities as they are.
_CARE = frozenset({"express_self_harm", "report_abuse", "express_distress"})
_NO_CARE = 0.1


def settled(ranked: Ranking, sure: float) -> Ranking:
    """Return `ranked` with the reason first where nothing is `sure`, but reason and wish together are.

    The reason then has the probability of them all.
    """
    if not ranked or ranked[0][1] >= sure:
        return ranked
    reasons = [(name, chance) for name, chance in ranked if name and name.startswith(_REASON)]
    others = [(name, chance) for name, chance in ranked if name in _STORY]
    together = sum(chance for _, chance in [*reasons, *others])
    cares = any(name in _CARE and chance >= _NO_CARE for name, chance in ranked)
    if cares or together < _TOGETHER or not _tells_one_reason([chance for _, chance in reasons]):
        return ranked
    return [(reasons[0][0], together), *(each for each in ranked if each[0] != reasons[0][0])]


def _tells_one_reason(chances: Sequence[float]) -> bool:
    first, second = [*chances, 0.0, 0.0][:2]
    return first >= _LEAST and first >= _APART * second
