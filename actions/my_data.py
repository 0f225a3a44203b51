"""Skill rights: the borrower's own data: a copy, corrections, deletion, consent taken back."""

from __future__ import annotations

from actions import dispute_proofs, follow_ups, topics
from actions.base import RespiteAction
from actions.cancelling import is_short
from actions.data_copy import render
from actions.data_questions import is_about_data
from actions.events import Events, go_to, leave_form, set_slot
from actions.flow import advance
from actions.forms import Answer, FormValidator, ask_again, explanation_of
from actions.intake import CALLED_OFF, GIVEN, TALK_IS_LEFT, ended, is_called_off, own_words
from actions.lender import lender_values
from actions.links import copy_link
from actions.strangers import is_a_stranger, say_wrong_number
from actions.turn import FAR, Turn
from casestore import data_requests

GOAL = "data"
COPY, CORRECT, DELETE, WITHDRAW = "copy", "correct", "delete", "withdraw"

# A number or a day tells how it should read.
TELLS_IT = frozenset({"phone", "date", "money"})

# What these say is no longer so; they are asked anew when something needs them.
CONSENTS = ("privacy_consent", "detail_consent", "health_consent")


class ActionRequestMyData(RespiteAction):
    """What may be had without a person is done at once; all but taking consent back needs verification."""

    action_name = "action_request_my_data"

    def handle(self, turn: Turn) -> Events:
        return [] if dispute_proofs.add(turn) else take_up(turn)


def take_up(turn: Turn) -> Events:
    """Do what is wished with the data, or ask what that is; the borrower is verified first."""
    wish = _wish_in(turn) or _wished_before(turn)
    if wish == WITHDRAW:
        withdraw_consent(turn)
        left = leave_form() if turn.active_form else []
        return [*left, set_slot("goal", None), *(set_slot(name, None) for name in CONSENTS)]
    if wish == DELETE and is_a_stranger(turn):
        say_wrong_number(turn)
        return []
    if turn.session.borrower_id is None:
        return _verify_first(turn, wish)
    if wish in (COPY, DELETE):
        serve(turn, str(wish))
        return [] if turn.active_form else [set_slot("goal", None), set_slot("data_wish_named", None)]
    if wish == CORRECT and _goes_with_a_correction(turn):
        _add_correction(turn)
        return []
    if wish == CORRECT and (told := _told_correction(turn)):
        # What is wrong was said with the wish: nobody is asked for it once more.
        ask_person(turn, CORRECT, told)
        return [] if turn.active_form else [set_slot("goal", None), set_slot("data_wish_named", None)]
    if wish is None and is_about_data(turn) and say_all_goes(turn):
        return []
    if turn.active_form:
        told = [set_slot("data_wish_named", wish), set_slot("data_words", None)]
        return [*told, *topics.bring_up(turn, "data_form")]
    slots = {"data_wish_named": wish, "data_words": None, "goal": GOAL}
    return [*(set_slot(name, value) for name, value in slots.items()), go_to("data_form")]


def _told_correction(turn: Turn) -> str:
    """The words that say what is wrong, also those that waited for verification; "" where none do."""
    told = turn if turn.typed and _wish_in(turn) == CORRECT else turn.latest_of("request_my_data")
    return told.typed if told and (is_of_another(told) or tells_what_is_right(told)) else ""


def _verify_first(turn: Turn, wish: str | None) -> Events:
    if turn.active_form:
        turn.say("utter_after_verification")
        if turn.active_form not in topics.INTAKES | {"dispute_form"}:
            return []
        return [set_slot("data_wish_named", wish), topics.waits(turn, topics.DATA)]
    turn.say("utter_data_verify")
    return [set_slot("data_wish_named", wish), *advance(turn, GOAL)]


def _wish_in(turn: Turn) -> str | None:
    """The wish named in the message; without somebody else's number the record is corrected, not deleted."""
    wish = turn.entity("data_wish") or _learnt_correction(turn)
    return CORRECT if wish == DELETE and is_of_another(turn) else wish


def _learnt_correction(turn: Turn) -> str | None:
    """ "My address is wrong, too, I moved in May" in words of its own."""
    learnt = turn.answer_to("data_wish_named") if turn.heard == "request_my_data" else None
    return CORRECT if learnt == CORRECT and turn.score_of("data_wish_named") >= FAR else None


def is_of_another(turn: Turn) -> bool:
    """Whether it is about the number of somebody else: "delete her number"."""
    return any(each["value"] == "number" for each in turn.entities("another_person"))


def tells_what_is_right(turn: Turn) -> bool:
    """Whether a wish to correct something says how it should read: "I moved to 14 Larch Close"."""
    if turn.asks or not turn.typed:
        return False
    return any(turn.entities(name) for name in TELLS_IT) or any(sign.isdigit() for sign in turn.text)


def tells_a_correction(turn: Turn) -> bool:
    """Whether a message just after a correction takes something of it back: "not Ana, Anna"."""
    denies = turn.says_not_so
    takes_back = bool(turn.typed) and (denies or bool(turn.entities("correction")))
    return tells_what_is_right(turn) or takes_back and not turn.asks


def correct_afterwards(turn: Turn) -> bool:
    """Add to the correction that was just told: "that should read 41, not 14"; False where none was."""
    session = turn.session
    if session.borrower_id is None or not is_about_data(turn) or not tells_a_correction(turn):
        return False
    if turn.entities("statement_field") or not _has_open_correction(turn):
        return False
    _add_correction(turn)
    return True


