"""Pages of the console without a browser: what they say to whom, and in every state."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from bot.web.app import create_app
from bot.web.staff import figures, texts
from bot.web.staff.mounting import mount
from bot.web.staff.pages import approvals, cases
from bot.web.staff.pages.conversation import handing_on, live
from bot.web.staff.pages.conversation.file import panel
from bot.web.staff.pages.queue.board import board
from bot.web.staff.refusals import in_words
from bot.web.staff.visits import Visit
from respite.clock import utc_now
from respite.loan_books import LoanBookUnreachableError
from respite.policies.authority import PlanKind
from respite.policies.load import policy
from respite.settings import Settings
from respite.staff import accounts
from respite.staff.accounts import Profile
from respite.staff.roles import StaffRole
from respite.store.models import AuditEntry, InboxMessage, OutboxMessage, PlanApproval, StaffMember, StaffSession
from respite.store.session import reading, transaction
from respite.support.borrower_file import begin_to_read
from respite.support.cases import open_case
from respite.support.conversations import locked_conversation, open_conversation
from respite.support.outbox import add_line
from respite.support.plan_requests import PlanRequest
from respite.support.refusing import RefusedError
from respite.support.takeover import begin
from tests.web.staff.conftest import Member, forget_what_nicegui_knows

HOST = "http://console.example"
SignIn = Callable[[Member], Awaitable[User]]


class Patient(User):
    """Looks again for seconds, as long as a busy machine may take."""

    async def should_see(self, target: Any = None, *, retries: int = 100, **found: Any) -> None:
        await super().should_see(target, retries=retries, **found)

    async def should_not_see(self, target: Any = None, *, retries: int = 200, **found: Any) -> None:
        await super().should_not_see(target, retries=retries, **found)


@pytest.fixture
async def sign_in(session_factory: sessionmaker[Session], tmp_path: Path) -> AsyncIterator[SignIn]:
    """Signs a member in and returns what they see."""
    forget_what_nicegui_knows()
    web = create_app(Settings(home=tmp_path, demo=True))
    mount(web)
    clients: list[httpx.AsyncClient] = []

    async def do(member: Member) -> User:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url=HOST, headers={"Origin": HOST})
        clients.append(client)
        form = {"login": member.login, "password": "a pine on the north slope", "code": member.code()}
        assert (await client.post("/staff/sign-in", data=form)).status_code == 303
        return Patient(client)

    async with web.router.lifespan_context(web):
        yield do
        for client in clients:
            await client.aclose()


def press(user: User, words: str) -> None:
    """Press the button on which some words stand."""
    on_it = {element.parent_slot.parent for element in user.find(words).elements if element.parent_slot}
    UserInteraction(user, on_it, None).trigger("click")


async def test_a_member_sees_who_they_are_here(sign_in: SignIn, lin: Member) -> None:
    user = await sign_in(lin)
    await user.open("/staff/account")

    for words in ("lin", "Agent", "Lin", "English, Chinese", "This browser", "0 of 10 recovery codes left"):
        await user.should_see(words)


async def test_a_member_of_a_provider_has_no_password_to_change(sign_in: SignIn, lin: Member) -> None:
    user = await sign_in(lin)
    with transaction() as session:
        session.get_one(StaffMember, lin.id).oidc_subject = "248"
    await user.open("/staff/account")

    await user.should_see("You sign in with your work account.")
    await user.should_not_see("Change password")


async def test_an_agent_is_told_that_a_page_is_not_for_their_role(sign_in: SignIn, lin: Member) -> None:
    user = await sign_in(lin)
    answer = await user.http_client.get("/staff/accounts")

    assert answer.status_code == 403
    assert "This page is not for your role" in answer.text
    assert 'href="/staff/accounts"' not in answer.text.replace("\\", "")


async def test_the_pages_speak_the_members_language(sign_in: SignIn, lin: Member) -> None:
    user = await sign_in(lin)
    with transaction() as session:
        session.get_one(StaffMember, lin.id).interface_language = "zh-Hans"
    await user.open("/staff/account")

    await user.should_see("我的账号")
    await user.should_see("英文、中文")


async def test_an_admin_sees_every_account_and_where_it_stands(sign_in: SignIn, ada: Member, lin: Member) -> None:
    with transaction() as session:
        accounts.add(session, "noor", Profile("Noor", StaffRole.AGENT), "system", utc_now())
        accounts.deactivate(session, session.get_one(StaffMember, lin.id), f"staff:{ada.id}", utc_now())
    user = await sign_in(ada)
    await user.open("/staff/accounts")

    for words in ("Ada", "Lin", "Noor", "Active", "Deactivated", "Invitation expired"):
        await user.should_see(words)


async def test_an_admin_changes_a_role_and_the_list_shows_it(sign_in: SignIn, ada: Member, lin: Member) -> None:
    user = await sign_in(ada)
    await user.open("/staff/accounts")
    with transaction() as session:
        member = session.get_one(StaffMember, lin.id)
        accounts.change_role(session, member, StaffRole.SUPERVISOR, f"staff:{ada.id}", utc_now())
    await user.open("/staff/accounts")

    await user.should_see("Supervisor")
    with reading() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "staff_changed")).one()


async def test_a_list_that_could_not_be_read_once_goes_on(
    sign_in: SignIn, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await sign_in(lin)
    await user.open("/staff/cases")
    await user.should_see("No dispute or complaint is open")
    failed = asyncio.Event()

    def fail(*_: object) -> None:
        failed.set()
        raise ConnectionError

    with monkeypatch.context() as away:
        away.setattr(cases, "open_cases", fail)
        board().tell()
        async with asyncio.timeout(5):
            await failed.wait()
    with transaction() as session:
        chat = open_conversation(session, "web", "a chat", "en", utc_now())
        open_case(session, chat.id, "dispute", "I paid on the 3rd.", utc_now())
    board().tell()

    await user.should_see("I paid on the 3rd.")


async def test_a_page_that_looks_again_by_itself_keeps_nobody_signed_in(
    sign_in: SignIn, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = asyncio.Queue[None]()

    def look(*arguments: Any) -> bool:
        looks.put_nowait(None)
        return begin_to_read(*arguments)

    monkeypatch.setattr(panel, "begin_to_read", look)
    monkeypatch.setattr(live, "SECONDS_BETWEEN_LOOKS", 0.05)
    with transaction() as session:
        chat = open_conversation(session, "web", "a chat", "en", utc_now())
    user = await sign_in(lin)
    await user.open(f"/staff/conversations/{chat.id}")
    before = utc_now() - timedelta(minutes=5)
    with transaction() as session:
        session.execute(update(StaffSession).values(last_seen_at=before))
    async with asyncio.timeout(10):
        for _ in range(3):
            await looks.get()

    with reading() as session:
        assert session.scalars(select(StaffSession.last_seen_at)).one() == before


def ask_for_approval(by: Member, key: str = "a chat", reason: str = "They start a new job.") -> None:
    plan = PlanRequest("L-100001", PlanKind.DEFERRAL, until=date(2027, 3, 1))
    with transaction() as session:
        chat = open_conversation(session, "web", key, "en", utc_now())
        session.add(
            PlanApproval(
                conversation_id=chat.id,
                plan=plan.as_json(),
                needs="supervisor",
                state="requested",
                requested_by=by.id,
                requested_at=utc_now(),
                request_reason=reason,
            )
        )


async def test_a_reason_that_is_being_written_stays_while_the_queue_moves(
    sign_in: SignIn, lin: Member, wei: Member
) -> None:
    ask_for_approval(lin)
    user = await sign_in(wei)
    await user.open("/staff/approvals")
    await user.should_see("Nobody is signed in to this chat.")
    user.find(kind=ui.textarea).type("Wait until they have")
    ask_for_approval(lin, "another", "They move house.")
    board().tell()
    await user.should_see("They move house.")

    assert {why.value for why in user.find(kind=ui.textarea).elements} == {"Wait until they have", ""}


async def test_a_request_says_where_the_book_of_record_does_not_answer(
    sign_in: SignIn, lin: Member, wei: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_away(*_: object) -> None:
        raise LoanBookUnreachableError

    monkeypatch.setattr(approvals, "account_for", be_away)
    ask_for_approval(lin)
    user = await sign_in(wei)
    await user.open("/staff/approvals")

    await user.should_see("The book of record does not answer now.")
    await user.should_not_see("Approve and offer")


async def test_with_nobody_else_there_a_conversation_cannot_be_passed_on(
    sign_in: SignIn, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    support = policy().support.model_copy(update={"skills": ()})
    monkeypatch.setattr(handing_on, "policy", lambda: policy().model_copy(update={"support": support}))
    with transaction() as session:
        chat = open_conversation(session, "web", "a chat", "en", utc_now())
        begin(session, chat.id, session.get_one(StaffMember, lin.id), policy(), utc_now())
    user = await sign_in(lin)
    await user.open(f"/staff/conversations/{chat.id}")
    press(user, "Pass on")

    await user.should_see("Nobody else is at work just now.")


async def test_a_transcript_says_in_the_members_language_what_became_of_a_message(sign_in: SignIn, lin: Member) -> None:
    with transaction() as session:
        session.get_one(StaffMember, lin.id).interface_language = "zh-Hans"
        chat = open_conversation(session, "web", "a chat", "en", utc_now())
        add_line(session, chat, "Lin has joined.", utc_now()).state = "failed"
    user = await sign_in(lin)
    answer = await user.http_client.get(f"/staff/conversations/{chat.id}/transcript")

    assert answer.text.splitlines()[0].endswith("系统 [未发出]:")


def test_a_refusal_names_names_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = Visit("", 1, "Lin", StaffRole.AGENT, "zh-Hans", "auto")
    monkeypatch.setattr(texts, "visit", lambda: chinese)

    assert "50% 折" in in_words(RefusedError("%(name)s has this conversation already.", name="50% 折"))
    assert in_words(RefusedError("This request is %(state)s already.", state="approved")) == "该申请状态为：已批准。"
    assert "Project-Id" not in in_words(RefusedError("%(name)s has this conversation already.", name=""))


async def test_reports_of_days_without_anything_say_so(sign_in: SignIn, wei: Member) -> None:
    user = await sign_in(wei)
    await user.open("/staff/reports")
    await user.should_see("Nothing to count")
    await user.open("/staff/reports?side=loans")

    await user.should_see("Nothing to count")


@pytest.mark.parametrize(
    "days", ["first=2026-11-02&last=2026-11-01", "first=tomorrow", "last=2999-01-01", "first=0024-11-01"]
)
async def test_days_that_make_no_period_are_refused_in_words(sign_in: SignIn, wei: Member, days: str) -> None:
    user = await sign_in(wei)
    await user.open(f"/staff/reports?{days}")

    await user.should_see("These days make no period")


async def test_a_part_that_cannot_be_loaded_says_so_and_offers_another_try(
    sign_in: SignIn, wei: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    user = await sign_in(wei)
    with monkeypatch.context() as away:
        away.setattr(figures, "containment", fail)
        await user.open("/staff/reports")
        await user.should_see("This could not be loaded")

    press(user, "Try again")
    await user.should_not_see("This could not be loaded")


async def test_a_panel_gives_its_figures_as_a_file(sign_in: SignIn, wei: Member) -> None:
    user = await sign_in(wei)
    await user.open("/staff/reports?first=2026-11-01&last=2026-11-02")
    await user.should_see("Why a person came in")
    user.find(kind=ui.element, marker="containment").click()

    answer = await user.download.next(timeout=10)
    assert answer.text.splitlines() == [
        "on,contacts,solved_by_bot,share",
        "2026-11-01,0,0,",
        "2026-11-02,0,0,",
        "total,0,0,",
    ]
    with reading() as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "report_exported"))
    assert entry.actor == f"staff:{wei.id}"
    assert (entry.subject, entry.details) == ("report:containment", {"first": "2026-11-01", "last": "2026-11-02"})


async def test_a_supervisor_has_an_unanswered_message_answered(sign_in: SignIn, wei: Member) -> None:
    with transaction() as session:
        chat = open_conversation(session, "web", "a chat", "en", utc_now())
        lost = InboxMessage(
            conversation_id=chat.id, channel="web", external_id="1", received_at=utc_now(), state="dead"
        )
        lost.content, lost.error = "Hello?", "RasaSilentError"
        session.add(lost)
    user = await sign_in(wei)
    await user.open("/staff/deliveries")
    await user.should_see("Not answered")
    press(user, "Answer now")

    await user.should_see("Nothing is left to settle")
    with reading() as session:
        assert session.scalars(select(InboxMessage.state)).one() == "pending"
        assert session.scalars(select(AuditEntry.actor).where(AuditEntry.action == "answer_repeated")).one() == (
            f"staff:{wei.id}"
        )


@pytest.mark.parametrize(
    ("said", "state"), [("It arrived", "sent"), ("Send again", "pending"), ("Seen to", "dismissed")]
)
async def test_a_supervisor_settles_what_nobody_knows_of(sign_in: SignIn, wei: Member, said: str, state: str) -> None:
    with transaction() as session:
        chat = locked_conversation(session, open_conversation(session, "telegram", "7", "en", utc_now()).id)
        message = add_line(session, chat, "Your plan is booked.", utc_now())
        message.state, message.error = "unknown", "TimedOut"
    user = await sign_in(wei)
    await user.open("/staff/deliveries")
    await user.should_see("Nobody knows whether it arrived")
    press(user, said)

    await user.should_see("Nothing is left to settle")
    with reading() as session:
        assert session.scalars(select(OutboxMessage.state)).one() == state
