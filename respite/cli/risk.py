"""`respite risk`: what risk control decided, why, and what another policy would have."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import select

from respite.cli.console import console, give_up
from respite.cli.people import find_borrower
from respite.cli.store import require_tables
from respite.identity.risk.decisions import risk_decisions_of
from respite.identity.risk.replaying import Replayed
from respite.identity.risk.replaying import replay as replayed
from respite.policies.load import PolicyError, load_policy, policy
from respite.store.models import RiskDecision
from respite.store.session import reading

LISTED = 50

risk = typer.Typer(no_args_is_help=True, add_completion=False)


@risk.callback()
def risks() -> None:
    """What risk control decided about sign-ins, consents and changes of number, for staff."""


@risk.command("list")
def list_decisions(
    borrower: Annotated[str | None, typer.Option(metavar="BORROWER", help="Only those about this borrower.")] = None,
) -> None:
    """List the newest decisions."""
    require_tables()
    table = Table("Decision", "At", "Occasion", "Borrower", "Outcome", "Score", "Signals", box=None)
    with reading() as session:
        if borrower:
            found = risk_decisions_of(session, find_borrower(session, borrower).id)[:LISTED]
        else:
            found = session.scalars(select(RiskDecision).order_by(RiskDecision.id.desc()).limit(LISTED)).all()
        for decision in found:
            table.add_row(
                str(decision.id),
                f"{decision.at:%Y-%m-%d %H:%M}",
                decision.occasion,
                decision.borrower.reference,
                decision.outcome,
                str(decision.score),
                ", ".join(decision.signals),
            )
    console.print(table)


@risk.command()
def show(
    decision_id: Annotated[int, typer.Argument(metavar="DECISION", help="As `respite risk list` names it.")],
) -> None:
    """Show one decision with its signals and all that it was decided from."""
    require_tables()
    table = Table(box=None, show_header=False)
    with reading() as session:
        decision = session.get(RiskDecision, decision_id)
        if decision is None:
            give_up(f"There is no decision {decision_id}. `respite risk list` lists them.")
        table.add_row("At", str(decision.at))
        table.add_row("Occasion", decision.occasion)
        table.add_row("Borrower", decision.borrower.reference)
        table.add_row("Conversation", decision.conversation_id)
        table.add_row("Policy", decision.policy_version)
        table.add_row("Outcome", f"{decision.outcome}, score {decision.score}")
        for name, weight in decision.signals.items():
            table.add_row(f"Signal {name}", f"+{weight}")
        for name, fact in decision.facts.items():
            table.add_row(f"Fact {name}", str(fact))
    console.print(table)


@risk.command()
def replay(
    file: Annotated[
        str | None, typer.Option("--policy", metavar="FILE", help="A policy file, or cn, uk or us; yours when absent.")
    ] = None,
) -> None:
    """Say what a policy would have decided, for every decision that is kept. Nothing is changed."""
    require_tables()
    try:
        other = load_policy(file) if file else policy()
    except PolicyError as error:
        give_up(escape(str(error)))
    with reading() as session:
        total, changes = 0, []
        for decision in replayed(session, other.identity.risk):
            total += 1
            if decision.is_other:
                changes.append(decision)
        console.print(f"{total} decisions judged by {other.version}; {len(changes)} would have been others.\n")
        if changes:
            _show_counts(changes)
            _show_changes(changes)


def _show_counts(changes: Iterable[Replayed]) -> None:
    table = Table("Occasion", "Decided", "Would be", "Decisions", box=None)
    for (occasion, before, after), count in Counter(change.change for change in changes).most_common():
        table.add_row(occasion, before, after, str(count))
    console.print(table, "")


def _show_changes(changes: list[Replayed]) -> None:
    table = Table("Decision", "Borrower", "Decided", "Score", "Would be", "Score", "Signals", box=None)
    for change in changes[:LISTED]:
        decision, anew = change.decision, change.anew
        table.add_row(
            str(decision.id),
            decision.borrower.reference,
            decision.outcome,
            str(decision.score),
            anew.outcome,
            str(anew.score),
            ", ".join(anew.signals),
        )
    console.print(table)
    if len(changes) > LISTED:
        console.print(f"… and {len(changes) - LISTED} more.")
