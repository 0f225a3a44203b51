"""`respite offers`: what a borrower with these figures could have today, and why not the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from casestore.store import CaseStore
from cli.loans import AccountOption, loan_named
from cli.opening import DemoOption, opened
from cli.output import console, grouped, percent_of, print_json, print_table, yuan
from cli.schedule import plain_rows
from cli.today import lender_today, policy_in_force
from cli.usage import amount, day, refuse
from hardship.eligibility import Assessment, assess
from hardship.loans import LoanError, position_on
from hardship.negotiation import CounterResult, counter
from hardship.plans.base import Ask, Offer, PlanRequest, Refusal, content_hash
from hardship.policy import Policy
from hardship.situations import Cause, Situation
from hardship.statements import Statement

IncomeOption = Annotated[int, typer.Option(parser=amount, metavar="YUAN", help="Income a month.")]
EssentialsOption = Annotated[
    int, typer.Option(parser=amount, metavar="YUAN", help="Essential spending a month.")
]
OtherDebtOption = Annotated[
    int, typer.Option(parser=amount, metavar="YUAN", help="Instalments of other debts a month.")
]
MaxPaymentOption = Annotated[
    int | None, typer.Option(parser=amount, metavar="YUAN", help="Wish: no more than this a month.")
]
StartOption = Annotated[
    date | None, typer.Option(parser=day, metavar="DATE", help="Wish: first payment not before this day.")
]
MonthsOption = Annotated[int | None, typer.Option(min=1, max=1200, help="Wish: so many months.")]
DayOption = Annotated[int | None, typer.Option("--day", min=1, max=31, help="Wish: this day of month.")]
KindOption = Annotated[str | None, typer.Option(help="Only this kind of plan, such as term_extension.")]
LumpSumOption = Annotated[
    int | None, typer.Option(parser=amount, metavar="YUAN", help="Wish: pay this at once.")
]
WaiverOption = Annotated[
    int | None, typer.Option(parser=amount, metavar="YUAN", help="Wish: so much of the charges let off.")
]
CauseOption = Annotated[Cause, typer.Option(help="What happened.")]
LastingOption = Annotated[bool, typer.Option("--lasting/--temporary", help="Whether it will stay so.")]
PolicyOption = Annotated[Path | None, typer.Option(help="Another policy file than the one in force.")]
JsonOption = Annotated[
    bool, typer.Option("--json", help="JSON: amounts in yuan, costs in percent, figures of refusals in fen.")
]


@dataclass(frozen=True)
class Household:
    """The borrower's figures and what happened to them."""

    statement: Statement
    situation: Situation


@dataclass(frozen=True)
class Answer:
    """What was worked out; `bargain` answers the wishes when there were any."""

    assessment: Assessment
    bargain: CounterResult | None


def register(app: typer.Typer) -> None:
    """Add `offers` to the staff command."""
    app.command("offers")(offers)


def offers(
    account_number: AccountOption,
    income: IncomeOption,
    essentials: EssentialsOption,
    other_debt: OtherDebtOption,
    max_payment: MaxPaymentOption = None,
    start: StartOption = None,
    months: MonthsOption = None,
    due_day: DayOption = None,
    kind: KindOption = None,
    lump_sum: LumpSumOption = None,
    waiver: WaiverOption = None,
    cause: CauseOption = Cause.OTHER,
    lasting: LastingOption = False,
    policy: PolicyOption = None,
    as_json: JsonOption = False,
    demo: DemoOption = False,
) -> None:
    """Work out what a borrower could have today: offers, requests for a person, refusals. Nothing is kept."""
    rules = policy_in_force(policy)
    if kind is not None and kind not in rules.plans:
        refuse(f"the policy has no kind of plan of this name; it has {', '.join(rules.plans)}.")
    ask = Ask(kind, max_payment, start, months, due_day, lump_sum, waiver is not None, waiver)
    household = Household(
        Statement(income, 0, essentials, other_debt), Situation(cause, None, lasting, False)
    )
    with opened(demo) as store:
        request = _request(store, account_number, rules, household, ask)
    answer = Answer(_only(assess(request), kind), counter(request) if ask != Ask() else None)
    if as_json:
        print_json(as_plain(answer))
    else:
        _print_tables(answer)


def _request(store: CaseStore, number: str, policy: Policy, household: Household, ask: Ask) -> PlanRequest:
    today = lender_today(policy=policy)
    loan, received = loan_named(store, number)
    try:
        position = position_on(loan, today, received, policy.legal.allocation_order.value)
    except LoanError as problem:
        refuse(f"{problem}.")
    return PlanRequest(loan, position, household.statement, household.situation, policy, today, ask)


