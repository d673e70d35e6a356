"""Documents on the web: for the chat of the borrower whose they are, and for nobody else."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event, select

from bot.channels.webchat import CHANNEL, chat_key, new_token
from bot.web import documents
from bot.web.access import COOKIE
from bot.web.app import create_app
from bot.web.rendering import render_message
from respite.clock import utc_now
from respite.identity.passes import TICKET_LIFE, chat_pass, ticket
from respite.plans.confirmation import confirmation
from respite.policies.load import policy
from respite.settings import Settings
from respite.store.models import AuditEntry, Conversation, Plan
from respite.store.session import store, transaction
from tests.databases import ON_SQLITE
from tests.unit.plans import desk
from tests.web import samples

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("store_url")]


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(Settings(demo=True, home=tmp_path)))
    async with httpx.AsyncClient(transport=transport, base_url="http://lender.test") as client:
        yield client


@pytest.fixture
def reference() -> str:
    """A booked plan."""
    return desk.consent(desk.quote_restructuring(desk.lend("late"))).plan.reference


def sign_in(reference: str | None, language: str = "en", channel: str = CHANNEL) -> dict[str, str]:
    """The cookie of a new chat in which the borrower of that plan was verified; of a stranger's when there is none."""
    token = new_token()
    with transaction() as session:
        plan = session.scalars(select(Plan).where(Plan.reference == reference)).one_or_none()
        borrower_id = plan.loan.borrower_id if plan else None
        session.add(
            Conversation(
                channel=channel,
                chat_key=chat_key(token),
                language=language,
                borrower_id=borrower_id,
                verified_at=utc_now() if borrower_id else None,
                created_at=desk.NOW,
            )
        )
    return {"Cookie": f"{COOKIE}={token}"}


def path(reference: str) -> str:
    return f"/plans/{reference}/confirmation.pdf"


def issued() -> list[AuditEntry]:
    with transaction() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "confirmation_issued")))


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_borrowers_get_the_confirmation_of_their_own_plan(
    web: httpx.AsyncClient, reference: str, language: str
) -> None:
    answer = await web.get(path(reference), headers=sign_in(reference, language))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="{reference}.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    with transaction() as session:
        plan = session.scalars(select(Plan).where(Plan.reference == reference)).one()
        assert answer.content == confirmation(plan, policy=policy(), language=language)


async def test_each_download_leaves_an_audit_entry(web: httpx.AsyncClient, reference: str) -> None:
    chat = sign_in(reference)
    for _ in range(2):
        await web.get(path(reference), headers=chat)
    with transaction() as session:
        plan = session.scalars(select(Plan).where(Plan.reference == reference)).one()
        borrower_id = plan.loan.borrower_id
    entries = issued()
    assert [entry.actor for entry in entries] == [f"borrower:{borrower_id}"] * 2
    assert {entry.subject for entry in entries} == {f"plan:{reference}"}


async def test_nobody_else_learns_whether_a_plan_exists(web: httpx.AsyncClient, reference: str) -> None:
    another = desk.consent(desk.quote_deferral(desk.lend("late"))).plan.reference
    visitors = {
        "no cookie": {},
        "a cookie that names no chat": {"Cookie": f"{COOKIE}={new_token()}"},
        "a stranger": sign_in(None),
        "another borrower": sign_in(another),
        "a chat of another channel": sign_in(reference, channel="telegram"),
    }
    for who, cookie in visitors.items():
        answers = []
        for asked in (reference, "P-222222"):
            with counted_statements() as statements:
                answer = await web.get(path(asked), headers=cookie)
            answers.append((answer.status_code, answer.content, sorted(answer.headers.items()), len(statements)))
        assert answers[0][:2] == (404, f'{{"detail":"{documents.NOT_FOUND}"}}'.encode()), who
        assert answers[0] == answers[1], who
    assert issued() == []


async def test_a_plan_of_a_policy_that_was_never_kept_leads_to_a_person(web: httpx.AsyncClient, reference: str) -> None:
    with transaction() as session:
        session.scalars(select(Plan).where(Plan.reference == reference)).one().policy_version = "cn-2019"
    answer = await web.get(path(reference), headers=sign_in(reference))
    assert answer.status_code == 409
    assert policy().lender.support_phone in answer.text
    assert issued() == []


async def test_whoever_opens_what_is_refused_reads_why_on_a_page_in_the_language_of_the_chat(
    web: httpx.AsyncClient, reference: str
) -> None:
    with transaction() as session:
        session.scalars(select(Plan).where(Plan.reference == reference)).one().policy_version = "cn-2019"
    answer = await web.get(path(reference), headers={"Accept": "text/html", **sign_in(reference, "zh-Hans")})
    assert (answer.status_code, answer.headers["cache-control"]) == (409, "no-store")
    assert '<html lang="zh-Hans">' in answer.text
    assert "方案条款有变" in answer.text
    assert policy().lender.support_phone in answer.text
    assert 'href="/"' in answer.text


async def test_a_frame_fetches_it_with_a_ticket_once(web: httpx.AsyncClient, reference: str) -> None:
    chat = conversation_of(sign_in(reference))
    one = ticket(chat, path(reference), utc_now())
    assert (await web.get(path(reference), params={"ticket": one})).status_code == 200
    assert (await web.get(path(reference), params={"ticket": one})).status_code == 404


@pytest.mark.parametrize("trouble", ["of another document", "too old", "a chat pass"])
async def test_a_ticket_that_is_not_for_this_now_fetches_nothing(
    web: httpx.AsyncClient, reference: str, trouble: str
) -> None:
    chat, now = conversation_of(sign_in(reference)), utc_now()
    tickets = {
        "of another document": ticket(chat, path("P-222222"), now),
        "too old": ticket(chat, path(reference), now - TICKET_LIFE),
        "a chat pass": chat_pass(chat, now),
    }
    answer = await web.get(path(reference), params={"ticket": tickets[trouble]})
    assert (answer.status_code, answer.json()) == (404, {"detail": documents.NOT_FOUND})


def conversation_of(cookie: dict[str, str]) -> str:
    key = chat_key(cookie["Cookie"].partition("=")[2])
    with transaction() as session:
        return session.scalars(select(Conversation.id).where(Conversation.chat_key == key)).one()


def test_a_booked_plan_on_the_page_leads_to_its_confirmation() -> None:
    booked = render_message(samples.entry(1, "Done.", card=samples.review(state="booked")), "en")
    assert f'href="{path(samples.review(state="booked").reference)}"' in booked
    assert "confirmation.pdf" not in render_message(samples.entry(1, "Agreed?", card=samples.review()), "en")


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = store().kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)
