"""The state machine of a case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardship.cases import CaseEvent, CaseState, InvalidTransition, allowed, transition


def after(*events: str, start: CaseState = CaseState.DRAFT) -> CaseState:
    state = start
    for event in events:
        state = transition(state, event)
    return state


def test_a_case_goes_from_offer_over_counter_to_an_agreement_and_its_end() -> None:
    assert after("propose", "counter", "accept", "activate", "complete") is CaseState.COMPLETED


def test_a_case_without_an_affordable_plan_goes_to_a_person_who_can_still_offer() -> None:
    assert after("hand_off", "propose", "accept") is CaseState.ACCEPTED


def test_an_agreement_can_be_withdrawn_from() -> None:
    assert after("propose", "accept", "withdraw") is CaseState.WITHDRAWN


@pytest.mark.parametrize("ending", ["refuse", "withdraw", "expire"])
def test_asking_again_is_never_blocked(ending: str) -> None:
    assert after("propose", ending, "propose") is CaseState.OFFERED


def test_a_broken_plan_can_be_renegotiated() -> None:
    assert (
        after("propose", "accept", "activate", "break", "renegotiate", "propose", "accept")
        is CaseState.ACCEPTED
    )


def test_the_agreement_in_force_can_be_resumed_while_another_is_talked_about() -> None:
    assert after("propose", "accept", "activate", "renegotiate", "counter", "resume") is CaseState.ACTIVE


def test_a_hold_makes_old_offers_stale() -> None:
    assert after("propose", "hold", "release") is CaseState.DRAFT


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (CaseState.DRAFT, "accept"),
        (CaseState.ACCEPTED, "accept"),
        (CaseState.ACTIVE, "counter"),
        (CaseState.COMPLETED, "renegotiate"),
        (CaseState.EXPIRED, "accept"),
        (CaseState.DRAFT, "no_such_event"),
    ],
)
def test_what_cannot_happen_is_named(state: CaseState, event: str) -> None:
    with pytest.raises(InvalidTransition, match=state.value):
        transition(state, event)


def test_every_state_but_the_end_can_be_left() -> None:
    assert [state for state in CaseState if not allowed(state)] == [CaseState.COMPLETED]


@given(st.lists(st.sampled_from(list(CaseEvent)), max_size=30))
def test_an_agreement_is_only_reached_through_acceptance(events: list[CaseEvent]) -> None:
    state, accepted = CaseState.DRAFT, False
    for event in events:
        if event not in allowed(state):
            continue
        state = transition(state, event)
        accepted = accepted or event is CaseEvent.ACCEPT
        if state in (CaseState.ACTIVE, CaseState.COMPLETED, CaseState.BROKEN):
            assert accepted
