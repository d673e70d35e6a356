import asyncio
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

from bot.engine.kept_conversations import KEYS, KeptConversations, keys_of_this_process
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
KEY = "dGhlIHRlc3RzIGxvY2sgdGhlaXIgb3duIGRvb3JzISE="


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(KEYS, KEY)


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
    kept = KeptConversations(str(database), keys_of_this_process())
    sizes = []
    for number in range(500):
        tracker = asyncio.run(store.get_or_create_tracker("a chat", append_action_listen=False))
        for event in turn(number, SlotSet("loan", f"L-{number}")):
            tracker.update(event, DOMAIN)
        asyncio.run(store.save(tracker))
        sizes.append(len(kept.read("a chat").events))
    assert max(sizes[20:]) <= max(sizes[:20])


def test_after_starting_over_nothing_from_before_is_known(store):
    before = [turn(number, SlotSet("loan", "L-1")) for number in range(20)]
    after = [turn(number) for number in range(20)]
    hold(store, *before, [Restarted(), ActionExecuted(LISTEN)], *after)
    assert read(store).get_slot("loan") is None


def test_rasa_makes_it_from_the_endpoints_file(database):
    settings = EndpointConfig.from_dict({"type": "bot.engine.tracker_store.RecentTurnsStore", "db": str(database)})
    assert isinstance(TrackerStore.create(settings, DOMAIN), RecentTurnsStore)


def answers(*said, fails=False):
    """What a turn does at Rasa: it is noted each time that it runs, is saved, and answers or fails."""
    ran = []

    async def answer():
        ran.append(said)
        tracker = await answer.store.get_or_create_tracker("a chat", append_action_listen=False)
        tracker.update_with_events(turn(len(ran)), DOMAIN)
        await answer.store.save(tracker)
        await asyncio.sleep(0)
        if fails:
            raise ConnectionError
        return [{"text": text} for text in said]

    answer.ran = ran
    return answer


def ask(store, turn_id, answer):
    answer.store = store
    return asyncio.run(store.answer_once("a chat", turn_id, answer))


def test_a_turn_that_is_asked_again_gets_its_answer_again_and_runs_once(store, database):
    answer = answers("It is due on Friday.")
    first = ask(store, "7.0", answer)
    again = ask(RecentTurnsStore(DOMAIN, db=str(database)), "7.0", answer)
    assert first == again == [{"text": "It is due on Friday."}]
    assert len(answer.ran) == len(texts(read(store))) == 1


def test_both_turns_of_a_message_are_answered_again(store):
    sign_in, question = answers("You are signed in."), answers("It is due on Friday.")
    for _ in range(2):
        assert ask(store, "7.0", sign_in) == [{"text": "You are signed in."}]
        assert ask(store, "7.1", question) == [{"text": "It is due on Friday."}]
    assert (len(sign_in.ran), len(question.ran)) == (1, 1)


def test_a_turn_asked_again_while_it_is_being_answered_waits_for_that_answer(store):
    answer = answers("It is due on Friday.")
    answer.store = store

    async def ask_twice():
        return await asyncio.gather(*(store.answer_once("a chat", "7.0", answer) for _ in range(2)))

    first, second = asyncio.run(ask_twice())
    assert first == second == [{"text": "It is due on Friday."}]
    assert len(answer.ran) == 1


def test_of_a_turn_that_failed_nothing_is_remembered(store):
    ask(store, "7.0", answers("It is due on Friday."))
    with pytest.raises(ConnectionError):
        ask(store, "8.0", answers(fails=True))
    assert texts(read(store)) == ["question 1"]
    again = answers("It is due on Monday.")
    assert ask(store, "8.0", again) == [{"text": "It is due on Monday."}]
    assert len(again.ran) == 1


def test_without_a_key_nothing_is_written_to_the_disk(monkeypatch, database):
    monkeypatch.delenv(KEYS)
    store = RecentTurnsStore(DOMAIN, db=str(database))
    hold(store, turn(1))
    assert texts(read(store)) == ["question 1"]
    assert not database.exists()


def test_the_file_holds_no_words(store, database):
    ask(store, "7.0", answers("It is due on Friday."))
    everything = b"".join(file.read_bytes() for file in database.parent.glob("tracker.db*"))
    assert b"a chat" in everything
    assert b"question" not in everything
    assert b"Friday" not in everything


def test_what_an_earlier_version_wrote_unencrypted_is_forgotten(database):
    with sqlite3.connect(database) as earlier:
        earlier.execute("CREATE TABLE trackers (sender_id TEXT PRIMARY KEY, events TEXT NOT NULL)")
        earlier.execute("INSERT INTO trackers VALUES ('a chat', 'in plain words')")
    store = RecentTurnsStore(DOMAIN, db=str(database))
    assert read(store) is None
    everything = b"".join(file.read_bytes() for file in database.parent.glob("tracker.db*"))
    assert b"plain words" not in everything
