"""Skill agreement."""

from __future__ import annotations

import pytest

from actions.agreement import ActionAskAgreementAccepted, ValidateAgreementForm
from actions.agreement_life import ActionAskAgreementStatus
from actions.dialogue import ActionAffirm
from actions.offers import ActionAskOfferDetails
from actions.services import Services
from casestore import agreement, hardship, plan
from tests.actions.conftest import TODAY
from tests.actions.helpers import Outcome, Said, answer, entity, money, run, tracker
from tests.actions.told_beside import said as told


@pytest.fixture
def chosen(services: Services, stated: str) -> str:
    """Id of the offer the borrower has chosen."""
    return plan.propose(services.store, stated, services.policy, TODAY).offers[0].offer_id


def say(said: Said, chosen: str) -> Outcome:
    """Answer the read-back."""
    return answer(ValidateAgreementForm(), said, "agreement_accepted", plan_choice=chosen)


def test_the_plan_is_read_back_with_what_breaks_it(services: Services, chosen: str) -> None:
    message = run(ActionAskAgreementAccepted(), tracker(plan_choice=chosen)).messages[0]
    assert message["response"] == "utter_agreement_read_back" and "2" in message["breaks"]


def test_a_yes_makes_the_agreement(services: Services, chosen: str, stated: str) -> None:
    outcome = say(Said("我接受", "affirm"), chosen)
    made = agreement.for_case(services.store, stated)
    assert made is not None and outcome.messages[0]["reference"] == made.reference
    assert outcome.said == ["utter_agreement_made"] and outcome.slots["agreement_accepted"] == "given"


def test_a_second_yes_finds_the_first_agreement(services: Services, chosen: str) -> None:
    first = say(Said("我接受", "affirm"), chosen)
    second = say(Said("我接受", "affirm"), chosen)
    later = run(ActionAffirm(), tracker(Said("好的", "affirm")))
    assert second.said == later.said == ["utter_agreement_already"]
    references = {outcome.messages[0]["reference"] for outcome in (first, second, later)}
    assert len(references) == 1


def test_a_no_makes_none(services: Services, chosen: str, stated: str) -> None:
    outcome = say(Said("不接受", "deny"), chosen)
    assert outcome.said == ["utter_agreement_declined"] and outcome.slots["agreement_accepted"] == "declined"
    assert agreement.for_case(services.store, stated) is None


def test_an_amount_goes_on_bargaining(services: Services, chosen: str, stated: str) -> None:
    outcome = say(Said("再少点，800", "counter_offer", entities=[money(800)]), chosen)
    assert outcome.slots["agreement_accepted"] == "declined"
    assert agreement.for_case(services.store, stated) is None


def test_an_offer_that_is_not_on_the_table_makes_none(services: Services, chosen: str, stated: str) -> None:
    outcome = say(Said("我接受", "affirm"), "00000000-0000-0000-0000-000000000000")
    assert outcome.said == ["utter_offer_not_acceptable"]
    assert agreement.for_case(services.store, stated) is None


def test_another_option_is_read_back_and_the_one_before_is_not_agreed(
    services: Services, chosen: str, stated: str
) -> None:
    offers = plan.current(services.store, stated).offers
    outcome = say(Said("还是选方案2吧", "accept_offer", entities=[entity("option_number", 2)]), chosen)
    assert outcome.slots["plan_choice"] == offers[1].offer_id
    assert outcome.slots["agreement_accepted"] is None
    assert agreement.for_case(services.store, stated) is None


@pytest.mark.parametrize(
    "words",
    [
        "\u202e\u2028😀",
        "👍",
        "1,1,1,1",
        "k " * 5,
        "的" * 10,
        "我接受" * 100,
        " ",
        "k",
        "\uff2b",
        "y.",
        "我接受ٻ",
        "my numbe8TC豎 is",
        "堤",
    ],
)
def test_what_is_no_plain_yes_makes_no_agreement(
    services: Services, chosen: str, stated: str, words: str
) -> None:
    """Faces, a lone letter, endless repetition may be read as a yes; whoever means it is asked to say it."""
    outcome = say(Said(words, "affirm"), chosen)
    assert outcome.said == ["utter_explain_agreement_accepted"]
    assert outcome.slots["agreement_accepted"] is None
    assert agreement.for_case(services.store, stated) is None


@pytest.mark.parametrize(
    "words", ["ok", "yes", "好", "系。", "好的好的好的", "yes yes", "/affirm", "是的，我接受这个方案，谢谢"]
)
def test_a_yes_may_be_short_or_pressed(services: Services, chosen: str, words: str) -> None:
    assert say(Said(words, "affirm"), chosen).said == ["utter_agreement_made"]


