"""Whatever a library logs, no word of a person gets into a record; where it was stays."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from casestore import log_guard

WORDS = "my parrot is called Quixotl17"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that any logger writes, at every level."""
    log_guard.install()
    written, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(written), root.level
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.NOTSET)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_debug_line_of_a_library_tells_its_place_only(
    log: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    # A Socket.IO server that was started in this process has silenced its own logger.
    caplog.set_level(logging.DEBUG, "engineio.server")
    logging.getLogger("rasa.core.processor").debug("Received user message '%s'", WORDS)
    logging.getLogger("engineio.server").info("Received packet %s", WORDS)
    assert "Quixotl17" not in log.getvalue()
    assert log.getvalue().count("test_log_guard.py:") == log.getvalue().count("(words withheld)") == 2


def test_a_line_that_tells_of_the_servers_work_stays(log: io.StringIO) -> None:
    logging.getLogger("rasa.core.run").info("Rasa server is up and running.")
    logging.getLogger("bot.desk").debug("Looked for messages")
    assert log.getvalue().splitlines() == [
        "INFO rasa.core.run Rasa server is up and running.",
        "DEBUG bot.desk Looked for messages",
    ]


@pytest.mark.parametrize("name", ["rasa.core.channels", "bot.channels", "root"])
def test_an_exception_tells_kind_and_place_only(log: io.StringIO, name: str) -> None:
    try:
        raise ValueError(WORDS)
    except ValueError:
        logging.getLogger(name).exception("It failed")
    assert "Quixotl17" not in log.getvalue()
    assert "It failed" in log.getvalue() and "ValueError at" in log.getvalue()
    assert "test_an_exception_tells_kind_and_place_only" in log.getvalue()


def test_a_failed_request_does_not_show_its_private_link(log: io.StringIO) -> None:
    logging.getLogger("sanic.error").error(
        "Exception occurred while handling uri: %s", "/chat/agreement/Quixotl17"
    )
    assert log.getvalue() == "ERROR sanic.error Exception occurred while handling uri: …\n"


def test_a_line_of_structlog_has_no_locals_of_an_exception(log: io.StringIO) -> None:
    said = WORDS
    logger = structlog.wrap_logger(
        logging.getLogger("rasa.core.actions"),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(),
        ],
    )
    try:
        raise ValueError(said)
    except ValueError:
        logger.exception("action.failed", text=said)
    assert json.loads(log.getvalue().partition("actions ")[2]) == {"event": "action.failed", "level": "error"}


async def test_a_failed_task_that_nobody_waits_for_tells_no_words(log: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError(WORDS)

    task = asyncio.get_running_loop().create_task(fail())
    await asyncio.wait([task])
    del task
    gc.collect()
    assert "never retrieved" in log.getvalue() and "Quixotl17" not in log.getvalue()
