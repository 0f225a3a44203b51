"""A question for an amount, a day or a code brings a field for it; own words are always possible too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.widget.fake_server import FakeServer
from tests.widget.pages import ChatPage

# Far from every time zone's today.
LATE_DAY = "2999-01-01"


def amount(chat: ChatPage) -> Locator:
    return chat.page.get_by_label("金额（元）")


def day(chat: ChatPage) -> Locator:
    return chat.page.get_by_label("日期", exact=True)


@pytest.fixture
def asked_for_income(chat: ChatPage) -> ChatPage:
    """The bot has asked how much comes in."""
    return chat.say("2026年1月15日")


def test_an_amount_is_entered_in_a_field_and_sent_as_plain_words(
    asked_for_income: ChatPage, server: FakeServer
) -> None:
    chat = asked_for_income
    expect(amount(chat)).to_have_attribute("inputmode", "decimal")
    amount(chat).fill("4500")
    chat.page.get_by_role("button", name="发送金额").click()
    chat.wait_turn()
    assert server.said[-1]["text"] == "¥4500"
    assert chat.all_texts()[-2:] == ["¥4500", "每个月的房租或房贷是多少？"]


@pytest.mark.parametrize("typed", ["４５００", "4,500", " 4500元 ", "¥4500"])  # noqa: RUF001
def test_an_amount_may_be_typed_as_an_input_method_or_a_habit_writes_it(
    asked_for_income: ChatPage, server: FakeServer, typed: str
) -> None:
    amount(asked_for_income).fill(typed)
    amount(asked_for_income).press("Enter")
    asked_for_income.wait_turn()
    assert server.said[-1]["text"] == "¥4500"


@pytest.mark.parametrize("typed", ["", "四千五", "4500.123", "-20"])
def test_what_is_no_amount_is_not_sent_and_the_field_says_what_to_do(
    asked_for_income: ChatPage, server: FakeServer, typed: str
) -> None:
    before = len(server.said)
    amount(asked_for_income).fill(typed)
    amount(asked_for_income).press("Enter")
    expect(asked_for_income.page.get_by_role("alert")).to_contain_text("请只填数字")
    expect(amount(asked_for_income)).to_have_attribute("aria-invalid", "true")
    expect(amount(asked_for_income)).to_be_focused()
    assert len(server.said) == before


def test_the_question_can_be_answered_in_own_words_instead(asked_for_income: ChatPage) -> None:
    expect(asked_for_income.field).to_have_attribute("placeholder", "也可以用自己的话回答")
    asked_for_income.say("大概四千多吧")
    expect(amount(asked_for_income)).to_have_count(0)
    expect(asked_for_income.field).to_have_attribute("placeholder", "输入您想说的话")


def test_between_two_amounts_the_field_stays_and_keeps_the_focus(asked_for_income: ChatPage) -> None:
    amount(asked_for_income).fill("4500")
    amount(asked_for_income).press("Enter")
    asked_for_income.wait_turn()
    expect(amount(asked_for_income)).to_be_focused()
    expect(amount(asked_for_income)).to_have_value("")


def test_when_the_field_goes_the_focus_moves_to_the_field_for_own_words(chat: ChatPage) -> None:
    chat.say("¥4500")
    amount(chat).fill("1200")
    amount(chat).press("Enter")
    chat.wait_turn()
    expect(amount(chat)).to_have_count(0)
    expect(chat.field).to_be_focused()


def test_while_the_answer_is_on_its_way_the_field_takes_nothing(
    asked_for_income: ChatPage, server: FakeServer
) -> None:
    server.silent = True
    amount(asked_for_income).fill("4500")
    amount(asked_for_income).press("Enter")
    expect(amount(asked_for_income)).not_to_be_editable()


def test_a_day_is_chosen_and_sent_as_it_is_said(chat: ChatPage, server: FakeServer) -> None:
    chat.say("开始填写")
    day(chat).fill("2026-01-15")
    chat.page.get_by_role("button", name="发送日期").click()
    chat.wait_turn()
    assert server.said[-1]["text"] == "2026年1月15日"


def test_a_day_to_come_is_not_sent_where_one_gone_is_asked_for(chat: ChatPage, server: FakeServer) -> None:
    chat.say("开始填写")
    day(chat).fill(LATE_DAY)
    chat.page.get_by_role("button", name="发送日期").click()
    expect(chat.page.get_by_role("alert")).to_contain_text("今天或更早")
    assert server.said[-1]["text"] == "开始填写"


def test_in_english_the_fields_and_the_day_are_english(chat: ChatPage, server: FakeServer) -> None:
    chat.language("English").say("ask me")
    expect(chat.page.get_by_label("Amount (¥)")).to_be_visible()
    chat.say("when")
    chat.page.get_by_label("Date").fill("2026-01-15")
    chat.page.get_by_role("button", name="Send date").click()
    chat.wait_turn()
    assert server.said[-1]["text"] == "15 January 2026"


def test_the_phone_can_fill_in_the_code_from_the_text_message(chat: ChatPage, server: FakeServer) -> None:
    chat.say("发验证码")
    code = chat.page.get_by_label("短信验证码")
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    code.fill("482913")
    code.press("Enter")
    chat.wait_turn()
    assert server.said[-1]["text"] == "482913"


def test_a_reload_brings_the_field_of_the_open_question_back(asked_for_income: ChatPage) -> None:
    asked_for_income.page.reload()
    expect(amount(asked_for_income)).to_be_editable()
