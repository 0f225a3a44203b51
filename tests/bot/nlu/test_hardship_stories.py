"""Reason and wish in one message: the reason is heard when there is no doubt that somebody can't pay."""

from __future__ import annotations

import pytest

from bot.nlu.hardship_stories import Ranking, settled

SURE = 0.65
WISH = ("request_payment_holiday", 0.45)


def test_a_reason_and_a_wish_that_are_sure_together_are_the_reason() -> None:
    told = [WISH, ("hardship_illness", 0.4), ("report_hardship", 0.1), ("greet", 0.05)]
    assert settled(told, SURE) == [("hardship_illness", pytest.approx(0.95)), WISH, *told[2:]]


@pytest.mark.parametrize(
    "told",
    [
        [("request_payment_holiday", 0.7), ("hardship_illness", 0.3)],
        [("hardship_illness", 0.4), ("complain_contact", 0.3), ("request_plan", 0.3)],
        [("request_plan", 0.6), ("report_hardship", 0.3), ("hardship_illness", 0.1)],
        [WISH, ("hardship_illness", 0.3), ("hardship_job_loss", 0.25)],
        [WISH, ("hardship_illness", 0.4), ("express_self_harm", 0.1)],
        [(None, 0.0)],
        [],
    ],
    ids=["a sure wish", "a complaint", "hardly a reason", "two reasons", "danger", "blanks", "nothing"],
)
def test_all_else_stays_as_it_was_ranked(told: Ranking) -> None:
    assert settled(told, SURE) is told
