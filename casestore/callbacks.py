"""When a borrower who waits for a person is called back: a slot in the lender's working hours."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from casestore import desk_events, handoffs
from casestore.errors import CaseStoreError
from casestore.handoffs import Handoff
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork
from casestore.working_hours import Slot, slots_after
from hardship.policy import Policy

# As many as a borrower takes in at a glance, beside the button to be answered in the conversation.
OFFERED = 3


class SlotGone(CaseStoreError):
    """The slot is none of those that can be chosen now: it has begun, or never was one."""


def offered(now: datetime, policy: Policy) -> tuple[Slot, ...]:
    """The slots to choose from at `now` (UTC), the earliest first."""
    rules, zone = policy.handoff, policy.lender.timezone.value
    coming = slots_after(now, rules.callback_slot_hours.value, rules.working_hours.value, zone)
    return tuple(islice(coming, OFFERED))


def choose(store: CaseStore, session_id: str, start: datetime, policy: Policy) -> Handoff:
    """The borrower wants to be called in the slot that begins at `start`; the open hand-off, made if needed.

    Raises `SlotGone`, and `NotFound` for an unknown session.
    """
    with store.unit() as unit:
        slot = next((each for each in offered(unit.now, policy) if each.start == start), None)
        if slot is None:
            raise SlotGone("No call can be made at that time.")
        return _keep(unit, session_id, slot, policy)


def answer_here(store: CaseStore, session_id: str, policy: Policy) -> Handoff:
    """The borrower wants the answer in the conversation: no call. Raises `NotFound`, see `choose`."""
    with store.unit() as unit:
        return _keep(unit, session_id, None, policy)


def _keep(unit: UnitOfWork, session_id: str, slot: Slot | None, policy: Policy) -> Handoff:
    """Choosing the same again changes nothing, and the desk hears of it once."""
    session = session_row(unit.session, session_id, lock=True)
    row = handoffs.open_for(unit, session, handoffs.ASKED, policy)
    start, end = (slot.start, slot.end) if slot else (None, None)
    if row.callback_from != start:
        row.callback_from, row.callback_until = start, end
        unit.session.flush()
        unit.audit("callback_chosen", row.reference, start=start.isoformat() if start else None)
        desk_events.add(unit, "callback_chosen", row, _told(slot))
    return handoffs.view(unit, row)


def _told(slot: Slot | None) -> dict[str, str | None]:
    """What the desk hears: from when until when to call (UTC), or that no call is wanted any more."""
    return {
        "callback_from": slot.start.isoformat() if slot else None,
        "callback_until": slot.end.isoformat() if slot else None,
    }
