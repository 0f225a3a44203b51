"""Lines drop, servers restart, pages reload: nothing is lost and nothing is said twice."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from tests.widget.fake_server import FakeServer
from tests.widget.pages import ChatPage

DROPS = 10


def test_ten_dropped_lines_lose_nothing_and_repeat_nothing(chat: ChatPage, server: FakeServer) -> None:
    greeting = chat.all_texts()
    for number in range(DROPS):
        server.drop_before_answer = 1
        chat.say(f"第{number}句")
    expected = [words for n in range(DROPS) for words in (f"第{n}句", f"收到: 第{n}句")]
    assert chat.all_texts() == greeting + expected


def test_a_server_that_restarts_in_a_turn_answers_it_once(chat: ChatPage, server: FakeServer) -> None:
    greeting = chat.all_texts()
    server.restart_before_answer = True
    chat.send("第一句")
    expect(chat.log.get_by_text("收到: 第一句")).to_be_visible()
    chat.say("第二句")
    assert chat.all_texts() == [*greeting, "第一句", "收到: 第一句", "第二句", "收到: 第二句"]


def test_what_a_person_writes_while_the_line_is_down_is_there_afterwards(
    chat: ChatPage, server: FakeServer
) -> None:
    server.door_open = False
    server.drop()
    expect(chat.page.get_by_role("status").filter(has_text="正在连接")).to_be_visible()
    server.person_joins()
    server.person_says("您好，我是周老师。")
    server.door_open = True
    expect(chat.log.get_by_text("您好，我是周老师。")).to_have_count(1)
    expect(chat.page.get_by_role("status").filter(has_text="工作人员正在与您对话")).to_be_visible()


def test_what_is_said_while_the_line_is_down_waits_and_is_sent_once(
    chat: ChatPage, server: FakeServer
) -> None:
    server.door_open = False
    server.drop()
    expect(chat.page.get_by_role("status").filter(has_text="正在连接")).to_be_visible()
    chat.send("我还在").send("您在吗")
    expect(chat.log.get_by_text("待发送")).to_have_count(2)
    server.door_open = True
    expect(chat.log.get_by_text("收到: 您在吗")).to_be_visible(timeout=15_000)
    assert [said["text"] for said in server.said] == ["我还在", "您在吗"]
    assert chat.all_texts()[-4:] == ["我还在", "收到: 我还在", "您在吗", "收到: 您在吗"]


def test_a_reload_shows_the_whole_conversation_with_what_was_chosen(chat: ChatPage) -> None:
    chat.press("同意，开始").say("我失业了").press("选择方案 2")
    before = chat.all_texts()
    chat.page.reload()
    expect(chat.messages).to_have_count(len(before))
    assert chat.all_texts() == before
    expect(chat.log.locator(".quick-replies .chosen")).to_have_text("同意，开始 (已选择)")
    expect(chat.log.locator(".offer.chosen")).to_contain_text("逾期款分期偿还")


def test_a_reload_keeps_the_language(chat: ChatPage) -> None:
    chat.language("English")
    chat.page.reload()
    expect(chat.page.get_by_placeholder("Type your message")).to_be_visible()


def test_a_language_chosen_while_the_line_is_down_is_spoken_afterwards(
    chat: ChatPage, server: FakeServer
) -> None:
    server.door_open = False
    server.drop()
    expect(chat.page.get_by_role("status").filter(has_text="正在连接")).to_be_visible()
    chat.page.get_by_role("button", name="English", exact=True).click()
    server.door_open = True
    expect(chat.log.get_by_text("Of course, let's go on in English.")).to_have_count(1)
    chat.page.reload()
    chat.say("I lost my job")
    expect(chat.log.get_by_text("Of course, let's go on in English.")).to_have_count(1)


def test_two_tabs_of_one_conversation_show_the_same(
    chat: ChatPage, context: BrowserContext, server: FakeServer
) -> None:
    kept = chat.page.evaluate("sessionStorage.getItem('respite-chat')")
    page = context.new_page()
    page.add_init_script(f"sessionStorage.setItem('respite-chat', {kept!r})")
    other = ChatPage(page).open(f"{server.url}/chat/")
    other.say("来自另一页")
    expect(chat.log.get_by_text("收到: 来自另一页")).to_be_visible()
    assert chat.all_texts() == other.all_texts()


def test_two_tabs_that_talk_in_turn_over_dropping_lines_lose_and_repeat_nothing(
    chat: ChatPage, server: FakeServer
) -> None:
    # A page opened from another gets a copy of its session.
    with chat.page.expect_popup() as opened:
        chat.page.evaluate("window.open(location.href)")
    other = ChatPage(opened.value)
    expect(other.messages).to_have_count(2)
    for number in range(DROPS):
        server.drop_before_answer = 1
        speaker, listener = (chat, other) if number % 2 else (other, chat)
        speaker.say(f"第{number}句")
        expect(listener.log.get_by_text(f"收到: 第{number}句")).to_be_visible()
    expected = [words for n in range(DROPS) for words in (f"第{n}句", f"收到: 第{n}句")]
    assert chat.all_texts()[2:] == expected
    assert other.all_texts()[2:] == expected


def test_when_the_server_knows_the_session_no_more_a_new_one_begins_with_what_was_unsent(
    chat: ChatPage, server: FakeServer
) -> None:
    server.silent = True
    chat.send("还没回答")
    expect(chat.log.locator(".typing")).to_be_visible()
    server.speak_again()
    server.forget_sessions()
    server.drop()
    expect(chat.log.get_by_text("收到: 还没回答")).to_be_visible(timeout=15_000)
    assert chat.all_texts().count("还没回答") == 1


def test_only_the_token_and_no_words_are_kept_in_the_browser(chat: ChatPage) -> None:
    chat.say("我的电话是13800000001")
    kept = chat.page.evaluate("JSON.stringify([sessionStorage, localStorage])")
    assert "13800000001" not in kept
    assert chat.page.evaluate("document.cookie") == ""
