"""Rejected rows: where each one stands, what was wrong and what to do."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from respite.store.importing.cells import Rule

SCHEMA = pl.Schema(
    {
        "file": pl.String,
        "row": pl.UInt32,
        "loan_reference": pl.String,
        "column": pl.String,
        "what_was_wrong": pl.String,
        "what_to_do": pl.String,
    }
)


def rejected(rows: pl.DataFrame, column: str, rule: Rule) -> pl.DataFrame:
    """The rejections of those rows for which a rule fails. `rows` have `file`, `row` and `loan_reference`."""
    return rows.filter(rule.fails).select(
        "file",
        "row",
        "loan_reference",
        column=pl.lit(column),
        what_was_wrong=rule.wrong,
        what_to_do=pl.lit(rule.remedy),
    )


def gathered(rejections: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All rejections in one table, in the order of the files and their rows."""
    return pl.concat([SCHEMA.to_frame(), *rejections]).sort("file", "row", maintain_order=True)


def write_report(rejections: pl.DataFrame, path: Path) -> None:
    """Write the rejections as a CSV file that a spreadsheet opens as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rejections.write_csv(path, include_bom=True)
