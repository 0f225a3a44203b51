"""Skill hardship: the causes that single clauses of a message tell, however the whole of it is understood."""

from __future__ import annotations

from collections.abc import Iterator

from actions import clauses
from actions.cause_names import CAUSES
from actions.clauses import Clause
from actions.turn import Turn
from hardship.situations import Cause

# From here on a clause tells what it means by itself.
SURELY = 0.8


def surest(turn: Turn) -> Cause | None:
    """The cause of the clause that tells one most surely; None where none does.

    "My mother-in-law has nobody, so I gave up my job" tells two, of which one is kept. A question tells none.
    "My wife is in hospital" is no spending where no amount is named.
    """
    told = _causes(turn, lists=bool(turn.entities("money")))
    said = [(clause.confidence, cause) for clause, cause in told if not clause.asks]
    return max(said, key=lambda each: each[0])[1] if said else None


def by_clauses(turn: Turn) -> set[Cause]:
    """All causes that clauses of the message tell."""
    return {cause for _, cause in _causes(turn, lists=True)}


def _causes(turn: Turn, lists: bool) -> Iterator[tuple[Clause, Cause]]:
    """The clauses that tell a cause; one that names a spending tells none where the message `lists` some."""
    of_the_loan = False
    for clause in clauses.of(turn):
        named_before, of_the_loan = of_the_loan, _has(turn, clause, "loan_use")
        goes_on = named_before and _has(turn, clause, "purpose")
        if of_the_loan or goes_on or lists and _has(turn, clause, "statement_field"):
            continue
        if clause.intent in CAUSES and clause.confidence >= SURELY:
            yield clause, CAUSES[clause.intent]


def _has(turn: Turn, clause: Clause, name: str) -> bool:
    return any(clause.holds(each) for each in turn.entities(name))
