"""The invented lender: lends, is paid, is promised to be paid and books plans, all with the lending core."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from respite.lending.calendar import months_after
from respite.lending.schedule import LoanTerms, Schedule, build_schedule
from respite.plans.offers import Offer, deferral_offer, restructuring_offer
from respite.plans.terms import PlanTerms, terms_hash
from respite.policies import versions
from respite.policies.model import PlanKind, Role
from respite.store import models
from respite.store.demo_book.ledger import Ledger
from respite.store.demo_book.situations import PlanStory, PromiseStory, Situation
from respite.store.loan_book import account_of

HALF = Decimal("0.5")
DAYS_UNTIL_A_MISSED_PLAN_IS_BROKEN = 4


@dataclass(frozen=True)
class LoanStory:
    """One loan to be made: what was lent, how many instalments were paid, and where it stands.

    principal: in units of the policy's currency.
    due: days from the business date to the due date of the oldest instalment unpaid under the contract,
        or to the last due date when all are paid.
    """

    situation: Situation
    product: str
    principal: int
    count: int
    paid: int
    due: int


def lend(session: Session, ledger: Ledger, borrower: models.Borrower, story: LoanStory) -> models.Loan:
    """Write the loan of a story, and all that has happened to it since."""
    terms = _terms(ledger, story)
    contract = build_schedule(terms)
    loan = models.Loan(
        borrower=borrower,
        reference=ledger.reference("L"),
        product=story.product,
        currency=ledger.policy.currency,
        principal_minor=ledger.minor(terms.principal),
        annual_rate=terms.annual_rate,
        method=terms.method.value,
        flat_fee_rate=terms.flat_fee_rate,
        count=story.count,
        started_on=terms.start,
        first_due_on=terms.first_due,
        version=1,
        schedules=[ledger.schedule(contract, since=terms.start)],
    )
    _pay(ledger, loan, contract, story)
    session.add(loan)
    session.flush()
    if story.situation.promise:
        session.add(_promise(ledger, loan, contract, story.paid, story.situation.promise))
    if story.situation.plan:
        _book(session, ledger, loan, story.situation.plan)
    return loan


def _terms(ledger: Ledger, story: LoanStory) -> LoanTerms:
    product = ledger.policy.products[story.product]
    told_by = ledger.day(story.due)
    months_before = story.count - 1 if story.situation.is_settled else story.paid
    return LoanTerms(
        principal=Decimal(story.principal),
        annual_rate=product.annual_rate,
        flat_fee_rate=product.flat_fee_rate,
        count=story.count,
        start=months_after(told_by, -months_before - 1, told_by.day),
        first_due=months_after(told_by, -months_before, told_by.day),
        anchor_day=told_by.day,
        method=product.method,
        day_count=ledger.policy.day_count,
    )


def _pay(ledger: Ledger, loan: models.Loan, contract: Schedule, story: LoanStory) -> None:
    situation, promise = story.situation, story.situation.promise
    paid = contract.instalments[: story.paid]
    if promise and promise.state == "kept":
        ledger.pay_on_time(loan, paid[:-1])
        ledger.pay(loan, paid[-1].total, ledger.day(promise.due))
    else:
        ledger.pay_on_time(loan, paid)
    if promise and promise.state == "partly_kept":
        ledger.pay(loan, contract[story.paid].total * HALF, ledger.day(promise.due))
    if situation.is_part_paid:
        ledger.pay(loan, contract[story.paid].total * HALF, ledger.day(min(story.due, -1)))
    if situation.is_overpaid:
        ledger.pay(loan, contract[-1].total * HALF, ledger.day(-1))


def _promise(
    ledger: Ledger, loan: models.Loan, contract: Schedule, paid: int, story: PromiseStory
) -> models.PromiseToPay:
    promised = contract[paid - 1] if story.state == "kept" else contract[paid]
    return models.PromiseToPay(
        loan_id=loan.id,
        promised_on=ledger.day(story.promised),
        due_on=ledger.day(story.due),
        amount_minor=ledger.minor(promised.total),
        state=story.state,
    )


def _book(session: Session, ledger: Ledger, loan: models.Loan, story: PlanStory) -> None:
    versions.keep(session, ledger.policy, ledger.noon(ledger.business_date))
    offer = _offer(ledger, loan, story)
    plan = _plan(ledger, loan, story, offer)
    contract = loan.schedules[0]
    contract.active = story.state == "broken"
    session.add(plan)
    session.flush()
    schedule = ledger.schedule(offer.schedule, since=plan.booked_on, plan_id=plan.id, replaces_id=contract.id)
    schedule.active = story.state != "broken"
    loan.schedules.append(schedule)
    if story.state == "broken":
        loan.version += 2
        return
    loan.version += 1
    ledger.pay_on_time(loan, [due for due in offer.schedule if due.due < ledger.business_date])


def _offer(ledger: Ledger, loan: models.Loan, story: PlanStory) -> Offer:
    account = account_of(loan, ledger.policy, ledger.day(story.booked))
    if story.kind is PlanKind.RESTRUCTURING:
        return restructuring_offer(account, story.count)
    longest = ledger.policy.authority[Role.BOT].deferral.maximum_days
    latest = max(account.position.remaining[0].due, account.as_of) + timedelta(days=longest)
    return deferral_offer(account, latest)


def _plan(ledger: Ledger, loan: models.Loan, story: PlanStory, offer: Offer) -> models.Plan:
    terms = PlanTerms.of(offer).as_json()
    ended_on = {
        "active": None,
        "kept": offer.until if offer.kind is PlanKind.DEFERRAL else offer.schedule.last_due,
        "broken": offer.until + timedelta(days=DAYS_UNTIL_A_MISSED_PLAN_IS_BROKEN),
    }[story.state]
    return models.Plan(
        loan=loan,
        reference=ledger.reference("P"),
        kind=offer.kind.value,
        terms=terms,
        terms_hash=terms_hash(terms, loan.version, ledger.policy.version, loan.borrower.language),
        policy_version=ledger.policy.version,
        state=story.state,
        booked_on=offer.account.as_of,
        booked_at=ledger.noon(offer.account.as_of),
        ended_at=ended_on and ledger.noon(ended_on),
    )
