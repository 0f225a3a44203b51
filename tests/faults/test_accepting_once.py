"""A yes counts once and completely, whenever the process that hears it, or the database, is killed.

A SQLite store has no server that could be killed: its database runs in the process that hears the yes.
Killing that process before, in and after the transaction is all that can befall it, and is done at every
step; on PostgreSQL the process and the database are killed each by itself.

`RESPITE_EVERY_STEP=1` kills the database too at every step, which takes minutes: `python -m tests.faults`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, literal, select, union_all

from casestore import agreement, agreement_life, audit, decisions, hardship, migrations, plan
from casestore.documents import AgreementDraft
from casestore.keys import demo_keys
from casestore.models import metadata
from casestore.store import CaseStore
from hardship.cases import CaseState
from hardship.plans.base import Ask
from tests.actions.helpers import SESSION
from tests.casestore.conftest import BOTH, SetClock
from tests.casestore.people import TODAY, WANG, KeepingSender, load, with_offers
from tests.faults.accepting import POLICY, Heard, Orders, Workers, Yes
from tests.support.postgres import PostgresServer, running_postgres

# In all situations together, on each database.
ROUNDS = 100
# Where another decides what is recorded every fourth step is enough, unless somebody has the time for all.
BESIDE = 1 if os.environ.get("RESPITE_EVERY_STEP") == "1" else 4
SETTLEMENT = Ask(kind="settlement", lump_sum=1_500_000)

# How many rows each table has.
Counts = dict[str, int]


def first_plan(store: CaseStore) -> tuple[str, str]:
    """Offers on the table, and a wish that a person is asked for: a yes takes it back and tells the desk."""
    case_id, proposal = with_offers(store, SESSION, WANG, POLICY, KeepingSender())
    asked = plan.counter(store, case_id, SETTLEMENT, POLICY, TODAY).result
    assert asked.offer is not None
    decisions.ask_person(store, case_id, asked.offer, SETTLEMENT, POLICY, TODAY)
    return case_id, proposal.offers[0].offer_id


def another_plan(store: CaseStore) -> tuple[str, str]:
    """An agreement in force, and offers that would replace it."""
    case_id, proposal = with_offers(store, SESSION, WANG, POLICY, KeepingSender())
    agreement.accept(store, case_id, proposal.offers[0].offer_id, "the first", "zh", _page)
    agreement_life.renegotiate(store, SESSION, str(hardship.case(store, case_id).loan_id))
    return case_id, plan.propose(store, case_id, POLICY, TODAY).offers[1].offer_id


SITUATIONS = [first_plan, another_plan]


@dataclass(frozen=True)
class Offered:
    """A store in which an offer was read back. `fresh` makes a copy of it and returns its URL."""

    case_id: str
    offer_id: str
    before: Counts
    fresh: Callable[[], str]

    def yes(self, url: str, **orders: Any) -> Yes:
        """A yes to the offer, heard by a server on the copy at `url` with these `Orders`."""
        return Yes(Orders(url, **orders), self.offer_id)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Action servers for the tests of this module."""
    with Workers() as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL of these tests' own, because they kill it."""
    with running_postgres() as running:
        yield running


