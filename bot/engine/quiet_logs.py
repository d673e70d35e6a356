"""Log lines of the Rasa server: where something happened and in which conversation, never in what words.

Rasa's own lines, its warnings and the messages of exceptions may quote what a borrower typed.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import structlog

OURS = "bot.engine"


class PlacesOnly(logging.Formatter):
    """Writes a line as JSON; the words of a line are kept where they are ours."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "place": f"{record.name}:{record.lineno}",
        }
        if record.name.startswith(OURS):
            line["event"] = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            line["exception"] = "\n".join(_places(record.exc_info[1]))
        return json.dumps(line | structlog.contextvars.get_contextvars())


def keep_words_out() -> None:
    """Send everything that this process logs from now on through PlacesOnly."""
    logging.captureWarnings(True)
    for handler in filter(None, [*logging.getLogger().handlers, logging.lastResort]):
        handler.setFormatter(PlacesOnly())
    structlog.get_config()["processors"][:] = [structlog.stdlib.filter_by_level, _as_a_line]


def _as_a_line(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    return {"msg": event["event"], "exc_info": event.get("exc_info")}


def _places(error: BaseException) -> Iterator[str]:
    yield type(error).__qualname__
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    if cause := error.__cause__ or error.__context__:
        yield from _places(cause)