def test_naming_the_option_that_was_read_back_is_a_yes(services: Services, chosen: str, stated: str) -> None:
    say(Said("就选方案1", "accept_offer", entities=[entity("option_number", 1)]), chosen)
    assert agreement.for_case(services.store, stated) is not None


def test_an_option_that_is_not_on_the_table_makes_no_agreement(
    services: Services, chosen: str, stated: str
) -> None:
    outcome = say(Said("方案9", "accept_offer", entities=[entity("option_number", 9)]), chosen)
    assert outcome.said == ["utter_which_plan"] and outcome.slots["agreement_accepted"] == "declined"
    assert agreement.for_case(services.store, stated) is None


def test_the_status_is_told(services: Services, chosen: str, stated: str) -> None:
    assert run(ActionAskAgreementStatus(), tracker()).said[0] == "utter_no_agreement"
    say(Said("我接受", "affirm"), chosen)
    message = run(ActionAskAgreementStatus(), tracker()).messages[0]
    made = agreement.for_case(services.store, stated)
    assert made is not None and message["reference"] == made.reference


def test_giving_in_at_the_read_back_still_takes_a_plain_yes(
    services: Services, chosen: str, stated: str
) -> None:
    outcome = say(Said("不行就不行吧 就它", entities=[entity("settles", "yes")]), chosen)
    assert outcome.said == ["utter_explain_agreement_accepted"]
    assert agreement.for_case(services.store, stated) is None


def test_a_figure_corrected_at_the_read_back_makes_new_offers(
    services: Services, chosen: str, stated: str
) -> None:
    text = "收入说错了 是五千六不是六千五"
    found = [
        {**money(5600), "start": text.index("五"), "end": text.index("五") + 3},
        {**money(6500), "start": text.index("六千五"), "end": len(text)},
        entity("statement_field", "monthly_income", start=0, end=2),
        entity("correction", "yes", start=2, end=5),
        entity("amount_role", "not_so", start=text.index("不是"), end=text.index("不是") + 2),
    ]
    outcome = say(Said(text, "correct_detail", entities=found), chosen)
    assert outcome.said == ["utter_corrected"] and outcome.slots["agreement_accepted"] == "declined"
    assert hardship.answers(services.store, stated)["monthly_income"] == 560000


def test_how_to_pay_the_first_one_takes_no_option(services: Services, chosen: str) -> None:
    other = Said("how do I pay the first one", "ask_how_to_pay", entities=[entity("option_number", 3)])
    assert "plan_choice" not in say(other, chosen).slots


def test_who_looks_at_another_plan_before_accepting_chooses_anew(services: Services, chosen: str) -> None:
    shown = Said("show me the second again", "ask_offer_details", entities=[entity("option_number", 2)])
    at_the_read_back = tracker(shown, form="agreement_form", asks="agreement_accepted", plan_choice=chosen)
    outcome = run(ActionAskOfferDetails(), at_the_read_back)
    assert outcome.said == ["utter_offer_details"]
    assert (
        outcome.left_the_form and outcome.followed_by == "plan_form" and outcome.slots["plan_choice"] is None
    )


def test_who_looks_at_the_plan_that_was_read_back_stays_there(services: Services, chosen: str) -> None:
    shown = Said("show me the first again", "ask_offer_details", entities=[entity("option_number", 1)])
    at_the_read_back = tracker(shown, form="agreement_form", asks="agreement_accepted", plan_choice=chosen)
    assert not run(ActionAskOfferDetails(), at_the_read_back).left_the_form


@pytest.mark.parametrize("intent", ["affirm", "accept_offer", "request_due_date_change"])
def test_a_yes_with_another_day_agrees_to_nothing(
    services: Services, chosen: str, stated: str, intent: str
) -> None:
    outcome = say(told("可以，不过日子要18号", intent), chosen)
    assert outcome.said[0] == "utter_choice_not_so" and outcome.slots["agreement_accepted"] == "declined"
    assert agreement.for_case(services.store, stated) is None


def test_why_no_more_is_waived_leaves_the_read_back_open(
    services: Services, chosen: str, stated: str
) -> None:
    waiver = [entity("plan_kind", "charge_waiver"), entity("offer_wish", "refused")]
    outcome = say(Said("why can't you drop the penalty", "request_charge_waiver", entities=waiver), chosen)
    assert outcome.said[0] == "utter_why_no_more_waived" and outcome.slots["agreement_accepted"] is None
