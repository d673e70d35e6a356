"""Taking in what a borrower sends: stored once, with nothing in it that must not travel on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.buttons import ButtonError, press, pressed_by_us
from bot.outbox import add_answer, add_said
from bot.scripts import is_in_another_script
from bot.texts import translate
from respite.identity import verification
from respite.identity.masking import mask_digits, mask_identifiers
from respite.identity.numbers import find_code, find_phone_number
from respite.identity.senders import SendCode
from respite.identity.verification import State
from respite.store.models import Conversation, InboxMessage
from respite.support.conversations import locked_conversation, recent_messages, request_language
from respite.support.messages import Message

LONGEST_MESSAGE = 2_000
SHOWN_OF_A_LONG_MESSAGE = 200
UNREAD_SCRIPT = "I can read English and Chinese. Could you write in one of them, or ask for a person?"
VERIFY_IDENTITY = "/verify_identity"
CHANGE_LANGUAGE = "/change_language"
CODE_MAY_COME = (State.AWAITING_CODE, State.FAILED, State.LOCKED)


@dataclass(frozen=True)
class Incoming:
    """What a channel received: a `text`, the reference of a `button`, or a `request` that it always offers.

    `external_id` is the channel's own, `address` the internet address it came from, where the channel knows one.
    """

    conversation_id: str
    external_id: str
    text: str = ""
    button: str = ""
    request: str = ""
    address: str | None = None


@dataclass(frozen=True)
class Request:
    """Something that can be asked for at any time without typing it."""

    words: str
    payload: str


REQUESTS = {"person": Request("I would like to talk to a person.", "/request_human")}


@dataclass(frozen=True)
class Accepted:
    """How a message is kept: what is shown of it, its button, and an answer if it needs none from Rasa."""

    shown: str
    button: str | None = None
    answer: str | None = None


@dataclass(frozen=True)
class Intake:
    """Takes messages in. `country` (ISO 3166) is where phone numbers without a prefix belong."""

    country: str
    send_code: SendCode

    def accept(self, session: Session, incoming: Incoming, now: datetime) -> bool:
        """Store a message and show it in the chat. False for one that came before."""
        conversation = locked_conversation(session, incoming.conversation_id)
        if _came_before(session, conversation.channel, incoming.external_id):
            return False
        accepted = self._look_at(session, conversation, incoming, now)
        inbox = _store(session, conversation, incoming.external_id, accepted, now)
        add_said(session, conversation, inbox, accepted.shown, now)
        if accepted.answer:
            answer = Message(text=accepted.answer)
            add_answer(session, conversation, inbox, answer, conversation.owner_version, now)
        return True

    def _look_at(self, session: Session, conversation: Conversation, incoming: Incoming, now: datetime) -> Accepted:
        if incoming.button:
            return _press(session, conversation, incoming.button, now)
        if incoming.request:
            return _request(session, conversation, REQUESTS[incoming.request], now)
        if len(incoming.text) > LONGEST_MESSAGE:
            return _too_long(conversation, incoming.text)
        if self._belongs_to_sign_in(session, incoming, now):
            checked = pressed_by_us(session, conversation.id, VERIFY_IDENTITY, now)
            return Accepted(shown=mask_digits(incoming.text), button=checked.reference)
        shown = mask_identifiers(incoming.text)
        if is_in_another_script(incoming.text):
            return Accepted(shown=shown, answer=translate(conversation.language, UNREAD_SCRIPT))
        return Accepted(shown=shown)

    def _belongs_to_sign_in(self, session: Session, incoming: Incoming, now: datetime) -> bool:
        """While a sign-in is under way, act on a phone number or a code that a text holds."""
        conversation_id, text = incoming.conversation_id, incoming.text
        state = verification.status(session, conversation_id).state
        if state in (State.NOT_BEGUN, State.VERIFIED):
            return False
        if phone := find_phone_number(text, self.country):
            verification.request_code(session, conversation_id, phone, now, self.send_code, incoming.address)
            return True
        if state in CODE_MAY_COME and (code := find_code(text)):
            verification.check_code(session, conversation_id, code, now)
            return True
        return False


def accept_language(session: Session, conversation_id: str, language: str, external_id: str, now: datetime) -> None:
    """Go on in the language (en, zh-Hans, zh-Hant) that a borrower chose, and say so once they talk to us."""
    conversation = locked_conversation(session, conversation_id)
    request_language(session, conversation_id, language)
    if not recent_messages(session, conversation_id, limit=1):
        return
    payload = f'{CHANGE_LANGUAGE}{{"language_request": "{language}"}}'
    chosen = pressed_by_us(session, conversation_id, payload, now)
    _store(session, conversation, external_id, Accepted(shown="", button=chosen.reference), now)


def _came_before(session: Session, channel: str, external_id: str) -> bool:
    query = select(InboxMessage.id).where(InboxMessage.channel == channel, InboxMessage.external_id == external_id)
    return session.scalar(query) is not None


def _press(session: Session, conversation: Conversation, reference: str, now: datetime) -> Accepted:
    try:
        button = press(session, conversation, reference, now)
    except ButtonError as refusal:
        return Accepted(shown="…", answer=translate(conversation.language, str(refusal)))
    return Accepted(shown=button.title, button=button.reference)


def _request(session: Session, conversation: Conversation, request: Request, now: datetime) -> Accepted:
    asked = pressed_by_us(session, conversation.id, request.payload, now)
    return Accepted(shown=translate(conversation.language, request.words), button=asked.reference)


def _too_long(conversation: Conversation, text: str) -> Accepted:
    answer = translate(
        conversation.language,
        "This message is longer than %(limit)s characters, so I could not read it. Please send it in shorter parts.",
        limit=LONGEST_MESSAGE,
    )
    return Accepted(shown=mask_digits(text[:SHOWN_OF_A_LONG_MESSAGE]) + "…", answer=answer)


def _store(
    session: Session, conversation: Conversation, external_id: str, accepted: Accepted, now: datetime
) -> InboxMessage:
    inbox = InboxMessage(
        conversation_id=conversation.id,
        channel=conversation.channel,
        external_id=external_id,
        content=accepted.shown,
        button_reference=accepted.button,
        received_at=now,
        state="answered" if accepted.answer else "pending",
    )
    session.add(inbox)
    session.flush()
    return inbox
