"""The page and the true application together; only Rasa is a stand-in."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.web.__main__ import SERVER_OPTIONS
from bot.web.app import create_app
from respite.clock import utc_now
from respite.identity.verification import vouched_for
from respite.settings import Settings
from respite.store.announcements import announce
from respite.store.models import Borrower, Conversation
from tests.channels.servers import Reply, Server, StandInRasa, free_port
from tests.web import samples
from tests.web.talking import say


def offer_plans(told: str) -> list[Reply]:
    if told != "I cannot pay this month":
        return [{"text": f"You said: {told}"}]
    card = samples.plans().model_dump(mode="json")
    for number, option in enumerate(card["options"], start=1):
        option["choose"] = {
            "title": "Choose this plan",
            "payload": f'/inform{{"quote_reference": "{number}"}}',
        }
    return [{"text": "These are your plans.", "custom": {"card": card}}]


@pytest.fixture
def rasa(session_factory: sessionmaker[Session]) -> Iterator[StandInRasa]:
    rasa = StandInRasa()
    rasa.answer = offer_plans
    rasa.server.start()
    yield rasa
    rasa.server.stop()


@pytest.fixture
def server(rasa: StandInRasa, tmp_path: Path) -> Iterator[Server]:
    settings = Settings(demo=True, home=tmp_path, rasa_port=rasa.server.port, actions_port=free_port())
    server = Server(create_app(settings), SERVER_OPTIONS)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def chat(page: Page, server: Server) -> Page:
    page.goto(server.url)
    expect(page.locator("#chat")).to_have_attribute("data-connection", "open")
    return page


def test_a_plan_is_offered_and_chosen_once_also_after_a_reload(chat: Page, rasa: StandInRasa) -> None:
    chat.get_by_role("button", name="I cannot pay this month").click()
    chat.get_by_role("button", name="Choose this plan").nth(1).click()
    expect(chat.locator(".entry.bot").last).to_contain_text("You said:")
    chat.reload()

    expect(chat.locator(".plan")).to_have_count(3)
    expect(chat.locator(".plan .reply").nth(1)).to_have_attribute("aria-disabled", "true")
    expect(chat.locator(".plan [data-reference]")).to_have_count(2)
    assert rasa.was_told == ["I cannot pay this month", '/inform{"quote_reference": "2"}']


def test_a_whole_conversation_is_there_again_after_a_reload(chat: Page) -> None:
    for text in ("one", "two", "three"):
        say(chat, text)
        expect(chat.locator(".entry.bot").last).to_contain_text(f"You said: {text}")
    before = chat.locator("#entries .entry").all_inner_texts()
    chat.reload()

    expect(chat.locator(".entry")).to_have_count(6)
    assert chat.locator("#entries .entry").all_inner_texts() == before


def test_the_page_goes_on_in_the_language_that_was_chosen(chat: Page, rasa: StandInRasa) -> None:
    chat.get_by_role("button", name="简体中文").click()

    expect(chat.get_by_role("button", name="人工客服")).to_be_visible()
    expect(chat.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_whoever_was_away_for_long_signs_in_again_and_finds_everything_as_it_was(
    chat: Page, session_factory: sessionmaker[Session]
) -> None:
    say(chat, "my secret")
    expect(chat.locator(".entry.bot")).to_contain_text("You said: my secret")
    long_ago = utc_now() - timedelta(hours=3)
    with session_factory.begin() as session:
        conversation = session.scalars(select(Conversation)).one()
        conversation.borrower = Borrower(reference="B-1", name="Mei", phone="+1", phone_index="1", language="en")
        conversation.verified_at = conversation.last_active_at = long_ago
    chat.reload()
    expect(chat.get_by_role("button", name="Sign in again")).to_be_visible()
    expect(chat.locator("#entries")).not_to_contain_text("my secret")
    chat.locator("#draft").fill("half a thought")
    with session_factory.begin() as session:
        conversation = session.scalars(select(Conversation)).one()
        assert conversation.borrower_id is not None
        vouched_for(session, conversation.id, conversation.borrower_id, utc_now())
        announce(session, conversation)

    expect(chat.locator("#entries")).to_contain_text("my secret")
    expect(chat.locator("#draft")).to_have_value("half a thought")
    expect(chat.get_by_role("button", name="Sign in again")).to_be_hidden()


def test_a_document_that_is_refused_says_why_and_leads_back_to_the_chat(chat: Page, rasa: StandInRasa) -> None:
    booked = samples.review(state="booked").model_dump(mode="json")
    rasa.answer = lambda told: [{"text": "It is booked.", "custom": {"card": booked}}]
    say(chat, "yes")
    chat.get_by_role("link", name="Download confirmation").click()
    expect(chat.locator("main")).to_contain_text("There is no such document in this chat.")
    results = Axe().run(chat)
    assert results.violations_count == 0, results.generate_report()
    chat.get_by_role("link", name="Go to the chat").click()

    expect(chat.locator(".entry.bot")).to_contain_text("It is booked.")


def test_axe_finds_nothing_on_the_true_page(chat: Page) -> None:
    chat.get_by_role("button", name="I cannot pay this month").click()
    expect(chat.locator(".plan")).to_have_count(3)

    results = Axe().run(chat)

    assert results.violations_count == 0, results.generate_report()


def test_the_first_load_of_the_true_page_is_small(page: Page, server: Server) -> None:
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(server.url)
    expect(page.locator("#chat")).to_have_attribute("data-connection", "open")
    page.wait_for_load_state("networkidle")

    transferred = [request.sizes()["responseBodySize"] for request in finished]
    assert 0 < sum(transferred) < 30_000
