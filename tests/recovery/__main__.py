"""`python -m tests.recovery`: kill the processes of a bot over and over, on SQLite and on PostgreSQL, and look."""

import argparse
import asyncio
import secrets
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.databases import Databases, SQLiteFolder, postgresql_binaries, throw_away_postgresql
from tests.recovery.run import RECOVERY_SECONDS, Report, run

WEB_PROCESSES = {"sqlite": 1, "postgresql": 2}

console = Console(highlight=False, soft_wrap=True)


@contextmanager
def databases(name: str) -> Iterator[Databases]:
    if name == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield SQLiteFolder(Path(folder))
        return
    programs = postgresql_binaries()
    if programs is None:
        sys.exit("PostgreSQL's initdb and pg_ctl are not installed. Install them, or choose --database sqlite.")
    with throw_away_postgresql(programs) as server:
        yield server


def show(name: str, report: Report) -> None:
    kills, recoveries, waits = report.kills, report.recoveries, report.waits
    table = Table("", name, title=f"seed {report.seed}")
    for victim, count in kills.most_common():
        table.add_row(f"killed: {victim}", str(count))
    table.add_row("killed in all", str(kills.total()))
    table.add_row("answers lost between the programs", str(report.harm.lost_answers))
    table.add_row("conversations", str(len(report.borrowers)))
    table.add_row("messages", str(report.messages))
    table.add_row("first answer after all was back, median s", f"{statistics.median(recoveries):.2f}")
    table.add_row("first answer after all was back, longest s", f"{recoveries[-1]:.2f}")
    table.add_row("answer to what was said before, median s", f"{statistics.median(report.delayed):.2f}")
    table.add_row("answer to what was said before, longest s", f"{report.delayed[-1]:.2f}")
    table.add_row("wait for an answer, median s", f"{statistics.median(waits):.2f}")
    table.add_row("wait for an answer, longest s", f"{waits[-1]:.2f}")
    table.add_row("deliveries whose outcome is unknown", str(report.unknown_deliveries))
    table.add_row("wrong", str(len(report.wrong)))
    console.print(table)
    for sentence in report.wrong:
        console.print(sentence, markup=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=WEB_PROCESSES, action="append", help="both by default")
    parser.add_argument("--kills", type=int, default=110, help="on each database (%(default)s)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="what victims and moments come from")
    parser.add_argument("--at-once", type=int, default=8, help="borrowers who talk at once (%(default)s)")
    parser.add_argument("--keep", type=Path, help="folder for the logs of the programs")
    options = parser.parse_args()
    is_wrong = False
    for name in options.database or WEB_PROCESSES:
        with tempfile.TemporaryDirectory() as home, databases(name) as server:
            folder = options.keep / name if options.keep else Path(home)
            report = asyncio.run(
                run(
                    folder,
                    server,
                    web_processes=WEB_PROCESSES[name],
                    kills=options.kills,
                    seed=options.seed,
                    at_once=options.at_once,
                )
            )
        show(name, report)
        is_wrong |= bool(report.wrong) or report.recoveries[-1] > RECOVERY_SECONDS
    return 1 if is_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
