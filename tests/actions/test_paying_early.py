"""Asked of paying early: the fee, a part on top, the next instalment before its day, and a part of one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from actions import base
from actions.account import ActionAskCharges
from actions.agreement_life import (
    ActionReportMissedInstalment,
    ActionRequestEarlyPayoff,
    ValidateChangeForm,
)
from actions.dialogue import ActionMisunderstood
from actions.hardship import ValidateHardshipForm
from actions.offers import ActionRequestPlan
from actions.payoff import TELLS_PAYOFF
from actions.plan_form import ValidatePlanForm
from actions.reported_payments import ActionReportPaid
from actions.services import Services
from casestore import account, agreement_life, payment_claims, plan, sessions
from casestore.agreement import AgreementView
from casestore.plan import Proposal
from hardship.part_payment import pay_part
from hardship.payoff import loan_payoff
from hardship.policy import Policy
from tests.actions.conftest import TODAY
from tests.actions.helpers import SESSION, Outcome, Said, answer, run, tracker
from tests.actions.test_agreement_life import agreed  # noqa: F401
from tests.actions.told_beside import said
from tests.conversations.people import Person

JUST_PAYOFF = [{"event": "action", "name": next(iter(TELLS_PAYOFF))}]


def heard(message: Said, before: list[Said] | None = None, payoff_told: bool = False) -> Outcome:
    """What is answered outside any form, whatever the message was taken for."""
    events = [each.as_event() for each in before or []] + (JUST_PAYOFF if payoff_told else [])
    return run(ActionMisunderstood(), tracker(message, before=events))


def charging(services: Services, share: str) -> Policy:
    """The rules of a lender that asks for a fee."""
    policy = services.policy
    rules = policy.early_repayment
    dearer = rules.copy(update={"fee_share": rules.fee_share.copy(update={"value": Decimal(share)})})
    return policy.copy(update={"early_repayment": dearer})


@pytest.fixture
def charged(services: Services, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """The lender asks 1 % for paying early."""
    policy = charging(services, "0.01")
    monkeypatch.setattr(base, "services", lambda: replace(services, policy=policy))
    return policy


# Whether there is a fee


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("提前還的話要不要收手續費或者違約金", "ask_charges"),
        ("部分提前還款也要收費嗎？", "request_early_payoff"),
        ("提前结清有没有罚金", "nlu_fallback"),
        ("一次性还清要付违约金吗", "request_charge_waiver"),
        ("多还的这部分收不收费", "nlu_fallback"),
        ("Will there be any charge if I pay it early?", "repeat_message"),
        ("is there a penalty for settling early", "ask_charges"),
        ("do you charge fees on overpayments", "ask_charges"),
    ],
)
def test_hears_that_paying_early_costs_no_fee_and_what_all_of_it_takes(
    services: Services, verified: Person, text: str, intent: str
) -> None:
    outcome = heard(said(text, intent))
    assert outcome.said == ["utter_early_fee_none", "utter_early_fee_own_none"]
    loan = account.loans_of(services.store, str(sessions.get(services.store, SESSION).borrower_id))[0].loan  # type: ignore[union-attr]
    assert f"{loan_payoff(loan, TODAY).total / 100:,.2f}" in outcome.messages[1]["total"]


@pytest.mark.parametrize("text", ["Is there a fee for that", "那要收手续费吗"])
def test_asks_for_the_fee_just_after_the_payoff(services: Services, verified: Person, text: str) -> None:
    outcome = heard(said(text, "ask_charges"), payoff_told=True)
    assert outcome.said[0] == "utter_early_fee_none"


def test_hears_the_fee_of_a_lender_that_asks_for_one(charged: Policy, verified: Person) -> None:
    outcome = heard(said("提前还清要收违约金吗", "ask_charges"))
    assert outcome.said == ["utter_early_fee", "utter_early_fee_own"]
    assert "1.00" in outcome.messages[0]["fee_share"]


def test_sees_the_fee_on_a_line_of_its_own_where_there_is_one(charged: Policy, verified: Person) -> None:
    outcome = run(ActionRequestEarlyPayoff(), tracker(Said("我要提前还清", "request_early_payoff")))
    assert "97.76" in outcome.messages[0]["fee"]  # 1 % of 9,776.00 that is not due


def test_sees_no_such_line_where_there_is_none(services: Services, verified: Person) -> None:
    outcome = run(ActionRequestEarlyPayoff(), tracker(Said("我要提前还清", "request_early_payoff")))
    assert outcome.messages[0]["fee"] == ""


def test_who_is_not_verified_hears_what_the_pack_says(services: Services) -> None:
    outcome = heard(said("提前还有没有违约金", "ask_charges"))
    assert outcome.said == ["utter_early_fee_none", "utter_own_figures_later"]


@pytest.mark.parametrize(
    ("text", "intent"), [("罚息和手续费是什么", "ask_charges"), ("what are these fees", "ask_charges")]
)
def test_asks_of_the_charges_and_of_no_early_payment(
    services: Services, verified: Person, text: str, intent: str
) -> None:
    outcome = run(ActionAskCharges(), tracker(said(text, intent)))
    assert outcome.said == ["utter_charges"]


# A part, on a loan without an agreement


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("那如果我不全部還，先提前還一萬呢？", "request_early_payoff"),
        ("我想先还本金10000", "request_interest_only"),
        ("能多还10000吗", "counter_offer"),
        ("what if I pay 10000 on top", "counter_offer"),
        ("can I make a part payment of 10000", "ask_how_to_pay"),
        ("if I pay 10000 extra will my instalments go down", "request_lower_instalments"),
    ],
)
def test_hears_what_a_part_does_to_the_loan(
    services: Services, verified: Person, text: str, intent: str
) -> None:
    outcome = heard(said(text, intent))
    assert outcome.said == ["utter_part_on_top"]
    view = account.loan(services.store, str(sessions.get(services.store, SESSION).loan_id))  # type: ignore[union-attr]
    order = services.policy.legal.allocation_order.value
    part = pay_part(view.loan, 1_000_000, TODAY, (), order)
    assert (
        part.after is not None and f"{part.after.next_instalment / 100:,.2f}" in outcome.messages[0]["lines"]
    )
    assert f"{part.early_principal / 100:,.2f}" in outcome.messages[0]["lines"]


def test_hears_what_stays_overdue_where_it_is_less(services: Services, verified: Person) -> None:
    outcome = heard(said("先还一部分500行不行", "counter_offer"))
    assert outcome.said == ["utter_part_short"] and "1,431.00" in outcome.messages[0]["left"]


def test_hears_that_it_is_enough_for_everything(services: Services, verified: Person) -> None:
    assert heard(said("what if I pay 20000 on top", "counter_offer")).said == ["utter_payoff_enough"]


def test_hears_the_fee_on_top_of_a_part(charged: Policy, verified: Person) -> None:
    lines = heard(said("what if I pay 5000 on top", "counter_offer")).messages[0]["lines"]
    assert "手续费" in lines


def test_money_in_a_question_is_no_promise_and_no_payment(services: Services, verified: Person) -> None:
    before = heard(said("what if I pay 5000 on top", "report_paid"))
    assert before.said == ["utter_part_on_top"] and before.slots.get("wanted_kind") is None
    assert payment_claims.told_in(services.store, SESSION) == ()


@pytest.mark.parametrize(
    "text",
    [
        "部分还款之后是减少月供还是缩短年限？",
        "只還一部分的話，後面是每個月少還一點，還是期數變少？",
        "does an overpayment shorten the loan or lower the payments?",
    ],
)
def test_asks_what_comes_of_a_part_without_naming_one(
    services: Services, verified: Person, text: str
) -> None:
    assert heard(said(text, "request_lower_instalments")).said == ["utter_about_pay_more"]


def test_asks_what_comes_of_it_just_after_a_part(services: Services, verified: Person) -> None:
    message = said(
        "Will the monthly payment come down or the months will reduce?", "request_lower_instalments"
    )
    outcome = heard(message, before=[said("what if I pay part now", "request_early_payoff")])
    assert outcome.said == ["utter_about_pay_more"]


def test_asks_whether_what_is_overdue_comes_first(services: Services, verified: Person) -> None:
    message = said("現在有一期已經逾期了，是不是要先把逾期的補上才能提前還")
    assert heard(message).said == ["utter_arrears_first"]


def test_asks_what_a_sum_goes_to(services: Services, verified: Person) -> None:
    outcome = heard(said("这五百是先抵本金还是先抵罚息", "ask_charges"))
    assert outcome.said == ["utter_part_order", "utter_part_short"]


def test_bargains_for_the_rest_in_instalments_all_the_same(services: Services, offered: Proposal) -> None:
    message = said("先还1000，剩下的分期", "counter_offer")
    answer(ValidatePlanForm(), message, "plan_choice")
    ask = plan.last_ask(services.store, str(sessions.get(services.store, SESSION).case_id))  # type: ignore[union-attr]
    assert ask is not None and ask.lump_sum == 100_000


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("多出来的那六十块是什么钱？", "ask_charges"),
        ("are you adding interest on top of the interest?", "ask_charges"),
        ("can I pay part of it in one go and have the account closed?", "request_settlement"),
        ("pay interest first, principal later, can?", "request_interest_only"),
        ("我每个月最多还得起900，行不行", "counter_offer"),
        ("不好意思，多打了个零，应该是500，对吧", "correct_detail"),
    ],
)
def test_what_only_sounds_like_it_is_left_alone(
    services: Services, verified: Person, text: str, intent: str
) -> None:
    outcome = heard(said(text, intent))
    assert not any("part_" in each or "pay_more" in each or "early_fee" in each for each in outcome.said)


def test_an_income_is_no_part(services: Services, verified: Person) -> None:
    outcome = answer(ValidateHardshipForm(), said("5000 right", "nlu_fallback"), "monthly_income")
    assert "utter_part_on_top" not in outcome.said


def test_asks_what_comes_of_the_amount_told_just_before(services: Services, verified: Person) -> None:
    message = said("那后面是每期变少还是期数变少？", "request_lower_instalments")
    outcome = heard(message, before=[said("我想先还本金5000", "request_early_payoff")])
    assert outcome.said == ["utter_part_effect"] and "剩下的本金" in outcome.messages[0]["lines"]


def test_a_part_in_another_currency_is_asked_about(services: Services, verified: Person) -> None:
    learnt_as = {"small_question": {"topic": "part_now", "score": 2.4}}
    message = said("I've got £150 I could put towards it right now, is that any use", "counter_offer")
    message.read = {**message.as_event()["parse_data"], **learnt_as}
    assert run(ActionRequestPlan(), tracker(message)).said == ["utter_part_order", "utter_other_currency"]


# With an agreement in force


@pytest.mark.parametrize(
    "text",
    [
        "店里这个月生意好了点，想把下个月那期一起还了，可以吗",
        "ok 那我先还下个月那期",
        "I got some overtime so I wanna pay next month's installment now, can I do that",
    ],
)
def test_pays_the_next_instalment_before_its_day(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    text: str,
) -> None:
    outcome = heard(said(text))
    assert outcome.said == ["utter_part_in_plan"]
    rows = agreement_life.instalments(services.store, agreed.agreement_id, TODAY)
    assert f"{rows[0].payment / 100:,.2f}" in outcome.messages[0]["amount"]
    assert f"{rows[1].payment / 100:,.2f}" in outcome.messages[0]["lines"]


def test_asks_whether_nothing_is_due_then(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    before = [said("can I pay next month's instalment now")]
    outcome = heard(said("so then nothing's due next month right"), before)
    assert outcome.said == ["utter_part_in_plan"]


@pytest.mark.parametrize(
    "text",
    [
        "那我要是多还两千呢，后面每期会少吗",
        "what if I throw an extra 2000 on top, does that make the later ones smaller",
    ],
)
def test_hears_where_more_than_an_instalment_goes(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    text: str,
) -> None:
    outcome = heard(said(text))
    assert outcome.said == ["utter_part_in_plan"]
    # On top of the next instalment, and not instead of it.
    assert f"{(agreed.next_payment + 200_000) / 100:,.2f}" in outcome.messages[0]["amount"]


def test_asks_what_more_does_without_an_amount(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    assert heard(said("多还的话期数会减少吗")).said == ["utter_more_in_plan"]


# A part of an instalment


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("it's 640 and I've got 300, I'm not going to make it", "nlu_fallback"),
        ("这期640 我手上只有300", "report_missed_instalment"),
        ("下期1902，我只能拿出300", "counter_offer"),
        ("instalment is 1900, I can only manage 300 this month", "counter_offer"),
        ("Can I just pay the 300 for now?", "nlu_fallback"),
        ("ok, I'll pay the 300 tonight", "promise_to_pay"),
        ("这个月工资没发，只凑到300", "hardship_reduced_income"),
    ],
)
def test_has_a_part_of_the_instalment_and_hears_what_is_left_and_of_easier_plans(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    text: str,
    intent: str,
) -> None:
    message = said(text, intent)
    for action in (ActionMisunderstood(), ActionRequestPlan()):
        assert run(action, tracker(message)).followed_by == "action_report_missed_instalment"
    outcome = run(ActionReportMissedInstalment(), tracker(message))
    assert outcome.said == ["utter_missed_part"] and outcome.followed_by == "change_form"
    assert f"{(agreed.next_payment - 30_000) / 100:,.2f}" in outcome.messages[0]["left"]


@pytest.mark.parametrize("text", ["这期还差四百凑不齐", "I'm 400 short for this month's payment"])
def test_what_is_missing_is_the_other_part(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    text: str,
) -> None:
    outcome = run(ActionReportMissedInstalment(), tracker(said(text, "report_missed_instalment")))
    assert outcome.said == ["utter_missed_part"] and "400.00" in outcome.messages[0]["left"]


@pytest.mark.parametrize("text", ["差不多只能先拿出三百来块行不行", "could you take 300 now?"])
def test_names_a_part_where_an_easier_plan_is_asked_about(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    text: str,
) -> None:
    outcome = answer(ValidateChangeForm(), said(text, "counter_offer"), "change_wanted")
    assert outcome.said == ["utter_missed_part"] and outcome.slots["change_wanted"] is None


def test_an_amount_a_month_is_a_wish_all_the_same(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    outcome = answer(ValidateChangeForm(), said("我每个月只能还600", "counter_offer"), "change_wanted")
    assert "utter_change_begins" in outcome.said


@pytest.mark.parametrize("text", ["好我知道了我先把三百打过去", "ok I'll send the 300 over tonight"])
def test_money_that_is_about_to_be_sent_is_not_on_record_as_paid(
    services: Services, verified: Person, text: str
) -> None:
    outcome = run(ActionReportPaid(), tracker(said(text, "report_paid")))
    assert outcome.said == ["utter_not_paid_yet"]
    assert payment_claims.told_in(services.store, SESSION) == ()


def test_money_that_was_sent_is_on_record(services: Services, verified: Person) -> None:
    run(ActionReportPaid(), tracker(said("我昨晚已经把三百转过去了", "report_paid")))
    (claim,) = payment_claims.told_in(services.store, SESSION)
    assert claim.amount == 30_000
