"""Plans that staff offer: from the same core, within their authority, beyond it with a second person's yes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from respite.plans.authority import Relief
from respite.plans.offers import deferral_offer
from respite.plans.refusals import PlanRefusedError
from respite.plans.terms import PlanTerms
from respite.policies.load import policy
from respite.policies.model import PlanKind, Role
from respite.staff.accounts import actor_of
from respite.store.models import AuditEntry, ButtonPress, Conversation, Loan, Plan, PlanApproval, Quote, StaffMember
from respite.store.session import transaction
from respite.support.approvals import ApprovalRefusedError, approve, decline, open_requests, request_approval
from respite.support.circumstances import Circumstances
from respite.support.conversations import is_borrowers_own
from respite.support.messages import Message, PlansCard
from respite.support.ownership import NotOwnerError
from respite.support.passing_on import put_back, transfer_to_team
from respite.support.plan_offers import NotVerifiedError, UnknownLoanError, offer_plans, preview
from respite.support.plan_requests import PlanRequest
from respite.support.returning import return_to_bot
from respite.support.staff_messages import thread
from tests.databases import ON_POSTGRESQL
from tests.unit.plans import desk
from tests.unit.support import crew
from tests.unit.support.crew import NOW

pytestmark = pytest.mark.usefixtures("store_url")

WHY = "Salary comes on the 20th."


def given() -> Circumstances:
    return Circumstances(policy(), desk.TODAY, NOW)


def loan_of(conversation_id: str) -> str:
    """The reference of the loan of whoever is in a conversation."""
    with transaction() as session:
        borrower = session.get_one(Conversation, conversation_id).borrower
        assert borrower
        return borrower.loans[0].reference


def deferral(conversation_id: str, days: int) -> PlanRequest:
    """The borrower's loan, `days` later than today."""
    return PlanRequest(loan_of(conversation_id), PlanKind.DEFERRAL, until=desk.TODAY + timedelta(days=days))


def restructuring(conversation_id: str, count: int, **more: Any) -> PlanRequest:
    return PlanRequest(loan_of(conversation_id), PlanKind.RESTRUCTURING, count=count, **more)


def offer(conversation_id: str, by: StaffMember, *plans: PlanRequest) -> list[Quote]:
    with transaction() as session:
        return list(offer_plans(session, conversation_id, by, plans, given()))


def ask(conversation_id: str, by: StaffMember, plan: PlanRequest) -> int:
    with transaction() as session:
        return request_approval(session, conversation_id, by, plan, WHY, given()).id


def grant(request_id: int, by: StaffMember) -> None:
    with transaction() as session:
        approve(session, request_id, by, "Fair.", given())


def refuse(request_id: int, by: StaffMember, why: str = "Too long.") -> None:
    with transaction() as session:
        decline(session, request_id, by, why, given())


def request_of(request_id: int) -> PlanApproval:
    with transaction() as session:
        return session.get_one(PlanApproval, request_id)


def shown(conversation_id: str, by: StaffMember) -> Message:
    """The last message of somebody's."""
    with transaction() as session:
        return [entry.message for entry in thread(session, conversation_id) if entry.author == actor_of(by)][-1]


@pytest.fixture
def lin() -> StaffMember:
    return crew.hire()


@pytest.fixture
def late(lin: StaffMember) -> str:
    """The id of Lin's conversation with a borrower who is late."""
    return crew.taken(lin, profile="late")


