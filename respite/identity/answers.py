"""A phone number or a code that a borrower typed, handed to whatever it was asked for."""

from datetime import datetime

from sqlalchemy.orm import Session

from respite.identity import contact_change, step_up, verification
from respite.identity.challenges import Purpose, begun
from respite.identity.senders import SendCode
from respite.policies.model import Policy


def take_number(
    session: Session,
    conversation_id: str,
    phone: str,
    policy: Policy,
    now: datetime,
    send: SendCode,
    address: str | None = None,
) -> None:
    """Act on a number (E.164). While a code for the number on file is awaited, it is that number that gets another."""
    row = begun(session, conversation_id)
    match row.purpose:
        case Purpose.SIGN_IN:
            verification.request_code(session, conversation_id, phone, now, send, address)
        case Purpose.NEW_NUMBER:
            contact_change.take_number(session, conversation_id, phone, policy, now, send, address)
        case _:
            step_up.send_code(session, row, now, send)


def take_code(
    session: Session, conversation_id: str, code: str, policy: Policy, now: datetime, address: str | None = None
) -> None:
    """Act on a one-time code."""
    match begun(session, conversation_id).purpose:
        case Purpose.SIGN_IN:
            verification.check_code(session, conversation_id, code, policy, now, address)
        case Purpose.STEP_UP:
            step_up.check_code(session, conversation_id, code, now, address)
        case Purpose.CONTACT_CHANGE:
            contact_change.check_old_number(session, conversation_id, code, now, address)
        case Purpose.NEW_NUMBER:
            contact_change.check_new_number(session, conversation_id, code, policy, now, address)
