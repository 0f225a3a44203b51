"""What borrowers write beside the questions about rights and agreements, with all the rules find in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.agreement import ValidateAgreementForm
from actions.agreement_life import ActionAskAgreementStatus, ActionCancelAgreement, ValidateChangeForm
from actions.complaint_forms import ValidateComplaintForm, ValidateDisclosureForm
from actions.complaints import ActionComplainContact, ActionComplainDisclosure
from actions.contact import ActionSetContactPreference, ActionStopContact, ValidatePreferenceForm
from actions.dialogue import ActionMisunderstood
from actions.disputes import ActionDisputeDebt, ValidateDisputeForm
from actions.fraud import ActionReportFraud, ValidateFraudForm
from actions.my_data import ActionRequestMyData
from actions.reported_payments import ActionReportPaid
from actions.services import Services
from casestore import agreement, complaints, contact_preferences, disputes, hardship, plan, sessions
from casestore.agreement import AgreementView
from tests.actions.conftest import TODAY
from tests.actions.helpers import SESSION, Said, answer, entity, learnt, money, run, tracker
from tests.actions.told_beside import said
from tests.conversations.people import Person

JUST_RATED = [{"event": "action", "name": "action_give_feedback"}]
JUST_PAYOFF = [{"event": "action", "name": "action_request_early_payoff"}]


@pytest.fixture
def agreed(services: Services, stated: str) -> AgreementView:
    """The borrower has accepted the first offer."""
    offer = plan.propose(services.store, stated, services.policy, TODAY).offers[0]
    answer(
        ValidateAgreementForm(), Said("我接受", "affirm"), "agreement_accepted", plan_choice=offer.offer_id
    )
    session = sessions.get(services.store, SESSION)
    assert session is not None
    made = agreement.status(services.store, str(session.loan_id), TODAY)
    assert made is not None
    return made


def kept_wish(services: Services) -> contact_preferences.ContactPreference | None:
    return contact_preferences.of_session(services.store, SESSION)


class TestSecrecy:
    """Somebody shall not hear of it."""

    @pytest.mark.parametrize(
        "text",
        [
            "我不想让我媳妇知道我来过这里",
            "别让家里人发现",
            "这事不要告诉我爸妈",
            "i really don't want her to find out i wrote to you",
            "please don't tell my husband",
            "my mum mustn't hear about this",
            "能不能别把看病的事跟外人讲",
        ],
    )
    @pytest.mark.parametrize("heard", ["stop_contact", "complain_disclosure", "nlu_fallback"])
    def test_is_no_end_of_contact_and_no_complaint(self, services: Services, text: str, heard: str) -> None:
        action = ActionComplainDisclosure() if heard == "complain_disclosure" else ActionStopContact()
        outcome = run(action, tracker(said(text, heard, confidence=0.8)))
        assert outcome.said == ["utter_secrecy_promised"]
        assert kept_wish(services) is None and not complaints.open_complaints(services.store)

    def test_that_it_was_told_already_is_a_complaint(self, services: Services) -> None:
        text = "我说了别让我老婆知道 你们昨天还是打给她了"
        run(ActionComplainDisclosure(), tracker(said(text, "complain_disclosure")))
        assert len(complaints.open_complaints(services.store)) == 1

    def test_what_only_sounds_like_an_end_of_contact_is_asked_about(self, services: Services) -> None:
        outcome = run(
            ActionStopContact(), tracker(said("i just want some quiet", "stop_contact", confidence=0.7))
        )
        assert outcome.said == ["utter_stop_contact_meant"] and kept_wish(services) is None

    @pytest.mark.parametrize("text", ["不要再给我打电话发短信了", "stop calling and texting me"])
    def test_plain_words_end_contact_however_sure_the_model_is(self, services: Services, text: str) -> None:
        run(ActionStopContact(), tracker(said(text, "stop_contact", confidence=0.6)))
        wish = kept_wish(services)
        assert wish is not None and wish.stopped


class TestContact:
    """When and how to be contacted."""

    @pytest.mark.parametrize(
        "text", ["no calls before nine please", "九点以前别打电话", "no calls after 8pm"]
    )
    def test_an_hour_that_is_refused_stays_in_their_words(self, services: Services, text: str) -> None:
        run(ActionSetContactPreference(), tracker(said(text, "set_contact_preference")))
        wish = kept_wish(services)
        assert wish is not None and (wish.channel, wish.hours, wish.words) == (None, "as_said", text)

    @pytest.mark.parametrize("text", ["weekends no, but a saturday is all right", "周六可以 周日别打"])
    def test_single_days_stay_in_their_words(self, services: Services, text: str) -> None:
        run(ActionSetContactPreference(), tracker(said(text, "set_contact_preference")))
        wish = kept_wish(services)
        assert wish is not None and wish.hours == "as_said"

    def test_weekends_no_refuses_them(self, services: Services) -> None:
        run(ActionSetContactPreference(), tracker(said("weekends no", "set_contact_preference")))
        wish = kept_wish(services)
        assert wish is not None and wish.hours == "not_weekend"

    def test_a_no_that_opens_the_answer_refuses_nothing(self, services: Services) -> None:
        run(ActionSetContactPreference(), tracker(said("text me", "set_contact_preference")))
        answer(ValidatePreferenceForm(), said("no, whatsapp would be better"), "preferred_hours")
        wish = kept_wish(services)
        assert wish is not None and wish.channel == "whatsapp"

    def test_the_phone_at_work_is_named_where_the_way_is_asked(self, services: Services) -> None:
        answer(ValidatePreferenceForm(), said("公司座机别打了 前台都知道了"), "preferred_channel")
        wish = kept_wish(services)
        assert wish is not None and wish.channel == "no_call_at_work"

    def test_what_the_boss_can_not_allow_bars_no_calls(self, services: Services) -> None:
        run(ActionMisunderstood(), tracker(said("老板不能给我预支工资")))
        assert kept_wish(services) is None


class TestComplaint:
    """What is told beside the questions of a complaint."""

    def details(self, services: Services, kind: str = "contact") -> dict[str, str]:
        complaint = complaints.open_of(services.store, SESSION, kind)
        assert complaint is not None
        return dict(complaint.details)

    @pytest.fixture(autouse=True)
    def taken(self, services: Services) -> None:
        """Complaints of both kinds are open."""
        run(ActionComplainContact(), tracker(Said("催收骂人", "complain_contact")))
        text = "你们把我欠钱的事打电话告诉了别人"
        run(ActionComplainDisclosure(), tracker(Said(text, "complain_disclosure")))

    @pytest.mark.parametrize(
        "text", ["不用给我回电 短信告诉我结果", "text me your decision, no phone calls", "结果发短信就行"]
    )
    def test_how_to_be_told_the_result_says_nothing_of_who_it_was(
        self, services: Services, text: str
    ) -> None:
        outcome = answer(ValidateComplaintForm(), said(text, "set_contact_preference"), "complaint_who")
        assert not outcome.events and "who" not in self.details(services)

    def test_no_calls_is_no_way_they_came_by(self, services: Services) -> None:
        text = "let me know by email, no calls"
        answer(ValidateComplaintForm(), said(text, "set_contact_preference"), "complaint_channel")
        assert "channel" not in self.details(services)

    @pytest.mark.parametrize(
        "text", ["a man, didn't say which firm he's with", "女的 哪个公司的没听清", "some bloke, no name"]
    )
    def test_who_it_was_is_taken_though_it_sounds_like_a_question(
        self, services: Services, text: str
    ) -> None:
        answer(ValidateComplaintForm(), said(text, "ask_creditor_contact"), "complaint_who")
        assert self.details(services)["who"] == text

    @pytest.mark.parametrize("text", ["he said he'll wait outside my gym", "说要找人堵我 她说的 还骂我"])
    def test_what_was_said_is_not_who_it_was(self, services: Services, text: str) -> None:
        answer(ValidateComplaintForm(), said(text, "complain_contact"), "complaint_who")
        told = self.details(services)
        assert told["words"] == text and "who" not in told

    def test_a_way_that_opens_the_message_is_how_they_came(self, services: Services) -> None:
        text = "by text, then a letter with my salary slip in it"
        answer(ValidateComplaintForm(), said(text, "report_fraud"), "complaint_who")
        told = self.details(services)
        assert told["channel"] == text and "who" not in told

    def test_an_hour_nobody_remembers_exactly_is_no_question(self, services: Services) -> None:
        text = "有天夜里十一点也打过 是哪天记不清了"
        outcome = answer(ValidateComplaintForm(), said(text, "ask_due_date"), "complaint_channel")
        assert outcome.said == ["utter_complaint_noted"] and self.details(services)["words"] == text

    def test_that_she_spoke_mandarin_changes_no_language(self, services: Services) -> None:
        text = "上礼拜二 说普通话的一个女的"
        answer(ValidateDisclosureForm(), said(text, "change_language"), "disclosure_when")
        assert self.details(services, "disclosure")["when"] == text

    def test_a_feast_to_come_is_no_time_it_was(self, services: Services) -> None:
        answer(ValidateDisclosureForm(), said("打给我妈了", "complain_disclosure"), "disclosure_party")
        text = "邻居全知道了 过年怎么见人"
        answer(ValidateDisclosureForm(), said(text, "complain_disclosure"), "disclosure_when")
        told = self.details(services, "disclosure")
        assert told["party"] == "family" and "when" not in told and text in told["opening"]

    def test_a_recording_is_not_what_was_said(self, services: Services) -> None:
        outcome = answer(ValidateComplaintForm(), said("got the sunday one recorded"), "complaint_words")
        assert outcome.said == ["utter_complaint_evidence"] and "words" not in self.details(services)


def test_who_changes_a_rating_and_praises_has_not_complained(services: Services) -> None:
    text = "no shouting this time, so make it a 4"
    outcome = run(ActionComplainContact(), tracker(said(text, "complain_contact"), before=JUST_RATED))
    assert outcome.said == ["utter_feedback_remark"] and not complaints.open_complaints(services.store)


def test_who_says_once_more_that_it_was_a_swindle_is_asked_which(services: Services) -> None:
    run(ActionReportFraud(), tracker(Said("被骗了", "report_fraud")))
    message = said("i got conned", "report_fraud", answers=learnt("fraud_named", "identity", 0.6))
    outcome = answer(ValidateFraudForm(), message, "fraud_named")
    assert outcome.slots["fraud_named"] is None and disputes.open_of(services.store, SESSION) is None


def test_a_wrong_address_after_a_wish_to_delete_is_a_correction(services: Services, verified: Person) -> None:
    run(
        ActionRequestMyData(),
        tracker(Said("删掉", "request_my_data", entities=[{"entity": "data_wish", "value": "delete"}])),
    )
    message = said(
        "the street you hold isn't mine now",
        "request_my_data",
        answers=learnt("data_wish_named", "correct", 2.0),
    )
    outcome = run(
        ActionRequestMyData(),
        tracker(message, before=[{"event": "action", "name": "action_request_my_data"}]),
    )
    assert outcome.slots["data_wish_named"] == "correct" and outcome.followed_by == "data_form"


@pytest.mark.parametrize(
    "text", ["it's not the whole loan, just those two months", "不是全部都有问题 其中两笔"]
)
def test_a_part_that_is_wrong_disputes_the_amount(services: Services, text: str) -> None:
    run(ActionDisputeDebt(), tracker(Said("账有问题", "dispute_debt")))
    answer(ValidateDisputeForm(), said(text), "ground_named")
    dispute = disputes.open_of(services.store, SESSION)
    assert dispute is not None and dispute.ground == "wrong_amount"


class TestAgreement:
    """An agreement in force, or on its way."""

    @pytest.mark.parametrize("text", ["will this cancel my plan?", "这样协议会不会失效啊"])
    def test_who_fears_its_end_does_not_withdraw(
        self, services: Services, agreed: AgreementView, text: str
    ) -> None:
        outcome = run(ActionCancelAgreement(), tracker(said(text, "cancel_agreement")))
        assert outcome.said == ["utter_about_miss_one"] and outcome.followed_by is None

    @pytest.mark.parametrize(
        ("text", "heard"),
        [
            ("拖到22号行不行", "request_due_date_change"),
            ("先给三百 余下的25号", "nlu_fallback"),
            ("200 now and the rest on the 22nd", "counter_offer"),
        ],
    )
    def test_one_instalment_some_days_later_begins_no_new_talk(
        self, services: Services, agreed: AgreementView, text: str, heard: str
    ) -> None:
        outcome = answer(ValidateChangeForm(), said(text, heard), "change_wanted")
        assert outcome.said == ["utter_pays_late"] and outcome.slots["change_wanted"] is None

    @pytest.mark.parametrize(
        "text",
        [
            "或者扣款日往后挪到15号 平台10号才给我们结账",
            "or move the debit to the 15th",
            "能不能把还款日推到每月15号",
        ],
    )
    def test_the_day_of_the_debit_is_changed_where_that_is_wished(
        self, services: Services, agreed: AgreementView, text: str
    ) -> None:
        outcome = answer(ValidateChangeForm(), said(text, "request_due_date_change"), "change_wanted")
        assert outcome.said[-1] == "utter_change_begins"
        session = sessions.get(services.store, SESSION)
        assert session is not None
        assert hardship.answers(services.store, str(session.case_id))["wish"]["due_day"] == 15

    @pytest.mark.parametrize(
        "text", ["could I pay half now and the rest after payday", "half now, the rest later"]
    )
    def test_half_now_is_of_the_next_instalment(
        self, services: Services, agreed: AgreementView, text: str
    ) -> None:
        outcome = answer(ValidateChangeForm(), said(text, "counter_offer"), "change_wanted")
        assert outcome.said == ["utter_missed_part"] and outcome.slots["change_wanted"] is None

    def test_the_due_day_as_such_is_talked_of_anew(self, services: Services, agreed: AgreementView) -> None:
        text = "改还款日 每个月22号"
        outcome = answer(ValidateChangeForm(), said(text, "request_due_date_change"), "change_wanted")
        assert outcome.slots["change_wanted"] == "given"

    def test_an_instalment_beside_late_wages_is_no_income(
        self, services: Services, agreed: AgreementView
    ) -> None:
        text = "工资又拖了半个月 这期620交不出"
        answer(ValidateChangeForm(), said(text, "report_missed_instalment"), "change_wanted")
        session = sessions.get(services.store, SESSION)
        assert session is not None and session.case_id is not None
        assert hardship.answers(services.store, session.case_id)["monthly_income"] != 134_333

    def test_the_document_comes_once_a_plan_is_accepted(self, services: Services, verified: Person) -> None:
        outcome = run(
            ActionAskAgreementStatus(), tracker(said("协议发我", "ask_agreement_status"), goal="plan")
        )
        assert outcome.said == ["utter_no_agreement_yet"]


class TestPayoff:
    """Questions just after what paying everything off takes."""

    def ask(self, text: str, heard: str = "nlu_fallback") -> list[dict]:
        return run(ActionMisunderstood(), tracker(said(text, heard), before=JUST_PAYOFF)).messages

    @pytest.mark.parametrize("text", ["要是30号还呢", "and what if i pay on the 30th?"])
    def test_another_day_is_worked_out(self, services: Services, verified: Person, text: str) -> None:
        first = self.ask(text)[0]
        assert first["response"] == "utter_payoff_days" and "30" in first["lines"]

    def test_later_takes_more(self, services: Services, verified: Person) -> None:
        lines = self.ask("今天还和28号还差多少钱?", "ask_balance")[0]["lines"].splitlines()
        amounts = [float(line.split("¥")[1].replace(",", "")) for line in lines]
        assert len(amounts) == 2 and amounts[0] < amounts[1]

    @pytest.mark.parametrize(
        ("text", "response"),
        [("我有两万 够吗", "utter_payoff_enough"), ("我有五千 够吗", "utter_payoff_short")],
    )
    def test_whether_a_sum_is_enough(
        self, services: Services, verified: Person, text: str, response: str
    ) -> None:
        message = said(text, ranking={"request_settlement": 0.4})
        outcome = run(ActionMisunderstood(), tracker(message, before=JUST_PAYOFF))
        assert outcome.said == [response]

    def test_check_again_looks_again(self, services: Services, verified: Person) -> None:
        outcome = run(ActionMisunderstood(), tracker(said("could you check again"), before=JUST_PAYOFF))
        assert outcome.followed_by == "action_request_early_payoff"


def test_a_proof_just_after_a_dispute_asks_for_no_data(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(Said("账有问题", "dispute_debt")))
    message = said("转账记录我这里都有 手机银行能下载", "request_my_data")
    outcome = run(
        ActionRequestMyData(), tracker(message, before=[{"event": "action", "name": "dispute_form"}])
    )
    assert outcome.said == ["utter_dispute_added"] and outcome.followed_by is None


def test_not_all_of_it_is_passed_on_in_their_words(services: Services, verified: Person) -> None:
    wish = {"entity": "data_wish", "value": "delete"}
    run(ActionRequestMyData(), tracker(Said("删掉", "request_my_data", entities=[wish])))
    text = "not everything, just what I told you about my health"
    before = [{"event": "action", "name": "action_request_my_data"}]
    outcome = run(ActionRequestMyData(), tracker(said(text, "request_my_data"), before=before))
    assert outcome.said == ["utter_data_narrowed"]


def test_a_long_account_without_a_name_is_not_who_it_was(services: Services) -> None:
    run(ActionComplainContact(), tracker(Said("催收骂人", "complain_contact")))
    text = "I know I'm late and I'm sorry for it, but nobody should be talked to in that tone"
    answer(ValidateComplaintForm(), said(text), "complaint_who")
    complaint = complaints.open_of(services.store, SESSION, "contact")
    assert complaint is not None
    assert "who" not in complaint.details and text in complaint.details["opening"]
    answer(ValidateComplaintForm(), said(f"{text}!"), "complaint_who", misunderstandings=1)
    told = complaints.open_of(services.store, SESSION, "contact")
    assert told is not None and told.details["who"] == ""


def test_the_hour_of_a_payment_just_told_of_is_of_that_payment(services: Services, verified: Person) -> None:
    day = entity("date", (TODAY - timedelta(days=4)).isoformat())
    paid = Said("四天前还了900", "report_paid", entities=[day, money(900)])
    run(ActionReportPaid(), tracker(paid))
    before = [{"event": "action", "name": "action_report_paid"}]
    message = Said("那天上午十点左右的样子", entities=[day])
    assert run(ActionMisunderstood(), tracker(message, before=before)).said == ["utter_paid_noted"]
    other = Said("我15号在外地", entities=[entity("date", (TODAY - timedelta(days=9)).isoformat())])
    assert "utter_paid_noted" not in run(ActionMisunderstood(), tracker(other, before=before)).said


@pytest.mark.parametrize("heard", ["ask_consequences", "cancel_agreement", "nlu_fallback"])
def test_whoever_fears_for_the_agreement_hears_when_it_ends(
    services: Services, agreed: AgreementView, heard: str
) -> None:
    message = said("少交一期算不算违约?", heard)
    outcome = answer(ValidateChangeForm(), message, "change_wanted")
    assert outcome.said == ["utter_about_miss_one"]


def test_a_remark_about_a_recording_goes_with_the_complaint(services: Services) -> None:
    run(ActionComplainContact(), tracker(Said("催收骂人", "complain_contact")))
    message = said("recorded it, most of it", read={"small_question": {"topic": "part_now", "score": 0.3}})
    assert run(ActionMisunderstood(), tracker(message)).said == ["utter_complaint_evidence"]


def test_who_wants_no_contact_is_not_asked_how_any_more(services: Services) -> None:
    message = said("stop contacting me", "stop_contact")
    outcome = run(ActionStopContact(), tracker(message, form="preference_form", asks="preferred_channel"))
    assert outcome.left_the_form


def test_a_time_that_was_not_said_is_read_back_as_not_said(services: Services) -> None:
    message = said("email only", "set_contact_preference")
    outcome = run(ActionSetContactPreference(), tracker(message, form="hardship_form", asks="housing"))
    assert outcome.messages[0]["hours"] == "没有说"


def test_who_insists_on_an_agreement_can_have_a_person_look(services: Services, verified: Person) -> None:
    outcome = run(ActionAskAgreementStatus(), tracker(said("check again please", "ask_agreement_status")))
    assert outcome.said == ["utter_no_agreement", "utter_agreement_not_found"]
