"""Fixtures that tests of every room may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from cli.servers import MODEL

# Randomness is seeded: the same cases each run, whatever the machine's speed. A folder may load its own.
settings.register_profile(
    "seeded",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("seeded")


@pytest.fixture(scope="session")
def stack() -> Iterator[object]:
    """The running bot with demo accounts (`tests.support.stack.Stack`), shared by all conversations."""
    if not MODEL.exists():
        pytest.fail("There is no trained model; run `make train` first.", pytrace=False)
    from tests.support.stack import Stack  # imports the case store, which tests of the domain do not need

    with Stack() as running:
        yield running
