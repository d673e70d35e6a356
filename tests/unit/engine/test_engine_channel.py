import asyncio
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from bot.engine import guard
from bot.engine.channel import HubInput
from bot.engine.tracker_store import RecentTurnsStore

NOBODY_LISTENS = EndpointConfig("http://127.0.0.1:9/webhook")
SECRET = "the hub and Rasa know each other!"
TURN = "/webhooks/hub/turn"
HEALTH = "/webhooks/hub/"


@pytest.fixture(scope="module")
def agent(model):
    store = RecentTurnsStore(Domain.empty())
    return Agent.load(model_path=str(model), action_endpoint=NOBODY_LISTENS, tracker_store=store)


async def _greeting(message):
    return {"text": message.text, "intent": {"name": "greet", "confidence": 1.0}, "entities": []}


class Hub:
    """Posts turns to the channel, served on the loopback interface in front of whatever handler a test gives."""

    def __init__(self, agent):
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(self._start(agent.tracker_store))
        self.turns = 0

    async def _start(self, store):
        app = Sanic("hub_channel", configure_logging=False)
        app.ctx.agent = SimpleNamespace(processor=SimpleNamespace(parse_message=self._parse), tracker_store=store)
        app.blueprint(HubInput().blueprint(self._handle), url_prefix="/webhooks/hub")
        app.get("/version")(self._version)
        server = await app.create_server("127.0.0.1", 0, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        return server

    async def _handle(self, message):
        await self.handler(message)

    async def _parse(self, message):
        return await self.parser(message)

    async def _version(self, request):
        raise RuntimeError("secret detail")

    def turn(self, handler, parser=None, **body):
        self.handler, self.parser = handler, parser or _greeting
        self.turns += 1
        return self.loop.run_until_complete(self.request(TURN, json={"turn_id": str(self.turns)} | body))

    def ask(self, path, **request):
        return self.loop.run_until_complete(self.request(path, **request))

    async def request(self, path, method="POST", secret=SECRET, **request):
        port = self.server.server.sockets[0].getsockname()[1]
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        asking = aiohttp.request(method, f"http://127.0.0.1:{port}{path}", headers=headers, **request)
        async with asking as answer:
            return answer.status, await answer.json()

    def stop(self):
        self.server.close()
        self.loop.close()


@pytest.fixture(scope="module")
def hub(agent):
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv(guard.SECRET, SECRET)
        hub = Hub(agent)
    yield hub
    hub.stop()


def test_a_reply_is_one_message(hub, agent):
    parse = agent.processor.parse_message
    status, answer = hub.turn(agent.handle_message, parse, sender="a", text="hello there", metadata={})
    assert status == 200
    assert answer == {
        "messages": [
            {
                "text": "Hello.\n\nWhat can I do for you?",
                "buttons": [{"title": "My bill", "payload": "/query_bill"}],
                "custom": {"card": "welcome"},
            }
        ]
    }


def test_a_payload_is_a_command(hub, agent):
    _, answer = hub.turn(agent.handle_message, sender="b", payload="/request_human")
    assert [message["text"] for message in answer["messages"]] == ["A person will answer."]


@pytest.mark.parametrize("typed", ["/request_human", "／request_human", "\u200b/request_human", " //request_human{}"])
def test_typed_text_is_never_a_command(hub, typed):
    received = []

    async def receive(message):
        received.append(message.text)

    hub.turn(receive, sender="c", text=typed)
    assert received[0].startswith("request_human")


def test_the_metadata_reaches_the_conversation(hub):
    received = []

    async def receive(message):
        received.append((message.sender_id, message.input_channel, message.metadata))

    hub.turn(receive, sender="d", text="hi", metadata={"business_date": "2026-06-10"})
    assert received == [("d", "hub", {"business_date": "2026-06-10"})]


def test_a_failed_turn_is_said_to_have_failed_and_no_more(hub):
    async def fail(message):
        raise RuntimeError("secret detail")

    assert hub.turn(fail, sender="e", text="hi") == (500, {"error": "turn failed"})


def test_an_action_server_that_cannot_be_reached_fails_the_turn_with_nothing_done(hub, agent):
    assert hub.turn(agent.handle_message, sender="f", payload="/query_bill") == (503, {"error": "turn failed"})


def test_no_action_follows_one_that_failed(hub, agent, monkeypatch):
    asked = []

    async def die(request):
        asked.append((await request.json())["next_action"])
        request.transport.abort()
        return web.json_response({})

    actions = web.Application()
    actions.router.add_post("/webhook", die)
    server = TestServer(actions, loop=hub.loop)
    hub.loop.run_until_complete(server.start_server())
    monkeypatch.setattr(agent.processor, "action_endpoint", EndpointConfig(str(server.make_url("/webhook"))))
    answer = hub.turn(agent.handle_message, sender="no next action", payload="/query_bill")
    hub.loop.run_until_complete(server.close())

    assert answer == (502, {"error": "turn failed"})
    assert asked == ["action_query_bill"]


def test_a_message_that_says_two_things_is_two_turns_and_one_answer(hub, agent):
    async def parse(message):
        parsed = await _greeting(message)
        return parsed | {"second_intent": {"name": "request_human", "confidence": 0.9, "text": "a person"}}

    _, answer = hub.turn(agent.handle_message, parse, sender="g", text="hello, a person please")
    assert [message["text"] for message in answer["messages"]] == [
        "Hello.\n\nWhat can I do for you?",
        "A person will answer.",
    ]


def test_a_turn_that_is_asked_again_is_answered_again_without_running(hub, agent):
    first = hub.turn(agent.handle_message, sender="h", turn_id="1.0", payload="/greet")

    async def run(message):
        raise AssertionError("it ran again")

    assert hub.turn(run, sender="h", turn_id="1.0", payload="/greet") == first


def test_a_turn_is_finished_although_the_hub_hangs_up_and_its_answer_is_there_when_it_asks_again(hub, agent):
    turn = {"sender": "i", "turn_id": "1.0", "payload": "/greet"}
    ran = []

    async def hang_up():
        begun, goes_on = asyncio.Event(), asyncio.Event()

        async def handle(message):
            ran.append(message.text)
            begun.set()
            await goes_on.wait()
            await agent.handle_message(message)

        hub.handler = handle
        asking = asyncio.create_task(hub.request(TURN, json=turn))
        await asyncio.wait_for(begun.wait(), 5)
        asking.cancel()
        again = asyncio.create_task(hub.request(TURN, json=turn))
        await hub.request(HEALTH, method="GET")  # by then the server knows that the hub has gone
        goes_on.set()
        return await again

    status, answer = hub.loop.run_until_complete(hang_up())
    assert (status, len(answer["messages"]), ran) == (200, 1, ["/greet"])


def test_a_turn_that_failed_runs_again_when_it_is_asked_again(hub, agent):
    async def fail(message):
        raise RuntimeError

    assert hub.turn(fail, sender="j", turn_id="1.0", payload="/greet")[0] == 500
    assert hub.turn(agent.handle_message, sender="j", turn_id="1.0", payload="/greet")[0] == 200


@pytest.mark.parametrize("secret", [None, "", "another", SECRET + "x", "é", "\udcff"])
@pytest.mark.parametrize(("method", "path"), [("POST", TURN), ("GET", TURN), ("GET", "/version"), ("GET", "/nothing")])
def test_whoever_does_not_know_the_secret_is_let_in_nowhere_and_told_nothing(hub, secret, method, path):
    asked = hub.ask(path, method=method, secret=secret, json={"sender": "k", "turn_id": "1", "payload": "/greet"})
    assert asked == (401, {"error": "unauthorized"})


def test_whether_rasa_is_well_may_be_asked_by_anybody_but_with_no_wrong_secret(hub):
    assert hub.ask(HEALTH, method="GET", secret=None) == (200, {"status": "ok"})
    assert hub.ask(HEALTH, method="GET") == (200, {"status": "ok"})
    assert hub.ask(HEALTH, method="GET", secret="another") == (401, {"error": "unauthorized"})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"data": b"{"}, 400),
        ({"data": b"\xff"}, 400),
        ({"json": []}, 400),
        ({"json": {"sender": "l"}}, 400),
        ({"json": {"sender": 1, "turn_id": "1"}}, 400),
        ({"data": b"x" * (guard.LARGEST_TURN + 1)}, 413),
    ],
)
def test_what_is_no_turn_is_refused_without_a_word_about_us(hub, body, status):
    assert hub.ask(TURN, **body) == (status, {"error": "request refused"})


def test_a_mistake_of_the_server_is_not_described(hub):
    assert hub.ask("/version", method="GET") == (500, {"error": "request failed"})
    assert hub.ask("/nothing", method="GET") == (404, {"error": "request refused"})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "bot.example"])
def test_a_server_that_strangers_could_reach_does_not_start(monkeypatch, host):
    app = SimpleNamespace(state=SimpleNamespace(host=host))
    with pytest.raises(RasaException, match="strangers could reach it"):
        guard.guard(app)
    monkeypatch.setenv(guard.PRIVATE_NETWORK, "true")
    guard._stay_private(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_the_loopback_interface_is_private(host):
    guard._stay_private(host)
