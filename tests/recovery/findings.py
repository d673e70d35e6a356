"""What must hold once an installation has come to rest: read from the store, and from what borrowers saw."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.store.audit import flaws
from respite.store.models import Conversation, Handoff, InboxMessage, Loan, OutboxMessage, Plan, SupportCase
from respite.support.conversations import BORROWER
from respite.support.messages import Message
from tests.channels.telegram.look_alike import shown
from tests.recovery.borrowers import NEW_CODE, Borrower, is_answer
from tests.recovery.on_telegram import OnTelegram
from tests.recovery.on_the_web import OnTheWeb

REFERENCE = re.compile(r"\b[A-Z]-[A-Z0-9]{6}\b")
NUMBER = re.compile(r"\d+")
OPENING = 40
"""Characters by which a message is known again, however it was split."""

STATES = ("sent", "unknown")
Shapes = Mapping[str, tuple[str, ...]]
"""How each step of the script is answered, with # in the place of numbers and of references."""


@dataclass(frozen=True)
class Kept:
    """One borrower's side of the store: the rows of their messages by the id that they gave, and all that was said."""

    inbox: Mapping[str, InboxMessage]
    outbox: Sequence[OutboxMessage]

    def answers(self, message_id: str) -> list[str]:
        row = self.inbox.get(message_id)
        return [_text(said) for said in self.answered if row and said.inbox_id == row.id]

    @property
    def answered(self) -> Iterator[OutboxMessage]:
        return (row for row in self.outbox if is_answer(row.author, _text(row)))


def shapes_of(session: Session, borrower: Borrower) -> Shapes:
    """How a conversation is answered that nothing disturbs."""
    kept = _kept(session, borrower)
    return {sent.step.name: _shape(kept.answers(sent.id)) for sent in borrower.sent}


def unknown_deliveries(session: Session, borrowers: Sequence[Borrower]) -> int:
    """How many messages staff would have to ask about, because a process died while it was sending them."""
    return sum(row.state == "unknown" for borrower in borrowers for row in _kept(session, borrower).outbox)


def everything_wrong(session: Session, borrowers: Sequence[Borrower], shapes: Shapes) -> list[str]:
    """A sentence for everything that is not as it must be."""
    wrong = [flaw.sentence for flaw in flaws(session)]
    for borrower in borrowers:
        for sentence in _wrong_with(session, borrower, _kept(session, borrower), shapes):
            wrong.append(f"{borrower.channel} {borrower.conversation_id}: {sentence}")
    return wrong


def _wrong_with(session: Session, borrower: Borrower, kept: Kept, shapes: Shapes) -> Iterator[str]:
    if not borrower.is_finished:
        yield "The conversation came to no end."
    for sent in borrower.sent:
        row = kept.inbox.get(sent.id)
        state = row.state if row else "lost"
        if state != "answered":
            yield f"{sent.step.name!r} is {state}."
        elif sent.step != NEW_CODE and (shape := _shape(kept.answers(sent.id))) != shapes[sent.step.name]:
            yield f"{sent.step.name!r} was answered with {shape}."
    for before, after in pairwise(row.inbox_id or 0 for row in kept.answered):
        if after < before:
            yield f"Message {after} was answered after message {before}."
    yield from _wrong_to_see(borrower, kept)
    yield from _wrong_in_the_books(session, borrower, kept)


def _wrong_to_see(borrower: Borrower, kept: Kept) -> Iterator[str]:
    match borrower:
        case OnTheWeb():
            seen, written = [message["id"] for message in borrower.seen], [row.id for row in kept.outbox]
            if seen != written:
                yield f"They saw {seen}, and not {written}."
        case OnTelegram():
            yield from _wrong_deliveries(borrower, kept)


def _wrong_deliveries(borrower: OnTelegram, kept: Kept) -> Iterator[str]:
    """What is sent must have arrived once; what is unknown, once or not at all; nothing else."""
    arrived = Counter(shown(text)[:OPENING] for text in borrower.telegram.texts(borrower.number))
    to_be_sent = [row for row in kept.outbox if row.author != BORROWER]
    states = {state: Counter(_text(row)[:OPENING] for row in to_be_sent if row.state == state) for state in STATES}
    for opening, times in (states["sent"] + states["unknown"]).items():
        least = states["sent"][opening]
        if not least <= arrived[opening] <= times:
            yield f"{opening!r} arrived {arrived[opening]} times, and not {least} to {times}."
    if failed := [row.error for row in to_be_sent if row.state == "failed"]:
        yield f"{failed} could not be sent."


def _wrong_in_the_books(session: Session, borrower: Borrower, kept: Kept) -> Iterator[str]:
    conversation = session.get_one(Conversation, borrower.conversation_id)
    loans = session.scalars(select(Loan).where(Loan.borrower_id == conversation.borrower_id)).all()
    plans = [plan for loan in loans for plan in session.scalars(select(Plan).where(Plan.loan_id == loan.id))]
    cases = session.scalars(select(SupportCase).where(SupportCase.conversation_id == conversation.id)).all()
    handoffs = session.scalars(select(Handoff).where(Handoff.conversation_id == conversation.id)).all()
    told = {reference for row in kept.outbox for reference in REFERENCE.findall(_text(row))}
    theirs = {loan.reference for loan in loans}
    written: dict[str, Sequence[Plan | SupportCase | Handoff]] = {
        "plans": plans,
        "complaints": cases,
        "requests for a person": handoffs,
    }
    for name, rows in written.items():
        references = {row.reference for row in rows}
        theirs |= references
        if borrower.is_finished and len(rows) != 1:
            yield f"There are {len(rows)} {name}."
        if untold := references - told:
            yield f"They were not told {untold}."
    if strange := told - theirs:
        yield f"They were told {strange}, which is not theirs."


def _kept(session: Session, borrower: Borrower) -> Kept:
    of_conversation = {"conversation_id": borrower.conversation_id}
    inbox = session.scalars(select(InboxMessage).filter_by(**of_conversation).order_by(InboxMessage.id))
    outbox = session.scalars(select(OutboxMessage).filter_by(**of_conversation).order_by(OutboxMessage.id))
    return Kept({row.external_id.rpartition(":")[2]: row for row in inbox}, outbox.all())


def _text(row: OutboxMessage) -> str:
    return Message.model_validate_json(row.message).text


def _shape(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(NUMBER.sub("#", REFERENCE.sub("#", text)) for text in texts)
