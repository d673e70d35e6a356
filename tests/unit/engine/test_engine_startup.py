import asyncio
from contextlib import asynccontextmanager

import dask
import jsonschema
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rasa.core.actions import action as rasa_actions
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.engine import startup
from bot.engine.channel import HubOutput

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


def test_an_action_that_failed_ends_its_turn():
    with pytest.raises(startup.TurnEnded) as ended:
        asyncio.run(RemoteAction("action_x", None).run(HubOutput(), None, tracker(), domain()))
    assert "no endpoint" in str(ended.value.__cause__)


def tracker():
    from rasa.shared.core.trackers import DialogueStateTracker

    return DialogueStateTracker.from_events("borrower", [])


def domain():
    from rasa.shared.core.domain import Domain

    return Domain.empty()


def test_a_message_is_understood_and_an_action_chosen_as_by_rasas_own_runner(model):
    processor = Agent.load(str(model)).processor
    runner, metadata = processor.graph_runner, processor.model_metadata
    for text in ("how much do I owe", "转人工", "what is the weather"):
        own_inputs, our_inputs = (
            {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: tracker()} for _ in "ab"
        )
        [[_, [own]]] = dask_run(runner, own_inputs, [metadata.nlu_target])
        [ours] = runner.run(our_inputs, [metadata.nlu_target])[metadata.nlu_target]
        assert ours.as_dict() | {"message_id": None} == own.as_dict() | {"message_id": None}
    [[_, own]] = dask_run(runner, {PLACEHOLDER_TRACKER: tracker()}, [metadata.core_target])
    ours = runner.run({PLACEHOLDER_TRACKER: tracker()}, [metadata.core_target])[metadata.core_target]
    assert (ours.probabilities, ours.policy_name) == (own.probabilities, own.policy_name)


def dask_run(runner, inputs, targets):
    graph = runner._build_dask_graph(runner._graph_schema.minimal_graph_schema(targets))
    runner._add_inputs_to_graph(inputs, graph)
    return dask.get(graph, targets)


def test_actions_are_called_over_one_connection():
    connections, answers = asyncio.run(call_three_times())
    assert answers == [{"events": [], "responses": []}] * 3
    assert len(connections) == 1


async def call_three_times():
    connections = set()

    async def answer(request):
        connections.add(request.transport.get_extra_info("peername"))
        return web.json_response({"events": [], "responses": []})

    async with action_server(answer) as endpoint:
        answers = [await endpoint.request(json={"next_action": "action_x"}) for _ in range(3)]
    return connections, answers


@asynccontextmanager
async def action_server(answer):
    app = web.Application()
    app.router.add_post("/webhook", answer)
    async with TestServer(app) as server:
        endpoint = EndpointConfig(str(server.make_url("/webhook")), headers={"Authorization": "Bearer secret"})
        yield endpoint
        async with endpoint.session() as session:
            pass
        await session.close()


def run_action(answer):
    """Run an action of an action server that answers so; returns why it failed, or None."""

    async def run():
        async with action_server(answer) as endpoint:
            await RemoteAction("action_x", endpoint).run(HubOutput(), None, tracker(), domain())

    try:
        asyncio.run(run())
    except startup.TurnEnded as ended:
        return ended.__cause__


def test_the_action_server_is_told_the_secret_in_a_header():
    told = []

    async def answer(request):
        told.append((request.headers["Authorization"], request.query_string))
        return web.json_response({"events": [], "responses": []})

    assert run_action(answer) is None
    assert told == [("Bearer secret", "")]


def test_an_answer_that_is_too_long_or_of_unknown_length_fails_the_action():
    async def endless(request):
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"[")
        return answer

    async def too_long(request):
        return web.json_response({"responses": [{"text": "x" * startup.LARGEST_ANSWER}]})

    for answer in (endless, too_long):
        assert "bytes at most" in str(run_action(answer))


def test_an_action_that_takes_too_long_fails(monkeypatch):
    assert rasa_actions.DEFAULT_REQUEST_TIMEOUT == startup.ACTION_SECONDS
    monkeypatch.setattr(rasa_actions, "DEFAULT_REQUEST_TIMEOUT", 0.05)

    async def answer(request):
        await asyncio.sleep(1)

    assert isinstance(run_action(answer), asyncio.TimeoutError)
