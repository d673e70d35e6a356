"""`respite calc`: the lending core for a finance team, one JSON object in and one out."""

import sys
from typing import NoReturn

import typer

from respite.calc import figures, questions
from respite.calc.sentences import sentence
from respite.lending.errors import LendingError

calc = typer.Typer(
    add_completion=False,
    help="Compute what Respite computes: one JSON object on standard input, one on standard output.",
    no_args_is_help=True,
)


def _refuse(problem: str) -> NoReturn:
    typer.echo(problem, err=True)
    raise typer.Exit(2)


def _answer(name: str) -> None:
    try:
        question = figures.read(sys.stdin.buffer.read().decode())
        answered = figures.write(questions.answer(name, question))
    except UnicodeDecodeError:
        _refuse("input: The text is not in UTF-8; save it so and try again.")
    except LendingError as error:
        _refuse(sentence(error))
    typer.echo(answered)


@calc.command()
def schedule() -> None:
    """What falls due when."""
    _answer("schedule")


@calc.command()
def payoff() -> None:
    """What settles a loan on a day, and what paying ahead of time does."""
    _answer("payoff")


@calc.command()
def deferral() -> None:
    """Instalments, principal or interest that wait, and interest that pauses."""
    _answer("deferral")


@calc.command()
def restructure() -> None:
    """A longer term, another rate, arrears spread anew, re-ageing."""
    _answer("restructure")


@calc.command()
def cost() -> None:
    """What credit costs a year, and in all."""
    _answer("cost")


@calc.command()
def dpd() -> None:
    """How late a loan is, day by day."""
    _answer("dpd")
