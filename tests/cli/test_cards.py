"""Messages in a terminal: tables that line up over Chinese text, links, numbered buttons."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from cli import cards

BASE = "http://127.0.0.1:5005"


def offer(option: int, name: str, badge: str, notes: tuple[str, ...] = ()) -> dict[str, Any]:
    """An offer as the actions make it, with a schedule of two instalments."""
    return {
        "option": option,
        "name": name,
        "badge": badge,
        "lines": [
            {"label": "每期金额", "value": "¥1,055.77"},
            {"label": "最后一期 last due", "value": f"2027年{option}月11日"},
        ],
        "notes": list(notes),
        "schedule_title": "还款计划",
        "schedule": {
            "head": ["期", "日期", "金额"],
            "rows": [["1", "2026年12月11日", "¥1,055.77"], ["2", "2027年1月11日", "¥950.00"]],
        },
        "button": {"title": f"选{name}", "payload": f'/choose_option{{"option_number": {option}}}'},
    }


def comparison(*offers: dict[str, Any]) -> dict[str, Any]:
    """A message with offers side by side."""
    card = {
        "type": "offers",
        "title": "",
        "offers": list(offers),
        "refusals": {"title": "这些现在不行", "items": [{"name": "一次结清", "reason": "数额不够"}]},
    }
    others = {"title": "看看其他方案", "payload": '/ask_offer_details{"offer_wish": "others"}'}
    return {"text": "方案如下：\n\n方案1 ……\n\n您想选哪个？", "card": card, "buttons": [others]}


TWO = comparison(offer(1, "减免罚息和费用", "方案1", ("罚息减免 ¥31.00",)), offer(2, "Longer term", "方案2"))


def printed(*parts: object, terminal: bool = False) -> str:
    """The parts as they appear in a pipe, or in a terminal that knows links."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=100,
        force_terminal=terminal,
        color_system="standard" if terminal else None,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part)
    return file.getvalue()


def shown(message: dict[str, Any]) -> str:
    return printed(*cards.drawn(message, BASE))


def column_ends(lines: list[str], cells: list[str]) -> set[int]:
    """At which columns of the terminal the cells end, each in its line."""
    return {cell_len(line[: line.index(cell) + len(cell)]) for line, cell in zip(lines, cells, strict=True)}


def test_offers_stand_side_by_side_and_line_up_whatever_the_script() -> None:
    lines = shown(TWO).splitlines()
    rows = [next(line for line in lines if label in line) for label in ("方案1 减", "每期", "最后")]
    assert len(column_ends(rows, ["减免罚息和费用", "¥1,055.77", "2027年1月11日"])) == 1
    ends = [line.rstrip() for line in rows]
    assert len({cell_len(line) for line in ends}) == 1


def test_the_text_leads_in_and_asks_while_the_table_says_the_rest() -> None:
    lines = shown(TWO).splitlines()
    assert lines[0] == "方案如下：" and lines[-1] == "您想选哪个？"
    assert "……" not in shown(TWO)


def test_notes_and_refusals_are_below_the_table() -> None:
    after = shown(TWO).partition("最后一期")[2]
    assert "方案1 减免罚息和费用\n  · 罚息减免 ¥31.00" in after
    assert "这些现在不行\n  · 一次结清 – 数额不够" in after


def test_an_offer_alone_comes_with_its_schedule() -> None:
    assert "2026年12月11日" in shown(comparison(offer(1, "Longer term", "Option 1")))
    assert "2026年12月11日" not in shown(TWO)


def test_the_schedule_of_one_of_several_can_be_asked_for() -> None:
    assert "¥950.00" in printed(cards.schedule_of(TWO, 2))
    assert cards.schedule_of(TWO, 3) is None and cards.schedule_of({}, 1) is None


def test_what_is_owed_is_a_table_instead_of_its_text() -> None:
    lines = [{"label": "逾期本金", "value": "¥1,660.00"}, {"label": "费用", "value": "¥20.00"}]
    card = {"type": "breakdown", "title": "贷款 0001", "lines": lines, "note": "利息每天增加。"}
    table = shown({"text": "您一共欠……", "card": card})
    assert "您一共欠" not in table
    assert all(each in table for each in ("贷款 0001", "逾期本金", "¥20.00", "利息每天增加。"))
    rows = [line for line in table.splitlines() if "¥" in line]
    assert len(column_ends(rows, ["¥1,660.00", "¥20.00"])) == 1


@pytest.mark.parametrize("href", ["/chat/documents/abc", f"{BASE}/chat/documents/abc"])
def test_a_document_is_a_link_with_its_address_written_out(href: str) -> None:
    message = {
        "text": "Recorded.",
        "card": {"type": "document", "title": "RA-1", "href": href, "label": "Open"},
    }
    plain = shown(message)
    assert f"{BASE}/chat/documents/abc" in plain and "\x1b" not in plain
    in_terminal = printed(*cards.drawn(message, BASE), terminal=True)
    assert f";{BASE}/chat/documents/abc\x1b\\" in in_terminal


def test_an_address_in_a_text_is_a_link_without_the_sentence_around_it() -> None:
    (text,) = cards.drawn({"text": "请看 https://example.org/a?b=1。谢谢"}, BASE)
    linked = printed(text, terminal=True)
    assert ";https://example.org/a?b=1\x1b\\https://example.org/a?b=1\x1b]8;;" in linked


def test_words_in_brackets_are_no_markup() -> None:
    assert shown({"text": "[bold]说[/bold] [1]"}) == "[bold]说[/bold] [1]\n"


def test_a_button_on_the_card_and_below_it_is_counted_once() -> None:
    pressed_by_number = comparison(offer(1, "减免", "方案1"))
    pressed_by_number["buttons"].insert(0, dict(pressed_by_number["card"]["offers"][0]["button"]))
    assert [each["title"] for each in cards.buttons_of(pressed_by_number)] == ["选减免", "看看其他方案"]
    assert cards.buttons_of({"text": "…"}) == []


def test_few_buttons_are_a_row_and_many_are_a_list() -> None:
    few = [{"title": "同意", "payload": "/affirm"}, {"title": "不同意", "payload": "/deny"}]
    assert printed(cards.numbered(few)) == "[1] 同意   [2] 不同意\n"
    many = [{"title": "a button with a long title", "payload": "/affirm"}] * 3
    assert printed(cards.numbered(many)).splitlines()[2] == "[3] a button with a long title"