@pytest.fixture(scope="module", params=SITUATIONS, ids=lambda situation: situation.__name__)
def situation(request: pytest.FixtureRequest) -> Callable[[CaseStore], tuple[str, str]]:
    """What has happened before the yes."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module", params=BOTH)
def offered(
    request: pytest.FixtureRequest,
    situation: Callable[[CaseStore], tuple[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Offered:
    """The offer, once per kind of database."""
    folder = tmp_path_factory.mktemp("offered")
    if request.param == "sqlite":
        return _prepared(f"sqlite:///{folder / 'offered.db'}", situation, folder, lambda: _copied(folder))
    server: PostgresServer = request.getfixturevalue("server")
    return _on_postgres(server, situation, folder)


def _on_postgres(
    server: PostgresServer, situation: Callable[[CaseStore], tuple[str, str]], folder: Path
) -> Offered:
    name = situation.__name__

    def fresh() -> str:
        server.drop("round")
        return server.create("round", template=name)

    server.drop(name)
    return _prepared(server.create(name), situation, folder, fresh)


def _prepared(
    url: str,
    situation: Callable[[CaseStore], tuple[str, str]],
    folder: Path,
    fresh: Callable[[], str],
) -> Offered:
    with _opened(url) as store:
        migrations.migrate(store)
        load(store, folder, WANG)
        case_id, offer_id = situation(store)
        return Offered(case_id, offer_id, _counts(store), fresh)


def _copied(folder: Path) -> str:
    for left in folder.glob("round.db*"):
        left.unlink()
    shutil.copy(folder / "offered.db", folder / "round.db")
    return f"sqlite:///{folder / 'round.db'}"


def test_a_worker_killed_at_any_step_leaves_one_agreement_or_none(workers: Workers, offered: Offered) -> None:
    undisturbed, complete = _undisturbed(workers, offered)
    steps = len(undisturbed.steps)
    assert (steps + steps // BESIDE) * len(SITUATIONS) >= ROUNDS
    assert _wrote_before_the_end(undisturbed.steps)
    outcomes = []
    for step in range(1, steps + 1):
        url = offered.fresh()
        (killed,) = workers.say(offered.yes(url, killed_at=step))
        assert killed.answer is None, f"nothing was killed at step {step}"
        after = _counts_at(url)
        assert after in (offered.before, complete), f"half an agreement after step {step}"
        # The borrower says it again, and presses twice: two workers hear it at once.
        again = workers.say(offered.yes(url), offered.yes(url))
        made = [heard for heard in again if heard.said[0] == "utter_agreement_made"]
        assert len(made) == (after == offered.before), f"a wrong answer after step {step}"
        _require_one_agreement(url, offered, complete, *again)
        outcomes.append(after == complete)
    assert outcomes == sorted(outcomes) and {*outcomes} == {False, True}, "recorded at one step, all at once"
    _tell("the action server", outcomes)


def test_a_worker_killed_beside_another_that_hears_the_same_yes_disturbs_nothing(
    workers: Workers, offered: Offered
) -> None:
    undisturbed, complete = _undisturbed(workers, offered)
    for step in range(1, len(undisturbed.steps) + 1, BESIDE):
        url = offered.fresh()
        _, lived = workers.say(offered.yes(url, killed_at=step), offered.yes(url))
        _require_one_agreement(url, offered, complete, lived, *workers.say(offered.yes(url)))


@pytest.mark.postgres
def test_a_database_killed_at_any_step_leaves_one_agreement_or_none(
    workers: Workers, server: PostgresServer, tmp_path: Path
) -> None:
    offered = _on_postgres(server, first_plan, tmp_path)
    undisturbed, complete = _undisturbed(workers, offered)
    outcomes = []
    for step in range(2, len(undisturbed.steps), BESIDE):
        url, helpers = offered.fresh(), server.helpers()
        (heard,) = workers.say(offered.yes(url, killed_at=step, kills="database"))
        server.wait(crashed=helpers)
        after = _counts_at(url)
        assert after in (offered.before, complete), f"half an agreement after step {step}"
        # Whatever comes after the commit, the reference is told.
        assert (heard.reference is not None) == (after == complete), f"a wrong answer after step {step}"
        _require_one_agreement(url, offered, complete, *workers.say(offered.yes(url)))
        outcomes.append(after == complete)
    _tell("the database", outcomes)


@pytest.mark.postgres
def test_the_whole_database_server_killed_and_started_again_leaves_one_agreement_or_none(
    workers: Workers, server: PostgresServer, tmp_path: Path
) -> None:
    offered = _on_postgres(server, first_plan, tmp_path)
    undisturbed, complete = _undisturbed(workers, offered)
    outcomes, steps = [], len(undisturbed.steps)
    some = (2, steps // 2, steps - 1, steps)
    for step in range(2, steps + 1) if BESIDE == 1 else some:
        url = offered.fresh()
        (heard,) = workers.say(offered.yes(url, killed_at=step, kills="server", data=server.data))
        server.start()
        server.wait()
        after = _counts_at(url)
        assert after in (offered.before, complete), f"half an agreement after step {step}"
        assert heard.reference is None or after == complete, f"a wrong answer after step {step}"
        _require_one_agreement(url, offered, complete, *workers.say(offered.yes(url)))
        outcomes.append(after == complete)
    assert {*outcomes} == {False, True}
    _tell("the whole database server", outcomes)


def _undisturbed(workers: Workers, offered: Offered) -> tuple[Heard, Counts]:
    """What is heard and recorded when nothing fails."""
    url = offered.fresh()
    (heard,) = workers.say(offered.yes(url))
    assert heard.said[0] == "utter_agreement_made"
    complete = _counts_at(url)
    assert complete != offered.before
    return heard, complete


def _require_one_agreement(url: str, offered: Offered, complete: Counts, *answers: Heard) -> None:
    """All rows are there, nothing twice, all of it checks, and each answer names the one in force."""
    with _opened(url) as store:
        assert _counts(store) == complete
        assert audit.verify(store) == [] and agreement.verify(store) == []
        assert hardship.case(store, offered.case_id).state is CaseState.ACCEPTED
        made = agreement.for_case(store, offered.case_id, TODAY)
    assert made is not None
    for heard in answers:
        assert heard.said[0] in ("utter_agreement_made", "utter_agreement_already")
        assert heard.reference == made.reference


def _wrote_before_the_end(steps: tuple[str, ...]) -> bool:
    """Whether among the steps are some in the transaction: after it wrote, and before its commit."""
    wrote = next(number for number, name in enumerate(steps) if name == "INSERT INTO agreements")
    return "commit" in steps[wrote + 2 :]


def _tell(what: str, outcomes: list[bool]) -> None:
    """Shown by `python -m tests.faults`."""
    made = sum(outcomes)
    print(f"{what} killed {len(outcomes)} times: {made} agreements made by then, {len(outcomes) - made} not")


def _counts_at(url: str) -> Counts:
    with _opened(url) as store:
        return _counts(store)


def _counts(store: CaseStore) -> Counts:
    """The rows of every table; a table that is forgotten here can't be forgotten by an agreement."""
    counts = [
        select(literal(table.name), func.count()).select_from(table) for table in metadata.sorted_tables
    ]
    with store.reading() as unit:
        return dict(unit.session.execute(union_all(*counts)).all())


@contextmanager
def _opened(url: str) -> Iterator[CaseStore]:
    """The store at `url`, of a lender whose desk is connected."""
    store = CaseStore.open(url, demo_keys(), SetClock())
    try:
        yield replace(store, desk=True)
    finally:
        store.close()


def _page(draft: AgreementDraft) -> str:
    return f"<p>{draft.reference}</p>"
