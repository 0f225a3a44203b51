"""What is said to each of the small questions of `actions.small_questions`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from actions import small_plan_answers
from actions.agreed import in_force, say_due
from actions.callbacks import working_hours
from actions.cancelling import tells_a_value
from actions.complaint_readback import say_so_far
from actions.formats import bullets
from actions.general_values import general_values
from actions.kept_contact import say_what_is_kept
from actions.lender import lender_values
from actions.positions import payments_of, position_today
from actions.turn import Turn
from actions.wording import exists
from casestore import account, complaints, contact_preferences, data_requests, disputes, handoffs, hardship
from casestore import payment_claims as claims
from casestore.payments import Payment
from hardship.statements import FIELDS as FIGURES

SECRECY, HOURS, PROGRESS, OUTCOME = "secrecy", "working_hours", "progress", "outcome"
MONEY_BACK, MEANWHILE, NOTED, MESSAGE = "money_back", "meanwhile", "noted", "message"
GENUINE, NUMBER_SOURCE, LETTERS = "genuine", "number_source", "letters"
SEIZURE, SEEN_BY, DATA_KEPT = "seizure", "seen_by", "data_kept"
WHO_MUST_PAY, POLICE, WITHOUT_IDENTITY = "who_must_pay", "police", "without_identity"
REGULATOR = "regulator"
HOTLINES = ("bank_complaints", "central_bank", "legal_aid", "local_government")
LIMITATION, FAMILY_RECORD = "limitation", "family_record"
GUARANTOR, MY_GUARANTOR, GUARANTOR_PAID = "guarantor", "my_guarantor", "guarantor_paid"
RECORD_YEARS, RECORD_SHOWS, LEAVING_IT = "record_years", "record_shows", "leaving_it"
SPENDING_NORMAL, WHAT_IT_IS = "spending_normal", "what_it_is"
OWED_NO_LESS = "owed_no_less"
# Answered where somebody speaks of a borrower who is dead; see `actions.small_questions`.
DIED = "died"
GOOD_NEWS = "good_news"
REFUSING_CONSENT, PRIVACY_NOTICE = "refusing_consent", "privacy_notice"

# Answers that are one text, the same for everybody, for the questions of data/lookups/asked_about.yml;
# those of data/questions/ have theirs in data/responses/questions.yml.
_TEXTS = {
    SECRECY: "utter_kept_secret",
    MONEY_BACK: "utter_fraud_money_gone",
    FAMILY_RECORD: "utter_family_record",
    GUARANTOR: "utter_guarantor_called",
    MY_GUARANTOR: "utter_guarantor_called",
    GUARANTOR_PAID: "utter_guarantor_paid",
    "branch": "utter_branch",
    NUMBER_SOURCE: "utter_number_source",
    SEIZURE: "utter_seizure",
    POLICE: "utter_police",
    SEEN_BY: "utter_seen_by",
    "machine_decides": "utter_machine_decides",
    LETTERS: "utter_letters",
    WITHOUT_IDENTITY: "utter_without_identity",
}

# So many of the latest payments are told at once.
MOST_PAYMENTS = 3

# Hand-offs that another matter of the list has made.
_OF_MATTERS = frozenset({"dispute", "payment_claim", data_requests.HANDOFF_REASON})

# Within so many messages of a wish about contact, a question is about that.
SOON = 3
KEEPS_CONTACT = frozenset({"action_set_contact_preference", "preference_form", "action_stop_contact"})

# Within so many messages of a complaint "have you got all that" is about it.
JUST_TOLD = 6
TAKES_COMPLAINTS = frozenset(
    {"action_complain_contact", "action_complain_disclosure", "complaint_form", "disclosure_form"}
)
TELLS_RECORD = frozenset({"action_ask_credit_record"})

KINDS: tuple[complaints.Kind, ...] = ("contact", "disclosure", "impostor")


def has(about: str) -> bool:
    """Whether there is an answer to a question about that."""
    return about in _ANSWERS or exists(_text(about))


def say(turn: Turn, about: str) -> bool:
    """Answer; False when there is nothing to say of it here."""
    if about in _ANSWERS:
        return _ANSWERS[about](turn)
    turn.say(_text(about), **general_values(turn))
    return True


def _text(about: str) -> str:
    return _TEXTS.get(about, f"utter_about_{about}")


def _say_hours(turn: Turn) -> bool:
    turn.say("utter_working_hours", **working_hours(turn), **lender_values(turn))
    return True


def _say_home_visit(turn: Turn) -> bool:
    """What those who come to the door may not do; the hours are the pack's."""
    quiet = turn.services.policy.contact.quiet_hours.value
    hours = {"start": f"{quiet.start:%H:%M}", "end": f"{quiet.end:%H:%M}"}
    turn.say("utter_about_home_visit", **hours, **general_values(turn))
    return True


