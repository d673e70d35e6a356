"""A turn's trace goes on in the action server, and the hub is told how long that took and whether it was reached."""

import asyncio
from contextlib import suppress

import pytest
from aiohttp import ClientError, web
from aiohttp.test_utils import TestServer
from rasa.utils.endpoints import EndpointConfig

from bot.engine import startup  # noqa: F401
from bot.engine.observation import observed
from bot.engine.statuses import DIED, FAILED, NOTHING_DONE

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NOBODY_LISTENS = "http://127.0.0.1:9"


def observe(headers, *servers):
    """Call a server of each kind within one turn; returns what was observed and the headers that arrived."""
    arrived = []

    async def answer(request):
        arrived.append(request.headers)
        await asyncio.sleep(0.02)
        return web.json_response({})

    async def fail(request):
        return web.json_response({}, status=500)

    async def die(request):
        request.transport.abort()
        return web.json_response({})

    async def die_in_the_answer(request):
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"{")
        request.transport.close()
        return response

    behaviours = {
        "one that answers": answer,
        "one that fails": fail,
        "one that dies": die,
        "one that dies in its answer": die_in_the_answer,
    }

    async def ask(url):
        endpoint = EndpointConfig(f"{url}/webhook", headers={"Authorization": "Bearer secret"})
        with suppress(ClientError):
            await endpoint.request(json={})
        await endpoint.kept_session.close()

    async def call(kind):
        if kind == "nobody":
            await ask(NOBODY_LISTENS)
            return
        app = web.Application()
        app.router.add_post("/webhook", behaviours[kind])
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
    ("servers", "status"),
    [
        (["nobody"], NOTHING_DONE),
        (["one that answers", "nobody"], DIED),
        (["one that dies"], DIED),
        (["one that dies in its answer"], DIED),
        (["one that answers", "one that dies"], DIED),
        (["one that fails"], FAILED),
        (["one that answers"], FAILED),
        ([], FAILED),
    ],
)
def test_a_turn_that_fails_says_whether_the_action_server_was_away_or_died_in_it(servers, status):
    observation, _ = observe({}, *servers)
    assert observation.status == status
