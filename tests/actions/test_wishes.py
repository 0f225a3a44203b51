"""What a borrower asks for, read from a message and remembered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import wishes
from actions.offers import ActionRequestPlan
from actions.services import Services
from actions.turn import Turn
from casestore import hardship, sessions
from hardship.plans.base import Ask
from tests.actions.helpers import SESSION, Said, entity, run, tracker
from tests.actions.told_beside import said as told


def turn(services: Services, said: Said, **slots: object) -> Turn:
    """The turn of a message."""
    return Turn(CollectingDispatcher(), tracker(said, **slots), services)  # type: ignore[arg-type]


def at(text: str, part: str, name: str, value: object) -> dict[str, Any]:
    """An entity where `part` stands in `text`."""
    return entity(name, value, start=text.index(part), end=text.index(part) + len(part))


def test_a_pause_is_asked_for_with_its_months(services: Services) -> None:
    said = Said("能不能先停三个月", "request_payment_holiday", entities=[entity("month_count", 3)])
    assert wishes.asked(turn(services, said)) == Ask(kind="payment_holiday", months=3)


def test_a_kind_without_an_intent_is_known_by_its_name(services: Services) -> None:
    said = Said("我想展期", "request_lower_instalments", entities=[entity("plan_kind", "term_extension")])
    assert wishes.asked(turn(services, said)) == Ask(kind="term_extension")


def test_the_name_that_fits_the_meaning_wins(services: Services) -> None:
    named = [entity("plan_kind", "settlement"), entity("plan_kind", "charge_waiver")]
    said = Said("一次结清能减免吗", "request_settlement", entities=named)
    assert wishes.kind_named(turn(services, said)) == "settlement"


def test_the_day_of_the_month_is_the_new_due_day(services: Services) -> None:
    said = Said("改到每月25号", "request_due_date_change", entities=[entity("date", "2026-11-25")])
    assert wishes.asked(turn(services, said)) == Ask(kind="due_date_change", due_day=25)


def test_a_bare_number_answers_the_question_for_the_day(services: Services) -> None:
    said = Said("25", entities=[entity("money", 2500, start=0, end=2)])
    asked = wishes.asked(turn(services, said, wanted_kind="due_date_change"))
    assert asked == Ask(kind="due_date_change", due_day=25)


def test_a_bare_day_is_the_new_due_day_when_that_was_asked_and_no_promise(services: Services) -> None:
    said = Said("20号", "promise_to_pay", entities=[entity("date", "2026-12-20")])
    asked = wishes.asked(turn(services, said, wanted_kind="due_date_change"))
    assert asked == Ask(kind="due_date_change", due_day=20)


def test_the_sum_of_a_settlement_is_one_payment(services: Services) -> None:
    said = Said("八千一次结清", "request_settlement", entities=[entity("money", 800000, start=0, end=2)])
    assert wishes.asked(turn(services, said)) == Ask(kind="settlement", lump_sum=800000)


def test_an_amount_answers_the_question_for_the_sum(services: Services) -> None:
    said = Said("8000", "nlu_fallback", entities=[entity("money", 800000, start=0, end=4)])
    asked = wishes.asked(turn(services, said, wanted_kind="settlement"))
    assert asked == Ask(kind="settlement", lump_sum=800000)


def test_an_amount_a_month_is_no_answer_to_that_question(services: Services) -> None:
    text = "每个月还800"
    found = [at(text, "每个月", "pay_rhythm", "monthly"), at(text, "800", "money", 80000)]
    asked = wishes.asked(
        turn(services, Said(text, "counter_offer", entities=found), wanted_kind="settlement")
    )
    assert asked == Ask(instalment=80000)


def test_one_amount_now_and_one_a_month(services: Services) -> None:
    text = "1000 now and 500 a month"
    found = [
        at(text, "1000", "money", 100000),
        at(text, "now", "pay_rhythm", "now"),
        at(text, "500", "money", 50000),
        at(text, "a month", "pay_rhythm", "monthly"),
    ]
    asked = wishes.asked(turn(services, Said(text, "counter_offer", entities=found)))
    assert asked == Ask(lump_sum=100000, instalment=50000)


def test_a_waiver_names_how_much(services: Services) -> None:
    said = Said("罚息减50", "request_charge_waiver", entities=[entity("money", 5000, start=3, end=5)])
    assert wishes.asked(turn(services, said)) == Ask(kind="charge_waiver", waive=True, waiver=5000)


def test_a_waiver_comes_on_top_of_an_instalment(services: Services) -> None:
    text = "减免罚息的话每月还900"
    found = [
        at(text, "减免罚息", "plan_kind", "charge_waiver"),
        at(text, "每月", "pay_rhythm", "monthly"),
        at(text, "900", "money", 90000),
    ]
    asked = wishes.asked(turn(services, Said(text, "counter_offer", entities=found)))
    assert asked == Ask(waive=True, instalment=90000)


@pytest.mark.parametrize(
    ("intent", "field", "expected"),
    [("request_charge_waiver", "waiver", 2550), ("request_settlement", "lump_sum", 585350)],
)
def test_a_share_is_a_share_of_what_it_is_about(
    services: Services, verified: object, intent: str, field: str, expected: int
) -> None:
    said = Said("一半", intent, entities=[entity("percentage", "50", start=0, end=2)])
    asked = wishes.asked(turn(services, said))
    assert asked is not None and getattr(asked, field) == expected


def test_a_promise_names_its_day(services: Services) -> None:
    said = Said("周五还", "promise_to_pay", entities=[entity("date", "2026-11-27")])
    assert wishes.asked(turn(services, said)) == Ask(kind="promise_to_pay", first_due=date(2026, 11, 27))


def test_a_message_without_a_wish_asks_for_nothing(services: Services) -> None:
    assert wishes.asked(turn(services, Said("好的", "affirm"))) is None


@pytest.mark.parametrize("kind", ["settlement", "due_date_change"])
def test_some_kinds_need_a_figure(kind: str) -> None:
    assert wishes.missing_figure(Ask(kind=kind)) == wishes.NEEDED_FIGURE[kind]
    assert wishes.missing_figure(Ask(kind=kind, lump_sum=1, due_day=1)) is None


def test_a_wish_from_the_start_is_kept_in_the_case_and_only_its_kind_in_a_slot(services: Services) -> None:
    said = Said("能不能先停三个月", "request_payment_holiday", entities=[entity("month_count", 3)])
    outcome = run(ActionRequestPlan(), tracker(said))
    assert outcome.slots["wanted_kind"] == "payment_holiday" and outcome.followed_by == "consent_form"
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.case_id is not None
    assert hardship.answers(services.store, session.case_id)["wish"]["months"] == 3
    remembered = wishes.recall(turn(services, Said(), wanted_kind="payment_holiday"))
    assert remembered == Ask(kind="payment_holiday", months=3)


def test_a_wish_while_questions_are_open_is_noted_and_the_question_stays(
    services: Services, stated: str
) -> None:
    said = Said("只还利息行吗", "request_interest_only")
    outcome = run(ActionRequestPlan(), tracker(said, form="hardship_form", asks="housing"))
    assert outcome.said == ["utter_wish_noted"] and outcome.followed_by is None


def test_an_answered_wish_is_not_recalled(services: Services, stated: str) -> None:
    assert wishes.recall(turn(services, Said())) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("还款日放18号，我16号发工资", 18),
        ("make it the 28th, my wages come on the 25th", 28),
        ("我12号才发工资，6号扣不到的", 12),
        ("could it be the 4th, my wages come on the 30th", 4),
    ],
)
def test_pay_day_is_told_beside_the_day_wished_for(services: Services, text: str, day: int) -> None:
    asked = wishes.asked(turn(services, told(text, "request_due_date_change")))
    assert asked == Ask(kind="due_date_change", due_day=day)


def test_low_first_and_more_later(services: Services) -> None:
    asked = wishes.asked(turn(services, told("350 for the first five months then 800", "counter_offer")))
    assert asked == Ask(kind="step_up", instalment=35000, months=5, later=80000)


def test_the_rest_over_some_months_is_added_to_what_is_paid_now(services: Services, stated: str) -> None:
    wishes.remember(turn(services, Said("")), Ask(lump_sum=50000))
    now = turn(services, told("the rest over five months"), wanted_kind=wishes.ANY_KIND)
    assert wishes.with_earlier(now, Ask(months=5)) == Ask(lump_sum=50000, months=5)


def test_a_question_with_a_day_in_it_wishes_for_nothing(services: Services) -> None:
    assert wishes.asked(turn(services, told("is anybody going to ring me in two years?"))) is None


def test_a_sum_that_comes_later_is_no_instalment(services: Services) -> None:
    text = "450 a month over 20 months and then 5000 when the bonus comes in April"
    assert wishes.asked(turn(services, told(text, "counter_offer"))) == Ask(instalment=45000, months=20)


def test_a_new_rent_beside_the_wish_is_not_wished_for(services: Services) -> None:
    said = told("620 is too tight, my rent goes up to 2150", "counter_offer")
    asked = wishes.asked(turn(services, said))
    assert asked is not None and asked.instalment == 62000


def test_a_spending_that_is_paused_is_no_wish_for_a_pause(services: Services) -> None:
    words = [entity("statement_field", "living_costs", start=2, end=5)]
    pause = [entity("plan_kind", "payment_holiday", start=5, end=7)]
    said = Said("孩子补习班先停", "hardship_family_event", entities=[*words, *pause])
    assert wishes.told_beside(turn(services, said)) is None


@pytest.mark.parametrize("text", ["再多也就两万八，真没了", "28,000 is the most I can find"])
def test_more_than_all_that_is_owed_is_no_instalment(services: Services, stated: str, text: str) -> None:
    asked = wishes.asked(turn(services, told(text, "counter_offer")))
    assert asked == Ask(kind="settlement", lump_sum=2_800_000)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("能不能平时少交一点等明年十一月份卖了果子再多还", True),
        ("Could we do smaller payments til January then go back to normal", True),
        ("淡季少还点旺季多还点行吗", False),
        ("pay a bit less now and make it up once the season starts", False),
    ],
)
def test_less_now_and_more_later_begins_lower_and_not_on_that_day(
    services: Services, stated: str, text: str, until: bool
) -> None:
    ask = wishes.asked(turn(services, told(text, "request_lower_instalments")))
    assert ask is not None and (ask.kind, ask.first_due) == ("step_up", None)
    assert (ask.months is not None) is until
