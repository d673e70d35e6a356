"""Invented borrowers who wait for a person, so that a demonstration has somebody to take over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.contact.pauses import pause_outreach
from respite.identity.verification import vouched_for
from respite.languages import written_in
from respite.plans.offers import best_offers
from respite.plans.quotes import write_quote
from respite.policies.support import Reason
from respite.store.demo_book import VISITORS
from respite.store.loan_book import LoanAccount
from respite.store.models import Borrower, Conversation, Handoff, InboxMessage
from respite.support.buttons import for_borrower
from respite.support.cases import open_case
from respite.support.circumstances import Circumstances
from respite.support.conversations import open_conversation
from respite.support.handoffs import request_handoff
from respite.support.messages import Message
from respite.support.outbox import add_answer, add_said
from respite.support.plan_cards import plans_card
from respite.support.queue import waiting_handoffs
from respite.support.vulnerability import Vulnerability, raise_flag
from respite.support.words import words_in

STORIES = Path(__file__).with_name("demo_queue.yml")
BETWEEN_MESSAGES = timedelta(seconds=20)
CHATS = "demo queue "
"""How the key of an invented chat begins."""

LONG_AGO = timedelta(hours=2)


@dataclass(frozen=True)
class Story:
    """One conversation to be invented, and whose it is; `account` is None for a stranger."""

    told: dict[str, Any]
    account: LoanAccount | None

    @property
    def borrower(self) -> Borrower | None:
        return self.account.loan.borrower if self.account else None


def add_demo_queue(session: Session, given: Circumstances) -> int:
    """Have invented borrowers of the demo loan book wait; returns how many do.

    Those who still wait since an earlier demonstration wait from now on, and nobody else then.
    """
    waiting = session.scalars(
        select(Handoff)
        .join(Handoff.conversation)
        .where(Handoff.state == "waiting", Conversation.chat_key.like(f"{CHATS}%"))
    ).all()
    for handoff in waiting:
        _wait_anew(handoff, given.now)
    for story in () if waiting else _stories(session, given):
        _live(session, story, given)
    return len(waiting_handoffs(session, given.now))


def _wait_anew(handoff: Handoff, now: datetime) -> None:
    if now - handoff.requested_at > LONG_AGO:
        shift = now - handoff.requested_at
        handoff.requested_at, handoff.due_at = now, handoff.due_at + shift
        handoff.callback_at = handoff.callback_offered_at = None


def _stories(session: Session, given: Circumstances) -> Iterator[Story]:
    """Each story with a borrower of its own."""
    told = yaml.safe_load(STORIES.read_text(encoding="utf-8"))
    chosen: set[int] = set()
    for each in told:
        account = _somebody(session, each, given, chosen) if "overdue" in each else None
        if account:
            chosen.add(account.loan.borrower_id)
        yield Story(each, account)


def _somebody(session: Session, told: dict[str, Any], given: Circumstances, chosen: set[int]) -> LoanAccount | None:
    """The first invented borrower who reads the language of a story and is overdue as it says."""
    least, most = told["overdue"]
    readers = select(Borrower).where(Borrower.language == told["language"]).order_by(Borrower.id)
    phones = {visitor.person.phone for visitor in VISITORS}
    for borrower in session.scalars(readers).all():
        if borrower.id in chosen or borrower.phone in phones:
            continue
        account = given.accounts(session, borrower.id)[0]
        if least <= account.position.days_past_due <= most and not account.active_plan:
            return account
    return None


def _live(session: Session, story: Story, given: Circumstances) -> None:
    """Say what the story says, and ask for a person at its end."""
    told, now = story.told, given.now - timedelta(minutes=story.told["minutes_ago"])
    conversation = open_conversation(session, "web", f"{CHATS}{uuid4().hex}", told["language"], now)
    if story.borrower:
        vouched_for(session, conversation.id, story.borrower.id, now)
    for said in told["said"]:
        now += BETWEEN_MESSAGES
        _say(session, conversation, story, said, given, now)
    if "case" in told:
        open_case(session, conversation.id, told["reason"], told["case"], now, policy=given.policy)
    if told["reason"] == Reason.DISTRESS and story.borrower:
        distress = Vulnerability.DISTRESS
        raise_flag(session, story.borrower.id, distress, actor="bot", policy=given.policy, now=now)
        pause_outreach(session, story.borrower.id, "distress", now)
    request_handoff(session, conversation.id, told["reason"], now, policy=given.policy)


def _say(
    session: Session,
    conversation: Conversation,
    story: Story,
    said: dict[str, Any],
    given: Circumstances,
    now: datetime,
) -> None:
    inbox = _heard(session, conversation, said.get("borrower", ""), now)
    if "borrower" in said:
        add_said(session, conversation, inbox, Message(text=said["borrower"]), now)
        return
    message = Message(text=said["bot"])
    if said.get("offers") and story.account:
        message = _offering(session, conversation, story.account, said["bot"], now)
    add_answer(session, conversation, inbox, message, conversation.owner_version, now)


def _heard(session: Session, conversation: Conversation, text: str, now: datetime) -> InboxMessage:
    inbox = InboxMessage(
        conversation_id=conversation.id,
        channel=conversation.channel,
        external_id=uuid4().hex,
        content=text,
        received_at=now,
        state="answered",
    )
    session.add(inbox)
    session.flush()
    return inbox


def _offering(session: Session, conversation: Conversation, account: LoanAccount, text: str, now: datetime) -> Message:
    """A message with the plans that policy has for a loan."""
    language = written_in(conversation.language)
    quotes = [
        write_quote(session, offer, conversation_id=conversation.id, language=language, now=now)
        for offer in best_offers(account)
    ]
    card = plans_card(words_in(conversation.language), account, quotes)
    return for_borrower(session, conversation, Message(text=text, card=card), now)
