"""The command line: `respite --help`."""

import sys

import typer

from respite.cli.calc import calc
from respite.cli.chat import chat
from respite.cli.close_day import close_day
from respite.cli.console import errors
from respite.cli.demo import demo
from respite.cli.export import export
from respite.cli.import_loans import import_loans
from respite.cli.plan import plan
from respite.cli.policy import policy
from respite.cli.rasa import parse, train
from respite.cli.store import migrate, seed
from respite.cli.up import up
from respite.policies.load import PolicyError

app = typer.Typer(
    name="respite",
    help="A repayment-assistance chatbot: its programs, its database and its conversations.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)
app.command()(demo)
app.command()(up)
app.command()(chat)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(parse)
app.command()(train)
app.command()(migrate)
app.command()(seed)
app.command()(close_day)
app.add_typer(calc)
app.add_typer(plan)
app.add_typer(policy)
app.command("import")(import_loans)
app.command()(export)


def main() -> None:
    """Run the command line. A policy file that cannot be used ends it with a sentence."""
    try:
        app(prog_name="respite")
    except PolicyError as error:
        errors.print(f"[red]✗[/red] {error}", soft_wrap=True)
        sys.exit(1)
