"""Invented borrowers, and the way from their first word to offers on the table, for tests to start from."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from casestore import account, accounts, hardship, identity, plan, sessions
from casestore.account_files import COLUMNS
from casestore.plan import Proposal
from casestore.store import CaseStore
from hardship.identity import Login
from hardship.policy import Policy

TODAY = date(2026, 11, 24)

WANG = {
    "name": "王秀兰",
    "phone": "13800000101",
    "id_number": "330106198503120001",
    "language": "zh",
    "loan_number": "LN20260001",
    "product": "consumer",
    "method": "annuity",
    "original_principal": "30000.00",
    "annual_rate": "12.00",
    "penalty_multiplier": "1.5",
    "as_of": "2026-11-24",
    "principal": "20784.68",
    "overdue_principal": "2420.75",
    "interest": "403.65",
    "penalty_interest": "23.51",
    "fees": "0.00",
    "overdue_since": "2026-10-20",
    "next_due": "2026-12-20",
    "due_day": "20",
    "instalment": "1412.20",
    "remaining_instalments": "14",
    "handler": "",
}
WANGS_SECOND_LOAN = {**WANG, "loan_number": "LN20260002", "handler": "明湖账款服务公司"}
LI = {
    **WANG,
    "name": "李建国",
    "phone": "13800000102",
    "id_number": "320104198408250006",
    "loan_number": "LN20260003",
}

STATEMENT: Mapping[str, object] = {
    "lasting": False,
    "business": False,
    "monthly_income": 600000,
    "housing": 150000,
    "living_costs": 150000,
    "other_debts": 20000,
}


@dataclass
class KeepingSender:
    """Stands for the lender's gateway: keeps (phone, code, language) instead of delivering."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, phone: str, code: str, language: str) -> None:
        """Keep the code."""
        self.sent.append((phone, code, language))

    @property
    def code(self) -> str:
        """The last code sent."""
        return self.sent[-1][1]


def write_csv(folder: Path, *rows: Mapping[str, str], encoding: str = "utf-8") -> Path:
    """A file of accounts with these rows."""
    path = folder / "accounts.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def load(store: CaseStore, folder: Path, *rows: Mapping[str, str]) -> None:
    """Load these accounts into the store."""
    report = accounts.import_csv(store, write_csv(folder, *rows))
    assert report.rejected == ()


def ask_for_code(
    store: CaseStore, session_id: str, login: Login, last_four: str, policy: Policy, sender: KeepingSender
) -> None:
    """The identity questions up to the code."""
    identity.claim(store, session_id, login)
    identity.begin(store, session_id, last_four, policy, sender, "zh")


def verify(
    store: CaseStore, session_id: str, row: Mapping[str, str], policy: Policy, sender: KeepingSender
) -> str:
    """A session verified as the borrower of `row`; returns the borrower's id."""
    sessions.start(store, session_id, "web")
    ask_for_code(
        store, session_id, Login("phone", f"+86{row['phone']}"), row["id_number"][-4:], policy, sender
    )
    assert identity.check(store, session_id, sender.code, policy) is identity.CodeResult.VERIFIED
    session = sessions.get(store, session_id)
    assert session is not None and session.borrower_id is not None
    return session.borrower_id


def open_case(
    store: CaseStore,
    session_id: str,
    row: Mapping[str, str],
    policy: Policy,
    sender: KeepingSender,
    **answers: object,
) -> str:
    """A verified case with loan and complete statement; returns its id."""
    borrower_id = verify(store, session_id, row, policy, sender)
    views = account.loans_of(store, borrower_id)
    loan = next(view.loan for view in views if row["loan_number"].endswith(view.tail))
    case = hardship.open_case(store, session_id, "job_loss")
    hardship.attach_loan(store, session_id, loan.loan_id)
    for name, value in {**STATEMENT, **answers}.items():
        hardship.record_answer(store, case.case_id, name, value)
    return case.case_id


def with_offers(
    store: CaseStore, session_id: str, row: Mapping[str, str], policy: Policy, sender: KeepingSender
) -> tuple[str, Proposal]:
    """A case with offers on the table: its id and the offers."""
    case_id = open_case(store, session_id, row, policy, sender)
    proposal = plan.propose(store, case_id, policy, TODAY)
    assert len(proposal.offers) > 1
    return case_id, proposal
