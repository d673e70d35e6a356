"""`respite staff`: the accounts of the console, for whoever runs the installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from respite.cli.console import console, give_up, operator
from respite.cli.store import require_tables
from respite.clock import utc_now
from respite.settings import settings
from respite.staff import accounts, invitations
from respite.staff.accounts import LANGUAGES, USUAL_CAPACITY, AccountError, Profile
from respite.staff.roles import StaffRole
from respite.store.models import StaffMember
from respite.store.session import reading, transaction

SignInName = Annotated[str, typer.Argument(metavar="LOGIN", help="What the member signs in with.")]

staff = typer.Typer(no_args_is_help=True, add_completion=False)


@staff.callback()
def members() -> None:
    """The accounts of the console for staff."""


@staff.command()
def add(
    login: SignInName,
    name: Annotated[str, typer.Option(help="The name that borrowers read, such as Lin.")],
    role: Annotated[StaffRole, typer.Option(help="What the member may do.")] = StaffRole.AGENT,
    language: Annotated[
        list[str] | None, typer.Option(help="A language they help in, en or zh; both if absent. Repeat it.")
    ] = None,
    skill: Annotated[list[str] | None, typer.Option(help="What they are good at, in a word of yours.")] = None,
    capacity: Annotated[int, typer.Option(help="How many conversations they have at once.")] = USUAL_CAPACITY,
) -> None:
    """Add an account and print the link with which the member chooses a password and sets up an authenticator."""
    profile = Profile(name, role, tuple(language or LANGUAGES), tuple(skill or ()), capacity)
    now = utc_now()
    with _changing() as session:
        member = accounts.add(session, login, profile, operator(), now)
        token = invitations.invite(session, member, operator(), now)
    _show_link(member, token, now)


@staff.command("list")
def list_members() -> None:
    """List the accounts."""
    require_tables()
    table = Table("Login", "Name", "Role", "Languages", "Skills", "At once", "State")
    with reading() as session:
        for member in accounts.all_members(session):
            table.add_row(
                member.login,
                member.name,
                member.role,
                ", ".join(member.languages),
                ", ".join(member.skills),
                str(member.capacity),
                accounts.state_of(member, utc_now()),
            )
    console.print(table)


@staff.command()
def invite(login: SignInName) -> None:
    """Print a new link for a member who has not used theirs; the earlier link does not work any more."""
    now = utc_now()
    with _changing() as session:
        member = _find(session, login)
        if member.password_hash:
            give_up(f"{member.login} uses the account already. `respite staff reset {member.login}` begins anew.")
        token = invitations.invite(session, member, operator(), now)
    _show_link(member, token, now)


@staff.command()
def reset(login: SignInName) -> None:
    """Take password, authenticator, recovery codes and sessions away, and print a link to choose new ones."""
    now = utc_now()
    with _changing() as session:
        member = _find(session, login)
        token = invitations.invite(session, member, operator(), now)
    _show_link(member, token, now)


@staff.command()
def deactivate(login: SignInName) -> None:
    """Let a member in no more, and end their sessions at once."""
    with _changing() as session:
        accounts.deactivate(session, _find(session, login), operator(), utc_now())
    console.print(f"[green]✓[/green] {login} is deactivated.")


@staff.command()
def activate(login: SignInName) -> None:
    """Let a deactivated member in again."""
    with _changing() as session:
        accounts.activate(session, _find(session, login), operator(), utc_now())
    console.print(f"[green]✓[/green] {login} may sign in again.")


@contextmanager
def _changing() -> Iterator[Session]:
    """A transaction on the accounts; a change that cannot be made ends the command with a sentence."""
    require_tables()
    try:
        with transaction() as session:
            yield session
    except AccountError as error:
        give_up(str(error))


def _find(session: Session, login: str) -> StaffMember:
    member = accounts.find_by_login(session, login)
    if member is None:
        give_up(f"There is no account {login}. `respite staff list` names those there are.")
    return member


def _show_link(member: StaffMember, token: str, now: datetime) -> None:
    console.print(f"[green]✓[/green] Give this link to {member.name}, and to nobody else. It works once:")
    console.print(f"  {settings().public_url.rstrip('/')}/staff/invitation/{token}", soft_wrap=True)
    console.print(f"It expires at {now + invitations.VALID_FOR:%Y-%m-%d %H:%M} UTC.")
