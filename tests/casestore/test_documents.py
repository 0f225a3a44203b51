"""The agreement's page: complete, equal in both languages, the same for ever, and safe to open."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from casestore.agreement_text import phrases
from casestore.documents import LANGUAGES, AgreementDraft, render_agreement, with_link_to_pdf
from casestore.terms import terms_from_json, terms_to_json
from hardship.money import to_major
from hardship.policy import Policy
from tests.casestore.drafts import agreement_draft, with_offer

PLACE = re.compile(r"\{(\w+)\}")


@pytest.fixture
def draft(policy: Policy) -> AgreementDraft:
    """An agreement over two payments."""
    return agreement_draft(policy)


class Outline(HTMLParser):
    """The elements of a page without their text: tag and id, in order; checks that they close properly."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, str | None]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs).get("id")))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def outline(html: str) -> list[tuple[str, str | None]]:
    parser = Outline()
    parser.feed(html)
    parser.close()
    return parser.elements


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_six_items_of_article_70_are_there_in_order(draft: AgreementDraft, language: str) -> None:
    sections = [ident for tag, ident in outline(render_agreement(draft, language)) if tag == "section"]
    assert sections == ["debt", "schedule", "cost", "cards", "duties", "other"]


def test_both_languages_have_the_same_structure(draft: AgreementDraft) -> None:
    zh, en = (outline(render_agreement(draft, language)) for language in LANGUAGES)
    assert zh == en


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_says_its_language(draft: AgreementDraft, language: str, tag: str) -> None:
    assert f'<html lang="{tag}">' in render_agreement(draft, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_debt_and_schedule_is_on_the_page(draft: AgreementDraft, language: str) -> None:
    html = render_agreement(draft, language)
    position, offer = draft.position, draft.offer
    figures = [position.overdue_principal, position.interest, position.penalty_interest, position.total_owed]
    figures += [
        value for row in offer.schedule for value in (row.payment, row.interest, row.principal, row.other)
    ]
    figures += [offer.total_to_pay, offer.cost_against_now, offer.instalment]
    assert not [minor for minor in figures if f"{to_major(minor):,}" not in html]
    assert not [row for row in offer.schedule if row.due.isoformat() not in html]
    assert "12.35%" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_to_complain_and_what_breaks_the_plan_come_from_the_policy(
    draft: AgreementDraft, policy: Policy, language: str
) -> None:
    html = render_agreement(draft, language)
    for expected in (
        policy.lender.phone.value,
        policy.hotline("bank_complaints"),
        policy.hotline("central_bank"),
        policy.hotline("legal_aid"),
        str(policy.offers.missed_in_a_row_to_break.value),
        str(policy.legal.complaint_days.value),
        policy.version,
    ):
        assert expected in html


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "撤回本协议"), ("en", "withdraw from this agreement")]
)
@pytest.mark.parametrize("days", [0, 7])
def test_cooling_off_is_promised_only_when_the_policy_has_it(
    draft: AgreementDraft, language: str, words: str, days: int
) -> None:
    html = render_agreement(replace(draft, terms=replace(draft.terms, cooling_off_days=days)), language)
    assert (words in html) == bool(days)


@pytest.mark.parametrize(
    ("cost", "zh", "en"),
    [
        (100, "多付 1.00", "1.00 yuan more"),
        (-100, "少付 1.00", "1.00 yuan less"),
        (0, "总额相同", "the same in all"),
    ],
)
def test_the_cost_against_carrying_on_is_said_in_words(
    draft: AgreementDraft, cost: int, zh: str, en: str
) -> None:
    changed = with_offer(draft, cost_against_now=cost)
    assert zh in render_agreement(changed, "zh") and en in render_agreement(changed, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_from_outside_and_runs_nothing(draft: AgreementDraft, language: str) -> None:
    html = render_agreement(draft, language)
    assert not re.search(r"<script|<link|<img|src=|href=|url\(|@import|https?:", html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_with_markup_stays_a_name(draft: AgreementDraft, language: str) -> None:
    html = render_agreement(replace(draft, borrower_name="<script>alert(1)</script>"), language)
    assert "&lt;script&gt;" in html and "<script" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_agreement_gives_the_same_page(draft: AgreementDraft, language: str) -> None:
    assert render_agreement(draft, language) == render_agreement(draft, language)


def test_an_unknown_language_gets_english(draft: AgreementDraft) -> None:
    assert render_agreement(draft, "fr") == render_agreement(draft, "en")


def test_the_day_of_acceptance_is_the_lenders_day(draft: AgreementDraft) -> None:
    """16:30 UTC is half past midnight of the next day in Shanghai."""
    assert "2026年11月25日 00:30" in render_agreement(draft, "zh")


def test_terms_survive_storage(draft: AgreementDraft) -> None:
    assert terms_from_json(terms_to_json(draft.terms)) == draft.terms


def test_both_languages_have_the_same_phrases_with_the_same_places() -> None:
    def shape(words: Any) -> Any:
        if isinstance(words, dict):
            return {key: shape(value) for key, value in words.items()}
        if isinstance(words, list):
            return [shape(value) for value in words]
        return sorted(set(PLACE.findall(words)))

    assert shape(phrases("zh")) == shape(phrases("en"))


@pytest.mark.parametrize(("language", "words"), [("zh", "下载 PDF 文件"), ("en", "Download as PDF")])
def test_the_link_to_the_pdf_stands_before_the_document_in_its_language(
    draft: AgreementDraft, language: str, words: str
) -> None:
    html = render_agreement(draft, language)
    link = f'<nav class="download"><a href="a.pdf" download>{words}</a></nav>'
    assert with_link_to_pdf(html, "a.pdf") == html.replace("<body>\n", f"<body>\n{link}")
