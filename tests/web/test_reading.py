"""What a borrower has seen, what is new to them, and what waits for them when the page is loaded anew."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web import samples
from tests.web.stand_in import StandIn
from tests.web.talking import say, wait_until

TITLE = "Lantern Instalments · Repayment help"
BE_ASLEEP = """(isAsleep) => {
  window.isAsleep = isAsleep;
  document.dispatchEvent(new Event("visibilitychange"));
}"""
COUNT_TONES = """
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (when) { window.tones += 1; start.call(this, when); };
"""


def hide(page: Page, is_hidden: bool = True) -> None:
    """Bring the page into the background, as a browser does with a tab, or back."""
    page.evaluate(
        """isHidden => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )


def test_what_came_since_the_last_visit_is_marked_and_counted(open_page: Callable[[], Page], hub: StandIn) -> None:
    hub.entries = samples.conversation()
    hub.read_up_to = 5
    page = open_page()

    expect(page.locator(".new + .entry")).to_have_id("entry-6")
    expect(page.locator(".new")).to_be_in_viewport()
    expect(page).to_have_title(f"(3) {TITLE}")


def test_a_page_without_news_shows_its_end_and_counts_nothing(open_page: Callable[[], Page], hub: StandIn) -> None:
    hub.entries = samples.conversation()
    hub.read_up_to = 10
    page = open_page()

    expect(page.locator(".new")).to_have_count(0)
    expect(page.locator(".entry").last).to_be_in_viewport()
    expect(page).to_have_title(TITLE)


def test_scrolling_to_the_end_tells_the_server_what_was_seen(open_page: Callable[[], Page], hub: StandIn) -> None:
    hub.entries = samples.conversation()
    hub.read_up_to = 1
    page = open_page()
    expect(page).to_have_title(f"(5) {TITLE}")
    page.locator("#scroller").evaluate("it => it.scrollTop = it.scrollHeight")

    expect(page).to_have_title(TITLE)
    say(page, "thank you")
    expect(page.locator(".entry.bot").last).to_contain_text("You said: thank you")
    assert hub.seen == sorted(set(hub.seen))
    assert hub.seen[-1] >= 10


def test_a_message_in_a_hidden_tab_is_counted_in_its_title_until_it_is_seen(
    open_page: Callable[[], Page], hub: StandIn
) -> None:
    page = open_page()
    say(page, "hello")
    expect(page.locator(".entry.bot")).to_be_visible()
    hide(page)
    say(page, "and while I am away")
    expect(page).to_have_title(f"(1) {TITLE}")
    expect(page.locator(".new + .entry")).to_contain_text("You said: and while I am away")

    hide(page, False)
    expect(page).to_have_title(TITLE)


def test_the_line_above_what_is_new_goes_with_the_next_message(open_page: Callable[[], Page], hub: StandIn) -> None:
    hub.entries = samples.conversation()
    hub.read_up_to = 5
    page = open_page()
    expect(page.locator(".new")).to_have_count(1)
    say(page, "thank you")

    expect(page.locator(".new")).to_have_count(0)


def test_a_draft_is_there_again_after_a_reload_and_gone_once_it_was_sent(
    open_page: Callable[[], Page], hub: StandIn
) -> None:
    page = open_page()
    page.locator("#draft").fill("half a thought")
    page.reload()
    expect(page.locator("#draft")).to_have_value("half a thought")
    page.locator("#draft").press("Enter")
    expect(page.locator(".entry.bot")).to_be_visible()
    page.reload()

    expect(page.locator("#draft")).to_have_value("")
    assert page.evaluate("() => sessionStorage.length + localStorage.length") == 0


@pytest.fixture
def unacknowledged(open_page: Callable[[], Page], hub: StandIn) -> Page:
    """A page from which something has reached the server, which has not said so."""
    hub.acknowledges = False
    page = open_page()
    say(page, "are you there?")
    wait_until(page, lambda: bool(hub.received))
    return page


def test_what_was_not_acknowledged_is_sent_again_after_a_reload_under_the_same_id(
    unacknowledged: Page, hub: StandIn
) -> None:
    hub.acknowledges = True
    unacknowledged.reload()

    expect(unacknowledged.locator(".entry.bot")).to_contain_text("You said: are you there?")
    expect(unacknowledged.locator("#sending .entry")).to_have_count(0)
    assert len({message["client_id"] for message in hub.received}) == 1


def test_what_arrived_though_nobody_heard_so_stands_there_once_after_a_reload(
    unacknowledged: Page, hub: StandIn
) -> None:
    hub.entries.append(samples.entry(1, "are you there?", "borrower", client_id=hub.received[0]["client_id"]))
    unacknowledged.reload()

    expect(unacknowledged.locator("#entries .entry.borrower")).to_have_count(1)
    expect(unacknowledged.locator("#sending .entry")).to_have_count(0)
    assert unacknowledged.evaluate("() => sessionStorage.length") == 0


def test_a_page_that_slept_catches_up_on_a_fresh_connection_though_its_own_seems_open(
    page: Page, open_page: Callable[[], Page], hub: StandIn
) -> None:
    page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => window.isAsleep ?? false })")
    page.clock.install()
    open_page()
    page.evaluate(BE_ASLEEP, True)
    hub.sockets.clear()
    hub.at_once(hub.add("Said while you slept."))
    page.clock.run_for(60_000)
    page.evaluate(BE_ASLEEP, False)

    expect(page.locator(".entry.bot")).to_contain_text("Said while you slept.")
    expect(page.locator("#chat")).to_have_attribute("data-connection", "open")


def test_a_draft_never_comes_up_in_another_chat(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    page.locator("#draft").fill("138 0000 0001")
    hub.chat = "somebody-else"
    page.reload()

    expect(page.locator("#draft")).to_have_value("")


def test_there_is_no_sound_until_it_is_switched_on(open_page: Callable[[], Page], page: Page, hub: StandIn) -> None:
    page.add_init_script(COUNT_TONES)
    open_page()
    say(page, "quietly")
    expect(page.locator(".entry.bot")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("() => window.tones") == 0
    page.get_by_label("More").click()
    page.get_by_label("A sound for new messages").check()
    page.wait_for_function("() => window.tones == 2")
    page.keyboard.press("Escape")
    say(page, "aloud")
    page.wait_for_function("() => window.tones == 4")
    page.reload()

    expect(page.locator("#sound")).to_be_checked()


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_reader_who_wants_no_motion_gets_none(open_page: Callable[[], Page], hub: StandIn, language: str) -> None:
    hub.language = language
    hub.entries = samples.conversation(language)
    page = open_page()

    moving = "all => all.filter(it => getComputedStyle(it).animationName !== 'none').length"
    assert page.locator("*").evaluate_all(moving) == 0
