"""`respite up`: Rasa, the action server and the web application, started together and stopped together."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from respite.cli import demonstration, rasa
from respite.cli.console import console, give_up
from respite.cli.programs import Program, ProgramError, port_is_free, run_together
from respite.clock import utc_now
from respite.policies import versions
from respite.policies.load import policy
from respite.settings import Settings, settings
from respite.store import migrations
from respite.store.session import store, transaction

LOOPBACK = "127.0.0.1"


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="Introduce three borrowers to try, and show their one-time codes.")
    ] = False,
) -> None:
    """Start the bot: Rasa, the action server and the web application. Ctrl-C stops everything."""
    rasa.require_environment()
    rasa.require_model()
    if not migrations.is_up_to_date(store().kw["bind"]):
        give_up("The database is not up to date. Run `respite migrate` first.")
    with transaction() as session:
        versions.keep(session, policy(), utc_now())
    programs = programs_of(settings(), demonstration.environment() if demo else {})
    for program in programs:
        if not port_is_free(program.host, program.port):
            give_up(
                f"{program.name} needs port {program.port}, but another program uses it. Stop that program,"
                f" or choose another port with the environment variable {program.port_setting}."
            )
    try:
        asyncio.run(_run(programs, demo))
    except ProgramError as error:
        give_up(str(error))
    console.print("Everything is stopped.")


def programs_of(settings: Settings, extra_environment: dict[str, str]) -> tuple[Program, ...]:
    """The programs of one installation, with further environment variables for all of them."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"} | extra_environment
    logs = settings.home / "logs"
    rasa_command = ["-m", "rasa", "run", "--port", str(settings.rasa_port), "--interface", LOOPBACK]
    rasa_files: list[str | Path] = [
        "--credentials",
        "credentials.yml",
        "--endpoints",
        rasa.write_endpoints(settings),
    ]
    return (
        Program(
            name="Rasa",
            command=[rasa.PYTHON, *rasa_command, *rasa_files, "--model", rasa.MODEL],
            environment=rasa.environment() | environment,
            host=LOOPBACK,
            port=settings.rasa_port,
            port_setting="RESPITE_RASA_PORT",
            health=settings.rasa_url,
            log=logs / "rasa.log",
        ),
        Program(
            name="The action server",
            command=[sys.executable, "-m", "actions"],
            environment=environment,
            host=LOOPBACK,
            port=settings.actions_port,
            port_setting="RESPITE_ACTIONS_PORT",
            health=f"{settings.actions_url}/health",
            log=logs / "actions.log",
        ),
        Program(
            name="The web application",
            command=[sys.executable, "-m", "bot.web"],
            environment=environment,
            host=settings.host,
            port=settings.web_port,
            port_setting="RESPITE_WEB_PORT",
            health=f"{settings.web_url}/healthz",
            log=logs / "web.log",
        ),
    )


async def _run(programs: tuple[Program, ...], demo: bool) -> None:
    progress = console.status("Starting …")

    def say_that_it_answers(program: Program) -> None:
        console.print(f"[green]✓[/green] {program.name} answers on port {program.port}.")

    async def say_that_all_answer() -> None:
        progress.stop()
        console.print(f"\nRespite is ready at [bold]{settings().web_url}[/bold]. Ctrl-C stops everything.\n")
        if demo:
            await demonstration.show()

    with progress:
        await run_together(programs, say_that_it_answers, say_that_all_answer)
