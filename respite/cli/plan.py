"""`respite plan`: plans that staff may offer, and those that are booked."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table
from sqlalchemy import select

from respite.cli.console import console, give_up, operator, write_file
from respite.cli.dates import BusinessDate, business_date_or_today
from respite.cli.store import require_tables
from respite.clock import utc_now
from respite.formatting import format_fact
from respite.plans.authority import Relief
from respite.plans.confirmation import issue
from respite.plans.offers import Offer, deferral_offer, restructuring_offer
from respite.plans.refusals import Fact, PlanRefusedError, Refusal
from respite.policies.load import policy
from respite.policies.model import Policy, Role
from respite.policies.versions import UnknownVersionError
from respite.store.loan_book import account_of, loans_with_history
from respite.store.models import Loan, Plan
from respite.store.session import transaction

Language = Literal["en", "zh-Hans", "zh-Hant"]

plan = typer.Typer(no_args_is_help=True, add_completion=False)


@plan.callback()
def plans() -> None:
    """Booked plans, for staff."""


@plan.command()
def offer(
    loan: Annotated[str, typer.Argument(help="The loan's reference, such as L-7K2MQ9.")],
    role: Annotated[Role, typer.Option("--as", help="Whose authority the plan is offered under.")] = Role.AGENT,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Defer the oldest unpaid instalment to this day.")
    ] = None,
    count: Annotated[int | None, typer.Option(min=1, help="Restructure into so many instalments.")] = None,
    lower_rate: Annotated[
        float | None, typer.Option(min=0, help="Percentage points off the contract rate; the usual ones if absent.")
    ] = None,
    waive: Annotated[
        float | None, typer.Option(min=0, max=100, help="Percent of the late charges so far; the usual if absent.")
    ] = None,
    business_date: BusinessDate = None,
) -> None:
    """Work out a plan for a loan, or say by which rule it is refused and who may grant it. Nothing is written."""
    if (until is None) == (count is None):
        give_up("Say either --until a day or --count of instalments.")
    require_tables()
    day = business_date_or_today(business_date, policy())
    with transaction() as session:
        found = session.scalars(loans_with_history().where(Loan.reference == loan)).one_or_none()
        if found is None:
            give_up(f"There is no loan {loan}. References look like L-7K2MQ9.")
        account = account_of(found, policy(), day)
        try:
            if until:
                made = deferral_offer(account, until.date(), role=role)
            else:
                relief = _relief(account.policy, lower_rate, waive)
                made = restructuring_offer(account, count or 0, role=role, relief=relief)
        except PlanRefusedError as error:
            give_up("\n".join(map(_refusal, error.refusals)))
        console.print(_offer(made))


@plan.command()
def confirmation(
    reference: Annotated[str, typer.Argument(help="The plan's reference, such as P-7K2MQ9.")],
    file: Annotated[Path, typer.Argument(help="The PDF to write.", dir_okay=False)],
    language: Annotated[Language | None, typer.Option(help="The borrower's own when not given.")] = None,
) -> None:
    """Write the confirmation of a plan as a PDF, and an entry in the audit trail that says so."""
    with transaction() as session:
        booked = session.scalars(select(Plan).where(Plan.reference == reference)).one_or_none()
        if booked is None:
            give_up(f"There is no plan {reference}. References look like P-7K2MQ9.")
        try:
            document = issue(
                session,
                booked,
                language=language or booked.loan.borrower.language,
                actor=operator(),
                now=utc_now(),
            )
        except UnknownVersionError as error:
            give_up(str(error))
        write_file(file, document)
    console.print(f"[green]✓[/green] {file} confirms plan {reference}.")


def _relief(policy: Policy, lower_rate: float | None, waive: float | None) -> Relief:
    usual = Relief.usual(policy)
    return Relief(
        usual.rate_reduction if lower_rate is None else Decimal(str(lower_rate)),
        usual.penalty_waiver if waive is None else Decimal(str(waive)),
    )


def _offer(made: Offer) -> Table:
    """The plan as a table: its instalments, and what it costs."""
    table = Table("Due", "Instalment", box=None)
    for line in made.schedule:
        table.add_row(line.due.isoformat(), _words(made.account.money(line.total)))
    table.add_section()
    for name, amount in (
        ("Total", made.cost.total),
        ("Against paying as agreed", made.cost.extra_against_agreed),
        ("Against paying off today", made.cost.extra_against_payoff),
    ):
        table.add_row(name, _words(made.account.money(amount)))
    table.add_row("Effective annual rate", _words(made.cost.effective_annual_rate))
    return table


def _refusal(refusal: Refusal) -> str:
    """The rule, what it is measured by, and who may grant the plan all the same."""
    facts = ", ".join(f"{name} {_words(fact)}" for name, fact in refusal.facts.items())
    said = f"Refused by the rule {refusal.limit or refusal.rule}" + (f" ({facts})." if facts else ".")
    return f"{said} The {refusal.granted_by} may grant it: --as {refusal.granted_by}." if refusal.granted_by else said


def _words(fact: Fact) -> str:
    return format_fact(fact, "en")
