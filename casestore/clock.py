"""The clock the store reads unless a test hands in its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(timezone.utc)


def today_in(zone: str, environment: Mapping[str, str] = os.environ) -> date:
    """Today where the lender is (`zone` as in "Asia/Shanghai"), or the ISO day that RESPITE_TODAY fixes."""
    fixed = environment.get("RESPITE_TODAY")
    return date.fromisoformat(fixed) if fixed else datetime.now(ZoneInfo(zone)).date()
