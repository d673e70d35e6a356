"""The operator's view: figures that Prometheus reads, and whether borrowers may be sent to a process."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from bot.telemetry.backlog import read_backlog
from bot.web.app import create_app
from respite.settings import Settings
from respite.store.models import Conversation, Handoff, InboxMessage, OutboxMessage, Process
from respite.support.conversations import open_conversation
from respite.support.handoffs import request_handoff
from tests.channels.servers import StandInRasa
from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
TOKEN = "prometheus-reads-with-this"
Figures = Mapping[tuple[str, tuple[str, ...]], float]


def figures(exposition: str) -> Figures:
    """Every sample by its name and the values of its labels."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
    }


def received(chat: Conversation, state: str, minutes_ago: int) -> InboxMessage:
    return InboxMessage(
        conversation_id=chat.id,
        channel=chat.channel,
        external_id=uuid4().hex,
        content="hello",
        received_at=NOW - timedelta(minutes=minutes_ago),
        state=state,
    )


def said(chat: Conversation, state: str) -> OutboxMessage:
    return OutboxMessage(
        conversation_id=chat.id, author="bot", message="{}", owner_version=1, state=state, created_at=NOW
    )


def request(session: Session, at: datetime) -> Handoff:
    chat = open_conversation(session, "web", uuid4().hex, "en", at)
    return request_handoff(session, chat.id, "asked", at)


async def read(browser: httpx.AsyncClient) -> Figures:
    answer = await browser.get("/metrics")
    answer.raise_for_status()
    return figures(answer.text)


async def say(browser: httpx.AsyncClient, words: str) -> None:
    headers = {"Authorization": f"Bearer {uuid4().hex}"}
    (await browser.post("/api/messages", json={"text": words}, headers=headers)).raise_for_status()
    answering = True
    while answering:
        answer = await browser.get("/api/messages", params={"wait": 10}, headers=headers)
        answering = answer.json()["answering"]


async def test_a_turn_is_counted_in_each_of_its_stages(browser: httpx.AsyncClient, rasa: StandInRasa) -> None:
    rasa.milliseconds_in_actions = 20.5
    before = await read(browser)
    await say(browser, "what do I owe?")
    after = await read(browser)
    for stage in ("waiting", "rasa", "actions", "writing"):
        name = ("respite_turn_seconds_count", (stage,))
        assert after[name] - before.get(name, 0) == 1, stage
    spent = after["respite_turn_seconds_sum", ("actions",)] - before.get(("respite_turn_seconds_sum", ("actions",)), 0)
    assert spent == pytest.approx(0.0205)
    assert after["respite_turns_total", ("answered",)] - before.get(("respite_turns_total", ("answered",)), 0) == 1


async def test_no_figure_names_a_conversation_or_holds_what_was_said(browser: httpx.AsyncClient) -> None:
    await say(browser, "my number is 13800000001")
    exposition = (await browser.get("/metrics")).text
    labels = {
        value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
        if sample.name.startswith("respite_")
        for name, value in sample.labels.items()
        if name != "le"
    }
    assert labels <= {
        *("waiting", "rasa", "actions", "writing", "sending"),
        *("answered", "unreachable", "failed"),
        *("pending", "dead", "sending", "unknown", "sent"),
        *("web", "telegram", "post"),
    }


async def test_rasa_away_shows_as_an_open_circuit(browser: httpx.AsyncClient, rasa: StandInRasa) -> None:
    assert (await read(browser))["respite_rasa_circuit_open", ()] == 0
    rasa.server.stop()
    await browser.post("/api/messages", json={"text": "hi"}, headers={"Authorization": f"Bearer {uuid4().hex}"})
    while (await read(browser))["respite_rasa_circuit_open", ()] == 0:
        await asyncio.sleep(0.05)
    rasa.server.start()


async def test_without_a_database_there_are_figures_still_and_no_borrower_is_sent_here(
    browser: httpx.AsyncClient, session_factory: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = create_engine("sqlite:////nowhere/at/all.db")
    monkeypatch.setitem(session_factory.kw, "bind", elsewhere)
    found = await read(browser)
    assert found["respite_database_up", ()] == 0
    assert ("respite_processes", ()) not in found
    ready = await browser.get("/readyz")
    assert (ready.status_code, ready.json()["database"]) == (503, False)
    assert (await browser.get("/healthz")).status_code == 200


def test_what_waits_is_counted_by_state_and_channel(session_factory: sessionmaker[Session]) -> None:
    with session_factory.begin() as session:
        chats = [open_conversation(session, channel, uuid4().hex, "en", NOW) for channel in ("web", "telegram")]
        for chat in chats:
            for state in ("pending", "dead", "answered"):
                session.add(received(chat, state, minutes_ago=3))
        for state in ("pending", "sending", "failed", "unknown", "sent", "withheld"):
            session.add(said(chats[1], state))
        session.add(Process(alive_until=NOW + timedelta(seconds=1)))
        session.add(Process(alive_until=NOW))
        session.flush()
        backlog = read_backlog(session, NOW)
    assert backlog.inbox == {"pending": 2, "dead": 2}
    assert backlog.oldest_unanswered == 180
    assert backlog.outbox == {("telegram", state): 1 for state in ("pending", "sending", "failed", "unknown")}
    assert backlog.processes == 1


def test_waits_for_a_person_are_those_of_the_queue_and_of_who_was_taken_lately(
    session_factory: sessionmaker[Session],
) -> None:
    with session_factory.begin() as session:
        waits = [timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=30), timedelta(hours=1)]
        asked = [request(session, NOW - wait) for wait in waits]
        asked[2].state, asked[2].first_taken_at = "taken", NOW - timedelta(minutes=10)
        asked[3].state, asked[3].first_taken_at = "closed", NOW - timedelta(days=2)
        session.flush()
        backlog = read_backlog(session, NOW)
    assert sorted(backlog.queue) == [60, 240]
    assert backlog.taken == [20 * 60]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_nobody_reads_the_figures_through_a_proxy(browser: httpx.AsyncClient, header: str) -> None:
    assert (await browser.get("/metrics", headers={header: "10.0.0.7"})).status_code == 404


@pytest.mark.parametrize(("address", "status"), [("10.1.2.3", 200), ("fd00::7", 200), ("8.8.8.8", 404), ("", 404)])
async def test_only_a_private_network_reads_the_figures(
    store_url: str, tmp_path: Path, address: str, status: int
) -> None:
    transport = httpx.ASGITransport(create_app(Settings(demo=True, home=tmp_path)), client=(address, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://web") as prometheus:
        assert (await prometheus.get("/metrics")).status_code == status


class TestWithAToken:
    @pytest.fixture
    def web_settings(self) -> dict[str, Any]:
        return {"metrics_token": TOKEN}

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 404),
            ({"Authorization": "Bearer guessed"}, 404),
            ({"Authorization": f"Bearer {TOKEN}"}, 200),
            ({"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "8.8.8.8"}, 200),
        ],
    )
    async def test_only_the_token_opens_the_figures(
        self, browser: httpx.AsyncClient, headers: dict[str, str], status: int
    ) -> None:
        assert (await browser.get("/metrics", headers=headers)).status_code == status
