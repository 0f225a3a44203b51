"""The states of a case and what moves it from one to another."""

from __future__ import annotations

from enum import Enum


class CaseState(str, Enum):
    """Where a case stands (plans.md, Kinds of plan)."""

    DRAFT = "draft"
    OFFERED = "offered"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    COMPLETED = "completed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ON_HOLD = "on_hold"
    HANDED_OFF = "handed_off"
    BROKEN = "broken"
    RENEGOTIATING = "renegotiating"


class CaseEvent(str, Enum):
    """What can happen to a case."""

    PROPOSE = "propose"
    COUNTER = "counter"
    ACCEPT = "accept"
    ACTIVATE = "activate"
    COMPLETE = "complete"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    HOLD = "hold"
    RELEASE = "release"
    RESUME = "resume"
    HAND_OFF = "hand_off"
    BREAK = "break"
    RENEGOTIATE = "renegotiate"


class InvalidTransition(ValueError):
    """The event cannot happen to a case in this state."""


_S, _E = CaseState, CaseEvent

# Asking again is never blocked: a refused, withdrawn, expired or broken case can be reopened.
_TALKING = {
    _E.PROPOSE: _S.OFFERED,
    _E.REFUSE: _S.REFUSED,
    _E.WITHDRAW: _S.WITHDRAWN,
    _E.HOLD: _S.ON_HOLD,
    _E.HAND_OFF: _S.HANDED_OFF,
}
_WITH_OFFERS = {**_TALKING, _E.COUNTER: _S.COUNTERED, _E.ACCEPT: _S.ACCEPTED, _E.EXPIRE: _S.EXPIRED}
_REOPENED = {_E.PROPOSE: _S.OFFERED, _E.HAND_OFF: _S.HANDED_OFF}
# Within the cooling-off time an agreement that is already being paid can still be withdrawn from.
_IN_FORCE = {_E.WITHDRAW: _S.WITHDRAWN, _E.BREAK: _S.BROKEN, _E.RENEGOTIATE: _S.RENEGOTIATING}

_TRANSITIONS: dict[CaseState, dict[CaseEvent, CaseState]] = {
    _S.DRAFT: _TALKING,
    _S.OFFERED: _WITH_OFFERS,
    _S.COUNTERED: _WITH_OFFERS,
    _S.ACCEPTED: {_E.ACTIVATE: _S.ACTIVE, _E.HAND_OFF: _S.HANDED_OFF, **_IN_FORCE},
    _S.ACTIVE: {_E.COMPLETE: _S.COMPLETED, **_IN_FORCE},
    # An offer made before a hold is stale after it, so release starts afresh.
    _S.ON_HOLD: {_E.RELEASE: _S.DRAFT, _E.WITHDRAW: _S.WITHDRAWN, _E.HAND_OFF: _S.HANDED_OFF},
    # The person closes the talk: on with the questions, unless offers are on the table.
    _S.HANDED_OFF: {
        **_TALKING,
        _E.HAND_OFF: _S.HANDED_OFF,
        _E.ACCEPT: _S.ACCEPTED,
        _E.RELEASE: _S.DRAFT,
    },
    _S.BROKEN: {_E.RENEGOTIATE: _S.RENEGOTIATING, **_REOPENED},
    # The agreement in force stays until another is accepted, so new offers do not leave this state.
    _S.RENEGOTIATING: {
        _E.PROPOSE: _S.RENEGOTIATING,
        _E.COUNTER: _S.RENEGOTIATING,
        _E.ACCEPT: _S.ACCEPTED,
        _E.RESUME: _S.ACTIVE,
        _E.COMPLETE: _S.COMPLETED,
        _E.WITHDRAW: _S.WITHDRAWN,
        _E.BREAK: _S.BROKEN,
    },
    _S.REFUSED: _REOPENED,
    _S.WITHDRAWN: _REOPENED,
    _S.EXPIRED: _REOPENED,
    _S.COMPLETED: {},
}


def allowed(state: CaseState) -> frozenset[CaseEvent]:
    """The events that can happen to a case in `state`."""
    return frozenset(_TRANSITIONS[state])


def transition(state: CaseState, event: CaseEvent | str) -> CaseState:
    """The state after `event`; InvalidTransition when it cannot happen in `state`."""
    try:
        return _TRANSITIONS[state][CaseEvent(event)]
    except (KeyError, ValueError):
        raise InvalidTransition(f"{event!s} cannot happen to a case that is {state.value}") from None
