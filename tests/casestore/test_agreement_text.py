"""What an agreement says: the cost, who decided, what is let off, what it replaces; and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casestore.agreement_text import phrases
from casestore.documents import LANGUAGES, AgreementDraft, render_agreement
from casestore.terms import terms_of
from hardship.loans import Method
from hardship.money import to_major
from hardship.plans import Ask, Offer, PlanKind
from hardship.plans.registry import kinds_in_force
from hardship.policy import Policy, load_policy
from tests.casestore.drafts import agreement_draft, decided_by_person, settlement, with_offer, with_rows
from tests.hardship.builders import business_loan, consumer_loan, free_loan, request

POLICIES = Path(__file__).resolve().parents[2] / "policies"


@pytest.fixture
def draft(policy: Policy) -> AgreementDraft:
    """An agreement over two payments."""
    return agreement_draft(policy)


@pytest.mark.parametrize(
    ("cost", "zh", "en"),
    [
        (-34567, "会欠 2,445.67 元；与那相比，按本协议总共少付 345.67 元", "you pay 345.67 yuan less in all"),
        (100, "会欠 2,099.00 元；与那相比，按本协议总共多付 1.00 元", "you pay 1.00 yuan more in all"),
    ],
)
def test_the_cost_against_doing_nothing_is_said_with_what_would_be_owed(
    draft: AgreementDraft, cost: int, zh: str, en: str
) -> None:
    changed = with_offer(draft, cost_against_doing_nothing=cost)
    assert zh in render_agreement(changed, "zh") and en in render_agreement(changed, "en")


@pytest.mark.parametrize(("language", "words"), [("zh", "什么都不还"), ("en", "If nothing were paid")])
def test_an_offer_from_before_that_figure_existed_says_nothing_of_it(
    draft: AgreementDraft, language: str, words: str
) -> None:
    assert words not in render_agreement(draft, language)


@pytest.mark.parametrize(
    ("language", "day"), [("zh", "2026年12月2日当天结束之前"), ("en", "until the end of 2 December 2026")]
)
def test_the_last_day_to_withdraw_is_named(draft: AgreementDraft, language: str, day: str) -> None:
    """Accepted on 25 November in Shanghai, seven days."""
    assert render_agreement(draft, language).count(day) == 2


def test_a_demos_calendar_decides_the_day_when_it_is_not_the_real_one(draft: AgreementDraft) -> None:
    html = render_agreement(replace(draft, accepted_on=date(2026, 3, 1)), "zh")
    assert "2026年3月1日" in html and "2026年3月8日当天结束之前" in html


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "减免 23.21 元，从所欠罚息和费用（共 43.21 元）中减免，本金和合同利息不减免（条款 CN-WAIVE）"),
        ("en", "waives 23.21 yuan of the penalty interest and fees owed (43.21 yuan together)"),
    ],
)
def test_a_waiver_says_of_what_how_much_and_by_which_clause(
    draft: AgreementDraft, language: str, words: str
) -> None:
    html = render_agreement(with_offer(draft, waived=2321, waived_clause="CN-WAIVE"), language)
    assert words in html and "CN-WAIVE" in html


@pytest.mark.parametrize(
    ("language", "person", "software"),
    [
        ("zh", "审批同意（决定编号 PR-20261124-9CDEFG）", "由软件计算"),
        (
            "en",
            "A person at the lender granted this plan (decision PR-20261124-9CDEFG)",
            "Software worked out",
        ),
    ],
)
def test_who_decided_is_said(draft: AgreementDraft, language: str, person: str, software: str) -> None:
    by_person, by_bot = (render_agreement(each, language) for each in (decided_by_person(draft), draft))
    assert person in by_person and software not in by_person
    assert software in by_bot and "PR-" not in by_bot
    assert "CN-PLAN-ARREARS-TERM, PR-" not in by_person, "a decision is no clause of the policy"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("第 2 版，取代协议 RA-20260901-ACDEFG", "原协议不再执行")),
        ("en", ("Version 2, replaces agreement RA-20260901-ACDEFG", "which no longer applies")),
    ],
)
def test_a_later_version_names_the_agreement_it_replaces(
    draft: AgreementDraft, language: str, words: tuple[str, str]
) -> None:
    html = render_agreement(replace(draft, version=2, replaces="RA-20260901-ACDEFG"), language)
    assert all(each in html for each in words)
    assert not any(each in render_agreement(draft, language) for each in words)


@pytest.mark.parametrize(("language", "words"), [("zh", "贷款就结清了"), ("en", "the loan is settled")])
def test_a_settlement_that_lets_the_rest_off_says_so(
    draft: AgreementDraft, language: str, words: str
) -> None:
    html = render_agreement(settlement(draft, "rest_let_off", waived=49321, rest=0), language)
    assert words in html and "493.21" in html and "CN-PLAN-SETTLE-REST" in html


@pytest.mark.parametrize(
    ("language", "words", "promise"),
    [
        ("zh", "仍欠本金 493.21 元", "不会在此之外另行要求您还款"),
        ("en", "principal of 493.21 yuan is still owed", "will not ask you for payments beyond"),
    ],
)
def test_a_settlement_that_leaves_a_rest_promises_nothing_about_it(
    draft: AgreementDraft, language: str, words: str, promise: str
) -> None:
    html = render_agreement(settlement(draft, "rest_stays_owed", waived=0, rest=49321), language)
    assert words in html and promise not in html


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "如果到期没有还"), ("en", "If the payment is missed")]
)
def test_a_single_payment_is_not_said_to_break_by_two_in_a_row(
    draft: AgreementDraft, language: str, words: str
) -> None:
    html = render_agreement(settlement(draft, "rest_let_off", waived=49321, rest=0), language)
    assert words in html
    assert words not in render_agreement(draft, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_payment_is_higher_than_the_page_says_at_the_top(draft: AgreementDraft, language: str) -> None:
    """A balloon at the end is named beside the instalments before it."""
    long = with_rows(draft, 12)
    key = render_agreement(with_offer(long, instalment=100030), language).partition('<section id="debt">')[0]
    assert "1,000.30" in key and "1,000.33" in key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lump_sum_stands_apart_from_the_instalments(draft: AgreementDraft, language: str) -> None:
    long = with_offer(with_rows(draft, 12), lump_sum=100000, instalment=100033)
    key = render_agreement(long, language).partition('<section id="debt">')[0]
    assert (
        "1,000.00" in key
        and "1,000.33" in key
        and "11 " in key
        and "12 " not in key.partition('"key"')[2][:120]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_in_force_has_a_name(draft: AgreementDraft, policy: Policy, language: str) -> None:
    names = phrases(language)["kinds"]
    for kind in kinds_in_force(policy):
        html = render_agreement(with_offer(draft, kind=kind.name), language)
        assert f"<strong>{names[kind.name]}</strong>" in html


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("interest_deferred", "由您承担", "is yours to pay"),
        ("interest_paid", "您只付利息", "you pay only interest"),
        ("interest_dropped", "由出借方承担", "The lender bears the interest"),
        ("principal_stays", "不用先归还本金", "need not be repaid first"),
        ("interest_only_first", "前几期只还利息", "The first payments are interest only"),
    ],
)
def test_what_an_offer_notes_is_in_its_agreement(draft: AgreementDraft, code: str, zh: str, en: str) -> None:
    changed = with_offer(draft, notes=(code,))
    assert zh in render_agreement(changed, "zh") and en in render_agreement(changed, "en")


@pytest.mark.parametrize(
    ("currency", "zh", "en"),
    [("CNY", "2,100.00 元", "2,100.00 yuan"), ("GBP", "2,100.00 英镑", "2,100.00 pounds")],
)
def test_amounts_are_in_the_lenders_currency(draft: AgreementDraft, currency: str, zh: str, en: str) -> None:
    changed = replace(draft, terms=replace(draft.terms, currency=currency))
    assert zh in render_agreement(changed, "zh") and en in render_agreement(changed, "en")
    if currency != "CNY":
        assert "yuan" not in render_agreement(changed, "en") and "人民币" not in render_agreement(
            changed, "zh"
        )


def test_a_british_agreement_speaks_of_pounds_and_london_and_no_chinese_rule(draft: AgreementDraft) -> None:
    british = load_policy(POLICIES / "uk.yml")
    html = render_agreement(replace(agreement_draft(british), terms=terms_of(british)), "en")
    assert "pounds (GBP)" in html and "(Europe/London)" in html and british.version in html
    assert "yuan" not in html and "Asia/Shanghai" not in html


@pytest.mark.parametrize(
    ("language", "promises"),
    [
        ("zh", ("减免", "撤回", "反悔", "不再产生新的罚息", "征信", "不再要求您偿还", "由出借方承担")),
        (
            "en",
            (
                "waive",
                "withdraw",
                "change your mind",
                "no new penalty",
                "credit record",
                "bears the interest",
            ),
        ),
    ],
)
def test_nothing_is_promised_that_neither_policy_nor_offer_holds(
    draft: AgreementDraft, language: str, promises: tuple[str, ...]
) -> None:
    terms = replace(draft.terms, cooling_off_days=0, penalty_stops=False, reported_to_credit_record=False)
    html = render_agreement(replace(draft, terms=terms), language)
    assert not [promise for promise in promises if promise in html]


def test_a_flat_fee_is_not_called_an_interest_rate(draft: AgreementDraft) -> None:
    changed = replace(draft, loan=replace(draft.loan, method=Method.FLAT_FEE, original_principal=200000))
    assert "手续费率为每年 12.00%" in render_agreement(changed, "zh")
    assert "contract fee is 12.00%" in render_agreement(changed, "en")


# What each kind needs to be granted, beside a borrower with two instalments missed.
NEEDED: dict[str, dict[str, Any]] = {
    "personalised_instalments": {"loan": consumer_loan(overdue_since=date(2026, 9, 5))},
    "due_date_change": {"loan": free_loan(), "ask": Ask(kind="due_date_change", due_day=20)},
    "renewal": {"loan": business_loan(), "surplus": 500_000},
    "settlement": {"ask": Ask(kind="settlement", lump_sum=4_000_000)},
    "promise_to_pay": {"surplus": 900_000},
    "arrears_instalments": {"surplus": 300_000},
    "charge_waiver": {"surplus": 300_000},
}
# Notes that a sentence of its own says, from the lender's terms or the offer's figures.
SAID_BY_ITSELF = {"penalty_stops_while_kept", "credit_record_reported", "charges_waived", "lump_sum_first"}


@pytest.mark.parametrize("kind", kinds_in_force(load_policy(POLICIES / "cn.yml")), ids=lambda kind: kind.name)
def test_an_agreement_can_be_made_of_every_kind_and_keeps_silent_about_nothing(
    draft: AgreementDraft, kind: PlanKind
) -> None:
    asked = request(**{"ask": Ask(kind=kind.name), **NEEDED.get(kind.name, {})})
    offer = kind.propose(asked)
    assert isinstance(offer, Offer)
    made = replace(draft, loan=asked.loan, position=asked.position, offer=offer)
    for language in LANGUAGES:
        words, html = phrases(language), render_agreement(made, language)
        assert set(offer.notes) <= SAID_BY_ITSELF | set(words["schedule"]["notes"]) | set(
            words["cost"]["notes"]
        )
        assert all(f"<td>{row.due}</td><td>{to_major(row.payment):,}</td>" in html for row in offer.schedule)
        assert "{" not in html.partition("</style>")[2]
