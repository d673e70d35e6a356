"""`respite policy`: for whoever edits a lender's policy file."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import track
from rich.table import Column, Table
from sqlalchemy import func, select

from respite.cli.console import console, errors, give_up
from respite.cli.dates import BusinessDate, business_date_or_today
from respite.cli.store import has_tables, require_tables
from respite.policies import versions
from respite.policies.cautions import cautions, plain
from respite.policies.comparing import Answer, Change, changed_keys, compare, counts
from respite.policies.load import PolicyError, PolicyFile, read_policy
from respite.policies.model import Authority, Policy, Role
from respite.store.models import Loan
from respite.store.session import transaction

LISTED = 50

policy = typer.Typer(
    add_completion=False,
    help="Check a lender's policy file, and see what a change of it does to borrowers.",
    no_args_is_help=True,
)

PolicyArgument = Annotated[str, typer.Argument(metavar="FILE", help="A policy file, or cn, uk or us.")]


@policy.command()
def check(file: PolicyArgument) -> None:
    """Name every mistake in a policy file with its line, or say in short what the policy allows.

    Where there is a database, the version of the file must not be known in it with another content.
    """
    found = _read(file)
    if has_tables():
        _require_known_content(found)
    console.print(f"[green]✓[/green] {escape(str(found.path))} can be used.\n")
    console.print(_summary(found.policy))
    for field, remark in cautions(found.policy):
        console.print(f"[yellow]![/yellow] {escape(str(found.finding(field, remark)))}", soft_wrap=True)


@policy.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="The policy as it is: a file, or cn, uk or us.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The policy as it would be.")],
    business_date: BusinessDate = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every change as JSON.")] = False,
) -> None:
    """Which keys differ between policy A and policy B, and for whose loan in the database another plan follows."""
    require_tables()
    old, new = _read(before).policy, _read(after).policy
    if old.currency != new.currency:
        give_up(f"{before} is in {old.currency} and {after} in {new.currency}. Compare policies of one currency.")
    day = business_date_or_today(business_date, old)
    with transaction() as session:
        loans = session.scalar(select(func.count(Loan.id))) or 0
        each = track(compare(session, old, new, day), "Comparing", loans, console=errors, transient=True)
        changes = [change for of_one_loan in each for change in of_one_loan]
    if as_json:
        keys = {key: {"before": value, "after": other} for key, value, other in changed_keys(old, new)}
        compared = {
            "keys": keys,
            "business_date": day.isoformat(),
            "before": old.version,
            "after": new.version,
            "loans": loans,
        }
        typer.echo(json.dumps(compared | _as_json(changes), indent=2))
    else:
        console.print(f"{old.version} → {new.version}: {loans} loans compared as of {day}.\n")
        _show_keys(old, new)
        _show(changes)


def _read(name_or_path: str) -> PolicyFile:
    try:
        return read_policy(name_or_path)
    except PolicyError as error:
        for mistake in error.mistakes:
            errors.print(str(mistake), markup=False, soft_wrap=True)
        give_up(escape(error.sentence))


def _require_known_content(file: PolicyFile) -> None:
    with transaction() as session:
        try:
            versions.require_known_content(session, file.policy)
        except versions.OtherContentError as error:
            errors.print(str(file.finding(("version",), error.sentence)), markup=False, soft_wrap=True)
            give_up(f"{escape(str(file.path))} cannot be used.")


def _summary(policy: Policy) -> Table:
    charges, deferral, restructuring = policy.late_charges, policy.deferral, policy.restructuring
    table = Table(box=None, show_header=False)
    table.add_row("Version", policy.version)
    table.add_row("Lender", f"{policy.lender.name['en']}, {policy.lender.country}, {policy.currency}")
    for product in policy.products.values():
        table.add_row("Product", f"{product.name['en']}: {product.method}, {plain(product.annual_rate)} % a year")
    table.add_row(
        "Paying late",
        f"{charges.grace_days} days of grace, then {plain(charges.penalty_rate_multiple)} × the contract rate and "
        f"a late fee of {plain(charges.late_fee)}, together at most {plain(charges.all_in_cap_annual_rate)} % a year",
    )
    table.add_row(
        "Consequences",
        f"on days {_list(step.day for step in policy.consequences)}; credit bureau on day {policy.credit_bureau_after}",
    )
    table.add_row("Deferral", f"offered {_list(deferral.offered_days)} days")
    table.add_row("Restructuring", f"offered {_list(restructuring.offered_counts)} instalments")
    for role in Role:
        table.add_row(f"Granted by {role}", _granted(policy.authority[role]))
    table.add_row("Reminders", f"on days {_list(step.day for step in policy.cadence)}, counted from the due date")
    quiet = policy.contact.quiet_hours
    table.add_row("Contact", f"none from {quiet.begin:%H:%M} to {quiet.end:%H:%M}")
    return table


def _granted(authority: Authority) -> str:
    deferral, restructuring = authority.deferral, authority.restructuring
    return (
        f"deferral by {deferral.maximum_days} days for {_list(deferral.buckets)}; {restructuring.maximum_count} "
        f"instalments for {_list(restructuring.buckets)}, the rate {plain(restructuring.rate_reduction)} points lower, "
        f"{plain(restructuring.penalty_waiver)} % of late charges waived; "
        f"{authority.plans_in_12_months} plans in 12 months"
    )


def _as_json(changes: list[Change]) -> dict[str, Any]:
    return {
        "counts": [
            {"plan": plan, "before": asdict(old), "after": asdict(new), "loans": loans}
            for (plan, old, new), loans in counts(changes).items()
        ],
        "changes": [asdict(change) for change in changes],
    }


def _show_keys(old: Policy, new: Policy) -> None:
    keys = Table(Column("Key", no_wrap=True), "Before", "After", box=None)
    for key, value, other in changed_keys(old, new):
        keys.add_row(escape(key), escape(str(value)), escape(str(other)))
    if keys.row_count:
        console.print(keys, "")


def _show(changes: list[Change]) -> None:
    if not changes:
        console.print("[green]✓[/green] Nobody's eligibility changes.")
        return
    totals = Table("Plan", "Before", "After", "Loans", box=None)
    for (plan, old, new), loans in counts(changes).items():
        totals.add_row(plan, _words(old), _words(new), str(loans))
    each = Table("Borrower", "Loan", "Plan", "Before", "After", box=None)
    for change in changes[:LISTED]:
        each.add_row(change.borrower, change.loan, change.plan, _words(change.before), _words(change.after))
    console.print(totals, "", each)
    if len(changes) > LISTED:
        console.print(f"… and {len(changes) - LISTED} more. --json lists them all.")


def _words(answer: Answer) -> str:
    return f"granted by {answer.granted_by}" if answer.granted_by else f"refused: {answer.rule}"


def _list(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))
