"""Disputes and complaints: a number, a state, a deadline, and no outreach until they are closed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from respite.policies.load import load_policy, policy
from respite.store.models import AuditEntry, OutreachPause, StaffMember, SupportCase
from respite.store.session import transaction
from respite.support.cases import (
    CaseRefusedError,
    answer_case,
    close_case,
    look_at,
    open_case,
    open_cases,
    take_up,
)
from respite.support.conversations import locked_conversation
from respite.support.outbox import add_line
from tests.unit.support import crew
from tests.unit.support.crew import DAY, NOW

pytestmark = pytest.mark.usefixtures("store_url")

WORDS = "I paid this on Monday."


@pytest.fixture
def lin() -> StaffMember:
    return crew.hire()


def raised(kind: str = "dispute", conversation_id: str | None = None, **talk: str) -> str:
    """The reference of a new case."""
    conversation_id = conversation_id or crew.chat(**talk)
    with transaction() as session:
        return open_case(session, conversation_id, kind, WORDS, NOW).reference


def find(reference: str) -> SupportCase:
    with transaction() as session:
        return session.scalars(select(SupportCase).where(SupportCase.reference == reference)).one()


def go_through(reference: str, by: StaffMember, *steps: str) -> None:
    for step in steps:
        with transaction() as session:
            match step:
                case "take_up":
                    take_up(session, reference, by, NOW)
                case "answer":
                    answer_case(session, reference, by, "We found the payment.", NOW)
                case "close":
                    close_case(session, reference, by, NOW)


@contextmanager
def statements_of(session: Session) -> Iterator[list[str]]:
    """What is asked of the store meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(session.connection(), "before_cursor_execute", note)
    yield statements


def pauses() -> list[str]:
    with transaction() as session:
        return sorted(session.scalars(select(OutreachPause.reason)))


@pytest.mark.parametrize("kind", ["dispute", "complaint"])
def test_a_case_keeps_the_borrowers_own_words_and_has_a_deadline(kind: str) -> None:
    case = find(raised(kind))
    assert case.reference.startswith("C-")
    assert (case.kind, case.statement, case.state) == (kind, WORDS, "open")
    assert case.answer_by == NOW + timedelta(days=getattr(policy().support.answer_days, kind))
    with transaction() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"case:{case.reference}")).one()
    assert entry.action == f"{kind}_opened"
    assert "Monday" not in str(entry.details)


def test_the_deadline_is_the_policys() -> None:
    conversation_id = crew.chat()
    with transaction() as session:
        case = open_case(session, conversation_id, "complaint", WORDS, NOW, policy=load_policy("uk"))
    assert case.answer_by == NOW + 56 * DAY


def test_it_goes_from_open_to_closed(lin: StaffMember) -> None:
    reference = raised()
    for step, state in (("take_up", "in_progress"), ("answer", "answered"), ("close", "closed")):
        go_through(reference, lin, step)
        assert find(reference).state == state
    assert crew.trail("case_taken_up", "case_answered", "case_closed") == [
        *("case_taken_up", "case_answered", "case_closed")
    ]


def test_whoever_reads_it_is_in_the_audit_trail(lin: StaffMember) -> None:
    reference = raised()
    with transaction() as session:
        assert look_at(session, reference, lin, NOW).statement == WORDS
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "case_viewed")).one()
    assert (entry.actor, entry.subject) == (f"staff:{lin.id}", f"case:{reference}")


def test_the_borrower_reads_the_answer_in_the_chat(lin: StaffMember) -> None:
    conversation_id = crew.chat()
    reference = raised(conversation_id=conversation_id)
    go_through(reference, lin, "answer")
    assert crew.said(conversation_id) == [f"An answer to your dispute {reference}, from Lin:\nWe found the payment."]


def test_the_answer_stands_behind_what_is_being_written(lin: StaffMember) -> None:
    conversation_id = crew.chat()
    reference = raised(conversation_id=conversation_id)
    with ThreadPoolExecutor(1) as threads:
        with transaction() as session:
            conversation = locked_conversation(session, conversation_id)
            answering = threads.submit(go_through, reference, lin, "answer")
            with pytest.raises(TimeoutError):
                answering.result(timeout=0.3)
            add_line(session, conversation, "Grace has joined.", NOW)
        answering.result()
    assert [line.split()[0] for line in crew.said(conversation_id)] == ["Grace", "An"]


