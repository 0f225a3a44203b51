"""A conversation whose borrower the lender's own site has identified already."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from casestore.lookups import LOAN_NUMBER, PHONE
from casestore.models import BorrowerRow, LoanRow, SessionRow
from casestore.rows import session_row
from casestore.sessions import Session
from casestore.store import CaseStore, UnitOfWork
from casestore.upsert import insert_if_new
from hardship.identity import Login

SESSION_CHARACTERS = 32
# A first word later than this comes from whoever is there by now: as long as any silence may last
# (session_expiration_time in domain.yml).
FIRST_WORD = timedelta(minutes=60)


def begin(store: CaseStore, token_id: str, login: Login, channel: str) -> str | None:
    """Begin the conversation of a hand-over, verified for the one borrower with `login`; its session id.

    None when `token_id` was used before. Whoever is not known, or shares the log-in with another, gets a
    conversation that looks the same and asks who they are. The id is a keyed hash of `token_id`, so the
    conversation itself is the memory of its use.
    """
    session_id = store.keys.hash("handover", token_id)[:SESSION_CHARACTERS]
    with store.unit() as unit:
        values = {"session_id": session_id, "channel": channel, "started_at": unit.now}
        if not insert_if_new(unit.session, SessionRow, **values):
            return None
        borrower_id = _borrower(unit, login)
        if borrower_id is not None:
            row = session_row(unit.session, session_id, lock=True)
            row.borrower_id, row.verified_at = borrower_id, unit.now
            unit.audit("identity_handed_over", borrower_id, session=unit.mark(session_id))
    return session_id


def is_stale(store: CaseStore, session: Session) -> bool:
    """Whether a conversation that was verified before its first word has waited for it too long."""
    return session.verified_at is not None and store.clock() > session.verified_at + FIRST_WORD


def _borrower(unit: UnitOfWork, login: Login) -> str | None:
    matching = select(BorrowerRow.borrower_id)
    if login.kind == "phone":
        matching = matching.where(PHONE.finds(unit.keys, [login.value]))
    else:
        matching = matching.join(LoanRow, LoanRow.borrower_id == BorrowerRow.borrower_id).where(
            LOAN_NUMBER.finds(unit.keys, [login.value])
        )
    found = set(unit.session.scalars(matching))
    return found.pop() if len(found) == 1 else None
