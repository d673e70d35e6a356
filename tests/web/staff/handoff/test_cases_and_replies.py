"""Cases that are answered, and ready replies that are changed."""

from playwright.sync_api import Page, expect

from respite.clock import utc_now
from respite.store.session import transaction
from respite.support.cases import open_case
from tests.databases import ON_SQLITE
from tests.web.staff.conftest import Member
from tests.web.staff.handoff.conftest import Open
from tests.web.staff.handoff.talking import Chat

pytestmark = ON_SQLITE


def test_a_dispute_is_answered_in_the_chat_and_closed(open_as: Open, lin: Member, chat: Chat) -> None:
    page = open_as(lin, "/cases")
    expect(page.get_by_text("No dispute or complaint is open")).to_be_visible()
    chat.sign_in()
    with transaction() as session:
        reference = open_case(session, chat.conversation_id, "dispute", "I paid on the 3rd.", utc_now()).reference
    page.get_by_role("button", name=f"Dispute {reference}").click()
    expect(page.locator(".case-detail")).to_contain_text("I paid on the 3rd.")

    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Write the answer first.")).to_be_visible()
    page.get_by_label("Answer", exact=True).fill("Your payment is booked now.")
    page.get_by_role("button", name="I work on it").click()
    expect(page.locator(".case-detail")).to_contain_text("Lin")
    expect(page.get_by_label("Answer", exact=True)).to_have_value("Your payment is booked now.")
    page.get_by_role("button", name="Send the answer").click()

    expect(chat.page.get_by_text("Your payment is booked now.")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).last.click()
    expect(page.get_by_text("No dispute or complaint is open")).to_be_visible()


def test_a_supervisor_writes_a_reply_in_both_languages_and_its_variables_are_checked(
    open_as: Open, wei: Member
) -> None:
    page = open_as(wei, "/replies")
    page.get_by_role("button", name="Add a reply").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("opening_hours")
    dialog.get_by_label("English").fill("We are here until nine, {nmae}.")
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog.get_by_text("Write it in both languages.")).to_be_visible()
    dialog.get_by_label("中文").fill("我们服务到晚上九点。")
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog.get_by_text("There is no variable nmae.")).to_be_visible()
    dialog.get_by_label("English").fill("We are here until nine, {name}.")
    dialog.get_by_role("button", name="Keep").click()

    line = page.locator("tr").filter(has_text="/opening_hours")
    expect(line).to_contain_text("We are here until nine, {name}.")
    line.get_by_role("button", name="Change").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(line).to_have_count(0)


def test_an_agent_reads_the_replies_and_changes_none(open_as: Open, lin: Member) -> None:
    page: Page = open_as(lin, "/replies")

    expect(page.get_by_text("/greeting")).to_be_visible()
    expect(page.get_by_role("button", name="Change")).to_have_count(0)
    expect(page.get_by_role("button", name="Add a reply")).to_have_count(0)


def test_an_agent_has_no_approvals(open_as: Open, lin: Member) -> None:
    page = open_as(lin, "/approvals")

    expect(page.get_by_text("This page is not for your role")).to_be_visible()
