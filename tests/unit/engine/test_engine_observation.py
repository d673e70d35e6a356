"""A turn's trace goes on in the action server, and the hub is told how long that took and whether it was reached."""

import asyncio
from contextlib import suppress

import pytest
from aiohttp import ClientConnectionError, web
from aiohttp.test_utils import TestServer
from rasa.utils.endpoints import EndpointConfig

from bot.engine import startup  # noqa: F401
from bot.engine.observation import observed

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NOBODY_LISTENS = "http://127.0.0.1:9"


def observe(headers, *servers):
    """Call a server of each kind within one turn; returns what was observed and the headers that arrived."""
    arrived = []

    async def answer(request):
        arrived.append(request.headers)
        await asyncio.sleep(0.02)
        return web.json_response({})

    async def ask(url):
        endpoint = EndpointConfig(f"{url}/webhook", headers={"Authorization": "Bearer secret"})
        with suppress(ClientConnectionError):
            await endpoint.request(json={})
        await endpoint.kept_session.close()

    async def call(kind):
        if kind == "nobody":
            await ask(NOBODY_LISTENS)
            return
        app = web.Application()
        app.router.add_post("/webhook", answer)
        async with TestServer(app) as server:
            await ask(str(server.make_url("")).rstrip("/"))

    async def turn():
        with observed(headers) as observation:
            for kind in servers:
                await asyncio.create_task(call(kind))
        return observation

    return asyncio.run(turn()), arrived


def test_the_trace_goes_on_in_the_action_server():
    _, [headers] = observe({"traceparent": TRACE}, "one that answers")
    assert (headers["traceparent"], headers["Authorization"]) == (TRACE, "Bearer secret")


def test_a_turn_that_is_not_traced_begins_no_trace():
    _, [headers] = observe({}, "one that answers")
    assert "traceparent" not in headers


def test_the_time_in_all_actions_is_told_in_milliseconds():
    observation, _ = observe({}, "one that answers", "one that answers")
    name, _, milliseconds = observation.headers["Server-Timing"].partition(";dur=")
    assert name == "actions"
    assert 40 <= float(milliseconds) < 1000


@pytest.mark.parametrize(
    ("servers", "nothing_done"),
    [(["nobody"], True), (["one that answers", "nobody"], False), (["one that answers"], False), ([], False)],
)
def test_nothing_was_done_only_where_the_first_action_could_not_be_reached(servers, nothing_done):
    observation, _ = observe({}, *servers)
    assert observation.found_nobody is nothing_done
