"""Skill plan."""

from __future__ import annotations

import pytest
from rasa_sdk.executor import CollectingDispatcher
from rich.cells import cell_len

from actions import wishes
from actions.bargaining import ActionRejectOffer, ValidatePlanForm
from actions.offers import (
    ActionAskOfferDetails,
    ActionAskPlanChoice,
    ActionProposePlans,
    ActionRequestPlan,
)
from actions.services import Services
from actions.turn import Turn
from casestore import hardship, plan, sessions
from casestore.plan import Proposal
from hardship.plans.base import Ask
from tests.actions.helpers import SESSION, Outcome, Said, answer, entity, money, run, tracker
from tests.actions.told_beside import said as told


def say(said: Said, **slots: object) -> Outcome:
    """Answer the choice of a plan."""
    return answer(ValidatePlanForm(), said, "plan_choice", offers_shown="given", **slots)


def test_asking_for_a_plan_goes_the_way_of_everybody(services: Services) -> None:
    outcome = run(ActionRequestPlan(), tracker(Said("有什么方案", "request_plan")))
    assert outcome.slots["goal"] == "plan" and outcome.followed_by == "consent_form"


def test_offers_are_worked_out_and_shown(services: Services, stated: str) -> None:
    assert run(ActionProposePlans(), tracker()).followed_by == "plan_form"
    assert plan.current(services.store, stated).offers


def test_without_a_surplus_a_person_takes_over(services: Services, stated: str) -> None:
    hardship.record_answer(services.store, stated, "monthly_income", 100000)
    outcome = run(ActionProposePlans(), tracker())
    assert outcome.said == ["utter_not_affordable"] and outcome.followed_by is None


