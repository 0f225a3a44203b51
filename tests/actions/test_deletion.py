"""Skill rights: the borrower hears, when they next talk, what became of their wish to delete."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from actions.my_data import ActionRequestMyData
from actions.services import Services
from casestore import data_requests, erasure, legal_holds, sessions
from casestore.models import CaseRow, LoanRow
from tests.actions.conftest import TODAY
from tests.actions.helpers import SESSION, Outcome, Said, entity, run, tracker
from tests.conversations.people import Person


def decide(services: Services) -> erasure.Decision:
    asked = data_requests.ask_person(services.store, SESSION, "delete", "", services.policy, TODAY)
    return erasure.decide(services.store, None, asked.reference, "Chen", services.policy)


def talk(language: str = "zh") -> Outcome:
    said = Said("我的数据", "request_my_data", entities=[entity("data_wish", "delete")])
    return run(ActionRequestMyData(), tracker(said, language=language))


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("贷款还没有结清", "保存到")), ("en", ("the loan is not paid off", "kept until"))],
)
def test_what_stays_is_told_once_with_its_reasons(
    services: Services, verified: Person, language: str, words: tuple[str, str]
) -> None:
    reference = decide(services).reference
    told = talk(language).messages[0]
    assert (told["response"], told["reference"]) == ("utter_data_kept", reference)
    assert all(word in told["reasons"] for word in words)
    assert talk(language).said == ["utter_data_delete"]


def test_under_a_legal_hold_nothing_is_said_to_be_gone(services: Services, verified: Person) -> None:
    legal_holds.place(services.store, verified.loan_numbers[0], "court order", "Chen", TODAY)
    decide(services)
    told = talk().messages[0]
    assert told["response"] == "utter_data_kept_whole" and "court order" not in told["reasons"]


def test_one_who_was_erased_hears_it_in_that_conversation_and_nowhere_else(
    services: Services, verified: Person
) -> None:
    with services.store.unit() as unit:
        values = {"principal": 0, "interest": 0, "penalty_interest": 0, "fees": 0}
        long_ago = TODAY.replace(year=2016)
        unit.session.execute(update(LoanRow).values(**values, as_of=long_ago))
        unit.session.execute(update(CaseRow).values(opened_at=unit.now.replace(year=2016)))
    assert decide(services).outcome == "erased"
    assert data_requests.untold(services.store, "another", None) == ()
    assert talk().said == ["utter_data_erased", "utter_data_verify"]
    assert talk().said == ["utter_data_verify"]
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.borrower_id is None
