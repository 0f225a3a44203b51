"""What people write about money, time and shares is read right, or asked about (values_*.txt)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.nlu.values import Value, extract, today

TUESDAY = date(2026, 11, 24)
HERE = Path(__file__).parent


def lines(language: str) -> list[tuple[str, str]]:
    rows = (HERE / f"values_{language}.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(row.split(" => ")) for row in rows if row and not row.startswith("#")]  # type: ignore[misc]


def written(values: list[Value]) -> str:
    return "; ".join(map(_written, values)) or "nothing"


def _written(value: Value) -> str:
    foreign = f" {value.currency}" if value.currency not in (None, "CNY") else ""
    return f"{value.kind} {'?' if value.ambiguous else value.value}{foreign}"


@pytest.mark.parametrize(("message", "meaning"), lines("zh"))
def test_chinese_messages_say(message: str, meaning: str) -> None:
    assert written(extract(message, TUESDAY)) == meaning


@pytest.mark.parametrize(("message", "meaning"), lines("en"))
def test_english_messages_say(message: str, meaning: str) -> None:
    assert written(extract(message, TUESDAY)) == meaning


def test_positions_are_those_of_the_borrowers_own_text() -> None:
    text = "房租２５００元，工資八千"
    assert [text[value.start : value.end] for value in extract(text, TUESDAY)] == ["２５００元", "八千"]


def test_an_unclear_amount_offers_its_candidates_and_no_value() -> None:
    (found,) = extract("一两千", TUESDAY)
    assert found.as_entity() == {
        "entity": "money",
        "value": None,
        "start": 0,
        "end": 3,
        "ambiguous": True,
        "candidates": [100000, 200000],
    }


def test_a_clear_entity_is_not_marked() -> None:
    (found,) = extract("两千五", TUESDAY)
    assert found.as_entity() == {"entity": "money", "value": 250000, "start": 0, "end": 3}


def test_the_currency_is_told_where_the_borrower_named_one() -> None:
    (found,) = extract("£75 a month", TUESDAY)
    assert found.as_entity() == {"entity": "money", "value": 7500, "start": 0, "end": 3, "currency": "GBP"}


def test_a_payload_of_a_button_holds_no_values() -> None:
    assert extract('/choose{"option": 2, "amount": 2500}', TUESDAY) == []


def test_a_day_that_a_month_lacks_rolls_on() -> None:
    assert written(extract("31号", date(2026, 4, 10))) == "date 2026-05-31"
    assert written(extract("30号", date(2027, 2, 1))) == "date 2027-03-30"


def test_months_ahead_end_on_the_last_day_where_the_day_is_missing() -> None:
    assert written(extract("三个月后", date(2026, 11, 30))) == "date 2027-02-28"


def test_today_comes_from_the_environment_when_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPITE_TODAY", "2026-11-24")
    assert today() == TUESDAY


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_and_values_never_overlap(text: str) -> None:
    values = extract(text, TUESDAY)
    assert all(0 <= value.start < value.end <= len(text) for value in values)
    assert all(left.end <= right.start for left, right in zip(values, values[1:], strict=False))


MESSAGES = [message for language in ("zh", "en") for message, _ in lines(language)]


@given(st.sampled_from(MESSAGES), st.integers(0, 20), st.integers(1, 60))
@example("I paid the day before yesterday", 11, 40)
def test_a_piece_of_a_message_is_read_without_a_fault(message: str, start: int, length: int) -> None:
    extract(message[start : start + length], TUESDAY)


@given(st.text(alphabet="0123456789一二两三十百千万几多半个月号年元块.,-/到wk %thehundredfive ", max_size=24))
def test_no_heap_of_number_words_breaks_the_reader(text: str) -> None:
    extract(text, TUESDAY)


@given(st.integers(min_value=10, max_value=9_999_999))
@example(996)  # also the name of a working week
@example(1_007)
@example(1_996)
def test_every_amount_with_its_currency_is_read_exactly(yuan: int) -> None:
    assert written(extract(f"{yuan}元", TUESDAY)) == f"money {yuan * 100}"
    assert written(extract(f"{yuan:,} yuan", TUESDAY)) == f"money {yuan * 100}"
