"""Is this the borrower? Log-in, last four of the ID number, then a code to the phone on file.

An unknown log-in, a wrong detail and a locked person run through exactly the answers of a known person who
mistypes the code. What a session is told therefore depends only on what that session did; whether a code was
sent, and whether the person is locked by wrong codes elsewhere, decides only if the right code is let in.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from enum import Enum

import structlog
from sqlalchemy import exists, func, select, update

from casestore.lookups import LOAN_NUMBER, PHONE
from casestore.models import BorrowerRow, CaseRow, ChallengeRow, IdentityLockRow, LoanRow, SessionRow
from casestore.references import new_id
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork
from casestore.upsert import insert_if_new
from hardship.identity import CodeSender, Login
from hardship.policy import Policy

log = structlog.get_logger(__name__)


class CodeResult(str, Enum):
    """What a session is told after a code."""

    VERIFIED = "verified"
    TRY_AGAIN = "try_again"
    LOCKED = "locked"
    EXPIRED = "expired"


def claim(store: CaseStore, session_id: str, login: Login) -> None:
    """Note, encrypted, who the speaker says to be, so that it need not be remembered anywhere else.

    Raises `NotFound` for an unknown session.
    """
    with store.unit() as unit:
        session_row(unit.session, session_id, lock=True).claimed_login = {
            "kind": login.kind,
            "value": login.value,
        }


def begin(
    store: CaseStore, session_id: str, last_four: str, policy: Policy, sender: CodeSender, language: str
) -> None:
    """Send a code if the claimed log-in and `last_four` belong to one person; the outcome never tells.

    `language` is that of the code's message. Raises `NotFound` for an unknown session.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        login = _claimed(session)
        person = _person(unit, login, last_four)
        message = _challenge(unit, session, _login_hashes(unit, login), person, policy)
    _send(message, sender, language)


def resend(store: CaseStore, session_id: str, policy: Policy, sender: CodeSender, language: str) -> None:
    """Replace the code by a new one for the same person; wrong tries so far still count.

    Within the policy's pause after the last code nothing is sent: nobody's phone can be flooded.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        last = _last_challenge(unit, session_id)
        if last is None or last.closed_at is not None or _too_soon(unit, last, policy):
            return
        person = unit.session.get(BorrowerRow, last.borrower_id) if last.borrower_id else None
        message = _challenge(unit, session, (last.login_hash,), person, policy)
    _send(message, sender, language)


def check(store: CaseStore, session_id: str, code: str, policy: Policy) -> CodeResult:
    """Judge a code; VERIFIED binds the session and its open case to the borrower.

    Raises `NotFound` for an unknown session.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        challenge = _last_challenge(unit, session_id)
        if challenge is None or challenge.closed_at is not None:
            return CodeResult.EXPIRED
        if _is_future(unit, challenge.locked_until):
            return CodeResult.LOCKED
        if challenge.expires_at <= unit.now:
            return CodeResult.EXPIRED
        lock = _lock(unit, challenge.person_hash)
        right = hmac.compare_digest(_code_hash(unit, challenge.challenge_id, code), challenge.code_hash)
        if right and challenge.borrower_id is not None and not _is_future(unit, lock.locked_until):
            return _verified(unit, session, challenge, lock)
        return _failed(unit, challenge, lock, policy)


def _claimed(session: SessionRow) -> Login:
    stored = session.claimed_login or {"kind": "phone", "value": ""}
    return Login(stored["kind"], stored["value"])


def _person(unit: UnitOfWork, login: Login, last_four: str) -> BorrowerRow | None:
    """The one borrower with this log-in whose ID number ends so."""
    matching = select(BorrowerRow)
    if login.kind == "phone":
        matching = matching.where(PHONE.finds(unit.keys, [login.value]))
    else:
        matching = matching.join(LoanRow, LoanRow.borrower_id == BorrowerRow.borrower_id).where(
            LOAN_NUMBER.finds(unit.keys, [login.value])
        )
    # Nobody who is being erased just now: a code needs its person until the unit ends.
    staying = matching.with_for_update(read=True, key_share=True, of=BorrowerRow)
    wanted = last_four.upper().encode()
    found = [
        row
        for row in unit.session.scalars(staying)
        if hmac.compare_digest(row.id_number[-4:].encode(), wanted)
    ]
    return found[0] if len(found) == 1 else None


def _challenge(
    unit: UnitOfWork,
    session: SessionRow,
    login_hashes: tuple[str, ...],
    person: BorrowerRow | None,
    policy: Policy,
) -> tuple[str, str] | None:
    """Record a new challenge; returns (phone, code) to send, or None when nobody is to get one."""
    carried = _carried_over(unit, _last_of_login(unit, session.session_id, login_hashes))
    login_hash = login_hashes[0]
    _close_open(unit, session.session_id)
    person_hash = unit.keys.hash("person", person.borrower_id) if person else login_hash
    lock = _lock(unit, person_hash)
    digits = policy.identity.code_digits.value
    code = f"{secrets.randbelow(10**digits):0{digits}d}"
    challenge_id = new_id()
    unit.session.add(
        ChallengeRow(
            challenge_id=challenge_id,
            session_id=session.session_id,
            login_hash=login_hash,
            person_hash=person_hash,
            borrower_id=person.borrower_id if person else None,
            code_hash=_code_hash(unit, challenge_id, code),
            started_at=unit.now,
            expires_at=unit.now + timedelta(minutes=policy.identity.code_minutes.value),
            **carried,
        )
    )
    unit.audit("identity_check_started", unit.mark(session.session_id))
    locked = carried["locked_until"] is not None or _is_future(unit, lock.locked_until)
    if person is None or locked or _unused_today(unit, person) > policy.identity.unused_codes_a_day.value:
        return None
    return person.phone, code


