"""Everything that an operator reads, put together when it is asked for."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from threading import Lock

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from bot.rasa_client import RasaClient
from bot.telemetry.backlog import Backlog, read_backlog
from respite.store.session import reading

FRESH_FOR_SECONDS = 5
WAITS = (30, 60, 120, 300, 600, 1800, 3600, 7200, 14400)
"""Seconds."""


def registry_of(now: Callable[[], datetime], rasa: RasaClient) -> CollectorRegistry:
    """All figures: those of this process, and those of the store as they were FRESH_FOR_SECONDS ago at most."""
    registry = CollectorRegistry()
    registry.register(REGISTRY)
    registry.register(Figures(now, rasa))
    return registry


class Figures(Collector):
    """What is not counted as it happens, but looked up."""

    def __init__(self, now: Callable[[], datetime], rasa: RasaClient) -> None:
        self._now = now
        self._rasa = rasa
        self._lock = Lock()
        self._read_at = -float(FRESH_FOR_SECONDS)
        self._backlog: Backlog | None = None

    def collect(self) -> Iterator[Metric]:
        """Yield the figures; without the database, only that it does not answer."""
        backlog = self._recent_backlog()
        yield _gauge("respite_rasa_circuit_open", "Whether Rasa was away lately: 1 or 0.", self._rasa.is_open)
        yield _gauge("respite_database_up", "Whether the database answers: 1 or 0.", backlog is not None)
        if backlog:
            yield from _families(backlog)

    def _recent_backlog(self) -> Backlog | None:
        with self._lock:
            if time.monotonic() - self._read_at >= FRESH_FOR_SECONDS:
                self._backlog = self._read()
                self._read_at = time.monotonic()
            return self._backlog

    def _read(self) -> Backlog | None:
        try:
            with reading() as session:
                return read_backlog(session, self._now())
        except SQLAlchemyError:
            return None


def _families(backlog: Backlog) -> Iterator[Metric]:
    yield _gauge("respite_processes", "Processes that answer and send, and are alive.", backlog.processes)
    inbox = GaugeMetricFamily(
        "respite_inbox_messages", "Borrowers' messages that wait (pending) or were given up (dead).", labels=["state"]
    )
    for state, number in backlog.inbox.items():
        inbox.add_metric([state], number)
    yield inbox
    outbox = GaugeMetricFamily(
        "respite_outbox_messages",
        "Messages on their way (pending, sending), and those that staff have to settle (failed, unknown).",
        labels=["channel", "state"],
    )
    for (channel, state), number in backlog.outbox.items():
        outbox.add_metric([channel, state], number)
    yield outbox
    yield _gauge(
        "respite_inbox_oldest_seconds", "For how long the oldest pending message waits.", backlog.oldest_unanswered
    )
    yield _gauge("respite_handoffs_waiting", "Borrowers in line for a person.", len(backlog.queue))
    longest = max(backlog.queue, default=0.0)
    yield _gauge("respite_handoffs_longest_wait_seconds", "For how long the one who waits longest does so.", longest)
    yield _waits(
        "respite_handoff_wait_seconds", "How long those waited whom a person took in the last 24 hours.", backlog.taken
    )


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=float(value))


def _waits(name: str, documentation: str, waits: Sequence[float]) -> Metric:
    buckets = [(str(float(most)), float(sum(wait <= most for wait in waits))) for most in WAITS]
    return GaugeHistogramMetricFamily(
        name, documentation, buckets=[*buckets, ("+Inf", float(len(waits)))], gsum_value=sum(waits)
    )
