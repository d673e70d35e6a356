"""Where Rasa keeps conversations: the last turns of each, and what is known from before them.

A turn costs the same however long a conversation is, and what borrowers said long ago is not kept here at all. Rasa's
own SQL store replays every event of a session on every turn, and deletes none.
"""

from __future__ import annotations

import json
import sqlite3

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

REMEMBERED_TURNS = 3

_PREPARE = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS trackers (sender_id TEXT PRIMARY KEY, events TEXT NOT NULL);
"""


class RecentTurnsStore(TrackerStore):
    """One row a conversation, in the SQLite database `db`. One Rasa process uses it at a time."""

    def __init__(
        self, domain: Domain, event_broker: EventBroker | None = None, host: str | None = None, db: str = "tracker.db"
    ) -> None:
        """Open the database. Rasa passes every store a `host`, which a file does not have."""
        super().__init__(domain, event_broker)
        self._database = sqlite3.connect(db, isolation_level=None)
        self._database.executescript(_PREPARE)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the last turns of a conversation."""
        await self.stream_events(tracker)
        events = json.dumps([event.as_dict() for event in recent_events(tracker)])
        self._database.execute("INSERT OR REPLACE INTO trackers VALUES (?, ?)", (tracker.sender_id, events))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a conversation as it was saved, or None for a new one."""
        row = self._database.execute("SELECT events FROM trackers WHERE sender_id = ?", (sender_id,)).fetchone()
        if row is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(row[0]), self.domain.slots)


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
