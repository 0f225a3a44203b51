"""Offers, refusals and schedules as text and as cards, built from phrases of `data/responses`.

A card is for channels that draw (the web chat); the text beside it says the same for those that don't.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from actions.formats import day, money, share
from actions.turn import Turn
from actions.wording import exists
from casestore.plan import Proposal, StoredOffer
from hardship.plans.base import Offer, Refusal, Row

Card = dict[str, Any]


def plan_name(turn: Turn, kind: str) -> str:
    """What a kind of plan is called."""
    return turn.phrase(f"utter_plan_{kind}")


def offer_values(turn: Turn, offer: Offer) -> dict[str, str]:
    """Every figure of an offer, ready to be read."""
    language = turn.language
    return {
        "name": plan_name(turn, offer.kind),
        "instalment": money(offer.instalment, language),
        "count": str(offer.count),
        "first_due": day(offer.first_due, language),
        "last_due": day(offer.last_due, language),
        "total_to_pay": money(offer.total_to_pay, language),
        "annualised_cost": share(offer.annualised_cost, language),
        "cost_words": _cost(turn, "utter_cost", offer.cost_against_now),
        "cost": _cost(turn, "utter_cost_beside_label", offer.cost_against_now),
    }


def _cost(turn: Turn, response: str, difference: int) -> str:
    """How an offer compares with carrying on as now; `difference` in minor units, negative is cheaper."""
    word = "more" if difference > 0 else "less" if difference < 0 else "same"
    return turn.phrase(f"{response}_{word}", amount=money(abs(difference), turn.language))


def notes(turn: Turn, offer: Offer) -> list[str]:
    """What else holds for an offer, as sentences; codes without a sentence are for the record only."""
    return [turn.phrase(f"utter_note_{code}") for code in offer.notes if exists(f"utter_note_{code}")]


def offers_text(turn: Turn, offers: Sequence[StoredOffer]) -> str:
    """The comparison for channels without cards; what holds for all of several offers is said once."""
    shared = _shared_notes(turn, offers)
    parts = [_offer_line(turn, stored, without=shared) for stored in offers]
    if shared:
        parts.append("\n".join([turn.phrase("utter_for_all_plans"), *(f"· {note}" for note in shared)]))
    return "\n\n".join(parts)


def _shared_notes(turn: Turn, offers: Sequence[StoredOffer]) -> list[str]:
    if len(offers) < 2:
        return []
    first, *others = [notes(turn, stored.offer) for stored in offers]
    return [note for note in first if all(note in each for each in others)]


def _offer_line(turn: Turn, stored: StoredOffer, without: Sequence[str] = ()) -> str:
    own = [note for note in notes(turn, stored.offer) if note not in without]
    return turn.phrase(
        "utter_offer_line",
        number=stored.option_number,
        notes="".join(f"\n· {note}" for note in own),
        **offer_values(turn, stored.offer),
    )


def refusals_text(turn: Turn, refusals: Iterable[Refusal]) -> str:
    """Kinds that can't be offered, each with its reason; empty when there are none."""
    colon = turn.phrase("utter_colon")
    lines = [f"· {each['name']}{colon}{each['reason']}" for each in _refusals(turn, refusals)]
    return "\n\n" + turn.phrase("utter_refusals_title") + "\n" + "\n".join(lines) if lines else ""


def _refusals(turn: Turn, refusals: Iterable[Refusal]) -> list[dict[str, str]]:
    return [
        {
            "name": plan_name(turn, refusal.kind),
            "reason": reason(turn, refusal.reason, refusal.clause, refusal.values),
        }
        for refusal in refusals
    ]


def reason(turn: Turn, code: str | None, clause: str | None, values: Mapping[str, Any]) -> str:
    """Why something is not possible, in plain words with the policy clause."""
    if code is None:
        return ""
    readable = {name: _Readable(value, turn.language) for name, value in values.items()}
    words = turn.phrase(f"utter_reason_{code}", **readable)
    return turn.phrase("utter_reason_with_clause", reason=words, clause=clause) if clause else words


