"""What a borrower and a member of staff do on their pages."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from respite.clock import utc_now
from respite.identity.verification import vouched_for
from respite.policies.load import policy
from respite.store.models import Borrower, Handoff, OutboxMessage
from respite.store.session import reading, transaction
from respite.support.handoffs import request_handoff
from tests.conftest import BUSINESS_DATE
from tests.conversations.borrowers import add_borrower


@dataclass
class Chat:
    """A borrower's page, and the conversation on it."""

    page: Page
    conversation_id: str

    def say(self, text: str) -> None:
        self.page.locator("#draft").fill(text)
        self.page.locator("#draft").press("Enter")

    def ask_for_person(self, reason: str = "asked") -> None:
        """As the bot does for the borrower."""
        with transaction() as session:
            request_handoff(session, self.conversation_id, reason, utc_now())

    def sign_in(self, profile: str = "two_loans", name: str = "Mei Chen") -> int:
        """Be somebody with loans; returns the borrower's id."""
        with transaction() as session:
            borrower = add_borrower(session, profile, policy(), BUSINESS_DATE)
            borrower.name = name
            session.flush()
            vouched_for(session, self.conversation_id, borrower.id, utc_now())
            return borrower.id

    def entries(self, author: str) -> Locator:
        return self.page.locator(f".entry.{author}")


def line_of(desk: Page, name: str = "Not signed in") -> Locator:
    """A line of the queue."""
    return desk.locator(".queue tbody tr").filter(has_text=name)


def claim(desk: Page, name: str = "Not signed in") -> Page:
    """Claim a conversation by a click; the page is that of the conversation then."""
    desk.get_by_role("button", name="Everybody who waits").click()
    line_of(desk, name).get_by_role("button", name="Claim").click()
    return until_ready(desk)


def open_conversation(page: Page, conversation_id: str) -> Page:
    page.goto(f"{page.url.split('/staff')[0]}/staff/conversations/{conversation_id}")
    return until_ready(page)


def until_ready(page: Page) -> Page:
    """The thread has everything, and what is written goes out."""
    page.wait_for_url("**/conversations/*")
    expect(page.locator(".composer .hint")).to_have_text("Enter sends, Shift and Enter begin a new line")
    return page


def reply(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Reply")
    field.fill(text)
    field.press("Enter")


def items(page: Page, kind: str) -> Locator:
    """What stands in the thread by a party: borrower, bot, staff, system or note."""
    return page.locator(f".log .item.{kind}:not(.outgoing)")


def handoff_of(conversation_id: str) -> Handoff:
    with reading() as session:
        query = select(Handoff).where(Handoff.conversation_id == conversation_id).order_by(Handoff.id.desc())
        return session.scalars(query).first() or Handoff()


def messages_of(conversation_id: str, author: str) -> list[OutboxMessage]:
    with reading() as session:
        query = select(OutboxMessage).where(
            OutboxMessage.conversation_id == conversation_id, OutboxMessage.author == author
        )
        return list(session.scalars(query.order_by(OutboxMessage.id)))


def borrower_of(borrower_id: int) -> Borrower:
    with reading() as session:
        return session.get_one(Borrower, borrower_id)
