"""Questions about one's own data, corrections of a correction, and a phone's permissions."""

from __future__ import annotations

import pytest

from actions.account_facts import ActionAskConsequences
from actions.contact import ActionSetContactPreference
from actions.corrections import ActionCorrectDetail
from actions.dialogue import ActionMisunderstood, ActionRepeatMessage
from actions.my_data import ActionRequestMyData, ValidateDataForm
from actions.services import Services
from casestore import consents, contact_preferences, data_requests
from tests.actions.helpers import SESSION, answer, run, tracker
from tests.actions.told_beside import said
from tests.conversations.people import Person

JUST_NOW = [{"event": "action", "name": "action_request_my_data"}]


def asked(services: Services, kind: str) -> str:
    """The words of the open wish of that kind, "" without one."""
    open_ones = [each for each in data_requests.open_requests(services.store) if each.request.kind == kind]
    return open_ones[0].words if open_ones else ""


@pytest.fixture
def corrected(services: Services, verified: Person) -> None:
    """A correction of the address was told."""
    data_requests.ask_person(
        services.store, SESSION, "correct", "14 Larch Close", services.policy, services.today()
    )


@pytest.mark.parametrize(
    "text",
    [
        "通讯录那个授权我想撤回，当初稀里糊涂点的同意",
        "把读取相册和定位的权限取消掉",
        "i want to take back the permission to see my contacts",
        "withdraw consent for access to my location please",
    ],
)
@pytest.mark.parametrize("heard", ["request_my_data", "cancel_agreement"])
def test_a_phones_permission_is_no_consent_to_this_talk(
    services: Services, verified: Person, text: str, heard: str
) -> None:
    outcome = run(ActionRequestMyData(), tracker(said(text, heard)))
    assert outcome.said == ["utter_data_permission"]
    version = services.policy.privacy.notice_version.value
    assert consents.is_given(services.store, SESSION, "privacy", version)


def test_the_permission_is_told_of_while_the_wish_is_asked_for_too(
    services: Services, verified: Person
) -> None:
    message = said("通讯录那个授权我想撤回", "request_my_data")
    assert answer(ValidateDataForm(), message, "data_wish_named").said == ["utter_data_permission"]


@pytest.mark.parametrize(
    "text",
    [
        "how will the copy be sent to me, by post or by email? i would prefer post",
        "副本是寄给我还是发邮件？",
    ],
)
def test_how_a_copy_comes_is_no_way_of_contact(services: Services, verified: Person, text: str) -> None:
    message = said(text, "set_contact_preference")
    outcome = run(ActionSetContactPreference(), tracker(message, before=JUST_NOW))
    assert outcome.said == ["utter_data_copy_how"]
    assert contact_preferences.of_session(services.store, SESSION) is None


@pytest.mark.parametrize(
    "text", ["can you delete everything else once the debt is settled?", "等我还清了以后能把资料都删掉吗"]
)
def test_what_shall_go_once_it_is_settled_is_not_asked_for_now(
    services: Services, verified: Person, text: str
) -> None:
    outcome = run(ActionRequestMyData(), tracker(said(text, "request_my_data")))
    assert outcome.said == ["utter_data_after_payoff"]
    assert data_requests.open_of(services.store, SESSION) == ()


@pytest.mark.parametrize("text", ["how do i withdraw that consent?", "这个同意怎么撤回啊"])
def test_asking_how_consent_is_withdrawn_does_not_withdraw_it(
    services: Services, verified: Person, text: str
) -> None:
    outcome = run(ActionRequestMyData(), tracker(said(text, "request_my_data")))
    assert outcome.said == ["utter_data_how_to_withdraw"]
    assert consents.is_given(services.store, SESSION, "privacy", services.policy.privacy.notice_version.value)


def test_whether_deleting_changes_what_is_paid(services: Services, verified: Person) -> None:
    message = said("删了会影响我还款吗", "ask_consequences")
    outcome = run(ActionAskConsequences(), tracker(message, before=JUST_NOW))
    assert outcome.said == ["utter_data_deleting_changes_nothing"]


@pytest.mark.parametrize("text", ["has the change of address gone through?", "地址改好了没有，改好没？"])
def test_how_far_a_correction_is(services: Services, corrected: None, text: str) -> None:
    assert run(ActionMisunderstood(), tracker(said(text))).said == ["utter_under_way"]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("不好意思，单元写错了，是2单元", ActionCorrectDetail()),
        ("i beg your pardon, that should read 41, not 14", ActionRepeatMessage()),
        ("sorry, i meant number 41", ActionMisunderstood()),
    ],
)
def test_a_slip_in_a_correction_is_mended_in_it(
    services: Services, corrected: None, text: str, action: object
) -> None:
    heard = {"ActionCorrectDetail": "correct_detail", "ActionRepeatMessage": "repeat_message"}
    message = said(text, heard.get(type(action).__name__, "nlu_fallback"))
    outcome = run(action, tracker(message, before=JUST_NOW))  # type: ignore[arg-type]
    assert outcome.said == ["utter_data_correct_added"] and text in asked(services, "correct")


def test_a_slip_is_no_wish_to_hear_the_question_again(services: Services, verified: Person) -> None:
    text = "i beg your pardon, that should read 41, not 14"
    outcome = answer(
        ValidateDataForm(), said(text, "repeat_message"), "data_words", data_wish_named="correct"
    )
    assert outcome.said == ["utter_data_correct"] and text in asked(services, "correct")


def test_what_is_wrong_is_not_asked_for_twice(services: Services, verified: Person) -> None:
    text = "you also have my old address, i moved in september to 14 larch close"
    outcome = run(ActionRequestMyData(), tracker(said(text, "request_my_data")))
    assert outcome.said == ["utter_data_correct"] and text in asked(services, "correct")
    unclear = run(ActionRequestMyData(), tracker(said("我搬家了，地址要改一下", "request_my_data")))
    assert unclear.followed_by == "data_form"


def test_a_new_number_of_a_verified_borrower_is_a_correction(services: Services, verified: Person) -> None:
    message = said("手机号也换了，旧的那个下个月停用")
    message.entities.append({"entity": "identity_request", "value": "no_phone"})
    assert run(ActionMisunderstood(), tracker(message)).said == ["utter_data_correct"]
    assert "手机号也换了" in asked(services, "correct")


def test_a_new_number_of_anybody_else_keeps_the_code_from_coming(services: Services) -> None:
    message = said("手机号也换了")
    message.entities.append({"entity": "identity_request", "value": "no_phone"})
    assert run(ActionMisunderstood(), tracker(message)).said == ["utter_identity_no_phone"]


@pytest.mark.parametrize("text", ["the landline is no longer in use, please remove it", "家里座机也停用了"])
def test_what_is_wrong_besides_goes_with_the_correction(
    services: Services, corrected: None, text: str
) -> None:
    message = said(text, "request_my_data")
    outcome = run(ActionRequestMyData(), tracker(message, before=JUST_NOW))
    assert outcome.said == ["utter_data_correct_added"] and text in asked(services, "correct")
