"""The store from the event loop: each transaction runs in a thread."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

import anyio.to_thread
from sqlalchemy.orm import Session

from respite.store.session import reading, transaction

T = TypeVar("T")


async def in_store(work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction, in a thread, and return what it returns."""
    return await _in_thread(transaction, work)


async def from_store(read: Callable[[Session], T]) -> T:
    """Run `read`, which writes nothing, in a thread, and return what it returns."""
    return await _in_thread(reading, read)


async def _in_thread(open_session: Callable[[], AbstractContextManager[Session]], work: Callable[[Session], T]) -> T:
    def run() -> T:
        with open_session() as session:
            return work(session)

    return await anyio.to_thread.run_sync(run)
