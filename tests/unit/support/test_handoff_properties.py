"""Whatever staff, borrowers and time do, in any order: never two owners, and never a request that is lost."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from respite.policies.support import Reason
from respite.staff.accounts import actor_of
from respite.store.models import Conversation, Handoff, StaffMember
from respite.store.session import transaction
from respite.support.callbacks import wish_callback
from respite.support.handoffs import cancel_handoff, request_handoff
from respite.support.ownership import TakeoverRefusedError
from respite.support.passing_on import transfer, transfer_to_team
from respite.support.presence import leave, stay_present
from respite.support.returning import return_to_bot
from respite.support.staff_messages import send
from respite.support.takeover import begin, claim, step_in
from respite.support.tending import tend_queue
from tests.unit.support import crew
from tests.unit.support.crew import HOUR, NOW

pytestmark = pytest.mark.usefixtures("store_url")

MEMBERS = st.integers(0, 2)
Step = Callable[[Session], object]


class Desk(RuleBasedStateMachine):
    """One conversation, two agents and a supervisor."""

    staff: tuple[StaffMember, ...]

    @initialize()
    def open(self) -> None:
        self.policy = crew.always_open()
        self.now = NOW
        self.conversation_id = crew.chat()
        self.is_wanted = False
        self.owners, self.version = ["bot"], 1
        self.messages = 0

    def do(self, step: Step) -> bool:
        """Whether a step was taken; one that is refused leaves everything as it is."""
        with suppress(TakeoverRefusedError):
            with transaction() as session:
                step(session)
            return True
        return False

    @rule(reason=st.sampled_from(Reason))
    def a_person_is_wanted(self, reason: Reason) -> None:
        self.do(lambda session: request_handoff(session, self.conversation_id, reason, self.now, policy=self.policy))
        self.is_wanted = True

    @rule()
    def the_borrower_says_never_mind(self) -> None:
        with transaction() as session:
            if cancel_handoff(session, self.conversation_id, self.now):
                self.is_wanted = False

    @rule(hours=st.integers(-1, 3))
    def the_borrower_wishes_a_call(self, hours: int) -> None:
        self.do(
            lambda session: wish_callback(session, self.conversation_id, self.now + hours * HOUR, self.policy, self.now)
        )

    @rule(text=st.sampled_from(["hello?", "thank you"]))
    def the_borrower_writes(self, text: str) -> None:
        crew.write(self.conversation_id, text, self.now)

    @rule(member=MEMBERS)
    def somebody_claims(self, member: int) -> None:
        self.do(lambda session: claim(session, self.conversation_id, self.staff[member], self.now))

    @rule(member=MEMBERS)
    def somebody_begins(self, member: int) -> None:
        if self.do(lambda session: begin(session, self.conversation_id, self.staff[member], self.policy, self.now)):
            self.is_wanted = True

    @rule(member=MEMBERS)
    def somebody_steps_in(self, member: int) -> None:
        if self.do(lambda session: step_in(session, self.conversation_id, self.staff[member], self.policy, self.now)):
            self.is_wanted = True

    @rule(member=MEMBERS, to=MEMBERS)
    def somebody_passes_on(self, member: int, to: int) -> None:
        by, other = self.staff[member], self.staff[to]
        self.do(lambda session: transfer(session, self.conversation_id, by, other.id, "", self.now))

    @rule(member=MEMBERS, skill=st.sampled_from(["hardship", "disputes", "poetry"]))
    def somebody_asks_a_team(self, member: int, skill: str) -> None:
        by = self.staff[member]
        self.do(lambda session: transfer_to_team(session, self.conversation_id, by, skill, "", self.policy, self.now))

    @rule(member=MEMBERS)
    def somebody_returns_it(self, member: int) -> None:
        by = self.staff[member]

        def end(session: Session) -> None:
            return_to_bot(session, self.conversation_id, by, wrap_up="answered", policy=self.policy, now=self.now)

        if self.do(end):
            self.is_wanted = False

    @rule(member=MEMBERS)
    def somebody_writes(self, member: int) -> None:
        by, owner = self.staff[member], self.owners[-1]
        self.messages += 1
        client_id = str(self.messages)
        is_sent = self.do(
            lambda session: send(session, self.conversation_id, by, "Hello", client_id=client_id, now=self.now)
        )
        assert is_sent == (owner == actor_of(by)), "only the owner sends"

    @rule(member=MEMBERS, is_there=st.booleans())
    def somebody_comes_or_goes(self, member: int, is_there: bool) -> None:
        come_or_go = stay_present if is_there else leave
        self.do(lambda session: come_or_go(session, self.staff[member], self.now))

    @rule(minutes=st.sampled_from([1, 4, 15, 90]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        with transaction() as session:
            tend_queue(session, self.policy, self.now)

    @invariant()
    def there_is_one_owner_and_nobody_is_forgotten(self) -> None:
        with transaction() as session:
            conversation = session.get_one(Conversation, self.conversation_id)
            requests = session.scalars(select(Handoff).where(Handoff.conversation_id == self.conversation_id)).all()
        taken = [request for request in requests if request.state == "taken"]
        waiting = [request for request in requests if request.state == "waiting"]
        owner = "bot" if not taken else f"staff:{taken[0].staff_id}"
        assert conversation.owner == owner
        assert len(taken) + len(waiting) == self.is_wanted
        assert all(request.staff_id is None and request.taken_at is None for request in waiting)
        assert all(request.outcome and request.closed_at for request in requests if request.state == "closed")
        self.owners_follow_one_another(conversation)

    def owners_follow_one_another(self, conversation: Conversation) -> None:
        """The version rises whenever the owner is another one, and never falls."""
        if conversation.owner != self.owners[-1]:
            assert conversation.owner_version > self.version
            self.owners.append(conversation.owner)
        self.version = conversation.owner_version

    def teardown(self) -> None:
        with transaction() as session:
            session.execute(delete(Handoff))
            session.execute(update(Conversation).values(owner="bot"))


def test_never_two_owners_and_never_a_lost_request() -> None:
    class WithStaff(Desk):
        staff = (crew.hire("Ann", skills=("hardship",)), crew.hire("Ben"), crew.supervisor("Wei"))

    run_state_machine_as_test(WithStaff, settings=settings(max_examples=20, stateful_step_count=25, deadline=None))