def add_number(turn: Turn) -> bool:
    """ "I changed my number, too": of a verified borrower it is a correction; False for anybody else."""
    if turn.session.borrower_id is None or turn.active_form or turn.asks or not turn.typed:
        return False
    if _has_open_correction(turn):
        _add_correction(turn)
    else:
        ask_person(turn, CORRECT, turn.typed)
    return True


def _goes_with_a_correction(turn: Turn) -> bool:
    """ "And the landline is no longer in use", just after the address was told."""
    tells = bool(turn.typed) and not turn.asks and turn.heard == "request_my_data"
    return tells and is_about_data(turn) and _has_open_correction(turn)


def _has_open_correction(turn: Turn) -> bool:
    open_wishes = data_requests.open_of(turn.services.store, turn.session.session_id)
    return any(each.kind == CORRECT for each in open_wishes)


def _add_correction(turn: Turn) -> None:
    services = turn.services
    asked = data_requests.ask_person(
        services.store, turn.session.session_id, CORRECT, turn.typed, services.policy, services.today()
    )
    turn.say("utter_data_correct_added", reference=asked.reference, when=turn.moment(asked.due_at))


def say_all_goes(turn: Turn) -> bool:
    """ "Calls and notes, too" is in the open wish to delete already; False without one."""
    open_wishes = data_requests.open_of(turn.services.store, turn.session.session_id)
    asked = [each for each in open_wishes if each.kind == DELETE]
    years = turn.services.policy.privacy.retention_years.value
    if asked and turn.says_not_so:
        # "Not all of it, just what I said of my illness": a person reads which part is meant.
        return follow_ups.narrow_deletion(turn)
    if asked:
        turn.say("utter_data_all", reference=asked[-1].reference, years=years)
    return bool(asked)


def _wished_before(turn: Turn) -> str | None:
    """The wish that waited for verification."""
    return turn.slot("data_wish_named") if turn.slot("goal") == GOAL else None


def serve(turn: Turn, wish: str) -> None:
    """Do or pass on what is wished."""
    services, session_id = turn.services, turn.session.session_id
    if wish == COPY:
        made = data_requests.make_copy(
            services.store, session_id, lambda held: render(turn, held), services.policy, services.today()
        )
        turn.say(
            "utter_data_copy",
            reference=made.request.reference,
            link=copy_link(made.token),
            days=services.policy.privacy.copy_link_days.value,
        )
    elif wish == DELETE:
        ask_person(turn, DELETE, "")


def ask_person(turn: Turn, wish: data_requests.Kind, words: str) -> None:
    """Pass a correction or deletion on, with what the law lets go and what it keeps."""
    services = turn.services
    asked = data_requests.ask_person(
        services.store, turn.session.session_id, wish, words, services.policy, services.today()
    )
    turn.say(
        f"utter_data_{wish}",
        reference=asked.reference,
        when=turn.moment(asked.due_at),
        years=services.policy.privacy.retention_years.value,
    )


def withdraw_consent(turn: Turn) -> None:
    """As easy as giving it: done at once, with its effects told."""
    services = turn.services
    done = data_requests.withdraw_consent(
        services.store, turn.session.session_id, services.policy, services.today()
    )
    turn.say("utter_data_withdraw", reference=done.reference, **lender_values(turn))


class ValidateDataForm(FormValidator):
    """Which of the four, and for a correction what is wrong."""

    form = "data_form"
    leaves_on = TALK_IS_LEFT

    def known(self, turn: Turn) -> dict[str, str]:
        """Only a correction needs words."""
        wish = turn.slot("data_wish_named")
        return {"data_words": "not_needed"} if wish not in (None, CORRECT) else {}

    def answer_data_wish_named(self, turn: Turn) -> Answer | None:
        """A copy, a correction, a deletion, or consent taken back."""
        if is_called_off(turn):
            return _leave(turn, "data_wish_named")
        wish = _wish_in(turn) or turn.answer_to("data_wish_named", surely=True)
        if wish is None:
            return None
        if is_of_another(turn):
            ask_person(turn, CORRECT, turn.typed)
            return Answer({"data_wish_named": CORRECT, "data_words": GIVEN, "goal": None})
        if wish == CORRECT:
            return Answer({"data_wish_named": CORRECT})
        done = {"data_wish_named": str(wish), "data_words": "not_needed", "goal": None}
        if wish == WITHDRAW:
            withdraw_consent(turn)
            return Answer(done | dict.fromkeys(CONSENTS))
        serve(turn, str(wish))
        return Answer(done)

    def answer_data_words(self, turn: Turn) -> Answer | None:
        """What is wrong, for a person to correct."""
        if is_called_off(turn):
            return _leave(turn, "data_words")
        if (wish := _wish_in(turn)) in (COPY, DELETE):
            serve(turn, str(wish))
            return ask_again("data_words")
        if _asks_how(turn):
            turn.say(explanation_of("data_words"))
            return ask_again("data_words")
        # "I beg your pardon, that should read 41, not 14" sounds like "I beg your pardon?".
        words = turn.typed if turn.heard == "repeat_message" and tells_a_correction(turn) else own_words(turn)
        if words is None:
            return None
        ask_person(turn, CORRECT, words)
        return Answer({"data_words": GIVEN, "goal": None})


def _asks_how(turn: Turn) -> bool:
    """ "How do I change it?" says nothing of what is wrong."""
    tells = any(sign.isdigit() for sign in turn.text) or turn.heard == "request_my_data"
    return turn.asks and is_short(turn) and not tells


def _leave(turn: Turn, question: str) -> Answer:
    turn.say("utter_data_left")
    answer = ended(question, CALLED_OFF)
    answer.slots["goal"] = None
    return answer
