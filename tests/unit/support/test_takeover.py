"""A person takes over: one wins, the others are told who, and the bot is silent from that commit on."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from respite.staff.accounts import actor_of
from respite.store.models import Conversation, InboxMessage, OutboxMessage, StaffMember
from respite.store.session import transaction
from respite.support import takeover
from respite.support.conversations import is_borrowers_own
from respite.support.handoffs import cancel_handoff
from respite.support.messages import Message
from respite.support.outbox import add_answer
from respite.support.ownership import AlreadyOwnedError
from respite.support.takeover import NobodyWaitsError, SupervisorsOnlyError, begin, claim, step_in
from tests.unit.support import crew
from tests.unit.support.crew import MINUTE, NOW

pytestmark = pytest.mark.usefixtures("store_url")

PARALLEL = 20


def take(conversation_id: str, by: StaffMember) -> str:
    """The name of whoever has the conversation after `by` has tried to claim it."""
    try:
        with transaction() as session:
            claim(session, conversation_id, by, NOW)
    except AlreadyOwnedError as refused:
        return refused.owner_name
    return by.name


def owner(conversation_id: str) -> str:
    return crew.conversation(conversation_id).owner


class TestClaim:
    def test_the_conversation_is_theirs_and_the_borrower_sees_who_joined(self) -> None:
        lin, conversation_id = crew.hire(), crew.waiting()
        before = crew.conversation(conversation_id).owner_version
        assert take(conversation_id, lin) == "Lin"
        handoff = crew.handoff(conversation_id)
        assert (handoff.state, handoff.staff_id, handoff.taken_at) == ("taken", lin.id, NOW)
        assert owner(conversation_id) == actor_of(lin)
        assert crew.conversation(conversation_id).owner_version == before + 1
        assert crew.said(conversation_id) == [
            "Lin, a member of our staff, has joined. I, the bot, am silent while you talk."
        ]
        assert crew.trail("handoff_taken") == ["handoff_taken"]

    def test_of_twenty_at_once_one_wins_and_nineteen_are_told_who(self) -> None:
        conversation_id = crew.waiting()
        staff = [crew.hire(f"Agent {number}") for number in range(PARALLEL)]
        with ThreadPoolExecutor(PARALLEL) as threads:
            told = list(threads.map(lambda member: take(conversation_id, member), staff))
        [winner] = set(told)
        assert owner(conversation_id) == actor_of(next(member for member in staff if member.name == winner))
        assert crew.trail("handoff_taken") == ["handoff_taken"]
        assert len(crew.said(conversation_id)) == 1

    def test_claiming_what_one_has_changes_nothing(self) -> None:
        lin, conversation_id = crew.hire(), crew.waiting()
        assert [take(conversation_id, lin), take(conversation_id, lin)] == ["Lin", "Lin"]
        assert crew.trail("handoff_taken") == ["handoff_taken"]

    def test_nobody_takes_a_conversation_in_which_nobody_is_wanted_any_more(self) -> None:
        lin, conversation_id = crew.hire(), crew.waiting()
        with transaction() as session:
            cancel_handoff(session, conversation_id, NOW)
        with transaction() as session, pytest.raises(NobodyWaitsError):
            claim(session, conversation_id, lin, NOW)
        assert owner(conversation_id) == "bot", "a refusal that is caught leaves nothing behind"

    def test_a_crash_half_way_leaves_the_old_state_and_the_retry_succeeds(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lin, conversation_id = crew.hire(), crew.waiting()

        def crash(*_: object, **__: object) -> None:
            raise RuntimeError("the process ends here")

        with monkeypatch.context() as broken:
            broken.setattr(takeover, "tell", crash)
            with pytest.raises(RuntimeError):
                take(conversation_id, lin)
        assert owner(conversation_id) == "bot"
        assert crew.handoff(conversation_id).state == "waiting"
        assert crew.trail("handoff_taken") == []
        assert take(conversation_id, lin) == "Lin"


class TestSilence:
    def test_an_answer_in_flight_at_the_takeover_is_withheld(self) -> None:
        lin, conversation_id = crew.hire(), crew.waiting()
        with transaction() as session:
            written_under = session.get_one(Conversation, conversation_id).owner_version
        take(conversation_id, lin)
        with transaction() as session:
            assert self.answer(session, conversation_id, written_under).state == "withheld"

    def test_after_the_return_it_still_is(self) -> None:
        lin, conversation_id = crew.hire(), crew.waiting()
        written_under = crew.conversation(conversation_id).owner_version
        take(conversation_id, lin)
        crew.give_back(conversation_id, lin)
        with transaction() as session:
            assert self.answer(session, conversation_id, written_under).state == "withheld"

    def answer(self, session: Session, conversation_id: str, written_under: int) -> OutboxMessage:
        conversation = session.get_one(Conversation, conversation_id)
        inbox = InboxMessage(
            conversation_id=conversation_id,
            channel="web",
            external_id="in flight",
            content="what do I owe?",
            received_at=NOW,
            state="pending",
        )
        session.add(inbox)
        session.flush()
        add_answer(session, conversation, inbox, Message(text="You owe nothing."), written_under, NOW)
        return session.query(OutboxMessage).filter_by(inbox_id=inbox.id).one()

    @pytest.mark.parametrize(
        ("payload", "is_own"),
        [
            ("/query_bill", False),
            ("/affirm", False),
            ('/inform{"loan_reference": "L-1"}', False),
            ('/rate_conversation{"rating": "5"}', True),
            ("/verify_identity", True),
        ],
    )
    def test_what_is_pressed_goes_to_the_person_but_for_what_only_the_borrower_does(
        self, payload: str, is_own: bool
    ) -> None:
        conversation_id = crew.taken(crew.hire())
        with transaction() as session:
            assert is_borrowers_own(session, conversation_id, payload) is is_own


class TestBegin:
    def test_staff_take_over_where_nobody_asked(self) -> None:
        lin, conversation_id = crew.hire(), crew.chat()
        with transaction() as session:
            begin(session, conversation_id, lin, crew.always_open(), NOW)
        handoff = crew.handoff(conversation_id)
        assert (handoff.reason, handoff.requested_by, handoff.staff_id) == ("staff", actor_of(lin), lin.id)

    def test_what_waits_already_is_taken_as_it_is(self) -> None:
        lin, conversation_id = crew.hire(), crew.waiting("distress")
        with transaction() as session:
            begin(session, conversation_id, lin, crew.always_open(), NOW)
        assert crew.handoff(conversation_id).reason == "distress"

    def test_somebody_elses_is_not_taken(self) -> None:
        conversation_id = crew.taken(crew.hire("Grace"))
        with transaction() as session, pytest.raises(AlreadyOwnedError, match="Grace has this conversation"):
            begin(session, conversation_id, crew.hire(), crew.always_open(), NOW)


class TestStepIn:
    def test_a_supervisor_takes_a_conversation_from_whoever_has_it(self) -> None:
        conversation_id, wei = crew.taken(crew.hire()), crew.supervisor()
        with transaction() as session:
            step_in(session, conversation_id, wei, crew.always_open(), NOW + MINUTE)
        assert owner(conversation_id) == actor_of(wei)
        assert crew.handoff(conversation_id).taken_at == NOW + MINUTE
        assert crew.handoff(conversation_id).first_taken_at == NOW
        assert crew.said(conversation_id)[-1] == "Wei has joined and takes over from Lin."

    def test_an_agent_does_not(self) -> None:
        conversation_id = crew.taken(crew.hire())
        with transaction() as session, pytest.raises(SupervisorsOnlyError):
            step_in(session, conversation_id, crew.hire("Grace"), crew.always_open(), NOW)

    def test_of_two_supervisors_at_once_one_wins(self) -> None:
        conversation_id = crew.taken(crew.hire())
        supervisors = [crew.supervisor(name) for name in ("Wei", "Ada")]

        def stepped_in(member: StaffMember) -> None:
            with transaction() as session:
                step_in(session, conversation_id, member, crew.always_open(), NOW)

        with ThreadPoolExecutor(2) as threads:
            outcomes = [threads.submit(stepped_in, member).exception() for member in supervisors]
        assert crew.handoff(conversation_id).staff_id in {member.id for member in supervisors}
        assert owner(conversation_id) == f"staff:{crew.handoff(conversation_id).staff_id}"
        assert all(outcome is None or isinstance(outcome, AlreadyOwnedError) for outcome in outcomes)

    def test_where_the_bot_answers_it_is_a_takeover(self) -> None:
        conversation_id, wei = crew.chat(), crew.supervisor()
        with transaction() as session:
            step_in(session, conversation_id, wei, crew.always_open(), NOW)
        assert owner(conversation_id) == actor_of(wei)
