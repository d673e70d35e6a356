"""In front of the door: signing in, out and by invitation; behind it nothing without a session."""

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select

from bot.web.staff.cookies import COOKIE
from respite.clock import utc_now
from respite.staff import accounts, invitations
from respite.staff.accounts import Profile
from respite.staff.delays import FREE_TRIES
from respite.staff.roles import StaffRole
from respite.store.models import AuditEntry, StaffMember, StaffSession
from respite.store.session import reading, transaction
from tests.channels.servers import Server
from tests.web.staff.conftest import PASSWORD, Member, NewConsole, browse

PAGES = ("/staff/", "/staff/account", "/staff/accounts", "/staff/reports")


@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_on_from_there(client: httpx.Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/staff/sign-in?to={path.replace('/', '%2F')}"


def test_a_member_signs_in_and_goes_on_where_they_wanted(client: httpx.Client, lin: Member) -> None:
    form = {"login": "lin", "password": PASSWORD, "code": lin.code(), "to": "/staff/account"}
    answer = client.post("/staff/sign-in", data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/account")
    assert client.get("/staff/account").status_code == 200


@pytest.mark.parametrize("to", ["https://elsewhere.example/staff/", "//elsewhere.example/staff/", "/", "/staffing/"])
def test_nobody_is_sent_elsewhere_after_signing_in(client: httpx.Client, lin: Member, to: str) -> None:
    form = {"login": "lin", "password": PASSWORD, "code": lin.code(), "to": to}

    assert client.post("/staff/sign-in", data=form).headers["location"] == "/staff/"


def test_the_session_is_kept_where_no_script_and_no_other_site_reaches_it(client: httpx.Client, lin: Member) -> None:
    attributes = lin.sign_in(client).headers["set-cookie"].lower().split("; ")

    assert {"httponly", "samesite=strict", "path=/staff"} <= set(attributes)
    assert "secure" not in attributes


def test_over_https_the_session_is_sent_over_https_only(console: Server, lin: Member) -> None:
    with httpx.Client(
        base_url=console.url, headers={"Origin": console.url, "X-Forwarded-Proto": "https"}, trust_env=False
    ) as client:
        assert "Secure" in lin.sign_in(client).headers["set-cookie"]


def test_the_page_of_another_site_signs_nobody_in_or_out(client: httpx.Client, lin: Member) -> None:
    lin.sign_in(client)
    client.headers["Origin"] = "https://elsewhere.example"

    assert lin.sign_in(client).status_code == 400
    assert client.post("/staff/sign-out").status_code == 400


@pytest.mark.parametrize(
    "wrong", [{"login": "nobody"}, {"password": "not the password"}, {"code": "000000"}, {"code": ""}]
)
def test_whatever_is_wrong_the_page_says_the_same(client: httpx.Client, lin: Member, wrong: dict[str, str]) -> None:
    form = {"login": "lin", "password": PASSWORD, "code": lin.code()} | wrong
    answer = client.post("/staff/sign-in", data=form)

    assert answer.status_code == 403
    assert "Name, password or code is not right." in answer.text
    assert "set-cookie" not in answer.headers


def test_after_too_many_tries_the_page_says_when_to_try_again(client: httpx.Client, lin: Member) -> None:
    for _ in range(FREE_TRIES):
        client.post("/staff/sign-in", data={"login": "lin", "password": "not the password", "code": ""})
    answer = lin.sign_in(client)

    assert answer.status_code == 429
    assert "Try again in 1 min." in answer.text


def test_what_was_typed_into_the_form_is_text(client: httpx.Client, lin: Member) -> None:
    answer = client.post("/staff/sign-in", data={"login": '"><script>', "password": "x", "code": ""})

    assert "<script>" not in answer.text


def test_signing_out_ends_the_session_and_not_only_the_cookie(client: httpx.Client, lin: Member) -> None:
    lin.sign_in(client)
    token = client.cookies[COOKIE]
    client.post("/staff/sign-out")
    client.cookies.set(COOKIE, token)

    assert client.get("/staff/account").status_code == 303


def test_a_made_up_session_is_none(client: httpx.Client) -> None:
    client.cookies.set(COOKIE, "x" * 43)

    assert client.get("/staff/account").status_code == 303


def test_a_link_from_another_site_finds_the_session(client: httpx.Client, lin: Member) -> None:
    answer = client.get("/staff/account", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text


def test_a_deactivated_member_is_out_at_once(client: httpx.Client, lin: Member, ada: Member) -> None:
    lin.sign_in(client)
    with transaction() as session:
        accounts.deactivate(session, session.get_one(StaffMember, lin.id), f"staff:{ada.id}", utc_now())

    assert client.get("/staff/account").status_code == 303


@pytest.mark.parametrize(("path", "at_least"), [("/staff/accounts", "ada"), ("/staff/reports", "wei")])
def test_a_page_is_shown_to_the_roles_that_may_see_it(
    console: Server, request: pytest.FixtureRequest, path: str, at_least: str
) -> None:
    ranks = ["lin", "wei", "ada"]
    for name in ranks:
        member: Member = request.getfixturevalue(name)
        with browse(console) as client:
            member.sign_in(client)
            expected = 200 if ranks.index(name) >= ranks.index(at_least) else 403
            assert client.get(path).status_code == expected, name


def test_a_page_runs_no_script_but_ours_and_is_shown_in_no_frame(client: httpx.Client, lin: Member) -> None:
    lin.sign_in(client)
    answer = client.get("/staff/account")
    policy = answer.headers["content-security-policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]

    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    assert answer.text.count("<script") == answer.text.count(f'<script nonce="{nonce}"') > 0
    assert client.get("/staff/account").headers["content-security-policy"] != policy


def test_the_borrowers_page_keeps_its_strict_policy(client: httpx.Client) -> None:
    policy = client.get("/").headers["content-security-policy"]

    assert "unsafe" not in policy


def test_a_socket_opens_for_a_signed_in_page_of_ours_alone(console: Server, lin: Member) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with browse(console) as client:
        lin.sign_in(client)
        cookie = f"{COOKIE}={client.cookies[COOKIE]}"
    address = f"{console.url.replace('http', 'ws')}/staff/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
    refused: list[dict[str, str]] = [
        {"Origin": console.url},
        {"Origin": "https://elsewhere.example", "Cookie": cookie},
        {"Origin": console.url, "Cookie": f"{COOKIE}=made-up"},
    ]

    for headers in refused:
        with pytest.raises(InvalidStatus), connect(address, additional_headers=headers, proxy=None):
            pass
    with connect(address, additional_headers={"Origin": console.url, "Cookie": cookie}, proxy=None) as socket:
        assert "sid" in str(socket.recv())


@pytest.fixture
def invite(console: Server) -> Callable[[], tuple[str, str]]:
    """Invites Noor: the way to her form, and the secret of her authenticator."""

    def do() -> tuple[str, str]:
        with transaction() as session:
            noor = accounts.add(session, "noor", Profile("Noor", StaffRole.AGENT), "system", utc_now())
            token = invitations.invite(session, noor, "system", utc_now())
            assert noor.totp_secret
            return f"/staff/invitation/{token}", noor.totp_secret

    return do


def test_an_invited_member_chooses_a_password_and_an_authenticator_and_is_in(
    client: httpx.Client, invite: Callable[[], tuple[str, str]]
) -> None:
    way, secret = invite()
    form = client.get(way)
    assert secret in form.text
    assert "<svg" in form.text
    noor = Member(1, "noor", secret)
    answer = client.post(way, data={"password": "on the morning tram", "code": noor.code()})

    assert answer.status_code == 200
    assert answer.text.count("<li>") == 10
    assert client.get("/staff/account").status_code == 200
    assert client.get(way).status_code == 404
    assert secret not in client.get(way).text


@pytest.mark.parametrize(
    ("password", "code", "words"),
    [
        ("short", None, "12 characters"),
        ("noor on the morning tram", None, "your name"),
        ("on the morning tram", "000000", "authenticator shows now"),
    ],
)
def test_what_is_wrong_with_an_acceptance_is_said_and_the_link_still_works(
    client: httpx.Client, invite: Callable[[], tuple[str, str]], password: str, code: str | None, words: str
) -> None:
    way, secret = invite()
    answer = client.post(way, data={"password": password, "code": code or Member(1, "noor", secret).code()})

    assert answer.status_code == 422
    assert words in answer.text
    assert client.get(way).status_code == 200


def test_the_forms_speak_the_browsers_language(client: httpx.Client) -> None:
    simplified = client.get("/staff/sign-in", headers={"Accept-Language": "zh-CN"}).text
    traditional = client.get("/staff/sign-in", headers={"Accept-Language": "zh-TW"}).text

    assert "登录" in simplified
    assert "登入" in traditional


def test_the_forms_are_kept_by_no_cache(client: httpx.Client, lin: Member) -> None:
    assert client.get("/staff/sign-in").headers["cache-control"] == "no-store"
    assert "no-store" in client.get("/staff/invitation/none").headers["cache-control"]


def test_every_step_is_audited(client: httpx.Client, lin: Member) -> None:
    client.post("/staff/sign-in", data={"login": "lin", "password": "not the password", "code": ""})
    lin.sign_in(client)
    client.post("/staff/sign-out")

    with reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"staff:{lin.id}"))
        steps = [entry.action for entry in entries]
    assert steps == ["staff_added", "staff_sign_in_refused", "staff_signed_in", "staff_sessions_ended"]


def test_the_session_knows_the_browser_in_a_few_words(client: httpx.Client, lin: Member) -> None:
    client.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0"
    lin.sign_in(client)

    with reading() as session:
        kept = session.scalars(select(StaffSession)).one()
        assert (kept.browser, kept.address) == ("Edge, Windows", "127.0.0.1")


@pytest.mark.parametrize("is_demo", [True, False])
def test_only_in_a_demonstration_there_is_somebody_to_try_the_console_as(
    new_console: NewConsole, is_demo: bool
) -> None:
    by_mail = {
        "code_sender": "smtp",
        "smtp_host": "x",
        "smtp_sender": "a@b.example",
        "smtp_recipient": "{phone}@b.example",
    }
    with browse(new_console(demo=is_demo, **by_mail)) as client:
        assert ("only in the demo" in client.get("/staff/sign-in").text) is is_demo
