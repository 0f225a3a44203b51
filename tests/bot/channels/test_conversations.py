"""What a borrower's page sees: one event per message, in order, each once, whatever happens to the line."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels import danger
from bot.channels.wording import wording
from casestore import answering, messages, sessions
from tests.bot.channels.harness import Page, RunningWeb, say


async def test_the_bot_introduces_itself_in_the_language_of_the_page(web: RunningWeb) -> None:
    page = await web.open()
    greeting = await page.start("en")
    assert web.bot.texts == ['/greet{"language": "en"}']
    assert [(each["author"], each["text"], each["lang"]) for each in greeting] == [
        ("bot", "Hello, I am software.", "en")
    ]
    subject = web.tokens.read(page.token).subject
    assert sessions.get(web.store, subject).language == "en"


async def test_the_bot_introduces_itself_once_even_when_two_pages_open(web: RunningWeb) -> None:
    first = await web.open()
    second = await web.open(first.token)
    await asyncio.gather(first.start(), second.start())
    assert len(web.bot.heard) == 1


async def test_a_message_comes_back_numbered_and_is_answered(web: RunningWeb) -> None:
    page = await web.open()
    mine, answer = await page.say("I lost my job", id="m1")
    assert (mine["seq"], mine["author"], mine["id"], mine["text"]) == (1, "borrower", "m1", "I lost my job")
    assert (answer["seq"], answer["author"], answer["text"]) == (2, "bot", "echo I lost my job")
    assert answer["at"] == web.clock.now.isoformat()


async def test_the_sender_is_the_subject_of_the_token(web: RunningWeb) -> None:
    page = await web.open()
    await page.emit("say", {"id": "m1", "text": "hello", "session_id": "another", "sender": "another"})
    await page.until(lambda name, _: name == "turn")
    assert web.bot.heard[0].sender_id == web.tokens.read(page.token).subject
    assert web.bot.heard[0].input_channel == "web"


async def test_text_buttons_and_card_come_in_one_message_and_blank_lines_stay(web: RunningWeb) -> None:
    card = {"type": "breakdown", "title": "Owed", "lines": [{"label": "Total", "value": "¥800"}]}
    buttons = [{"title": "Yes", "payload": "/affirm"}]

    async def answer(message: UserMessage) -> None:
        await say(message, "You owe this.\n\nShall we go on?", buttons=buttons, custom=card)

    web.bot.answer = answer
    page = await web.open()
    _, shown = await page.say("how much")
    assert shown["text"] == "You owe this.\n\nShall we go on?"
    assert (shown["buttons"], shown["card"], shown["lang"]) == (buttons, card, "en")


async def test_a_question_says_with_which_field_it_is_best_answered(web: RunningWeb) -> None:
    hints = {"input": {"type": "date", "past": True}, "meanwhile": "options"}

    async def answer(message: UserMessage) -> None:
        await say(message, "Since when?", metadata={**hints, "asks": "hardship_since"})

    web.bot.answer = answer
    page = await web.open()
    _, shown = await page.say("hello")
    assert {name: shown[name] for name in hints} == hints
    assert not {"asks", "metadata"} & shown.keys()


async def test_each_message_carries_its_own_language(web: RunningWeb) -> None:
    page = await web.open()
    _, chinese = await page.say("我失业了", id="m1")
    _, english = await page.say("I lost my job", id="m2")
    assert (chinese["lang"], english["lang"]) == ("zh", "en")


async def test_a_pressed_button_reaches_the_bot_as_its_payload(web: RunningWeb) -> None:
    page = await web.open()
    await page.start()
    mine, _ = await page.press("/report_hardship")
    assert web.bot.texts[-1] == "/report_hardship"
    assert mine["payload"] == "/report_hardship"


async def test_the_language_switch_speaks_for_itself_and_is_not_shown_as_a_message(web: RunningWeb) -> None:
    page = await web.open()
    shown = await page.switch("en")
    assert web.bot.texts == ['/change_language{"wanted_language": "en", "language": "en"}']
    assert [each["author"] for each in shown] == ["bot"]


async def test_two_pages_of_one_conversation_show_the_same(web: RunningWeb) -> None:
    first = await web.open()
    second = await web.open(first.token)
    said = await first.say("hello")
    await second.until(lambda name, data: name == "turn")
    assert second.messages() == said


async def test_a_reloaded_page_gets_the_whole_history(web: RunningWeb) -> None:
    page = await web.open()
    await page.start()
    await page.say("hello")
    live = page.messages()
    await page.close()
    again = await web.open(page.token)
    assert await again.resumed(after=0, until=3) == live


async def test_what_was_missed_while_the_line_was_down_comes_after_it(web: RunningWeb) -> None:
    page, watcher = await _two_pages(web)
    await page.say("one", id="m1")
    await page.close()
    await watcher.say("two", id="m2")
    again = await web.open(page.token)
    assert [each["seq"] for each in await again.resumed(after=2, until=4)] == [3, 4]


async def test_an_answer_to_a_page_that_left_is_kept_for_its_return(web: RunningWeb) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def answer(message: UserMessage) -> None:
        reached.set()
        await go_on.wait()
        await say(message, "still here")

    web.bot.answer = answer
    page, watcher = await _two_pages(web)
    await page.emit("say", {"id": "m1", "text": "hello"})
    await reached.wait()
    await page.close()
    go_on.set()
    await watcher.until(lambda name, _: name == "turn")
    again = await web.open(page.token)
    assert [each["text"] for each in await again.resumed(after=1, until=2)] == ["still here"]


async def test_a_message_sent_again_is_answered_once(web: RunningWeb) -> None:
    """The page is told again what came after it, and tells by the number that it knows that."""
    page = await web.open()
    first = await page.say("hello", id="m1")
    assert await page.say("hello", id="m1") == first[1:]
    assert web.bot.texts == ["hello"]


async def test_a_message_that_was_stored_but_never_answered_is_answered_when_sent_again(
    web: RunningWeb,
) -> None:
    page = await web.open()
    subject = web.tokens.read(page.token).subject
    sessions.start(web.store, subject, "web")
    messages.append(web.store, subject, "borrower", {"id": "m1", "text": "hello"}, "m1")
    (answer,) = await page.say("hello", id="m1")
    assert (answer["seq"], answer["text"]) == (2, "echo hello")


async def test_messages_of_one_conversation_are_answered_one_after_the_other(web: RunningWeb) -> None:
    running = most = 0

    async def answer(message: UserMessage) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await say(message, f"echo {message.text}")
        running -= 1

    web.bot.answer = answer
    page = await web.open()
    for number in range(4):
        await page.emit("say", {"id": f"m{number}", "text": f"text {number}"})
    await page.until(lambda name, data: name == "turn" and data["id"] == "m3")
    assert most == 1
    assert web.bot.texts == [f"text {number}" for number in range(4)]
    assert [each["seq"] for each in page.messages()] == list(range(1, 9))


async def test_conversations_do_not_wait_for_each_other(web: RunningWeb) -> None:
    slow_reached, go_on = asyncio.Event(), asyncio.Event()

    async def answer(message: UserMessage) -> None:
        if message.text == "slow":
            slow_reached.set()
            await go_on.wait()
        await say(message, f"echo {message.text}")

    web.bot.answer = answer
    slow, quick = await web.open(), await web.open()
    await slow.emit("say", {"id": "m1", "text": "slow"})
    await slow_reached.wait()
    assert len(await quick.say("quick")) == 2
    go_on.set()
    await slow.until(lambda name, _: name == "turn")


async def test_a_failing_turn_ends_with_an_apology_in_the_borrowers_language(web: RunningWeb) -> None:
    async def answer(message: UserMessage) -> None:
        raise RuntimeError("the action server is gone")

    web.bot.answer = answer
    page = await web.open()
    _, apology = await page.say("我失业了")
    assert apology["text"] == wording("utter_technical_problem", "zh")
    assert (apology["notice"], apology["lang"], apology["seq"]) == ("technical_problem", "zh", 2)


async def test_danger_told_in_a_failing_turn_is_answered_with_whom_to_call(web: RunningWeb) -> None:
    async def answer(message: UserMessage) -> None:
        raise RuntimeError("the action server is gone")

    web.bot.answer = answer
    page = await web.open()
    _, said = await page.say("我不想活了")
    assert "12356" in said["text"] and "110" in said["text"]


async def test_danger_is_answered_with_whom_to_call_while_its_turn_and_the_one_before_still_wait(
    web: RunningWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(danger, "IN_TIME_SECONDS", 0.0)
    go_on = asyncio.Event()

    async def answer(message: UserMessage) -> None:
        await go_on.wait()
        await say(message, f"echo {message.text}")

    web.bot.answer = answer
    page = await web.open()
    await page.emit("say", {"id": "m1", "text": "hello"})
    await page.emit("say", {"id": "m2", "text": "I want to kill myself"})
    whom_to_call = await page.until(lambda name, data: name == "message" and "12356" in data["text"])
    assert whom_to_call["notice"] == "technical_problem" and not go_on.is_set()
    go_on.set()
    await page.until(lambda name, data: name == "turn" and data["id"] == "m2")
    said = [data["text"] for name, data in page.events if name == "message" and data["author"] == "bot"]
    assert said == [whom_to_call["text"], "echo hello", "echo I want to kill myself"]


async def test_whom_to_call_is_said_once_when_the_turn_fails_in_the_end(
    web: RunningWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(danger, "IN_TIME_SECONDS", 0.0)
    go_on = asyncio.Event()

    async def answer(message: UserMessage) -> None:
        await go_on.wait()
        raise RuntimeError("the action server is gone")

    web.bot.answer = answer
    page = await web.open()
    await page.emit("say", {"id": "m1", "text": "我不想活了"})
    await page.until(lambda name, data: name == "message" and "12356" in data["text"])
    go_on.set()
    await page.until(lambda name, data: name == "turn" and data["id"] == "m1")
    said = [data for name, data in page.events if name == "message" and data["author"] == "bot"]
    assert len(said) == 1


async def test_danger_that_is_refused_is_answered_with_whom_to_call(web: RunningWeb) -> None:
    page = await web.open()
    await page.emit("say", {"id": "m1", "text": "x " * 5000 + "我不想活了"})
    refused = await page.refused()
    assert refused["reason"] == "too_long" and "12356" in refused["text"]


async def test_a_silent_turn_ends_with_an_apology(web: RunningWeb) -> None:
    async def answer(message: UserMessage) -> None:
        return None

    web.bot.answer = answer
    page = await web.open(auth=None)
    assert (await page.say("hello"))[-1]["notice"] == "technical_problem"


async def test_a_failing_turn_logs_nothing_the_borrower_said(web: RunningWeb, caplog) -> None:
    async def answer(message: UserMessage) -> None:
        raise RuntimeError(f"can't read {message.text}")

    web.bot.answer = answer
    page = await web.open()
    await page.say("my number is 13800138000")
    assert "RuntimeError" in caplog.text
    assert "13800138000" not in caplog.text


async def test_a_case_store_that_is_down_still_leaves_a_word(web: RunningWeb, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(answering, "hear", broken)
    page = await web.open()
    (apology,) = await page.say("hello")
    assert (apology["notice"], apology["seq"]) == ("technical_problem", None)
    assert web.bot.heard == []


async def test_a_message_nobody_asked_for_reaches_the_open_pages(web: RunningWeb) -> None:
    page = await web.open()
    await page.say("hello")
    subject = web.tokens.read(page.token).subject
    await web.channel.get_output_channel().send_text_message(subject, "A reminder.")
    reminder = await page.until(lambda name, data: name == "message" and data["seq"] == 3)
    assert reminder["text"] == "A reminder."


async def _two_pages(web: RunningWeb) -> tuple[Page, Page]:
    first = await web.open()
    return first, await web.open(first.token)
