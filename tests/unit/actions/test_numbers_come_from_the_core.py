"""Every number in every reply comes from the core: none is typed into a response or computed in an action."""

import re
from collections.abc import Iterator, Set
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import select

from actions import turn
from actions.conversation import REPEATABLE
from actions.explanations import LATE_BY_DAYS
from respite import wording
from respite.clock import utc_now
from respite.formatting import Fact, format_fact
from respite.lending.account import cost_of_paying_late, penalty_per_day
from respite.lending.bill import bill
from respite.lending.money import Money
from respite.plans.booking import cancellable_until
from respite.plans.offers import (
    Offer,
    best_offers,
    deferral_offer,
    deferral_offers,
    offer_for_monthly_payment,
    restructuring_offer,
    restructuring_offers,
)
from respite.plans.refusals import PlanRefusedError
from respite.plans.terms import PlanTerms
from respite.policies.load import policy
from respite.store.loan_book import LoanAccount, accounts_of
from respite.store.models import Borrower, Conversation, Quote
from respite.store.session import transaction
from respite.support.callbacks import callback_windows
from respite.support.hours import Desk
from tests.conversations.borrowers import BORROWERS
from tests.databases import ON_SQLITE
from tests.unit.actions.talk import TODAY, Chat, Reply, chat_as, chat_with

pytestmark = ON_SQLITE

LANGUAGES = ("en", "zh")
PLACEHOLDER = re.compile(r"{\w+}")
QUESTIONS = (*REPEATABLE, "action_cancel_arrangement")
EXPLAINED = [
    "ask_how_to_pay",
    "ask_autopay",
    "ask_change_due_date",
    "ask_reminders",
    "ask_budget_advice",
    "ask_scam_check",
    "ask_privacy",
    "ask_credit_line",
    "change_contact",
    "pay_now",
]


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> list[Fact]:
    """Every value that actions put in words."""
    found: list[Fact] = []

    def noted(fact: Fact, language: str) -> str:
        found.append(fact)
        return format_fact(fact, language)

    for module in (turn, wording):
        monkeypatch.setattr(module, "format_fact", noted)
    return found


@pytest.mark.usefixtures("open_store")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("profile", BORROWERS)
def test_answers_to_questions(profile: str, language: str, facts: list[Fact]) -> None:
    chat = chat_as(profile, language)
    for action in QUESTIONS:
        check(chat, chat.run(action), facts)


@pytest.mark.usefixtures("open_store")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("profile", ["due_soon", "late", "two_loans", "bullet", "interest_free"])
def test_a_plan_from_the_first_word_to_its_end(profile: str, language: str, facts: list[Fact]) -> None:
    chat = chat_as(profile, language)
    check(chat, chat.run("action_ask_deferral_until"), facts)
    check(chat, chat.run("action_ask_restructuring_size"), facts)
    until = TODAY + timedelta(days=25)
    chat.slots["deferral_until"] = {"days": None, "until": until.isoformat()}
    check(chat, chat.run("action_quote_deferral"), facts)
    check(chat, chat.run("action_query_payoff"), facts)
    chat.slots["restructuring_size"] = {"count": 18, "monthly_payment": None}
    check(chat, chat.run("action_quote_restructuring"), facts)
    before = known_to_the_core(chat)
    booked = chat.run("action_affirm", text="/affirm")
    assert [reply.response for reply in booked] == ["utter_plan_booked"]
    check(chat, booked, facts, beside=before)
    for action in QUESTIONS:
        check(chat, chat.run(action), facts)
    check(chat, chat.run("action_confirm_cancel_arrangement"), facts)


@pytest.mark.usefixtures("open_store")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("profile", BORROWERS)
def test_wishes_that_policy_refuses(profile: str, language: str, facts: list[Fact]) -> None:
    chat = chat_as(profile, language)
    for days in (0, 31, 400):
        chat.slots["deferral_until"] = {"days": days, "until": None}
        check(chat, chat.run("action_quote_deferral"), facts)
    for size in (
        {"count": 60, "monthly_payment": None},
        {"count": 36, "monthly_payment": None},
        {"count": None, "monthly_payment": "0.01"},
    ):
        chat.slots["restructuring_size"] = size
        check(chat, chat.run("action_quote_restructuring"), facts)


@pytest.mark.usefixtures("open_store")
@pytest.mark.parametrize("language", LANGUAGES)
def test_promises_and_service(language: str, facts: list[Fact]) -> None:
    chat = chat_as("two_loans", language)
    for day in (TODAY + timedelta(days=3), TODAY + timedelta(days=60)):
        chat.slots["promise_date"] = day.isoformat()
        check(chat, chat.run("action_record_promise"), facts, beside={day})
    for intent in EXPLAINED:
        check(chat, chat.run("action_explain_topic", intent=intent), facts)
    for action in ("action_request_human", "action_report_distress", "action_make_complaint"):
        check(chat, chat.run(action), facts)
    check(chat, chat.run("action_query_bill", loan_reference="L-234567"), facts)


@pytest.mark.usefixtures("demo_store")
@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_to_borrowers_of_the_demo_loan_book(language: str, facts: list[Fact]) -> None:
    with transaction() as session:
        some = list(session.scalars(select(Borrower.id).order_by(Borrower.id)))[::12]
    for borrower_id in some:
        chat = chat_with(borrower_id, language)
        for action in QUESTIONS:
            check(chat, chat.run(action), facts)


