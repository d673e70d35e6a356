import asyncio
import json
import sqlite3

import pytest
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.engine.tracker_store import REMEMBERED_TURNS, RecentTurnsStore

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [ask, request_deferral]
    actions: [action_answer]
    forms: {deferral_form: {required_slots: [until]}}
    slots:
      language: {type: any, mappings: [{type: custom}]}
      loan: {type: any, mappings: [{type: custom}]}
      until: {type: any, mappings: [{type: custom}]}
    """
)
LISTEN = "action_listen"


@pytest.fixture
def database(tmp_path):
    return tmp_path / "tracker.db"


@pytest.fixture
def store(database):
    return RecentTurnsStore(DOMAIN, db=str(database))


def turn(number, *events):
    said = UserUttered(f"question {number}", {"name": "ask", "confidence": 1.0})
    return [said, *events, ActionExecuted("action_answer"), BotUttered(f"answer {number}"), ActionExecuted(LISTEN)]


def beginning():
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted(LISTEN)]


def hold(store, *turns, conversation="a chat"):
    """Hold a conversation as Rasa does: read it, add one turn, save it. What Rasa's own memory would then be."""
    everything = []
    for events in (beginning(), *turns):
        tracker = asyncio.run(store.get_or_create_tracker(conversation, append_action_listen=False))
        tracker.update_with_events(events, DOMAIN)
        asyncio.run(store.save(tracker))
        everything += events
    return DialogueStateTracker.from_events(conversation, everything, DOMAIN.slots)


def read(store, conversation="a chat"):
    return asyncio.run(store.retrieve(conversation))


def texts(tracker):
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_a_short_conversation_is_kept_as_rasas_own_store_keeps_it(store, tmp_path):
    rasas_own = SQLTrackerStore(DOMAIN, db=str(tmp_path / "rasas_own.db"))
    turns = [turn(number, SlotSet("loan", f"L-{number}")) for number in range(REMEMBERED_TURNS)]
    hold(store, *turns)
    hold(rasas_own, *turns)
    from_the_session_on = list(read(store).events)[1:]
    assert from_the_session_on == list(read(rasas_own).events)


def test_a_conversation_that_never_was_is_a_new_one(store):
    assert read(store) is None


def test_a_conversation_outlives_the_process(store, database):
    hold(store, turn(1, SlotSet("language", "zh")))
    assert read(RecentTurnsStore(DOMAIN, db=str(database))).get_slot("language") == "zh"


def test_conversations_are_kept_apart(store):
    hold(store, turn(1, SlotSet("loan", "L-1")), conversation="one")
    hold(store, turn(1, SlotSet("loan", "L-2")), conversation="another")
    assert read(store, "one").get_slot("loan") == "L-1"


def test_a_long_conversation_knows_what_a_short_one_would(store):
    form = turn(3, ActionExecuted("deferral_form"), ActiveLoop("deferral_form"), SlotSet("requested_slot", "until"))
    turns = [
        turn(1, SlotSet("language", "zh"), SlotSet("loan", "L-1")),
        turn(2, SlotSet("loan", "L-2")),
        form,
        *(turn(number) for number in range(4, 60)),
        turn(60, SlotSet("loan", None)),
        *(turn(number) for number in range(61, 100)),
    ]
    whole, kept = hold(store, *turns), read(store)
    assert kept.current_slot_values() == whole.current_slot_values()
    assert kept.active_loop_name == whole.active_loop_name == "deferral_form"
    assert kept.latest_action_name == whole.latest_action_name == LISTEN
    assert kept.latest_message == whole.latest_message
    assert texts(kept) == texts(whole)[-len(texts(kept)) :]
    assert len(texts(kept)) >= REMEMBERED_TURNS


def test_turn_500_is_as_large_as_turn_20(store, database):
    def stored():
        with sqlite3.connect(database) as connection:
            [(events,)] = connection.execute("SELECT events FROM trackers").fetchall()
        return json.loads(events)

    sizes = []
    for number in range(500):
        tracker = asyncio.run(store.get_or_create_tracker("a chat", append_action_listen=False))
        for event in turn(number, SlotSet("loan", f"L-{number}")):
            tracker.update(event, DOMAIN)
        asyncio.run(store.save(tracker))
        sizes.append(len(stored()))
    assert max(sizes[20:]) <= max(sizes[:20])


def test_after_starting_over_nothing_from_before_is_known(store):
    before = [turn(number, SlotSet("loan", "L-1")) for number in range(20)]
    after = [turn(number) for number in range(20)]
    hold(store, *before, [Restarted(), ActionExecuted(LISTEN)], *after)
    assert read(store).get_slot("loan") is None


def test_rasa_makes_it_from_the_endpoints_file(database):
    settings = EndpointConfig.from_dict({"type": "bot.engine.tracker_store.RecentTurnsStore", "db": str(database)})
    assert isinstance(TrackerStore.create(settings, DOMAIN), RecentTurnsStore)
