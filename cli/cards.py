"""Messages of the chat as a terminal shows them: text with links, cards as tables, buttons with numbers.

Widths are those of the terminal's cells, of which a Chinese character takes two; rich counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

ADDRESS = re.compile(r"https?://[^\s，。；！？）)]+[^\s，。；！？）).,;!?]")

Card = Mapping[str, Any]
Button = dict[str, str]


def drawn(message: Mapping[str, Any], base_url: str) -> Iterator[RenderableType]:
    """What to print for a message, from top to bottom. `base_url` stands before a document's path."""
    card, text = message.get("card") or {}, str(message.get("text") or "")
    before, after = _around_card(card, text)
    if before:
        yield linked(before)
    yield from _card(card, base_url)
    if after:
        yield linked(after)


def buttons_of(message: Mapping[str, Any]) -> list[Button]:
    """The buttons of a message and of its card, each payload once."""
    on_card = [
        offer["button"] for offer in (message.get("card") or {}).get("offers", []) if "button" in offer
    ]
    every = [*on_card, *(message.get("buttons") or [])]
    return list({button["payload"]: button for button in every}.values())


def numbered(buttons: Sequence[Button]) -> Text:
    """The buttons, each behind the number that presses it."""
    parts = [
        Text.assemble((f"[{number}]", "bold cyan"), f" {each['title']}") for number, each in _count(buttons)
    ]
    return Text("   ").join(parts) if _are_short(buttons) else Text("\n").join(parts)


def schedule_of(message: Mapping[str, Any], option: int) -> RenderableType | None:
    """The schedule of an option on the message's card, None when there is none."""
    offers = (message.get("card") or {}).get("offers", [])
    return next((_schedule(each) for each in offers if each["option"] == option and "schedule" in each), None)


def linked(text: str) -> Text:
    """The text, with its addresses as links where the terminal knows links; they are readable anywhere."""
    shown = Text(text)
    for found in ADDRESS.finditer(text):
        shown.stylize(f"link {found.group()}", found.start(), found.end())
    return shown


def _around_card(card: Card, text: str) -> tuple[str, str]:
    """What of the text stands before and after the card; the rest says what the card says."""
    if card.get("type") == "breakdown":
        return "", ""
    if card.get("type") != "offers":
        return text, ""
    paragraphs = re.split(r"\n\s*\n", text)
    return paragraphs[0], paragraphs[-1] if len(paragraphs) > 2 else ""


def _card(card: Card, base_url: str) -> Iterator[RenderableType]:
    if card.get("type") == "offers":
        yield from _offers(card)
    elif card.get("type") == "breakdown":
        yield _breakdown(card)
    elif card.get("type") == "document":
        yield _document(card, base_url)


def _offers(card: Card) -> Iterator[RenderableType]:
    """Side by side; what holds for one is listed below, and an offer that stands alone has its schedule."""
    offers = card["offers"]
    table = _table(card.get("title"))
    table.add_column()
    for offer in offers:
        table.add_column(Text(_heading(offer), style="bold"), justify="right", overflow="fold")
    for lines in zip(*(offer["lines"] for offer in offers), strict=True):
        table.add_row(Text(lines[0]["label"]), *(Text(line["value"]) for line in lines))
    yield table
    for offer in offers:
        yield from _notes(_heading(offer), offer.get("notes") or [])
    if len(offers) == 1 and "schedule" in offers[0]:
        yield _schedule(offers[0])
    if refusals := card.get("refusals"):
        reasons = [f"{each['name']} – {each['reason']}" for each in refusals["items"]]
        yield from _notes(refusals["title"], reasons)


def _heading(offer: Card) -> str:
    return " ".join(filter(None, (offer.get("badge"), offer["name"])))


def _notes(heading: str, lines: Sequence[str]) -> Iterator[RenderableType]:
    if lines:
        yield Text("\n".join([heading, *(f"  · {line}" for line in lines)]))


def _schedule(offer: Card) -> RenderableType:
    schedule = offer["schedule"]
    table = _table(" ".join(filter(None, (offer.get("schedule_title"), _heading(offer)))))
    for name in schedule["head"]:
        table.add_column(Text(name), justify="right", overflow="fold")
    for row in schedule["rows"]:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _breakdown(card: Card) -> RenderableType:
    table = _table(card.get("title"), card.get("note"))
    table.add_column()
    table.add_column(justify="right")
    for line in card["lines"]:
        table.add_row(Text(line["label"]), Text(line["value"]))
    table.show_header = False
    return table


def _document(card: Card, base_url: str) -> RenderableType:
    """The address is written out too: not every terminal opens links, and a pipe has none."""
    href = str(card["href"])
    address = href if href.startswith("http") else base_url + href
    title = " ".join(filter(None, (card.get("title"), card["label"])))
    return Text.assemble((title, f"link {address}"), "\n", linked(address))


def _table(title: str | None, caption: str | None = None) -> Table:
    return Table(
        title=Text(title) if title else None,
        caption=Text(caption) if caption else None,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
    )


def _count(buttons: Sequence[Button]) -> Iterator[tuple[int, Button]]:
    return iter(enumerate(buttons, start=1))


def _are_short(buttons: Sequence[Button]) -> bool:
    """Whether the buttons fit on one line: a row is read faster, a list is clearer."""
    return sum(Text(each["title"]).cell_len + 7 for each in buttons) <= 76
