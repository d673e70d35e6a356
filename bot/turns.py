"""One turn: the next message that waits, what Rasa is told about it, and the answer as it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.engine.language import detect_language
from bot.flooding import is_flooding
from bot.incoming import REQUEST_HUMAN, VERIFY_IDENTITY
from bot.rasa_client import Utterance
from bot.texts import translate
from respite.identity import verification
from respite.identity.challenges import Purpose, State
from respite.policies.load import policy
from respite.policies.support import Reason
from respite.store import processes
from respite.store.announcements import announce
from respite.store.models import ButtonPress, Conversation, InboxMessage, Verification
from respite.support.buttons import for_borrower, was_pressed
from respite.support.conversations import BOT, locked_conversation
from respite.support.handoffs import request_handoff
from respite.support.messages import Message
from respite.support.outbox import add_answer

MOST_ATTEMPTS = 3
MOST_LOSSES = 12
"""How often whoever is at a turn may die until that is given up as well: it may be the turn of which they die."""
PATIENCE = timedelta(seconds=2)
"""How long a message waits for Rasa before the borrower is told that it is away."""
AWAY = "I cannot reach your account just now; nothing was changed. I will answer you as soon as I can."
AWAY_UNSURE = "I cannot reach your account just now. As soon as I can, I will tell you what became of your message."
"""Where the message may have been acted on already."""
AWAY_IN_LINE = (
    "I cannot reach your account just now, but you are in line for a person, under %(reference)s. If it can't wait, "
    "call %(phone)s."
)
"""Where the message asks for a person."""
GIVEN_UP = (
    "I did not get an answer in time, so I cannot say whether this went through. "
    "A plan is booked only if you were given a reference number. "
    "Please ask me how your plan stands before you try again."
)


@dataclass(frozen=True)
class Turn:
    """A message that the bot, owner under `owner_version`, is to answer in one process, and what to tell Rasa."""

    conversation_id: str
    process_id: str
    inbox_id: int
    external_id: str
    received_at: datetime
    language: str
    owner_version: int
    utterances: tuple[Utterance, ...]
    is_slowed: bool = False


def waiting_conversations(session: Session) -> Sequence[str]:
    """The conversations in which a message waits for an answer."""
    return session.scalars(select(InboxMessage.conversation_id).where(InboxMessage.state == "pending").distinct()).all()


def is_answering(session: Session, conversation_id: str) -> bool:
    """Whether the bot is about to answer; not while the borrower knows that it is away."""
    oldest = (
        select(InboxMessage.error)
        .where(InboxMessage.conversation_id == conversation_id, InboxMessage.state == "pending")
        .order_by(InboxMessage.id)
        .limit(1)
    )
    return session.execute(oldest).one_or_none() == (None,)


def next_turn(session: Session, conversation_id: str, process_id: str, now: datetime) -> Turn | None:
    """The oldest message of a conversation that the bot has to answer; those for staff are passed over.

    The conversation is claimed for a process until nothing waits in it; None while another living process has it.
    """
    conversation = locked_conversation(session, conversation_id)
    if conversation.claimed_by != process_id and processes.is_alive(session, conversation.claimed_by, now):
        return None
    if conversation.owner != BOT:
        _pass_over_those_for_staff(session, conversation)
    oldest = session.scalars(_pending(conversation_id).limit(1)).first()
    has_died = conversation.claimed_by not in (None, process_id)
    conversation.claimed_by = process_id if oldest else None
    if not oldest:
        return None
    if has_died:  # whoever had it may have asked Rasa
        oldest.losses = max(oldest.losses, 1)
    utterances = _utterances(session, conversation, oldest)
    return Turn(
        conversation_id,
        process_id,
        oldest.id,
        oldest.external_id,
        oldest.received_at,
        conversation.language,
        conversation.owner_version,
        utterances,
        is_slowed=is_flooding(session, conversation_id, now),
    )


def finish(session: Session, turn: Turn, answers: Sequence[Message], now: datetime) -> None:
    """Write the answers and mark the message answered, both or neither.

    Nothing is written by a process that has lost the conversation: to another one, which then answers instead, or
    because what was said in it was erased.
    """
    conversation = locked_conversation(session, turn.conversation_id)
    if conversation.claimed_by != turn.process_id:
        return
    inbox = session.get_one(InboxMessage, turn.inbox_id)
    for answer in answers:
        shown = for_borrower(session, conversation, answer, now)
        add_answer(session, conversation, inbox, shown, turn.owner_version, now)
    if len(turn.utterances) > 1:
        verification.take_interrupted_question(session, conversation.id)
    inbox.state = "answered"
    inbox.error = None
    announce(session, conversation)


def say_away(session: Session, turn: Turn, reason: str, now: datetime, *, is_asked: bool = False) -> None:
    """Tell a borrower whose message has waited for a while that it will be answered later; once a message.

    `is_asked` says that Rasa is at it meanwhile. Whoever asks for a person is put in line for one.
    """
    conversation = locked_conversation(session, turn.conversation_id)
    if conversation.claimed_by != turn.process_id:
        return
    inbox = session.get_one(InboxMessage, turn.inbox_id)
    if inbox.error is None and now - inbox.received_at >= PATIENCE:
        inbox.error = reason
        if turn.utterances[0].payload.startswith(REQUEST_HUMAN):
            handoff = request_handoff(session, conversation.id, Reason.ASKED, now)
            phone = policy().lender.support_phone
            text = translate(turn.language, AWAY_IN_LINE, reference=handoff.reference, phone=phone)
        else:
            is_unsure = is_asked or inbox.attempts or inbox.losses
            text = translate(turn.language, AWAY_UNSURE if is_unsure else AWAY)
        add_answer(session, conversation, inbox, Message(text=text), turn.owner_version, now)


def count_failure(session: Session, turn: Turn, reason: str, now: datetime, *, has_died: bool) -> None:
    """Remember that a turn failed, or that whoever was at it `has_died`.

    After MOST_ATTEMPTS or MOST_LOSSES it is given up, which the borrower is told and staff see.
    """
    conversation = locked_conversation(session, turn.conversation_id)
    if conversation.claimed_by != turn.process_id:
        return
    inbox = session.get_one(InboxMessage, turn.inbox_id)
    inbox.losses += has_died
    inbox.attempts += not has_died
    if inbox.attempts >= MOST_ATTEMPTS or inbox.losses >= MOST_LOSSES:
        inbox.state, inbox.error = "dead", reason
        apology = Message(text=translate(turn.language, GIVEN_UP))
        add_answer(session, conversation, inbox, apology, turn.owner_version, now)


def _pending(conversation_id: str) -> Select[InboxMessage]:
    waiting = InboxMessage.conversation_id == conversation_id, InboxMessage.state == "pending"
    return select(InboxMessage).where(*waiting).order_by(InboxMessage.id)


def _pass_over_those_for_staff(session: Session, conversation: Conversation) -> None:
    for_staff = session.scalars(_pending(conversation.id).where(~InboxMessage.is_borrowers_own)).all()
    for inbox in for_staff:
        inbox.state = "for_staff"
    if for_staff:
        announce(session, conversation)


def _utterances(session: Session, conversation: Conversation, inbox: InboxMessage) -> tuple[Utterance, ...]:
    if inbox.button_reference is None:
        return (_text(conversation, inbox.content),)
    payload = session.get_one(ButtonPress, inbox.button_reference).payload
    pressed = Utterance(payload=payload, language=conversation.language)
    if payload == VERIFY_IDENTITY:
        return (pressed, *_interrupted_question(session, conversation))
    return (pressed,)


def _text(conversation: Conversation, text: str) -> Utterance:
    """A borrower's text, which also tells the language in which the conversation goes on, unless they asked for one."""
    if not conversation.requested_language:
        conversation.language = detect_language(text, conversation.language) or conversation.language
    return Utterance(text=text, language=conversation.language)


def _interrupted_question(session: Session, conversation: Conversation) -> tuple[Utterance, ...]:
    """Once the right code was typed: the question or the consent that it interrupted, told again as it was first told.

    What a step-up interrupted is a payload of ours; what a sign-in did may be a borrower's own words, which staff
    answer who have taken over meanwhile.
    """
    row = session.get(Verification, conversation.id)
    if row is None or row.state != State.VERIFIED or row.interrupted_question is None:
        return ()
    question = row.interrupted_question
    if row.purpose != Purpose.STEP_UP and conversation.owner != BOT:
        return ()
    if row.purpose == Purpose.STEP_UP or was_pressed(session, conversation.id, question):
        return (Utterance(payload=question, language=conversation.language),)
    return (Utterance(text=question, language=conversation.language),)
