"""Skill account: "I have paid already": looked up, else noted for a person to check."""

from __future__ import annotations

from datetime import date

from actions import complaints, disputes, fraud_reports, meanings, parts, paying_early, topics
from actions.account import VerifiedAnswer
from actions.account_facts import say_last_payment
from actions.agreed import in_force
from actions.cancelling import is_short
from actions.events import Events, go_to, set_slot
from actions.formats import as_date, bullets
from actions.forms import Answer, FormValidator, ask_again
from actions.intake import GIVEN, TALK_IS_LEFT, is_called_off
from actions.part_answers import say_in_plan
from actions.positions import payments_of
from actions.situation import is_correction
from actions.small_answers import booked_lines
from actions.turn import FALLBACK, NO_TOPIC, NOT_SO, Turn
from casestore import account, payment_claims
from casestore.account import LoanView
from casestore.payment_claims import PaymentClaim

# Within so many messages a day belongs to the payment that was told of.
SOON = 3
# Who looks it up first corrects it a little later.
SOON_CORRECTED = 5
TAKES_PAYMENTS = frozenset({"action_report_paid", "paid_form"})

# The value of `amount_role` for "not", and the characters between it and the day it denies.
BEHIND_NOT = 5

# What the entity `asked_beside` says of a question whether a payment was counted.
IS_BOOKED = "is_booked"

# What a question names that is about something else than the check.
_OF_ELSE = ("money", "date", "term", "offer_fact", "plan_kind")

# As what a question about the check of a payment may be heard.
_ABOUT_THE_CHECK = frozenset({FALLBACK, "report_paid", "dispute_debt"})


class ActionReportPaid(VerifiedAnswer):
    """A payment that is booked is confirmed; one that is not is noted, and what is missing is asked."""

    action_name = "action_report_paid"
    goal = "paid"

    def handle(self, turn: Turn) -> Events:
        if turn.intent == "report_paid" and fraud_reports.is_still_told(turn):
            # Who has just told of a swindle has paid the swindler, and not the loan.
            fraud_reports.add_money_gone(turn)
            return []
        if turn.intent == "report_paid" and not tells_of_paying(turn):
            _take_otherwise(turn)
            return []
        if turn.intent == "report_paid" and parts.is_still_to_be_paid(turn):
            return _wait_for_it(turn)
        return super().handle(turn)

    def answer(self, turn: Turn) -> Events:
        view = account.loan(turn.services.store, str(turn.session.loan_id))
        # After the identity was checked the latest message is the code that was sent, and no amount.
        told = turn.latest_of("report_paid")
        amount = told.entity("money") if told else None
        if told and amount is None and _asks_whether_booked(turn, told, view):
            return [set_slot("goal", None)]
        if amount is not None and _is_booked(turn, view, int(amount)):
            turn.say("utter_paid_booked", amount=turn.money(int(amount)))
            return [set_slot("goal", None)]
        say_last_payment(turn, view)
        claim = note(turn, amount=amount, paid_on=past_day(told) if told else None)
        known = {"paid_amount": claim.amount, "paid_on": claim.paid_on}
        slots = [set_slot(name, None if value is None else GIVEN) for name, value in known.items()]
        if turn.active_form:
            say_noted(turn, claim)
            is_told = None not in known.values()
            return [] if is_told else [*slots, *topics.bring_up(turn, "paid_form")]
        is_anothers = claim.session_id != turn.session.session_id
        if None not in known.values() and not is_anothers:
            say_noted(turn, claim)
            return [*slots, set_slot("goal", None)]
        if is_anothers:
            _say(turn, "utter_paid_being_checked", claim)
        else:
            turn.say("utter_paid_thanks", reference=claim.reference)
        return [*slots, set_slot("goal", self.goal), go_to("paid_form")]


def tells_of_paying(turn: Turn) -> bool:
    """Whether a message holds a word of paying or an amount, or the borrower has picked that meaning."""
    return turn.is_chosen or not turn.typed or bool(turn.entities("paying") or turn.entities("money"))


def _take_otherwise(turn: Turn) -> None:
    """ "A text came, too, I took a screenshot" is of what was told before, else asked about."""
    adds = complaints.add_afterwards(turn) or disputes.add_afterwards(turn)
    if not adds and not meanings.ask_which(turn):
        turn.say("utter_say_it_differently")


