"""Clients that know only Rasa's own events: the same conversation, and the same rules for who is in it."""

from __future__ import annotations

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.wording import wording
from casestore import answering, desk, handoffs, messages, sessions
from hardship.policy import load_policy
from tests.bot.channels.harness import RunningWeb, say

BUTTONS = [{"title": "Yes", "payload": "/affirm"}]


async def test_the_session_id_that_a_new_client_is_told_to_keep_is_a_token_of_ours(web: RunningWeb) -> None:
    client = await web.open_stock()
    assert len(web.tokens.read(client.token).subject) == 32
    assert client.uttered() == [] and web.bot.heard == []
    again = await web.open_stock(client.token)
    assert again.token == client.token and not any(name == "refused" for name, _ in again.events)


async def test_only_opening_a_page_leaves_nothing_in_the_store(web: RunningWeb) -> None:
    client = await web.open_stock()
    assert sessions.get(web.store, web.tokens.read(client.token).subject) is None


async def test_a_message_is_answered_in_the_conversation_of_the_token(web: RunningWeb) -> None:
    client = await web.open_stock()
    assert await client.utter("hello") == [{"text": "echo hello"}]
    assert web.bot.heard[0].sender_id == web.tokens.read(client.token).subject
    assert web.bot.heard[0].input_channel == "web"


async def test_a_message_has_no_keys_but_those_stock_clients_show_and_its_number_beside_it(
    web: RunningWeb,
) -> None:
    card = {"type": "offers", "offers": [{"buttons": [{"title": "Choose 1", "payload": "/choose_option"}]}]}

    async def answer(message: UserMessage) -> None:
        await say(message, "Shall we\n\ngo on?", buttons=BUTTONS, custom=card)

    web.bot.answer = answer
    client = await web.open_stock()
    (shown,) = await client.utter("hello")
    assert set(shown) == {"text", "quick_replies"}
    assert shown["text"] == "Shall we\n\ngo on?"
    assert shown["quick_replies"] == [
        {"content_type": "text", "title": "Yes", "payload": "/affirm"},
        {"content_type": "text", "title": "Choose 1", "payload": "/choose_option"},
    ]
    assert client.about == [{"seq": 2, "author": "bot", "lang": "en", "at": web.clock.now.isoformat()}]


@pytest.mark.parametrize("payload", ["/get_started", "/greet", '/report_hardship{"money": 5}'])
async def test_an_initial_payload_only_says_that_the_page_is_there(web: RunningWeb, payload: str) -> None:
    client = await web.open_stock()
    (greeting,) = await client.utter(payload, customData={"language": "en"})
    assert greeting["text"] == "Hello, I am software."
    assert web.bot.texts == ['/greet{"language": "en"}']


async def test_a_quick_reply_reaches_the_bot_as_its_payload(web: RunningWeb) -> None:
    client = await web.open_stock()
    await client.utter("/get_started")
    await client.utter("/report_hardship", id="m2")
    assert web.bot.texts[-1] == "/report_hardship"


async def test_a_command_that_was_not_offered_reaches_the_bot_as_plain_words(web: RunningWeb) -> None:
    client = await web.open_stock()
    await client.utter("hello")
    await client.utter('/accept_offer{"option_number": 1}', id="m2")
    assert web.bot.texts[-1] == 'accept_offer{"option_number": 1}'


async def test_a_client_that_comes_back_hears_what_it_missed_and_nothing_twice(web: RunningWeb) -> None:
    client = await web.open_stock()
    await client.utter("one")
    page = await web.open(client.token)
    await client.close()
    await page.say("two", id="m2")
    again = await web.open_stock(client.token)
    assert again.token == client.token
    assert again.uttered() == [{"text": "echo two"}]


async def test_a_client_that_drops_ten_times_loses_and_repeats_nothing(web: RunningWeb) -> None:
    client, heard = await web.open_stock(), []
    for number in range(10):
        heard += await client.utter(f"text {number}", id=f"m{number}")
        await client.close()
        client = await web.open_stock(client.token)
        heard += client.uttered()
    assert heard == [{"text": f"echo text {number}"} for number in range(10)]


