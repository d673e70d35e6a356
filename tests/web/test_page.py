"""The page in a real browser, as a borrower uses it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from bot.web.labels import SUGGESTED_QUESTIONS
from bot.web.rendering import Look, render_typing
from tests.channels.servers import Server
from tests.web import samples
from tests.web.stand_in import DEMO, StandIn
from tests.web.talking import expect_delivery, say, wait_until

NAME_OF_FOCUS = """() => {
  const it = document.activeElement;
  return it.id || it.innerText.trim() || it.ariaLabel;
}"""


def test_enter_sends_and_the_answer_comes(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    say(page, "hello")

    expect(page.locator(".entry.bot")).to_contain_text("You said: hello")
    expect(page.locator("#entries .entry.borrower")).to_have_count(1)
    expect(page.locator("#sending .entry")).to_have_count(0)
    assert [message["text"] for message in hub.received] == ["hello"]
    expect(page.get_by_label("Your message")).to_have_value("")


def test_shift_and_enter_starts_a_new_line(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    draft = page.get_by_label("Your message")
    one_line = draft.bounding_box()
    draft.press_sequentially("one")
    page.keyboard.press("Shift+Enter")
    draft.press_sequentially("two")

    expect(draft).to_have_value("one\ntwo")
    assert hub.received == []
    two_lines = draft.bounding_box()
    assert one_line
    assert two_lines
    assert two_lines["height"] > one_line["height"]


def test_enter_that_chooses_a_chinese_character_does_not_send(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    page.get_by_label("Your message").fill("huan")
    page.get_by_label("Your message").dispatch_event("keydown", {"key": "Enter", "isComposing": True})

    expect(page.get_by_label("Your message")).to_have_value("huan")
    assert hub.received == []


def test_an_empty_message_is_not_sent(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    say(page, "   ")

    expect(page.locator(".entry")).to_have_count(0)
    assert hub.received == []


def test_a_quick_reply_works_once_and_takes_its_neighbours_with_it(open_page: Callable[[], Page], hub: StandIn) -> None:
    hub.entries = [samples.entry(1, "Well?", buttons=samples.replies())]
    hub.answers = False
    page = open_page()
    confirm = page.get_by_role("button", name="Confirm this plan")
    confirm.click()

    expect(page.locator("#entries .entry.borrower")).to_have_count(1)
    expect(page.get_by_role("button", name="Not now")).to_have_attribute("aria-disabled", "true")
    confirm.click(force=True)
    page.get_by_role("button", name="Not now").click(force=True)
    say(page, "afterwards")
    expect(page.locator("#entries .entry.borrower")).to_have_count(2)
    assert [message.get("button") for message in hub.received] == ["reply-0", None]


def test_one_plan_is_chosen_and_the_others_stay_open(open_page: Callable[[], Page], hub: StandIn) -> None:
    hub.entries = [samples.entry(1, "Your plans", card=samples.plans())]
    page = open_page()
    page.get_by_role("button", name="Choose this plan").nth(1).click()

    expect(page.locator("#entries .entry.borrower")).to_have_count(1)
    assert hub.received[0]["button"] == "plan-2"
    assert page.locator(".plan [data-reference]").count() == 2


def test_a_suggested_question_is_asked_by_its_button(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    page.get_by_role("button", name="What do I owe?").click()

    expect(page.locator(".entry.bot")).to_contain_text("You said: What do I owe?")
    expect(page.locator("#welcome")).to_have_count(0)


def test_a_person_is_one_press_away(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    page.get_by_role("button", name="Talk to a person").click()

    expect(page.locator("#entries .entry.borrower")).to_have_count(1)
    assert hub.received[0]["request"] == "person"


def test_the_language_switch_changes_the_page_and_keeps_the_draft(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    page.get_by_label("Your message").fill("half a thought")
    page.get_by_role("button", name="简体中文").click()

    expect(page.get_by_role("button", name="人工客服")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_label("您的消息")).to_have_value("half a thought")
    expect(page.locator("#chat")).to_have_attribute("data-connection", "open")
    page.get_by_role("button", name="繁體中文").click()
    expect(page.locator("h1")).to_have_text("燈籠分期")


def test_without_a_connection_draft_and_message_are_kept_and_sent_once(
    open_page: Callable[[], Page], hub: StandIn, server: Server
) -> None:
    page = open_page()
    page.get_by_label("Your message").fill("unfinished")
    server.stop()
    expect(page.locator("#connection")).to_contain_text("Your message is kept")
    expect(page.get_by_label("Your message")).to_have_value("unfinished")
    page.keyboard.press("Enter")
    expect_delivery(page.locator("#sending .entry"), "Kept, not sent yet")

    server.start()
    page.locator("button", has_text="Try again now").dispatch_event("click")
    expect(page.locator(".entry.bot")).to_contain_text("You said: unfinished")
    expect(page.locator("#sending .entry")).to_have_count(0)
    expect(page.locator("#connection")).to_be_empty()
    assert [message["text"] for message in hub.received] == ["unfinished"]


def test_messages_missed_while_away_come_once(open_page: Callable[[], Page], hub: StandIn, server: Server) -> None:
    hub.entries = samples.conversation()
    page = open_page()
    server.stop()
    hub.entries.append(samples.entry(11, "said while you were away"))
    server.start()

    expect(page.locator(".entry").last).to_contain_text("said while you were away")
    expect(page.locator(".entry")).to_have_count(11)


def test_a_message_that_is_not_acknowledged_is_tried_on_a_fresh_connection_and_then_left_to_the_borrower(
    open_page: Callable[[], Page], hub: StandIn, page: Page
) -> None:
    page.clock.install()
    hub.acknowledges = False
    open_page()
    say(page, "are you there?")
    bubble = page.locator("#sending .entry")
    expect_delivery(bubble, "Sending…")
    wait_until(page, lambda: len(hub.received) >= 1)
    page.clock.run_for(12_500)
    wait_until(page, lambda: len(hub.received) >= 2)
    page.clock.run_for(12_500)
    expect_delivery(bubble, "Not sent.")
    hub.acknowledges = True
    bubble.get_by_role("button", name="Try again").click()

    expect(page.locator("#entries .entry.borrower")).to_have_count(1)
    expect(bubble).to_have_count(0)
    assert len(hub.received) == 3
    assert len({message["client_id"] for message in hub.received}) == 1


def test_dots_show_while_an_answer_is_being_written(open_page: Callable[[], Page], hub: StandIn) -> None:
    hub.answers = False
    page = open_page()
    say(page, "hello")
    expect(page.locator("#entries .entry.borrower")).to_have_count(1)
    hub.at_once(hub.broadcast(render_typing(True, "en")))
    expect(page.locator(".typing")).to_be_visible()
    hub.at_once(hub.broadcast(render_typing(False, "en")))
    hub.at_once(hub.add("Here you are."))

    expect(page.locator(".entry.bot")).to_be_visible()
    expect(page.locator(".typing")).to_have_count(0)


def test_a_reader_who_scrolled_up_is_left_in_peace(open_page: Callable[[], Page], hub: StandIn) -> None:
    hub.entries = samples.conversation()
    page = open_page()
    page.locator("#scroller").evaluate("it => it.scrollTop = 0")
    another_tab_says(page, "from the other tab")
    newer = page.get_by_role("button", name="New messages")

    expect(newer).to_be_visible()
    assert page.locator("#scroller").evaluate("it => it.scrollTop") == 0
    newer.click()
    expect(newer).to_be_hidden()


def another_tab_says(page: Page, text: str) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#chat")).to_have_attribute("data-connection", "open")
    say(other, text)
    expect(other.locator("#entries .entry").last).to_contain_text(text)
    other.close()


def test_a_long_answer_is_shown_from_its_beginning(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    say(page, "plans")
    expect(page.locator(".plan")).to_have_count(3)

    entry = page.locator(".entry.bot").bounding_box()
    header = page.locator(".top").bounding_box()
    assert entry
    assert header
    assert entry["y"] >= header["y"] + header["height"]


def test_a_demonstration_borrower_is_put_into_the_draft_and_the_panel_goes_away(
    open_page: Callable[[], Page], hub: StandIn
) -> None:
    hub.look = Look(demo_borrowers=DEMO)
    page = open_page()
    page.get_by_role("button", name="138 0000 0001").click()
    expect(page.get_by_label("Your message")).to_have_value("138 0000 0001")
    page.get_by_role("button", name="Hide this panel").click()

    expect(page.locator(".try-me")).to_have_count(0)


def test_the_keyboard_alone_is_enough(open_page: Callable[[], Page]) -> None:
    page = open_page()
    reached = []
    for _ in range(13):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(NAME_OF_FOCUS))

    header = ["Talk to a person", "EN", "简", "繁", "More"]
    assert reached == [*header, "scroller", *SUGGESTED_QUESTIONS, "attach", "draft", "Send"]
    page.get_by_role("button", name=SUGGESTED_QUESTIONS[0]).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".entry.bot")).to_be_visible()
