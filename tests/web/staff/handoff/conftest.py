"""A borrower's page and the console beside each other: a real web application, and a stand-in for Rasa."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.web.staff.cookies import COOKIE
from respite.clock import utc_now
from respite.policies.load import policy
from respite.settings import settings
from respite.staff import sessions
from respite.staff.sessions import Place
from respite.store.models import Conversation, StaffMember
from respite.store.session import reading, transaction
from tests.channels.servers import Server, StandInRasa
from tests.conftest import BUSINESS_DATE
from tests.opening_hours import write_policy
from tests.web.staff.conftest import Member, NewConsole
from tests.web.staff.handoff.talking import Chat

Open = Callable[..., Page]
OpenChat = Callable[..., Chat]


@pytest.fixture
def rasa() -> Iterator[StandInRasa]:
    stand_in = StandInRasa()
    stand_in.server.start()
    yield stand_in
    stand_in.server.stop()


@pytest.fixture
def rules() -> dict[str, object]:
    """In which a module's rules for support differ from ours. A person is claimed by hand, so that tests decide."""
    return {"assignment": "by_hand"}


@pytest.fixture
def own_policy(
    session_factory: sessionmaker[Session],
    own_settings: pytest.MonkeyPatch,
    tmp_path: Path,
    rules: dict[str, object],
) -> Iterator[None]:
    """A lender whose desk is always open."""
    write_policy(tmp_path / "policy.yml", **rules)
    own_settings.setenv("RESPITE_POLICY", str(tmp_path / "policy.yml"))
    for remembered in (settings, policy):
        remembered.cache_clear()
    yield
    policy.cache_clear()


@pytest.fixture
def console(new_console: NewConsole, own_policy: None, rasa: StandInRasa) -> Server:
    return new_console(rasa_port=rasa.server.port, business_date=BUSINESS_DATE)


@pytest.fixture
def open_as(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a page of the console in a browser of its own in which a member is signed in already."""
    pages: list[Page] = []

    def open_it(member: Member, path: str = "/queue", url: str = "", **options: object) -> Page:
        url = url or request.getfixturevalue("console").url
        with transaction() as session:
            token = sessions.begin(session, session.get_one(StaffMember, member.id), Place("Chrome, Linux"), utc_now())
        context = browser.new_context(**{"locale": "en-GB", **options})  # type: ignore[arg-type]
        context.add_cookies([{"name": COOKIE, "value": token, "url": f"{url}/staff"}])
        page = context.new_page()
        pages.append(page)
        page.goto(f"{url}/staff{path}")
        expect(page.locator(".console")).to_be_visible()
        return page

    yield open_it
    for page in pages:
        page.context.close()


@pytest.fixture
def open_chat(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenChat]:
    """Opens the borrower's page in a browser of its own, and says hello."""
    pages: list[Page] = []

    def open_it(url: str = "", locale: str = "en-GB") -> Chat:
        url = url or request.getfixturevalue("console").url
        page = browser.new_context(locale=locale, viewport={"width": 390, "height": 844}).new_page()
        pages.append(page)
        with reading() as session:
            before = set(session.scalars(select(Conversation.id)))
        page.goto(url)
        expect(page.locator("#chat[data-connection=open]")).to_be_visible()
        chat = Chat(page, "")
        chat.say("hello")
        expect(page.get_by_text("You said: hello")).to_be_visible()
        with reading() as session:
            chat.conversation_id = next(each for each in session.scalars(select(Conversation.id)) if each not in before)
        return chat

    yield open_it
    for page in pages:
        page.context.close()


@pytest.fixture
def chat(open_chat: OpenChat) -> Chat:
    return open_chat()


@pytest.fixture
def desk(open_as: Open, lin: Member) -> Page:
    """Lin's page of the queue."""
    return open_as(lin, "/queue")