@pytest.mark.parametrize(
    ("before", "step"),
    [
        ([], "close"),
        (["take_up"], "close"),
        (["answer"], "answer"),
        (["answer", "close"], "answer"),
        (["answer", "close"], "take_up"),
        (["answer", "close"], "close"),
    ],
)
def test_no_step_is_left_out_or_done_twice(lin: StaffMember, before: list[str], step: str) -> None:
    reference = raised()
    go_through(reference, lin, *before)
    state = find(reference).state
    with pytest.raises(CaseRefusedError, match=f"is {state.replace('_', ' ')}"):
        go_through(reference, lin, step)
    assert find(reference).state == state


def test_an_answer_that_does_not_help_is_taken_up_again(lin: StaffMember) -> None:
    reference = raised()
    go_through(reference, lin, "answer", "take_up", "answer", "close")
    assert find(reference).state == "closed"


def test_of_several_who_take_it_up_at_once_one_has_it() -> None:
    reference, staff = raised(), [crew.hire(f"Agent {number}") for number in range(6)]
    with ThreadPoolExecutor(6) as threads:
        outcomes = [threads.submit(go_through, reference, member, "take_up").exception() for member in staff]
    assert sum(outcome is None for outcome in outcomes) == 1


def test_outreach_pauses_until_it_is_closed(lin: StaffMember) -> None:
    reference = raised(profile="late")
    assert pauses() == ["dispute"]
    go_through(reference, lin, "take_up", "answer")
    assert pauses() == ["dispute"]
    go_through(reference, lin, "close")
    assert pauses() == []
    assert crew.trail("outreach_paused", "outreach_resumed") == ["outreach_paused", "outreach_resumed"]


def test_another_open_one_of_its_kind_keeps_the_pause(lin: StaffMember) -> None:
    conversation_id = crew.chat(profile="late")
    first, second, complaint = (raised(kind, conversation_id) for kind in ("dispute", "dispute", "complaint"))
    go_through(first, lin, "answer", "close")
    assert pauses() == ["complaint", "dispute"]
    go_through(second, lin, "answer", "close")
    assert pauses() == ["complaint"]
    go_through(complaint, lin, "answer", "close")
    assert pauses() == []


def test_the_last_two_closed_at_once_end_the_pause() -> None:
    for _ in range(4):
        conversation_id = crew.chat(profile="late")
        both = [raised("dispute", conversation_id) for _ in range(2)]
        lin = crew.hire()
        for reference in both:
            go_through(reference, lin, "answer")
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda reference, by=lin: go_through(reference, by, "close"), both))
        assert pauses() == []


def test_one_raised_while_the_last_is_closed_keeps_the_pause() -> None:
    for number in range(1, 5):
        conversation_id, lin = crew.chat(profile="late"), crew.hire()
        last = raised("dispute", conversation_id)
        go_through(last, lin, "answer")
        with ThreadPoolExecutor(2) as threads:
            threads.submit(go_through, last, lin, "close")
            threads.submit(raised, "dispute", conversation_id)
        assert pauses() == ["dispute"] * number


def test_a_stranger_has_no_outreach_to_pause() -> None:
    raised()
    assert pauses() == []


def test_those_to_be_answered_first_are_listed_first(lin: StaffMember) -> None:
    dispute, complaint, closed = raised("dispute"), raised("complaint"), raised("complaint")
    go_through(closed, lin, "answer", "close")
    with transaction() as session:
        listed = [case.reference for case in open_cases(session)]
    assert listed == sorted([dispute, complaint], key=lambda reference: (find(reference).answer_by, find(reference).id))


def test_however_many_there_are_the_list_is_one_look_into_the_store() -> None:
    for _ in range(3):
        raised(profile="late")
    with transaction() as session, statements_of(session) as statements:
        assert {case.conversation.borrower.name for case in open_cases(session) if case.conversation.borrower}
    assert len(statements) == 1


def test_there_is_no_case_under_an_unknown_number(lin: StaffMember) -> None:
    with pytest.raises(CaseRefusedError, match="no case C-222222"):
        go_through("C-222222", lin, "take_up")