def _wait_for_it(turn: Turn) -> Events:
    """Money that somebody is about to send is not on record as sent."""
    turn.say("utter_not_paid_yet")
    made = in_force(turn)
    part = parts.told(turn, made) if made else None
    if made and part:
        say_in_plan(turn, made, part)
    return []


def _asks_whether_booked(turn: Turn, told: Turn, view: LoanView) -> bool:
    """Say which payments are booked to who asks whether one is, and names no amount and no day.

    False where none is booked, or the message asks for nothing: then the payment is noted to be looked for.
    """
    named = any(each["value"] == IS_BOOKED for each in told.entities("asked_beside"))
    received = payments_of(turn, view)
    if not (named and told.asks and received) or past_day(told) is not None:
        return False
    turn.say("utter_paid_is_it_booked", lines=bullets(booked_lines(turn, received)))
    return True


def _is_booked(turn: Turn, view: LoanView, amount: int) -> bool:
    return any(payment.amount == amount for payment in payments_of(turn, view))


def note(turn: Turn, amount: int | None = None, paid_on: date | None = None) -> PaymentClaim:
    """Add what was told to the reported payment."""
    services = turn.services
    minor = None if amount is None else int(amount)
    return payment_claims.claim(
        services.store, turn.session.session_id, minor, paid_on, services.policy, services.today()
    )


def add_afterwards(turn: Turn) -> bool:
    """ "The 20th, about three o'clock", just after a payment was told of, is of it; False otherwise.

    Another day than the one noted changes it only where it is said to be a correction.
    """
    told = payment_claims.told_in(turn.services.store, turn.session.session_id)
    day = past_day(turn)
    is_of_others = turn.entities("contact_channel") or turn.entities("told_party") or turn.asks
    if not told or day is None or is_of_others or not turn.acted_within(SOON, TAKES_PAYMENTS):
        return False
    if told[-1].paid_on not in (None, day) and not is_correction(turn):
        return False
    say_noted(turn, _correct(turn, None, day))
    return True


def correct_afterwards(turn: Turn) -> bool:
    """Change what was just reported: "not 2600, it was 2060"; False where nothing of it is corrected."""
    told = payment_claims.told_in(turn.services.store, turn.session.session_id)
    amounts = [int(each["value"]) for each in turn.entities("money") if not each.get("ambiguous")]
    day = past_day(turn)
    is_of_it = turn.acted_within(SOON_CORRECTED, TAKES_PAYMENTS) and not _is_of_something_else(turn)
    if not told or not is_of_it or not (amounts or day):
        return False
    say_noted(turn, _correct(turn, amounts[-1] if amounts else None, day))
    return True


def _correct(turn: Turn, amount: int | None, paid_on: date | None) -> PaymentClaim:
    return payment_claims.correct(turn.services.store, turn.session.session_id, amount, paid_on)


def say_noted(turn: Turn, claim: PaymentClaim) -> None:
    """What was noted and until when it is checked."""
    _say(turn, "utter_paid_noted", claim)


def _say(turn: Turn, response: str, claim: PaymentClaim) -> None:
    not_told = turn.phrase("utter_not_told")
    turn.say(
        response,
        reference=claim.reference,
        amount=not_told if claim.amount is None else turn.money(claim.amount),
        day=not_told if claim.paid_on is None else turn.day(claim.paid_on),
        when=turn.moment(claim.due_at),
    )


def past_day(turn: Turn) -> date | None:
    """The day of a payment, which lies behind; nothing when several days can be meant."""
    if said := turn.day_gone():
        return said
    today = turn.services.today()
    gone = [day for day in map(as_date, turn.candidates("date")) if day and day <= today]
    return gone[0] if len(gone) == 1 else None


# What a message about the payment itself is taken for; with another meaning its amount is another.
_OF_A_PAYMENT = NO_TOPIC | {"report_paid", "correct_detail", "counter_offer", "promise_to_pay"}


def _is_of_something_else(turn: Turn) -> bool:
    """Whether an amount without a day is one of the income or the rent, and not of the payment."""
    is_another = turn.heard not in _OF_A_PAYMENT or bool(turn.entities("statement_field"))
    return is_another and past_day(turn) is None


def _of_the_way_it_was_paid(turn: Turn, question: str) -> Answer | None:
    """ "By bank transfer" tells how it was paid and asks nothing; the question stays open."""
    return ask_again(question) if turn.heard == "ask_how_to_pay" and not turn.asks else None


