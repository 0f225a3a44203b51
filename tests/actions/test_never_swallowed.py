"""A small question is never swallowed: whichever question is open, something is said of each."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest

import actions
from actions.complaints import ActionComplainContact, ActionComplainDisclosure
from actions.disputes import ActionDisputeDebt
from actions.forms import FormValidator
from actions.fraud import ActionReportFraud
from actions.reported_payments import ActionReportPaid
from actions.services import Services
from bot.nlu.small_questions import EXAMPLES
from casestore.plan import Proposal
from tests.actions.helpers import Said, entity, run, tracker

TOPICS = sorted(path.stem for path in EXAMPLES.glob("*.yml"))
# Those people ask most; all the others are tried at the first question of each form.
OFTEN = ("secrecy", "seen_by", "genuine")
# Where anything may be the answer, in the borrower's own words, and a named employer is one.
OWN_WORDS = frozenset({"complaint_who", "complaint_words", "disclosure_party"})


def _validators() -> Iterator[type[FormValidator]]:
    for module in pkgutil.iter_modules(actions.__path__):
        import_module(f"actions.{module.name}")
    found = list(FormValidator.__subclasses__())
    while found:
        each = found.pop()
        found += each.__subclasses__()
        if isinstance(each.__dict__.get("form"), str):
            yield each


def _questions() -> Iterator[tuple[type[FormValidator], str, tuple[str, ...]]]:
    """Each question of each form with the topics that are tried at it; nothing is left to resume here."""
    for validator in _validators():
        slots = [name.removeprefix("answer_") for name in dir(validator) if name.startswith("answer_")]
        for place, slot in enumerate(slots if validator.form != "resume_form" else []):
            yield validator, slot, OFTEN if place else tuple(TOPICS)


@pytest.fixture(autouse=True)
def told(services: Services, offered: Proposal) -> None:
    """Somebody who is verified, has told everything, sees offers, and has complained of all there is."""
    for action, intent in (
        (ActionComplainDisclosure(), "complain_disclosure"),
        (ActionComplainContact(), "complain_contact"),
        (ActionDisputeDebt(), "dispute_debt"),
        (ActionReportFraud(), "report_fraud"),
        (ActionReportPaid(), "report_paid"),
    ):
        run(action, tracker(Said("说了一件事", intent, entities=[entity("told_party", "family")])))


@pytest.mark.parametrize(
    ("validator", "question", "topics"),
    _questions(),
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_something_is_said_of_each_small_question_at_each_open_question(
    validator: type[FormValidator], question: str, topics: tuple[str, ...]
) -> None:
    swallowed = []
    for topic in topics:
        asked = [entity("question", "asked"), entity("told_party", "employer"), entity("asked_about", topic)]
        read = {"small_question": {"topic": topic, "score": 3.0}}
        said = Said("这些会告诉我单位吗", entities=asked, read=read)
        outcome = run(validator(), tracker(said, form=str(validator.form), asks=question))
        is_told = question in OWN_WORDS and outcome.slots.get(question) is not None
        if not (outcome.said or is_told) or "utter_technical_problem" in outcome.said:
            swallowed.append((topic, outcome.said, outcome.slots))
    assert not swallowed