class TestWithinAuthority:
    def test_the_plan_is_the_one_that_the_core_makes(self, late: str, lin: StaffMember) -> None:
        [quote] = offer(late, lin, deferral(late, 40))
        with desk.account(quote.loan_id) as account:
            made = deferral_offer(account, desk.TODAY + timedelta(days=40), role=Role.AGENT)
            assert quote.terms == PlanTerms.of(made).as_json()
        assert (quote.authority, quote.state, quote.conversation_id) == ("agent", "offered", late)

    def test_who_made_it_is_in_the_audit_trail(self, late: str, lin: StaffMember) -> None:
        [quote] = offer(late, lin, deferral(late, 40))
        with transaction() as session:
            entry = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"quote:{quote.id}")).one()
        assert (entry.actor, entry.details["authority"]) == (actor_of(lin), "agent")

    def test_the_borrower_sees_it_as_offered_by_that_person(self, late: str, lin: StaffMember) -> None:
        quotes = offer(late, lin, restructuring(late, 12), restructuring(late, 18))
        message = shown(late, lin)
        assert message.text.startswith("Lin offers you a plan for Cash loan")
        assert isinstance(message.card, PlansCard)
        with transaction() as session:
            pressed = [session.get_one(ButtonPress, each.choose.reference).payload for each in message.card.options]
        assert pressed == [f'/inform{{"quote_reference": "{quote.id}"}}' for quote in quotes]

    def test_looking_and_agreeing_go_to_the_bot_while_staff_talk(self, late: str, lin: StaffMember) -> None:
        [quote] = offer(late, lin, deferral(late, 40))
        with transaction() as session:
            for payload in (f'/inform{{"quote_reference": "{quote.id}"}}', "/affirm", "/deny"):
                assert is_borrowers_own(session, late, payload)

    def test_consent_books_it_under_that_authority(self, late: str, lin: StaffMember) -> None:
        [quote] = offer(late, lin, restructuring(late, 40, relief=Relief(Decimal(2), Decimal(50))))
        booked = desk.consent(quote.id, now=NOW)
        with transaction() as session:
            plan = session.get_one(Plan, booked.plan.id)
            entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "plan_booked")).one()
            assert (plan.terms, entry.details["authority"]) == (quote.terms, "agent")

    def test_a_preview_writes_nothing(self, late: str, lin: StaffMember) -> None:
        with transaction() as session:
            assert preview(session, late, lin, deferral(late, 40), given()).role is Role.AGENT
        assert crew.trail("plan_quoted") == []

    def test_what_a_borrower_can_pay_a_month_finds_its_count(self, late: str, lin: StaffMember) -> None:
        plan = PlanRequest(loan_of(late), PlanKind.RESTRUCTURING, monthly_payment=Decimal(500))
        [quote] = offer(late, lin, plan)
        assert PlanTerms.from_json(quote.terms).usual_instalment.amount <= 500

    def test_beyond_it_nothing_is_offered(self, late: str, lin: StaffMember) -> None:
        with pytest.raises(PlanRefusedError) as refused:
            offer(late, lin, deferral(late, 60))
        assert (refused.value.decisive.rule, refused.value.decisive.granted_by) == ("authority", Role.SUPERVISOR)
        assert crew.trail("plan_quoted") == []

    def test_a_supervisor_offers_more_than_an_agent(self) -> None:
        wei = crew.supervisor()
        conversation_id = crew.taken(wei, profile="late")
        [quote] = offer(conversation_id, wei, deferral(conversation_id, 60))
        assert quote.authority == "supervisor"

    def test_only_the_owner_offers(self, late: str) -> None:
        with pytest.raises(NotOwnerError):
            offer(late, crew.hire("Grace"), deferral(late, 14))

    def test_a_stranger_is_offered_nothing(self, lin: StaffMember, late: str) -> None:
        conversation_id = crew.taken(lin)
        with pytest.raises(NotVerifiedError):
            offer(conversation_id, lin, deferral(late, 14))

    def test_no_plan_is_made_for_somebody_elses_loan(self, late: str, lin: StaffMember) -> None:
        other = crew.taken(lin, profile="late")
        with pytest.raises(UnknownLoanError):
            offer(other, lin, deferral(late, 14))


@ON_POSTGRESQL
def test_while_the_book_of_record_takes_its_time_the_borrower_can_go_on_writing(late: str, lin: StaffMember) -> None:
    asked = []

    class SlowBook:
        def statement(self, external_id: str) -> None:
            with transaction() as another:
                another.get_one(Conversation, late, with_for_update={"nowait": True})
            asked.append(external_id)

    with transaction() as session:
        session.scalars(select(Loan).where(Loan.reference == loan_of(late))).one().external_id = "77"
    by_the_book = replace(given(), loan_book=SlowBook())
    with transaction() as session:
        preview(session, late, lin, deferral(late, 30), by_the_book)
    with transaction() as session:
        offer_plans(session, late, lin, [deferral(late, 30)], by_the_book)
    with transaction() as session:
        request_id = request_approval(session, late, lin, deferral(late, 60), WHY, by_the_book).id
    with transaction() as session:
        approve(session, request_id, crew.supervisor(), "Fair.", by_the_book)
    assert asked == ["77"] * 4


