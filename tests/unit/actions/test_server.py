"""The action server as Rasa and strangers meet it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from sanic import Sanic

from actions.server import LARGEST_CALL, create_server
from respite.settings import Settings
from tests.channels.servers import free_port

SECRET = "Rasa and the actions know each other"
KNOWN = {"Authorization": f"Bearer {SECRET}"}


def answer(dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
    dispatcher.utter_message(text=structlog.contextvars.get_contextvars()["conversation"])
    return []


def fail(dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
    raise RuntimeError("secret detail")


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """The server with two actions, on a port of this machine."""
    monkeypatch.setattr(Sanic, "test_mode", True)  # the same name may be used once a test
    executor = ActionExecutor()
    executor.register_function("action_answer", answer)
    executor.register_function("action_fail", fail)
    app = create_server(executor, Settings(home=tmp_path, internal_secret=SECRET))  # type: ignore[arg-type]
    port = free_port()
    running = await app.create_server("127.0.0.1", port, return_asyncio_server=True)
    assert running
    await running.startup()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client
    running.close()
    await running.wait_closed()


def call(action: str, conversation: str = "c-1") -> dict[str, Any]:
    tracker = {"sender_id": conversation, "slots": {}, "latest_message": {}, "events": [], "paused": False}
    further = {"followup_action": None, "active_loop": {}, "latest_action_name": None}
    return {"next_action": action, "sender_id": conversation, "tracker": tracker | further, "domain": {"actions": []}}


async def test_an_action_runs_for_whoever_knows_the_secret_and_knows_its_conversation(
    server: httpx.AsyncClient,
) -> None:
    for conversation in ("c-1", "c-2"):
        answered = await server.post("/webhook", json=call("action_answer", conversation), headers=KNOWN)
        assert [response["text"] for response in answered.json()["responses"]] == [conversation]


@pytest.mark.parametrize("told", [b"", SECRET.encode(), b"Bearer another", b"Bearer \xff"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/webhook"), ("GET", "/actions"), ("GET", "/nothing")])
async def test_a_stranger_is_let_in_nowhere_and_told_nothing(
    server: httpx.AsyncClient, told: bytes, method: str, path: str
) -> None:
    headers = {b"Authorization": told} if told else {}
    refused = await server.request(method, path, params={"token": SECRET}, headers=headers)
    assert (refused.status_code, refused.json()) == (401, {"error": "unauthorized"})
    assert "access-control-allow-origin" not in refused.headers


async def test_whether_it_is_well_may_be_asked_by_anybody(server: httpx.AsyncClient) -> None:
    assert (await server.get("/health")).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff", {}, 400),
        (b"x" * (LARGEST_CALL + 1), {}, 413),
        (b"x", {"Content-Encoding": "deflate"}, 415),
        (b"[]", {}, 500),
        (json.dumps(call("action_fail")).encode(), {}, 500),
        (json.dumps(call("action_answer") | {"tracker": ["secret detail"]}).encode(), {}, 500),
    ],
    ids=["no JSON", "no text", "too large", "compressed", "no call", "an action that fails", "no tracker"],
)
async def test_what_goes_wrong_is_not_described(
    server: httpx.AsyncClient, content: bytes, headers: dict[str, str], status: int
) -> None:
    answered = await server.post("/webhook", content=content, headers=KNOWN | headers)
    assert answered.status_code == status
    assert answered.json().keys() == {"error"}
    for told in ("Traceback", "secret detail", ".py"):
        assert told not in answered.text
