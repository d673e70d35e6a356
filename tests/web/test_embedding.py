"""The chat in a frame of the lender's page, on another site, as a borrower meets it there."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Locator, Page, Request, Route, expect
from pydantic import SecretStr
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from bot.web.__main__ import SERVER_OPTIONS
from bot.web.app import create_app
from respite.clock import utc_now
from respite.settings import Settings
from respite.store.announcements import announce
from respite.store.encryption import cipher
from respite.store.models import Attachment, Borrower, Conversation, InboxMessage
from tests.channels.servers import Server, StandInRasa, free_port
from tests.web.lender import SECRET, Lender
from tests.web.talking import expect_delivery, say, take_picture, wait_until

WHAT_IS_STORED = """() => {
  try { return localStorage.length + sessionStorage.length; } catch ({ name }) { return name; }
}"""
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # tests/channels has the other one, too

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture
def borrowers(session_factory: sessionmaker[Session]) -> None:
    with session_factory.begin() as session:
        for number, name in enumerate(("Mei", "Wei"), start=1):
            phone = f"+861380000000{number}"
            index = cipher().blind_index(phone)
            session.add(Borrower(reference=f"B-{name}", name=name, phone=phone, phone_index=index, language="en"))


@pytest.fixture
def rasa(borrowers: None) -> Iterator[StandInRasa]:
    rasa = StandInRasa()
    rasa.server.start()
    yield rasa
    rasa.server.stop()


@pytest.fixture
def lender() -> Iterator[Lender]:
    lender = Lender()
    lender.server.start()
    yield lender
    lender.server.stop()


@pytest.fixture
def server(rasa: StandInRasa, lender: Lender, tmp_path: Path) -> Iterator[Server]:
    settings = Settings(
        demo=True,
        home=tmp_path,
        rasa_port=rasa.server.port,
        actions_port=free_port(),
        embed_origins=lender.url,
        lender_token_key=SecretStr(SECRET),
        lender_token_algorithm="HS256",
    )
    server = Server(create_app(settings), SERVER_OPTIONS)
    lender.chat = server.url
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visit(page: Page, server: Server, lender: Lender) -> Callable[[], Page]:
    """Opens the lender's page on a desktop."""

    def open_it() -> Page:
        page.set_viewport_size({"width": 1100, "height": 760})
        page.goto(lender.url)
        expect(launcher(page)).to_be_visible()
        return page

    return open_it


def launcher(page: Page) -> Locator:
    return page.locator("#respite-chat .launcher")


def chat_on(page: Page) -> FrameLocator:
    """The chat in its frame, once it is connected."""
    frame = page.frame_locator("#respite-chat iframe")
    expect(frame.locator("#chat")).to_have_attribute("data-connection", "open")
    return frame


def open_chat(page: Page) -> FrameLocator:
    launcher(page).click()
    return chat_on(page)


def converse(chat: FrameLocator, text: str) -> None:
    say(chat, text)
    expect(chat.locator(".entry.bot").last).to_contain_text(f"You said: {text}")


def test_nothing_of_the_chat_is_loaded_before_it_is_opened(visit: Callable[[], Page], server: Server) -> None:
    asked: list[str] = []
    page = visit()
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(launcher(page)).to_be_visible()

    assert [url for url in asked if url.startswith(server.url)] == [f"{server.url}/embed.js"]


def test_who_is_signed_in_with_the_lender_is_signed_in_here_and_nothing_is_stored(
    visit: Callable[[], Page], lender: Lender
) -> None:
    lender.signed_in = "B-Mei"
    page = visit()
    chat = open_chat(page)
    converse(chat, "what do I owe?")
    chat.get_by_label("More").click()

    expect(chat.get_by_role("button", name="Leave this chat")).to_be_visible()
    assert page.context.cookies() == []
    assert chat.locator("body").evaluate(WHAT_IS_STORED) in (0, "SecurityError")
    assert chat.locator("body").evaluate("() => location.hash") == ""


def test_after_a_reload_of_the_lenders_page_the_chat_is_open_and_goes_on(
    visit: Callable[[], Page], lender: Lender
) -> None:
    lender.signed_in = "B-Mei"
    page = visit()
    converse(open_chat(page), "before")
    page.reload()
    chat = chat_on(page)

    expect(chat.locator(".entry.bot")).to_contain_text("You said: before")
    converse(chat, "after")
    expect(chat.locator(".entry")).to_have_count(4)
    assert len(set(lender.tokens)) == 2


def test_two_tabs_of_the_lenders_page_have_the_same_chat(visit: Callable[[], Page], lender: Lender) -> None:
    lender.signed_in = "B-Mei"
    page = visit()
    chat = open_chat(page)
    other = page.context.new_page()
    other.goto(lender.url)
    converse(open_chat(other), "from the other tab")

    expect(chat.locator(".entry.bot")).to_contain_text("You said: from the other tab")
    other.close()


