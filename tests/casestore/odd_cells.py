"""What people, programs and attackers leave in the cells of a file."""

from __future__ import annotations

# Which of them a column takes is its own matter; none may stop an import.
ODD = (
    "",
    "=1+1",
    "＝1+1",
    "-1",
    "+8613800000101",
    "NaN",
    "Infinity",
    "1e9",
    "1_0",
    "１２",
    "9" * 4000,
    f"1.{'1' * 60}",
    "x" * 100_000,
    "王" * 4000,
    "a\nb",
    "\u202e\u200b",
    "\U0001f600",
    "'; DROP TABLE loans; --",
    "{name}",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "000000000000000000",
)
