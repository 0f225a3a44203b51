"""Moments as days on the lender's calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from casestore.models import OfferRow


def lender_day(moment: datetime, zone: str, offer: OfferRow) -> date:
    """The day of `moment` in the lender's `zone`, on the calendar the offer was made by.

    A demo may fix another today; its offers then expire on a day of that calendar at a real moment, and the
    difference of the two is how far the calendars are apart. In earnest it is nothing.
    """
    there = ZoneInfo(zone)
    last_day = offer.valid_until.astimezone(there).date() - timedelta(days=1)
    return moment.astimezone(there).date() + (offer.expires_on - last_day)
