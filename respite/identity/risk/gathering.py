"""What the store knows that the risk signals look at."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from respite.identity.limits import DAY, HOUR
from respite.identity.numbers import country_of
from respite.identity.risk.signals import Facts
from respite.languages import written_in
from respite.policies.model import Policy
from respite.store.encryption import cipher
from respite.store.models import Borrower, Conversation, InboxMessage, SignInAttempt

HOURS_OF_A_DAY = 24


def gather(
    session: Session,
    conversation: Conversation,
    borrower: Borrower,
    policy: Policy,
    now: datetime,
    *,
    amount: Decimal | None = None,
    new_phone: str | None = None,
) -> Facts:
    """The facts about what a borrower, or somebody who says so, does in a conversation now.

    `amount` is what a plan asks for in all, `new_phone` (E.164) the number that is to take the place of theirs.
    """
    number_index = cipher().blind_index(borrower.phone)
    address_index = _address_index(session, conversation.id)
    of_number = SignInAttempt.number_index == number_index
    of_address = SignInAttempt.address_index == address_index
    earlier = (SignInAttempt.borrower_id == borrower.id, SignInAttempt.at < now - DAY)
    days, hours = _activity(session, borrower.id, policy, now)
    return Facts(
        is_new_chat=not _count(session, *earlier, SignInAttempt.conversation_id == conversation.id),
        is_new_address=address_index is not None and not _count(session, *earlier, of_address),
        numbers_from_address=_different(session, SignInAttempt.number_index, of_address, now) if address_index else 0,
        addresses_for_number=_different(session, SignInAttempt.address_index, of_number, now),
        attempts=_count(
            session,
            SignInAttempt.kind.in_(("code_requested", "code_refused")),
            SignInAttempt.at > now - HOUR,
            or_(of_number, SignInAttempt.conversation_id == conversation.id),
        ),
        days_of_history=days,
        hours_from_usual=hours,
        is_other_language=written_in(conversation.language) not in _languages(session, conversation, borrower),
        is_other_country=new_phone is not None and country_of(new_phone) != country_of(borrower.phone),
        amount=amount,
    )


def _address_index(session: Session, conversation_id: str) -> str | None:
    """The internet address from which the newest code of a conversation was asked for or typed, as a keyed hash."""
    query = select(SignInAttempt.address_index).where(
        SignInAttempt.conversation_id == conversation_id, SignInAttempt.address_index.is_not(None)
    )
    return session.scalar(query.order_by(SignInAttempt.id.desc()).limit(1))


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count(SignInAttempt.id)).where(*conditions)).one()


def _different(
    session: Session, column: InstrumentedAttribute[Any], condition: ColumnElement[bool], now: datetime
) -> int:
    """How many different values a column has among the codes asked for in the last 24 hours."""
    requested = SignInAttempt.kind == "code_requested", SignInAttempt.at > now - DAY
    return session.scalars(select(func.count(column.distinct())).where(condition, *requested)).one()


def _activity(session: Session, borrower_id: int, policy: Policy, now: datetime) -> tuple[int, int]:
    """On how many days before the last 24 hours a borrower wrote, and how far now is from the nearest such hour."""
    zone = ZoneInfo(policy.lender.timezone)
    query = select(InboxMessage.received_at).join(Conversation, Conversation.id == InboxMessage.conversation_id)
    written = session.scalars(
        query.where(Conversation.borrower_id == borrower_id, InboxMessage.received_at < now - DAY)
    )
    times = [at.astimezone(zone) for at in written]
    hour = now.astimezone(zone).hour
    distances = ((hour - at.hour) % HOURS_OF_A_DAY for at in times)
    nearest = min((min(distance, HOURS_OF_A_DAY - distance) for distance in distances), default=0)
    return len({at.date() for at in times}), nearest


def _languages(session: Session, conversation: Conversation, borrower: Borrower) -> set[str]:
    """The languages that a borrower is known to use: that on file, and those of their other chats."""
    others = select(Conversation.language).where(
        Conversation.borrower_id == borrower.id, Conversation.id != conversation.id
    )
    return {written_in(language) for language in (borrower.language, *session.scalars(others))}
