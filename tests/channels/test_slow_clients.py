"""Clients that send or read too slowly, or stop altogether: given up, and cheap until then."""

import asyncio
import base64
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.channels.webchat import CHANNEL, chat_key, new_token
from bot.web import bodies
from bot.web.__main__ import SERVER_OPTIONS
from bot.web.access import COOKIE
from bot.web.app import create_app
from bot.web.bodies import Allowance
from respite.settings import Settings
from respite.store.models import Conversation, OutboxMessage
from respite.support.messages import Message
from tests.channels.servers import Server, StandInRasa, free_port

MESSAGES = 100
LENGTH = 80_000
UNREAD_AT_MOST = 500_000


@pytest.fixture
def web(rasa: StandInRasa, tmp_path: Path) -> Iterator[Server]:
    """A server that is as patient as the true one, but ten times as fast."""
    settings = Settings(demo=True, home=tmp_path, rasa_port=rasa.server.port, actions_port=free_port())
    server = Server(create_app(settings), SERVER_OPTIONS | {"ws_ping_interval": 0.5, "ws_ping_timeout": 0.5})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def long_chat(session_factory: sessionmaker[Session]) -> str:
    """The token of a chat that is eight megabytes long, more than an operating system takes on unread."""
    token, now = new_token(), datetime.now(UTC)
    with session_factory.begin() as session:
        chat = Conversation(channel=CHANNEL, chat_key=chat_key(token), language="en", created_at=now)
        session.add(chat)
        session.flush()
        text = Message(text="a" * LENGTH).model_dump_json()
        for _ in range(MESSAGES):
            session.add(
                OutboxMessage(
                    conversation_id=chat.id, author="bot", message=text, owner_version=1, state="sent", created_at=now
                )
            )
    return token


def connected(web: Server) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(10)
    connection.connect(("127.0.0.1", web.port))
    return connection


def open_socket(web: Server, token: str) -> socket.socket:
    """A chat's socket on which nothing is read."""
    connection = connected(web)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET /chat HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\nOrigin: {web.url}\r\nCookie: {COOKIE}={token}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    return connection


async def test_a_page_that_reads_no_more_is_given_up_and_holds_little_until_then(web: Server, long_chat: str) -> None:
    idle = [open_socket(web, long_chat) for _ in range(5)]
    connections = web._server.server_state.connections
    taken: set[Any] = set()
    unread = []
    async with asyncio.timeout(20):
        while len(taken) < len(idle) or connections:
            taken |= connections
            unread.append(await waiting_for(connections))
    assert 0 < max(unread) < len(idle) * UNREAD_AT_MOST
    for connection in idle:
        connection.close()


async def waiting_for(connections: set[Any]) -> int:
    """How many bytes the server holds for clients that have not read them."""
    await asyncio.sleep(0.02)
    return sum(each.transport.get_write_buffer_size() for each in list(connections))


def test_a_request_that_arrives_drop_by_drop_is_given_up(web: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "USUAL", Allowance(bodies.USUAL.size, seconds=0.3))
    with connected(web) as connection:
        connection.sendall(
            f"POST /language HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\nContent-Length: 100\r\n\r\nlanguage".encode()
        )
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in answer.lower()


def test_a_body_of_unknown_length_is_counted_as_it_comes(web: Server) -> None:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with connected(web) as connection:
        connection.sendall(
            f"POST /language HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        connection.sendall(piece * 2)
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")
