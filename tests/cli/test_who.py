"""Every command that changes anything notes in the audit trail who ran it."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import select

from casestore import (
    complaints,
    data_requests,
    decisions,
    disputes,
    handoffs,
    legal_holds,
    plan,
    training_candidates,
)
from casestore.keys import demo_keys
from casestore.models import AuditRow
from casestore.store import CaseStore
from cli.main import app
from hardship.plans.base import Ask
from hardship.policy import Policy
from tests.casestore.agreements import accept, payment_file
from tests.casestore.people import LI, TODAY, WANG, KeepingSender, load, with_offers, write_csv
from tests.cli.running import respite

CHEN = "Chen Jing"

# They show, count or copy, and leave the store as it is.
READS = {"cases", "verify", "backup", "agreements export", "offers", "position", "schedule", "requests"}
READS |= {"complaints", "disputes", "queue", "queue show", "data list", "data show", "holds list"}
# The servers themselves; what is done in them is noted by whom it was done.
SERVES = {"run", "shell"}


@dataclass(frozen=True)
class Office:
    """A store in which something waits for staff."""

    store: CaseStore
    policy: Policy
    folder: Path
    case_id: str

    def payments(self) -> Path:
        return payment_file(self.folder, (WANG["loan_number"], "2026-11-24", "10.00", "TX1"))

    def handoff(self) -> str:
        return handoffs.request(self.store, "a", "asked_for_person", self.policy).reference

    def taken(self) -> str:
        reference = self.handoff()
        assert respite("queue", "take", reference, "--staff", CHEN).exit_code == 0
        return reference

    def request(self) -> str:
        wish = Ask(kind="settlement", lump_sum=1_500_000)
        offer = plan.counter(self.store, self.case_id, wish, self.policy, TODAY).result.offer
        assert offer is not None
        return decisions.ask_person(self.store, self.case_id, offer, wish, self.policy, TODAY).reference

    def complaint(self) -> str:
        return complaints.receive(self.store, "a", "contact", "他们去了单位", self.policy, TODAY).reference

    def dispute(self) -> str:
        return disputes.raise_dispute(self.store, "a", "wrong_amount", self.policy, TODAY).reference

    def candidate(self) -> int:
        training_candidates.keep(self.store, "zh", "我想投诉", ("complain_contact",), None, TODAY)
        return training_candidates.waiting(self.store)[0].number

    def wish(self, kind: data_requests.Kind) -> str:
        return data_requests.ask_person(self.store, "a", kind, "", self.policy, TODAY).reference

    def hold(self) -> str:
        return legal_holds.place(self.store, WANG["loan_number"], "court order", CHEN, TODAY).reference

    def agreed_long_ago(self, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
        accept(self.store, self.case_id, plan.current(self.store, self.case_id).offers[0].offer_id)
        patch.setenv("RESPITE_TODAY", "2027-02-25")
        return ()


@pytest.fixture
def office(store: CaseStore, tmp_path: Path, policy: Policy) -> Iterator[Office]:
    load(store, tmp_path, WANG)
    yield Office(store, policy, tmp_path, with_offers(store, "a", WANG, policy, KeepingSender())[0])


Words = Callable[[Office, pytest.MonkeyPatch], tuple[object, ...]]

CHANGES: dict[str, tuple[Words, str]] = {
    "accounts import": (lambda its, _: (write_csv(its.folder, LI),), "accounts_imported"),
    "payments import": (lambda its, _: (its.payments(),), "payments_imported"),
    "agreements review": (lambda its, patch: its.agreed_long_ago(patch), "agreements_reviewed"),
    "answered": (lambda its, _: (its.complaint(),), "complaint_answered"),
    "decide": (lambda its, _: (its.request(), "--grant"), "request_granted"),
    "learn": (lambda its, _: ("--done", its.candidate()), "training_reviewed"),
    "data corrected": (lambda its, _: (its.wish("correct"),), "data_request_answered"),
    "data erase": (lambda its, _: (its.wish("delete"),), "erasure_decided"),
    "holds place": (
        lambda its, _: ("--loan", WANG["loan_number"], "--reason", "court order"),
        "legal_hold_placed",
    ),
    "holds lift": (lambda its, _: (its.hold(),), "legal_hold_lifted"),
    "queue take": (lambda its, _: (its.handoff(),), "handoff_taken"),
    "queue answer": (lambda its, _: (its.taken(), "您好"), "person_wrote"),
    "queue close": (lambda its, _: (its.taken(),), "handoff_closed"),
}
# Shown where what they need is: another database, old data, several keys, a backup.
ELSEWHERE = {"store migrate", "store grant", "retention run", "keys rotate", "restore"}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_command_changes_is_noted_under_the_name_of_who_ran_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    words, action = CHANGES[name]
    given = words(office, monkeypatch)
    result = respite(*name.split(), *given, "--staff", CHEN)
    assert result.exit_code == 0, result.output
    assert actor_of(office.store, action) == CHEN


def test_a_dispute_is_answered_under_a_name_too(office: Office) -> None:
    assert respite("answered", office.dispute(), "--staff", CHEN).exit_code == 0
    assert actor_of(office.store, "dispute_closed") == CHEN


def test_without_a_name_it_is_the_account_of_the_machine(office: Office) -> None:
    assert respite("accounts", "import", write_csv(office.folder, LI)).exit_code == 0
    assert actor_of(office.store, "accounts_imported") == getpass.getuser()[:40]


def test_a_name_can_be_set_for_all_commands(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPITE_STAFF", "nightly run")
    assert respite("payments", "import", office.payments()).exit_code == 0
    assert actor_of(office.store, "payments_imported") == "nightly run"


def test_migrating_is_noted(url: str) -> None:
    assert respite("store", "migrate", "--staff", CHEN).exit_code == 0
    store = CaseStore.open(url, demo_keys())
    assert actor_of(store, "store_migrated") == CHEN
    assert respite("store", "migrate", "--staff", CHEN).exit_code == 0
    with store.reading() as unit:
        assert len(unit.session.scalars(select(AuditRow)).all()) == 1
    store.close()


def test_restoring_is_noted(office: Office) -> None:
    file = office.folder / "backup"
    assert respite("backup", file).exit_code == 0
    assert respite("restore", file, "--replace", "--staff", CHEN).exit_code == 0
    assert actor_of(office.store, "store_restored") == CHEN


def test_a_new_command_says_whether_it_changes_anything() -> None:
    """And one that does has the option to say who."""
    found = dict(commands(typer.main.get_command(app)))
    assert set(found) == READS | SERVES | set(CHANGES) | ELSEWHERE
    for name in {*CHANGES, *ELSEWHERE}:
        assert "--staff" in [word for option in found[name].params for word in option.opts], name


def commands(command: Any, *before: str) -> Iterator[tuple[str, Any]]:
    """All that can be called, with the words that call it."""
    below = getattr(command, "commands", {})
    if not below or (before and command.invoke_without_command):
        yield " ".join(before), command
    for name, each in below.items():
        yield from commands(each, *before, name)


def actor_of(store: CaseStore, action: str) -> str:
    """Who did this last."""
    with store.reading() as unit:
        query = select(AuditRow.actor).where(AuditRow.action == action).order_by(AuditRow.seq.desc())
        return str(unit.session.scalars(query).first())
