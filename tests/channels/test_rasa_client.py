"""Asking Rasa: what it is told, what is made of its answers, and how it is left in peace when it is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.rasa_client import (
    FAILURES_IN_A_ROW,
    LARGEST_ANSWER,
    RasaClient,
    RasaSilentError,
    RasaUnreachableError,
    Utterance,
)
from tests.channels.servers import Server

PEACE = 0.2
HELLO = Utterance(text="hello", language="en")


@dataclass
class Rasa:
    """A server that notes what it is asked and answers as a test tells it to."""

    told: list[tuple[str | None, Any]] = field(default_factory=list)
    answers: Response = field(default_factory=lambda: JSONResponse({"messages": [{"text": "Hello."}]}))
    pause: float = 0

    def __post_init__(self) -> None:
        app = FastAPI()
        app.post("/webhooks/hub/turn")(self._turn)
        app.get("/webhooks/hub/")(self._health)
        self.server = Server(app, {"timeout_graceful_shutdown": 1})

    async def _turn(self, request: Request) -> Response:
        self.told.append((request.headers.get("authorization"), await request.json()))
        await asyncio.sleep(self.pause)
        return self.answers

    async def _health(self, request: Request) -> Response:
        return Response(status_code=200 if request.headers.get("authorization") == "Bearer secret" else 401)


@pytest.fixture
def rasa() -> Iterator[Rasa]:  # type: ignore[override]
    rasa = Rasa()
    rasa.server.start()
    yield rasa
    rasa.server.stop()


@pytest.fixture
async def client(rasa: Rasa) -> AsyncIterator[RasaClient]:
    client = RasaClient(rasa.server.url, "secret", seconds_left_in_peace=60)
    yield client
    await client.close()


@pytest.fixture
async def impatient(rasa: Rasa) -> AsyncIterator[RasaClient]:
    client = RasaClient(rasa.server.url, "secret", seconds_left_in_peace=PEACE)
    yield client
    await client.close()


async def ask(client: RasaClient, turn_id: str = "7.0") -> list[dict[str, Any]]:
    return await client.answer("a-chat", HELLO, "2026-11-22", turn_id=turn_id)


async def outcomes(client: RasaClient, count: int) -> list[type[BaseException]]:
    """How that many turns end, asked at once."""
    asked = await asyncio.gather(*(ask(client, f"{number}.0") for number in range(count)), return_exceptions=True)
    return [type(outcome) for outcome in asked]


async def test_a_turn_is_told_under_its_id_with_the_secret_in_a_header(client: RasaClient, rasa: Rasa) -> None:
    assert await ask(client) == [{"text": "Hello."}]
    [(authorization, turn)] = rasa.told
    assert authorization == "Bearer secret"
    assert turn == {
        "sender": "a-chat",
        "turn_id": "7.0",
        "text": "hello",
        "metadata": {"business_date": "2026-11-22", "language": "en"},
    }


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"error": "turn failed"}, status_code=500),
        JSONResponse({"error": "unauthorized"}, status_code=401),
        Response("no JSON"),
        JSONResponse({"nothing": "known"}),
        JSONResponse({"messages": [{"text": "x" * LARGEST_ANSWER}]}),
    ],
    ids=["failed", "refused", "no JSON", "unknown", "too long"],
)
async def test_an_answer_that_is_none_is_said_to_be_unknown(client: RasaClient, rasa: Rasa, answer: Response) -> None:
    rasa.answers = answer
    with pytest.raises(RasaSilentError):
        await ask(client)
    assert not client.is_open


async def test_a_rasa_that_is_away_is_left_in_peace_for_a_while(client: RasaClient, rasa: Rasa) -> None:
    rasa.server.stop()
    for _ in range(FAILURES_IN_A_ROW):
        assert not client.is_open
        with pytest.raises(RasaUnreachableError):
            await ask(client)
    assert client.is_open
    rasa.server.start()
    with pytest.raises(RasaUnreachableError, match="lately"):
        await ask(client)
    assert rasa.told == []


async def test_then_one_turn_tries_whether_it_is_back_and_the_others_follow(impatient: RasaClient, rasa: Rasa) -> None:
    rasa.server.stop()
    await outcomes(impatient, FAILURES_IN_A_ROW)
    await asyncio.sleep(PEACE)
    assert impatient.is_open
    rasa.server.start()
    rasa.pause = 0.1
    assert await outcomes(impatient, 3) == [list, RasaUnreachableError, RasaUnreachableError]
    assert not impatient.is_open
    assert await outcomes(impatient, 3) == [list, list, list]


async def test_a_try_that_fails_leaves_it_in_peace_again(impatient: RasaClient, rasa: Rasa) -> None:
    rasa.server.stop()
    await outcomes(impatient, FAILURES_IN_A_ROW)
    await asyncio.sleep(PEACE)
    with pytest.raises(RasaUnreachableError, match="attempts failed"):
        await ask(impatient)
    with pytest.raises(RasaUnreachableError, match="lately"):
        await ask(impatient)


async def test_a_success_in_between_makes_failures_count_anew(client: RasaClient, rasa: Rasa) -> None:
    for _ in range(2):
        rasa.server.stop()
        await outcomes(client, FAILURES_IN_A_ROW - 1)
        rasa.server.start()
        await ask(client)
    assert not client.is_open


async def test_it_is_ready_for_those_who_know_its_secret_only(client: RasaClient, rasa: Rasa) -> None:
    stranger = RasaClient(rasa.server.url, "another")
    assert await client.is_ready()
    assert not await stranger.is_ready()
    await stranger.close()
    rasa.server.stop()
    assert not await client.is_ready()
    rasa.server.start()
