"""Tables of an export: read in pages, each in a transaction of its own, and written as CSV or Parquet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from babel.numbers import get_currency_precision
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from respite.policies.model import Policy
from respite.store.models import Loan, Schedule
from respite.store.session import transaction

ENTITIES_A_PAGE = 500
ENDINGS = (".csv", ".parquet")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """One table of an export: its columns, and the rows that each entity of a query gives."""

    schema: pl.Schema
    query: Select[Any]
    rows: Callable[[Any], Iterator[Row]]


def export(table: Table, path: Path, on_written: Callable[[int], object]) -> None:
    """Write a table as CSV or Parquet, by the ending of `path`. `on_written` is told how many rows each page held."""
    with TemporaryDirectory() as folder:
        table.schema.to_frame().write_parquet(Path(folder, "000000.parquet"))
        for number, page in enumerate(_pages(table), start=1):
            page.write_parquet(Path(folder, f"{number:06}.parquet"))
            on_written(page.height)
        pages = pl.scan_parquet(Path(folder, "*.parquet"))
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".csv":
            pages.sink_csv(path, datetime_format="%Y-%m-%dT%H:%M:%SZ")
        else:
            pages.sink_parquet(path)


def _pages(table: Table) -> Iterator[pl.DataFrame]:
    """The rows of a table, some hundred entities at a time, in the order of their identifiers."""
    entity = table.query.column_descriptions[0]["entity"]
    last = 0
    while True:
        with transaction() as session:
            query = table.query.where(entity.id > last).order_by(entity.id).limit(ENTITIES_A_PAGE)
            entities = session.scalars(query).all()
            if not entities:
                return
            last = entities[-1].id
            rows = [row for each in entities for row in table.rows(each)]
        yield pl.DataFrame(rows, schema=table.schema, orient="row")


def loans_with_borrower() -> Select[Loan]:
    """Loans with everything that an export says of them."""
    return select(Loan).options(
        joinedload(Loan.borrower),
        selectinload(Loan.schedules).selectinload(Schedule.instalments),
        selectinload(Loan.payments),
        selectinload(Loan.plans),
    )


def amount_of(policy: Policy) -> pl.Decimal:
    """The type of an amount in the currency of the policy."""
    return pl.Decimal(18, get_currency_precision(policy.currency))
