"""What is done every few seconds: nobody who waits is forgotten, and every round again finds nothing to do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.store.models import StaffMember
from respite.store.session import transaction
from respite.support import tending
from respite.support.cases import open_case
from respite.support.conversations import locked_conversation
from respite.support.presence import colleagues, leave, stay_present
from respite.support.staff_messages import send
from respite.support.takeover import claim
from respite.support.tending import Tended, tend_queue
from respite.support.vulnerability import Vulnerability, flags_of, raise_flag
from tests.unit.plans import desk
from tests.unit.support import crew
from tests.unit.support.crew import DAY, HOUR, MINUTE, NOW

pytestmark = pytest.mark.usefixtures("store_url")

NOTHING = Tended((), (), (), (), 0)
BY_HAND = {"support__assignment": "by_hand", "support__silent_minutes": 10, "support__offline_minutes": 3}


def by_hand() -> Policy:
    """Nobody is given a conversation, so that what goes back stays there."""
    return crew.always_open(**BY_HAND)


def tend(now: datetime, rules: Policy | None = None) -> Tended:
    with transaction() as session:
        return tend_queue(session, rules or by_hand(), now)


def at_work(by: StaffMember, now: datetime) -> None:
    with transaction() as session:
        stay_present(session, by, now)


def answer(conversation_id: str, by: StaffMember, now: datetime) -> None:
    with transaction() as session:
        send(session, conversation_id, by, "Let me look.", client_id=now.isoformat(), now=now)


class TestSilentOwner:
    def test_whoever_does_not_answer_loses_the_conversation(self) -> None:
        lin = crew.hire()
        conversation_id = crew.taken(lin)
        answer(conversation_id, lin, NOW + MINUTE)
        crew.write(conversation_id, "are you there?", NOW + 2 * MINUTE)
        at_work(lin, NOW + 12 * MINUTE)
        assert tend(NOW + 12 * MINUTE - timedelta(seconds=1)) == NOTHING
        assert tend(NOW + 12 * MINUTE).put_back == (crew.handoff(conversation_id).reference,)
        assert crew.conversation(conversation_id).owner == "bot"
        assert tend(NOW + 12 * MINUTE) == NOTHING

    def test_whoever_never_says_a_word_loses_it_too(self) -> None:
        lin = crew.hire()
        conversation_id = crew.taken(lin)
        at_work(lin, NOW + 10 * MINUTE)
        assert tend(NOW + 10 * MINUTE).put_back == (crew.handoff(conversation_id).reference,)

    def test_whoever_has_answered_keeps_it_however_long_the_borrower_is_silent(self) -> None:
        lin = crew.hire()
        conversation_id = crew.taken(lin)
        crew.write(conversation_id, "what do I owe?", NOW + MINUTE)
        answer(conversation_id, lin, NOW + 2 * MINUTE)
        at_work(lin, NOW + 2 * HOUR)
        assert tend(NOW + 2 * HOUR) == NOTHING
        assert crew.handoff(conversation_id).staff_id == lin.id

    def test_what_was_said_to_somebody_before_does_not_count(self) -> None:
        lin, grace = crew.hire(), crew.hire("Grace")
        conversation_id = crew.taken(lin)
        answer(conversation_id, lin, NOW)
        crew.give_back(conversation_id, lin)
        crew.ask(conversation_id, now=NOW + HOUR)
        crew.claim_it(conversation_id, grace, NOW + HOUR)
        at_work(grace, NOW + HOUR + 10 * MINUTE)
        assert tend(NOW + HOUR + 10 * MINUTE).put_back == (crew.handoff(conversation_id).reference,)

    def test_somebody_else_goes_on_and_the_silent_one_is_given_nothing(self) -> None:
        lin, grace = crew.hire(), crew.hire("Grace")
        conversation_id = crew.taken(lin)
        late = NOW + 10 * MINUTE
        for member in (lin, grace):
            at_work(member, late)
        done = tend(late, crew.always_open())
        assert done.put_back == done.assigned
        assert crew.handoff(conversation_id).staff_id == grace.id
        with transaction() as session:
            assert {each.member.name: each.takes_conversations for each in colleagues(session, late)} == {
                "Lin": False,
                "Grace": True,
            }


class TestAbsentOwner:
    def test_after_some_minutes_offline_a_conversation_goes_back(self) -> None:
        lin = crew.hire()
        conversation_id = crew.taken(lin)
        answer(conversation_id, lin, NOW)
        assert tend(NOW + 3 * MINUTE - timedelta(seconds=1)) == NOTHING
        assert tend(NOW + 3 * MINUTE).put_back == (crew.handoff(conversation_id).reference,)

    def test_a_minute_offline_is_nothing(self) -> None:
        lin = crew.hire()
        conversation_id = crew.taken(lin)
        with transaction() as session:
            leave(session, lin, NOW + MINUTE)
        at_work(lin, NOW + 3 * MINUTE)
        assert tend(NOW + 3 * MINUTE) == NOTHING
        assert crew.handoff(conversation_id).staff_id == lin.id


class TestWaitingTooLong:
    def test_a_call_is_offered_once(self) -> None:
        conversation_id = crew.waiting()
        rules = crew.always_open(**BY_HAND, support__queue_minutes=30)
        assert tend(NOW + 29 * MINUTE, rules) == NOTHING
        assert tend(NOW + 30 * MINUTE, rules).offered_a_call == (crew.handoff(conversation_id).reference,)
        assert tend(NOW + 3 * HOUR, rules) == NOTHING
        [offered] = crew.said(conversation_id)
        assert offered.startswith("It takes longer than it should")

    def test_whoever_was_taken_a_moment_ago_is_offered_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lin, conversation_id = crew.hire(), crew.waiting()

        def taken_meanwhile(session: Session, _: str) -> bool:
            claim(session, conversation_id, lin, NOW + 30 * MINUTE)
            return True

        monkeypatch.setattr(tending, "is_undisturbed", taken_meanwhile)
        rules = crew.always_open(**BY_HAND, support__queue_minutes=30)
        assert tend(NOW + 30 * MINUTE, rules).offered_a_call == ()
        assert not crew.trail("callback_offered")

    def test_hours_in_which_the_desk_is_closed_are_not_a_wait(self) -> None:
        night = datetime(2026, 11, 23, 12, 50, tzinfo=UTC)
        crew.waiting(now=night)
        rules = desk.rules(support__assignment="by_hand", support__queue_minutes=30)
        assert tend(night + 12 * HOUR, rules) == NOTHING
        assert tend(datetime(2026, 11, 24, 1, 20, tzinfo=UTC), rules).offered_a_call


class TestOtherDuties:
    def test_a_case_that_was_not_answered_in_time_is_noted_once(self) -> None:
        with transaction() as session:
            case = open_case(session, crew.chat(), "dispute", "not mine", NOW)
        assert tend(case.answer_by) == NOTHING
        assert tend(case.answer_by + MINUTE).overdue_cases == (case.reference,)
        assert tend(case.answer_by + HOUR) == NOTHING
        assert crew.trail("case_overdue") == ["case_overdue"]

    def test_flags_whose_time_is_over_end(self) -> None:
        borrower_id = crew.conversation(crew.chat(profile="late")).borrower_id
        assert borrower_id
        rules = crew.always_open(support__vulnerability_days=30)
        with transaction() as session:
            raise_flag(session, borrower_id, Vulnerability.HEALTH, actor="staff:1", policy=rules, now=NOW)
        assert tend(NOW + 30 * DAY).expired_flags == 1
        assert tend(NOW + 30 * DAY) == NOTHING
        with transaction() as session:
            assert not flags_of(session, borrower_id, NOW + 29 * DAY)


def test_two_processes_that_tend_at_once_do_everything_once() -> None:
    lin, grace = crew.hire(capacity=2), crew.hire("Grace", capacity=2)
    silent = [crew.taken(lin) for _ in range(2)]
    waiting = [crew.waiting() for _ in range(4)]
    late = NOW + 10 * MINUTE
    for member in (lin, grace):
        at_work(member, late)
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda _: tend(late, crew.always_open()), range(4)))
    assert sum(len(each.put_back) for each in done) == 2
    assert sum(len(each.assigned) for each in done) == 2
    assert sum(crew.handoff(each).state == "taken" for each in [*silent, *waiting]) == 2
    assert len(crew.trail("handoff_put_back")) == 2


def test_a_conversation_in_which_somebody_writes_is_left_for_the_next_round() -> None:
    crew.hire()
    conversation_id = crew.waiting()
    with transaction() as writing:
        locked_conversation(writing, conversation_id)
        if writing.get_bind().dialect.name == "postgresql":
            assert tend(NOW, crew.always_open()) == NOTHING
    assert tend(NOW, crew.always_open()).assigned
