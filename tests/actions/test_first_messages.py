"""What a person writes first: a trouble and more in one message, or figures before anything was asked."""

from __future__ import annotations

from typing import Any

import pytest

from actions.corrections import ActionCorrectDetail
from actions.dialogue import ActionMisunderstood
from actions.services import Services
from actions.told_facts import cause
from casestore import sessions
from hardship.situations import Cause
from tests.actions.helpers import SESSION, Outcome, Said, run, tracker
from tests.actions.test_hardship import recorded
from tests.actions.test_wishes import turn
from tests.actions.told_beside import said


def surely(intent: str, confidence: float = 0.95) -> dict[str, Any]:
    """What a clause means by itself."""
    return {"intent": intent, "confidence": confidence}


LAID_OFF, LAID_OFF_ZH = "lost my delivery job three weeks ago", "被裁了"


def hear(message: Said) -> Outcome:
    """Hear a message that was not understood as a whole, outside of any form."""
    return run(ActionMisunderstood(), tracker(message))


class TestATroubleAndMore:
    """A clause tells the cause, and since when; the whole is nothing clear."""

    @pytest.mark.parametrize(
        ("text", "clauses", "heard"),
        [
            (
                "被裁了，赔偿都没给全，你们还天天催？？",
                {LAID_OFF_ZH: surely("hardship_job_loss"), "天天催": surely("complain_contact")},
                "utter_heard_job_loss",
            ),
            (
                "my wife is in hospital, and your lot keep ringing me day after day??",
                {"hospital": surely("hardship_illness"), "ringing": surely("complain_contact")},
                "utter_heard_illness",
            ),
        ],
    )
    def test_complains_as_well_and_hears_of_both(
        self, services: Services, text: str, clauses: dict[str, Any], heard: str
    ) -> None:
        outcome = hear(said(text, clauses=clauses, ranking={"complain_contact": 0.4}))
        assert outcome.said == [heard, "utter_complaint_may_follow"]
        assert outcome.followed_by == "consent_form" and outcome.slots["hardship_cause"] == "given"

    @pytest.mark.parametrize(
        ("text", "more"),
        [
            (f"{LAID_OFF}. what can you do for me", "ask_capabilities"),
            (f"{LAID_OFF}, missed the last two payments", "report_missed_instalment"),
            (f"hiya, {LAID_OFF}", "greet"),
        ],
    )
    def test_asks_for_help_or_says_what_came_of_it(self, services: Services, text: str, more: str) -> None:
        clauses = {LAID_OFF: surely("hardship_job_loss", 0.82), "": surely(more, 0.9)}
        assert hear(said(text, clauses=clauses)).said == ["utter_heard_job_loss", "utter_since_noted"]

    def test_a_wish_beside_it_is_noted(self, services: Services) -> None:
        text = "厂子关了，能不能停两个月"
        clauses = {"厂子关了": surely("hardship_job_loss"), "停": surely("request_payment_holiday")}
        outcome = hear(said(text, clauses=clauses))
        assert outcome.said == ["utter_heard_job_loss", "utter_wish_noted"]
        assert outcome.slots["wanted_kind"] == "payment_holiday"

    def test_tells_two_causes_and_the_surer_is_heard(self, services: Services) -> None:
        clauses = {"婆婆": surely("hardship_family_event", 0.98), "辞": surely("hardship_job_loss", 0.9)}
        hear(said("婆婆没人照看，我把活辞了", clauses=clauses))
        assert recorded(services)["cause"] == Cause.FAMILY_EVENT.value

    def test_how_long_it_will_be_asks_after_no_answer(self, services: Services) -> None:
        text = "8月底裁的，投了两百份简历没一个靠谱的。多久能好？你问我我问谁"
        outcome = hear(said(text, clauses={"8月底裁的": surely("hardship_job_loss", 0.85)}))
        assert outcome.said[0] == "utter_heard_job_loss"


