"""The store from the event loop: each transaction runs in a thread, and waits for its turn without one.

Who asks the book of record may wait for it for seconds, and stands in a line of their own.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from sqlalchemy.orm import Session

from respite.store.session import CONNECTIONS, MORE_AT_A_PEAK, reading, store, transaction

T = TypeVar("T")

_writers: RunVar[CapacityLimiter] = RunVar("writers")
_readers: RunVar[CapacityLimiter] = RunVar("readers")
_askers: RunVar[CapacityLimiter] = RunVar("askers")

ASKERS = MORE_AT_A_PEAK - 1
"""Beside them, and those who read and write, a connection is left for `at_once`."""


async def in_store(work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction, in a thread, and return what it returns."""
    return await _in_thread(transaction, work, _limit(_writers, 1 if _is_sqlite() else CONNECTIONS // 2))


async def with_book(work: Callable[[Session], T]) -> T:
    """Run `work`, which asks the book of record too, in one transaction, in a thread, and return what it returns."""
    if _is_sqlite():
        return await in_store(work)
    return await _in_thread(transaction, work, _limit(_askers, ASKERS))


async def at_once(work: Callable[[Session], T]) -> T:
    """Run `work` as `in_store` does, but at once: for the one caller that must not wait for its turn."""
    return await _in_thread(transaction, work, CapacityLimiter(1))


async def from_store(read: Callable[[Session], T]) -> T:
    """Run `read`, which writes nothing, in a thread, and return what it returns."""
    return await _in_thread(reading, read, _limit(_readers, CONNECTIONS // 2))


def _is_sqlite() -> bool:
    """Whether one writes at a time: SQLite has the others look again and again whether it is their turn."""
    return bool(store().kw["bind"].dialect.name == "sqlite")


def _limit(variable: RunVar[CapacityLimiter], most: int) -> CapacityLimiter:
    """The limit of this event loop."""
    limiter = variable.get(None)
    if limiter is None:
        variable.set(limiter := CapacityLimiter(most))
    return limiter


async def _in_thread(
    open_session: Callable[[], AbstractContextManager[Session]], work: Callable[[Session], T], limiter: CapacityLimiter
) -> T:
    def run() -> T:
        with open_session() as session:
            return work(session)

    return await anyio.to_thread.run_sync(run, limiter=limiter)
