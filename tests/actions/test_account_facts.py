"""Skill account: the credit record, consequences, how to pay, and payments that were made already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions import base
from actions.account_facts import ActionAskConsequences, ActionAskCreditRecord, ActionAskHowToPay
from actions.base import RespiteAction
from actions.reported_payments import ActionReportPaid, ValidatePaidForm
from actions.services import Services
from casestore import handoffs, identity, payment_claims, payments, sessions
from hardship.identity import Login
from hardship.policy import load_policy
from hardship.policy_file import DEFAULT_PACK
from tests.actions.conftest import TODAY
from tests.actions.helpers import SESSION, Said, answer, entity, money, run, tracker
from tests.conversations.people import Person

GENERAL = [ActionAskCreditRecord(), ActionAskConsequences(), ActionAskHowToPay()]


def received(services: Services, person: Person, folder: Path, amount: str) -> None:
    """Book a payment of yesterday on the loan."""
    day = TODAY + timedelta(days=1)
    file = folder / "payments.csv"
    file.write_text(f"loan_number,received_on,amount,reference\n{person.loan_numbers[0]},{day},{amount},R1\n")
    report = payments.import_csv(services.store, file, services.policy, day)
    assert report.loaded == 1


def claims(services: Services) -> tuple[payment_claims.PaymentClaim, ...]:
    session = sessions.get(services.store, SESSION)
    assert session is not None
    return payment_claims.open_claims(services.store, str(session.loan_id))


@pytest.mark.parametrize("action", GENERAL)
def test_the_general_part_is_told_to_anybody_without_a_figure(
    services: Services, action: RespiteAction
) -> None:
    outcome = run(action, tracker())
    assert outcome.said[0] == action.response and outcome.said[-1] == "utter_own_figures_later"  # type: ignore[attr-defined]
    assert "¥" not in str(outcome.messages) and outcome.followed_by is None


@pytest.mark.parametrize("action", GENERAL)
def test_once_verified_the_own_figures_follow(
    services: Services, verified: Person, action: RespiteAction
) -> None:
    outcome = run(action, tracker())
    own = outcome.messages[1]
    assert own["response"].endswith("_own_overdue")
    assert own["days_overdue"] == "45" and own["arrears"] == "¥1,931.00"


def test_the_numbers_of_law_come_from_the_pack(services: Services) -> None:
    legal = services.policy.legal
    facts = run(ActionAskCreditRecord(), tracker()).messages[0]["facts"]
    assert str(legal.credit_record_years.value) in facts
    assert legal.credit_objection_days is not None and str(legal.credit_objection_days.value) in facts
    consequences = run(ActionAskConsequences(), tracker()).messages[0]["facts"]
    assert "30%" in consequences and "50%" in consequences


def test_another_jurisdictions_pack_tells_only_what_it_has(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    uk = replace(services, policy=load_policy(DEFAULT_PACK.with_name("uk.yml")))
    monkeypatch.setattr(base, "services", lambda: uk)
    assert "30%" not in run(ActionAskConsequences(), tracker(language="en")).messages[0]["facts"]
    assert "objec" not in run(ActionAskCreditRecord(), tracker(language="en")).messages[0]["facts"]


def test_how_to_pay_names_the_last_payment_that_was_booked(
    services: Services, verified: Person, tmp_path: Path
) -> None:
    received(services, verified, tmp_path, "500.00")
    late = replace(services, today=lambda: TODAY + timedelta(days=2))
    outcome = run_with(late)
    assert outcome.said[-1] == "utter_last_payment" and outcome.messages[-1]["amount"] == "¥500.00"


def run_with(doors: Services):  # noqa: ANN201
    """How to pay, asked through other doors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "services", lambda: doors)
        return run(ActionAskHowToPay(), tracker())


