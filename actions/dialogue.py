"""Skill dialogue: greetings, what Respite is, language, starting over, consent, hand-off to a person."""

from __future__ import annotations

from typing import Any

from actions import (
    callbacks,
    causes,
    displeasure,
    disputes,
    feedback_words,
    fraud_reports,
    meanings,
    relatives,
    reported_payments,
    resuming,
    told_causes,
    under_plan,
)
from actions.base import RespiteAction
from actions.cancelling import tells_a_value
from actions.complaints import add_afterwards
from actions.contact import say_still_stopped, wants_a_call_back
from actions.contact_wish import NO_CALL, NO_CALL_AT_WORK, wished_channel, wished_hours, work_is_barred
from actions.data_questions import is_about_data
from actions.events import Events, go_to, leave_form, set_slot
from actions.feedback_words import rating_in
from actions.flow import (
    GOAL_BALANCE,
    GOAL_PLAN,
    advance,
    back,
    danger_waits,
    has_consent,
    has_other_agreement,
)
from actions.forms import PATIENCE, Answer, FormValidator, ask_again
from actions.identity import has_no_phone, say_no_phone
from actions.links import notice_link
from actions.looking_again import action_asked_again
from actions.my_data import WITHDRAW, add_number, correct_afterwards, is_of_another
from actions.plain_yes import consent
from actions.small_answers import KEEPS_CONTACT
from actions.small_questions import is_an_opening
from actions.strangers import (
    borrower_takes_over,
    is_a_stranger,
    say_wrong_number,
    writes_for_another,
)
from actions.topics import step_aside
from actions.turn import FALLBACK, Turn
from casestore import agreement, consents, contact_preferences, handoffs, hardship, identity, plan, sessions
from casestore.handoffs import Handoff
from hardship.identity import read_last_four, read_login

LANGUAGES = ("zh", "en")

# Within so many messages of a wish about contact, a number that shall not be called belongs to it.
STILL_OF_CONTACT = 4


class ActionChangeLanguage(RespiteAction):
    """Pins the language the borrower asks for; without one named, switches to the other."""

    action_name = "action_change_language"

    def handle(self, turn: Turn) -> Events:
        wanted = self._wanted(turn)
        sessions.remember(turn.services.store, turn.session.session_id, language=wanted)
        turn.say("utter_language_changed", language=wanted)
        return [set_slot("language_choice", wanted)]

    @staticmethod
    def _wanted(turn: Turn) -> str:
        named = turn.entity("wanted_language")
        if named in LANGUAGES:
            return str(named)
        return next(language for language in LANGUAGES if language != turn.language)


class ActionPauseConversation(RespiteAction):
    """The borrower will come back later; the open form closes, its answers are kept in the case store."""

    action_name = "action_pause_conversation"

    def handle(self, turn: Turn) -> Events:
        if comes_back(turn):
            return go_on(turn)
        turn.say("utter_pause")
        return step_aside(turn) if turn.active_form else []


class ActionRepeatMessage(RespiteAction):
    """Says the open question again; with none open, goes on where the talk was left."""

    action_name = "action_repeat_message"

    def handle(self, turn: Turn) -> Events:
        if again := action_asked_again(turn):
            return [go_to(again)]
        if not turn.active_form and correct_afterwards(turn):
            return []
        if not turn.active_form and (comes_back(turn) or turn.slot("forms_left")):
            return go_on(turn)
        turn.say("utter_repeat")
        if not turn.active_form:
            say_again(turn)
        return []


def say_again(turn: Turn) -> None:
    """The last reply once more, with its buttons: with no question open nothing else repeats it."""
    openings = {turn.phrase(each) for each in ("utter_repeat", "utter_repeat_again")}
    for said in last_reply(turn):
        if said["text"] in openings:
            continue  # who asks twice is told the reply twice, and not twice that it is told again
        turn.dispatcher.utter_message(text=said["text"], buttons=(said.get("data") or {}).get("buttons"))


