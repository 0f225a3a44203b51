"""The content of an agreement's document: which sentences of data/documents it has, and their figures.

The six sections are the items that art. 70 of 商业银行信用卡业务监督管理办法 asks of such an agreement
(rules.md CN-CARD70-DOC).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from casestore.agreement_draft import AgreementDraft, figure, values_of
from casestore.document_model import Block, Content, Facts, Paragraph, Point, Points, Section, Table

FOLDER = Path(__file__).resolve().parent.parent / "data" / "documents"
LANGUAGES = ("zh", "en")

Say = Callable[[str], str]


def content_of(draft: AgreementDraft, language: str) -> Content:
    """What the agreement's document says in `language` ("zh", else English)."""
    chosen = language if language in LANGUAGES else "en"
    words = phrases(chosen)
    values = values_of(draft, chosen, words)

    def say(name: str) -> str:
        return str(_phrase(words, name)).format_map(values)

    return Content(
        language=words["language"],
        title=words["title"],
        reference=draft.reference,
        author=values["lender"],
        meta=tuple(_meta(draft, say)),
        kind=values["kind"],
        key=tuple(_key(draft, say)),
        sections=_sections(draft, chosen, words, say),
        footer=words["footer"],
        page=words["page"],
    )


@lru_cache(maxsize=len(LANGUAGES))
def phrases(language: str) -> dict[str, Any]:
    """The phrases of "zh" or "en". Amounts and names stand in them as {places}."""
    content: dict[str, Any] = yaml.safe_load(
        (FOLDER / f"agreement.{language}.yml").read_text(encoding="utf-8")
    )
    return content


def _phrase(words: dict[str, Any], name: str) -> Any:
    found: Any = words
    for part in name.split("."):
        found = found[part]
    return found


def _meta(draft: AgreementDraft, say: Say) -> Iterator[str]:
    yield say("meta.number")
    if draft.replaces:
        yield say("meta.replaces")
    elif draft.version > 1:
        yield say("meta.version")
    yield say("meta.parties")


def _key(draft: AgreementDraft, say: Say) -> Iterator[str]:
    yield say(f"key.{_shape(draft)}")
    if draft.offer.count > 1:
        yield say("key.dates")
        yield say("key.total")
    if draft.offer.waived:
        yield say("key.waived")
    if draft.terms.cooling_off_days:
        yield say("key.withdraw")


def _shape(draft: AgreementDraft) -> str:
    """How the payments go: "at most so much each" must be true of every one it is said of."""
    offer = draft.offer
    if offer.count == 1:
        return "one"
    if offer.lump_sum and offer.count == 2:
        return "lump_sum_then_one"
    first = "lump_sum" if offer.lump_sum else "level"
    if offer.schedule[-1].payment <= offer.instalment:
        return first
    return "lump_sum_last_higher" if offer.lump_sum else "last_higher"


def _sections(draft: AgreementDraft, language: str, words: dict[str, Any], say: Say) -> tuple[Section, ...]:
    return (
        Section("debt", say("debt.heading"), tuple(_debt(draft, say))),
        Section("schedule", say("schedule.heading"), tuple(_schedule(draft, words, say))),
        Section("cost", say("cost.heading"), (_points(_cost(draft, words, say)),)),
        Section("cards", say("cards.heading"), (Paragraph(say("cards.none")),)),
        Section("duties", say("duties.heading"), (_points(_duties(draft, say)),)),
        Section("other", say("other.heading"), (Points(tuple(_other(draft, language, words, say))),)),
    )


def _points(texts: Iterator[str]) -> Points:
    return Points(tuple(Point(text) for text in texts))