def test_a_payment_is_looked_up_only_for_a_verified_borrower(services: Services) -> None:
    outcome = run(
        ActionReportPaid(), tracker(Said("我还了", "report_paid", entities=[entity("paying", "yes")]))
    )
    assert outcome.followed_by == "consent_form" and outcome.slots["goal"] == "paid"


def test_a_payment_that_is_booked_is_confirmed_and_nothing_is_noted(
    services: Services, verified: Person, tmp_path: Path
) -> None:
    received(services, verified, tmp_path, "500.00")
    outcome = run(ActionReportPaid(), tracker(Said("我还了500", "report_paid", entities=[money(500)])))
    assert outcome.said == ["utter_paid_booked"] and claims(services) == ()


def test_a_payment_that_is_not_booked_is_noted_and_the_rest_is_asked(
    services: Services, verified: Person
) -> None:
    outcome = run(ActionReportPaid(), tracker(Said("我还了800", "report_paid", entities=[money(800)])))
    assert outcome.said == ["utter_paid_thanks"] and outcome.followed_by == "paid_form"
    assert outcome.slots["paid_amount"] == "given" and outcome.slots["paid_on"] is None
    assert claims(services)[0].amount == 80000
    assert [each.reason for each in handoffs.open_handoffs(services.store)] == ["payment_claim"]


def test_the_code_that_was_just_entered_is_no_amount_that_was_paid(
    services: Services, verified: Person
) -> None:
    outcome = run(ActionReportPaid(), tracker(Said("983604", "nlu_fallback", entities=[money(983604)])))
    assert outcome.said[-1] == "utter_paid_thanks" and outcome.followed_by == "paid_form"
    assert claims(services)[0].amount is None


def test_a_payment_reported_in_another_conversation_is_said_to_be_checked_already(
    services: Services, verified: Person
) -> None:
    store, day = services.store, TODAY - timedelta(days=1)
    session = sessions.get(store, SESSION)
    assert session is not None
    sessions.start(store, "elsewhere", "web")
    identity.claim(store, "elsewhere", Login("phone", f"+86{verified.phone}"))
    identity.begin(store, "elsewhere", verified.last_four, services.policy, services.sender, "zh")
    identity.check(store, "elsewhere", services.sender.codes[-1], services.policy)  # type: ignore[attr-defined]
    sessions.remember(store, "elsewhere", loan_id=session.loan_id)
    payment_claims.claim(store, "elsewhere", 80000, day, services.policy, TODAY)
    outcome = run(
        ActionReportPaid(), tracker(Said("我还了", "report_paid", entities=[entity("paying", "yes")]))
    )
    assert outcome.said == ["utter_paid_being_checked"]
    told = outcome.messages[0]
    assert (told["reference"], told["amount"]) == (claims(services)[0].reference, "¥800.00")
    assert outcome.slots["paid_amount"] == outcome.slots["paid_on"] == "given"
    assert len(claims(services)) == len(handoffs.open_handoffs(services.store)) == 1


def test_inside_another_form_the_payment_is_noted_and_the_form_goes_on(
    services: Services, verified: Person
) -> None:
    said = Said("我昨天还了800", "report_paid", entities=[money(800), entity("date", "2026-11-23")])
    outcome = run(ActionReportPaid(), tracker(said, form="hardship_form", asks="housing"))
    assert outcome.said == ["utter_paid_noted"] and outcome.followed_by is None
    assert claims(services)[0].paid_on == date(2026, 11, 23)


def test_amount_and_day_make_one_claim_with_the_time_of_the_answer(
    services: Services, verified: Person
) -> None:
    run(ActionReportPaid(), tracker(Said("还过了", "report_paid", entities=[entity("paying", "yes")])))
    answer(ValidatePaidForm(), Said("800", entities=[money(800)]), "paid_amount")
    said = Said("20号", entities=[entity("date", "2026-12-20", earlier="2026-11-20")])
    outcome = answer(ValidatePaidForm(), said, "paid_on")
    assert outcome.messages[0]["when"] and outcome.slots["goal"] is None
    (claim,) = claims(services)
    assert (claim.amount, claim.paid_on) == (80000, date(2026, 11, 20))