def _unused_today(unit: UnitOfWork, person: BorrowerRow) -> int:
    """How many codes this person was to get within a day, in whichever conversation, that nobody entered."""
    entered = exists().where(
        SessionRow.session_id == ChallengeRow.session_id,
        SessionRow.borrower_id == ChallengeRow.borrower_id,
        SessionRow.verified_at >= ChallengeRow.started_at,
    )
    query = select(func.count()).select_from(ChallengeRow)
    mine = query.where(ChallengeRow.borrower_id == person.borrower_id, ~entered)
    return int(unit.session.scalar(mine.where(ChallengeRow.started_at > unit.now - timedelta(days=1))) or 0)


def _carried_over(unit: UnitOfWork, before: ChallengeRow | None) -> dict[str, object]:
    """Tries and lock of this session's last attempt at the same log-in: starting again resets nothing."""
    if before is None or (before.locked_until is not None and before.locked_until <= unit.now):
        return {"tries": 0, "locked_until": None}
    return {"tries": before.tries, "locked_until": before.locked_until}


def _verified(
    unit: UnitOfWork, session: SessionRow, challenge: ChallengeRow, lock: IdentityLockRow
) -> CodeResult:
    if session.borrower_id not in (None, challenge.borrower_id):
        session.loan_id = session.case_id = None
    session.borrower_id, session.verified_at = challenge.borrower_id, unit.now
    session.claimed_login = None
    challenge.closed_at, challenge.tries = unit.now, 0
    lock.failures, lock.locked_until = 0, None
    _attach_case(unit, session)
    unit.audit("identity_verified", challenge.borrower_id, session=unit.mark(session.session_id))
    return CodeResult.VERIFIED


def _attach_case(unit: UnitOfWork, session: SessionRow) -> None:
    case = unit.session.get(CaseRow, session.case_id) if session.case_id else None
    if case is None:
        return
    if case.borrower_id is None:
        case.borrower_id, case.updated_at = session.borrower_id, unit.now
    elif case.borrower_id != session.borrower_id:
        session.case_id = None


def _failed(unit: UnitOfWork, challenge: ChallengeRow, lock: IdentityLockRow, policy: Policy) -> CodeResult:
    until = unit.now + timedelta(minutes=policy.identity.lock_minutes.value)
    tries = policy.identity.code_tries.value
    _count_failure(unit, lock, tries, until)
    challenge.tries += 1
    if challenge.tries < tries:
        return CodeResult.TRY_AGAIN
    challenge.locked_until = until
    unit.audit("identity_locked", unit.mark(challenge.session_id))
    return CodeResult.LOCKED


def _count_failure(unit: UnitOfWork, lock: IdentityLockRow, tries: int, until: datetime) -> None:
    if _is_future(unit, lock.locked_until):
        return
    if lock.locked_until is not None:
        lock.failures, lock.locked_until = 0, None
    lock.failures += 1
    if lock.failures >= tries:
        lock.locked_until = until


def _send(message: tuple[str, str] | None, sender: CodeSender, language: str) -> None:
    """After the commit, so that a slow gateway holds no lock; its failure must not show to the speaker."""
    if message is None:
        return
    try:
        sender.send(*message, language)
    except Exception as problem:  # whatever the gateway does, the outcome stays the same
        log.error("code_not_sent", problem=type(problem).__name__)


def _lock(unit: UnitOfWork, person_hash: str) -> IdentityLockRow:
    insert_if_new(unit.session, IdentityLockRow, person_hash=person_hash, failures=0)
    query = (
        select(IdentityLockRow)
        .where(IdentityLockRow.person_hash == person_hash)
        .with_for_update(key_share=True)
    )
    return unit.session.execute(query.execution_options(populate_existing=True)).scalar_one()


def _last_challenge(unit: UnitOfWork, session_id: str) -> ChallengeRow | None:
    query = select(ChallengeRow).where(ChallengeRow.session_id == session_id)
    return unit.session.scalars(query.order_by(ChallengeRow.number.desc()).limit(1)).first()


def _last_of_login(unit: UnitOfWork, session_id: str, login_hashes: tuple[str, ...]) -> ChallengeRow | None:
    query = select(ChallengeRow).where(
        ChallengeRow.session_id == session_id, ChallengeRow.login_hash.in_(login_hashes)
    )
    return unit.session.scalars(query.order_by(ChallengeRow.number.desc()).limit(1)).first()


def _close_open(unit: UnitOfWork, session_id: str) -> None:
    unit.session.execute(
        update(ChallengeRow)
        .where(ChallengeRow.session_id == session_id, ChallengeRow.closed_at.is_(None))
        .values(closed_at=unit.now)
        .execution_options(synchronize_session=False)
    )


def _too_soon(unit: UnitOfWork, last: ChallengeRow, policy: Policy) -> bool:
    pause = timedelta(seconds=policy.identity.resend_after_seconds.value)
    return bool(unit.now < last.started_at + pause)


def _login_hashes(unit: UnitOfWork, login: Login) -> tuple[str, ...]:
    return unit.keys.lookup_hashes("login", f"{login.kind}\0{login.value}")


def _code_hash(unit: UnitOfWork, challenge_id: str, code: str) -> str:
    return unit.keys.hash("code", f"{challenge_id}\0{code}")


def _is_future(unit: UnitOfWork, moment: datetime | None) -> bool:
    return moment is not None and moment > unit.now
