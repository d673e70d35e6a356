"""A conversation goes on to somebody else: to a colleague, to a team, or back in line when its owner is gone."""

from datetime import datetime

from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.staff.accounts import actor_of, find
from respite.store.models import Handoff, StaffMember
from respite.support import presence
from respite.support.approvals import withdraw_requests
from respite.support.conversations import BOT
from respite.support.fresh_start import let_the_bot_begin_afresh
from respite.support.handoffs import note, taken_by, taken_handoff, waits_again
from respite.support.notes import add_note
from respite.support.ownership import NotOwnerError, TakeoverRefusedError, change_owner, tell


class ColleagueAwayError(TakeoverRefusedError):
    """A conversation is passed on only to somebody who is there."""

    def __init__(self) -> None:
        super().__init__("This colleague is not there at the moment. Choose another one, or a team.")


class UnknownTeamError(TakeoverRefusedError):
    def __init__(self, skill: str, policy: Policy) -> None:
        known = ", ".join(policy.support.skills)
        super().__init__("There is no team for %(skill)s. Choose one of %(known)s.", skill=skill, known=known)


def transfer(session: Session, conversation_id: str, by: StaffMember, to_id: int, about: str, now: datetime) -> Handoff:
    """Pass one's conversation on to a present colleague, with a private note.

    Raises ColleagueAwayError or NotOwnerError; nothing is written then.
    """
    to = find(session, to_id)
    if to is None or to.deactivated_at or not presence.is_present(session, to_id, now):
        raise ColleagueAwayError
    with session.begin_nested():
        if not change_owner(session, conversation_id, actor_of(by), actor_of(to)):
            raise NotOwnerError
        handoff = taken_by(taken_handoff(session, conversation_id), to, now)
        add_note(session, conversation_id, by, about, now)
        note(session, handoff, "handoff_transferred", actor_of(by), now, to=to.id)
        presence.note_taken(session, to.id, now)
        tell(session, conversation_id, "passed_on", now, leaving=by.name, name=to.name)
        return handoff


def transfer_to_team(
    session: Session, conversation_id: str, by: StaffMember, skill: str, about: str, policy: Policy, now: datetime
) -> Handoff:
    """Put one's conversation back in line for whoever has a skill, with a private note.

    Raises UnknownTeamError or NotOwnerError; nothing is written then.
    """
    if skill not in policy.support.skills:
        raise UnknownTeamError(skill, policy)
    with session.begin_nested():
        if not change_owner(session, conversation_id, actor_of(by), BOT):
            raise NotOwnerError
        handoff = waits_again(taken_handoff(session, conversation_id))
        handoff.skill = skill
        add_note(session, conversation_id, by, about, now)
        note(session, handoff, "handoff_transferred", actor_of(by), now, to=skill)
        tell(session, conversation_id, "passed_to_team", now, leaving=by.name, reference=handoff.reference)
        withdraw_requests(session, conversation_id, actor_of(by), now)
        let_the_bot_begin_afresh(session, conversation_id, now)
        return handoff


def put_back(session: Session, conversation_id: str, owner: StaffMember, why: str, now: datetime) -> bool:
    """Put a conversation whose owner is `silent` or `offline` back in line, with the deadline that it had.

    False where it is not theirs any more.
    """
    if not change_owner(session, conversation_id, actor_of(owner), BOT):
        return False
    handoff = waits_again(taken_handoff(session, conversation_id))
    note(session, handoff, "handoff_put_back", "system", now, why=why, instead_of=owner.id)
    tell(session, conversation_id, "put_back", now, leaving=owner.name, reference=handoff.reference)
    withdraw_requests(session, conversation_id, "system", now)
    let_the_bot_begin_afresh(session, conversation_id, now)
    return True
