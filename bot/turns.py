"""One turn: the next message that waits, what Rasa is told about it, and the answer as it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.buttons import was_pressed
from bot.engine.language import detect_language
from bot.inbox import VERIFY_IDENTITY
from bot.outbox import add_answer
from bot.rasa_client import Utterance
from bot.replies import for_borrower
from respite.identity import verification
from respite.identity.verification import State
from respite.store.models import ButtonPress, Conversation, InboxMessage, Verification
from respite.support.conversations import BOT, locked_conversation
from respite.support.messages import Message


@dataclass(frozen=True)
class Turn:
    """A message that the bot, owner under `owner_version`, is to answer, and what to tell Rasa, in order."""

    conversation_id: str
    inbox_id: int
    language: str
    owner_version: int
    utterances: tuple[Utterance, ...]


def waiting_conversations(session: Session) -> Sequence[str]:
    """The conversations in which a message waits for an answer."""
    return session.scalars(select(InboxMessage.conversation_id).where(InboxMessage.state == "pending").distinct()).all()


def next_turn(session: Session, conversation_id: str) -> Turn | None:
    """The oldest message of a conversation that the bot has to answer; those for staff are passed over."""
    conversation = locked_conversation(session, conversation_id)
    pending = session.scalars(
        select(InboxMessage)
        .where(InboxMessage.conversation_id == conversation_id, InboxMessage.state == "pending")
        .order_by(InboxMessage.id)
    ).all()
    if not pending:
        return None
    if conversation.owner != BOT:
        for inbox in pending:
            inbox.state = "for_staff"
        return None
    utterances = _utterances(session, conversation, pending[0])
    return Turn(conversation_id, pending[0].id, conversation.language, conversation.owner_version, utterances)


def finish(session: Session, turn: Turn, answers: Sequence[Message], now: datetime) -> None:
    """Write the answers and mark the message answered, both or neither."""
    conversation = locked_conversation(session, turn.conversation_id)
    inbox = session.get_one(InboxMessage, turn.inbox_id)
    for answer in answers:
        shown = for_borrower(session, conversation, answer, now)
        add_answer(session, conversation, inbox, shown, turn.owner_version, now)
    if len(turn.utterances) > 1:
        verification.take_interrupted_question(session, conversation.id)
    inbox.state = "answered"


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
    """Once a sign-in has succeeded: the question that it interrupted, told again as it was first told."""
    row = session.get(Verification, conversation.id)
    if row is None or row.state != State.VERIFIED or row.interrupted_question is None:
        return ()
    question = row.interrupted_question
    if was_pressed(session, conversation.id, question):
        return (Utterance(payload=question, language=conversation.language),)
    return (Utterance(text=question, language=conversation.language),)
