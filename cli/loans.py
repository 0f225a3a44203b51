"""A loan of the case store by its number, with what was paid on it."""

from __future__ import annotations

from typing import Annotated

import typer

from casestore import account, payments
from casestore.errors import NotFound
from casestore.store import CaseStore
from cli.usage import refuse
from hardship.allocation import Payment
from hardship.loans import Loan

AccountOption = Annotated[str, typer.Option("--account", metavar="LOAN", help="A loan in the case store.")]


def loan_named(store: CaseStore, number: str) -> tuple[Loan, tuple[Payment, ...]]:
    """The loan and its payments since the snapshot; an unknown number ends the command."""
    try:
        loan = account.by_number(store, number).loan
    except NotFound:
        refuse("the case store has no loan with this number.")
    return loan, payments.received(store, loan.loan_id, loan.as_of)
