"""Nobody likes to read the same words over and over: what is said instead of what was said just before.

A question that stays open is asked in full, then shortly, then with a way out, then in full again.
Any other text gives way, the third time running, to one of its own or to a sentence that admits it and names
a person; one that fills the screen gives way the second time.
The words for that are in `data/responses/dialogue.yml`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

# Rasa asks for a slot with "utter_ask_" and its name; "utter_again_" words a long question shortly.
ASKS, AGAIN = "utter_ask_", "utter_again_"

# In a response's `metadata`: the question that is part of it; which response takes its place the third time
# running, when the common one would not do; that it is said however often it was said.
ASKED_QUESTION, INSTEAD, EACH_TIME = "asks", "again", "each_time"
COMMON_INSTEAD = "utter_same_answer"

# Replies under way at one time in one process are far fewer.
REPLIES_REMEMBERED = 1000

# A text of more lines than this fills the screen of a phone.
WALL = 4

# The intent of who did not understand, or wants to read it once more.
REPEAT = "repeat_message"
# The value of `offer_wish` that asks to see the offers once more.
AGAIN_WISH = "again"

Message = dict[str, Any]

# Words a response by its id, with values, as for this turn; {} when nobody has written it.
Wording = Callable[..., Message]


class Admitted:
    """Where it was said already, in the reply that is being made, that there is nothing new to say.

    Once is enough: the texts after it that would say it again are left out.
    """

    def __init__(self) -> None:
        self._replies: OrderedDict[str, str | None] = OrderedDict()

    def leaves_out(self, message: Message, tracker: DialogueStateTracker, word: Wording) -> bool:
        """Whether `message` admits it a second time in one reply."""
        if message.get("text") != word(COMMON_INSTEAD).get("text"):
            return False
        latest = tracker.latest_message.message_id if tracker.latest_message else None
        if tracker.sender_id in self._replies and self._replies[tracker.sender_id] == latest:
            return True
        self._replies[tracker.sender_id] = latest
        while len(self._replies) > REPLIES_REMEMBERED:
            self._replies.popitem(last=False)
        return False


def in_other_words(response: str, message: Message, tracker: DialogueStateTracker, word: Wording) -> Message:
    """`message`, which words `response`; or another one when the borrower has just read the same."""
    metadata = message.get("metadata") or {}
    if metadata.get(EACH_TIME):
        return message
    question = _question_of(response, metadata)
    last, before = replies_before(tracker)
    said_twice = message["text"] in last & before
    if question is not None:
        repeats_on_wish = _wants_it_again(tracker) and not said_twice
        return message if repeats_on_wish else _asked_again(question, message, last, before, word)
    is_wall = message["text"].count("\n") >= WALL and message["text"] in last and not _wants_it_again(tracker)
    if not said_twice and not is_wall:
        return message
    return _in_place_of(message, word(str(metadata.get(INSTEAD, COMMON_INSTEAD))))


def _question_of(response: str, metadata: Mapping[str, Any]) -> str | None:
    asked = metadata.get(ASKED_QUESTION)
    return str(asked) if asked else response[len(ASKS) :] if response.startswith(ASKS) else None


def _wants_it_again(tracker: DialogueStateTracker) -> bool:
    """Whether the borrower asks to hear it once more: then a question comes in full."""
    latest = tracker.latest_message
    if latest is None:
        return False
    wishes = {each.get("value") for each in latest.entities if each.get("entity") == "offer_wish"}
    return latest.intent.get("name") == REPEAT or AGAIN_WISH in wishes


def _asked_again(question: str, message: Message, last: set[str], before: set[str], word: Wording) -> Message:
    shortly = (word(f"{AGAIN}{question}") or word(f"{ASKS}{question}"))["text"]
    again = word("utter_question_again", question=shortly)
    if message["text"] in last:
        return _in_place_of(message, again)
    if message["text"] in before and again["text"] in last:
        return _in_place_of(message, word("utter_question_with_way_out", question=shortly))
    return message


def _in_place_of(message: Message, other: Message) -> Message:
    """`message` with the text of `other`, and the buttons of both."""
    buttons = list(message.get("buttons") or [])
    offered = {button["payload"] for button in buttons}
    buttons += [button for button in other.get("buttons") or [] if button["payload"] not in offered]
    return {**message, "text": other["text"], **({"buttons": buttons} if buttons else {})}


def replies_before(tracker: DialogueStateTracker) -> tuple[set[str], set[str]]:
    """The texts of the last two replies before the one that is being made, newest first.

    A message that was taken up as another, such as the choice of a meaning, has no reply of its own.
    """
    earlier = islice(_replies(reversed(tracker.events)), 1, None)
    replies = list(islice(filter(None, earlier), 2))
    last, before = [*replies, set[str](), set[str]()][:2]
    return last, before


def _replies(newest_first: Iterator[Event]) -> Iterator[set[str]]:
    """The texts of each reply; the first is the one that is being made."""
    said: set[str] = set()
    for event in newest_first:
        if isinstance(event, BotUttered) and event.text:
            said.add(event.text)
        elif isinstance(event, UserUttered):
            yield said
            said = set()