def say_under_way(turn: Turn) -> bool:
    """What waits for an answer, each with its number and the day; False when nothing does."""
    under_way = list(_under_way(turn))
    if under_way:
        turn.say("utter_under_way", matters=bullets(under_way))
    return bool(under_way)


def _say_reference(turn: Turn) -> bool:
    """What waits, each with its number; else the agreement's, else that nothing has one yet."""
    if say_under_way(turn):
        return True
    if turn.active_form:
        return False
    made = in_force(turn)
    if made is None:
        turn.say("utter_nothing_under_way")
        return True
    return say_due(turn, made)


def _say_how_long(turn: Turn) -> bool:
    """How long an answer takes where one is waited for, else how long this talk does."""
    if not turn.active_form and say_under_way(turn):
        return True
    turn.say("utter_about_how_long_talk", **general_values(turn))
    return True


def say_check(turn: Turn) -> bool:
    """What becomes of a payment told here that is not booked; False when none was."""
    told = claims.told_in(turn.services.store, turn.session.session_id)
    if told:
        turn.say("utter_paid_check", reference=told[-1].reference, when=turn.moment(told[-1].due_at))
    return bool(told)


def _say_genuine(turn: Turn) -> bool:
    """Whether this is the bank; of somebody else who rang or wrote, how to find that out."""
    named = any(each["value"] == "who" for each in turn.entities("complaint_hint"))
    told = named or bool(turn.entities("contact_channel"))
    turn.say("utter_check_caller" if told else "utter_is_genuine", **general_values(turn))
    return True


def _say_limitation(turn: Turn) -> bool:
    """How long a debt can be sued for, and what starts that anew, by the pack."""
    legal = turn.services.policy.legal
    by = "demand" if legal.limitation_restarts_on_demand.value else "payment"
    turn.say(
        "utter_limitation",
        years=legal.limitation_years.value,
        restart=turn.phrase(f"utter_limitation_by_{by}"),
        **general_values(turn),
    )
    return True


def _of_the_record(response: str) -> Callable[[Turn], bool]:
    """Of the credit record, where that is talked about: "how many years" stands in other questions."""

    def say_it(turn: Turn) -> bool:
        named = any(each["value"] == "credit_record" for each in turn.entities("term"))
        heard = turn.heard == "ask_credit_record" or turn.acted_within(SOON, TELLS_RECORD)
        if not (named or heard):
            return False
        turn.say(response, years=turn.services.policy.legal.credit_record_years.value)
        made = in_force(turn) if turn.session.borrower_id else None
        if made is not None:
            turn.say("utter_credit_record_own_plan", reference=made.reference)
        return True

    return say_it


def _say_leaving_it(turn: Turn) -> bool:
    """What comes of leaving this debt while others are paid; who has a plan must keep it."""
    made = in_force(turn)
    if made is None:
        turn.say("utter_leaving_it", **general_values(turn))
    else:
        breaks = turn.phrase(
            "utter_breaks", missed=turn.services.policy.offers.missed_in_a_row_to_break.value
        )
        turn.say("utter_consequences_under_plan", reference=made.reference, breaks=breaks)
    return True


def _say_spending_normal(turn: Turn) -> bool:
    """Whether so much is too much; where a figure is asked for it is that figure."""
    if not turn.entities("statement_field") or turn.requested_slot in FIGURES:
        return False
    turn.say("utter_spending_normal")
    return True


