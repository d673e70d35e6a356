"""The console on a real port and a real store, with members who can sign in to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from nicegui import Client, app, ui
from nicegui.functions.download import download
from nicegui.functions.navigate import Navigate
from nicegui.functions.notify import notify
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session, sessionmaker

from bot.web.__main__ import SERVER_OPTIONS
from bot.web.app import create_app
from bot.web.staff.mounting import mount
from respite.clock import utc_now
from respite.settings import Settings
from respite.staff import accounts, passwords, second_factor
from respite.staff.accounts import Profile
from respite.staff.passwords import hash_password
from respite.staff.roles import StaffRole
from respite.store.models import StaffMember
from respite.store.session import transaction
from tests.channels.servers import Server, free_port

PASSWORD = "a pine on the north slope"
NewConsole = Callable[..., Server]


@dataclass
class Member:
    """Somebody with an account, and what they hold."""

    id: int
    login: str
    secret: str

    def code(self) -> str:
        """What their authenticator shows; one that was used is forgotten, as if half a minute had passed."""
        with transaction() as session:
            session.get_one(StaffMember, self.id).totp_last_step = None
        return code_of(self.secret)

    def sign_in(self, client: httpx.Client) -> httpx.Response:
        form = {"login": self.login, "password": PASSWORD, "code": self.code()}
        return client.post("/staff/sign-in", data=form)


def code_of(secret: str) -> str:
    """What an authenticator shows for a secret."""
    return pyotp.TOTP(secret).now()


@pytest.fixture(autouse=True)
def fast_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()


@pytest.fixture
def new_console(session_factory: sessionmaker[Session], tmp_path: Path) -> Iterator[NewConsole]:
    """Starts the console of an installation with the given settings."""
    started: list[Server] = []

    def start(**values: object) -> Server:
        forget_what_nicegui_knows()
        port = free_port()
        values = {"home": tmp_path, "demo": True, "public_url": f"http://127.0.0.1:{port}"} | values
        settings = Settings(**values)  # type: ignore[arg-type]
        web = create_app(settings)
        mount(web)
        server = Server(web, SERVER_OPTIONS)
        server.port, server.url = port, f"http://127.0.0.1:{port}"
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def console(new_console: NewConsole) -> Server:
    return new_console()


@pytest.fixture
def client(console: Server) -> Iterator[httpx.Client]:
    """A browser without a window, on the console's own page."""
    with browse(console) as client:
        yield client


def browse(server: Server) -> httpx.Client:
    return httpx.Client(base_url=server.url, headers={"Origin": server.url}, trust_env=False)


@pytest.fixture
def lin(session_factory: sessionmaker[Session]) -> Member:
    return add("lin", "Lin", StaffRole.AGENT)


@pytest.fixture
def wei(session_factory: sessionmaker[Session]) -> Member:
    return add("wei", "Wei", StaffRole.SUPERVISOR)


@pytest.fixture
def ada(session_factory: sessionmaker[Session]) -> Member:
    return add("ada", "Ada", StaffRole.ADMIN)


def add(login: str, name: str, role: StaffRole) -> Member:
    """Add a member who has accepted their invitation."""
    secret = second_factor.new_secret()
    with transaction() as session:
        member = accounts.add(session, login, Profile(name, role), "system", utc_now())
        member.password_hash, member.totp_secret = hash_password(PASSWORD), secret
        session.flush()
        return Member(member.id, login, secret)


@pytest.fixture
def open_as(browser: Browser, console: Server) -> Iterator[Callable[..., Page]]:
    """Opens a page of the console in a browser of its own, signed in as a member."""
    pages: list[Page] = []

    def open_it(member: Member, path: str = "/account", **options: object) -> Page:
        page = browser.new_context(**{"locale": "en-GB", **options}).new_page()  # type: ignore[arg-type]
        pages.append(page)
        page.goto(f"{console.url}/staff{path}")
        page.get_by_label("Sign-in name").fill(member.login)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Code").fill(member.code())
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.locator(".console")).to_be_visible()
        return page

    yield open_it
    for page in pages:
        page.context.close()


def forget_what_nicegui_knows() -> None:
    """NiceGUI is one for each process; each console of a test begins it anew.

    Whatever its `User` does, also in a task that outlives a test, puts functions of its own into `nicegui.ui`.
    """
    ui.navigate, ui.notify, ui.download = Navigate(), notify, download
    app.middleware_stack = None
    app.user_middleware.clear()
    Client.instances.clear()
