"""Keeps what people write out of the logs of both servers, at every level and whatever the libraries log.

Debug lines of Rasa and its SDK quote messages, slots and predictions, an exception's own words anything.
Both are replaced where a record is made, before any handler, file or collector sees it: what is left tells
where in the code it was. Nothing that our own rooms log holds such words.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from typing import Any

OWN = ("actions", "bot", "casestore", "hardship")
# These log whole packets already at INFO.
TALKATIVE = ("engineio", "socketio")
FRAMES = 8

MakeRecord = Callable[..., logging.LogRecord]


def install() -> None:
    """Guard all records that this process makes from now on; again, it changes nothing."""
    make = logging.getLogRecordFactory()
    if not isinstance(make, _Guard):
        logging.setLogRecordFactory(_Guard(make))


class _Guard:
    """Makes records as before, without words."""

    def __init__(self, make: MakeRecord) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(*args, **kwargs)
        if record.exc_info:
            record.exc_text, record.exc_info = _places(record.exc_info), None
        library = record.name.split(".")[0]
        if library not in OWN:
            _withhold(record, library)
        return record


def _withhold(record: logging.LogRecord, library: str) -> None:
    quotes = logging.INFO if library in TALKATIVE else logging.DEBUG
    if record.levelno <= quotes:
        record.msg, record.args = f"{record.filename}:{record.lineno} (words withheld)", ()
    elif library == "asyncio":
        # The lines after the first show the task, and in it the exception.
        record.msg, record.args = record.getMessage().partition("\n")[0], ()
    elif library == "sanic" and record.levelno >= logging.WARNING and isinstance(record.args, tuple):
        # What it puts in are addresses, and a private link is one.
        record.args = ("…",) * len(record.args)
    elif isinstance(record.msg, str) and record.msg.startswith("{"):
        record.msg = _without_traceback(record.msg)


def _places(exc_info: Any) -> str:
    """Kind and places of an exception, as a traceback shows them, without its words and its locals."""
    kind, _, trace = exc_info if isinstance(exc_info, tuple) else (type(exc_info), exc_info, None)
    frames = traceback.extract_tb(trace)[-FRAMES:]
    lines = (f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
    return "\n".join([f"{getattr(kind, '__name__', 'error')} at", *lines])


def _without_traceback(text: str) -> str:
    """A line as structlog writes it as JSON, without the exception: its frames would show their locals."""
    try:
        line = json.loads(text)
    except ValueError:
        return text
    return (
        json.dumps({"event": line.get("event"), "level": line.get("level")}) if "exception" in line else text
    )
