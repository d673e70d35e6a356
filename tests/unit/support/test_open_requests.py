"""All open requests at once: their order, whose they are, and what their owners have not read."""

from sqlalchemy.orm import Session, sessionmaker

from respite.policies.load import policy
from respite.store.models import AuditEntry, Conversation, OutboxMessage
from respite.store.session import reading, transaction
from respite.support.handoffs import open_handoff
from respite.support.open_requests import OpenRequest, open_requests
from respite.support.passing_on import transfer
from respite.support.staff_messages import export_thread, note_read, send
from respite.support.vulnerability import Vulnerability, raise_flag
from tests.unit.support.crew import HOUR, MINUTE, NOW, SOON, hire, taken, waiting, write


def requests(now=NOW, *only: str) -> list[OpenRequest]:  # type: ignore[no-untyped-def]
    with reading() as session:
        return list(open_requests(session, now, only or None))


def the_request(now=NOW) -> OpenRequest:  # type: ignore[no-untyped-def]
    [request] = requests(now)
    return request


def last_message(conversation_id: str) -> int:
    with reading() as session:
        rows = session.query(OutboxMessage).filter_by(conversation_id=conversation_id)
        return max(row.id for row in rows)


def test_those_due_first_stand_before_the_others(session_factory: sessionmaker[Session]) -> None:
    usual, urgent = waiting("asked"), waiting("distress")

    assert [request.conversation_id for request in requests()] == [urgent, usual]


def test_only_those_asked_about_are_read(session_factory: sessionmaker[Session]) -> None:
    _, second = waiting(), waiting()

    assert [request.conversation_id for request in requests(NOW, second)] == [second]


def test_a_request_says_who_waits_why_and_how_they_read(session_factory: sessionmaker[Session]) -> None:
    conversation_id = waiting("complaint", language="zh-Hant", profile="late")
    with transaction() as session:
        borrower_id = session.get_one(Conversation, conversation_id).borrower_id
        assert borrower_id
        raise_flag(session, borrower_id, Vulnerability.HEALTH, actor="bot", policy=policy(), now=NOW)

    request = the_request()

    assert (request.borrower, request.reads, request.language) == ("Conversation Tester", "zh-Hant", "zh")
    assert (request.reason, request.priority, request.skill) == ("complaint", "high", "complaints")
    assert request.flags == ("health",)
    assert request.is_in_line(NOW)


def test_a_call_wished_for_later_is_not_in_line_until_then(session_factory: sessionmaker[Session]) -> None:
    conversation_id = waiting()
    with transaction() as session:
        handoff = open_handoff(session, conversation_id)
        assert handoff
        handoff.callback_at = NOW + HOUR

    assert not the_request().is_in_line(NOW)
    assert the_request().is_in_line(NOW + HOUR)


def test_what_its_owner_has_not_seen_is_counted(session_factory: sessionmaker[Session]) -> None:
    lin = hire()
    conversation_id = taken(lin)
    assert not the_request().is_opened

    with transaction() as session:
        send(session, conversation_id, lin, "Hello", client_id="a", now=NOW + SOON)
        note_read(session, conversation_id, lin, last_message(conversation_id))
    write(conversation_id, "first", NOW + MINUTE)
    write(conversation_id, "second", NOW + 2 * MINUTE)

    request = the_request(NOW + HOUR)
    assert (request.is_opened, request.unread, request.unanswered_since) == (True, 2, NOW + MINUTE)
    with transaction() as session:
        note_read(session, conversation_id, lin, last_message(conversation_id))
        note_read(session, conversation_id, lin, 1)
    assert the_request(NOW + HOUR).unread == 0


def test_nobody_but_its_owner_reads_for_them(session_factory: sessionmaker[Session]) -> None:
    conversation_id = taken(hire())
    write(conversation_id, "hello", NOW + MINUTE)
    with transaction() as session:
        note_read(session, conversation_id, hire("Grace"), last_message(conversation_id))

    assert not the_request().is_opened


def test_a_conversation_that_is_passed_on_is_new_to_its_next_owner(session_factory: sessionmaker[Session]) -> None:
    lin, grace = hire(), hire("Grace")
    conversation_id = taken(lin)
    write(conversation_id, "hello", NOW + MINUTE)
    with transaction() as session:
        note_read(session, conversation_id, lin, last_message(conversation_id))
        transfer(session, conversation_id, lin, grace.id, "", NOW + SOON)

    request = the_request()
    assert (request.staff_id, request.is_opened) == (grace.id, False)


def test_a_thread_that_is_taken_out_leaves_an_entry(session_factory: sessionmaker[Session]) -> None:
    lin = hire()
    conversation_id = taken(lin)
    with transaction() as session:
        said = export_thread(session, conversation_id, lin, NOW)
        entry = session.query(AuditEntry).filter_by(action="transcript_exported").one()

    assert [each.author for each in said] == ["system"]
    assert (entry.actor, entry.subject) == (f"staff:{lin.id}", f"conversation:{conversation_id}")
