"""Documents for the borrower to keep, given only to the chat in which the borrower is verified."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.webchat import CHANNEL
from bot.transactions import in_store
from bot.web.access import ReadingChat
from bot.web.page import NO_STORE
from bot.web.refusals import Refusal
from respite.clock import Clock
from respite.plans.confirmation import issue
from respite.policies.load import policy
from respite.policies.versions import UnknownVersionError
from respite.store.models import Conversation, Loan, Plan

NOT_FOUND = "There is no such document in this chat. Sign in on the chat page, then open it from your plan."
TERMS_CHANGED = (
    "The terms of our plans have changed since you booked yours. Call %(phone)s and we will send its confirmation."
)

router = APIRouter()


@router.get("/plans/{reference}/confirmation.pdf")
async def plan_confirmation(
    request: Request, reference: Annotated[str, Path(pattern=r"^[A-Z0-9-]{1,20}$")], conversation_id: ReadingChat
) -> Response:
    """The confirmation of the borrower's own plan. Whoever else asks learns nothing, not even that it exists."""
    clock: Clock = request.app.state.clock
    return await in_store(lambda session: _confirmation(session, reference, conversation_id, clock))


def _confirmation(session: Session, reference: str, conversation_id: str | None, clock: Clock) -> Response:
    owned = session.execute(
        select(Plan, Conversation)
        .join(Plan.loan)
        .join(Conversation, Conversation.borrower_id == Loan.borrower_id)
        .where(Conversation.verified_at.is_not(None))
        .where(Plan.reference == reference, Conversation.channel == CHANNEL, Conversation.id == conversation_id)
    ).one_or_none()
    if owned is None:
        raise Refusal(404, NOT_FOUND)
    plan, conversation = owned
    try:
        document = issue(
            session,
            plan,
            language=conversation.language,
            actor=f"borrower:{conversation.borrower_id}",
            now=clock.now(),
        )
    except UnknownVersionError:
        raise Refusal(409, TERMS_CHANGED, phone=policy().lender.support_phone) from None
    headers = {"Content-Disposition": f'attachment; filename="{plan.reference}.pdf"', **NO_STORE}
    return Response(document, media_type="application/pdf", headers=headers)
