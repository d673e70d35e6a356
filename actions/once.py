"""An action that wrote something answers the same when its turn is run again, and writes nothing twice.

A turn is run again when a process died, or a connection broke, before its answer was kept, or when staff have a
message answered that was given up. What an action wrote and what it answered are committed together.
"""

import json
from collections.abc import Callable
from itertools import takewhile

from rasa_sdk.events import EventType

from actions.turn import Turn
from respite.store.models import TurnResults
from respite.store.writes import has_written

Events = list[EventType]


def answered_once(turn: Turn, action: str, respond: Callable[[], Events]) -> Events:
    """What `respond` says and returns, or what it did when this turn came to this action before."""
    turn_id, place = turn.tracker.latest_message.get("message_id"), _place(turn, action)
    kept = turn.session.get(TurnResults, turn_id) if turn_id else None
    results = json.loads(kept.results) if kept else {}
    if place in results:
        turn.dispatcher.messages.extend(results[place]["messages"])
        return list(results[place]["events"])
    events = respond()
    if turn_id and has_written(turn.session):
        results[place] = {"messages": turn.dispatcher.messages, "events": events}
        turn.session.merge(
            TurnResults(turn_id=turn_id, conversation_id=turn.conversation.id, results=json.dumps(results))
        )
    return events


def _place(turn: Turn, action: str) -> str:
    """Where in its turn an action is: a message that says two things is answered in two parts."""
    of_turn = takewhile(lambda event: event["event"] != "user", reversed(turn.tracker.events))
    earlier = sum(event["event"] == "action" for event in of_turn)
    return f"{turn.tracker.latest_message.get('part_of_message')} {earlier} {action}"
