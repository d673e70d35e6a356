"""The command line: `respite --help`."""

import sys
from pkgutil import resolve_name
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from respite.cli.console import errors
from respite.policies.findings import PolicyError

COMMANDS = {
    "demo": "respite.cli.demo:demo",
    "up": "respite.cli.up:up",
    "chat": "respite.cli.chat:chat",
    "parse": "respite.cli.rasa:parse",
    "train": "respite.cli.rasa:train",
    "migrate": "respite.cli.store:migrate",
    "seed": "respite.cli.store:seed",
    "close-day": "respite.cli.close_day:close_day",
    "calc": "respite.cli.calc:calc",
    "plan": "respite.cli.plan:plan",
    "payment": "respite.cli.payment:payment",
    "policy": "respite.cli.policy:policy",
    "privacy": "respite.cli.privacy:privacy",
    "links": "respite.cli.links:links",
    "risk": "respite.cli.risk:risk",
    "deliveries": "respite.cli.deliveries:deliveries",
    "staff": "respite.cli.staff:staff",
    "report": "respite.cli.report:report",
    "audit": "respite.cli.audit:audit",
    "keys": "respite.cli.keys:keys",
    "import": "respite.cli.import_loans:import_loans",
    "export": "respite.cli.export:export",
}
"""Where each command is found: a function, or a Typer application."""


class CommandsOnDemand(TyperGroup):
    """Commands that are imported when they are asked for, so that none waits for the libraries of another."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return command(cmd_name) if cmd_name in COMMANDS else None


def command(name: str) -> Any:
    """The command of this name, as Typer makes it from its function or application."""
    found = resolve_name(COMMANDS[name])
    if not isinstance(found, typer.Typer):
        function, found = found, typer.Typer(add_completion=False)
        found.command()(function)
    made = get_command(found)
    made.name = name
    return made


app = typer.Typer(
    name="respite",
    cls=CommandsOnDemand,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)


@app.callback()
def respite() -> None:
    """A repayment-assistance chatbot: its programs, its database and its conversations."""


def main() -> None:
    """Run the command line. A policy file that cannot be used ends it with a sentence."""
    try:
        app(prog_name="respite")
    except PolicyError as error:
        errors.print(f"[red]✗[/red] {error}", soft_wrap=True)
        sys.exit(1)
