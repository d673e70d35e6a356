"""The file beside a conversation, and the plan desk: live, within authority, and never without consent."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from respite.clock import utc_now
from respite.contact.pauses import pauses_of
from respite.plans.booking import book
from respite.plans.quotes import show_quote
from respite.policies.load import policy
from respite.store.models import Loan, Payment, Quote, VulnerabilityFlag
from respite.store.session import reading, transaction
from tests.conftest import BUSINESS_DATE
from tests.databases import ON_SQLITE
from tests.web.staff.conftest import Member
from tests.web.staff.handoff.conftest import Open
from tests.web.staff.handoff.talking import Chat, claim

pytestmark = ON_SQLITE

WITHIN, BEYOND = BUSINESS_DATE + timedelta(days=45), BUSINESS_DATE + timedelta(days=60)
"""Days until which an agent may defer what is overdue, and until which only a supervisor may."""


@pytest.fixture
def talk(desk: Page, chat: Chat) -> Page:
    """Lin's page of the conversation with Mei, who is 20 days late on one of two loans."""
    chat.sign_in("two_loans")
    chat.ask_for_person("beyond_authority")
    return claim(desk, "Mei Chen")


def section(page: Page, title: str):  # type: ignore[no-untyped-def]
    return page.locator("details.file-section").filter(has=page.get_by_role("heading", name=title, exact=True))


def quote(page: Page, day: object) -> None:
    page.get_by_role("button", name="Plan desk").click()
    page.get_by_label("New due date").fill(str(day))
    page.get_by_role("button", name="Quote", exact=True).click()


def test_the_file_says_who_what_is_owed_and_why_in_one_paragraph_and_in_detail(talk: Page) -> None:
    paragraph = talk.locator(".file-summary")
    expect(paragraph).to_contain_text("Mei Chen")
    expect(paragraph).to_contain_text("is 20 days past due")
    expect(paragraph).to_contain_text("the borrower wants more than the bot may grant")
    expect(section(talk, "Who")).to_contain_text("The lender's own app or page")
    loans = section(talk, "Loans").locator(".block")
    expect(loans).to_have_count(2)
    expect(loans.first).to_contain_text("Late charges")
    expect(loans.first.locator(".badge")).to_have_text("M1")


def test_a_payment_that_another_program_writes_shows_by_itself(talk: Page, chat: Chat) -> None:
    overdue = section(talk, "Loans").locator(".block").first
    expect(overdue).to_contain_text("Overdue")
    with transaction() as session:
        loan = session.scalars(select(Loan).order_by(Loan.id)).first()
        assert loan
        session.add(
            Payment(
                loan_id=loan.id,
                reference="a payment",
                received_on=BUSINESS_DATE,
                received_at=utc_now(),
                amount_minor=70_000,
            )
        )
        loan.version += 1

    expect(section(talk, "Loans")).not_to_contain_text("Overdue")
    expect(section(talk, "Loans")).to_contain_text("CN¥700.00 · 22 Nov 2026")


def test_a_plan_within_authority_is_offered_and_its_consent_shows_live(talk: Page, chat: Chat) -> None:
    quote(talk, WITHIN)
    expect(talk.get_by_role("region", name="Plans and what they cost")).to_contain_text("Extra cost")
    talk.get_by_role("button", name="Offer in the chat").click()

    expect(chat.page.get_by_text("Lin offers you a plan for")).to_be_visible()
    expect(chat.page.get_by_role("button", name="See this plan")).to_be_visible()
    offers = talk.locator(".talk-pane").last.locator("details.file-section")
    expect(offers).to_contain_text("Offered")

    with transaction() as session:
        offered = session.scalars(select(Quote)).one()
        show_quote(session, offered.id, chat.conversation_id)
    chat.say("let me read")
    expect(offers).to_contain_text("Waits for consent")
    with transaction() as session:
        book(session, offered.id, policy=policy(), business_date=BUSINESS_DATE, now=utc_now())
    chat.say("yes")
    expect(offers).to_contain_text("Agreed")
    talk.get_by_role("button", name="File", exact=True).click()
    expect(section(talk, "Loans")).to_contain_text("Plan in force")


