"""Telling whoever shows a conversation that something in it has changed."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Overhear = Callable[[str | None], object]
"""Takes the id of a conversation, or None where any of them may have changed."""


class Doorbell:
    """One event for each listener; what has changed, a listener reads from the store."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._overhearing: list[Overhear] = []

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

    @contextmanager
    def overhearing(self, hear: Overhear) -> Iterator[None]:
        """Have `hear` called whenever any bell rings or murmurs."""
        self._overhearing.append(hear)
        try:
            yield
        finally:
            self._overhearing.remove(hear)

    def ring(self, conversation_id: str) -> None:
        self._set(conversation_id)
        self.murmur(conversation_id)

    def murmur(self, conversation_id: str) -> None:
        """Let only those know who overhear every bell: what has changed does not stand in the conversation."""
        for hear in self._overhearing:
            hear(conversation_id)

    def ring_all(self) -> None:
        """Have everybody look: nobody knows which conversations have changed."""
        for conversation_id in self._listeners:
            self._set(conversation_id)
        for hear in self._overhearing:
            hear(None)

    def _set(self, conversation_id: str) -> None:
        for rung in self._listeners.get(conversation_id, ()):
            rung.set()