def last_reply(turn: Turn) -> list[dict[str, Any]]:
    """What the bot said in its last turn, as the tracker's events tell it, in the order it was said."""
    said: list[dict[str, Any]] = []
    for event in reversed(turn.tracker.events):
        if event.get("event") == "bot" and event.get("text"):
            said.insert(0, event)
        elif event.get("event") == "user" and said:
            break
    return said


class ActionGoodbye(RespiteAction):
    """Lets go: an open question is not put again to somebody who leaves; it is kept for their return."""

    action_name = "action_goodbye"

    def handle(self, turn: Turn) -> Events:
        turn.say("utter_goodbye")
        return step_aside(turn) if turn.active_form else []


def comes_back(turn: Turn) -> bool:
    """Whether the borrower says to be back, or asks where the talk was left."""
    return turn.entity("comes_back") is not None


def go_on(turn: Turn) -> Events:
    """The open question, else the form that was left, else the way to a plan, which finds what was kept."""
    if turn.active_form:
        return []
    if turn.slot("forms_left"):
        return back(turn)
    if has_nothing_under_way(turn):
        turn.say("utter_where_we_were")
        return []
    return advance(turn, GOAL_PLAN)


def has_nothing_under_way(turn: Turn) -> bool:
    """Whether the borrower is known, and has begun nothing here or elsewhere that could be gone on with."""
    is_known = turn.session.borrower_id is not None
    case_id = turn.session.case_id
    has_told = case_id is not None and bool(hardship.answers(turn.services.store, case_id))
    has_begun = has_told or turn.slot("goal") == GOAL_PLAN or turn.slot("returning")
    return is_known and not has_begun and resuming.waiting(turn) is None


class ActionAffirm(RespiteAction):
    """A "yes" to no open question: never a second agreement, else on with what was under way."""

    action_name = "action_affirm"

    def handle(self, turn: Turn) -> Events:
        if danger_waits(turn):
            return [go_to("action_danger_waits")]
        if not turn.active_form and add_afterwards(turn):
            return []
        if turn.slot("forms_left"):
            return back(turn)
        if offer_id := _granted_plan(turn):
            return [set_slot("plan_choice", offer_id), go_to("agreement_form")]
        case_id = turn.session.case_id
        made = agreement.for_case(turn.services.store, case_id) if case_id else None
        if made:
            turn.say("utter_agreement_already", reference=made.reference)
            return []
        if resuming.waiting(turn):
            return advance(turn, GOAL_PLAN)
        if turn.slot("goal") or turn.slot("returning"):
            return advance(turn)
        turn.say("utter_none_offered" if case_id and _none_offered(turn, case_id) else "utter_what_next")
        return []


def _none_offered(turn: Turn, case_id: str) -> bool:
    """Whether plans were worked out and none could be offered: "I'll take it" takes nothing then."""
    proposal = plan.current(turn.services.store, case_id)
    return bool(proposal.refusals) and not (proposal.offers or proposal.requests)


def _granted_plan(turn: Turn) -> str | None:
    """The plan a person has granted and the borrower has just heard of, if it is still on the table."""
    case_id, offer_id = turn.session.case_id, turn.slot("countered_option")
    if case_id is None or offer_id is None:
        return None
    granted = [
        each.offer_id
        for each in plan.current(turn.services.store, case_id).offers
        if each.offer.authority == "person"
    ]
    return str(offer_id) if offer_id in granted else None