def test_beyond_authority_a_supervisor_approves_and_the_offer_goes_out(
    talk: Page, chat: Chat, open_as: Open, wei: Member
) -> None:
    quote(talk, BEYOND)
    expect(talk.locator(".refused")).to_contain_text("A later day than allowed")
    expect(talk.locator(".refused")).to_contain_text("Supervisor may grant it")
    talk.get_by_label("Why it should be granted").fill("The new job starts in January")
    talk.get_by_role("button", name="Ask for approval (Supervisor)").click()
    expect(talk.locator(".talk-pane").last.locator("details.file-section")).to_contain_text("Waits for a supervisor")

    boss = open_as(wei, "/approvals")
    expect(boss.locator(".panel")).to_contain_text("The new job starts in January")
    expect(boss.locator(".panel")).to_contain_text("Extra cost")
    boss.get_by_role("button", name="Approve and offer").click()

    expect(boss.get_by_text("Nothing waits for a decision")).to_be_visible()
    expect(talk.locator(".talk-pane").last.locator("details.file-section")).to_contain_text("Approved")
    expect(chat.page.get_by_role("button", name="See this plan")).to_be_visible()
    with reading() as session:
        assert session.scalars(select(Quote)).one().authority == "supervisor"


def test_a_supervisor_declines_only_with_a_reason(talk: Page, open_as: Open, wei: Member) -> None:
    quote(talk, BEYOND)
    talk.get_by_label("Why it should be granted").fill("They ask nicely")
    talk.get_by_role("button", name="Ask for approval (Supervisor)").click()
    boss = open_as(wei, "/approvals")
    boss.get_by_role("button", name="Decline").click()
    expect(boss.get_by_text("Say why this plan is declined")).to_be_visible()
    boss.get_by_label("Reason, for your colleague").fill("Thirty days must do")
    boss.get_by_role("button", name="Decline").click()

    expect(boss.get_by_text("Nothing waits for a decision")).to_be_visible()
    offers = talk.locator(".talk-pane").last.locator("details.file-section")
    expect(offers).to_contain_text("Declined")
    expect(offers).to_contain_text("Thirty days must do")


def test_a_field_that_says_nothing_is_named_and_nothing_is_quoted(talk: Page) -> None:
    talk.get_by_role("button", name="Plan desk").click()
    talk.get_by_role("button", name="Quote", exact=True).click()

    expect(talk.get_by_text("Choose the day to which the instalment moves.")).to_be_visible()


def test_nobody_is_offered_a_plan_before_they_have_signed_in(desk: Page, chat: Chat) -> None:
    chat.ask_for_person()
    talk = claim(desk)
    talk.get_by_role("button", name="Plan desk").click()

    expect(talk.locator(".desk-form").get_by_text("Nobody is signed in")).to_be_visible()
    expect(talk.get_by_role("button", name="Quote", exact=True)).to_have_count(0)


def test_care_is_flagged_with_a_reason_and_outreach_is_paused(talk: Page) -> None:
    talk.keyboard.press("v")
    dialog = talk.get_by_role("dialog")
    dialog.get_by_label("What helps them").fill("Write in short sentences")
    dialog.get_by_role("button", name="Keep this flag").click()
    expect(talk.locator(".talk-marks").get_by_text("Handle with care")).to_be_visible()
    expect(section(talk, "Handle with care")).to_contain_text("Write in short sentences")

    talk.keyboard.press("o")
    talk.get_by_role("dialog").get_by_role("button", name="Pause: Hardship").click()
    expect(section(talk, "Handle with care")).to_contain_text("No outreach")
    with reading() as session:
        flag = session.scalars(select(VulnerabilityFlag)).one()
        assert flag.expires_at - flag.raised_at == timedelta(days=policy().support.vulnerability_days)
        assert [pause.reason for pause in pauses_of(session, flag.borrower_id)] == ["hardship"]
