"""A person has finished: the conversation goes back to the bot."""

from datetime import datetime

from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.staff.accounts import actor_of
from respite.store.models import Handoff, StaffMember
from respite.support.approvals import withdraw_requests
from respite.support.conversations import BOT
from respite.support.fresh_start import let_the_bot_begin_afresh
from respite.support.handoffs import note, taken_handoff
from respite.support.notes import add_note
from respite.support.ownership import NotOwnerError, TakeoverRefusedError, change_owner, tell
from respite.support.ratings import ask_for_rating


class UnknownWrapUpError(TakeoverRefusedError):
    def __init__(self, wrap_up: str, policy: Policy) -> None:
        known = ", ".join(policy.support.wrap_ups)
        super().__init__("%(code)s is no wrap-up code. Choose one of %(known)s.", code=wrap_up, known=known)


def return_to_bot(
    session: Session,
    conversation_id: str,
    by: StaffMember,
    *,
    wrap_up: str,
    about: str = "",
    policy: Policy,
    now: datetime,
) -> Handoff:
    """End one's conversation with a wrap-up code of the policy, and a private note `about` what was done.

    The bot begins afresh: no form and no question of before is open any more. The borrower is asked once how it was.
    Raises UnknownWrapUpError or NotOwnerError; nothing is written then.
    """
    if wrap_up not in policy.support.wrap_ups:
        raise UnknownWrapUpError(wrap_up, policy)
    with session.begin_nested():
        if not change_owner(session, conversation_id, actor_of(by), BOT):
            raise NotOwnerError
        handoff = taken_handoff(session, conversation_id)
        handoff.state, handoff.outcome, handoff.wrap_up, handoff.closed_at = "closed", "returned", wrap_up, now
        add_note(session, conversation_id, by, about, now)
        withdraw_requests(session, conversation_id, actor_of(by), now)
        note(session, handoff, "handoff_returned", actor_of(by), now, wrap_up=wrap_up)
        tell(session, conversation_id, "left", now, leaving=by.name)
        let_the_bot_begin_afresh(session, conversation_id, now)
        if policy.support.rating and handoff.answered_at:
            ask_for_rating(session, handoff, by.name, now)
        return handoff
