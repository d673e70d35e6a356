"""Figures that this process counts itself. No label names a person or a conversation."""

from contextlib import AbstractContextManager
from typing import Literal

from prometheus_client import Counter, Gauge, Histogram

Stage = Literal["waiting", "rasa", "actions", "writing", "sending"]

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

TURN_SECONDS = Histogram(
    "respite_turn_seconds",
    "A message's time by stage: waiting in the inbox, in Rasa (with the actions), in the actions alone, "
    "writing the answer, and sending it where its channel is sent to.",
    ["stage"],
    buckets=SECONDS,
)
TURNS = Counter("respite_turns", "Turns by outcome: answered, unreachable (Rasa was away), failed.", ["outcome"])
DELIVERIES = Counter(
    "respite_deliveries",
    "Messages handed to a channel that is sent to, by what became of them: sent, pending (tried again later), "
    "failed, unknown.",
    ["channel", "state"],
)
OPEN_SOCKETS = Gauge("respite_open_sockets", "Chats that are open in a browser now.")


def timed(stage: Stage) -> AbstractContextManager[object]:
    """Count the time that is spent within as a stage of a turn."""
    return TURN_SECONDS.labels(stage).time()


def note_seconds(stage: Stage, seconds: float) -> None:
    """Count a stage of a turn that is over."""
    TURN_SECONDS.labels(stage).observe(seconds)