def test_a_stranger_has_a_chat_of_their_own_for_as_long_as_the_page_is_there(
    visit: Callable[[], Page], lender: Lender
) -> None:
    page = visit()
    converse(open_chat(page), "hello")
    page.reload()

    expect(chat_on(page).locator(".entry")).to_have_count(0)


def test_another_borrower_in_the_same_browser_sees_nothing_of_the_first(
    visit: Callable[[], Page], lender: Lender
) -> None:
    lender.signed_in = "B-Mei"
    page = visit()
    converse(open_chat(page), "my secret")
    lender.signed_in = "B-Wei"
    page.evaluate("() => respite.reset()")
    chat = open_chat(page)

    expect(chat.locator("#welcome")).to_be_visible()
    expect(chat.locator(".entry")).to_have_count(0)


@pytest.mark.parametrize("trouble", ["is_broken", "tokens"])
def test_where_the_lender_vouches_for_nobody_the_chat_opens_for_a_stranger(
    visit: Callable[[], Page], lender: Lender, trouble: str
) -> None:
    lender.is_broken = trouble == "is_broken"
    lender.signed_in = "B-Nobody"
    page = visit()
    page.evaluate("() => document.addEventListener('respite:refused', ({ detail }) => window.refused = detail.reason)")
    converse(open_chat(page), "hello")

    refused = page.evaluate("() => window.refused ?? ''")
    assert ("no borrower" in refused) is not lender.is_broken


def test_a_page_that_the_lender_did_not_name_cannot_show_the_chat(
    visit: Callable[[], Page], page: Page, lender: Lender, server: Server
) -> None:
    lender.signed_in = "B-Mei"
    stranger = Lender(chat=server.url)
    stranger.server.start()
    page.goto(stranger.url)
    launcher(page).click()
    expect(page.locator("#respite-chat iframe")).to_be_visible()
    wait_until(page, lambda: not any(frame.url in ("", "about:blank") for frame in page.frames))

    assert [frame.url for frame in page.frames if frame.url.startswith("chrome-error:")]
    assert all(frame.url.startswith(("chrome-error:", stranger.url)) for frame in page.frames)
    stranger.server.stop()


def test_a_greeting_from_a_strange_origin_is_not_heard(visit: Callable[[], Page], lender: Lender) -> None:
    page = visit()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    chat = open_chat(page)
    opened = [request for request in asked if request.url.endswith("/embedded/chats")]
    chat.locator("body").evaluate(
        """() => {
          const { port1, port2 } = new MessageChannel();
          const data = { respite: "hello", isOpen: true };
          const greeting = { data, source: parent, origin: "https://elsewhere.example", ports: [port2] };
          dispatchEvent(new MessageEvent("message", greeting));
          window.heard = new Promise((hear) => (port1.onmessage = hear));
        }"""
    )
    converse(chat, "hello")

    assert [request for request in asked if request.url.endswith("/embedded/chats")] == opened


def test_escape_closes_it_and_gives_the_focus_back(visit: Callable[[], Page]) -> None:
    page = visit()
    launcher(page).focus()
    page.keyboard.press("Enter")
    chat = chat_on(page)
    expect(chat.locator("#draft")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator("#respite-chat .panel")).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")


def test_what_comes_while_it_is_closed_is_counted_on_the_button_and_in_the_title(
    visit: Callable[[], Page], rasa: StandInRasa
) -> None:
    rasa.holds = lambda told: True
    page = visit()
    chat = open_chat(page)
    say(chat, "hello")
    expect(chat.locator("#entries .borrower")).to_be_visible()
    chat.get_by_label("Close the chat").click()
    expect(page.locator("#respite-chat .panel")).to_be_hidden()
    rasa.holds = lambda told: False

    expect(page.locator("#respite-chat .badge")).to_have_text("1")
    expect(page).to_have_title("(1) Lender")
    expect(launcher(page)).to_have_accessible_name("Repayment help, 1 new message")
    take_picture(page, "embedded-unread")
    launcher(page).click()
    expect(page.locator("#respite-chat .badge")).to_be_hidden()
    expect(page).to_have_title("Lender")


def test_another_language_is_another_page_that_keeps_chat_and_draft(visit: Callable[[], Page], lender: Lender) -> None:
    page = visit()
    chat = open_chat(page)
    converse(chat, "hello")
    chat.locator("#draft").fill("half a thought")
    chat.get_by_role("button", name="简体中文").click()
    expect(chat.get_by_role("button", name="人工客服")).to_be_visible()
    chat = chat_on(page)

    expect(chat.locator("#draft")).to_have_value("half a thought")
    expect(chat.locator(".entry.bot").first).to_contain_text("You said: hello")
    assert chat.locator("body").evaluate("() => location.hash") == ""


