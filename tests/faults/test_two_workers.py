"""Two real action servers on one store: a yes that reaches both at the same moment is recorded once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casestore import agreement, audit, migrations
from casestore.keys import demo_keys
from casestore.store import CaseStore
from cli.environment import serving_environment
from cli.processes import free_port
from cli.servers import action_server, serving
from tests.casestore.conftest import BOTH
from tests.casestore.people import TODAY, KeepingSender, with_offers
from tests.conversations import people
from tests.faults.accepting import POLICY, say_yes
from tests.support.postgres import running_postgres

# Borrowers who say yes, one after the other.
ROUNDS = 5
# A double click at each of the two servers.
AT_ONCE = 4


@dataclass(frozen=True)
class Workers:
    """Two servers on one store, and the secret they ask for."""

    store: CaseStore
    addresses: tuple[str, ...]
    token: str

    def hear_at_once(self, session_id: str, offer_id: str) -> list[dict[str, Any]]:
        """The first word that each server answers to the same yes."""
        addresses = [self.addresses[number % len(self.addresses)] for number in range(AT_ONCE)]
        with ThreadPoolExecutor(AT_ONCE) as hands:
            return list(hands.map(lambda address: self._hear(address, session_id, offer_id), addresses))

    def _hear(self, address: str, session_id: str, offer_id: str) -> dict[str, Any]:
        return say_yes(address, self.token, session_id, offer_id)[0]


@pytest.fixture(scope="module", params=BOTH)
def workers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """The two servers, once per kind of database."""
    folder = tmp_path_factory.mktemp("workers")
    if request.param == "sqlite":
        with _serving(f"sqlite:///{folder / 'respite.db'}", folder) as running:
            yield running
        return
    with running_postgres() as server, _serving(server.create("cases"), folder) as running:
        yield running


@contextmanager
def _serving(url: str, folder: Path) -> Iterator[Workers]:
    settings = {"RESPITE_DATABASE_URL": url, "RESPITE_TODAY": TODAY.isoformat()}
    own = {name: value for name, value in os.environ.items() if not name.startswith("RESPITE_")}
    env = serving_environment(demo=True, base={**own, **settings}, root=folder)
    store = CaseStore.open(url, demo_keys())
    migrations.migrate(store)
    plans = [
        action_server({**env, "RESPITE_ACTION_PORT": str(free_port())}, folder / str(number))
        for number in range(2)
    ]
    with serving(*plans):
        addresses = tuple(plan.health.removesuffix("/health") for plan in plans)
        yield Workers(store, addresses, env["RESPITE_ACTION_TOKEN"])
    store.close()


def test_a_double_click_at_two_servers_at_once_is_one_agreement_each_time(
    workers: Workers, tmp_path: Path
) -> None:
    store = workers.store
    for number in range(ROUNDS):
        person = people.invent(store, tmp_path, TODAY)
        known = {
            "phone": person.phone,
            "id_number": person.last_four,
            "loan_number": person.loan_numbers[0],
        }
        _, proposal = with_offers(store, f"session-{number}", known, POLICY, KeepingSender())
        answers = workers.hear_at_once(f"session-{number}", proposal.offers[0].offer_id)
        said = sorted(each["response"] for each in answers)
        assert said == ["utter_agreement_already"] * (AT_ONCE - 1) + ["utter_agreement_made"]
        made = [each for each in agreement.export(store) if each["loan_number"] in person.loan_numbers]
        assert len(made) == 1 and {each["reference"] for each in answers} == {made[0]["reference"]}
    assert audit.verify(store) == [] and agreement.verify(store) == []
