import asyncio

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.common import all_subclasses

from bot.engine import startup

VALID = {
    "events": [{"event": "slot", "name": "quote", "value": None, "timestamp": None}],
    "responses": [{"text": "hi"}],
}
RESULTS = [
    VALID,
    {},
    {"events": [], "responses": []},
    {"events": [{"event": "followup", "name": "action_listen"}]},
    {"events": [{"event": "nonsense"}]},
    {"events": [{"name": "quote"}]},
    {"events": "none"},
    {"responses": ["hi"]},
    {"responses": {}},
    [],
]


def rasas_own_verdict(result):
    try:
        jsonschema.validate(result, RemoteAction.action_response_format_spec())
    except jsonschema.ValidationError as error:
        return list(error.absolute_path), error.message
    return None


def our_verdict(result):
    try:
        assert RemoteAction("action_x", None)._validate_action_result(result) is True
    except jsonschema.ValidationError as error:
        return list(error.absolute_path), error.message.split(". Failed to validate Action server")[0]
    return None


@pytest.mark.parametrize("result", RESULTS)
def test_action_results_are_judged_as_by_rasa(result):
    assert RemoteAction._validate_action_result is startup.validate_action_result
    assert our_verdict(result) == rasas_own_verdict(result)


def test_events_are_of_the_same_types_as_in_rasa():
    types = {event.type_name for event in all_subclasses(Event)}
    assert Event.resolve_by_type is startup.event_type
    assert {name: Event.resolve_by_type(name) for name in types} == {
        name: startup._resolve_event_type(name) for name in types
    }
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("unheard of", UserUttered) is UserUttered
    with pytest.raises(ValueError, match="unheard of"):
        Event.resolve_by_type("unheard of")


class Channel:
    failure = None

    def note_failure(self, error):
        self.failure = error


def test_the_channel_learns_of_an_action_that_failed():
    channel = Channel()
    with pytest.raises(RasaException, match="no endpoint") as failure:
        asyncio.run(RemoteAction("action_x", None).run(channel, None, tracker(), domain()))
    assert channel.failure is failure.value


def tracker():
    from rasa.shared.core.trackers import DialogueStateTracker

    return DialogueStateTracker.from_events("borrower", [])


def domain():
    from rasa.shared.core.domain import Domain

    return Domain.empty()