class TestApproval:
    def test_a_supervisors_yes_offers_the_plan_under_their_authority(self, late: str, lin: StaffMember) -> None:
        wei = crew.supervisor()
        request_id = ask(late, lin, deferral(late, 60))
        grant(request_id, wei)
        request = request_of(request_id)
        assert (request.state, request.decided_by, request.decision_reason) == ("approved", wei.id, "Fair.")
        with transaction() as session:
            assert request.quote_id
            assert session.get_one(Quote, request.quote_id).authority == "supervisor"
        assert shown(late, lin).text.startswith("Lin offers you a plan")
        assert crew.trail("approval_requested", "approval_approved") == ["approval_requested", "approval_approved"]

    def test_it_says_what_it_is_for_and_who_may_grant_it(self, late: str, lin: StaffMember) -> None:
        plan = restructuring(late, 55, relief=Relief(Decimal(4), Decimal(100)))
        request = request_of(ask(late, lin, plan))
        assert PlanRequest.from_json(request.plan) == plan
        assert (request.needs, request.requested_by, request.request_reason) == ("supervisor", lin.id, WHY)

    def test_a_no_has_a_reason_and_offers_nothing(self, late: str, lin: StaffMember) -> None:
        wei, request_id = crew.supervisor(), ask(late, lin, deferral(late, 60))
        with pytest.raises(ApprovalRefusedError, match="Say why"):
            refuse(request_id, wei, " ")
        refuse(request_id, wei)
        assert (request_of(request_id).state, request_of(request_id).decision_reason) == ("declined", "Too long.")
        assert crew.trail("plan_quoted") == []

    def test_nobody_decides_on_their_own_request(self) -> None:
        wei = crew.supervisor(now=NOW)
        conversation_id = crew.taken(crew.hire(), profile="late")
        crew.step(conversation_id, wei)
        with transaction() as session:
            request = PlanApproval(
                conversation_id=conversation_id,
                plan=deferral(conversation_id, 60).as_json(),
                needs="supervisor",
                state="requested",
                requested_by=wei.id,
                requested_at=NOW,
                request_reason=WHY,
            )
            session.add(request)
            session.flush()
        for decide in (grant, refuse):
            with pytest.raises(ApprovalRefusedError, match="their own request"):
                decide(request.id, wei)
        assert request_of(request.id).state == "requested"

    def test_an_agent_decides_nothing(self, late: str, lin: StaffMember) -> None:
        request_id = ask(late, lin, deferral(late, 60))
        for decide in (grant, refuse):
            with pytest.raises(ApprovalRefusedError, match="Only a supervisor"):
                decide(request_id, crew.hire("Grace"))

    def test_what_one_may_offer_needs_nobody(self, late: str, lin: StaffMember) -> None:
        with pytest.raises(ApprovalRefusedError, match="within your own authority"):
            ask(late, lin, deferral(late, 30))

    def test_what_nobody_may_grant_is_refused_with_its_rule(self, late: str, lin: StaffMember) -> None:
        with pytest.raises(PlanRefusedError, match="deferral_too_long"):
            ask(late, lin, deferral(late, 400))

    def test_the_same_request_twice_is_one(self, late: str, lin: StaffMember) -> None:
        assert ask(late, lin, deferral(late, 60)) == ask(late, lin, deferral(late, 60))
        with transaction() as session:
            assert len(open_requests(session)) == 1

    def test_of_two_decisions_at_once_one_counts(self, late: str, lin: StaffMember) -> None:
        request_id = ask(late, lin, deferral(late, 60))
        supervisors = [crew.supervisor(name) for name in ("Wei", "Ada", "Bo", "Cai")]
        with ThreadPoolExecutor(4) as threads:
            outcomes = [threads.submit(grant, request_id, member).exception() for member in supervisors]
        assert sorted(outcome is None for outcome in outcomes) == [False, False, False, True]
        assert crew.trail("plan_quoted") == ["plan_quoted"]

    def test_a_plan_that_is_possible_no_more_leaves_the_request_open(self, late: str, lin: StaffMember) -> None:
        wei, request_id = crew.supervisor(), ask(late, lin, deferral(late, 60))
        [quote] = offer(late, lin, deferral(late, 14))
        desk.consent(quote.id, now=NOW)
        with pytest.raises(PlanRefusedError, match="active_plan"):
            grant(request_id, wei)
        assert request_of(request_id).state == "requested"

    @pytest.mark.parametrize("end", ["returned", "put back", "passed to a team"])
    def test_when_nobody_has_the_conversation_any_more_it_is_withdrawn(
        self, late: str, lin: StaffMember, end: str
    ) -> None:
        request_id = ask(late, lin, deferral(late, 60))
        with transaction() as session:
            match end:
                case "returned":
                    return_to_bot(session, late, lin, wrap_up="answered", policy=policy(), now=NOW)
                case "put back":
                    put_back(session, late, lin, "silent", NOW)
                case _:
                    transfer_to_team(session, late, lin, "hardship", "", policy(), NOW)
        assert request_of(request_id).state == "withdrawn"
        with pytest.raises(ApprovalRefusedError, match="withdrawn already"):
            grant(request_id, crew.supervisor())
