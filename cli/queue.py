"""`respite queue`: who waits for a person, what was said so far, and the talk with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.table import Table

from casestore import desk, handoffs, payment_claims, person_messages
from casestore.desk import BadMessage, NotTaken, RequestsOpen, TakenByAnother, UnknownHandoff
from casestore.handoffs import Handoff
from casestore.messages import Message, titles
from casestore.payment_claims import PaymentClaim
from casestore.types import UNOPENED
from cli.opening import DemoOption, opened
from cli.output import console, local, print_json, print_table, yuan
from cli.usage import refuse

queue_app = typer.Typer(invoke_without_command=True, help="Who waits for a person, and the talk with them.")

Reference = Annotated[str, typer.Argument(help="As `respite queue` lists it, HO-…")]
Staff = Annotated[str, typer.Option(metavar="NAME", help="Who talks with the borrower.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def register(app: typer.Typer) -> None:
    """Add the commands on hand-offs to the staff command."""
    app.add_typer(queue_app, name="queue")


@queue_app.callback()
def show_queue(context: typer.Context, demo: DemoOption = False, as_json: AsJson = False) -> None:
    """List the hand-offs that wait for a person, the most urgent first."""
    if context.invoked_subcommand:
        return
    with opened(demo) as store:
        waiting = handoffs.open_handoffs(store)
    if as_json:
        print_json([_as_json(each) for each in waiting])
        return
    table = Table("Hand-off", "Priority", "Answer due", "Reason", "Case", "Asked", "Call back", "Taken by")
    for each in waiting:
        table.add_row(
            each.reference,
            each.priority,
            local(each.due_at),
            each.reason,
            each.case_reference or "",
            local(each.requested_at),
            _callback(each),
            each.taken_by or "",
        )
    print_table(table)


@queue_app.command("show")
def show(reference: Reference, demo: DemoOption = False, as_json: AsJson = False) -> None:
    """Show what is known of the borrower's situation and what was said so far."""
    with opened(demo) as store, _one_line():
        handoff = desk.find(store, reference)
        messages = desk.transcript(store, reference)
        late = person_messages.undelivered(store, handoff.session_id)
        paid = payment_claims.told_in(store, handoff.session_id)
    if as_json:
        told = {"payments": [_payment_json(each) for each in paid]}
        print_json({**_as_json(handoff), **told, "messages": [_message_json(each) for each in messages]})
        return
    for name, value in [*_known(handoff), *(("Payment to check", _payment(each)) for each in paid)]:
        console.print(f"{name}: {value}", highlight=False, markup=False)
    for author, text, message in _spoken(messages):
        mark = "  (not delivered yet)" if message.seq in late else ""
        console.print(f"{local(message.at)}  {author}: {text}{mark}", highlight=False, markup=False)


@queue_app.command("take")
def take(reference: Reference, staff: Staff, demo: DemoOption = False) -> None:
    """Talk with the borrower from now on; the bot is silent until the hand-off is closed."""
    with opened(demo) as store, _one_line():
        desk.take(store, reference, staff)
    console.print(f"{reference} is yours; the bot is silent.", highlight=False)


@queue_app.command("answer")
def answer(
    reference: Reference,
    text: Annotated[str, typer.Argument(help="What the borrower reads.")],
    staff: Staff,
    demo: DemoOption = False,
) -> None:
    """Write to the borrower, who reads it in the chat they are in."""
    with opened(demo) as store, _one_line():
        desk.answer(store, reference, staff, text)
    console.print(f"{reference}: written to the borrower.", highlight=False)


@queue_app.command("close")
def close(reference: Reference, staff: Staff, demo: DemoOption = False) -> None:
    """End the talk; the bot answers again."""
    with opened(demo) as store, _one_line():
        desk.close(store, reference, staff)
    console.print(f"{reference} is closed; the bot answers again.", highlight=False)


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except (BadMessage, NotTaken, RequestsOpen, TakenByAnother, UnknownHandoff) as problem:
        refuse(str(problem))


def _as_json(handoff: Handoff) -> dict[str, Any]:
    return {
        "reference": handoff.reference,
        "priority": handoff.priority,
        "reason": handoff.reason,
        "requested_at": handoff.requested_at.isoformat(),
        "due_at": handoff.due_at.isoformat(),
        "taken_by": handoff.taken_by,
        "callback_from": handoff.callback.start.isoformat() if handoff.callback else None,
        "callback_until": handoff.callback.end.isoformat() if handoff.callback else None,
        "summary": dict(handoff.summary),
    }


def _message_json(message: Message) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "author": message.author,
        "at": message.at.isoformat(),
        "body": dict(message.body),
    }


def _payment_json(claim: PaymentClaim) -> dict[str, Any]:
    return {
        "reference": claim.reference,
        "amount": None if claim.amount is None else yuan(claim.amount),
        "paid_on": claim.paid_on.isoformat() if claim.paid_on else None,
        "due_at": claim.due_at.isoformat(),
    }


def _payment(claim: PaymentClaim) -> str:
    """What the borrower says was paid, so that it can be looked for in the books."""
    amount = "amount not told" if claim.amount is None else yuan(claim.amount)
    paid_on = f"on {claim.paid_on}" if claim.paid_on else "day not told"
    return f"{claim.reference}, {amount}, {paid_on}, due {local(claim.due_at)}"


def _known(handoff: Handoff) -> Iterator[tuple[str, Any]]:
    """The lines above the conversation, without what nobody has said."""
    yield "Reason", handoff.reason
    yield "Priority", handoff.priority
    yield "Answer due", local(handoff.due_at)
    if handoff.callback:
        yield "Call back", _callback(handoff)
    if handoff.summary is UNOPENED:
        yield "Summary", "can't be opened with any key"
    for name, value in handoff.summary.items():
        if name != "answers" and value is not None:
            yield name.replace("_", " ").capitalize(), value
    for field, value in handoff.summary.get("answers", {}).items():
        yield f"  {field.replace('_', ' ')}", value


def _callback(handoff: Handoff) -> str:
    """When the borrower wants to be called, in the time of the office; empty when not at all."""
    wished = handoff.callback
    return f"{local(wished.start)}–{wished.end.astimezone():%H:%M}" if wished else ""


def _spoken(messages: Iterable[Message]) -> Iterator[tuple[str, str, Message]]:
    """Author, text and message of everything said; a pressed button by the title it had."""
    seen: dict[str, str] = {}
    for message in messages:
        if message.body is UNOPENED:
            yield message.author, f"(message {message.seq} can't be opened with any key)", message
            continue
        seen.update(titles(message.body))
        said = message.body.get("text") or seen.get(str(message.body.get("payload")))
        if said:
            yield message.author, said, message