def test_the_day_of_the_payment_is_not_the_day_of_the_message(services: Services, verified: Person) -> None:
    days = [entity("date", "2026-11-10"), entity("date", "2026-11-24"), entity("paying", "yes")]
    run(
        ActionReportPaid(),
        tracker(Said("我10号已经还过钱了,怎么今天还给我发短信", "report_paid", entities=days)),
    )
    assert claims(services)[0].paid_on == date(2026, 11, 10)


def test_a_day_to_pay_everything_off_is_no_day_of_the_payment(services: Services, verified: Person) -> None:
    run(ActionReportPaid(), tracker(Said("还过了", "report_paid", entities=[entity("paying", "yes")])))
    friday = entity("date", "2026-11-27", earlier="2026-11-20")
    said = Said("if I wanted to clear the whole thing on friday", "request_early_payoff", entities=[friday])
    assert answer(ValidatePaidForm(), said, "paid_amount").said == []
    assert claims(services)[0].paid_on is None


def test_a_day_that_can_be_read_two_ways_is_asked_again(services: Services, verified: Person) -> None:
    run(ActionReportPaid(), tracker(Said("还过了", "report_paid", entities=[entity("paying", "yes")])))
    either = entity("date", None, ambiguous=True, candidates=["2026-12-05", "2027-05-12"])
    outcome = answer(ValidatePaidForm(), Said("5/12", entities=[either]), "paid_on")
    assert outcome.said == ["utter_unclear_date"] and outcome.slots["paid_on"] is None


def test_a_payment_made_on_a_day_to_come_is_not_believed(services: Services, verified: Person) -> None:
    run(ActionReportPaid(), tracker(Said("还过了", "report_paid", entities=[entity("paying", "yes")])))
    said = Said("明天", entities=[entity("date", "2026-11-25")])
    outcome = answer(ValidatePaidForm(), said, "paid_on")
    assert outcome.slots["paid_on"] is None and claims(services)[0].paid_on is None


def test_of_two_readings_the_one_that_lies_behind_is_the_day_of_the_payment(
    services: Services, verified: Person
) -> None:
    run(ActionReportPaid(), tracker(Said("还过了", "report_paid", entities=[entity("paying", "yes")])))
    either = entity("date", None, ambiguous=True, candidates=["2026-11-20", "2027-11-20"])
    answer(ValidatePaidForm(), Said("11月20号", entities=[either]), "paid_on")
    assert claims(services)[0].paid_on == date(2026, 11, 20)


def test_what_is_not_remembered_is_left_out(services: Services, verified: Person) -> None:
    run(ActionReportPaid(), tracker(Said("还过了", "report_paid", entities=[entity("paying", "yes")])))
    said = Said("不记得", "dont_know")
    assert answer(ValidatePaidForm(), said, "paid_amount").slots["paid_amount"] == "given"
    assert answer(ValidatePaidForm(), said, "paid_on").said == ["utter_paid_noted"]
    assert claims(services)[0].amount is None


def test_the_amount_after_its_day_is_confirmed(services: Services, verified: Person) -> None:
    run(ActionReportPaid(), tracker(Said("昨天还了", "report_paid", entities=[entity("paying", "yes")])))
    outcome = answer(ValidatePaidForm(), Said("940", entities=[money(940)]), "paid_amount", paid_on="given")
    assert outcome.said == ["utter_paid_noted"] and outcome.slots["goal"] is None


def test_an_unclear_amount_is_asked_again(services: Services, verified: Person) -> None:
    said = Said("一两千", entities=[entity("money", None, ambiguous=True)])
    outcome = answer(ValidatePaidForm(), said, "paid_amount")
    assert outcome.said == ["utter_unclear_amount"] and outcome.slots["paid_amount"] is None