def test_the_comparison_is_shown_once(services: Services, offered: Proposal) -> None:
    first = run(ActionAskPlanChoice(), tracker())
    assert first.said == ["utter_offers"] and first.slots["offers_shown"] == "given"
    card = first.messages[0]["custom"]
    buttons = [button["payload"] for button in first.messages[0]["buttons"]]
    assert len(card["offers"]) == len(offered.offers) == len(buttons) - 1
    assert buttons[-1] == '/ask_offer_details{"offer_wish": "others"}'
    assert run(ActionAskPlanChoice(), tracker(offers_shown="given")).said == ["utter_choose_plan"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_comparison_says_what_a_plan_costs(services: Services, offered: Proposal, language: str) -> None:
    text = run(ActionAskPlanChoice(), tracker(language=language)).messages[0]["comparison"]
    assert all(f"{o.offer.total_to_pay / 100:,.2f}" in text for o in offered.offers)


def test_a_number_chooses_an_offer(services: Services, offered: Proposal) -> None:
    outcome = say(Said("2", entities=[entity("option_number", 2)]))
    assert outcome.slots["plan_choice"] == offered.offers[1].offer_id


def test_a_number_that_is_not_there_is_asked_again(services: Services, offered: Proposal) -> None:
    outcome = say(Said("9", entities=[entity("option_number", 9)]))
    assert outcome.said == ["utter_which_plan"] and outcome.slots["plan_choice"] is None


def test_an_amount_is_a_counter_offer(services: Services, offered: Proposal) -> None:
    outcome = say(Said("只能还800", "counter_offer", entities=[money(800)]))
    assert outcome.said == ["utter_counter_granted"]
    chosen = say(Said("好", "affirm"), countered_option=outcome.slots["countered_option"])
    assert chosen.slots["plan_choice"] == outcome.slots["countered_option"]


def test_what_was_just_granted_said_again_takes_it(services: Services, offered: Proposal) -> None:
    wish = {"intent": "counter_offer", "entities": [money(800)]}
    granted = say(Said("只能还800", **wish)).slots["countered_option"]
    again = say(Said("那行吧，800这个", **wish), countered_option=granted)
    assert again.said == [] and again.slots["plan_choice"] == granted


def test_too_little_is_answered_with_reason_and_the_nearest(services: Services, offered: Proposal) -> None:
    outcome = say(Said("30块", "counter_offer", entities=[money(30)]))
    assert outcome.said == ["utter_counter_nearest"] and "CN-" in outcome.messages[0]["reason"]


def test_three_rounds_without_agreement_bring_a_person(services: Services, offered: Proposal) -> None:
    said = Said("30块", "counter_offer", entities=[money(30)])
    assert "utter_rounds_over" not in say(said).said + say(said).said
    assert "utter_rounds_over" in say(said).said


def test_a_no_asks_what_is_possible(services: Services, offered: Proposal) -> None:
    assert say(Said("太高了", "reject_offer")).said == ["utter_what_can_you_pay"]


def test_a_corrected_figure_makes_new_offers(services: Services, offered: Proposal, stated: str) -> None:
    said = Said("房租是2900", "correct_detail", entities=[entity("statement_field", "housing"), money(2900)])
    outcome = say(said)
    assert outcome.slots["offers_shown"] is None
    assert plan.current(services.store, stated).offers != offered.offers


def test_details_list_every_instalment(services: Services, offered: Proposal) -> None:
    said = Said("方案1的明细", "ask_offer_details", entities=[entity("option_number", 1)])
    details = run(ActionAskOfferDetails(), tracker(said)).messages[0]["details"]
    assert details.count("第") >= len(offered.offers[0].offer.schedule)


def details(said: Said) -> Outcome:
    """Ask a question about the offers."""
    return run(ActionAskOfferDetails(), tracker(said))


def test_at_most_three_are_shown_and_the_others_when_asked(services: Services, offered: Proposal) -> None:
    assert len(offered.offers) == services.policy.offers.shown_at_most.value and offered.more
    outcome = details(Said("其他方案", "ask_offer_details", entities=[entity("offer_wish", "others")]))
    assert outcome.said == ["utter_other_offers"]
    kinds = [stored.offer.kind for stored in plan.current(services.store, offered_case(services)).offers]
    assert kinds[3:] == [offer.kind for offer in offered.more]


def offered_case(services: Services) -> str:
    """The case of the conversation."""
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.case_id is not None
    return session.case_id


def test_the_others_can_be_asked_for_in_the_middle_of_the_choice(
    services: Services, offered: Proposal
) -> None:
    outcome = say(Said("还有别的吗", "reject_offer", entities=[entity("offer_wish", "others")]))
    assert outcome.said == ["utter_other_offers"] and outcome.slots["plan_choice"] is None


def test_two_plans_are_compared_with_the_difference(services: Services, offered: Proposal) -> None:
    numbers = [entity("option_number", 1), entity("option_number", 3)]
    outcome = details(Said("1和3有什么区别", "ask_offer_details", entities=numbers))
    one, other = offered.offers[0].offer, offered.offers[2].offer
    assert outcome.said == ["utter_difference"]
    assert f"{abs(one.total_to_pay - other.total_to_pay) / 100:,.2f}" in outcome.messages[0]["verdict"]


def test_what_holds_for_an_offer_is_said_without_the_names_of_rules(
    services: Services, offered: Proposal
) -> None:
    """A rule is named where the borrower asks why not; on the card its name would say nothing to them."""
    (waiver,) = [stored.offer for stored in offered.offers if stored.offer.waived]
    card = run(ActionAskPlanChoice(), tracker()).messages[0]["custom"]
    notes = [note for offer in card["offers"] for note in offer["notes"]]
    assert f"减免 ¥{waiver.waived / 100:,.2f}" in notes and waiver.waived_clause not in str(card)


def test_why_not_a_kind_is_answered_with_the_clause(services: Services, offered: Proposal) -> None:
    outcome = details(Said("为什么不能续贷", "ask_offer_details", entities=[entity("plan_kind", "renewal")]))
    assert outcome.said == ["utter_kind_refused"] and "CN-RENEW" in outcome.messages[0]["reason"]


def test_a_kind_that_is_possible_is_shown_when_asked_about(services: Services, offered: Proposal) -> None:
    named = [entity("plan_kind", "payment_holiday")]
    assert details(Said("停还呢", "ask_offer_details", entities=named)).said == ["utter_offer_details"]


def test_why_not_so_long_is_answered_with_what_is_possible(services: Services, offered: Proposal) -> None:
    named = [entity("plan_kind", "payment_holiday"), entity("month_count", 10)]
    outcome = details(Said("为什么不能停十个月", "ask_offer_details", entities=named))
    assert outcome.said == ["utter_kind_refused", "utter_offer_details"]
    assert "CN-PLAN-HOLIDAY-MAX" in outcome.messages[0]["reason"]


def test_why_not_a_kind_in_the_middle_of_the_choice(services: Services, offered: Proposal) -> None:
    named = [entity("plan_kind", "renewal"), entity("offer_wish", "refused")]
    assert say(Said("why can't I get a renewal?", "reject_offer", entities=named)).said == [
        "utter_kind_refused"
    ]


def test_what_is_refused_is_told_with_reasons(services: Services, offered: Proposal) -> None:
    said = Said("哪些方案不行", "ask_offer_details", entities=[entity("offer_wish", "refused")])
    outcome = details(said)
    assert outcome.said == ["utter_all_refusals"] and "CN-PLAN-PERSONAL" in outcome.messages[0]["refusals"]


def test_beside_the_offers_a_refusal_has_a_plain_reason_without_the_name_of_a_rule(
    services: Services, offered: Proposal
) -> None:
    (asked, *_) = run(ActionAskPlanChoice(), tracker()).messages
    (refused, *_) = [each for each in offered.refusals if each.shown]
    assert asked["custom"]["refusals"]["items"] and asked["refusals"].strip()
    assert refused.clause not in str(asked)


def test_refusals_nobody_asked_about_are_not_shown(services: Services, offered: Proposal) -> None:
    shown = run(ActionAskPlanChoice(), tracker()).messages[0]["refusals"]
    hidden = [refusal.clause for refusal in offered.refusals if not refusal.shown]
    assert hidden and not any(clause in shown for clause in hidden)


def test_a_date_that_can_be_read_two_ways_is_asked_about(services: Services, offered: Proposal) -> None:
    unclear = entity("date", None, ambiguous=True, candidates=["2026-12-04", "2026-11-27"])
    assert say(Said("next Friday", "promise_to_pay", entities=[unclear])).said == ["utter_unclear_date"]


def test_a_number_of_months_that_is_a_guess_is_asked_about_and_the_kind_is_kept(
    services: Services, offered: Proposal
) -> None:
    some = entity("month_count", None, ambiguous=True)
    asked = say(Said("停两三个月", "request_payment_holiday", entities=[some]))
    assert asked.said == ["utter_unclear_months"] and asked.slots["wanted_kind"] == "payment_holiday"
    said = Said("3个月", entities=[entity("month_count", 3)])
    answered = tracker(said, form="plan_form", asks="plan_choice", wanted_kind="payment_holiday")
    assert wishes.asked(Turn(CollectingDispatcher(), answered, services)) == Ask(
        kind="payment_holiday", months=3
    )


def test_a_share_that_is_a_guess_is_asked_about(services: Services, offered: Proposal) -> None:
    some = entity("percentage", None, ambiguous=True)
    said = Said("减三四成罚息", "request_charge_waiver", entities=[some])
    assert say(said).said == ["utter_unclear_share"]


def test_a_wish_from_the_start_is_answered_before_the_offers(services: Services, stated: str) -> None:
    hardship.record_answer(services.store, stated, "wish", {"kind": "payment_holiday", "first_due": None})
    outcome = run(ActionProposePlans(), tracker(wanted_kind="payment_holiday"))
    assert outcome.said == ["utter_counter_granted"] and outcome.followed_by == "plan_form"
    assert outcome.slots["wanted_kind"] is None


def test_details_before_any_offer(services: Services) -> None:
    assert run(ActionAskOfferDetails(), tracker()).said == ["utter_no_offers_yet"]


def test_a_no_outside_the_choice_goes_back_to_the_offers(services: Services, offered: Proposal) -> None:
    assert run(ActionRejectOffer(), tracker(Said("不行", "reject_offer"))).said == ["utter_what_can_you_pay"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_a_terminal_the_offers_are_columns_of_a_table(
    services: Services, offered: Proposal, language: str
) -> None:
    at_shell = tracker(language=language, channel="cmdline")
    text = run(ActionAskPlanChoice(), at_shell).messages[0]["comparison"]
    total = next(
        line
        for line in text.splitlines()
        if all(f"{o.offer.total_to_pay / 100:,.2f}" in line for o in offered.offers)
    )
    head, line_below = text.splitlines()[:2]
    # Every figure ends where its column's head ends, counted in cells.
    figures = [f"{o.offer.total_to_pay / 100:,.2f}" for o in offered.offers]
    ends = [cell_len(total[: total.index(figure) + len(figure)]) for figure in dict.fromkeys(figures)]
    assert ends[-1] == cell_len(head) == cell_len(line_below)


def test_in_a_terminal_the_schedule_of_a_plan_is_a_table(services: Services, offered: Proposal) -> None:
    asked = Said("方案1的明细", "ask_offer_details", entities=[entity("option_number", 1)])
    text = run(ActionAskOfferDetails(), tracker(asked, channel="cmdline")).messages[0]["details"]
    rows = [line for line in text.splitlines() if line.count("¥") == 5]
    assert len(rows) == len(offered.offers[0].offer.schedule)
    assert len({cell_len(row) for row in rows}) == 1


def test_giving_in_with_offers_on_the_table_is_no_goodbye(services: Services, offered: Proposal) -> None:
    gives_in = Said("行行行那就这样吧", "goodbye", entities=[entity("settles", "yes")])
    assert say(gives_in).said == ["utter_which_plan"]
    last = offered.offers[0].offer_id
    assert say(gives_in, countered_option=last).slots["plan_choice"] == last


def test_the_longest_can_be_chosen_by_its_length(services: Services, offered: Proposal) -> None:
    longest = max(offered.offers, key=lambda each: each.offer.count)
    said = Said("就那个时间长的", "accept_offer", entities=[entity("offer_fact", "longest")])
    assert say(said).slots["plan_choice"] == longest.offer_id


def test_less_in_the_first_months_is_a_wish_for_rising_instalments(
    services: Services, offered: Proposal
) -> None:
    said = Said(
        "前面三个月能不能再少点",
        ranking={"request_payment_holiday": 0.63, "request_lower_instalments": 0.32},
        entities=[entity("first_months", 3), entity("month_count", 3)],
    )
    asked = say(said)
    assert asked.said == ["utter_which_first_instalments"]
    kept = {"wanted_kind": asked.slots["wanted_kind"]}
    say(Said("四百吧", "counter_offer", entities=[money(400)]), **kept)
    ask = plan.last_ask(services.store, str(sessions.get(services.store, SESSION).case_id))
    assert ask is not None and (ask.kind, ask.months, ask.instalment) == ("step_up", 3, 40000)


def test_so_much_less_is_reckoned_from_the_offer_talked_about(services: Services, offered: Proposal) -> None:
    about = offered.offers[0]
    say(Said("再便宜五十", entities=[entity("less_by", 5000)]), countered_option=about.offer_id)
    ask = plan.last_ask(services.store, str(sessions.get(services.store, SESSION).case_id))
    assert ask is not None and ask.instalment == about.offer.instalment - 5000


class TestPicksWithAWishBeside:
    """A plan is picked, with a day or a month beside it."""

    def test_another_day_is_worked_out_before_the_read_back(
        self, services: Services, offered: Proposal, stated: str
    ) -> None:
        extension = next(o for o in offered.offers if o.offer.kind == "term_extension")
        outcome = say(told(f"方案{extension.option_number}吧，每月18号扣", "accept_offer"))
        chosen = {o.offer_id: o for o in plan.current(services.store, stated).offers}
        made = chosen[outcome.slots["plan_choice"]]
        assert outcome.said == ["utter_choice_so"] and made.offer_id != extension.offer_id
        assert made.offer.kind == "term_extension" and made.offer.schedule[-1].due.day == 18

    @pytest.mark.parametrize("text", ["方案1吧，不过扣款日改成18号", "option 1, but on the 18th please"])
    def test_a_day_the_plan_cannot_have_is_said_and_nothing_is_chosen(
        self, services: Services, offered: Proposal, text: str
    ) -> None:
        outcome = say(told(text, "request_due_date_change"))
        assert outcome.said[0] == "utter_choice_not_so" and outcome.slots["plan_choice"] is None
        assert "utter_other_can_be_so" in outcome.said

    def test_a_later_start_is_not_promised_where_the_contract_goes_on(
        self, services: Services, offered: Proposal
    ) -> None:
        outcome = say(told("方案1，但是从1月15日开始", "accept_offer"))
        assert outcome.said[0] == "utter_choice_not_so" and outcome.slots["plan_choice"] is None

    def test_a_choice_alone_is_read_back_as_it_is(self, services: Services, offered: Proposal) -> None:
        outcome = say(told("方案2吧", "accept_offer"))
        assert outcome.said == [] and outcome.slots["plan_choice"] == offered.offers[1].offer_id


class TestTwoSteps:
    """So much at first, more later."""

    def test_both_amounts_are_in_the_plan(self, services: Services, offered: Proposal, stated: str) -> None:
        outcome = say(told("头四个月500，后面950", "counter_offer"))
        made = plan.current(services.store, stated).offers[-1].offer
        assert outcome.said == ["utter_counter_granted"] and made.kind == "step_up"
        assert made.schedule[3].payment == 50_000 and 50_000 < made.instalment <= 95_000

    def test_the_later_amount_said_anew_leaves_the_first(
        self, services: Services, offered: Proposal, stated: str
    ) -> None:
        say(told("头四个月500，后面950", "counter_offer"))
        say(told("后面改成850", "counter_offer"))
        made = plan.current(services.store, stated).offers[-1].offer
        assert made.schedule[3].payment == 50_000 and made.instalment <= 85_000


def test_another_fact_is_no_yes_to_what_was_just_granted(services: Services, offered: Proposal) -> None:
    granted = say(Said("每月800", "counter_offer", entities=[money(800)])).slots["countered_option"]
    again = say(told("我哥说能打过来八百"), countered_option=granted)
    assert again.slots.get("plan_choice") is None


def test_why_no_more_is_waived_is_told_and_the_choice_stays_open(
    services: Services, offered: Proposal
) -> None:
    waiver = entity("plan_kind", "charge_waiver")
    said = Said(
        "凭什么不能免罚息", "request_charge_waiver", entities=[waiver, entity("offer_wish", "refused")]
    )
    outcome = say(said)
    assert outcome.said == ["utter_why_no_more_waived"] and outcome.slots["plan_choice"] is None
    assert "CN-PLAN-WAIVER" in outcome.messages[0]["clause"]


def test_another_day_keeps_the_sum_that_is_paid_first(
    services: Services, offered: Proposal, stated: str
) -> None:
    first = say(told("我先还2000，剩下分期", "counter_offer"))
    outcome = say(
        told("扣款日能放到19号吗", "request_due_date_change"),
        countered_option=first.slots["countered_option"],
    )
    made = next(
        o.offer
        for o in plan.current(services.store, stated).offers
        if o.offer_id == outcome.slots["countered_option"]
    )
    assert made.lump_sum == 200_000 and made.schedule[-1].due.day == 19
