"""`respite plan`: booked plans, for staff."""

import getpass
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy import select

from respite.cli.console import console, give_up
from respite.clock import lender_clock
from respite.plans.confirmation import OtherPolicyError, issue
from respite.policies.load import PolicyError, load_policy
from respite.settings import settings
from respite.store.models import Plan
from respite.store.session import transaction

Language = Literal["en", "zh-Hans", "zh-Hant"]

plan = typer.Typer(name="plan", help="Booked plans, for staff.", no_args_is_help=True)


@plan.command()
def confirmation(
    reference: Annotated[str, typer.Argument(help="The plan's reference, such as P-7K2MQ9.")],
    file: Annotated[Path, typer.Argument(help="The PDF to write.", dir_okay=False)],
    language: Annotated[Language | None, typer.Option(help="The borrower's own when not given.")] = None,
    policy: Annotated[
        str | None, typer.Option(help="The policy that the plan was booked under, when it is an earlier one.")
    ] = None,
) -> None:
    """Write the confirmation of a plan as a PDF, and an entry in the audit trail that says so."""
    with transaction() as session:
        booked = session.scalars(select(Plan).where(Plan.reference == reference)).one_or_none()
        if booked is None:
            give_up(f"There is no plan {reference}. References look like P-7K2MQ9.")
        try:
            rules = load_policy(policy or settings().policy)
            document = issue(
                session,
                booked,
                policy=rules,
                language=language or booked.loan.borrower.language,
                actor=f"staff:{getpass.getuser()}",
                now=lender_clock(rules.lender.timezone, settings()).now(),
            )
        except (PolicyError, OtherPolicyError) as error:
            give_up(str(error))
        try:
            file.write_bytes(document)
        except OSError as error:
            give_up(f"{file} cannot be written: {error.strerror}. Choose another place.")
    console.print(f"[green]✓[/green] {file} confirms plan {reference}.")
