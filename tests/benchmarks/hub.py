"""What the hub itself adds to a turn: the web application before a Rasa that answers at once.

`python -m tests.benchmarks.hub` says one message after the other over the borrower's web API and waits for each answer,
with the store on SQLite and on a PostgreSQL server that writes to the disk as one in use does.
"""

import argparse
import asyncio
import os
import secrets
import statistics
import tempfile
import time
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from bot.web.__main__ import SERVER_OPTIONS
from bot.web.app import create_app
from respite.settings import settings
from respite.store import migrations
from respite.store.encryption import cipher, new_key
from respite.store.session import store
from tests import databases
from tests.channels.servers import Server, StandInRasa, free_port

WARM_UP = 30
SECONDS_TO_ANSWER = 20
MILLISECONDS = 1000

console = Console(highlight=False)


async def turns(url: str, count: int) -> list[float]:
    """The milliseconds of each turn, from sending a message to having its answer."""
    headers, cursor, taken = {"Authorization": f"Bearer {secrets.token_urlsafe(16)}"}, 0, []
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60, trust_env=False) as http:
        for number in range(count):
            if number % 25 == 0:  # the next borrower: one who writes so much is slowed
                headers["Authorization"], cursor = f"Bearer {secrets.token_urlsafe(16)}", 0
            began = time.perf_counter()
            message = {"text": f"message {number}"}
            (await http.post("/api/messages", json=message, headers=headers)).raise_for_status()
            answering = True
            while answering:
                parameters = {"after": cursor, "wait": SECONDS_TO_ANSWER}
                page = (await http.get("/api/messages", params=parameters, headers=headers)).json()
                answering, cursor = page["answering"], page["cursor"]
            taken.append((time.perf_counter() - began) * MILLISECONDS)
    return taken[WARM_UP:]


def measure(home: Path, database_url: str, count: int) -> list[float]:
    ports = {"RESPITE_RASA_PORT": str(free_port()), "RESPITE_ACTIONS_PORT": str(free_port())}
    os.environ |= {
        "RESPITE_HOME": str(home),
        "RESPITE_DATABASE_URL": database_url,
        "RESPITE_ENCRYPTION_KEY": new_key(),
        "RESPITE_DEMO": "1",
        "RESPITE_REQUESTS_A_MINUTE": str(10**9),
        "RESPITE_MESSAGES_A_MINUTE": str(10**9),
        **ports,
    }
    for remembered in (settings, cipher, store):
        remembered.cache_clear()
    migrations.upgrade(store().kw["bind"])
    rasa = StandInRasa()
    rasa.server.port = settings().rasa_port
    rasa.server.start()
    web = Server(create_app(settings()), SERVER_OPTIONS)
    web.start()
    try:
        return asyncio.run(turns(web.url, count + WARM_UP))
    finally:
        web.stop()
        rasa.server.stop()
        store().kw["bind"].dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=500, help="turns on each database (%(default)s)")
    options = parser.parse_args()
    table = Table("Store", "median ms", "p95 ms")

    def add(name: str, taken: list[float]) -> None:
        percentiles = statistics.quantiles(taken, n=100, method="inclusive")
        table.add_row(name, f"{percentiles[49]:.1f}", f"{percentiles[94]:.1f}")

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        add("SQLite", measure(home, databases.SQLiteFolder(home).create("hub"), options.turns))
        if programs := databases.postgresql_binaries():
            databases.WITHOUT_DURABILITY = ""
            with databases.throw_away_postgresql(programs) as server:
                add("PostgreSQL", measure(home, server.create("hub"), options.turns))
    console.print(table)


if __name__ == "__main__":
    main()