def test_who_leaves_finds_a_new_chat_next_time(visit: Callable[[], Page], lender: Lender) -> None:
    lender.signed_in = "B-Mei"
    page = visit()
    chat = open_chat(page)
    converse(chat, "before I go")
    chat.get_by_label("More").click()
    chat.get_by_role("button", name="Leave this chat").click()
    expect(page.locator("#respite-chat iframe")).to_have_count(0)
    expect(launcher(page)).to_be_focused()

    expect(open_chat(page).locator(".entry")).to_have_count(0)


def hand_in(page: Page, chat: FrameLocator, file: Path) -> Locator:
    """Send a file in the chat; returns the link by which it comes out again."""
    file.write_bytes(PDF)
    with page.expect_file_chooser() as chooser:
        chat.get_by_role("button", name="Attach a file").click()
    chooser.value.set_files(file)
    link = chat.locator("#entries a.file")
    expect(link).to_contain_text(file.name)
    return link


def test_a_file_goes_in_and_comes_out_by_a_link_that_works_once(
    visit: Callable[[], Page], lender: Lender, tmp_path: Path
) -> None:
    lender.signed_in = "B-Mei"
    page = visit()
    chat = open_chat(page)
    link = hand_in(page, chat, tmp_path / "payslip.pdf")
    with page.expect_download() as fetched:
        link.click()

    assert fetched.value.suggested_filename == "payslip.pdf"
    assert fetched.value.path().read_bytes() == PDF
    assert page.request.get(fetched.value.url).status == 404


def test_a_document_that_is_refused_says_why_in_a_tab_of_its_own_and_the_chat_stays(
    visit: Callable[[], Page], lender: Lender, session_factory: sessionmaker[Session], tmp_path: Path
) -> None:
    lender.signed_in = "B-Mei"
    page = visit()
    chat = open_chat(page)
    link = hand_in(page, chat, tmp_path / "payslip.pdf")
    with session_factory.begin() as session:
        session.execute(delete(Attachment))
    with page.expect_popup() as opened:
        link.click()

    expect(opened.value.locator("main")).to_contain_text("There is no such file in this chat.")
    converse(chat, "still here")


def test_a_lost_connection_is_found_again(visit: Callable[[], Page], server: Server) -> None:
    chat = open_chat(visit())
    converse(chat, "hello")
    server.stop()
    expect(chat.locator("#connection")).to_contain_text("Your message is kept")
    say(chat, "are you back?")
    expect_delivery(chat.locator("#sending .entry"), "Kept, not sent yet")
    server.start()
    chat.locator("#reconnect button").dispatch_event("click")

    expect(chat.locator("#entries .borrower").last).to_contain_text("are you back?")
    expect(chat.locator("#entries .borrower")).to_have_count(2)
    expect(chat.locator("#sending .entry")).to_have_count(0)


def test_a_chat_that_cannot_be_opened_at_first_opens_by_itself(visit: Callable[[], Page]) -> None:
    refused: list[str] = []

    def refuse_twice(route: Route) -> None:
        if len(refused) == 2:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=503)

    page = visit()
    page.route("**/embedded/chats", refuse_twice)
    launcher(page).click()
    expect(page.frame_locator("#respite-chat iframe").locator("#connection")).to_contain_text("No connection")

    converse(chat_on(page), "hello")


def test_where_the_chat_is_away_the_lenders_page_says_so(visit: Callable[[], Page], page: Page, server: Server) -> None:
    page.clock.install()
    visit()
    server.stop()
    launcher(page).click()
    expect(page.locator("#respite-chat iframe")).to_be_visible()
    while not page.locator("#respite-chat .away").is_visible():
        page.clock.run_for(1_000)

    expect(page.locator("#respite-chat .away")).to_have_text(
        "The chat cannot be reached just now. Please try again in a minute."
    )
    server.start()


def test_nobody_else_is_asked_for_anything(visit: Callable[[], Page], lender: Lender, server: Server) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    converse(open_chat(page), "hello")

    assert asked
    assert all(url.startswith((server.url, lender.url)) for url in asked)


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (1100, 760)])
def test_it_fits_the_screen_and_axe_finds_nothing(
    visit: Callable[[], Page], lender: Lender, language: str, width: int, height: int
) -> None:
    lender.language = language
    page = visit()
    page.set_viewport_size({"width": width, "height": height})
    chat = open_chat(page)
    panel = page.locator("#respite-chat .panel").bounding_box()
    take_picture(page, f"embedded-{width}-{language}")

    assert panel
    is_phone = width < 512
    assert (panel["width"] == width and panel["height"] == height) is is_phone
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width
    assert chat.locator("html").evaluate("it => it.scrollWidth <= it.clientWidth")
    for place in page.frames:
        results = Axe().run(place)  # type: ignore[arg-type]
        assert results.violations_count == 0, results.generate_report()


