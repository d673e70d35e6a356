"""Calls back: offered when it takes too long or the desk is closed, at a time that the borrower chooses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.store.announcements import announce
from respite.store.models import Conversation, Handoff
from respite.support.conversations import locked_conversation, speaker_of
from respite.support.handoffs import TAKEN_BACK_BY_THE_BORROWER, note, open_handoff
from respite.support.hours import Desk, Period
from respite.support.messages import Button, Message
from respite.support.outbox import add_notice
from respite.support.payloads import payload
from respite.support.words import words_in
from respite.wording import Wording

CHOICES = 3


def callback_windows(policy: Policy, now: datetime) -> Sequence[Period]:
    """The next few spans of time in which staff can call back, on the lender's clock."""
    return tuple(islice(Desk.of(policy).windows(now, policy.support.callback_minutes), CHOICES))


def waiting_buttons(words: Wording, handoff: Handoff, policy: Policy, now: datetime) -> tuple[Button, ...]:
    """What whoever waits can choose: a time at which we call, or no longer wanting anybody."""
    calls = (
        Button(
            title=words.say(
                "callback_window", day=window.begin.date(), begin=window.begin.time(), end=window.end.time()
            ),
            payload=payload("request_human", callback_time=window.begin.isoformat()),
        )
        for window in callback_windows(policy, now)
    )
    return (*calls, *cancel_button(words, handoff))


def cancel_button(words: Wording, handoff: Handoff) -> tuple[Button, ...]:
    """The way out of the queue, where it is the borrower's wish alone that brought them there."""
    if handoff.reason not in TAKEN_BACK_BY_THE_BORROWER:
        return ()
    return (Button(title=words.say("cancel_button"), payload=payload("cancel", handoff_reference=handoff.reference)),)


def offer_callback(session: Session, handoff: Handoff, policy: Policy, now: datetime) -> None:
    """Tell whoever waits too long that we can call them instead. It is said once."""
    conversation = session.get_one(Conversation, handoff.conversation_id)
    handoff.callback_offered_at = now
    note(session, handoff, "callback_offered", "system", now)
    words = words_in(conversation.language)
    message = Message(text=words.say("callback_offer"), buttons=waiting_buttons(words, handoff, policy, now))
    add_notice(session, conversation, message, now)


def wish_callback(
    session: Session, conversation_id: str, begin: datetime, policy: Policy, now: datetime
) -> Handoff | None:
    """Keep the wish to be called from `begin` on; None where nobody waits any more, or that time is over."""
    conversation = locked_conversation(session, conversation_id)
    handoff = open_handoff(session, conversation_id)
    if handoff is None or handoff.state != "waiting" or begin <= now:
        return None
    handoff.callback_at = begin
    handoff.due_at = begin + timedelta(minutes=policy.support.callback_minutes)
    note(session, handoff, "callback_wished", speaker_of(conversation), now, at=begin.isoformat())
    announce(session, conversation)
    return handoff
