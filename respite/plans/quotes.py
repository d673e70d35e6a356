"""Quotes: an offer written down, so that consent binds exactly what was on the screen."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from respite.plans.offers import Offer
from respite.plans.terms import PlanTerms, terms_hash
from respite.policies import versions
from respite.store import audit
from respite.store.models import Conversation, Plan, Quote


def write_quote(
    session: Session,
    offer: Offer,
    *,
    conversation_id: str,
    language: str,
    now: datetime,
    state: str = "offered",
    actor: str = "bot",
) -> Quote:
    """Store `offer`, made by `actor`, as a quote that expires after the policy's minutes, and leave an audit entry.

    The policy is kept with it. Raises OtherContentError where its version is known with another content.
    """
    account = offer.account
    versions.keep(session, account.policy, now)
    terms = PlanTerms.of(offer).as_json()
    quote = Quote(
        conversation_id=conversation_id,
        borrower_id=account.loan.borrower_id,
        loan_id=account.loan.id,
        loan_version=account.loan.version,
        policy_version=account.policy.version,
        business_date=account.as_of,
        language=language,
        terms=terms,
        terms_hash=terms_hash(terms, account.loan.version, account.policy.version, language),
        state=state,
        authority=offer.role,
        created_at=now,
        expires_at=now + timedelta(minutes=account.policy.quote_minutes),
    )
    session.add(quote)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="plan_quoted",
        subject=f"quote:{quote.id}",
        details={
            "loan": account.reference,
            "kind": offer.kind,
            "authority": offer.role,
            "terms_hash": quote.terms_hash,
        },
        at=now,
    )
    return quote


def show_quote(session: Session, quote_id: str, conversation_id: str) -> Quote | None:
    """Put one offered quote of this conversation under review; any other is no longer waiting for consent."""
    quote = session.scalar(_quotes(conversation_id, "offered", "shown").where(Quote.id == quote_id))
    if quote is not None:
        withdraw_shown_quote(session, conversation_id)
        quote.state = "shown"
    return quote


def shown_quote(session: Session, conversation_id: str) -> Quote | None:
    """The quote that is waiting for this conversation's consent."""
    return session.scalar(_quotes(conversation_id, "shown").limit(1))


def accepted_quote(session: Session, conversation_id: str, since: datetime) -> Quote | None:
    """The newest quote of a conversation, if its plan was booked `since` then."""
    newest = select(func.max(Quote.created_at)).where(Quote.conversation_id == conversation_id).scalar_subquery()
    booked = _quotes(conversation_id, "accepted").join(Plan, Plan.quote_id == Quote.id)
    return session.scalar(booked.where(Quote.created_at == newest, Plan.booked_at >= since))


def withdraw_shown_quote(session: Session, conversation_id: str) -> None:
    """Nothing waits for consent in this conversation any more."""
    session.execute(
        update(Quote).where(Quote.conversation_id == conversation_id, Quote.state == "shown").values(state="withdrawn")
    )


def withdraw_quote(session: Session, quote_id: str, conversation_id: str) -> None:
    """One quote of a conversation waits for consent no more."""
    waiting = _quotes(conversation_id, "offered", "shown").where(Quote.id == quote_id)
    if (quote := session.scalar(waiting)) is not None:
        quote.state = "withdrawn"


def latest_quotes(session: Session, conversation_id: str) -> list[Quote]:
    """The quotes of this conversation's latest choice of plans, in the order in which they were shown."""
    newest = select(func.max(Quote.created_at)).where(Quote.conversation_id == conversation_id).scalar_subquery()
    query = _quotes(conversation_id, "offered", "shown").where(Quote.created_at == newest)
    return sorted(session.scalars(query), key=lambda quote: (quote.terms["total"], quote.id))


def _quotes(conversation_id: str, *states: str) -> Select[Quote]:
    """The quotes made in a conversation for the borrower who is verified in it now, whoever was before."""
    return (
        select(Quote)
        .join(Conversation, Conversation.id == Quote.conversation_id)
        .where(
            Conversation.id == conversation_id,
            Conversation.borrower_id == Quote.borrower_id,
            Conversation.verified_at.is_not(None),
            Quote.state.in_(states),
        )
    )