class ActionMisunderstood(RespiteAction):
    """Nothing was understood outside a form: the closest meanings, in other words please, then a person."""

    action_name = "action_misunderstood"

    def handle(self, turn: Turn) -> Events:
        if danger_waits(turn):
            return [go_to("action_danger_waits")]
        if comes_back(turn):
            return go_on(turn)
        if turn.entity("offer_fact") and has_other_agreement(turn):
            return [go_to("action_ask_agreement_status")]
        if turn.slot("returning"):
            turn.say("utter_welcome_back")
            return [set_slot("returning", None), set_slot("goal", GOAL_PLAN)]
        if again := action_asked_again(turn):
            return [go_to(again)]
        if under_plan.is_still_called(turn):
            return [go_to("action_complain_contact")]
        understood = self._by_its_words(turn)
        return self._not_understood(turn) if understood is None else understood

    def _by_its_words(self, turn: Turn) -> Events | None:
        """What single words of a message tell that is nothing as a whole; None where they tell nothing."""
        if feedback_words.hear_remark(turn) or say_still_stopped(turn) or _adds(turn):
            return [set_slot("misunderstandings", 0)]
        if rating_in(turn) is not None and turn.beside({"give_feedback"}):
            return [go_to("action_give_feedback")]
        if displeasure.hear(turn):
            return []
        if is_an_opening(turn):
            turn.say("utter_go_ahead")
            return [set_slot("misunderstandings", 0)]
        by_number = self._by_person_or_number(turn)
        if by_number is not None:
            return by_number
        wish = turn.entity("data_wish")
        if wish == WITHDRAW or wish and (is_of_another(turn) or is_about_data(turn)):
            return [go_to("action_request_my_data")]
        if turn.entities("fraud_kind") and turn.likeliest == "report_fraud":
            return [go_to("action_report_fraud")]
        if turn.entities("told_party") and turn.likeliest == "complain_disclosure":
            return [go_to("action_complain_disclosure")]
        # "I lost my job and the calls won't stop" says nothing of where to call.
        tells_a_cause = told_causes.surest(turn) is not None
        if (work_is_barred(turn) or _wishes_contact(turn)) and not tells_a_cause:
            return [go_to("action_set_contact_preference")]
        return None

    def _by_person_or_number(self, turn: Turn) -> Events | None:
        """What is said of who writes, of a number, or to correct what was just told; None for the rest."""
        if borrower_takes_over(turn):
            return advance(turn, turn.slot("goal") or GOAL_PLAN)
        tells_a_number = has_no_phone(turn) or bool(turn.entities("phone")) and is_about_data(turn)
        if tells_a_number and add_number(turn):
            return []
        if has_no_phone(turn):
            say_no_phone(turn)
            return []
        if correct_afterwards(turn):
            return []
        if read_login(turn.text) and turn.session.borrower_id is None and not is_of_another(turn):
            return self._begin_with(turn)
        return None

    @staticmethod
    def _not_understood(turn: Turn) -> Events:
        if is_a_stranger(turn):
            say_wrong_number(turn)
            return []
        if writes_for_another(turn):
            relatives.say_what_can_be_done(turn)
            return []
        if turn.slot("forms_left") and tells_a_value(turn):
            # Who went away and comes with a figure or a day answers the question that was open.
            return [set_slot("misunderstandings", 0), *back(turn)]
        story = causes.hear_a_story(turn)
        if story is not None:
            return [set_slot("misunderstandings", 0), *story, *advance(turn, GOAL_PLAN)]
        times = int(turn.slot("misunderstandings") or 0) + 1
        if times > PATIENCE:
            turn.say("utter_offer_person")
        elif not meanings.ask_which(turn):
            turn.say("utter_say_it_differently")
        return [set_slot("misunderstandings", times)]

    @staticmethod
    def _begin_with(turn: Turn) -> Events:
        """A phone or loan number out of the blue: whoever gives it wants to be verified."""
        if not has_consent(turn):
            turn.say("utter_number_after_consent")
            return advance(turn, turn.slot("goal") or GOAL_BALANCE)
        identity.claim(turn.services.store, turn.session.session_id, read_login(turn.text))
        return [set_slot("identity_login", "given"), *advance(turn, turn.slot("goal") or GOAL_BALANCE)]


def _adds(turn: Turn) -> bool:
    """Add the message to what was taken in before, where it tells something of it."""
    takers = (reported_payments.add_afterwards, add_afterwards, disputes.add_afterwards)
    return any(take(turn) for take in takers) or fraud_reports.add_afterwards(turn)


