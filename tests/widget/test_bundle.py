"""The one file that a lender's page loads."""

from __future__ import annotations

import gzip

import pytest

from tests.widget.fake_server import WIDGET

# What a slow phone line carries in about a second; the limit. build.mjs has the same.
MOST_BYTES = 45_000


def test_the_widget_is_small_enough_for_a_slow_line() -> None:
    assert len(gzip.compress((WIDGET / "dist" / "widget.js").read_bytes(), 9)) <= MOST_BYTES


@pytest.mark.parametrize(
    "never", ["innerHTML", "dangerouslySet", "insertAdjacentHTML", "eval(", "localStorage"]
)
def test_our_sources_make_no_markup_of_text_and_leave_nothing_behind(never: str) -> None:
    sources = [path for path in (WIDGET / "src").rglob("*") if path.suffix in {".ts", ".tsx"}]
    assert [path.name for path in sources if never in path.read_text(encoding="utf-8")] == []
