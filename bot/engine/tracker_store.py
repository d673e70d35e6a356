"""Where Rasa keeps conversations: the last turns of each, and what is known from before them.

A turn costs the same however long a conversation is, and what borrowers said long ago is not kept here at all. Rasa's
own SQL store replays every event of a session on every turn, and deletes none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.kept_conversations import Kept, KeptConversations, keys_of_this_process

REMEMBERED_TURNS = 3
REMEMBERED_ANSWERS = 2
"""A message of a borrower is at most two turns: a sign-in, and the question that it interrupted."""

Answer = list[dict[str, Any]]


class RecentTurnsStore(TrackerStore):
    """One row a conversation, in the SQLite database `db`. One Rasa process uses it at a time."""

    def __init__(
        self, domain: Domain, event_broker: EventBroker | None = None, host: str | None = None, db: str = "tracker.db"
    ) -> None:
        """Open the database. Rasa passes every store a `host`, which a file does not have."""
        super().__init__(domain, event_broker)
        self._kept = KeptConversations(db, keys_of_this_process())
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._unwritten: dict[str, list[dict[str, Any]]] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the last turns of a conversation; in the middle of a turn, until it is answered."""
        await self.stream_events(tracker)
        events = [event.as_dict() for event in recent_events(tracker)]
        if tracker.sender_id in self._unwritten:
            self._unwritten[tracker.sender_id] = events
        else:
            self._kept.write(tracker.sender_id, Kept(events))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a conversation as it was saved, or None for a new one."""
        events = self._unwritten.get(sender_id) or self._events_of(sender_id)
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots) if events else None

    async def answer_once(self, sender_id: str, turn_id: str, answer: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return what `answer` returns, or what it returned when the same turn was asked before.

        What Rasa saves meanwhile is written together with the answer, or not at all where `answer` fails. One turn
        of a conversation is answered after the other.
        """
        async with self._turns.setdefault(sender_id, asyncio.Lock()):
            kept = self._kept.read(sender_id) or Kept([])
            if turn_id in kept.answers:
                return kept.answers[turn_id]
            self._unwritten[sender_id] = kept.events
            try:
                said = await answer()
                answers = dict([*kept.answers.items(), (turn_id, said)][-REMEMBERED_ANSWERS:])
                self._kept.write(sender_id, Kept(self._unwritten[sender_id], answers))
            finally:
                del self._unwritten[sender_id]
            return said

    def _events_of(self, sender_id: str) -> list[dict[str, Any]]:
        kept = self._kept.read(sender_id)
        return kept.events if kept else []


def recent_events(tracker: DialogueStateTracker) -> list[Event]:
    """Return the events of the last turns, after one event for each slot and for the form that were set before them.

    Nothing is taken away until there are twice as many turns as are remembered.
    """
    events = list(tracker.events)
    listening = [place for place, event in enumerate(events) if _is_listening(event)]
    if len(listening) <= 2 * REMEMBERED_TURNS:
        return events
    begin = listening[-REMEMBERED_TURNS - 1]
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:begin], tracker.slots.values())
    return _known(before, events[begin].timestamp) + events[begin:]


def _known(tracker: DialogueStateTracker, timestamp: float) -> list[Event]:
    slots: list[Event] = [
        SlotSet(name, slot.value, timestamp) for name, slot in tracker.slots.items() if slot.has_been_set
    ]
    return [*slots, ActiveLoop(tracker.active_loop_name, timestamp)] if tracker.active_loop_name else slots


def _is_listening(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