def _wishes_contact(turn: Turn) -> bool:
    """No calls, or another way or time than the one wished in this conversation before."""
    channel = wished_channel(turn)
    if channel in (NO_CALL, NO_CALL_AT_WORK):
        return True
    kept = contact_preferences.of_session(turn.services.store, turn.session.session_id)
    return kept is not None and not kept.stopped and bool(channel or wished_hours(turn))


class ActionCapabilities(RespiteAction):
    """What Respite can do."""

    action_name = "action_capabilities"

    def handle(self, turn: Turn) -> Events:
        turn.say("utter_capabilities")
        return []


class ActionBotIdentity(RespiteAction):
    """That this is software."""

    action_name = "action_bot_identity"

    def handle(self, turn: Turn) -> Events:
        turn.say("utter_bot_identity")
        return []


class ActionOutOfScope(RespiteAction):
    """Kindly, what is talked of here."""

    action_name = "action_out_of_scope"

    def handle(self, turn: Turn) -> Events:
        if displeasure.hear(turn):
            return []
        turn.say("utter_out_of_scope")
        return []


class ActionAskWhatNext(RespiteAction):
    """A "no" or "I don't know" to no open question: what the borrower would like."""

    action_name = "action_ask_what_next"

    def handle(self, turn: Turn) -> Events:
        turn.say("utter_what_next")
        return []


class ActionRequestHuman(RespiteAction):
    """Puts the conversation in the queue of the lender's people and says when to expect an answer.

    The buttons to be called back come here too; they leave an open question open.
    """

    action_name = "action_request_human"

    def handle(self, turn: Turn) -> Events:
        if callbacks.is_chosen(turn):
            callbacks.choose(turn)
            return []
        if _is_of_a_number(turn):
            return [go_to("action_set_contact_preference")]
        callbacks.offer(turn, hand_off(turn, handoffs.ASKED))
        return leave_form()


def _is_of_a_number(turn: Turn) -> bool:
    """ "Not the depot number either" just after a wish about contact wishes for no person."""
    just_wished = turn.acted_within(STILL_OF_CONTACT, KEEPS_CONTACT)
    return just_wished and work_is_barred(turn) and not wants_a_call_back(turn) and turn.heard != FALLBACK


def hand_off(
    turn: Turn, reason: str, priority: str = "normal", response: str = "utter_handed_off"
) -> Handoff:
    """Hand the case to a person and tell the borrower when to expect an answer."""
    policy = turn.services.policy
    handoff = handoffs.request(
        turn.services.store, turn.session.session_id, reason, policy, priority=priority
    )
    turn.say(
        response,
        reference=handoff.reference,
        when=turn.moment(handoff.due_at),
    )
    return handoff


class ActionAskPrivacyConsent(RespiteAction):
    """Shows the privacy notice with its version and asks for consent."""

    action_name = "action_ask_privacy_consent"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        lender = turn.services.policy.lender
        returning = turn.slot("returning")
        if returning:
            turn.say("utter_after_silence")
        turn.say(
            "utter_privacy_notice",
            lender=getattr(lender.name.value, turn.language),
            lender_phone=lender.phone.value,
            version=turn.services.policy.privacy.notice_version.value,
            notice=notice_link(turn.language),
        )
        return [set_slot("returning", None)] if returning else []


class ValidateConsentForm(FormValidator):
    """Agreement to the privacy notice, stored with the version of the notice."""

    form = "consent_form"

    def answer_privacy_consent(self, turn: Turn) -> Answer | None:
        """Yes or no, recorded either way."""
        given = consent(turn)
        names_a_number = read_login(turn.text) or read_last_four(turn.text)
        if given is None and names_a_number and turn.heard == FALLBACK:
            turn.say("utter_number_after_consent")
            return ask_again("privacy_consent")
        if given is None:
            return None
        version = turn.services.policy.privacy.notice_version.value
        consents.record(turn.services.store, turn.session.session_id, "privacy", version, given)
        return Answer({"privacy_consent": "given" if given else "refused"})
