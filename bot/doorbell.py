"""Telling whoever shows a conversation that something in it has changed."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Doorbell:
    """One event for each listener; what has changed, a listener reads from the store."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def listening(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the bell of a conversation rings."""
        rung = asyncio.Event()
        self._listeners[conversation_id].add(rung)
        try:
            yield rung
        finally:
            self._listeners[conversation_id].discard(rung)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]

    def ring(self, conversation_id: str) -> None:
        for rung in self._listeners.get(conversation_id, ()):
            rung.set()