class _Readable:
    """A figure of a reason; the sentence says what it is: `{asked:money}`, `{latest:day}`, plain `{most}`."""

    def __init__(self, value: Any, language: str) -> None:
        self._value = value
        self._language = language

    def __format__(self, kind: str) -> str:
        if kind == "money":
            return money(int(self._value), self._language)
        if kind == "day":
            return day(date.fromisoformat(str(self._value)), self._language)
        return str(self._value)


def option_buttons(turn: Turn, proposal: Proposal) -> list[dict[str, str]]:
    """A button for each offer."""
    return [_button(turn, stored) for stored in proposal.offers]


def _button(turn: Turn, stored: StoredOffer) -> dict[str, str]:
    return {
        "title": turn.phrase(
            "utter_option_button", number=stored.option_number, name=plan_name(turn, stored.offer.kind)
        ),
        "payload": f'/choose_option{{"option_number": {stored.option_number}}}',
    }


def offers_card(turn: Turn, proposal: Proposal) -> Card:
    """All offers side by side, with their schedules, and the refusals."""
    return {
        "type": "offers",
        "title": turn.phrase("utter_offers_title"),
        "offers": [_offer_column(turn, stored) for stored in proposal.offers],
        "refusals": {
            "title": turn.phrase("utter_refusals_title"),
            "items": _refusals(turn, proposal.refusals),
        },
    }


def single_offer_card(turn: Turn, stored: StoredOffer) -> Card:
    """One offer, the answer to a counter-offer."""
    return {"type": "offers", "title": "", "offers": [_offer_column(turn, stored)]}


def _offer_column(turn: Turn, stored: StoredOffer) -> Card:
    values = offer_values(turn, stored.offer)
    return {
        "option": stored.option_number,
        "name": values["name"],
        "badge": turn.phrase("utter_option_badge", number=stored.option_number),
        "lines": [
            {"label": turn.phrase(f"utter_column_{name}"), "value": values[name]} for name in OFFER_COLUMNS
        ],
        "notes": notes(turn, stored.offer),
        "schedule_title": turn.phrase("utter_schedule_title"),
        "schedule": {
            "head": [turn.phrase(f"utter_schedule_{name}") for name in SCHEDULE_COLUMNS],
            "rows": [_schedule_row(turn, row) for row in stored.offer.schedule],
        },
        "button": _button(turn, stored),
    }


OFFER_COLUMNS = (
    "instalment",
    "count",
    "first_due",
    "last_due",
    "total_to_pay",
    "cost",
    "annualised_cost",
)

SCHEDULE_COLUMNS = ("number", "due", "payment", "interest", "principal", "other", "balance")


def _schedule_row(turn: Turn, row: Row) -> list[str]:
    amounts = (row.payment, row.interest, row.principal, row.other, row.balance)
    return [str(row.number), day(row.due, turn.language), *(money(each, turn.language) for each in amounts)]


def details_text(turn: Turn, offers: Iterable[StoredOffer]) -> str:
    """Each offer with its whole schedule, line by line."""
    return "\n\n".join(_details(turn, stored) for stored in offers)


def _details(turn: Turn, stored: StoredOffer) -> str:
    head = _offer_line(turn, stored)
    rows = [
        turn.phrase(
            "utter_schedule_line",
            number=row.number,
            due=day(row.due, turn.language),
            payment=money(row.payment, turn.language),
        )
        for row in stored.offer.schedule
    ]
    return "\n".join([head, *rows])


def document_card(turn: Turn, reference: str, link: str) -> Card:
    """The agreement's document behind its private link."""
    return {
        "type": "document",
        "title": turn.phrase("utter_document_title", reference=reference),
        "href": link,
        "label": turn.phrase("utter_document_label"),
    }


def breaking_rule(turn: Turn) -> str:
    """What ends a plan, by the policy pack."""
    missed = turn.services.policy.offers.missed_in_a_row_to_break.value
    return turn.phrase("utter_breaks", missed=missed)