def test_an_amount_is_corrected_while_the_day_is_asked(services: Services, verified: Person) -> None:
    run(ActionReportPaid(), tracker(Said("我还了800", "report_paid", entities=[money(800)])))
    outcome = answer(ValidatePaidForm(), Said("不对，是900", entities=[money(900)]), "paid_on")
    assert outcome.said == ["utter_paid_corrected"] and outcome.slots["paid_on"] is None
    assert [claim.amount for claim in claims(services)] == [90000]


def test_what_was_told_before_the_code_is_not_asked_again(services: Services, verified: Person) -> None:
    told = Said("I paid 500 on monday", "report_paid", entities=[money(500), entity("date", "2026-11-23")])
    outcome = run(ActionReportPaid(), tracker(Said("983604"), before=[told.as_event()]))
    assert outcome.said == ["utter_paid_noted"] and outcome.followed_by is None


def test_the_day_may_be_told_first(services: Services, verified: Person) -> None:
    run(ActionReportPaid(), tracker(Said("还过了", "report_paid", entities=[entity("paying", "yes")])))
    day = Said("上周三吧好像", entities=[entity("date", "2026-11-18")])
    outcome = answer(ValidatePaidForm(), day, "paid_amount")
    assert outcome.said == ["utter_paid_day_noted"] and outcome.slots["paid_on"] == "given"
    assert outcome.slots["paid_amount"] is None


def test_the_way_it_was_paid_is_no_question(services: Services, verified: Person) -> None:
    run(ActionReportPaid(), tracker(Said("还过了", "report_paid", entities=[entity("paying", "yes")])))
    outcome = answer(ValidatePaidForm(), Said("by bank transfer", "ask_how_to_pay"), "paid_amount")
    assert outcome.said == [] and outcome.slots == {"misunderstandings": 0, "paid_amount": None}


def test_the_rent_is_not_what_was_paid(services: Services, verified: Person) -> None:
    run(ActionReportPaid(), tracker(Said("我还了800", "report_paid", entities=[money(800)])))
    rent = Said("房租要一千八", entities=[money(1800), entity("statement_field", "housing")])
    assert answer(ValidatePaidForm(), rent, "paid_on").said != ["utter_paid_corrected"]


def test_another_day_of_the_payment_is_kept_while_the_amount_is_asked(
    services: Services, verified: Person
) -> None:
    paid = [entity("paying", "yes"), entity("date", "2026-11-09")]
    run(ActionReportPaid(), tracker(Said("还过了", "report_paid", entities=paid)))
    named = [
        entity("date", None, ambiguous=True, candidates=["2026-11-12", "2026-12-11"], start=21, end=26),
        entity("date", "2026-12-09", earlier="2026-11-09", start=31, end=38),
        entity("amount_role", "not_so", start=27, end=30),
    ]
    said = Said("ok found it, it says 11/12 not the 9th", entities=named)
    outcome = answer(ValidatePaidForm(), said, "paid_amount", paid_on="given")
    assert outcome.said == ["utter_paid_day_noted"] and claims(services)[0].paid_on == date(2026, 11, 12)


def test_a_day_that_can_be_read_in_two_ways_is_asked_for_and_not_the_denied_one(
    services: Services, verified: Person
) -> None:
    paid = [entity("paying", "yes"), entity("date", "2026-11-09")]
    run(ActionReportPaid(), tracker(Said("还过了", "report_paid", entities=paid)))
    named = [
        entity("date", None, ambiguous=True, candidates=["2026-12-11", "2027-11-12"], start=8, end=13),
        entity("date", "2026-12-09", earlier="2026-11-09", start=18, end=25),
        entity("amount_role", "not_so", start=14, end=17),
    ]
    said = Said("it says 11/12 not the 9th", entities=named)
    outcome = answer(ValidatePaidForm(), said, "paid_amount", paid_on="given")
    assert outcome.said == ["utter_unclear_date"] and outcome.slots["paid_on"] is None
