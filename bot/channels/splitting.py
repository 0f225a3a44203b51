"""Long texts in parts that a channel takes."""

from __future__ import annotations

from collections.abc import Callable


def parts_of(text: str, beginning: Callable[[str], str]) -> list[str]:
    """The text in parts, cut between lines, or between words where a line is too long; none for a blank text.

    `beginning` returns the longest beginning of a text that the channel takes, at least one character of it.
    """
    parts, rest = [], text.strip()
    while (head := beginning(rest)) != rest:
        cut = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or len(head)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts
