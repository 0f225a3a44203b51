"""The agreement as the borrower gets it: one page per language, the same for the same agreement for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from casestore.terms import Terms
from hardship.loans import Loan, Position
from hardship.money import to_major
from hardship.plans.base import Offer

TEMPLATES = Path(__file__).resolve().parent.parent / "data" / "documents"
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class AgreementDraft:
    """Everything an agreement's page says. Amounts in minor units; `position` is what the offer rests on."""

    reference: str
    case_reference: str
    borrower_name: str
    loan_tail: str
    loan: Loan
    position: Position
    offer: Offer
    terms: Terms
    accepted_at: datetime


def render_agreement(draft: AgreementDraft, language: str) -> str:
    """The agreement's complete HTML page in `language` ("zh", else English), without outside resources."""
    chosen = language if language in LANGUAGES else "en"
    template = _templates().get_template(f"agreement.{chosen}.html.j2")
    accepted = draft.accepted_at.astimezone(ZoneInfo(draft.terms.timezone))
    return template.render(draft=draft, offer=draft.offer, terms=draft.terms, accepted=accepted)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(money=_money, percent=_percent, day=_day)
    return environment


def _money(minor: int) -> str:
    return f"{to_major(minor):,}"


def _percent(fraction: Decimal) -> str:
    return f"{(fraction * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def _day(value: date, language: str) -> str:
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%B %Y}"
