"""`respite close-day`: what a lender's scheduler calls once a business day."""

from collections import Counter

import typer
from rich.table import Table

from respite.cli.console import console, errors, give_up
from respite.cli.dates import BusinessDate, business_date_or_today
from respite.cli.store import require_tables
from respite.clock import utc_now
from respite.loan_books import LoanBookError
from respite.loan_books.load import UnknownLoanBookError, loan_book
from respite.plans.closing import end_of_day
from respite.plans.keeping import PlanOutcome, PromiseOutcome
from respite.policies.load import policy
from respite.privacy import rasa_memory
from respite.privacy.retention import forget_old_messages, quiet_conversations
from respite.settings import settings
from respite.store.session import store, transaction


def close_day(business_date: BusinessDate = None) -> None:
    """Mark plans and promises to pay as kept or broken, and put back the schedule that a broken plan had replaced.

    Messages and files that were kept for as long as the policy says are deleted, and Rasa forgets such conversations.
    Run it again at any time: what is decided stays decided.
    """
    require_tables()
    day = business_date_or_today(business_date, policy())
    try:
        with store()() as session:
            closed = end_of_day(session, policy(), day, utc_now(), loan_book())
    except UnknownLoanBookError as error:
        give_up(str(error))
    except LoanBookError as error:
        give_up(f"The loan book does not answer: {error} Run this again later; what is decided stays decided.")
    with transaction() as session:
        forgotten = forget_old_messages(session, policy(), utc_now())
        quiet = quiet_conversations(session, policy(), utc_now())
    rasa_memory.forget(settings().tracker_database, quiet)
    plans = Counter(plan.outcome for plan in closed.plans)
    promises = Counter(promise.outcome for promise in closed.promises)
    table = Table("", "Kept", "Partly kept", "Broken", box=None)
    table.add_row("Plans", str(plans[PlanOutcome.KEPT]), "", str(plans[PlanOutcome.BROKEN]))
    kept, partly_kept, broken = PromiseOutcome.KEPT, PromiseOutcome.PARTLY_KEPT, PromiseOutcome.BROKEN
    table.add_row("Promises", *(str(promises[outcome]) for outcome in (kept, partly_kept, broken)))
    console.print(f"[green]✓[/green] {day} is closed.\n")
    console.print(table)
    restored = [plan.loan for plan in closed.plans if plan.outcome is PlanOutcome.BROKEN]
    if restored:
        console.print(f"\nBack on the schedule before the plan: {', '.join(restored)}")
    if forgotten:
        console.print(f"\nOld messages deleted: {forgotten:,}")
    for each in closed.undecided:
        errors.print(f"[red]✗[/red] Loan {each.loan} is left as it is: {each.reason}", soft_wrap=True)
    if closed.undecided:
        raise typer.Exit(1)
