"""The console in a real browser: signing in, the frame, keys, languages, colours, and sessions that end."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from respite.clock import utc_now
from respite.staff import second_factor, sessions
from respite.store.models import StaffMember, StaffSession
from respite.store.session import reading, transaction
from tests.channels.servers import Server
from tests.web.staff.conftest import PASSWORD, Member, code_of

Open = Callable[..., Page]
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # what differs is tested without a browser


def test_a_member_signs_in_with_a_code_and_sees_the_page_they_asked_for(open_as: Open, lin: Member) -> None:
    page = open_as(lin, "/account")

    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    expect(page.get_by_text("This browser")).to_be_visible()
    assert page.title() == "My account · Lantern Instalments"


def test_signing_out_leads_back_to_the_form_and_not_further(open_as: Open, lin: Member) -> None:
    page = open_as(lin)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Sign-in name")).to_be_visible()

    page.go_back()
    expect(page.get_by_label("Sign-in name")).to_be_visible()
    expect(page.locator(".console")).to_have_count(0)


def test_a_session_that_an_admin_ends_leaves_its_open_page_at_once(open_as: Open, lin: Member, ada: Member) -> None:
    page, admin = open_as(lin), open_as(ada, "/accounts")
    admin.get_by_role("button", name="Change Lin").click()
    admin.get_by_role("button", name="Sign out everywhere (1)").click()

    expect(admin.get_by_text("Lin is signed out everywhere.")).to_be_visible()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_a_session_that_ended_acts_no_more_even_before_its_page_has_left(
    open_as: Open, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.staff.leaving.SECONDS_BETWEEN_LOOKS", 3600)
    page = open_as(lin)
    with transaction() as session:
        sessions.end_all(session, session.get_one(StaffMember, lin.id), "system", utc_now())
    page.get_by_role("button", name="New recovery codes").click()

    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_a_member_ends_the_session_in_another_browser(open_as: Open, lin: Member) -> None:
    other, page = open_as(lin), open_as(lin)
    expect(page.get_by_role("button", name="End", exact=True)).to_have_count(1)
    page.get_by_role("button", name="End", exact=True).click()

    expect(page.get_by_role("button", name="End", exact=True)).to_have_count(0)
    expect(other.get_by_text("You are signed out.")).to_be_visible()


def test_a_new_password_counts_from_the_next_sign_in_on(open_as: Open, lin: Member) -> None:
    page = open_as(lin)
    page.get_by_role("button", name="Change password").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Present password").fill(PASSWORD)
    dialog.get_by_label("New password").fill("short")
    dialog.get_by_role("button", name="Change password").click()
    expect(dialog.get_by_role("alert")).to_contain_text("12 characters")
    dialog.get_by_label("New password").fill("another slope, another pine")
    dialog.get_by_role("button", name="Change password").click()

    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    with reading() as session:
        kept = session.get_one(StaffMember, lin.id).password_hash
        assert kept
        assert session.scalars(select(StaffSession).where(StaffSession.ended_at.is_(None))).one()


def test_new_recovery_codes_are_shown_once_and_work(open_as: Open, lin: Member) -> None:
    page = open_as(lin)
    page.get_by_role("button", name="New recovery codes").click()
    page.get_by_role("dialog").get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Make new codes").click()
    code = page.locator(".codes li").first.inner_text()
    page.get_by_role("button", name="I have kept them").click()

    expect(page.get_by_text("10 of 10 recovery codes left")).to_be_visible()
    with transaction() as session:
        assert second_factor.use_code(session, session.get_one(StaffMember, lin.id), code, utc_now())


def test_an_admin_adds_a_member_whose_link_opens_an_account(
    open_as: Open, ada: Member, browser: Browser, console: Server
) -> None:
    page = open_as(ada, "/accounts")
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Sign-in name").fill("noor@lender.example")
    dialog.get_by_label("Name that borrowers read").fill("Noor")
    dialog.get_by_role("button", name="Add and invite").click()
    link = page.get_by_role("dialog").locator(".code").inner_text()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("row", name="Noor")).to_contain_text("Invited")

    noor = browser.new_page(locale="en-GB")
    noor.goto(link)
    secret = noor.locator("code").text_content()
    noor.get_by_label("New password").fill("on the morning tram")
    noor.get_by_label("Code").fill(code_of(secret or ""))
    noor.get_by_role("button", name="Open my account").click()
    expect(noor.locator(".codes li")).to_have_count(10)
    noor.get_by_role("link", name="I have kept them. Go on").click()
    expect(noor.locator(".console")).to_be_visible()
    noor.close()


def test_an_account_error_is_said_in_the_dialog_and_nothing_is_lost(open_as: Open, ada: Member, lin: Member) -> None:
    page = open_as(ada, "/accounts")
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Sign-in name").fill("LIN")
    dialog.get_by_label("Name that borrowers read").fill("Another Lin")
    dialog.get_by_role("button", name="Add and invite").click()

    expect(dialog.get_by_role("alert")).to_contain_text("There is an account with this sign-in name already.")
    expect(dialog.get_by_label("Name that borrowers read")).to_have_value("Another Lin")


def test_keys_lead_to_pages_and_the_help_lists_them(open_as: Open, ada: Member) -> None:
    page = open_as(ada, "/account")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_contain_text("Accounts")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("a")

    expect(page.get_by_role("heading", name="Accounts", level=1)).to_be_visible()


def test_keys_typed_into_a_field_do_nothing_else(open_as: Open, ada: Member) -> None:
    page = open_as(ada, "/accounts")
    page.keyboard.press("n")
    field = page.get_by_role("dialog").get_by_label("Sign-in name")
    field.press_sequentially("ga?")

    expect(field).to_have_value("ga?")
    expect(page.locator("#shortcuts")).not_to_be_visible()


def test_language_and_colours_are_kept_with_the_account(open_as: Open, lin: Member) -> None:
    page = open_as(lin, color_scheme="light")
    page.get_by_role("button", name="繁體中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-TW")
    page.get_by_role("button", name="顏色").click()
    page.get_by_role("button", name="顏色：淺色").click()
    expect(page.get_by_role("button", name="顏色：深色")).to_be_visible()

    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(17, 23, 26)", "dark although the system is light"
    with reading() as session:
        kept = session.get_one(StaffMember, lin.id)
        assert (kept.interface_language, kept.theme) == ("zh-Hant", "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_as: Open, console: Server, ada: Member, scheme: str) -> None:
    page = open_as(ada, color_scheme=scheme)
    for path in ("account", "accounts", "reports", "reports?side=plans", "reports?side=loans"):
        page.goto(f"{console.url}/staff/{path}")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".state-loading")).to_have_count(0)

        results = Axe().run(page)
        assert results.violations_count == 0, f"{path}: {results.generate_report()}"


def test_axe_finds_nothing_on_the_forms(page: Page, console: Server) -> None:
    page.goto(f"{console.url}/staff/sign-in")

    results = Axe().run(page)

    assert results.violations_count == 0, results.generate_report()


def test_no_script_or_style_of_a_page_is_refused(open_as: Open, ada: Member) -> None:
    refused: list[str] = []
    page = open_as(ada, "/account")
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    for path in ("/accounts", "/reports"):
        page.goto(page.url.partition("/staff")[0] + f"/staff{path}")
        expect(page.locator(".state-loading")).to_have_count(0)

    assert refused == []
