"""What was said just before is said in other words."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlg import BilingualGenerator

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
slots:
  language: {type: text, influence_conversation: false, initial_value: en, mappings: [{type: custom}]}
responses:
  utter_ask_rent:
    - text: How much is the rent?
      buttons: [{title: Skip, payload: /dont_know}]
  utter_ask_consent:
    - text: Figures are sensitive. May I note them?
  utter_again_consent:
    - text: May I note them?
  utter_ask_accepted:
    - text: Do you accept?
  utter_read_back:
    - text: "In all {total}. Do you accept?"
      metadata: {asks: accepted}
  utter_balance:
    - text: You owe {total}.
      buttons: [{title: A person, payload: /request_human}]
  utter_sent:
    - text: Code {number} is on its way.
      metadata: {again: utter_sent_again}
  utter_sent_again:
    - text: Code {number} was sent once more.
  utter_wall:
    - text: "1\\n2\\n3\\n4\\n5\\n6"
  utter_hours:
    - text: Open at nine.
  utter_call:
    - text: Please call the line.
      metadata: {each_time: true}
  utter_question_again:
    - text: "My question was: {question}"
  utter_question_with_way_out:
    - text: "{question} No hurry."
      buttons: [{title: Leave it, payload: /pause_conversation}]
  utter_same_answer:
    - text: Same as above.
      buttons: [{title: A person, payload: /request_human}]
"""
)


class Conversation:
    """Says the responses of each turn and remembers them as the bot does."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._generator = BilingualGenerator(domain=DOMAIN)

    async def turn(self, *responses: str, intent: str = "greet", **values: str) -> list[dict[str, Any]]:
        """The messages of one reply to a message that means `intent`."""
        self._events.append(UserUttered("hm", {"name": intent}, message_id=str(len(self._events))))
        return [await self._say(response, values) for response in responses]

    async def texts(self, response: str, turns: int, **values: str) -> list[str]:
        """What `response` is worded as in so many turns running."""
        return [(await self.turn(response, **values))[0]["text"] for _ in range(turns)]

    async def _say(self, response: str, values: dict[str, str]) -> dict[str, Any]:
        tracker = DialogueStateTracker.from_events("ann", self._events, DOMAIN.slots)
        message = await self._generator.generate(response, tracker, "web", **values)
        assert message is not None
        if message:  # Rasa leaves an empty one out
            self._events.append(BotUttered(message["text"]))
        return message


async def test_a_question_is_asked_in_full_shortly_with_a_way_out_and_in_full_again() -> None:
    full, short = "How much is the rent?", "My question was: How much is the rent?"
    out = "How much is the rent? No hurry."
    assert await Conversation().texts("utter_ask_rent", 7) == [full, short, out, full, short, out, full]


async def test_a_long_question_has_short_words_of_its_own() -> None:
    asked = await Conversation().texts("utter_ask_consent", 3)
    assert asked[1:] == ["My question was: May I note them?", "May I note them? No hurry."]


async def test_a_read_back_is_read_in_full_and_then_only_its_question_is_asked() -> None:
    conversation = Conversation()
    asked = await conversation.texts("utter_read_back", 3, total="900")
    assert asked == [
        "In all 900. Do you accept?",
        "My question was: Do you accept?",
        "Do you accept? No hurry.",
    ]


async def test_who_asks_to_hear_it_again_is_asked_in_full_but_not_three_times_running() -> None:
    conversation = Conversation()
    await conversation.turn("utter_ask_rent")
    again = [(await conversation.turn("utter_ask_rent", intent="repeat_message"))[0] for _ in range(2)]
    assert [message["text"] for message in again] == [
        "How much is the rent?",
        "My question was: How much is the rent?",
    ]


async def test_a_read_back_with_another_figure_is_read_in_full() -> None:
    conversation = Conversation()
    await conversation.turn("utter_read_back", total="900")
    assert (await conversation.turn("utter_read_back", total="800"))[0][
        "text"
    ] == "In all 800. Do you accept?"


async def test_a_question_keeps_its_buttons_and_the_way_out_adds_its_own() -> None:
    conversation = Conversation()
    replies = [(await conversation.turn("utter_ask_rent"))[0] for _ in range(3)]
    payloads = [[button["payload"] for button in reply["buttons"]] for reply in replies]
    assert payloads == [["/dont_know"], ["/dont_know"], ["/dont_know", "/pause_conversation"]]


async def test_a_question_that_was_left_for_a_turn_is_asked_in_full() -> None:
    conversation = Conversation()
    await conversation.turn("utter_ask_rent")
    await conversation.turn("utter_call")
    assert (await conversation.turn("utter_ask_rent"))[0]["text"] == "How much is the rent?"


async def test_an_answer_is_given_twice_and_then_referred_to_once() -> None:
    given = await Conversation().texts("utter_balance", 4, total="900")
    assert given == ["You owe 900.", "You owe 900.", "Same as above.", "You owe 900."]


async def test_a_message_that_was_taken_up_again_counts_as_one_turn() -> None:
    """The choice of a meaning is followed by the message that is meant, before anything is said."""
    conversation = Conversation()
    await conversation.texts("utter_balance", 2, total="900")
    await conversation.turn()
    assert await conversation.texts("utter_balance", 1, total="900") == ["Same as above."]


async def test_an_answer_may_have_words_of_its_own_for_the_third_time() -> None:
    given = await Conversation().texts("utter_sent", 3, number="2")
    assert given[2] == "Code 2 was sent once more."


async def test_an_answer_with_another_figure_is_given() -> None:
    conversation = Conversation()
    await conversation.texts("utter_balance", 2, total="900")
    assert (await conversation.turn("utter_balance", total="800"))[0]["text"] == "You owe 800."


async def test_a_button_is_not_offered_twice() -> None:
    conversation = Conversation()
    await conversation.texts("utter_balance", 2, total="900")
    assert len((await conversation.turn("utter_balance", total="900"))[0]["buttons"]) == 1


@pytest.mark.parametrize("turns", [3, 5])
async def test_whom_to_call_is_said_each_time(turns: int) -> None:
    assert await Conversation().texts("utter_call", turns) == ["Please call the line."] * turns


async def test_a_text_that_fills_the_screen_is_not_said_twice_running() -> None:
    wall = "1\n2\n3\n4\n5\n6"
    assert await Conversation().texts("utter_wall", 2) == [wall, "Same as above."]


async def test_who_asks_to_read_it_again_gets_the_whole_text() -> None:
    conversation = Conversation()
    await conversation.turn("utter_wall")
    again = await conversation.turn("utter_wall", intent="repeat_message")
    assert again[0]["text"].endswith("6")


async def test_one_reply_admits_only_once_that_it_repeats_itself() -> None:
    talk = Conversation()
    for _ in range(2):
        await talk.turn("utter_hours", "utter_balance", total="9")
    said = await talk.turn("utter_hours", "utter_balance", total="9")
    assert [message.get("text") for message in said] == ["Same as above.", None]
