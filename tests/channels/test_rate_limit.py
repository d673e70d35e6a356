"""An address that floods the web application is slowed down."""

from contextlib import suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.channels.webchat import new_token
from bot.web.access import COOKIE
from bot.web.assets import assets_path
from bot.web.rate_limit import TOO_MANY
from tests.channels.servers import Server

ALLOWED = 5
HELLO = '{"text": "hello", "client_id": "1"}'


@pytest.fixture
def web_settings() -> dict[str, Any]:
    return {"requests_a_minute": ALLOWED}


@pytest.fixture
def flooded(web: Server) -> Server:
    """A server that this address has asked as often as it may, the last time in vain."""
    with httpx.Client(base_url=web.url, trust_env=False) as client:
        assert [client.get("/healthz").status_code for _ in range(ALLOWED + 1)] == [*[200] * ALLOWED, 429]
    return web


def test_who_asks_too_often_is_told_when_to_come_again(flooded: Server) -> None:
    refused = httpx.get(f"{flooded.url}/", trust_env=False)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "wait a minute" in refused.text


def test_the_refusal_is_in_the_language_of_the_browser(flooded: Server) -> None:
    assert "請等一分鐘" in httpx.get(f"{flooded.url}/", headers={"Accept-Language": "zh-HK"}, trust_env=False).text


def test_a_refusal_has_the_security_headers_too(flooded: Server) -> None:
    assert "Content-Security-Policy" in httpx.get(f"{flooded.url}/", trust_env=False).headers


def test_the_files_of_a_page_do_not_count(flooded: Server) -> None:
    assert httpx.get(f"{flooded.url}{assets_path()}/icon.svg", trust_env=False).status_code == 200


def test_no_socket_is_opened_either(flooded: Server) -> None:
    with pytest.raises(InvalidStatus), connect(f"ws://127.0.0.1:{flooded.port}/chat", proxy=None):
        pass


def talk(web: Server) -> ClientConnection:
    """The socket of a chat that nobody else has."""
    return connect(
        f"ws://127.0.0.1:{web.port}/chat",
        proxy=None,
        origin=web.url,  # type: ignore[arg-type]
        additional_headers={"Cookie": f"{COOKIE}={new_token()}"},
    )


def test_who_says_too_much_is_disconnected_and_nobody_else_at_their_address(web: Server) -> None:
    with talk(web) as flooding, talk(web) as quiet:
        for _ in range(ALLOWED + 1):
            flooding.send('{"writing": true}')
        with suppress(ConnectionClosed):
            for _ in flooding:
                pass
        assert flooding.close_code == TOO_MANY
        quiet.send(HELLO)
        assert any("You said: hello" in str(fragment) for fragment in quiet)


def test_what_is_said_on_sockets_is_no_request(web: Server) -> None:
    with talk(web) as socket:
        for _ in range(ALLOWED - 1):
            socket.send('{"seen": 0}')
        socket.send(HELLO)
        assert any("You said: hello" in str(fragment) for fragment in socket)
        assert [httpx.get(f"{web.url}/healthz", trust_env=False).status_code for _ in range(ALLOWED)] == [
            *[200] * (ALLOWED - 1),
            429,
        ]
