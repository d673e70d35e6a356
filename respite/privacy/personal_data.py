"""Everything that is kept about one borrower, for the borrower to have."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity.links import conversations_of
from respite.store.models import Borrower, Loan, OutreachPause, PromiseToPay, Schedule, VulnerabilityFlag
from respite.store.rows import row_as_json
from respite.support.case_files import conversation_file


def personal_data(session: Session, borrower: Borrower) -> dict[str, Any]:
    """A borrower's loans, conversations and wishes as JSON; amounts are in minor units."""
    flags = session.scalars(select(VulnerabilityFlag).where(VulnerabilityFlag.borrower_id == borrower.id))
    pauses = session.scalars(select(OutreachPause).where(OutreachPause.borrower_id == borrower.id))
    return {
        "borrower": row_as_json(borrower),
        "loans": [_loan(session, loan) for loan in borrower.loans],
        "conversations": [
            conversation_file(session, conversation) for conversation in conversations_of(session, borrower.id)
        ],
        "left_in_peace": [row_as_json(pause) for pause in pauses],
        "particular_care": [row_as_json(flag) for flag in flags],
    }


def _loan(session: Session, loan: Loan) -> dict[str, Any]:
    promises = session.scalars(select(PromiseToPay).where(PromiseToPay.loan_id == loan.id))
    return {
        "loan": row_as_json(loan),
        "schedules": [_schedule(schedule) for schedule in loan.schedules],
        "payments": [row_as_json(payment) for payment in loan.payments],
        "plans": [row_as_json(plan) for plan in loan.plans],
        "promises_to_pay": [row_as_json(promise) for promise in promises],
    }


def _schedule(schedule: Schedule) -> dict[str, Any]:
    return row_as_json(schedule) | {"instalments": [row_as_json(instalment) for instalment in schedule.instalments]}
