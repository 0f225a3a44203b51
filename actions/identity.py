"""Skill identity: who is speaking, before anything about a debt is said.

The store answers alike for an unknown person, a wrong detail and a locked account; so does every sentence.
"""

from __future__ import annotations

from actions import disputes, follow_ups, small_questions
from actions.base import RespiteAction
from actions.events import Events, set_slot
from actions.flow import GOAL_PLAN, advance
from actions.flow_slots import forget_flow
from actions.forms import Answer, FormValidator, ask_again
from actions.lender import lender_values
from actions.my_data import CORRECT, is_of_another, take_up
from actions.strangers import (
    SPEAKS_FOR,
    borrower_takes_over,
    is_a_stranger,
    say_wrong_number,
    spoke_for_another,
)
from actions.turn import Turn
from casestore import identity, sessions
from casestore.identity import CodeResult
from hardship.identity import read_code, read_last_four, read_last_four_beside_login, read_login


class ValidateIdentityForm(FormValidator):
    """Phone or loan number, the last four of the ID, then a code sent to the phone on file."""

    form = "identity_form"

    def correct(self, turn: Turn) -> Answer | None:
        """Whose registered phone is gone can't get the code; nothing but a person helps then."""
        if not has_no_phone(turn) or read_login(turn.text):
            return None
        say_no_phone(turn)
        return ask_again(str(turn.requested_slot))

    def answer_identity_login(self, turn: Turn) -> Answer | None:
        """A phone or loan number; kept in the case store, not in the tracker."""
        login = read_login(turn.text)
        if login is None:
            return None
        if is_of_another(turn):
            turn.say("utter_anothers_number")
            return ask_again("identity_login")
        identity.claim(turn.services.store, turn.session.session_id, login)
        last_four = read_last_four_beside_login(turn.text)
        return self._begin(turn, last_four) if last_four else Answer({"identity_login": "given"})

    def answer_identity_last_four(self, turn: Turn) -> Answer | None:
        """The last four characters of the ID; a code is then sent if there is someone to send it to."""
        last_four = read_last_four(turn.text)
        return self._begin(turn, last_four) if last_four else None

    @staticmethod
    def _begin(turn: Turn, last_four: str) -> Answer:
        services = turn.services
        identity.begin(
            services.store,
            turn.session.session_id,
            last_four,
            services.policy,
            services.sender,
            turn.language,
        )
        turn.say("utter_code_on_its_way")
        return Answer({"identity_login": "given", "identity_last_four": "given"})

    def answer_identity_code(self, turn: Turn) -> Answer | None:
        """The one-time code, or a wish for a new one or for other details."""
        if turn.entity("identity_request") == "new_code":
            return self._send_again(turn)
        if code := read_code(turn.text, turn.services.policy.identity.code_digits.value):
            return self._check(turn, code)
        if turn.intent == "correct_detail":
            turn.say("utter_identity_again")
            return Answer({"identity_login": None, "identity_last_four": None, "identity_code": None})
        return None

    def _send_again(self, turn: Turn) -> Answer:
        services = turn.services
        identity.resend(
            services.store, turn.session.session_id, services.policy, services.sender, turn.language
        )
        turn.say("utter_code_resent")
        return ask_again("identity_code")

    def _check(self, turn: Turn, code: str) -> Answer:
        result = identity.check(turn.services.store, turn.session.session_id, code, turn.services.policy)
        if result is CodeResult.VERIFIED:
            turn.say("utter_identity_verified")
            return Answer({"identity_code": "given"})
        if result is CodeResult.LOCKED:
            turn.say("utter_identity_locked")
            return Answer({"identity_code": "locked"})
        turn.say("utter_code_expired" if result is CodeResult.EXPIRED else "utter_identity_mismatch")
        return ask_again("identity_code")


def has_no_phone(turn: Turn) -> bool:
    """Whether the message says that the registered phone is lost or its number given up."""
    return any(each["value"] == "no_phone" for each in turn.entities("identity_request"))


def say_no_phone(turn: Turn) -> None:
    """What is left to do without the registered phone."""
    turn.say("utter_identity_no_phone", **lender_values(turn))


class ActionRefuseIdentity(RespiteAction):
    """Why the details are needed and what is never asked for."""

    action_name = "action_refuse_identity"

    def handle(self, turn: Turn) -> Events:
        if is_a_stranger(turn):
            say_wrong_number(turn)  # who is no borrower need not show who they are
            return []
        turn.say("utter_refuse_identity")
        return []


class ActionWrongPerson(RespiteAction):
    """The speaker is not the borrower: learns nothing, and the conversation forgets all it was about."""

    action_name = "action_wrong_person"

    def handle(self, turn: Turn) -> Events:
        if turn.entity("data_wish") == CORRECT or turn.entity("data_wish") and is_of_another(turn):
            # "You have my name wrong", "delete her number" are no "I am somebody else".
            return take_up(turn)
        if borrower_takes_over(turn):
            return advance(turn, turn.slot("goal") or GOAL_PLAN)
        if follow_ups.answer(turn) or disputes.add_denial(turn):
            return []
        asks_for_another = bool(turn.entities(SPEAKS_FOR)) or spoke_for_another(turn)
        sessions.forget(turn.services.store, turn.session.session_id)
        if asks_for_another:
            small_questions.say_only_the_borrower(turn)
        elif is_a_stranger(turn):
            say_wrong_number(turn)
        else:
            turn.say("utter_wrong_person")
        return [*forget_flow(), set_slot("privacy_consent", None)]
