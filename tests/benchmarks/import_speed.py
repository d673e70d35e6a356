"""How fast and in how much memory `respite import` loads a large loan book.

`python -m tests.benchmarks.import_speed --borrowers 100000` invents one loan of ten instalments a borrower, paid up to
the business date, imports the files twice with the command itself and prints seconds, rows a second and peak memory.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from respite.lending.schedule import LoanTerms, build_schedule
from respite.policies.load import load_policy
from tests.databases import SQLiteFolder, postgresql_binaries, throw_away_postgresql

BUSINESS_DATE = date(2026, 11, 22)
FIRST_START = date(2026, 1, 5)
STARTING_DAYS = 300
COUNT = 10
PRINCIPALS = range(2_000, 22_000, 2_000)
FIRST_PHONE_NUMBER = 13_900_000_000
KILOBYTES_A_MEGABYTE = 1024


@dataclass(frozen=True)
class Load:
    seconds: float
    peak_megabytes: float


def contracts() -> pl.DataFrame:
    """The instalments of every contract that is lent in this book: a principal and a product on a starting day."""
    policy = load_policy("cn")
    return pl.DataFrame(
        [
            {
                "contract": contract,
                "product": name,
                "lent": principal,
                "annual_rate": product.annual_rate,
                "flat_fee_rate": product.flat_fee_rate,
                "started_on": start,
                "number": instalment.number,
                "due_on": instalment.due,
                "principal": instalment.principal,
                "interest": instalment.interest,
                "fee": instalment.fee,
            }
            for contract, (principal, (name, product), start) in enumerate(
                (principal, product, FIRST_START + timedelta(days=days))
                for principal in PRINCIPALS
                for product in policy.products.items()
                for days in range(0, STARTING_DAYS, 30)
            )
            for instalment in build_schedule(
                LoanTerms(
                    principal=Decimal(principal),
                    annual_rate=product.annual_rate,
                    flat_fee_rate=product.flat_fee_rate,
                    count=COUNT,
                    start=start,
                    method=product.method,
                    day_count=policy.day_count,
                )
            )
        ]
    )


def write_files(folder: Path, borrowers: int, ending: str) -> list[Path]:
    """The three files of a loan book of so many borrowers."""
    lines = contracts()
    people = pl.DataFrame({"index": pl.int_range(borrowers, eager=True)}).select(
        contract=pl.col("index") % lines["contract"].n_unique(),
        borrower_reference=pl.format("B-{}", pl.col("index").cast(pl.String).str.zfill(7)),
        name=pl.format("Borrower {}", "index"),
        phone=pl.format("+86{}", pl.col("index") + FIRST_PHONE_NUMBER),
        language=pl.lit("zh-Hans"),
        loan_reference=pl.format("L-{}", pl.col("index").cast(pl.String).str.zfill(7)),
    )
    lent = people.join(lines, on="contract", maintain_order="left")
    tables = {
        "loans": lent.filter(pl.col("number") == 1).select(
            *people.columns[1:],
            "product",
            pl.lit("CNY").alias("currency"),
            pl.col("lent").alias("principal"),
            "annual_rate",
            "flat_fee_rate",
            "started_on",
        ),
        "instalments": lent.select("loan_reference", "number", "due_on", "principal", "interest", "fee"),
        "payments": lent.filter(pl.col("due_on") <= BUSINESS_DATE).select(
            payment_reference=pl.format("R-{}-{}", "loan_reference", "number"),
            loan_reference="loan_reference",
            received_on="due_on",
            amount=pl.sum_horizontal("principal", "interest", "fee"),
        ),
    }
    paths = []
    for name, table in tables.items():
        paths.append(folder / f"{name}.{ending}")
        table.write_csv(paths[-1]) if ending == "csv" else table.write_parquet(paths[-1])
        print(f"{name:<12}{table.height:>12,} rows")
    return paths


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield SQLiteFolder(folder).create("benchmark")
        return
    programs = postgresql_binaries()
    assert programs is not None, "PostgreSQL is not installed."
    with throw_away_postgresql(programs) as server:
        yield server.create("benchmark")


def respite(*arguments: str | Path, environment: dict[str, str]) -> Load:
    """Run a command of Respite in a process of its own."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "respite.cli", *arguments], env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return Load(time.perf_counter() - started, _megabytes(usage))


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / KILOBYTES_A_MEGABYTE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--borrowers", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--files", choices=("csv", "parquet"), default="csv")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, database(options.database, Path(name)) as url:
        files = write_files(Path(name), options.borrowers, options.files)
        rows = sum(
            pl.scan_csv(file).select(pl.len()).collect().item()
            if options.files == "csv"
            else pl.scan_parquet(file).select(pl.len()).collect().item()
            for file in files
        )
        environment = os.environ | {
            "RESPITE_HOME": name,
            "RESPITE_DATABASE_URL": url,
            "RESPITE_BUSINESS_DATE": BUSINESS_DATE.isoformat(),
        }
        respite("migrate", environment=environment)
        for run in ("first import", "same files again"):
            load = respite("import", *files, environment=environment)
            print(f"{run}: {load.seconds:.1f} s, {rows / load.seconds:,.0f} rows/s, peak {load.peak_megabytes:,.0f} MB")


if __name__ == "__main__":
    main()
