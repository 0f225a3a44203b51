"""When something that must arrive is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

# Longer than any sender waits for an answer: after it, a sender that died no longer holds what it claimed.
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=5)
# After ten failures a try each hour: a desk that is down over a weekend is not hammered, and misses nothing.
LONGEST_PAUSE = timedelta(hours=1)


def lease_until(now: datetime) -> datetime:
    """Until when what was claimed `now` belongs to its sender."""
    return now + LEASE


def again_at(now: datetime, tries: int) -> datetime:
    """When to try again after `tries` failures in a row (at least 1): each pause is twice the one before."""
    return now + min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
