"""Skill hardship: what living takes, where parts of it were told before it was asked for."""

from __future__ import annotations

from actions import figures_told
from actions.figures_told import LIVING
from actions.forms import Answer, ask_again
from actions.statement import record
from actions.turn import Turn


def rest(turn: Turn) -> Answer | None:
    """ "That's all" or "and 300 for the bus": the parts told before, and what is said to be missing.

    One amount without a word for it may be the rest or the whole: that is asked. None where no part was told.
    """
    parts = figures_told.living_parts(turn, with_latest=False)
    so_far = sum(parts.values())
    if not parts or any(each.get("offered") for each in turn.entities("money")):
        return None
    if not turn.entities("money"):
        says_all = turn.intent == "deny" or turn.entities("zero") or turn.entities("living_whole")
        return _keep(turn, so_far) if says_all and not turn.asks else None
    found = figures_told.sums(turn, figures_told.read(turn, LIVING)).get(LIVING)
    clear = [each for each in turn.entities("money") if not each.get("ambiguous")]
    if found is None and len(clear) == 1 and int(clear[0]["value"]) <= so_far:
        amount, field = turn.money(int(clear[0]["value"])), turn.phrase(f"utter_label_{LIVING}")
        turn.say("utter_rest_or_whole", field=field, held=turn.money(so_far), amount=amount)
        return ask_again(LIVING)
    if found is None or found.amount is None or turn.entities("living_whole"):
        return None
    named_before: set[str] = set().union(*parts)
    if not found.words or found.words & named_before:
        return None
    return _keep(turn, so_far + found.amount)


def _keep(turn: Turn, amount: int) -> Answer:
    record(turn, LIVING, amount)
    turn.say("utter_figure_noted", field=turn.phrase(f"utter_label_{LIVING}"), amount=turn.money(amount))
    return Answer({LIVING: "given", "doubted_field": None})
