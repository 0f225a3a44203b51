"""A real store in a temporary file, the real policy, and a code sender that keeps what it sends."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from actions import base
from actions.services import Services
from casestore import account, consents, hardship, identity, migrations, plan, sessions
from casestore.keys import keys_from_environment
from casestore.plan import Proposal
from casestore.store import CaseStore
from hardship.identity import Login
from hardship.policy import load_policy
from hardship.policy_file import DEFAULT_PACK
from tests.actions.helpers import SESSION
from tests.conversations import people
from tests.conversations.people import Person

DEMO_KEYS = keys_from_environment({"RESPITE_DEMO": "1"})
POLICY = load_policy(DEFAULT_PACK)
TODAY = date(2026, 11, 24)


@dataclass
class KeepingSender:
    """Stands for the gateway: keeps the codes instead of delivering them."""

    codes: list[str] = field(default_factory=list)

    def send(self, phone: str, code: str, language: str) -> None:
        """Keep the code."""
        self.codes.append(code)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, made once and copied for each test."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    store = CaseStore.open(f"sqlite:///{path}", DEMO_KEYS)
    migrations.migrate(store)
    store.close()
    return path


@pytest.fixture
def services(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The services that actions use in this test."""
    monkeypatch.setenv("RESPITE_DEMO", "1")
    shutil.copy(empty_database, tmp_path / "respite.db")
    store = CaseStore.open(f"sqlite:///{tmp_path / 'respite.db'}", DEMO_KEYS)
    doors = Services(store, POLICY, KeepingSender(), lambda: TODAY)
    monkeypatch.setattr(base, "services", lambda: doors)
    sessions.start(store, SESSION, "web")
    yield doors
    store.close()


@pytest.fixture
def person(services: Services, tmp_path: Path) -> Person:
    """A borrower with one loan, 45 days overdue."""
    return people.invent(services.store, tmp_path, TODAY)


@pytest.fixture
def consented(services: Services) -> None:
    """The conversation has agreed to the privacy notice."""
    version = services.policy.privacy.notice_version.value
    consents.record(services.store, SESSION, "privacy", version, True)


@pytest.fixture
def verified(services: Services, person: Person, consented: None) -> Person:
    """The borrower of this conversation is verified, and their loan chosen."""
    store, policy, sender = services.store, services.policy, services.sender
    identity.claim(store, SESSION, Login("phone", f"+86{person.phone}"))
    identity.begin(store, SESSION, person.last_four, policy, sender, "zh")
    identity.check(store, SESSION, sender.codes[-1], policy)
    session = sessions.get(store, SESSION)
    assert session is not None and session.borrower_id is not None
    loan = account.loans_of(store, session.borrower_id)[0].loan
    hardship.open_case(store, SESSION, None)
    hardship.attach_loan(store, SESSION, loan.loan_id)
    return person


@pytest.fixture
def stated(services: Services, verified: Person) -> str:
    """The case holds a full statement: 3,500 yuan a month are left."""
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.case_id is not None
    answers = {
        "cause": "job_loss",
        "since": "2026-08-24",
        "lasting": False,
        "business": False,
        "monthly_income": 650000,
        "housing": 150000,
        "living_costs": 150000,
        "other_debts": 0,
    }
    for name, value in answers.items():
        hardship.record_answer(services.store, session.case_id, name, value)
    return session.case_id


@pytest.fixture
def offered(services: Services, stated: str) -> Proposal:
    """Offers are on the table."""
    return plan.propose(services.store, stated, services.policy, TODAY)