def _say_owed_no_less(turn: Turn) -> bool:
    """Why nothing less seems to be owed after a payment: what it went to, by the borrower's figures."""
    turn.say("utter_part_order", **general_values(turn))
    if turn.session.borrower_id is None or turn.session.loan_id is None:
        turn.say("utter_own_figures_later")
        return True
    made = in_force(turn)
    if made is not None:
        return say_due(turn, made)
    view = account.loan(turn.services.store, str(turn.session.loan_id))
    owed = position_today(turn, view)
    turn.say(
        "utter_owed_no_less",
        fees=turn.money(owed.fees),
        interest=turn.money(owed.interest),
        penalty_interest=turn.money(owed.penalty_interest),
    )
    received = payments_of(turn, view)
    if received:
        turn.say("utter_payments_booked", lines=bullets(booked_lines(turn, received)))
    else:
        turn.say("utter_none_booked_since", day=turn.day(view.loan.as_of))
    return True


def booked_lines(turn: Turn, received: Sequence[Payment]) -> list[str]:
    """The latest payments that are booked, a line for each, the last one first."""
    latest = sorted(received, key=lambda each: each.received, reverse=True)[:MOST_PAYMENTS]
    return [
        turn.phrase("utter_payment_line", day=turn.day(each.received), amount=turn.money(each.amount))
        for each in latest
    ]


def _say_what_it_is(turn: Turn) -> bool:
    """The word of the field that is named; where none is, something else is asked."""
    return bool(turn.entities("term")) and say(turn, "meaning_of_term")


def _say_outcome(turn: Turn) -> bool:
    for complaint in open_complaints(turn):
        turn.say("utter_complaint_outcome", reference=complaint.reference, due=turn.day(complaint.due_on))
        return True
    return say_under_way(turn)


def _say_meanwhile(turn: Turn) -> bool:
    dispute = disputes.open_of(turn.services.store, turn.session.session_id)
    if dispute is None:
        return say_check(turn) or say_under_way(turn)
    response = "utter_meanwhile_on_hold" if dispute.on_hold else "utter_meanwhile_without_hold"
    turn.say(response, reference=dispute.reference, due=turn.day(dispute.due_on))
    return True


def _say_change_later(turn: Turn) -> bool:
    """Of a wish about contact that was just kept, else of a plan."""
    is_of_contact = turn.active_form == "preference_form" or turn.acted_within(SOON, KEEPS_CONTACT)
    response = "utter_contact_can_change" if is_of_contact else "utter_about_change_later"
    turn.say(response, **general_values(turn))
    return True


def _say_who_must_pay(turn: Turn) -> bool:
    """Nobody for another; what is disputed waits for the answer."""
    if disputes.open_of(turn.services.store, turn.session.session_id):
        return _say_meanwhile(turn)
    turn.say("utter_who_must_pay", **general_values(turn))
    return True


def _say_data_kept(turn: Turn) -> bool:
    turn.say(
        "utter_data_kept_how",
        years=turn.services.policy.privacy.retention_years.value,
        **general_values(turn),
    )
    return True


def _say_noted(turn: Turn) -> bool:
    """The wish about contact as it is kept, what waits for an answer, and what was agreed, if anything.

    A complaint is read back as it was taken down, where that was just now.
    """
    kept = contact_preferences.of_session(turn.services.store, turn.session.session_id)
    if kept is not None:
        say_what_is_kept(turn, kept)
    told = open_complaints(turn)
    if told and turn.acted_within(JUST_TOLD, TAKES_COMPLAINTS):
        say_so_far(turn, told[0])
        if len(list(_under_way(turn))) == 1:
            return True
    if not (say_under_way(turn) or kept is not None):
        _say_agreed(turn)
    return True


def _say_agreed(turn: Turn) -> None:
    """The number of what was agreed; with nothing agreed, that no day and no amount is fixed yet."""
    made = in_force(turn)
    if made is None:
        turn.say("utter_about_noted_so_far")
    else:
        turn.say("utter_about_noted_agreed", reference=made.reference)


def _say_regulator(turn: Turn) -> bool:
    """Whom to turn to outside the lender, and nothing but that."""
    turn.say("utter_regulators", hotlines=bullets(hotlines(turn)))
    return True


def hotlines(turn: Turn) -> list[str]:
    """Public numbers by name, as far as the pack has them."""
    known = turn.services.policy.hotlines
    lines = [known[name] for name in HOTLINES if name in known]
    colon = turn.phrase("utter_colon")
    return [f"{getattr(line.name, turn.language)}{colon}{line.number.value}" for line in lines]