def check(chat: Chat, replies: list[Reply], facts: list[Fact], beside: Set[Decimal | date] = frozenset()) -> None:
    """Each reply is whole, says no number that is not a fact, and no fact that the core does not know.

    `beside` are days that the borrower said, and what the core knew before a plan was booked.
    """
    assert replies
    for reply in replies:
        assert reply.response != "utter_action_failed", reply
        for words in reply.words:
            assert words.strip(), reply
            assert not PLACEHOLDER.search(words), words
            assert not re.search(r"\d", without(words, reply.facts)), (words, reply.facts)
    known = known_to_the_core(chat) | beside
    for fact in facts:
        value = abs(fact.amount) if isinstance(fact, Money) else fact
        assert value in known or not isinstance(value, Decimal | date), fact
    facts.clear()


def without(words: str, facts: tuple[str, ...]) -> str:
    """`words` with every fact that stands in them whole taken out, the longest first."""
    for fact in sorted({fact for fact in facts if fact}, key=len, reverse=True):
        words = re.sub(rf"(?<!\d)(?<!\d[.,]){re.escape(fact)}(?![.,]?\d)", "", words)
    return words


def known_to_the_core(chat: Chat) -> set[Decimal | date]:
    """Every amount, rate and date that the core answers with for the borrower of a conversation."""
    with transaction() as session:
        conversation = session.get_one(Conversation, chat.conversation_id)
        assert conversation.borrower_id is not None
        accounts = accounts_of(session, conversation.borrower_id, policy(), TODAY)
        quotes = session.scalars(select(Quote).where(Quote.conversation_id == conversation.id))
        terms = [PlanTerms.from_json(quote.terms) for quote in quotes]
        results: list[Any] = [policy(), terms, TODAY, *days_of_the_desk()]
        results += [plan.due_on(plan.until) for plan in terms]
        results += [dearer.costs_more_than(cheaper) for dearer, cheaper in permutations(terms, 2)]
        for account in accounts:
            results += results_of(account)
    values = {value for result in results for value in values_in(result)}
    return {abs(value) if isinstance(value, Decimal) else value for value in values} | {Decimal(0)}


def days_of_the_desk() -> list[date]:
    """The days on which staff are there next, or can call back."""
    now = utc_now()
    opens_at = Desk.of(policy()).opens_at(now)
    return [
        *(window.begin.date() for window in callback_windows(policy(), now)),
        *([opens_at.date()] if opens_at else ()),
    ]


def results_of(account: LoanAccount) -> Iterator[Any]:
    """What the core works out for one loan."""
    position, rules = account.position, account.policy.charge_rules
    yield from (position, account.schedule, account.payoff(), account.annual_rate)
    yield penalty_per_day(position, account.annual_rate, rules)
    yield rules.penalty_rate(account.annual_rate)
    yield from (Money.from_minor(each.amount_minor, "CNY") for each in account.loan.payments)
    yield from (each.received_on for each in account.loan.payments)
    for plan in account.loan.plans:
        yield from (plan.booked_on, cancellable_until(plan, account.policy), PlanTerms.from_json(plan.terms))
    if position.is_settled:
        return
    yield bill(position)
    oldest = position.remaining[0]
    for days in (*LATE_BY_DAYS, rules.grace_days + 1):
        late = days + oldest.days_past_due
        yield cost_of_paying_late(position, oldest.number, late, account.annual_rate, rules)
    for make in (best_offers, deferral_offers, restructuring_offers):
        yield from limits_of(account)
        try:
            yield from (PlanTerms.of(offer) for offer in make(account))
        except PlanRefusedError as refusal:
            yield [each.facts for each in refusal.refusals]


def limits_of(account: LoanAccount) -> Iterator[Any]:
    """Where plans end that a borrower may ask for, as the core's refusals say it."""
    far = TODAY + timedelta(days=3650)
    wishes = (
        lambda: deferral_offer(account, far),
        lambda: deferral_offer(account, TODAY - timedelta(days=3650)),
        lambda: restructuring_offer(account, 36),
        lambda: restructuring_offer(account, 600),
        lambda: offer_for_monthly_payment(account, Decimal("0.01")),
    )
    for wish in wishes:
        try:
            offer: Offer = wish()
        except PlanRefusedError as refusal:
            yield [each.facts for each in refusal.refusals]
        else:
            yield PlanTerms.of(offer)


def values_in(result: Any) -> Iterator[Any]:
    """Every value in a result: fields, properties and what they hold."""
    if isinstance(result, Decimal | date):
        yield result
    elif isinstance(result, dict):
        for value in result.values():
            yield from values_in(value)
    elif isinstance(result, list | tuple):
        for value in result:
            yield from values_in(value)
    elif isinstance(result, BaseModel):
        yield from values_in(dict(result))
    elif is_dataclass(result):
        for name in [*(each.name for each in fields(result)), *properties_of(type(result))]:
            if (name, type(result).__name__) != ("deferred", "PlanTerms") or result.number:
                yield from values_in(getattr(result, name))


def properties_of(kind: type) -> list[str]:
    return [name for name, value in vars(kind).items() if isinstance(value, property)]
