"""Asking for a person: once a conversation, more urgent with every reason, and no longer when the borrower says so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from respite.policies.load import policy
from respite.policies.support import Reason
from respite.store.models import Handoff
from respite.store.session import transaction
from respite.support.handoffs import cancel_handoff
from tests.unit.support import crew
from tests.unit.support.crew import HOUR, MINUTE, NOW, ask

pytestmark = pytest.mark.usefixtures("store_url")

NIGHT = datetime(2026, 11, 23, 15, tzinfo=UTC)
"""Eleven in the evening in Shanghai, when the desk is closed."""


def cancel(conversation_id: str) -> Handoff | None:
    with transaction() as session:
        return cancel_handoff(session, conversation_id, NOW)


def test_a_request_waits_under_a_reference() -> None:
    handoff = ask(crew.chat())
    assert handoff.reference.startswith("H-")
    assert (handoff.state, handoff.reason, handoff.requested_at) == ("waiting", "asked", NOW)
    assert crew.trail("handoff_requested") == ["handoff_requested"]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_urgency_its_deadline_and_its_skill(reason: Reason) -> None:
    handoff, level = ask(crew.chat(), reason), policy().support.service[reason]
    assert (handoff.priority, handoff.skill) == (level.priority, level.skill)
    assert handoff.due_at == NOW + level.answer_minutes * MINUTE


@pytest.mark.parametrize(("language", "written"), [("en", "en"), ("zh-Hans", "zh"), ("zh-Hant", "zh")])
def test_it_is_answered_in_the_borrowers_language(language: str, written: str) -> None:
    assert ask(crew.chat(language)).language == written


def test_a_deadline_stands_still_while_the_desk_is_closed() -> None:
    assert ask(crew.chat(), now=NIGHT).due_at == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def test_asking_again_keeps_place_and_reference() -> None:
    conversation_id = crew.chat()
    first = ask(conversation_id)
    again = ask(conversation_id, now=NOW + MINUTE)
    assert (again.reference, again.due_at) == (first.reference, first.due_at)


def test_a_more_urgent_reason_makes_the_same_request_more_urgent() -> None:
    conversation_id = crew.chat()
    first, raised = ask(conversation_id), ask(conversation_id, "distress", NOW + MINUTE)
    assert raised.reference == first.reference
    assert (raised.reason, raised.priority, raised.skill) == ("distress", "urgent", "hardship")
    assert raised.due_at == NOW + 6 * MINUTE
    assert crew.trail("handoff_requested", "handoff_raised") == ["handoff_requested", "handoff_raised"]


def test_a_less_urgent_reason_changes_nothing() -> None:
    conversation_id = crew.chat()
    ask(conversation_id, "distress")
    assert ask(conversation_id, "dispute").reason == "distress"
    assert crew.trail("handoff_raised") == []


def test_requests_made_at_once_are_one() -> None:
    conversation_id = crew.chat()
    with ThreadPoolExecutor(8) as threads:
        references = set(threads.map(lambda _: ask(conversation_id).reference, range(16)))
    with transaction() as session:
        assert session.scalar(select(func.count(Handoff.id))) == len(references) == 1


def test_a_borrower_who_says_never_mind_leaves_the_queue() -> None:
    conversation_id = crew.waiting()
    assert cancel(conversation_id) is not None
    handoff = crew.handoff(conversation_id)
    assert (handoff.state, handoff.outcome, handoff.closed_at) == ("closed", "cancelled", NOW)
    assert cancel(conversation_id) is None
    assert crew.trail("handoff_cancelled") == ["handoff_cancelled"]


def test_after_that_another_request_can_be_made() -> None:
    conversation_id = crew.waiting()
    cancelled = cancel(conversation_id)
    assert cancelled
    assert ask(conversation_id).reference != cancelled.reference


@pytest.mark.parametrize("reason", ["distress", "complaint", "dispute", "identity", "document"])
def test_what_staff_must_see_is_not_over_with_never_mind(reason: str) -> None:
    conversation_id = crew.waiting(reason)
    assert cancel(conversation_id) is None
    assert crew.handoff(conversation_id).state == "waiting"


def test_a_conversation_that_a_person_has_is_not_cancelled() -> None:
    conversation_id = crew.taken(crew.hire())
    assert cancel(conversation_id) is None
    assert crew.handoff(conversation_id).state == "taken"


def test_who_talked_last_is_wanted_for_as_long_as_the_policy_says() -> None:
    lin = crew.hire()
    soon, later = crew.ended(lin), crew.ended(lin)
    assert ask(soon, now=NOW + 23 * HOUR).wanted_staff_id == lin.id
    assert ask(later, now=NOW + 25 * HOUR).wanted_staff_id is None


def test_somebody_who_never_had_the_conversation_is_not_wanted() -> None:
    lin, conversation_id = crew.hire(), crew.waiting()
    crew.ended(lin)
    cancel(conversation_id)
    assert ask(conversation_id).wanted_staff_id is None
