"""Signing in with an OpenID provider, a real one on a real port: who is let in, and what proves nothing."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import select

from bot.web.staff.cookies import COOKIE
from respite.staff import accounts
from respite.store.models import AuditEntry
from respite.store.session import reading
from tests.channels.servers import Server
from tests.web.staff.conftest import NewConsole, browse
from tests.web.staff.provider import CLIENT_ID, CLIENT_SECRET, Provider

pytestmark = pytest.mark.parametrize(
    "databases", ["sqlite"], indirect=True
)  # what differs is tested without a provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    provider.server.start()
    yield provider
    provider.server.stop()


@pytest.fixture
def console(new_console: NewConsole, provider: Provider) -> Server:
    return new_console(oidc_issuer=provider.issuer, oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET)


def go_to_provider(client: httpx.Client, to: str = "/staff/account") -> httpx.Response:
    """From the console to the provider and back to the door, but not through it."""
    asked = client.get("/staff/openid/", params={"to": to})
    return httpx.get(asked.headers["location"], trust_env=False)


def sign_in(client: httpx.Client) -> httpx.Response:
    return client.get(go_to_provider(client).headers["location"])


def test_whoever_has_a_role_is_let_in_by_a_page_of_ours(client: httpx.Client) -> None:
    answer = sign_in(client)

    assert answer.status_code == 200
    assert "url=/staff/account" in answer.text
    assert "SameSite=strict" in next(each for each in answer.headers.get_list("set-cookie") if COOKIE in each)
    assert client.get("/staff/account").status_code == 200
    with reading() as session:
        [mei] = accounts.all_members(session)
        assert (mei.login, mei.role, mei.oidc_subject) == ("mei", "agent", "248")


def test_where_to_go_on_is_an_address_and_no_html(client: httpx.Client) -> None:
    to = '/staff/"><meta http-equiv="refresh" content="0;url=//elsewhere.example">'
    answer = client.get(go_to_provider(client, to).headers["location"])

    assert answer.status_code == 200
    assert answer.text.count("<meta") == 1


def test_the_request_asks_with_pkce_state_and_nonce_in_a_lax_cookie_of_its_own(client: httpx.Client) -> None:
    asked = client.get("/staff/openid/")
    sent = parse_qs(urlsplit(asked.headers["location"]).query)

    assert sent["response_type"] == ["code"]
    assert sent["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(sent)
    assert "samesite=lax" in asked.headers["set-cookie"].lower()
    assert "path=/staff/openid" in asked.headers["set-cookie"].lower()


def test_the_second_sign_in_finds_the_first_ones_account_and_follows_the_role(
    console: Server, client: httpx.Client, provider: Provider
) -> None:
    sign_in(client)
    provider.claims = {"roles": ["supervisor"], "preferred_username": "mei.chen"}
    with browse(console) as elsewhere:
        sign_in(elsewhere)
        assert elsewhere.get("/staff/reports").status_code == 200

    with reading() as session:
        [mei] = accounts.all_members(session)
        assert mei.role == "supervisor"


@pytest.mark.parametrize("roles", [[], ["cashier"], None])
def test_whoever_has_no_role_here_is_told_so_and_audited(
    client: httpx.Client, provider: Provider, roles: list[str] | None
) -> None:
    provider.claims = {"roles": roles}
    answer = sign_in(client)

    assert answer.status_code == 403
    assert "You have no role in this console." in answer.text
    assert COOKIE not in client.cookies
    with reading() as session:
        assert accounts.all_members(session) == []
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.actor) == ("staff_sign_in_refused", "openid")


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": "another client", "azp": CLIENT_ID},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 600},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(
    client: httpx.Client, provider: Provider, claims: dict[str, object]
) -> None:
    provider.claims = claims
    answer = sign_in(client)

    assert answer.status_code == 403
    assert "did not confirm who you are" in answer.text
    assert client.get("/staff/account").status_code == 303


def test_a_token_signed_by_somebody_else_lets_nobody_in(client: httpx.Client, provider: Provider) -> None:
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "1"})

    assert sign_in(client).status_code == 403


def test_an_answer_without_a_token_of_identity_lets_nobody_in(client: httpx.Client, provider: Provider) -> None:
    provider.says_who = False

    assert sign_in(client).status_code == 403


def test_an_answer_to_another_browser_lets_nobody_in(console: Server, client: httpx.Client) -> None:
    way_back = go_to_provider(client).headers["location"]
    with browse(console) as elsewhere:
        assert elsewhere.get(way_back).status_code == 403
        elsewhere.get("/staff/openid/")
        assert elsewhere.get(way_back).status_code == 403, "not even in the middle of a sign-in of its own"


def test_an_answer_works_once(client: httpx.Client) -> None:
    way_back = go_to_provider(client).headers["location"]

    assert client.get(way_back).status_code == 200
    assert client.get(way_back).status_code == 403


def test_a_provider_that_does_not_answer_is_said(client: httpx.Client, provider: Provider) -> None:
    provider.server.stop()
    answer = client.get("/staff/openid/")
    provider.server.start()

    assert answer.status_code == 502
    assert "does not answer" in answer.text


def test_without_a_provider_there_is_no_way_to_one(new_console: NewConsole) -> None:
    with browse(new_console()) as client:
        assert "openid" not in client.get("/staff/sign-in").text
        assert client.get("/staff/openid/").status_code == 303, "the door asks to sign in"