def test_button_and_chat_wear_the_colours_of_the_lenders_style_sheet(visit: Callable[[], Page], lender: Lender) -> None:
    lender.css = (
        ":root { --respite-accent: #7a3e9d; } @media (prefers-color-scheme: dark) { :root { --respite-accent: gold; } }"
    )
    page = visit()
    expect(launcher(page)).to_have_css("background-color", "rgb(122, 62, 157)")
    expect(launcher(page)).to_have_css("color", "rgb(255, 255, 255)")
    chat = open_chat(page)
    expect(chat.locator(".send")).to_have_css("background-color", "rgb(122, 62, 157)")
    page.emulate_media(color_scheme="dark")

    expect(launcher(page)).to_have_css("color", "rgb(16, 20, 20)")
    expect(chat.locator(".send")).to_have_css("background-color", "rgb(255, 215, 0)")


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_the_chat_may_be_light_or_dark_whatever_the_device_prefers(
    visit: Callable[[], Page], lender: Lender, scheme: str, is_dark: bool
) -> None:
    lender.attributes = f'data-scheme="{scheme}" data-position="left" data-label="Need help?"'
    page = visit()
    page.emulate_media(color_scheme="light" if is_dark else "dark")
    page.reload()
    chat = open_chat(page)

    expect(chat.locator("body")).to_have_css("background-color", "rgb(20, 26, 26)" if is_dark else "rgb(246, 242, 234)")
    expect(launcher(page).locator(".label")).to_have_text("Need help?")
    box = launcher(page).bounding_box()
    assert box
    assert box["x"] == 20


def test_the_lenders_page_is_told_what_happens(visit: Callable[[], Page]) -> None:
    page = visit()
    page.evaluate(
        """() => {
          window.told = [];
          for (const name of ["open", "close"]) document.addEventListener(`respite:${name}`, () => told.push(name));
          respite.open();
        }"""
    )
    chat_on(page)
    page.evaluate("() => respite.close()")

    assert page.evaluate("() => told") == ["open", "close"]


@pytest.mark.parametrize("is_still_signed_in", [True, False])
def test_whoever_was_away_for_long_signs_in_again_by_the_lenders_word_or_else_by_code(
    visit: Callable[[], Page], lender: Lender, session_factory: sessionmaker[Session], is_still_signed_in: bool
) -> None:
    lender.signed_in = "B-Mei"
    chat = open_chat(visit())
    converse(chat, "my secret")
    with session_factory.begin() as session:
        conversation = session.scalars(select(Conversation)).one()
        conversation.verified_at = conversation.last_active_at = utc_now() - timedelta(hours=3)
        announce(session, conversation)
    again = chat.get_by_role("button", name="Sign in again")
    expect(again).to_be_visible()
    expect(chat.locator("#entries")).not_to_contain_text("my secret")
    lender.signed_in = "B-Mei" if is_still_signed_in else None
    again.click()

    if is_still_signed_in:
        expect(chat.locator("#entries")).to_contain_text("my secret")
        expect(again).to_be_hidden()
    else:
        expect(chat.locator("#entries .borrower")).to_contain_text("I would like to sign in.")


def test_who_signs_in_again_by_the_lenders_word_is_shown_the_chat_they_talk_in(
    visit: Callable[[], Page], lender: Lender, session_factory: sessionmaker[Session]
) -> None:
    chat = open_chat(visit())
    converse(chat, "I am Wei")
    with session_factory.begin() as session:
        conversation = session.scalars(select(Conversation)).one()
        conversation.borrower = session.scalars(select(Borrower).where(Borrower.reference == "B-Wei")).one()
        conversation.verified_at = conversation.last_active_at = utc_now() - timedelta(hours=3)
        announce(session, conversation)
    lender.signed_in = "B-Mei"
    chat.get_by_role("button", name="Sign in again").click()
    expect(chat.get_by_role("button", name="Sign in again")).to_be_hidden()
    converse(chat, "I am Mei")

    expect(chat.locator("#entries")).not_to_contain_text("I am Wei")
    with session_factory() as session:
        chats = session.scalars(select(Conversation)).all()
        assert {chat.borrower and chat.borrower.name: inbox_of(session, chat) for chat in chats} == {
            "Wei": ["I am Wei"],
            "Mei": ["I am Mei"],
        }


def inbox_of(session: Session, conversation: Conversation) -> list[str]:
    query = select(InboxMessage).where(InboxMessage.conversation_id == conversation.id).order_by(InboxMessage.id)
    return [message.content for message in session.scalars(query)]
