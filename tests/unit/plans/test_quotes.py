"""Quotes: an offer written down, and which of them waits for consent."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.plans.offers import Offer, restructuring_offer, restructuring_offers
from respite.plans.quotes import latest_quotes, show_quote, shown_quote, withdraw_shown_quote, write_quote
from respite.plans.terms import PlanTerms, terms_hash
from respite.policies.load import policy
from respite.store.loan_book import account_of
from respite.store.models import AuditEntry, Conversation, Loan, Quote
from tests.conversations.borrowers import add_borrower
from tests.unit.plans import desk


@pytest.fixture
def offers(session: Session) -> list[Offer]:
    return offers_to_somebody(session)


@pytest.fixture
def chat(session: Session, offers: list[Offer]) -> Conversation:
    return desk.converse(session, offers[0].account.loan.borrower_id)


def offers_to_somebody(session: Session) -> list[Offer]:
    loan = add_borrower(session, "late", policy(), desk.TODAY).loans[0]
    session.expire(loan)
    return restructuring_offers(account_of(session.get_one(Loan, loan.id), policy(), desk.TODAY))


def write(session: Session, chat: Conversation, *offers: Offer, minutes: int = 0) -> list[Quote]:
    now = desk.NOW + minutes * desk.MINUTE
    return [write_quote(session, offer, conversation_id=chat.id, language="zh", now=now) for offer in offers]


def test_a_quote_seals_the_terms_with_loan_policy_and_language(
    session: Session, chat: Conversation, offers: list[Offer]
) -> None:
    [quote] = write(session, chat, offers[0])
    loan = offers[0].account.loan
    assert quote.terms == PlanTerms.of(offers[0]).as_json()
    assert quote.terms_hash == terms_hash(quote.terms, loan.version, policy().version, "zh")
    assert (quote.borrower_id, quote.loan_id, quote.loan_version) == (loan.borrower_id, loan.id, loan.version)
    assert (quote.business_date, quote.policy_version) == (desk.TODAY, policy().version)
    assert quote.expires_at - quote.created_at == timedelta(minutes=policy().quote_minutes)


def test_a_quote_leaves_a_trace_without_its_sums(session: Session, chat: Conversation, offers: list[Offer]) -> None:
    [quote] = write(session, chat, offers[0])
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject) == ("plan_quoted", f"quote:{quote.id}")
    assert set(entry.details) == {"loan", "kind", "authority", "terms_hash"}


def test_one_quote_waits_for_consent(session: Session, chat: Conversation, offers: list[Offer]) -> None:
    first, second = write(session, chat, *offers[:2])
    assert shown_quote(session, chat.id) is None
    assert show_quote(session, first.id, chat.id) is first
    assert show_quote(session, second.id, chat.id) is second
    assert shown_quote(session, chat.id) is second
    session.refresh(first)
    assert first.state == "withdrawn"


def test_a_quote_can_be_looked_at_again(session: Session, chat: Conversation, offers: list[Offer]) -> None:
    [quote] = write(session, chat, offers[0])
    assert show_quote(session, quote.id, chat.id) is quote
    assert show_quote(session, quote.id, chat.id) is quote
    assert shown_quote(session, chat.id) is quote


def test_a_quote_that_was_withdrawn_is_gone(session: Session, chat: Conversation, offers: list[Offer]) -> None:
    [quote] = write(session, chat, offers[0])
    show_quote(session, quote.id, chat.id)
    withdraw_shown_quote(session, chat.id)
    session.refresh(quote)
    assert shown_quote(session, chat.id) is None
    assert show_quote(session, quote.id, chat.id) is None
    assert latest_quotes(session, chat.id) == []


def test_the_latest_quotes_are_those_of_the_latest_choice_cheapest_first(
    session: Session, chat: Conversation, offers: list[Offer]
) -> None:
    write(session, chat, offers[0])
    newer = write(session, chat, *reversed(offers), minutes=1)
    assert latest_quotes(session, chat.id) == sorted(newer, key=lambda quote: quote.terms["total"])


def test_a_quote_of_another_conversation_is_none_of_this_one(
    session: Session, chat: Conversation, offers: list[Offer]
) -> None:
    [quote] = write(session, chat, offers[0])
    other = desk.converse(session, chat.borrower_id)
    assert show_quote(session, quote.id, other.id) is None
    assert show_quote(session, quote.id, chat.id) is quote
    assert shown_quote(session, other.id) is None
    assert latest_quotes(session, other.id) == []


@pytest.mark.parametrize("is_signed_out", [True, False])
def test_whoever_signs_in_after_somebody_else_finds_none_of_their_quotes(
    session: Session, chat: Conversation, offers: list[Offer], is_signed_out: bool
) -> None:
    [quote] = write(session, chat, offers[0])
    show_quote(session, quote.id, chat.id)
    somebody_else = add_borrower(session, "late", policy(), desk.TODAY)
    chat.borrower_id = None if is_signed_out else somebody_else.id
    session.flush()
    assert shown_quote(session, chat.id) is None
    assert latest_quotes(session, chat.id) == []
    assert show_quote(session, quote.id, chat.id) is None


def test_the_same_plan_is_quoted_the_same(session: Session, offers: list[Offer]) -> None:
    account = offers[0].account
    again = restructuring_offer(account, len(offers[0].schedule))
    assert PlanTerms.of(again) == PlanTerms.of(offers[0])
