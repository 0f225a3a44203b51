"""Skill plan: what is asked of the offers while a choice is open, answered with the choice left open."""

from __future__ import annotations

from actions import cards, offer_facts, small_answers
from actions.forms import Answer, ask_again
from actions.picked_offer import on_table, talked_about
from actions.small_questions import TERM
from actions.turn import Turn

# What the question what a kind of plan is may be taken for, though its words ask no such thing.
NEAR_A_KIND = frozenset({"ask_charges", "ask_balance", "ask_consequences"})


def show_again(turn: Turn) -> Answer | None:
    """All offers once more, for who asks to see them."""
    if turn.entity("offer_wish") != "again" or turn.entities("money"):
        return None
    return Answer({"plan_choice": None, "offers_shown": None})


def tell_of_late(turn: Turn, question: str) -> Answer | None:
    """What comes of an instalment that is paid some days late, for who asks before there is a plan."""
    if not turn.entities("pays_late") or turn.entities("money"):
        return None
    turn.say("utter_late_in_a_plan", breaks=cards.breaking_rule(turn))
    return ask_again(question)


def explain_a_kind(turn: Turn) -> Answer | None:
    """What a kind of plan is, for who asks of it by name: "step up, does it go up for ever?"."""
    kinds = {each["value"] for each in turn.entities("plan_kind")}
    terms = kinds & {each["value"] for each in turn.entities("term")}
    if turn.heard not in NEAR_A_KIND or not turn.asks or not terms or turn.entities("money"):
        return None
    return ask_again("plan_choice") if small_answers.say(turn, TERM) else None


def answer_facts(turn: Turn, question: str) -> Answer | None:
    """What the message asks of the offers, while `question` stays open; None when it asks nothing."""
    return tell_facts(turn, question) if offer_facts.are_asked(turn) else None


def tell_facts(turn: Turn, question: str) -> Answer:
    """The facts that are asked for, while `question` stays open."""
    return Answer({question: None, **offer_facts.tell(turn, on_table(turn), talked_about(turn))})
