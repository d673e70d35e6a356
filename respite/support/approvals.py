"""A plan beyond somebody's authority: a second person grants it, or says why not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.plans.refusals import PlanRefusedError
from respite.policies.authority import Role
from respite.staff.accounts import actor_of
from respite.staff.roles import StaffRole
from respite.store.announcements import announce
from respite.store.audit import record
from respite.store.loan_book import LoanAccount
from respite.store.models import Conversation, PlanApproval, StaffMember
from respite.support.circumstances import Circumstances
from respite.support.conversations import locked_conversation
from respite.support.ownership import TakeoverRefusedError, owner_of
from respite.support.plan_offers import account_for, borrower_in, owned_with_account, put_forward
from respite.support.plan_requests import PlanRequest


class ApprovalRefusedError(TakeoverRefusedError):
    """A request or a decision that is not taken."""


def request_approval(
    session: Session, conversation_id: str, by: StaffMember, plan: PlanRequest, why: str, given: Circumstances
) -> PlanApproval:
    """Ask for a plan that is beyond one's authority, with a reason. The same plan asked for again is one request.

    Raises PlanRefusedError for a plan that nobody may grant, ApprovalRefusedError for one that `by` may offer.
    """
    conversation, account = owned_with_account(session, conversation_id, by, plan, given)
    needs = _who_may_grant(account, by, plan)
    for open_request in open_requests(session, conversation_id):
        if open_request.plan == plan.as_json():
            return open_request
    request = PlanApproval(
        conversation_id=conversation_id,
        plan=plan.as_json(),
        needs=needs.value,
        state="requested",
        requested_by=by.id,
        requested_at=given.now,
        request_reason=why,
    )
    session.add(request)
    session.flush()
    _note(session, request, "approval_requested", actor_of(by), given.now, loan=plan.loan_reference, needs=needs.value)
    announce(session, conversation)
    return request


def approve(session: Session, request_id: int, by: StaffMember, why: str, given: Circumstances) -> PlanApproval:
    """Grant a plan under one's own authority: it is made from today's figures and offered in the chat at once.

    Raises ApprovalRefusedError for one's own request, for one that is decided, and for somebody who may not grant it;
    PlanRefusedError where the plan is possible no more. Nothing is written then.
    """
    with session.begin_nested():
        request = session.get_one(PlanApproval, request_id)
        _check_decision(request, by)
        conversation = session.get_one(Conversation, request.conversation_id)
        plan = PlanRequest.from_json(request.plan)
        account = account_for(session, conversation, plan, given)  # the book is asked before anything is locked
        _decide(session, request, by, "approved", why, given.now)
        borrower_in(conversation)
        owner = owner_of(session, conversation.id)
        assert owner, "requests of a conversation that is the bot's are withdrawn"
        offer = plan.offer(account, StaffRole(by.role).authority)
        [quote] = put_forward(session, conversation, owner, [offer], granted_by=by, given=given)
        request.quote_id = quote.id
        return request


def decline(session: Session, request_id: int, by: StaffMember, why: str, given: Circumstances) -> PlanApproval:
    """Refuse a plan, with the reason. Raises ApprovalRefusedError."""
    if not why.strip():
        raise ApprovalRefusedError("Say why this plan is declined, so that your colleague can tell the borrower.")
    with session.begin_nested():
        return _decide(session, session.get_one(PlanApproval, request_id), by, "declined", why, given.now)


def open_requests(session: Session, conversation_id: str | None = None) -> Sequence[PlanApproval]:
    """What waits for a decision, in one conversation or in all, the oldest first."""
    query = select(PlanApproval).where(PlanApproval.state == "requested").order_by(PlanApproval.id)
    if conversation_id:
        query = query.where(PlanApproval.conversation_id == conversation_id)
    return session.scalars(query).all()


def withdraw_requests(session: Session, conversation_id: str, actor: str, now: datetime) -> None:
    """Let go what waits for a decision in a conversation that its owner gives away."""
    for request in open_requests(session, conversation_id):
        request.state, request.decided_at = "withdrawn", now
        _note(session, request, "approval_withdrawn", actor, now)


def _who_may_grant(account: LoanAccount, by: StaffMember, plan: PlanRequest) -> Role:
    """The first role that may grant what `by` may not. Raises PlanRefusedError or ApprovalRefusedError."""
    try:
        plan.offer(account, StaffRole(by.role).authority)
    except PlanRefusedError as refused:
        if refused.decisive.granted_by is None:
            raise
        return refused.decisive.granted_by
    raise ApprovalRefusedError("This plan is within your own authority. Offer it yourself.")


def _decide(
    session: Session, request: PlanApproval, by: StaffMember, state: str, why: str, now: datetime
) -> PlanApproval:
    """Decide a request of somebody else's that nobody has decided yet. Raises ApprovalRefusedError."""
    conversation = locked_conversation(session, request.conversation_id)
    session.refresh(request)
    _check_decision(request, by)
    request.state, request.decided_by, request.decided_at, request.decision_reason = state, by.id, now, why
    _note(session, request, f"approval_{state}", actor_of(by), now, requested_by=request.requested_by)
    announce(session, conversation)
    return request


def _check_decision(request: PlanApproval, by: StaffMember) -> None:
    """Raises ApprovalRefusedError."""
    if request.requested_by == by.id:
        raise ApprovalRefusedError("Nobody decides on their own request. Ask another supervisor.")
    if not StaffRole(by.role).includes(StaffRole.SUPERVISOR):
        raise ApprovalRefusedError("Only a supervisor decides on a plan.")
    if request.state != "requested":
        raise ApprovalRefusedError("This request is %(state)s already.", state=request.state)


def _note(session: Session, request: PlanApproval, action: str, actor: str, now: datetime, **details: Any) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"approval:{request.id}",
        details={"conversation": request.conversation_id} | details,
        at=now,
    )
