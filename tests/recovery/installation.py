"""A whole installation to be harmed: Rasa, the action server, one web process or more, and their database."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from respite.cli.programs import Program
from respite.cli.up import programs_of
from respite.clock import utc_now
from respite.policies import versions
from respite.policies.load import policy
from respite.settings import settings
from respite.store import migrations
from respite.store.encryption import cipher
from respite.store.session import store, transaction
from tests.channels.servers import free_port
from tests.channels.telegram.look_alike import TOKEN, BotApi
from tests.conversations.running_bot import BUSINESS_DATE
from tests.databases import Databases
from tests.opening_hours import write_policy
from tests.recovery.losing import LosingProxy
from tests.recovery.supervisor import Supervised

ENCRYPTION_KEY = "cmVjb3ZlcmllcyBsb2NrIHRoZWlyIG93biBkb29ycyE="
CUT_EVERY_CONNECTION = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = %s
"""
OURS = "respite under test"
SECRET = "Telegram-shows-this-with-each-call"
CONNECTIONS = "the database connections"
TURN = b"POST /webhooks/hub/turn "
ACTION = b"POST /webhook "
WITH_OPTIONS = (
    "import json, sys; from bot.web import __main__ as web; web.SERVER_OPTIONS |= json.loads(sys.argv[1]); web.main()"
)


@dataclass
class Installation:
    """What runs, by name, and where the web application answers. A test reads and writes the same store."""

    home: Path
    programs: Mapping[str, Supervised]
    web: tuple[str, ...]
    database_url: str

    async def all_ready(self) -> None:
        await asyncio.gather(*(program.ready.wait() for program in self.programs.values()))

    @property
    def victims(self) -> tuple[str, ...]:
        """What can be harmed: each program, and the connections to a database that is a server."""
        connections = (CONNECTIONS,) if self.database_url.startswith("postgresql") else ()
        return (*self.programs, *connections)

    async def strike(self, victim: str) -> None:
        """Kill a program with no warning, or cut all connections to the database."""
        if victim == CONNECTIONS:
            await self._cut_connections()
        else:
            self.programs[victim].kill()

    def lose_an_answer(self, chance: Random) -> None:
        """Have the next answer of Rasa or of the action server lost on its way."""
        chance.choice([program.proxy for program in self.programs.values() if program.proxy]).lose_next()

    async def _cut_connections(self) -> None:
        url = make_url(self.database_url)
        async with await psycopg.AsyncConnection.connect(
            dbname=url.database, user=url.username, host=str(url.query["host"]), autocommit=True
        ) as connection:
            await connection.execute(CUT_EVERY_CONNECTION, (OURS,))


@asynccontextmanager
async def installed(
    home: Path,
    databases: Databases,
    web_processes: int,
    telegram: BotApi | None = None,
    server_options: Mapping[str, Any] = MappingProxyType({}),
) -> AsyncIterator[Installation]:
    """Start an installation with a store of its own and a desk that is always open, and stop it at the end.

    Where several web processes have Telegram, it calls them; a single one asks it. `server_options` of uvicorn take the
    place of the usual ones.
    """
    database_url = databases.create("recovery")
    with pytest.MonkeyPatch.context() as monkeypatch:
        _settle_in(monkeypatch, home, database_url, _on_telegram(telegram, web_processes) if telegram else {})
        migrations.upgrade(store().kw["bind"])
        with transaction() as session:
            versions.keep(session, policy(), utc_now())
        async with _running(home, database_url, [*_programs(web_processes, server_options)]) as installation:
            yield installation
        store().kw["bind"].dispose()
    databases.drop("recovery")
    _forget_settings()


@asynccontextmanager
async def _running(home: Path, database_url: str, supervised: Sequence[Supervised]) -> AsyncIterator[Installation]:
    programs = {each.program.name: each for each in supervised}
    web = tuple(each.program.health.removesuffix("/healthz") for each in supervised if not each.proxy)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(each.run()) for each in supervised]
        installation = Installation(home, programs, web, database_url)
        try:
            await installation.all_ready()
            yield installation
        finally:
            for each in running:
                each.cancel()


def _settle_in(monkeypatch: pytest.MonkeyPatch, home: Path, database_url: str, further: Mapping[str, str]) -> None:
    variables = {
        "RESPITE_HOME": str(home),
        "RESPITE_ENCRYPTION_KEY": ENCRYPTION_KEY,
        "RESPITE_BUSINESS_DATE": BUSINESS_DATE.isoformat(),
        "RESPITE_DATABASE_URL": database_url,
        "RESPITE_POLICY": str(home / "policy.yml"),
        "RESPITE_DEMO": "1",
        "RESPITE_REQUESTS_A_MINUTE": str(10**9),
        "RESPITE_MESSAGES_A_MINUTE": str(10**9),
        **{f"RESPITE_{name}_PORT": str(free_port()) for name in ("WEB", "RASA", "ACTIONS")},
        **{f"RESPITE_{name}_URL": f"http://127.0.0.1:{free_port()}" for name in ("RASA", "ACTIONS")},
        **further,
    }
    home.mkdir(parents=True, exist_ok=True)
    write_policy(home / "policy.yml")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    _forget_settings()


def _on_telegram(telegram: BotApi, web_processes: int) -> dict[str, str]:
    return {
        "RESPITE_TELEGRAM_TOKEN": TOKEN,
        "RESPITE_TELEGRAM_API_URL": telegram.server.url,
        "RESPITE_TELEGRAM_MODE": "polling" if web_processes == 1 else "webhook",
        "RESPITE_TELEGRAM_SECRET": SECRET,
        "RESPITE_TELEGRAM_WEBHOOK_URL": "https://chat.lender.example/telegram/updates",
    }


def _forget_settings() -> None:
    for remembered in (settings, policy, cipher, store):
        remembered.cache_clear()


def _programs(web_processes: int, server_options: Mapping[str, Any]) -> Iterator[Supervised]:
    """The programs as `respite up` starts them, with a proxy before those behind, and web processes on other ports."""
    rasa, actions, web = programs_of(settings(), {"PGAPPNAME": OURS})
    yield _behind_a_proxy(rasa, settings().rasa_url, TURN)
    yield _behind_a_proxy(actions, settings().actions_url, ACTION)
    if server_options:
        web = replace(web, command=[sys.executable, "-c", WITH_OPTIONS, json.dumps(dict(server_options))])
    yield Supervised(web)
    for number in range(2, web_processes + 1):
        yield Supervised(_another(web, number))


def _behind_a_proxy(program: Program, url: str, request: bytes) -> Supervised:
    """A program that the others ask at `url`, and we ask directly whether it is well."""
    port = int(url.rpartition(":")[2])
    direct = replace(program, health=program.health.replace(f":{port}", f":{program.port}"))
    return Supervised(direct, LosingProxy(port, program.port, request))


def _another(web: Program, number: int) -> Program:
    port = free_port()
    return replace(
        web,
        name=f"{web.name} {number}",
        environment={**web.environment, "RESPITE_WEB_PORT": str(port)},
        port=port,
        health=f"http://{web.host}:{port}/healthz",
        log=settings().home / "logs" / f"web{number}.log",
    )
