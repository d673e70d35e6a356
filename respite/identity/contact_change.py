"""A borrower's new phone number: a code to the one on file, then one to the new one, then the change.

Nothing here tells a caller whether the new number is another borrower's: it is sent nothing then, and no code is right.
"""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from respite.identity import challenges, step_up
from respite.identity.challenges import Purpose, State, VerificationStatus, begun, status, trace
from respite.identity.links import links
from respite.identity.risk.decisions import Occasion, decide
from respite.identity.risk.signals import Outcome
from respite.identity.senders import SendCode
from respite.languages import to_traditional, written_in
from respite.policies.model import Language, Policy
from respite.store.audit import record
from respite.store.encryption import cipher
from respite.store.models import Borrower, Verification
from respite.store.turns import wait_for_turn
from respite.support.outbox import add_line

NOTICE: dict[Language, str] = {
    "en": "The phone number of this account was changed. If that was not you, call us on {support_phone}.",
    "zh": "本账户的手机号已更换。如果不是您本人操作，请拨打{support_phone}。",
}


def begin(session: Session, conversation_id: str, now: datetime, send: SendCode) -> VerificationStatus:
    """Send a code to the number on file, however fresh the last one is."""
    return step_up.begin(session, conversation_id, Purpose.CONTACT_CHANGE, now, send)


def check_old_number(
    session: Session, conversation_id: str, code: str, now: datetime, address: str | None = None
) -> VerificationStatus:
    """Try the code sent to the number on file; after the right one, the new number is awaited."""
    row = begun(session, conversation_id)
    if challenges.try_code(session, row, code, now, address):
        step_up.accept(session, row, now)
        row.purpose, row.state = Purpose.NEW_NUMBER, State.AWAITING_PHONE
    return status(session, conversation_id)


def take_number(
    session: Session,
    conversation_id: str,
    phone: str,
    policy: Policy,
    now: datetime,
    send: SendCode,
    address: str | None = None,
) -> VerificationStatus:
    """Send a code to the new number (E.164), unless risk control wants a person to look first.

    Where the code sent to the number on file is no longer fresh, that one is sent another instead.
    """
    row = begun(session, conversation_id)
    if not step_up.is_fresh(row.stepped_up_at, policy.identity, now):
        return begin(session, conversation_id, now, send)
    borrower = session.get_one(Borrower, row.borrower_id)
    outcome = decide(session, Occasion.CONTACT_CHANGE, conversation_id, borrower, policy, now, new_phone=phone)
    if outcome is Outcome.REFUSE:
        row.state = State.REFUSED
        trace(session, row, "contact_change_refused", now)
    else:
        row.new_phone = phone
        is_free = not _belongs_to_another(session, borrower, phone)
        challenges.ask_for_code(session, row, phone, now, send, may_receive=is_free, address=address)
    return status(session, conversation_id)


def check_new_number(
    session: Session, conversation_id: str, code: str, policy: Policy, now: datetime, address: str | None = None
) -> VerificationStatus:
    """Try the code sent to the new number; the right one puts it in the place of the one on file."""
    row = begun(session, conversation_id)
    if challenges.try_code(session, row, code, now, address):
        _change(session, row, policy, now)
    return status(session, conversation_id)


def _change(session: Session, row: Verification, policy: Policy, now: datetime) -> None:
    """Change the number, unless it has become another borrower's by now, and say so in the borrower's other chats."""
    borrower, phone = session.get_one(Borrower, row.borrower_id), row.new_phone
    assert phone is not None, "a code is sent to a new number before one is tried"
    wait_for_turn(session, "phone numbers")
    if _belongs_to_another(session, borrower, phone):
        challenges.refuse_code(session, row, now)
        return
    borrower.phone, borrower.phone_index = phone, cipher().blind_index(phone)
    row.state, row.new_phone = State.VERIFIED, None
    for chat in links(session, borrower.id):
        if chat.id != row.conversation_id:
            add_line(session, chat, _notice(chat.language, policy), now)
    record(
        session,
        actor=f"borrower:{borrower.id}",
        action="phone_changed",
        subject=f"borrower:{borrower.reference}",
        details={"conversation": row.conversation_id},
        at=now,
    )


def _belongs_to_another(session: Session, borrower: Borrower, phone: str) -> bool:
    others = Borrower.phone_index == cipher().blind_index(phone), Borrower.id != borrower.id
    return session.scalars(select(exists().where(*others))).one()


def _notice(language: str, policy: Policy) -> str:
    words = NOTICE[written_in(language)].format(support_phone=policy.lender.support_phone)
    return to_traditional(words) if language == "zh-Hant" else words
