"""How borrowers rate the conversation, kept as counts per day and language: who and what was said is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select, update

from casestore.models import FeedbackCountRow
from casestore.store import CaseStore
from casestore.upsert import insert_if_new

RATINGS = (1, 2, 3, 4, 5)
NO_RATING = 0


class BadRating(ValueError):
    """A rating outside of the scale."""


def count(store: CaseStore, rating: int | None, language: str, today: date) -> None:
    """Add one to the count of `rating` (None: a remark without a number). Raises `BadRating`."""
    kept = NO_RATING if rating is None else rating
    if kept not in (NO_RATING, *RATINGS):
        raise BadRating("A rating is a whole number from 1 to 5.")
    with store.unit() as unit:
        key = {"day": today, "language": language, "rating": kept}
        insert_if_new(unit.session, FeedbackCountRow, **key, times=0)
        unit.session.execute(
            update(FeedbackCountRow)
            .where(*(getattr(FeedbackCountRow, name) == value for name, value in key.items()))
            .values(times=FeedbackCountRow.times + 1)
            .execution_options(synchronize_session=False)
        )


def totals(store: CaseStore) -> Mapping[int, int]:
    """How often each rating was given; under 0 the remarks without a number."""
    query = select(FeedbackCountRow.rating, func.sum(FeedbackCountRow.times))
    with store.reading() as unit:
        rows = unit.session.execute(query.group_by(FeedbackCountRow.rating).order_by(FeedbackCountRow.rating))
        return {int(rating): int(times) for rating, times in rows}
