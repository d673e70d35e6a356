"""One question at the end: how was the conversation with a person? It is answered once."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from respite.store.models import Conversation, Handoff
from respite.support.conversations import speaker_of
from respite.support.handoffs import note
from respite.support.messages import Button, Message
from respite.support.outbox import add_notice
from respite.support.payloads import payload
from respite.support.words import words_in

SCORES = range(1, 6)


def ask_for_rating(session: Session, handoff: Handoff, name: str, now: datetime) -> None:
    """Ask how it was with the member of staff `name`, from 1 (poor) to 5 (very good)."""
    conversation = session.get_one(Conversation, handoff.conversation_id)
    text = words_in(conversation.language).say("rating_question", name=name, worst=SCORES[0], best=SCORES[-1])
    buttons = tuple(Button(title=str(score), payload=_means(handoff, score)) for score in SCORES)
    add_notice(session, conversation, Message(text=text, buttons=buttons), now)


def rate(session: Session, conversation_id: str, reference: str, score: int, now: datetime) -> bool:
    """Keep a borrower's answer, 1 to 5; False for one that was given already."""
    unrated = (
        update(Handoff)
        .where(Handoff.reference == reference, Handoff.conversation_id == conversation_id, Handoff.rating.is_(None))
        .values(rating=score, rated_at=now)
        .returning(Handoff.id)
    )
    if score not in SCORES or session.scalar(unrated) is None:
        return False
    handoff = session.scalars(
        select(Handoff).where(Handoff.reference == reference).execution_options(populate_existing=True)
    ).one()
    speaker = speaker_of(session.get_one(Conversation, conversation_id))
    note(session, handoff, "handoff_rated", speaker, now, rating=score)
    return True


def _means(handoff: Handoff, score: int) -> str:
    return payload("rate_conversation", rating=str(score), handoff_reference=handoff.reference)
