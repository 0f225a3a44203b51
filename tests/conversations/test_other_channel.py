"""On another channel than before: nothing is told until the code is in, and then it goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from casestore import sessions
from casestore.models import AgreementRow, LoanRow
from tests.conversations import steps
from tests.conversations.people import Person
from tests.conversations.test_coming_back import (
    AWHILE,
    GO_ON_WHERE_WE_WERE,
    HOUSING_ASKED,
    INCOME_TOLD,
    WHERE_WE_WERE,
    come_back,
    leave_after_the_income,
)
from tests.support.chat import Chat
from tests.support.messengers import Messenger, Outside, by_sms, in_wechat, with_all_channels
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
OpenMessenger = Callable[[Person], Messenger]

WORDS = steps.WORDS["zh"]
GO_ON = GO_ON_WHERE_WE_WERE["zh"]


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    with Outside() as outside:
        yield outside


@pytest.fixture(scope="module")
def stack(outside: Outside, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The bot with all its channels, instead of the one that other conversations share."""
    with with_all_channels(outside, tmp_path_factory.mktemp("channels")) as stack:
        yield stack


@pytest.fixture(params=["wechat", "sms"])
def open_messenger(request: pytest.FixtureRequest, stack: Stack, outside: Outside) -> OpenMessenger:
    """Opens a person's WeChat, or the messages on their phone."""

    def _open(person: Person) -> Messenger:
        if request.param == "wechat":
            return in_wechat(stack, outside, f"oAbCdEfGhIjKlMnOp{person.phone}")
        return by_sms(stack, outside, f"+86{person.phone}")

    return _open


def references_of(stack: Stack, person: Person) -> list[str]:
    """The references of all agreements about the person's loans."""
    query = select(AgreementRow.reference, LoanRow.number).join(
        LoanRow, LoanRow.loan_id == AgreementRow.loan_id
    )
    with stack.store.reading() as unit:
        made = unit.session.execute(query).all()
    return [reference for reference, number in made if number in person.loan_numbers]


def test_takes_up_the_offer_of_the_page_elsewhere_and_accepts_it_once(
    stack: Stack, open_chat: OpenChat, person: Person, open_messenger: OpenMessenger
) -> None:
    page = open_chat()
    steps.reach_the_acceptance(page, person, WORDS)
    messenger = open_messenger(person)
    told = come_back(messenger, person, "zh", WHERE_WE_WERE["zh"])
    assert GO_ON in [button["title"] for button in told.buttons]
    assert "¥6,500.00" in messenger.press(GO_ON).text
    assert "方案1：" in messenger.say(WORDS.right).text
    messenger.say(WORDS.first_option)
    reference = steps.reference_in(messenger.say(WORDS.accept))
    # The page still shows the offer; a yes to it makes no second agreement.
    page.say(WORDS.accept)
    assert references_of(stack, person) == [reference]


def test_learns_nothing_elsewhere_before_the_code(
    stack: Stack, open_chat: OpenChat, person: Person, open_messenger: OpenMessenger
) -> None:
    steps.reach_the_offers(open_chat(), person, WORDS)
    messenger = open_messenger(person)
    replies = [messenger.say(said) for said in (WHERE_WE_WERE["zh"], "我欠多少钱？", WORDS.agree)]
    replies += [messenger.say(said) for said in (person.phone, person.last_four, "000000", "方案1")]
    told = "".join(reply.text for reply in replies)
    assert "¥" not in told and INCOME_TOLD["zh"] not in told and GO_ON not in told
    session = sessions.get(stack.store, messenger.conversation)
    assert session is not None and session.borrower_id is None


def test_goes_on_at_the_page_with_what_it_told_elsewhere_and_back_again(
    stack: Stack, open_chat: OpenChat, person: Person, open_messenger: OpenMessenger
) -> None:
    messenger = open_messenger(person)
    leave_after_the_income(messenger, person, "zh")
    page = open_chat()
    assert INCOME_TOLD["zh"] in come_back(page, person, "zh", WHERE_WE_WERE["zh"]).text
    assert HOUSING_ASKED["zh"] in page.press(GO_ON).text
    for said in (WORDS.housing, WORDS.living, WORDS.debts):
        page.say(said)
    stack.let_pass(messenger.conversation, AWHILE)
    come_back(messenger, person, "zh", WHERE_WE_WERE["zh"])
    read_back = messenger.press(GO_ON)
    assert "¥6,500.00" in read_back.text and "¥3,500.00" in read_back.text
    assert "方案1：" in messenger.say(WORDS.right).text
