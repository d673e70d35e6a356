"""The menu: what a borrower may want without typing it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.incoming import MENU
from bot.web.rendering import Look
from tests.web.stand_in import StandIn


@pytest.fixture
def menu(open_page: Callable[[], Page]) -> Page:
    page = open_page()
    page.get_by_label("More").click()
    return page


@pytest.mark.parametrize(("name", "title"), MENU)
def test_an_entry_says_what_the_borrower_wants_and_the_menu_closes(
    menu: Page, hub: StandIn, name: str, title: str
) -> None:
    menu.get_by_role("button", name=title, exact=True).click()

    expect(menu.locator("#entries .entry.borrower")).to_have_count(1)
    assert [message["request"] for message in hub.received] == [name]
    expect(menu.locator("#menu")).not_to_have_attribute("open", "")


def test_escape_closes_the_menu_and_gives_the_focus_back(menu: Page) -> None:
    menu.keyboard.press("Tab")
    menu.keyboard.press("Escape")

    expect(menu.locator("#menu")).not_to_have_attribute("open", "")
    expect(menu.get_by_label("More")).to_be_focused()


def test_a_press_anywhere_else_closes_it(menu: Page) -> None:
    menu.locator("#scroller").click(position={"x": 5, "y": 600})

    expect(menu.locator("#menu")).not_to_have_attribute("open", "")


def test_it_is_used_by_keyboard_alone(open_page: Callable[[], Page], hub: StandIn) -> None:
    page = open_page()
    page.get_by_label("More").focus()
    for key in ("Enter", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)

    expect(page.locator("#entries .entry.borrower")).to_have_count(1)
    assert hub.received[0]["request"] == "hardship"


def test_whoever_is_signed_in_may_leave_or_go_on_with_telegram(open_page: Callable[[], Page], hub: StandIn) -> None:
    hub.is_personal, hub.look = True, Look(has_telegram=True)
    page = open_page()
    page.get_by_label("More").click()

    for name in ("Continue on Telegram", "Leave this chat", "Sign out on every device"):
        expect(page.get_by_role("button", name=name)).to_be_visible()


def test_whoever_was_signed_out_signs_in_again_with_one_press(open_page: Callable[[], Page], hub: StandIn) -> None:
    hub.is_personal = hub.is_expired = True
    page = open_page()
    page.get_by_role("button", name="Sign in again").click()

    expect(page.locator("#entries .entry.borrower")).to_have_count(1)
    assert hub.received[0]["request"] == "sign_in"
