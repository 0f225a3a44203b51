"""Payments inside a transaction: what came in on a loan, and which agreement it counts towards."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select, update

from casestore.models import OfferRow, PaymentRow
from casestore.store import UnitOfWork
from hardship.allocation import Payment


def payments_of(unit: UnitOfWork, loan_id: str, since: date) -> tuple[Payment, ...]:
    """The loan's payments received on or after `since`, amounts in minor units, in the order received."""
    # Without their references, which are encrypted: one that no key opens must not hide what was paid.
    query = select(PaymentRow.received_on, PaymentRow.amount).where(
        PaymentRow.loan_id == loan_id, PaymentRow.received_on >= since
    )
    rows = unit.session.execute(query.order_by(PaymentRow.received_on, PaymentRow.number))
    return tuple(Payment(*row) for row in rows)


def last_number(unit: UnitOfWork, loan_id: str) -> int:
    """The number of the loan's latest payment, 0 without one. Exact while the loan is locked."""
    return int(
        unit.session.scalar(select(func.max(PaymentRow.number)).where(PaymentRow.loan_id == loan_id)) or 0
    )


def paid_on(unit: UnitOfWork, agreement_id: str) -> int:
    """All that was paid on the agreement, minor units."""
    query = select(func.sum(PaymentRow.amount)).where(PaymentRow.agreement_id == agreement_id)
    return int(unit.session.scalar(query) or 0)


def payments_on(unit: UnitOfWork, agreement_id: str) -> tuple[Payment, ...]:
    """What was paid on the agreement, amounts in minor units, in the order received."""
    query = select(PaymentRow.received_on, PaymentRow.amount).where(PaymentRow.agreement_id == agreement_id)
    rows = unit.session.execute(query.order_by(PaymentRow.received_on, PaymentRow.number))
    return tuple(Payment(*row) for row in rows)


def count_towards(
    unit: UnitOfWork, loan_id: str, offer: OfferRow, agreement_id: str, replaced_id: str | None
) -> None:
    """Let the payments that the offer's figures did not know count towards the agreement made of it.

    They counted towards nothing, or towards the agreement it replaces. The loan must be locked.
    """
    free = or_(PaymentRow.agreement_id.is_(None), PaymentRow.agreement_id == replaced_id)
    unknown = PaymentRow.number > offer.payments_seen
    if offer.figures_as_of is not None:
        unknown &= PaymentRow.received_on > offer.figures_as_of
    unit.session.execute(
        update(PaymentRow)
        .where(PaymentRow.loan_id == loan_id, free, unknown)
        .values(agreement_id=agreement_id)
        .execution_options(synchronize_session=False)
    )
