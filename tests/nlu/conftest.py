"""The trained bot, asked once about each sentence however many tests judge it by that."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from cli.servers import MODEL
from tests.nlu.examples import Example
from tests.nlu.readings import Reading, parser, reader


@pytest.fixture(scope="session")
def parse() -> Callable[[str], dict[str, Any]]:
    """All that the trained bot makes of a text."""
    if not MODEL.exists():
        pytest.fail("There is no trained model; run `make train` first.", pytrace=False)
    return cache(parser())


@pytest.fixture(scope="session")
def read(parse: Callable[[str], dict[str, Any]]) -> Callable[[Example], Reading]:
    """What the trained bot makes of a sentence."""
    return cache(reader(parse))