def _pass_on(turn: Turn) -> bool:
    """A message for those who handle the case: they read the conversation with the hand-off."""
    services = turn.services
    handed = handoffs.request(services.store, turn.session.session_id, handoffs.ASKED, services.policy)
    turn.say("utter_message_passed_on", reference=handed.reference, when=turn.moment(handed.due_at))
    return True


def _about_consent(response: str) -> Callable[[Turn], bool]:
    """Only while the privacy notice is what one can agree to."""

    def say_it(turn: Turn) -> bool:
        if turn.active_form not in (None, "consent_form") or turn.slot("privacy_consent") == "given":
            return False
        turn.say(response, **general_values(turn))
        return True

    return say_it


def _under_way(turn: Turn) -> Iterator[str]:
    """What waits for an answer, each with its number and the last day for it."""
    for complaint in open_complaints(turn):
        day = turn.day(complaint.due_on)
        yield turn.phrase("utter_under_way_complaint", reference=complaint.reference, due=day)
    dispute = disputes.open_of(turn.services.store, turn.session.session_id)
    if dispute:
        day = turn.day(dispute.due_on)
        response = "utter_under_way_dispute_on_hold" if dispute.on_hold else "utter_under_way_dispute"
        yield turn.phrase(response, reference=dispute.reference, due=day)
    for claim in claims.told_in(turn.services.store, turn.session.session_id):
        when = turn.moment(claim.due_at)
        yield turn.phrase("utter_under_way_payment", reference=claim.reference, due=when)
    for request in data_requests.open_of(turn.services.store, turn.session.session_id):
        when = turn.moment(request.due_at)
        yield turn.phrase("utter_under_way_data", reference=request.reference, due=when)
    handed = handoffs.open_of(turn.services.store, turn.session.session_id)
    if handed and handed.reason not in _OF_MATTERS:
        when = turn.moment(handed.due_at)
        yield turn.phrase("utter_under_way_person", reference=handed.reference, due=when)


def open_complaints(turn: Turn) -> list[complaints.Complaint]:
    """The open complaints of this conversation, the latest first."""
    store, session_id = turn.services.store, turn.session.session_id
    found = [complaints.open_of(store, session_id, kind) for kind in KINDS]
    return sorted(filter(None, found), key=lambda each: each.received_at, reverse=True)


def _say_good_news(turn: Turn) -> bool:
    """Gladness, and how it changes what is on record; where it answers the open question it is an answer."""
    case_id, question = turn.session.case_id, turn.requested_slot
    answers = question is not None and turn.answer_to(question, surely=True) is not None
    if case_id is None or answers or tells_a_value(turn):
        return False
    income_told = "monthly_income" in hardship.answers(turn.services.store, case_id)
    turn.say("utter_good_news_again" if income_told else "utter_good_news")
    return True


_ANSWERS: dict[str, Callable[[Turn], bool]] = {
    GENUINE: _say_genuine,
    RECORD_YEARS: _of_the_record("utter_record_years"),
    RECORD_SHOWS: _of_the_record("utter_record_shows"),
    LEAVING_IT: _say_leaving_it,
    SPENDING_NORMAL: _say_spending_normal,
    WHAT_IT_IS: _say_what_it_is,
    OWED_NO_LESS: _say_owed_no_less,
    LIMITATION: _say_limitation,
    HOURS: _say_hours,
    PROGRESS: _say_reference,
    OUTCOME: _say_outcome,
    MEANWHILE: _say_meanwhile,
    NOTED: _say_noted,
    "change_later": _say_change_later,
    "home_visit": _say_home_visit,
    "how_long_talk": _say_how_long,
    WHO_MUST_PAY: _say_who_must_pay,
    DATA_KEPT: _say_data_kept,
    MESSAGE: _pass_on,
    REGULATOR: _say_regulator,
    GOOD_NEWS: _say_good_news,
    REFUSING_CONSENT: _about_consent("utter_refusing_consent"),
    PRIVACY_NOTICE: _about_consent("utter_privacy_in_short"),
    **small_plan_answers.ANSWERS,
}
