"""Skill rights: what collectors may not do and where to complain; and what follows after any of its forms."""

from __future__ import annotations

from actions.base import RespiteAction
from actions.events import Events, set_slot
from actions.flow import after_called_off, back
from actions.flow_slots import INTAKE_SLOTS
from actions.formats import bullets
from actions.intake import UNVERIFIED
from actions.lender import lender_values
from actions.small_answers import REGULATOR, hotlines, say
from actions.topics import offer_next
from actions.turn import Turn


class ActionAskMyRights(RespiteAction):
    """The limits of collecting and the ways to complain, all from the pack."""

    action_name = "action_ask_my_rights"

    def handle(self, turn: Turn) -> Events:
        if any(each["value"] == REGULATOR for each in turn.entities("asked_about")):
            say(turn, REGULATOR)
            return []
        turn.say("utter_my_rights", rules=bullets(rules(turn)), **lender_values(turn))
        turn.say(
            "utter_where_to_complain",
            hotlines=bullets(hotlines(turn)),
            days=turn.services.policy.legal.complaint_days.value,
            **lender_values(turn),
        )
        return []


def rules(turn: Turn) -> list[str]:
    """What those who collect may not do, as far as the pack has a rule for it."""
    contact = turn.services.policy.contact
    quiet = contact.quiet_hours.value
    said = [
        turn.phrase("utter_rule_quiet", start=f"{quiet.start:%H:%M}", end=f"{quiet.end:%H:%M}"),
        turn.phrase("utter_rule_calls", calls=contact.calls_per_day.value),
        turn.phrase("utter_rule_conduct"),
        turn.phrase("utter_rule_borrowing"),
    ]
    if not contact.third_parties.value:
        said.insert(2, turn.phrase("utter_rule_third_parties"))
    if turn.services.policy.privacy.automated_decision_review.value:
        said.append(turn.phrase("utter_rule_person_decides"))
    return said


class ActionAfterRights(RespiteAction):
    """After a form of this skill: back to what was under way, else what waits, else what comes next."""

    action_name = "action_after_rights"

    def handle(self, turn: Turn) -> Events:
        cleared = [set_slot(name, None) for name in INTAKE_SLOTS]
        if turn.slot("called_off"):
            return [*cleared, *after_called_off(turn)]
        if turn.slot("dispute_words") == UNVERIFIED:
            return cleared  # a yes or no about verification comes next
        if turn.slot("topics_waiting") and not turn.slot("forms_left"):
            return [*cleared, *offer_next(turn)]
        return [*cleared, *back(turn)]