class TestWhatIsAskedAboutStill:
    """Two matters, a doubt, or a danger: nothing is taken for a story."""

    @pytest.mark.parametrize(
        ("clauses", "ranking", "care"),
        [
            ({LAID_OFF_ZH: surely("hardship_job_loss", 0.7)}, {}, None),
            ({LAID_OFF_ZH: surely("hardship_job_loss"), "不是": surely("dispute_debt")}, {}, None),
            ({LAID_OFF_ZH: surely("hardship_job_loss"), "不是": surely("accept_offer")}, {}, None),
            ({LAID_OFF_ZH: surely("hardship_job_loss")}, {"out_of_scope": 0.5}, None),
            ({LAID_OFF_ZH: surely("hardship_job_loss")}, {"express_self_harm": 0.2}, None),
            ({LAID_OFF_ZH: surely("hardship_job_loss")}, {}, "distress"),
        ],
    )
    def test_is_no_story(
        self, services: Services, clauses: dict[str, Any], ranking: dict[str, float], care: str | None
    ) -> None:
        outcome = hear(said("被裁了，这笔钱不是我借的", clauses=clauses, ranking=ranking, care=care))
        assert not any(each.startswith("utter_heard") for each in outcome.said)

    def test_a_cause_that_is_asked_about_is_not_told(self, services: Services) -> None:
        text = "有没有被裁的？，我只是问问"
        outcome = hear(said(text, clauses={"被裁": surely("hardship_job_loss")}))
        assert not any(each.startswith("utter_heard") for each in outcome.said)


class TestFiguresFirst:
    """Figures and facts with nothing on record correct nothing: they begin the questions."""

    @pytest.mark.parametrize(
        "text",
        [
            "房贷6800/月，生活费2k出头，车贷1900，没别的了",
            "房租一千二，吃饭八百",
            "rent is 1100 and the car takes 240, that's all of it",
        ],
    )
    def test_begin_the_questions_and_wait_for_the_consent(self, services: Services, text: str) -> None:
        outcome = run(ActionCorrectDetail(), tracker(said(text, "correct_detail")))
        assert outcome.said == ["utter_heard_hardship", "utter_figures_wait"]
        assert outcome.followed_by == "consent_form"
        assert not {"housing", "living_costs"} & set(recorded(services))

    @pytest.mark.parametrize("text", ["rent is 1100 and the car takes 240", "我这房租一千一 别的再说"])
    def test_one_figure_that_is_near_a_correction_begins_them(self, services: Services, text: str) -> None:
        outcome = hear(said(text, ranking={"correct_detail": 0.5}))
        assert outcome.said == ["utter_heard_hardship", "utter_figures_wait"]

    def test_a_fact_begins_them_too(self, services: Services) -> None:
        outcome = run(ActionCorrectDetail(), tracker(said("房子装修贷的，跟生意没关系", "correct_detail")))
        assert outcome.said == ["utter_heard_hardship"] and outcome.followed_by == "consent_form"

    @pytest.mark.parametrize("text", ["这个不对", "that's wrong, change it please"])
    def test_a_correction_that_tells_nothing_is_asked_about(self, services: Services, text: str) -> None:
        outcome = run(ActionCorrectDetail(), tracker(said(text, "correct_detail")))
        assert outcome.said == ["utter_what_to_correct"]
        session = sessions.get(services.store, SESSION)
        assert session is None or session.case_id is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我种柑橘的九月份台风把园子刮了果子全掉了这个钱到期了我现在拿不出来", Cause.DISASTER),
        ("台风把棚掀了这笔钱还不上了", Cause.DISASTER),
        ("这笔钱是台风以后修房子用的", None),
    ],
)
def test_money_that_is_due_does_not_say_what_it_was_for(
    services: Services, text: str, told: Cause | None
) -> None:
    assert cause(turn(services, said(text, "hardship_disaster"))) is told
