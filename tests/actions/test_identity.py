"""Skill identity."""

from __future__ import annotations

from actions.identity import ActionWrongPerson, ValidateIdentityForm
from actions.services import Services
from casestore import sessions
from tests.actions.helpers import SESSION, Outcome, Said, answer, entity, run, tracker
from tests.conversations.people import Person


def say(text: str, asks: str, **more: object) -> Outcome:
    """Answer an identity question."""
    return answer(ValidateIdentityForm(), Said(text, **more), asks)  # type: ignore[arg-type]


def test_a_phone_is_taken_but_not_kept_in_the_slot(services: Services, person: Person) -> None:
    assert say(person.phone, "identity_login").slots["identity_login"] == "given"


def test_a_text_without_a_number_is_asked_again(services: Services) -> None:
    assert say("就是我呀", "identity_login").slots["identity_login"] is None


def test_known_and_unknown_are_told_the_same(services: Services, person: Person) -> None:
    say(person.phone, "identity_login")
    known = say(person.last_four, "identity_last_four")
    say("13812345678", "identity_login")
    unknown = say(person.last_four, "identity_last_four")
    assert known.messages == unknown.messages and known.events == unknown.events
    assert len(services.sender.codes) == 1  # type: ignore[attr-defined]


def test_the_right_code_verifies(services: Services, person: Person) -> None:
    say(person.phone, "identity_login")
    say(person.last_four, "identity_last_four")
    outcome = say(services.sender.codes[-1], "identity_code")  # type: ignore[attr-defined]
    assert outcome.slots["identity_code"] == "given" and outcome.said == ["utter_identity_verified"]


def test_three_wrong_codes_lock(services: Services, person: Person) -> None:
    say(person.phone, "identity_login")
    say(person.last_four, "identity_last_four")
    right = services.sender.codes[-1]  # type: ignore[attr-defined]
    wrong = "000000" if right != "000000" else "111111"
    assert [say(wrong, "identity_code").said[0] for _ in range(3)] == [
        "utter_identity_mismatch",
        "utter_identity_mismatch",
        "utter_identity_locked",
    ]


def test_a_new_code_can_be_asked_for(services: Services, person: Person) -> None:
    say(person.phone, "identity_login")
    say(person.last_four, "identity_last_four")
    outcome = say("没收到", "identity_code", entities=[entity("identity_request", "new_code")])
    assert outcome.said == ["utter_code_resent"] and outcome.slots["identity_code"] is None


def test_a_wrong_number_can_be_given_again(services: Services, person: Person) -> None:
    outcome = say("号码错了", "identity_code", intent="correct_detail")
    assert outcome.slots["identity_login"] is None


def test_the_wrong_person_is_forgotten_and_told_nothing(services: Services, verified: Person) -> None:
    outcome = run(ActionWrongPerson(), tracker(Said("打错了", "wrong_person"), form="hardship_form"))
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.borrower_id is None and session.case_id is None
    assert outcome.said == ["utter_wrong_person"] and outcome.left_the_form


def test_number_and_last_four_in_one_message_are_both_taken(services: Services, person: Person) -> None:
    outcome = say(f"{person.phone}后四位{person.last_four}", "identity_login")
    assert outcome.said == ["utter_code_on_its_way"]
    assert outcome.slots["identity_login"] == outcome.slots["identity_last_four"] == "given"


def test_the_groups_of_a_spaced_number_are_no_last_four(services: Services, person: Person) -> None:
    spaced = f"{person.phone[:3]} {person.phone[3:7]} {person.phone[7:]}"
    assert "identity_last_four" not in say(spaced, "identity_login").slots


def test_without_the_registered_phone_a_person_is_offered_and_the_question_stays(services: Services) -> None:
    outcome = say("手机丢了", "identity_login", entities=[entity("identity_request", "no_phone")])
    assert outcome.said == ["utter_identity_no_phone"] and outcome.slots["identity_login"] is None


def test_who_speaks_for_the_borrower_learns_nothing_but_what_to_do(services: Services) -> None:
    said = Said("我是他老婆", "wrong_person", entities=[entity("speaks_for", "partner")])
    assert run(ActionWrongPerson(), tracker(said)).said == ["utter_speaks_for_another"]


def test_a_code_with_words_around_it_is_a_code(services: Services, person: Person) -> None:
    say(person.phone, "identity_login")
    say(person.last_four, "identity_last_four")
    code = services.sender.codes[-1]  # type: ignore[attr-defined]
    outcome = say(f"码是 {code} 对不对", "identity_code", intent="correct_detail")
    assert outcome.said == ["utter_identity_verified"]


def test_a_wrong_name_is_no_wrong_person(services: Services) -> None:
    said = Said("my name is spelled wrong", "wrong_person", entities=[entity("data_wish", "correct")])
    assert run(ActionWrongPerson(), tracker(said)).said == ["utter_data_verify"]


def test_somebody_elses_number_is_never_looked_up(services: Services, person: Person) -> None:
    outcome = say(
        f"我留着骗子的号码 {person.phone}", "identity_login", entities=[entity("another_person", "number")]
    )
    assert outcome.said == ["utter_anothers_number"] and outcome.slots["identity_login"] is None


def test_who_wants_anothers_number_gone_is_no_stranger(services: Services, verified: Person) -> None:
    named = [entity("data_wish", "delete"), entity("another_person", "number")]
    outcome = run(ActionWrongPerson(), tracker(Said("把她的号码删了", "wrong_person", entities=named)))
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.borrower_id is not None
    assert outcome.said == ["utter_data_correct"]
