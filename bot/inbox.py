"""Taking in what a borrower sends: stored once, with nothing in it that must not travel on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.flooding import FLOODING, begins_to_flood, has_sent_enough_files, is_flooding
from bot.idle import sign_out_if_idle
from bot.incoming import CHANGE_LANGUAGE, REQUESTS, VERIFY_IDENTITY, Incoming, Receipt, ReceivedFile
from bot.scripts import is_in_another_script
from bot.texts import translate
from respite.contact.pauses import pause_outreach
from respite.identity import answers, challenges, step_up
from respite.identity.challenges import Purpose, State
from respite.identity.masking import mask_digits, mask_identifiers
from respite.identity.numbers import find_code, find_phone_number, is_only_a_number
from respite.identity.senders import SendCode
from respite.policies.load import policy
from respite.store.announcements import announce
from respite.store.models import ButtonPress, Conversation, InboxMessage
from respite.support.attachments import AttachmentRefusedError, keep
from respite.support.buttons import ButtonError, offer, press, pressed_by_us, with_buttons
from respite.support.conversations import (
    BOT,
    is_borrowers_own,
    locked_conversation,
    recent_messages,
    request_language,
)
from respite.support.handoffs import request_handoff
from respite.support.messages import File, Message
from respite.support.outbox import add_answer, add_line, add_notice, add_said

LONGEST_MESSAGE = 2_000
SHOWN_OF_A_LONG_MESSAGE = 200
UNREAD_SCRIPT = "I can read English and Chinese. Could you write in one of them, or ask for a person?"
FILE_KEPT = "I have your file %(name)s and pass it on to our staff, who look at it. Your reference is %(reference)s."
TOO_LONG = "This message is longer than %(limit)s characters, so I could not read it. Please send it in shorter parts."
FILE_IN_A_FLOOD = "That is a lot at once, and I have not taken this file. Please send it again in a minute."
ENOUGH_FILES = "That is as many files as I can take in a day. Please send the others tomorrow, or ask for a person."
STOPPED = (
    "Reminders from us have stopped. What you owe and its due dates stay the same; you can ask me here at any time."
)
FILE_OF_A_STRANGER = "I can take files once I know who you are. Please sign in first: tell me your phone number."
CODE_MAY_COME = (State.AWAITING_CODE, State.FAILED, State.LOCKED)


@dataclass(frozen=True)
class Accepted:
    """How a message is kept: what is shown of it, its button, and an answer if it needs none from Rasa."""

    shown: str
    button: str | None = None
    answer: Message | None = None
    files: tuple[File, ...] = ()
    was_awaited: bool = False
    """Whether it is the phone number or the code that was asked for."""


@dataclass(frozen=True)
class Intake:
    """Takes messages in. `country` (ISO 3166) is where phone numbers without a prefix belong."""

    country: str
    send_code: SendCode

    def accept(self, session: Session, incoming: Incoming, now: datetime) -> Receipt:
        """Store a message and show it in the chat."""
        conversation = locked_conversation(session, incoming.conversation_id)
        if _came_before(session, conversation.channel, incoming.external_id):
            return Receipt.REPEATED
        sign_out_if_idle(session, conversation, now)
        conversation.last_active_at = now
        accepted = self._look_at(session, conversation, incoming, now)
        if not accepted.was_awaited and conversation.owner == BOT:
            step_up.leave(session, conversation.id, now)
        inbox = _store(session, conversation, incoming.external_id, accepted, now)
        add_said(session, conversation, inbox, Message(text=accepted.shown, files=accepted.files), now)
        if accepted.answer and conversation.owner == BOT:
            answer = with_buttons(accepted.answer, lambda button: offer(session, conversation.id, button, now))
            add_answer(session, conversation, inbox, answer, conversation.owner_version, now)
        elif accepted.answer:
            add_notice(session, conversation, accepted.answer, now)
        if not is_flooding(session, conversation.id, now):
            return Receipt.FOR_STAFF if inbox.state == "for_staff" else Receipt.TAKEN
        if begins_to_flood(session, conversation.id):
            add_line(session, conversation, translate(conversation.language, FLOODING), now)
        return Receipt.SLOWED

    def _look_at(self, session: Session, conversation: Conversation, incoming: Incoming, now: datetime) -> Accepted:
        if incoming.answer:
            return Accepted(shown=mask_identifiers(incoming.text), answer=incoming.answer)
        if incoming.button:
            return _press(session, conversation, incoming.button, now)
        if incoming.request:
            return _request(session, conversation, incoming.request, now)
        if incoming.file:
            return _take_file(session, conversation, incoming.file, incoming.text, now)
        if conversation.owner != BOT and not is_only_a_number(incoming.text):  # it may be a code, for nobody to read
            return Accepted(shown=mask_identifiers(incoming.text))
        if len(incoming.text) > LONGEST_MESSAGE:
            return _too_long(conversation, incoming.text)
        if self._belongs_to_sign_in(session, incoming, now):
            checked = pressed_by_us(session, conversation.id, VERIFY_IDENTITY, now)
            return Accepted(shown=mask_digits(incoming.text), button=checked.reference, was_awaited=True)
        shown = mask_identifiers(incoming.text)
        if is_in_another_script(incoming.text):
            return Accepted(shown=shown, answer=_said(conversation, UNREAD_SCRIPT))
        return Accepted(shown=shown)

    def _belongs_to_sign_in(self, session: Session, incoming: Incoming, now: datetime) -> bool:
        """While a phone number or a code is awaited, act on one that a text holds."""
        conversation_id, text = incoming.conversation_id, incoming.text
        awaited = challenges.status(session, conversation_id)
        if awaited.state in (State.NOT_BEGUN, State.VERIFIED):
            return False
        if phone := find_phone_number(text, self.country):
            answers.take_number(session, conversation_id, phone, policy(), now, self.send_code, incoming.address)
            return True
        if awaited.state in CODE_MAY_COME and (code := find_code(text)):
            answers.take_code(session, conversation_id, code, policy(), now, incoming.address)
            return True
        return awaited.purpose is not Purpose.SIGN_IN and is_only_a_number(text)


def accept_language(session: Session, conversation_id: str, language: str, external_id: str, now: datetime) -> None:
    """Go on in the language (en, zh-Hans, zh-Hant) that a borrower chose, and say so once they talk to us."""
    conversation = locked_conversation(session, conversation_id)
    request_language(session, conversation_id, language)
    if not recent_messages(session, conversation_id, limit=1):
        return
    payload = f'{CHANGE_LANGUAGE}{{"language_request": "{language}"}}'
    chosen = pressed_by_us(session, conversation_id, payload, now)
    _store(session, conversation, external_id, Accepted(shown="", button=chosen.reference), now)
    announce(session, conversation)


def _came_before(session: Session, channel: str, external_id: str) -> bool:
    query = select(InboxMessage.id).where(InboxMessage.channel == channel, InboxMessage.external_id == external_id)
    return session.scalar(query) is not None


def _press(session: Session, conversation: Conversation, reference: str, now: datetime) -> Accepted:
    try:
        button = press(session, conversation, reference, now)
    except ButtonError as refusal:
        return Accepted(shown="…", answer=_said(conversation, str(refusal)))
    return Accepted(shown=button.title, button=button.reference)


def _request(session: Session, conversation: Conversation, name: str, now: datetime) -> Accepted:
    """Pass on a request of the menu, but stop reminders at once: whoever has the conversation, signed in or not."""
    request = REQUESTS[name]
    shown = translate(conversation.language, request.words)
    if name == "stop" and conversation.borrower_id:
        pause_outreach(session, conversation.borrower_id, "opted_out", now)
        return Accepted(shown=shown, answer=_said(conversation, STOPPED))
    return Accepted(shown=shown, button=pressed_by_us(session, conversation.id, request.payload, now).reference)


def _take_file(session: Session, conversation: Conversation, file: ReceivedFile, text: str, now: datetime) -> Accepted:
    """Keep a file for staff: those who talk to the borrower already, or those who are asked to look at it."""
    shown = mask_identifiers(text or file.name)
    if conversation.signed_in_borrower is None:
        return Accepted(shown=shown, answer=_said(conversation, FILE_OF_A_STRANGER))
    if is_flooding(session, conversation.id, now):
        return Accepted(shown=shown, answer=_said(conversation, FILE_IN_A_FLOOD))
    if has_sent_enough_files(session, conversation.id, now):
        return Accepted(shown=shown, answer=_said(conversation, ENOUGH_FILES))
    try:
        kept = keep(session, conversation.id, file.name, file.content, now)
    except AttachmentRefusedError as refusal:
        return Accepted(shown=shown, answer=_said(conversation, str(refusal)))
    if conversation.owner != BOT:
        return Accepted(shown=shown, files=(kept,))
    handoff = request_handoff(session, conversation.id, "document", now)
    answer = _said(conversation, FILE_KEPT, name=kept.name, reference=handoff.reference)
    return Accepted(shown=shown, files=(kept,), answer=answer)


def _too_long(conversation: Conversation, text: str) -> Accepted:
    shown = mask_digits(text[:SHOWN_OF_A_LONG_MESSAGE]) + "…"
    return Accepted(shown=shown, answer=_said(conversation, TOO_LONG, limit=LONGEST_MESSAGE))


def _said(conversation: Conversation, text: str, **values: object) -> Message:
    return Message(text=translate(conversation.language, text, **values))


def _store(
    session: Session, conversation: Conversation, external_id: str, accepted: Accepted, now: datetime
) -> InboxMessage:
    pressed = session.get_one(ButtonPress, accepted.button) if accepted.button else None
    is_own = pressed is not None and is_borrowers_own(session, conversation.id, pressed.payload)
    unanswered = "pending" if conversation.owner == BOT or is_own else "for_staff"
    inbox = InboxMessage(
        conversation_id=conversation.id,
        channel=conversation.channel,
        external_id=external_id,
        content=accepted.shown,
        button_reference=accepted.button,
        is_borrowers_own=is_own,
        received_at=now,
        state="answered" if accepted.answer else unanswered,
    )
    session.add(inbox)
    session.flush()
    return inbox
