"""`respite close-day`: what a lender's scheduler calls once a business day."""

from collections import Counter

from rich.table import Table

from respite.cli.console import console
from respite.cli.dates import BusinessDate, business_date_or_today
from respite.cli.store import require_tables
from respite.clock import utc_now
from respite.plans.closing import end_of_day
from respite.plans.keeping import PlanOutcome, PromiseOutcome
from respite.policies.load import policy
from respite.store.session import store


def close_day(business_date: BusinessDate = None) -> None:
    """Mark plans and promises to pay as kept or broken, and put back the schedule that a broken plan had replaced.

    Run it again at any time: what is decided stays decided.
    """
    require_tables()
    day = business_date_or_today(business_date, policy())
    with store()() as session:
        closed = end_of_day(session, policy(), day, utc_now())
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
