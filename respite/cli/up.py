"""`respite up`: Rasa, the action server and the web application, started together and stopped together."""

import asyncio
import os
import sys
from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from respite.cli import demonstration, rasa
from respite.cli.console import console, give_up
from respite.cli.programs import Program, ProgramError, port_is_free, run_together
from respite.clock import utc_now
from respite.networks import exposed_servers
from respite.policies import versions
from respite.policies.load import policy
from respite.secrets import weak_secrets
from respite.settings import Settings, settings
from respite.store import migrations
from respite.store.session import store, transaction


class Part(StrEnum):
    """What an installation consists of."""

    RASA = "rasa"
    ACTIONS = "actions"
    WEB = "web"


def up(
    parts: Annotated[
        list[Part] | None, typer.Argument(help="Only these, where the others run on other machines; all by default.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Introduce three borrowers to try, and show their one-time codes.")
    ] = False,
) -> None:
    """Start the bot: Rasa, the action server and the web application. Ctrl-C stops everything.

    Each has a log of its own; that of a single one is written to the terminal, or wherever its supervisor puts it.
    """
    wanted = parts or list(Part)
    _refuse_what_is_not_safe(demo)
    if Part.RASA in wanted:
        rasa.require_environment()
        rasa.require_model()
    if wanted != [Part.RASA]:
        _prepare_store()
    programs = programs_of(settings(), demonstration.environment() if demo else {}, wanted)
    if len(programs) == 1:
        programs = [replace(programs[0], log=None)]
    for program in programs:
        if not port_is_free(program.host, program.port):
            give_up(
                f"{program.name} needs port {program.port}, but another program uses it. Stop that program,"
                f" or choose another port with the environment variable {program.port_setting}."
            )
    try:
        asyncio.run(_run(programs, Part.WEB in wanted, demo))
    except ProgramError as error:
        give_up(str(error))
    console.print("Everything is stopped.")


def programs_of(
    settings: Settings, extra_environment: dict[str, str], parts: Collection[Part] = tuple(Part)
) -> list[Program]:
    """The programs of an installation, or some of them, with further environment variables for each."""
    further = {"PYTHONUNBUFFERED": "1"} | extra_environment
    made = {Part.RASA: _rasa, Part.ACTIONS: _actions, Part.WEB: _web}
    return [make(settings, further) for part, make in made.items() if part in parts]


def _rasa(settings: Settings, further: dict[str, str]) -> Program:
    server = ["-m", "rasa", "run", "--port", str(settings.rasa_port), "--interface", settings.rasa_host]
    files: list[str | Path] = ["--credentials", "credentials.yml", "--endpoints", rasa.write_endpoints(settings)]
    return Program(
        name="Rasa",
        command=[rasa.PYTHON, *server, *files, "--model", rasa.MODEL],
        environment=rasa.server_environment(settings) | further,
        host=settings.rasa_host,
        port=settings.rasa_port,
        port_setting="RESPITE_RASA_PORT",
        health=f"{settings.rasa_url}/webhooks/hub/",
        log=settings.home / "logs" / "rasa.log",
    )


def _actions(settings: Settings, further: dict[str, str]) -> Program:
    return Program(
        name="The action server",
        command=[sys.executable, "-m", "actions"],
        environment=os.environ | further,
        host=settings.actions_host,
        port=settings.actions_port,
        port_setting="RESPITE_ACTIONS_PORT",
        health=f"{settings.actions_url}/health",
        log=settings.home / "logs" / "actions.log",
    )


def _web(settings: Settings, further: dict[str, str]) -> Program:
    return Program(
        name="The web application",
        command=[sys.executable, "-m", "bot.web"],
        environment=os.environ | further,
        host=settings.host,
        port=settings.web_port,
        port_setting="RESPITE_WEB_PORT",
        health=f"{settings.web_url}/healthz",
        log=settings.home / "logs" / "web.log",
    )


def _refuse_what_is_not_safe(demo: bool) -> None:
    reasons = exposed_servers(settings()) + ([] if demo else weak_secrets(settings()))
    if reasons:
        give_up("\n".join(reasons))


def _prepare_store() -> None:
    if not migrations.is_up_to_date(store().kw["bind"]):
        give_up("The database is not up to date. Run `respite migrate` first.")
    with transaction() as session:
        versions.keep(session, policy(), utc_now())


async def _run(programs: list[Program], serves_borrowers: bool, demo: bool) -> None:
    where = f" at [bold]{settings().web_url}[/bold]" if serves_borrowers else ""
    progress = console.status("Starting …")

    def say_that_it_answers(program: Program) -> None:
        console.print(f"[green]✓[/green] {program.name} answers on port {program.port}.")

    async def say_that_all_answer() -> None:
        progress.stop()
        console.print(f"\nRespite is ready{where}. Ctrl-C stops everything.\n")
        if demo:
            await demonstration.show()

    with progress:
        await run_together(programs, say_that_it_answers, say_that_all_answer)
