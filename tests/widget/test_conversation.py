"""What a borrower sees and does in the chat, with scripted answers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import PHONE
from tests.widget.fake_server import FakeServer
from tests.widget.pages import ChatPage


def test_the_bot_introduces_itself_and_what_is_said_is_shown_with_its_answer(chat: ChatPage) -> None:
    assert "软件助手" in chat.last_texts()[0]
    chat.say("什么是罚息")
    assert chat.all_texts()[-2:] == ["什么是罚息", "罚息是逾期后按天计算的额外利息。"]


def test_figures_read_back_are_a_list_and_no_line_ends_within_a_reference(
    chat: ChatPage, server: FakeServer
) -> None:
    chat.page.set_viewport_size({"width": 320, "height": 640})
    server.person_says("两件事：\n· 协议编号 RA-20261126-97HMRR\n· 电话 400-000-0000\n谢谢。")
    expect(chat.log.get_by_text("谢谢。")).to_be_visible()
    message = chat.messages.last
    assert message.get_by_role("listitem").all_inner_texts() == [
        "协议编号 RA-20261126-97HMRR",
        "电话 400-000-0000",
    ]
    for whole in ("RA-20261126-97HMRR", "400-000-0000"):
        lines = message.get_by_text(whole, exact=True).evaluate("it => it.getClientRects().length")
        assert lines == 1


def test_a_pressed_quick_reply_stays_marked_and_the_others_can_no_longer_be_pressed(chat: ChatPage) -> None:
    chat.press("同意，开始")
    replies = chat.page.get_by_role("group", name="可选回复").get_by_role("button")
    assert replies.all_inner_texts()[1:] == ["先看看隐私说明", "转人工"]
    expect(replies.first).to_have_class("chosen")
    expect(replies.first).to_have_accessible_name("同意，开始 (已选择)")
    for reply in replies.all():
        expect(reply).to_be_disabled()


def test_the_payload_goes_to_the_server_and_the_title_to_the_screen(
    chat: ChatPage, server: FakeServer
) -> None:
    chat.press("同意，开始")
    assert [said["payload"] for said in server.said] == ["/affirm"]
    assert "同意，开始" in chat.all_texts()


def test_typing_closes_the_quick_replies_without_marking_one(chat: ChatPage) -> None:
    chat.say("什么是罚息")
    replies = chat.page.get_by_role("group", name="可选回复").get_by_role("button")
    expect(replies.first).to_be_disabled()
    expect(chat.log.locator(".chosen")).to_have_count(0)


def test_offers_are_compared_side_by_side_with_their_schedules_and_refusals(chat: ChatPage) -> None:
    chat.say("我失业了")
    offers = chat.log.locator(".offer")
    tops = {round(offer.bounding_box()["y"]) for offer in offers.all()}  # type: ignore[index]
    assert (offers.count(), len(tops)) == (3, 1)
    offers.nth(1).get_by_text("还款计划表").click()
    expect(offers.nth(1).get_by_role("table")).to_be_visible()
    expect(offers.nth(1).get_by_role("row")).to_have_count(13)
    expect(chat.log.get_by_text("需要您能一次付清至少 60% 的欠款")).to_be_visible()


def test_the_text_that_stands_for_the_offers_elsewhere_is_not_repeated_beside_them(chat: ChatPage) -> None:
    words = "\n".join(chat.say("我失业了").last_texts())
    assert "下面这些方案都在您负担得起的范围内" in words
    assert "想选哪一个" in words
    assert "方案1：……" not in words


def test_an_offer_can_be_chosen_after_a_question_and_is_marked(chat: ChatPage) -> None:
    chat.say("我失业了").say("什么是罚息").press("选择方案 2")
    expect(chat.log.locator(".offer.chosen")).to_contain_text("逾期款分期偿还")
    expect(chat.log.get_by_role("button", name="选择方案 1")).to_be_disabled()
    assert "请确认" in chat.last_texts()[0]


def test_a_counter_offer_leaves_the_earlier_offers_open(chat: ChatPage) -> None:
    chat.say("我失业了").press("我每月只能还 800")
    expect(chat.button("选择方案 4")).to_be_enabled()
    expect(chat.button("选择方案 1")).to_be_enabled()


def test_the_agreement_is_linked_on_our_own_server_whatever_host_the_text_names(
    chat: ChatPage, server: FakeServer
) -> None:
    chat.say("我失业了").press("选择方案 2").press("确认，同意此协议")
    links = chat.log.get_by_role("link")
    addresses = {link.evaluate("link => link.href") for link in links.all()}
    assert (links.count(), addresses) == (2, {f"{server.url}/chat/documents/kq83Zs_1a-x"})
    # The address itself is long and says nothing to a person.
    expect(links.first).to_have_text("打开协议全文（在新窗口打开）")


def test_markup_in_a_text_is_only_text(chat: ChatPage) -> None:
    chat.say("<img src=x onerror=alert(1)> http://evil.example/chat/other")
    expect(chat.log.locator("img, a")).to_have_count(0)
    assert "<img src=x onerror=alert(1)>" in chat.last_texts()[0]


def test_switching_the_language_changes_the_frame_the_answers_and_the_page(chat: ChatPage) -> None:
    chat.language("English")
    assert chat.last_texts()[-1] == "Of course, let's go on in English."
    expect(chat.messages.last).to_have_attribute("lang", "en")
    expect(chat.messages.first).to_have_attribute("lang", "zh-CN")
    expect(chat.page.get_by_placeholder("Type your message")).to_be_visible()
    expect(chat.page.locator("html")).to_have_attribute("lang", "en")


def test_the_address_can_begin_the_chat_in_english(page: Page, server: FakeServer) -> None:
    chat = ChatPage(page).open(f"{server.url}/chat/?lang=en")
    assert "I'm a software assistant" in chat.last_texts()[0]


def test_enter_in_an_input_method_takes_a_candidate_and_sends_nothing(
    chat: ChatPage, server: FakeServer
) -> None:
    chat.field.fill("shi ye")
    composing = "{key: 'Enter', isComposing: true, bubbles: true, cancelable: true}"
    chat.field.evaluate(f"field => field.dispatchEvent(new KeyboardEvent('keydown', {composing}))")
    expect(chat.field).to_have_value("shi ye")
    chat.say("我失业了")
    assert [said["text"] for said in server.said] == ["我失业了"]


def test_shift_and_enter_make_a_new_line_which_is_shown_as_one(chat: ChatPage) -> None:
    chat.field.fill("第一行")
    chat.field.press("Shift+Enter")
    chat.field.press_sequentially("第二行")
    chat.field.press("Enter")
    chat.wait_turn()
    assert "第一行\n第二行" in chat.all_texts()


def test_dots_show_between_a_message_and_the_end_of_its_turn(chat: ChatPage, server: FakeServer) -> None:
    server.silent = True
    chat.send("什么是罚息")
    expect(chat.log.get_by_text("正在回复")).to_be_attached()


def test_a_refused_message_is_marked_and_the_reason_said(chat: ChatPage) -> None:
    chat.send("this is too long")
    expect(chat.page.get_by_role("alert")).to_have_text("这段话太长了。")
    expect(chat.messages.last).to_have_class(re.compile("refused"))


def test_a_person_who_joins_is_announced_and_told_apart(chat: ChatPage, server: FakeServer) -> None:
    server.person_says("您好，我是信贷部的周老师。")
    expect(chat.page.get_by_role("status").filter(has_text="工作人员正在与您对话")).to_be_visible()
    expect(chat.messages.last).to_have_class(re.compile("person"))


def test_a_person_who_leaves_takes_the_banner_along(chat: ChatPage, server: FakeServer) -> None:
    here = chat.page.get_by_role("status").filter(has_text="工作人员正在与您对话")
    server.person_joins()
    expect(here).to_be_visible()
    server.person_leaves()
    expect(chat.log.get_by_text("我又在了")).to_be_visible()
    expect(here).to_have_count(0)


def test_the_banner_stays_when_the_bot_must_speak_while_a_person_is_there(
    chat: ChatPage, server: FakeServer
) -> None:
    server.person_joins()
    chat.say("什么是罚息")
    expect(chat.page.get_by_role("status").filter(has_text="工作人员正在与您对话")).to_be_visible()


def test_a_secure_address_that_a_person_writes_is_a_link_and_the_sentence_around_it_is_not(
    chat: ChatPage, server: FakeServer
) -> None:
    server.person_says(
        "请看https://bank.example/help?id=1，谢谢。别点 http://evil.example 和 javascript:alert(1)"
    )
    links = chat.log.get_by_role("link")
    expect(links).to_have_count(1)
    assert links.evaluate("link => link.href") == "https://bank.example/help?id=1"
    expect(links).to_have_attribute("rel", "noopener noreferrer")


def test_an_address_that_the_borrower_writes_is_only_text(chat: ChatPage) -> None:
    chat.send("https://evil.example/x").wait_turn()
    expect(chat.messages.nth(-2).locator("a")).to_have_count(0)


def test_a_draft_outlives_a_closed_window(page: Page, server: FakeServer) -> None:
    page.goto(f"{server.url}/embedded")
    page.get_by_role("button", name="还款有困难？和我们谈谈").click()
    chat = ChatPage(page).wait_turn()
    chat.field.fill("我想说")
    page.get_by_role("button", name="关闭对话").click()
    page.get_by_role("button", name="还款有困难？和我们谈谈").click()
    expect(chat.field).to_have_value("我想说")


def test_clearing_asks_first_and_then_begins_a_new_conversation(chat: ChatPage) -> None:
    chat.say("什么是罚息")
    chat.page.get_by_role("button", name="清除对话").click()
    chat.page.get_by_role("button", name="保留").click()
    assert "什么是罚息" in chat.all_texts()
    chat.page.get_by_role("button", name="清除对话").click()
    chat.page.get_by_role("dialog").get_by_role("button", name="清除").click()
    expect(chat.messages).to_have_count(2)
    assert "什么是罚息" not in chat.all_texts()


@pytest.mark.parametrize("options", [{"viewport": PHONE, "has_touch": True}], ids=["phone"])
def test_on_a_phone_offers_stand_one_below_the_other_in_full_width(chat: ChatPage) -> None:
    chat.say("我失业了")
    boxes = [offer.bounding_box() for offer in chat.log.locator(".offer").all()]
    assert len({round(box["x"]) for box in boxes if box}) == 1
    assert all(box["width"] > 340 for box in boxes if box)


LINES = (
    "cell => { const all = new Range(); all.selectNodeContents(cell); return all.getClientRects().length; }"
)


@pytest.mark.parametrize("width", [320, 360, 390])
def test_on_a_phone_the_figures_of_all_plans_are_compared_without_scrolling_sideways(
    chat: ChatPage, width: int
) -> None:
    chat.page.set_viewport_size({"width": width, "height": 844})
    chat.say("我失业了")
    table = chat.log.get_by_role("table", name="方案对比")
    payments = table.get_by_role("row").filter(has_text="每月应还")
    assert payments.get_by_role("cell").all_inner_texts() == ["¥787.20", "¥962.00", "¥995.60"]
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
    days = table.get_by_role("row").filter(has_text="首次还款").get_by_role("cell")
    assert [cell.evaluate(LINES) for cell in days.all()] == [1, 1, 1], (
        "a day and its month are not torn apart"
    )
    # What the table says is not said once more below it, the first figure apart.
    expect(chat.log.locator(".offer").first.get_by_text("总共要还")).to_be_hidden()


def test_where_there_is_room_for_the_cards_beside_each_other_the_table_is_not_shown(chat: ChatPage) -> None:
    chat.say("我失业了")
    expect(chat.log.get_by_role("table", name="方案对比")).to_be_hidden()
    expect(chat.log.locator(".offer").first.get_by_text("总共要还")).to_be_visible()


def test_the_demo_page_shows_identities_and_the_code_on_a_phone(page: Page, server: FakeServer) -> None:
    server.demo = True
    ChatPage(page).open(f"{server.url}/chat/")
    expect(page.locator("#phone")).to_contain_text("482913")
    expect(page.locator("#identities")).to_contain_text("LN20260001")


def test_outside_demo_mode_there_is_no_phone_and_there_are_no_identities(chat: ChatPage) -> None:
    expect(chat.page.locator("#phone")).to_be_hidden()
    expect(chat.page.locator("#identities")).to_be_hidden()


def test_a_lenders_page_with_only_the_tag_gets_a_button_that_opens_the_chat(
    page: Page, server: FakeServer
) -> None:
    page.goto(f"{server.url}/embedded")
    page.get_by_role("button", name="还款有困难？和我们谈谈").click()
    chat = ChatPage(page).wait_turn()
    expect(chat.field).to_be_focused()
    chat.say("什么是罚息")
    page.get_by_role("button", name="关闭对话").click()
    page.get_by_role("button", name="还款有困难？和我们谈谈").click()
    assert "什么是罚息" in chat.all_texts()