def _debt(draft: AgreementDraft, say: Say) -> Iterator[Block]:
    position = draft.position
    amounts = {
        "current_principal": position.current_principal,
        "overdue_principal": position.overdue_principal,
        "interest": position.interest,
        "penalty_interest": position.penalty_interest,
        "fees": position.fees,
        "total": position.total_owed,
    }
    rows = tuple((say(f"debt.rows.{name}"), figure(amount)) for name, amount in amounts.items())
    yield Facts(say("debt.caption"), rows)
    if draft.offer.waived:
        settled = draft.offer.kind == "settlement"
        yield Paragraph(say("debt.waived_settlement" if settled else "debt.waived"))


def _schedule(draft: AgreementDraft, words: dict[str, Any], say: Say) -> Iterator[Block]:
    yield Paragraph(say(f"schedule.{_extent(draft)}"))
    for code in _notes(draft, words, "schedule"):
        yield Paragraph(say(code))
    yield _table(draft, words, say)
    yield Paragraph(say("schedule.other"), note=True)


def _extent(draft: AgreementDraft) -> str:
    """One payment or many; that nothing else is asked for may not be said when a rest stays owed."""
    if draft.offer.count > 1:
        return "many"
    return "part" if draft.offer.schedule[-1].balance else "one"


def _notes(draft: AgreementDraft, words: dict[str, Any], section: str) -> list[str]:
    """The offer's notes that belong in `section`; the others are said by its own sentences."""
    return [f"{section}.notes.{code}" for code in draft.offer.notes if code in words[section]["notes"]]


def _table(draft: AgreementDraft, words: dict[str, Any], say: Say) -> Table:
    schedule = draft.offer.schedule
    amounts = [(row.payment, row.interest, row.principal, row.other, row.balance) for row in schedule]
    rows = tuple(
        (str(row.number), row.due.isoformat(), *map(figure, shown))
        for row, shown in zip(schedule, amounts, strict=True)
    )
    sums = [figure(sum(column)) for column in list(zip(*amounts, strict=True))[:-1]]
    total = (say("schedule.total"), "", *sums, "")
    return Table(say("schedule.caption"), tuple(words["schedule"]["head"]), rows, total)


def _cost(draft: AgreementDraft, words: dict[str, Any], say: Say) -> Iterator[str]:
    flat = draft.loan.method.value == "flat_fee"
    yield say("cost.rate_flat_fee" if flat else "cost.rate")
    yield say("cost.annualised")
    for code in _notes(draft, words, "cost"):
        yield say(code)
    now, nothing = draft.offer.cost_against_now, draft.offer.cost_against_doing_nothing
    yield say("cost.now_same") if now == 0 else say("cost.now_more" if now > 0 else "cost.now_less")
    # Zero is what an offer made before this figure existed has; nothing can be said of it then.
    if nothing:
        yield say("cost.nothing_more" if nothing > 0 else "cost.nothing_less")
    yield say("cost.penalty_stops" if draft.terms.penalty_stops else "cost.penalty_goes_on")


def _duties(draft: AgreementDraft, say: Say) -> Iterator[str]:
    yield say("duties.pay")
    yield say("duties.hold")
    once = draft.offer.count < draft.terms.missed_in_a_row_to_break
    yield say("duties.breaks_once" if once else "duties.breaks")
    yield say("duties.changes")
    if draft.replaces:
        yield say("duties.replaces")
    if draft.terms.reported_to_credit_record:
        yield say("duties.credit_record")


def _other(draft: AgreementDraft, language: str, words: dict[str, Any], say: Say) -> Iterator[Point]:
    if draft.terms.cooling_off_days:
        yield Point(say("other.cooling_off"))
    yield Point(say("other.policy"))
    yield Point(say(f"other.{_decided_by(draft)}"))
    hotline = words["other"]["hotline"]
    numbers = (hotline.format(name=each.name[language], number=each.number) for each in draft.terms.hotlines)
    yield Point(say("other.complain"), tuple(numbers))


def _decided_by(draft: AgreementDraft) -> str:
    if draft.offer.authority != "person":
        return "by_software"
    return "by_person" if draft.decisions else "by_person_unnumbered"
