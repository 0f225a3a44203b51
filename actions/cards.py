"""Offers, refusals and schedules as text and as cards, built from phrases of `data/responses`.

A card is for channels that draw (the web chat); the text beside it says the same for those that don't.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Any

from actions import terminal
from actions.turn import Turn
from actions.wording import exists
from casestore.plan import StoredOffer
from hardship.plans.base import Offer, Refusal, Row

Card = dict[str, Any]


def plan_name(turn: Turn, kind: str) -> str:
    """What a kind of plan is called."""
    return turn.phrase(f"utter_plan_{kind}")


def offer_values(turn: Turn, offer: Offer) -> dict[str, str]:
    """Every figure of an offer, ready to be read."""
    return {
        "name": plan_name(turn, offer.kind),
        "instalment": turn.money(offer.instalment),
        "count": str(offer.count),
        "first_due": turn.day(offer.first_due),
        "last_due": turn.day(offer.last_due),
        "total_to_pay": turn.money(offer.total_to_pay),
        "annualised_cost": turn.share(offer.annualised_cost),
        "cost_words": _cost(turn, "utter_cost", offer.cost_against_now),
        "cost": _cost(turn, "utter_cost_beside_label", offer.cost_against_now),
        "nothing_words": _cost(turn, "utter_cost_nothing", offer.cost_against_doing_nothing),
        "cost_nothing": _cost(turn, "utter_cost_beside_label", offer.cost_against_doing_nothing),
    }


def _cost(turn: Turn, response: str, difference: int) -> str:
    """How an offer compares with something else; `difference` in minor units, negative is cheaper."""
    word = "more" if difference > 0 else "less" if difference < 0 else "same"
    return turn.phrase(f"{response}_{word}", amount=turn.money(abs(difference)))


# The instalments of this kind rise once; its two figures are told instead of the bare note.
_RISES = "instalment_rises"


def notes(turn: Turn, offer: Offer) -> list[str]:
    """What else holds for an offer, as sentences; codes without a sentence are for the record only."""
    codes = [code for code in offer.notes if exists(f"utter_note_{code}") and code != _RISES]
    said = [turn.phrase(f"utter_note_{code}") for code in codes]
    return [*_amounts_apart(turn, offer), *_steps(turn, offer), *said]


def _steps(turn: Turn, offer: Offer) -> list[str]:
    """How many of the first instalments are lower, how much they are, and what comes after."""
    rows = offer.schedule[1:] if offer.lump_sum else offer.schedule
    if _RISES not in offer.notes or not rows:
        return []
    between = (rows[0].payment + offer.instalment) / 2  # cents of rounding are no step
    lower = [row.payment for row in takewhile(lambda row: row.payment < between, rows)]
    if not lower:
        return []
    values = {"months": len(lower), "low": turn.money(max(lower)), "later": turn.money(offer.instalment)}
    return [turn.phrase("utter_fact_steps", **values)]


def _amounts_apart(turn: Turn, offer: Offer) -> list[str]:
    """What is paid once at the beginning, and what is let off."""
    said = []
    if offer.lump_sum:
        said.append(turn.phrase("utter_fact_lump_sum", amount=turn.money(offer.lump_sum)))
    if offer.waived:
        said.append(turn.phrase("utter_fact_waived", amount=turn.money(offer.waived)))
    return said


def offers_text(turn: Turn, offers: Sequence[StoredOffer]) -> str:
    """The comparison for channels without cards; what holds for all of several offers is said once."""
    shared = _shared_notes(turn, offers)
    if turn.channel == terminal.CHANNEL:
        parts = [_offers_table(turn, offers), *_notes_apart(turn, offers, shared)]
    else:
        parts = [_offer_line(turn, stored, without=shared) for stored in offers]
    if shared:
        parts.append("\n".join([turn.phrase("utter_for_all_plans"), *(f"· {note}" for note in shared)]))
    return "\n\n".join(parts)


def _offers_table(turn: Turn, offers: Sequence[StoredOffer]) -> str:
    """The offers side by side, as on the card."""
    columns = [_offer_column(turn, stored) for stored in offers]
    lines = zip(*(column["lines"] for column in columns), strict=True)
    rows = [[cells[0]["label"], *(cell["value"] for cell in cells)] for cells in lines]
    return terminal.table(["", *(_heading(turn, stored) for stored in offers)], rows)


def _heading(turn: Turn, stored: StoredOffer) -> str:
    badge = turn.phrase("utter_option_badge", number=stored.option_number)
    return f"{badge} {plan_name(turn, stored.offer.kind)}"


def _notes_apart(turn: Turn, offers: Sequence[StoredOffer], shared: Sequence[str]) -> Iterator[str]:
    """What holds for one offer only, below its name."""
    for stored in offers:
        own = [f"· {note}" for note in notes(turn, stored.offer) if note not in shared]
        if own:
            yield "\n".join([_heading(turn, stored), *own])


def _shared_notes(turn: Turn, offers: Sequence[StoredOffer]) -> list[str]:
    if len(offers) < 2:
        return []
    first, *others = [notes(turn, stored.offer) for stored in offers]
    return [note for note in first if all(note in each for each in others)]


def _offer_line(turn: Turn, stored: StoredOffer, without: Sequence[str] = ()) -> str:
    own = [note for note in notes(turn, stored.offer) if note not in without]
    return turn.phrase(
        "utter_offer_line" if stored.offer.count > 1 else "utter_offer_line_single",
        number=stored.option_number,
        notes="".join(f"\n· {note}" for note in own),
        **offer_values(turn, stored.offer),
    )


def refusals_text(turn: Turn, refusals: Iterable[Refusal], with_clauses: bool = False) -> str:
    """Kinds that can't be offered, each with its reason; empty when there are none.

    The clause of the policy is for whoever asks why, to hold against it; nobody else reads its name.
    """
    colon = turn.phrase("utter_colon")
    told = _refusals(turn, refusals, with_clauses)
    lines = [f"· {each['name']}{colon}{each['reason']}" for each in told]
    return "\n\n" + turn.phrase("utter_refusals_title") + "\n" + "\n".join(lines) if lines else ""


def _refusals(turn: Turn, refusals: Iterable[Refusal], with_clauses: bool = False) -> list[dict[str, str]]:
    told = ((each, each.clause if with_clauses else None) for each in refusals)
    return [
        {"name": plan_name(turn, each.kind), "reason": reason(turn, each.reason, clause, each.values)}
        for each, clause in told
    ]


def reason(turn: Turn, code: str | None, clause: str | None, values: Mapping[str, Any]) -> str:
    """Why something is not possible, in plain words, and by which clause of the policy if it is given."""
    if code is None:
        return ""
    readable = {name: _Readable(value, turn) for name, value in values.items()}
    return _with_clause(turn, turn.phrase(f"utter_reason_{code}", **readable), clause)


def _with_clause(turn: Turn, words: str, clause: str | None) -> str:
    return turn.phrase("utter_reason_with_clause", reason=words, clause=clause) if clause else words


class _Readable:
    """A figure of a reason; the sentence says what it is: `{asked:money}`, `{latest:day}`, plain `{most}`."""

    def __init__(self, value: Any, turn: Turn) -> None:
        self._value = value
        self._turn = turn

    def __format__(self, kind: str) -> str:
        if kind == "money":
            return self._turn.money(int(self._value))
        if kind == "plan":
            return plan_name(self._turn, str(self._value))
        if kind == "day":
            return self._turn.day(date.fromisoformat(str(self._value)))
        return str(self._value)


def option_buttons(turn: Turn, offers: Sequence[StoredOffer], others: bool) -> list[dict[str, str]]:
    """A button for each offer, and one for the `others` when there are more."""
    buttons = [_button(turn, stored) for stored in offers]
    if others:
        wish = '/ask_offer_details{"offer_wish": "others"}'
        buttons.append({"title": turn.phrase("utter_other_offers_button"), "payload": wish})
    return buttons


def _button(turn: Turn, stored: StoredOffer) -> dict[str, str]:
    return {
        "title": turn.phrase(
            "utter_option_button", number=stored.option_number, name=plan_name(turn, stored.offer.kind)
        ),
        "payload": f'/choose_option{{"option_number": {stored.option_number}}}',
    }


def offers_card(turn: Turn, offers: Sequence[StoredOffer], refusals: Iterable[Refusal] = ()) -> Card:
    """Offers side by side, with their schedules, and the refusals."""
    card: Card = {
        "type": "offers",
        "title": turn.phrase("utter_offers_title") if len(offers) > 1 else "",
        "offers": [_offer_column(turn, stored) for stored in offers],
    }
    if items := _refusals(turn, refusals):
        card["refusals"] = {"title": turn.phrase("utter_refusals_title"), "items": items}
    return card


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
    "cost_nothing",
    "annualised_cost",
)

SCHEDULE_COLUMNS = ("number", "due", "payment", "interest", "principal", "other", "balance")


def _schedule_row(turn: Turn, row: Row) -> list[str]:
    amounts = (row.payment, row.interest, row.principal, row.other, row.balance)
    return [str(row.number), turn.day(row.due), *(turn.money(each) for each in amounts)]


def details_text(turn: Turn, offers: Iterable[StoredOffer]) -> str:
    """Each offer with its whole schedule, line by line."""
    return "\n\n".join(_details(turn, stored) for stored in offers)


def _details(turn: Turn, stored: StoredOffer) -> str:
    if turn.channel == terminal.CHANNEL:
        schedule = _offer_column(turn, stored)["schedule"]
        return "\n\n".join([offers_text(turn, [stored]), terminal.table(schedule["head"], schedule["rows"])])
    head = _offer_line(turn, stored)
    rows = [
        turn.phrase(
            "utter_schedule_line",
            number=row.number,
            due=turn.day(row.due),
            payment=turn.money(row.payment),
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
