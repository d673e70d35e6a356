"""A person takes a conversation over. From that commit on the bot is silent, and the borrower sees who joined."""

from datetime import datetime

from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.policies.support import Reason
from respite.staff.accounts import actor_of
from respite.staff.roles import StaffRole
from respite.store.models import Handoff, StaffMember
from respite.support.conversations import BOT
from respite.support.handoffs import note, open_handoff, request_handoff, taken_by, taken_handoff
from respite.support.ownership import AlreadyOwnedError, TakeoverRefusedError, change_owner, owner_of, tell
from respite.support.presence import note_taken


class NobodyWaitsError(TakeoverRefusedError):
    """The borrower wants nobody any more."""

    def __init__(self) -> None:
        super().__init__("Nobody waits in this conversation any more.")


class SupervisorsOnlyError(TakeoverRefusedError):
    def __init__(self) -> None:
        super().__init__("Only a supervisor steps into a conversation that somebody has.")


def claim(session: Session, conversation_id: str, by: StaffMember, now: datetime) -> Handoff:
    """Take a waiting conversation. Claiming what one has already changes nothing.

    Raises AlreadyOwnedError or NobodyWaitsError; nothing is written then.
    """
    with session.begin_nested():
        if not change_owner(session, conversation_id, BOT, actor_of(by)):
            return _own(session, conversation_id, by)
        handoff = open_handoff(session, conversation_id)
        if handoff is None:
            raise NobodyWaitsError
        taken_by(handoff, by, now)
        note(session, handoff, "handoff_taken", actor_of(by), now)
        note_taken(session, by.id, now)
        tell(session, conversation_id, "joined", now, name=by.name)
        return handoff


def begin(session: Session, conversation_id: str, by: StaffMember, policy: Policy, now: datetime) -> Handoff:
    """Take a conversation over although nobody asked for a person. Raises AlreadyOwnedError."""
    with session.begin_nested():
        request_handoff(session, conversation_id, Reason.STAFF, now, policy=policy, actor=actor_of(by))
        return claim(session, conversation_id, by, now)


def step_in(session: Session, conversation_id: str, by: StaffMember, policy: Policy, now: datetime) -> Handoff:
    """A supervisor takes a conversation, whoever has it. Raises SupervisorsOnlyError or AlreadyOwnedError."""
    if not StaffRole(by.role).includes(StaffRole.SUPERVISOR):
        raise SupervisorsOnlyError
    owner = owner_of(session, conversation_id)
    if owner is None:
        return begin(session, conversation_id, by, policy, now)
    with session.begin_nested():
        if owner.id == by.id or not change_owner(session, conversation_id, actor_of(owner), actor_of(by)):
            return _own(session, conversation_id, by)
        handoff = taken_by(taken_handoff(session, conversation_id), by, now)
        note(session, handoff, "handoff_stepped_in", actor_of(by), now, instead_of=owner.id)
        note_taken(session, by.id, now)
        tell(session, conversation_id, "stepped_in", now, leaving=owner.name, name=by.name)
        return handoff


def _own(session: Session, conversation_id: str, by: StaffMember) -> Handoff:
    """The handoff that `by` has already. Raises AlreadyOwnedError where it is somebody else's."""
    owner = owner_of(session, conversation_id)
    if owner is None:
        raise NobodyWaitsError
    if owner.id != by.id:
        raise AlreadyOwnedError(owner)
    return taken_handoff(session, conversation_id)