async def test_a_client_that_says_what_it_has_gets_the_rest_of_the_history(web: RunningWeb) -> None:
    client = await web.open_stock()
    await client.utter("one", id="m1")
    await client.utter("two", id="m2")
    whole = await web.open_stock(client.token, after=0)
    rest = await web.open_stock(client.token, after=2)
    assert whole.uttered() == [{"text": "echo one"}, {"text": "echo two"}]
    assert rest.uttered() == [{"text": "echo two"}]


async def test_two_tabs_hear_the_same_and_so_does_a_page_of_ours(web: RunningWeb) -> None:
    first = await web.open_stock()
    second, page = await web.open_stock(first.token), await web.open(first.token)
    answer = await first.utter("hello")
    await page.until(lambda name, data: name == "message" and data["seq"] == 2)
    await second.until(lambda name, _: name == "bot_uttered")
    assert second.uttered() == answer == [{"text": "echo hello"}]
    assert [each["text"] for each in page.messages()] == ["hello", "echo hello"]
    assert first.messages() == second.messages() == []
    assert not any(name == "bot_uttered" for name, _ in page.events)


async def test_asking_again_on_the_same_socket_repeats_nothing(web: RunningWeb) -> None:
    client = await web.open_stock()
    await client.utter("hello")
    begin = len(client.events)
    await client.join(client.token)
    assert client.uttered(begin) == []


async def test_a_message_the_server_left_unanswered_is_answered_when_the_client_is_back(
    web: RunningWeb,
) -> None:
    token = web.tokens.issue()
    subject = web.tokens.read(token).subject
    sessions.start(web.store, subject, "web")
    messages.append(web.store, subject, "borrower", {"text": "hello"})
    client = await web.open_stock(token)
    assert client.uttered() == [{"text": "echo hello"}]
    assert (await web.open_stock(token)).uttered() == []
    assert web.bot.texts == ["hello"]


async def test_a_client_unknown_since_the_servers_start_hears_the_last_answer_again(web: RunningWeb) -> None:
    token = web.tokens.issue()
    subject = web.tokens.read(token).subject
    sessions.start(web.store, subject, "web")
    messages.append(web.store, subject, "bot", {"text": "Hello."})
    claim = answering.hear(web.store, subject, {"text": "hi"}).claim
    answering.say(web.store, claim, {"text": "How are you?"})
    answering.answered(web.store, claim)
    assert (await web.open_stock(token)).uttered() == [{"text": "How are you?"}]


async def test_a_repeated_message_with_the_same_id_is_answered_once(web: RunningWeb) -> None:
    client = await web.open_stock()
    await client.utter("hello", id="m1")
    assert await client.utter("hello", id="m1") == []
    assert web.bot.texts == ["hello"]


async def test_a_person_is_heard_live_and_the_bot_keeps_silent(web: RunningWeb) -> None:
    client = await web.open_stock()
    await client.utter("hello")
    subject = web.tokens.read(client.token).subject
    policy = load_policy("policies/cn.yml")
    handoff = handoffs.request(web.store, subject, "asked_for_person", policy).reference
    desk.take(web.store, handoff, "Lin")
    desk.answer(web.store, handoff, "Lin", "Good morning.")
    await client.until(lambda name, data: name == "bot_uttered" and data["text"] == "Good morning.")
    assert await client.utter("hello Ms Lin", id="m2") == []
    again = await web.open_stock(client.token)
    assert again.uttered() == [] and web.bot.texts == ["hello"]


async def test_a_refusal_is_said_in_words(web: RunningWeb) -> None:
    client = await web.open_stock()
    await client.emit("user_uttered", {"message": "x" * 2001, "session_id": client.token, "id": "m1"})
    assert (await client.refused())["reason"] == "too_long"
    shown = await client.until(lambda name, _: name == "bot_uttered")
    assert shown == {"text": wording("utter_refused_too_long", "zh")}


async def test_a_failing_turn_ends_with_an_apology_even_when_it_cant_be_stored(
    web: RunningWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk full")

    client = await web.open_stock()
    monkeypatch.setattr(answering, "hear", broken)
    assert await client.utter("hello") == [{"text": wording("utter_technical_problem", "zh")}]
