"""Sections of a file about money: loans, what was offered and agreed to, what was promised."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.web.staff import formats
from bot.web.staff.names import APPROVALS, AUTHORITIES, PLANS, PROMISES, QUOTES, RULES
from bot.web.staff.pages.conversation.file.blocks import Block
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from respite.lending.bill import bill
from respite.lending.money import Money
from respite.plans.terms import PlanTerms
from respite.policies.load import policy
from respite.store.loan_book import LoanAccount
from respite.store.models import Quote
from respite.support.borrower_file import BorrowerFile
from respite.support.plan_cards import plan_title
from respite.support.words import words_in


def loans(file: BorrowerFile) -> Iterator[Block]:
    """The most urgent loan first, each with what decides about it."""
    if file.borrower and not file.loans:
        yield Block(say("Nothing is owed"), tone="good")
    for account in file.loans:
        yield _loan(account)


def offers(file: BorrowerFile) -> Iterator[Block]:
    """Offered, agreed to or declined, and refused: the newest first."""
    told = [(quote.created_at, _quote(quote)) for quote in file.quotes]
    for refused in file.refused:
        rule = say(RULES[refused.limit or refused.rule])
        facts = [(say("Loan"), refused.loan), (say("At"), formats.moment(refused.at))]
        if refused.granted_by:
            facts.append((say("May be granted by"), say(AUTHORITIES[refused.granted_by])))
        told.append((refused.at, Block(rule, say("Refused"), "late", tuple(facts))))
    for request in file.approvals:
        state, tone = APPROVALS[request.state]
        facts = [(say("Loan"), request.plan["loan"]), (say("At"), formats.moment(request.requested_at))]
        text = request.decision_reason or request.request_reason
        told.append((request.requested_at, Block(say("Beyond authority"), say(state), tone, tuple(facts), text)))
    for _, block in sorted(told, key=lambda each: each[0], reverse=True):
        yield block


def plans(file: BorrowerFile) -> Iterator[Block]:
    """Booked plans, with the consent that each rests on."""
    consents = {consent.plan: consent for consent in file.consents}
    for plan in reversed(file.plans):
        state, tone = PLANS[plan.state]
        terms = PlanTerms.from_json(plan.terms)
        facts = [(say("Booked"), formats.day(plan.booked_on)), (say("Loan"), terms.loan_reference)]
        if consent := consents.get(plan.reference):
            facts.append((say("Agreed to"), f"{formats.moment(consent.at)} · {consent.terms_hash[:8]}"))
            facts.append((say("Authority"), say(AUTHORITIES[consent.authority])))
        yield Block(f"{plan.reference} · {_title(terms)}", say(state), tone, tuple(facts))


def promises(file: BorrowerFile) -> Iterator[Block]:
    for promise in reversed(file.promises):
        state, tone = PROMISES[promise.state]
        account = next((each for each in file.loans if each.loan.id == promise.loan_id), None)
        currency = account.loan.currency if account else policy().currency
        amount = formats.fact(Money.from_minor(promise.amount_minor, currency))
        title = say("%(amount)s by %(day)s", amount=amount, day=formats.day(promise.due_on))
        facts = ((say("Loan"), account.reference),) if account else ()
        yield Block(title, say(state), tone, facts)


def _loan(account: LoanAccount) -> Block:
    position, asked, payoff = account.position, bill(account.position), account.payoff()
    facts = [(say("Due"), f"{formats.fact(account.money(asked.total))} · {formats.day(asked.due)}")]
    if account.is_overdue:
        days = formats.fact(timedelta(days=position.days_past_due))
        facts.append((say("Overdue"), f"{formats.fact(account.money(position.overdue_total))} · {days}"))
        facts.append((say("Late charges"), formats.fact(account.money(position.late_charges))))
    if position.next_due:
        upcoming = position.next_due
        amount = formats.fact(account.money(upcoming.outstanding))
        facts.append((say("Next instalment"), f"{amount} · {formats.day(upcoming.due)}"))
    if received := [payment for payment in account.payments if payment.reversed_on is None]:
        last = max(received, key=lambda payment: payment.received_on)
        amount = formats.fact(account.money(last.amount))
        facts.append((say("Last payment"), f"{amount} · {formats.day(last.received_on)}"))
    facts += [
        (say("Principal left"), formats.fact(account.money(position.outstanding_principal))),
        (say("Settles it today"), formats.fact(account.money(payoff.total))),
        (say("Contract rate"), formats.fact(account.annual_rate)),
    ]
    if account.active_plan:
        facts.append((say("Plan in force"), account.active_plan.reference))
    product = words_in(visit().language).of(account.product.name)
    mark = account.bucket if account.is_overdue else ""
    return Block(f"{product} · {account.reference}", mark, "late", tuple(facts))


def _quote(quote: Quote) -> Block:
    state, tone = QUOTES[quote.state]
    terms = PlanTerms.from_json(quote.terms)
    facts: Sequence[tuple[str, str]] = (
        (say("Loan"), terms.loan_reference),
        (say("Costs"), formats.fact(terms.extra_against_agreed)),
        (say("Made by"), say(AUTHORITIES[quote.authority])),
        (say("At"), formats.moment(quote.created_at)),
    )
    return Block(_title(terms), say(state), tone, tuple(facts))


def _title(terms: PlanTerms) -> str:
    return plan_title(words_in(visit().language), terms)
