"""Keeping the store's copy of a loan as the book of record has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from respite.lending.instalments import Instalment
from respite.lending.money import Money
from respite.loan_books import LoanBook, Received, Statement
from respite.plans.booking import cancel_as_told, write_plan
from respite.store import audit, models
from respite.store.loan_book import loans_with_history
from respite.store.loan_course import schedule_of

RATE_DECIMALS = 6


@dataclass(frozen=True)
class Copying:
    """The statements of one book, copied into the store at one moment of one business date."""

    session: Session
    book: LoanBook
    business_date: date
    now: datetime

    def borrower(self, borrower_id: int) -> None:
        """Bring every loan of a borrower up to date. Raises LoanBookError, after which nothing may be committed."""
        self._bring_up_to_date(models.Loan.borrower_id == borrower_id)

    def loan(self, loan_id: int) -> None:
        """Bring one loan up to date. Raises LoanBookError, after which nothing may be committed."""
        self._bring_up_to_date(models.Loan.id == loan_id)

    def _bring_up_to_date(self, which: ColumnElement[bool]) -> None:
        """The loans are locked before the book is asked, so that an older answer never follows a newer one."""
        kept_elsewhere = loans_with_history().where(which, models.Loan.external_id.is_not(None))
        for loan in self.session.scalars(kept_elsewhere.order_by(models.Loan.id).with_for_update()):
            assert loan.external_id is not None
            statement = self.book.statement(loan.external_id)
            if statement is not None:
                self._copy(loan, statement)

    def _copy(self, loan: models.Loan, statement: Statement) -> None:
        self._settle_plans(loan, statement)
        self.session.refresh(loan)
        changes: dict[str, Any] = {}
        if changed := list(self._copy_payments(loan, statement)):
            changes["payments"] = changed
        if not statement.plans and self._copy_contract(loan, statement):
            changes["schedule"] = len(statement.schedule)
        if changes:
            loan.version += 1
            audit.record(
                self.session,
                actor="system",
                action="loan_copied_from_book",
                subject=f"loan:{loan.reference}",
                details=changes,
                at=self.now,
            )

    def _settle_plans(self, loan: models.Loan, statement: Statement) -> None:
        """A plan is in force here if it is in the book: one whose booking was cut short, and none that is undone."""
        written = {plan.quote_id: plan for plan in loan.plans}
        for key, external_id in statement.plans.items():
            quote = self.session.get(models.Quote, key)
            if quote is not None and key not in written:
                write_plan(self.session, loan, quote, external_id, at=quote.created_at)
        for plan in written.values():
            if plan.state == "active" and plan.external_id and plan.quote_id not in statement.plans:
                cancel_as_told(self.session, loan, plan, now=self.now)

    def _copy_payments(self, loan: models.Loan, statement: Statement) -> Iterator[str]:
        """What the book no longer counts, no longer counts here; the references of all that changed."""
        stored = {payment.reference: payment for payment in loan.payments}
        for received in statement.payments:
            payment = stored.pop(received.reference, None)
            if payment is None and received.reversed_on is None:
                loan.payments.append(self._payment(loan, received))
                yield received.reference
            elif payment is not None and received.reversed_on and payment.reversed_on is None:
                self._reverse(payment, received.reversed_on)
                yield received.reference
        for payment in stored.values():
            if payment.reversed_on is None:
                self._reverse(payment, self.business_date)
                yield payment.reference

    def _payment(self, loan: models.Loan, received: Received) -> models.Payment:
        return models.Payment(
            reference=received.reference,
            received_on=received.on,
            received_at=self.now,
            amount_minor=Money(received.amount, loan.currency).minor,
        )

    def _reverse(self, payment: models.Payment, on: date) -> None:
        payment.reversed_on = max(on, payment.received_on)
        payment.reversed_at = self.now

    def _copy_contract(self, loan: models.Loan, statement: Statement) -> bool:
        """Take over a contract that the book has changed; whether it has."""
        current = next(schedule for schedule in loan.schedules if schedule.active)
        stored, annual_rate = schedule_of(current, loan.currency), round(statement.annual_rate, RATE_DECIMALS)
        is_same = loan.annual_rate == annual_rate and _is_same(stored.instalments, statement.schedule.instalments)
        if current.plan_id is not None or is_same:
            return False
        self.session.execute(delete(models.Instalment).where(models.Instalment.schedule_id == current.id))
        self.session.expire(current, ["instalments"])
        current.starts_on = statement.schedule.start or loan.started_on
        current.instalments.extend(_stored(line, loan.currency) for line in statement.schedule)
        loan.annual_rate = annual_rate
        loan.count, loan.first_due_on = len(statement.schedule), statement.schedule[0].due
        return True


def _is_same(stored: tuple[Instalment, ...], told: tuple[Instalment, ...]) -> bool:
    def amounts(line: Instalment) -> tuple[object, ...]:
        return line.due, line.principal, line.interest, line.fee, line.carried

    return all(one and other and amounts(one) == amounts(other) for one, other in zip_longest(stored, told))


def _stored(line: Instalment, currency: str) -> models.Instalment:
    def minor(amount: Decimal) -> int:
        return Money(amount, currency).minor

    return models.Instalment(
        number=line.number,
        due_on=line.due,
        principal_minor=minor(line.principal),
        interest_minor=minor(line.interest),
        fee_minor=minor(line.fee),
        carried_minor=minor(line.carried),
    )