def _only(found: Assessment, kind: str | None) -> Assessment:
    """What was found of the kind that was named, all of it when none was."""
    if kind is None:
        return found
    return Assessment(
        offers=tuple(offer for offer in found.offers if offer.kind == kind),
        refusals=tuple(refusal for refusal in found.refusals if refusal.kind == kind),
        policy_version=found.policy_version,
        requests=tuple(offer for offer in found.requests if offer.kind == kind),
        more=tuple(offer for offer in found.more if offer.kind == kind),
    )


def as_plain(answer: Answer) -> dict[str, Any]:
    """The answer for JSON. Offers beyond those shown first are offers too; `counter` only with a wish."""
    found = answer.assessment
    plain: dict[str, Any] = {
        "offers": [plain_offer(offer) for offer in (*found.offers, *found.more)],
        "requests": [plain_offer(offer) for offer in found.requests],
        "refusals": [_plain_refusal(refusal) for refusal in found.refusals],
        "policy_version": found.policy_version,
    }
    if answer.bargain is not None:
        plain["counter"] = _plain_counter(answer.bargain)
    return plain


def plain_offer(offer: Offer) -> dict[str, Any]:
    """An offer for JSON with its whole schedule."""
    return {
        "kind": offer.kind,
        "instalment": yuan(offer.instalment),
        "first_due": offer.first_due.isoformat(),
        "last_due": offer.last_due.isoformat(),
        "count": offer.count,
        "total_to_pay": yuan(offer.total_to_pay),
        "cost_against_now": yuan(offer.cost_against_now),
        "cost_against_doing_nothing": yuan(offer.cost_against_doing_nothing),
        "annualised_cost": percent_of(offer.annualised_cost),
        "lump_sum": yuan(offer.lump_sum),
        "waived": yuan(offer.waived),
        "waived_clause": offer.waived_clause,
        "authority": offer.authority,
        "clauses": list(offer.clauses),
        "notes": list(offer.notes),
        "expires_on": offer.expires_on.isoformat(),
        "hash": content_hash(offer),
        "schedule": plain_rows(offer.schedule),
    }


def _plain_refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "kind": refusal.kind,
        "reason": refusal.reason,
        "clause": refusal.clause,
        "values": dict(refusal.values),
        "shown": refusal.shown,
        "nearest": plain_offer(refusal.nearest) if refusal.nearest else None,
    }


def _plain_counter(result: CounterResult) -> dict[str, Any]:
    return {
        "outcome": result.outcome,
        "stopped_by": result.stopped_by,
        "reason": result.reason,
        "values": dict(result.values),
        "offer": plain_offer(result.offer) if result.offer else None,
        "alternative": plain_offer(result.alternative) if result.alternative else None,
    }


def _print_tables(answer: Answer) -> None:
    found = answer.assessment
    print_table(offers_table("Offers", (*found.offers, *found.more)))
    if found.requests:
        print_table(offers_table("Only a person may grant", found.requests))
    print_table(_refusals_table(tuple(each for each in found.refusals if each.shown)))
    if answer.bargain is not None:
        _print_bargain(answer.bargain)
    console.print(f"Policy {found.policy_version}", highlight=False)


def offers_table(title: str, shown: tuple[Offer, ...]) -> Table:
    """Offers side by side, amounts in yuan."""
    table = Table("Kind", "First due", "Last due", title=title, title_justify="left")
    for name in ("Instalment", "Count", "Total", "Against now", "Against nothing", "Waived", "% a year"):
        table.add_column(name, justify="right")
    for offer in shown:
        table.add_row(
            offer.kind,
            offer.first_due.isoformat(),
            offer.last_due.isoformat(),
            grouped(offer.instalment),
            str(offer.count),
            grouped(offer.total_to_pay),
            grouped(offer.cost_against_now),
            grouped(offer.cost_against_doing_nothing),
            grouped(offer.waived),
            percent_of(offer.annualised_cost),
        )
    return table


def _refusals_table(refusals: tuple[Refusal, ...]) -> Table:
    table = Table("Kind", "Reason", "Clause", title="Refused", title_justify="left")
    for refusal in refusals:
        table.add_row(refusal.kind, refusal.reason, refusal.clause)
    return table


def _print_bargain(result: CounterResult) -> None:
    why = f", stopped by {result.stopped_by} ({result.reason})" if result.stopped_by else ""
    console.print(f"The wishes: {result.outcome}{why}", highlight=False)
    nearest = tuple(offer for offer in (result.offer, result.alternative) if offer is not None)
    if nearest:
        print_table(offers_table("In answer to the wishes", nearest))
