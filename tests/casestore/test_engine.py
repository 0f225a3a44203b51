"""How long a database is waited for."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from casestore.engine import answer_seconds, lock_milliseconds, open_engine
from casestore.errors import BadSetting


@pytest.mark.parametrize("named", ["2.9", "61", "-7", "soon", "nan"])
def test_a_wait_that_is_no_wait_is_refused(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("RESPITE_DATABASE_SECONDS", named)
    with pytest.raises(BadSetting, match="RESPITE_DATABASE_SECONDS"):
        open_engine("postgresql+psycopg2://nobody@127.0.0.1/nothing")


def test_a_lock_is_given_up_before_the_answer_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds in ("", "3", "20"):
        monkeypatch.setenv("RESPITE_DATABASE_SECONDS", seconds)
        assert 0 < lock_milliseconds() < answer_seconds() * 1000


@pytest.mark.postgres
def test_a_database_that_takes_longer_than_the_operator_allows_is_given_up(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = request.getfixturevalue("postgres")
    monkeypatch.setenv("RESPITE_DATABASE_SECONDS", "3")
    engine = open_engine(server.url("postgres"))
    with pytest.raises(OperationalError), engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(30)"))
    engine.dispose()
