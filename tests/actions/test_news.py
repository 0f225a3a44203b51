"""What happened between two conversations is told once, and not where it would be lost or does not belong."""

from __future__ import annotations

import pytest

from actions.account import ActionAskCharges
from actions.base import RespiteAction
from actions.hardship import ValidateHardshipForm
from actions.services import Services
from casestore import notices
from casestore.models import CaseRow
from tests.actions.helpers import Said, run, tracker


@pytest.fixture
def refused(services: Services, stated: str) -> str:
    """A person has said no to a request of the borrower; its id."""
    values = {"kind": "settlement", "reference": "RR-1", "reason": "too low"}
    with services.store.unit() as unit:
        case = unit.session.get(CaseRow, stated)
        assert case is not None
        notices.add(unit, "request_refused", "request_refused:1", case, values)
        return str(case.borrower_id)


def say(services: Services, action: RespiteAction, said: Said, **conversation: str) -> list[str]:
    return run(action, tracker(said, **conversation)).said


def test_an_answer_of_a_person_is_told_with_the_next_reply(services: Services, refused: str) -> None:
    said = say(services, ActionAskCharges(), Said("罚息怎么算", "ask_charges"))
    assert said[0] == "utter_request_refused" and not notices.untold(services.store, refused)


def test_it_waits_while_the_borrower_is_in_distress(services: Services, refused: str) -> None:
    said = say(services, ActionAskCharges(), Said("睡不着，罚息怎么算", "ask_charges", care="distress"))
    assert "utter_request_refused" not in said and notices.untold(services.store, refused)


def test_a_form_that_leaves_the_message_to_another_answer_does_not_tell_it(
    services: Services, refused: str
) -> None:
    asked = Said("罚息是什么？", "ask_charges")
    said = say(services, ValidateHardshipForm(), asked, form="hardship_form", asks="monthly_income")
    assert not said and notices.untold(services.store, refused)
