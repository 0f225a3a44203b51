"""Steps in the life of an agreement that several tests take: agreeing, paying, time going by."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from casestore import agreement, hardship, payments, plan
from casestore.agreement import Accepted, AgreementView
from casestore.documents import AgreementDraft
from casestore.payments import COLUMNS, PaymentReport
from casestore.store import CaseStore
from hardship.money import to_major
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.people import TODAY, WANG, KeepingSender, with_offers


def page(draft: AgreementDraft) -> str:
    """A page that names its agreement; what real pages look like is tested with them."""
    return f"<p>{draft.reference} {draft.offer.total_to_pay}</p>"


def accept(store: CaseStore, case_id: str, offer_id: str) -> Accepted:
    """Accept with a key of the offer's own."""
    return agreement.accept(store, case_id, offer_id, f"key {offer_id}", "zh", page)


def payment_file(folder: Path, *rows: tuple[str, str, str, str], encoding: str = "utf-8") -> Path:
    """A file of payments with these rows: loan number, day, amount, reference."""
    path = folder / "payments.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerows([COLUMNS, *rows])
    return path


@dataclass
class Life:
    """One borrower's loan with its agreement, and the day it is."""

    store: CaseStore
    clock: SetClock
    policy: Policy
    sender: KeepingSender
    folder: Path
    case_id: str = ""
    today: date = TODAY
    references: list[str] = field(default_factory=list)

    def agree(self, session_id: str = "a", option: int = 1) -> AgreementView:
        """A new case for Wang's loan, and its offer of that number accepted."""
        self.case_id, _ = with_offers(self.store, session_id, WANG, self.policy, self.sender)
        return self.accept(option)

    def accept(self, option: int = 1) -> AgreementView:
        """The offer of that number, accepted."""
        chosen = plan.current(self.store, self.case_id).offers[option - 1]
        accept(self.store, self.case_id, chosen.offer_id)
        return self.view

    @property
    def loan_id(self) -> str:
        """Wang's loan."""
        return str(hardship.case(self.store, self.case_id).loan_id)

    @property
    def state(self) -> hardship.CaseState:
        """Where the case stands."""
        return hardship.case(self.store, self.case_id).state

    @property
    def view(self) -> AgreementView:
        """The agreement in force."""
        found = agreement.for_case(self.store, self.case_id, self.today)
        assert found is not None
        return found

    @property
    def last(self) -> AgreementView:
        """The latest version, in force or ended."""
        return agreement.history(self.store, self.case_id, self.today)[-1]

    def pay(self, amount: int, on: date | None = None) -> PaymentReport:
        """The lender's file with one more payment, in minor units, is loaded."""
        self.references.append(f"TX{len(self.references) + 1:04}")
        row = (
            WANG["loan_number"],
            (on or self.today).isoformat(),
            str(to_major(amount)),
            self.references[-1],
        )
        report = payments.import_csv(self.store, payment_file(self.folder, row), self.policy, self.today)
        assert report.rejected == ()
        return report

    def go_to(self, day: date) -> None:
        """Let time go by until that day."""
        self.clock.forward(days=(day - self.today).days)
        self.today = day
