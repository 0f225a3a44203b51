"""Shows the codes of demo mode in the terminal, where a real gateway would send them to a phone."""

from __future__ import annotations

from collections.abc import Callable

from casestore import outbox
from casestore.store import CaseStore

RECENT = 20


class CodeWatch:
    """Prints each code once; what was sent before the watch began is not shown."""

    def __init__(self, store: CaseStore, show: Callable[[str], None]) -> None:
        self._store = store
        self._show = show
        self._seen = set(outbox.recent(store, RECENT))

    def poll(self) -> None:
        """Shows what was sent since the last call."""
        for entry in reversed(outbox.recent(self._store, RECENT)):
            if entry not in self._seen:
                self._seen.add(entry)
                self._show(f"Demo phone {entry.phone}: code {entry.code}")
