"""Files on Telegram, in and out: what a borrower sends, and the confirmation of their plan."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.telegram import reading
from respite.clock import Clock
from respite.plans.confirmation import confirmation
from respite.policies.load import policy
from respite.store.models import Attachment, AuditEntry, Conversation, Loan, Plan
from respite.store.session import transaction
from respite.support.attachments import LARGEST_FILE, keep
from respite.support.messages import Message
from respite.support.outbox import add_from_staff
from tests.channels.servers import StandInRasa
from tests.channels.telegram.conftest import Running
from tests.channels.telegram.look_alike import BROKEN, refused, shown
from tests.channels.telegram.people import Person
from tests.databases import ON_SQLITE
from tests.unit.plans import desk
from tests.web import samples

pytestmark = ON_SQLITE

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb004300") + b"\1" * 64 + bytes.fromhex("ffd9")


def document(name: str, content: bytes, telegram: Running, size: int | None = None) -> dict[str, Any]:
    """A document that waits at Telegram to be fetched."""
    file_id = f"file-{name}"
    telegram.api.files[file_id] = content
    announced = {"file_id": file_id, "file_unique_id": file_id, "file_name": name}
    return {"document": announced | {"file_size": len(content) if size is None else size}}


def photo(content: bytes, telegram: Running) -> dict[str, Any]:
    telegram.api.files |= {"small": b"no", "large": content}
    sizes = [("small", 90), ("large", 1280)]
    return {
        "photo": [
            {"file_id": name, "file_unique_id": name, "width": width, "height": width, "file_size": len(content)}
            for name, width in sizes
        ]
    }


def kept(telegram: Running) -> list[tuple[str, bytes]]:
    with telegram.session_factory() as session:
        return [(file.name, file.content) for file in session.scalars(select(Attachment))]


@pytest.fixture
async def signed_in(telegram: Running, ann: Person, mei: int, clock: Clock) -> Person:
    """Ann, who has signed in."""
    await telegram.take(ann.says("/start"))
    telegram.sign_in(ann, mei, clock)
    return ann


async def test_photos_and_documents_are_kept_for_staff(telegram: Running, signed_in: Person) -> None:
    await telegram.take(
        signed_in.sends(**document("hospital.pdf", PDF, telegram)),
        signed_in.sends(**photo(JPEG, telegram), caption="This is the letter"),
    )
    replies = await telegram.replies(signed_in, 3)
    assert "hospital.pdf" in replies[1]
    assert kept(telegram) == [("hospital.pdf", PDF), ("photo.jpg", JPEG)]
    assert telegram.inbox(signed_in)[-1].content == "This is the letter"


async def test_the_same_file_told_twice_is_kept_once(telegram: Running, signed_in: Person) -> None:
    sent = signed_in.sends(**document("hospital.pdf", PDF, telegram))
    await telegram.take(sent, sent)
    assert len(kept(telegram)) == 1


async def test_a_file_that_says_it_is_too_large_is_not_fetched(telegram: Running, signed_in: Person) -> None:
    await telegram.take(signed_in.sends(**document("film.pdf", PDF, telegram, size=LARGEST_FILE + 1)))
    assert "larger than 10 MB" in (await telegram.replies(signed_in, 2))[1]
    assert telegram.api.downloads == []


async def test_a_file_of_another_kind_is_refused_whatever_its_name(telegram: Running, signed_in: Person) -> None:
    await telegram.take(signed_in.sends(**document("letter.pdf", b"MZ\x90\0 a program", telegram)))
    assert "photos (JPEG, PNG, WebP) and PDF" in (await telegram.replies(signed_in, 2))[1]
    assert kept(telegram) == []


async def test_what_a_stranger_sends_is_not_even_fetched(telegram: Running, ann: Person) -> None:
    await telegram.take(ann.sends(**document("hospital.pdf", PDF, telegram)))
    assert "Please sign in first" in (await telegram.replies(ann, 1))[0]
    assert telegram.api.downloads == []


async def test_a_file_is_fetched_again_when_telegram_fails_and_else_asked_for_again(
    telegram: Running, signed_in: Person
) -> None:
    telegram.api.fail("getFile", BROKEN)
    await telegram.take(signed_in.sends(**document("one.pdf", PDF, telegram)))
    assert len(kept(telegram)) == 1
    telegram.api.fail("getFile", refused("Bad Request: wrong file_id"))
    await telegram.take(signed_in.sends(**document("two.pdf", PDF, telegram)))
    assert (await telegram.replies(signed_in, 3))[2] == reading.FILE_NOT_HAD


async def test_a_file_from_staff_arrives_with_its_name(telegram: Running, signed_in: Person, clock: Clock) -> None:
    with telegram.session_factory.begin() as session:
        conversation = session.get_one(Conversation, telegram.conversation(signed_in).id)
        file = keep(session, conversation.id, "form.pdf", PDF, clock.now())
        add_from_staff(session, conversation, "staff:7", Message(text="Please sign.", files=(file,)), clock.now())
    (sent,) = await telegram.api.until(lambda: telegram.api.called("sendDocument"))
    assert sent.files["document"] == ("form.pdf", PDF)


@pytest.fixture
async def booked(telegram: Running, ann: Person, clock: Clock) -> Plan:
    """Ann's plan, booked while she is signed in."""
    reference = desk.consent(desk.quote_restructuring(desk.lend("late"))).plan.reference
    with transaction() as session:
        plan = session.scalars(select(Plan).where(Plan.reference == reference)).one()
        borrower_id = plan.loan.borrower_id
    await telegram.take(ann.says("/start"))
    telegram.sign_in(ann, borrower_id, clock)
    return plan


