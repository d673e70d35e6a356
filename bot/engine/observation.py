"""What happens in a turn beside its answer: the trace that goes on in the action server, and how that server did.

Rasa's environment has no OpenTelemetry; the header `traceparent` (W3C Trace Context) is passed on as it came.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from aiohttp import ClientConnectorError, ClientOSError, ClientPayloadError, ServerDisconnectedError

from bot.engine.statuses import DIED, FAILED, NOTHING_DONE

TRACE = "traceparent"
TIMING = "Server-Timing"
MILLISECONDS = 1000

BROKEN_OFF = (ClientOSError, ClientPayloadError, ServerDisconnectedError)


@dataclass
class Observation:
    """One turn: its trace, if it is traced, the seconds that it spent in actions, and whether it came to any.

    `status` is the one of `statuses` with which the turn is answered if it fails.
    """

    trace: str | None
    action_seconds: float = 0.0
    has_reached_actions: bool = False
    status: int = FAILED

    @property
    def headers(self) -> dict[str, str]:
        """Return the header that says how long the actions took, in milliseconds."""
        return {TIMING: f"actions;dur={self.action_seconds * MILLISECONDS:.1f}"}


_present: ContextVar[Observation | None] = ContextVar("present", default=None)


@contextmanager
def observed(headers: Mapping[str, str]) -> Iterator[Observation]:
    """Observe the turn that a request with these headers asks for, in every task that begins meanwhile."""
    observation = Observation(headers.get(TRACE))
    token = _present.set(observation)
    try:
        yield observation
    finally:
        _present.reset(token)


@contextmanager
def action_call() -> Iterator[dict[str, str]]:
    """Observe a call of the action server, which is made with the headers that this gives."""
    observation = _present.get() or Observation(None)
    began = time.perf_counter()
    try:
        yield {TRACE: observation.trace} if observation.trace else {}
    except BROKEN_OFF as error:
        never_sent = isinstance(error, ClientConnectorError) and not observation.has_reached_actions
        observation.status = NOTHING_DONE if never_sent else DIED
        raise
    else:
        observation.has_reached_actions = True
    finally:
        observation.action_seconds += time.perf_counter() - began
