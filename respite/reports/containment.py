"""How much the bot solves alone. What a borrower says in one chat on one day is one contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.reports.periods import Period
from respite.reports.proportions import Proportion
from respite.store.models import ButtonPress, Handoff, InboxMessage
from respite.support.fresh_start import BEGIN_AFRESH

ROWS_AT_A_TIME = 5000


@dataclass(frozen=True)
class Containment:
    """Contacts solved by the bot, of all; in the period and on each day."""

    total: Proportion
    by_day: Mapping[date, Proportion]


def containment(session: Session, policy: Policy, period: Period) -> Containment:
    """The contacts of a period in which the bot answered and no person was asked for, nor had the conversation."""
    timezone = ZoneInfo(policy.lender.timezone)
    begin, end = period.moments(timezone)
    is_a_borrowers = or_(ButtonPress.payload.is_(None), ButtonPress.payload != BEGIN_AFRESH)
    said = (
        select(InboxMessage.conversation_id, InboxMessage.received_at, InboxMessage.state)
        .outerjoin(ButtonPress, ButtonPress.reference == InboxMessage.button_reference)
        .where(InboxMessage.received_at >= begin, InboxMessage.received_at < end, is_a_borrowers)
    )
    asked = select(Handoff.conversation_id, Handoff.requested_at).where(
        Handoff.requested_at >= begin, Handoff.requested_at < end
    )
    contacts: set[tuple[date, str]] = set()
    with_person = {(at.astimezone(timezone).date(), conversation) for conversation, at in session.execute(asked)}
    for conversation, at, state in session.execute(said.execution_options(yield_per=ROWS_AT_A_TIME)):
        contact = (at.astimezone(timezone).date(), conversation)
        contacts.add(contact)
        if state != "answered":
            with_person.add(contact)
    by_day = {day: [0, 0] for day in period.dates()}
    for contact in contacts:
        by_day[contact[0]][0] += contact not in with_person
        by_day[contact[0]][1] += 1
    return Containment(
        Proportion(len(contacts - with_person), len(contacts)),
        {day: Proportion(solved, total) for day, (solved, total) in by_day.items()},
    )