def _denied_days(turn: Turn) -> set[int]:
    """Where the days stand, among what was found, that are said not to be meant: "not the 9th"."""
    found = turn.tracker.latest_message.get("entities") or []
    denials = [each["end"] for each in turn.entities("amount_role") if each["value"] == NOT_SO]
    return {
        place
        for place, each in enumerate(found)
        if each.get("entity") == "date" and any(0 <= each["start"] - end <= BEHIND_NOT for end in denials)
    }


class ValidatePaidForm(FormValidator):
    """How much and when, each of which may be left out."""

    form = "paid_form"
    leaves_on = TALK_IS_LEFT

    def asked_back(self, turn: Turn) -> Answer | None:
        """A question that is nothing else is about the check: what becomes of it, what happens meanwhile."""
        told = payment_claims.told_in(turn.services.store, turn.session.session_id)
        if not told or not _asks_of_the_check(turn):
            return self.on_another_day(turn)
        turn.say("utter_paid_check", reference=told[-1].reference, when=turn.moment(told[-1].due_at))
        return ask_again(str(turn.requested_slot))

    def on_another_day(self, turn: Turn) -> Answer | None:
        """ "It says the 12th, not the 9th", while the amount is asked."""
        denied = _denied_days(turn)
        said = turn.without(denied)
        if turn.slot("paid_on") is None or turn.entities("money") or not (denied or is_correction(turn)):
            return None
        day = past_day(said)
        if day is None and said.is_ambiguous("date"):
            turn.say("utter_unclear_date")  # "11/12" is one day here and another there
            return Answer({str(turn.requested_slot): None, "paid_on": None})
        if day is None:
            return None
        _correct(turn, None, day)
        turn.say("utter_paid_day_noted", day=turn.day(day))
        return ask_again(str(turn.requested_slot))

    def correct(self, turn: Turn) -> Answer | None:
        """ "No, it was 900": the amount told before is changed."""
        amount = turn.only("money")
        if turn.requested_slot != "paid_on" or amount is None or _is_of_something_else(turn):
            return None
        payment_claims.correct(turn.services.store, turn.session.session_id, int(amount))
        turn.say("utter_paid_corrected", amount=turn.money(int(amount)))
        return ask_again("paid_on") if past_day(turn) is None else self.answer_paid_on(turn)

    def answer_paid_amount(self, turn: Turn) -> Answer | None:
        """An amount, or not known."""
        if turn.is_ambiguous("money"):
            turn.ask_which_amount()
            return ask_again("paid_amount")
        amount = turn.only("money")
        if len({each["value"] for each in turn.entities("money")}) > 1:
            turn.say("utter_which_payment")
            return ask_again("paid_amount")
        is_of_it = turn.heard in _OF_A_PAYMENT
        day = past_day(turn) if turn.slot("paid_on") is None and is_of_it else None
        if amount is None and day is not None:
            note(turn, paid_on=day)
            turn.say("utter_paid_day_noted", day=turn.day(day))
            return Answer({"paid_amount": None, "paid_on": GIVEN})
        if amount is None and not _left_out(turn):
            return _of_the_way_it_was_paid(turn, "paid_amount")
        claim = note(turn, amount=amount, paid_on=day)
        if day is not None:
            say_noted(turn, claim)
            return Answer({"paid_amount": GIVEN, "paid_on": GIVEN, "goal": None})
        if turn.slot("paid_on") is None:
            return Answer({"paid_amount": GIVEN})
        say_noted(turn, claim)
        return Answer({"paid_amount": GIVEN, "goal": None})

    def answer_paid_on(self, turn: Turn) -> Answer | None:
        """A day that is not to come, or not known."""
        day = past_day(turn)
        if day is None and turn.is_ambiguous("date"):
            turn.say("utter_unclear_date")
            return ask_again("paid_on")
        if day is None and not _left_out(turn):
            return _of_the_way_it_was_paid(turn, "paid_on")
        say_noted(turn, note(turn, paid_on=day))
        return Answer({"paid_on": GIVEN, "goal": None})


def _asks_of_the_check(turn: Turn) -> bool:
    """Whether a question is about the check, and not about what else is owed, or paid early."""
    is_of_else = any(turn.entities(name) for name in _OF_ELSE) or paying_early.words(turn) - {
        paying_early.ASKED
    }
    return turn.asks and turn.heard in _ABOUT_THE_CHECK and not is_of_else and is_short(turn)


def _left_out(turn: Turn) -> bool:
    return turn.intent in ("dont_know", "deny") or is_called_off(turn)
