"""Logs as JSON lines, or in colour on a terminal. They name conversations, never people or their words."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from respite.redaction import redact, where_it_failed

TALKATIVE = ("apscheduler", "httpcore", "httpx", "telegram", "uvicorn")
"""Libraries whose ordinary lines hold the addresses of people and of requests."""

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def set_up_logs() -> None:
    """Send our own log lines and those of the libraries through one formatter to standard error."""
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_where_it_failed),
                _without_people,
                renderer,
            ],
            foreign_pre_chain=SHARED,
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.captureWarnings(True)
    for library in TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)


def _where_it_failed(exc_info: Any) -> str:
    return where_it_failed(exc_info[1])


def _without_people(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    redacted: EventDict = redact(event)
    return redacted