def confirmation_of(plan: Plan) -> bytes:
    with transaction() as session:
        return confirmation(session.get_one(Plan, plan.id), policy=policy(), language="en")


async def test_a_booked_plan_comes_with_its_confirmation(
    telegram: Running, rasa: StandInRasa, ann: Person, booked: Plan
) -> None:
    card = samples.review(state="booked").model_copy(update={"reference": booked.reference})
    rasa.answer = lambda told: [{"text": "Done.", "custom": {"card": card.model_dump(mode="json")}}]
    await telegram.take(ann.says("Yes"))
    (sent,) = await telegram.api.until(lambda: telegram.api.called("sendDocument"))
    assert sent.files["document"] == (f"{booked.reference}.pdf", confirmation_of(booked))
    with transaction() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "confirmation_issued")).one()
        assert entry.actor == f"borrower:{session.get_one(Loan, booked.loan_id).borrower_id}"


async def test_the_confirmation_comes_again_when_it_is_asked_for(telegram: Running, ann: Person, booked: Plan) -> None:
    await telegram.take(ann.says("/confirmation"))
    assert booked.reference in shown((await telegram.replies(ann, 2))[1])
    (sent,) = await telegram.api.until(lambda: telegram.api.called("sendDocument"))
    assert sent.files["document"][1] == confirmation_of(booked)


async def test_nobody_else_gets_a_confirmation(
    telegram: Running, ann: Person, bo: Person, booked: Plan, mei: int, clock: Clock
) -> None:
    stranger = Person(93)
    await telegram.take(bo.says("/start"), stranger.says("/confirmation"))
    telegram.sign_in(bo, mei, clock)
    await telegram.take(bo.says("/confirmation"))
    assert "Please sign in first" in (await telegram.replies(stranger, 1))[0]
    assert "您还没有办理方案" in (await telegram.replies(bo, 2))[1]
    assert telegram.api.called("sendDocument") == []


async def test_a_plan_of_a_policy_that_was_never_kept_leads_to_a_person(
    telegram: Running, ann: Person, booked: Plan
) -> None:
    with transaction() as session:
        session.get_one(Plan, booked.id).policy_version = "cn-2019"
    await telegram.take(ann.says("/confirmation"))
    assert policy().lender.support_phone in (await telegram.replies(ann, 3))[2]
