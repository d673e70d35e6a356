"""Reading the files: CSV or Parquet, recognised by their columns, every cell judged by itself."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl
import polars.selectors as cs

from respite.policies.model import Policy
from respite.store.importing.layouts import Layout, layouts
from respite.store.importing.rejections import gathered, rejected

FIRST_ROW = 2


class ImportFileError(ValueError):
    """A file that cannot be read at all, said in words for whoever made it."""


@dataclass(frozen=True)
class LoanFiles:
    """The rows of the three files, and what is wrong with them. Amounts are minor units; a rejected cell is null.

    `row` counts as a spreadsheet does: the header is row 1. `hashes` are the SHA-256 of the files by their kind.
    """

    loans: pl.DataFrame
    instalments: pl.DataFrame
    payments: pl.DataFrame
    hashes: dict[str, str]
    rejections: pl.DataFrame

    def without(self, loan_references: pl.Series) -> "LoanFiles":
        """The files without the rows of these loans, and without rows that name no loan."""
        stays = pl.col("loan_reference").is_not_null() & ~pl.col("loan_reference").is_in(loan_references.implode())
        return replace(
            self,
            loans=self.loans.filter(stays),
            instalments=self.instalments.filter(stays),
            payments=self.payments.filter(stays),
        )


def read_files(paths: Sequence[Path], policy: Policy, business_date: date) -> LoanFiles:
    """The rows of loans and instalments together, or of payments, or of all three. Raises ImportFileError."""
    known = layouts(policy, business_date)
    recognised: dict[str, tuple[Path, pl.DataFrame]] = {}
    for path in paths:
        cells = _cells_of(path)
        layout = _layout_of(path, cells, known)
        if layout.kind in recognised:
            raise ImportFileError(f"{recognised[layout.kind][0]} and {path} both hold {layout.kind}. Give one of them.")
        recognised[layout.kind] = path, cells
    if ("loans" in recognised) != ("instalments" in recognised):
        raise ImportFileError("Loans and their instalments are imported together. Give both files.")

    rejections: list[pl.DataFrame] = []
    rows = {}
    for layout in known:
        path, cells = recognised.get(layout.kind, (Path(), pl.DataFrame(schema=dict.fromkeys(layout.names, pl.String))))
        text = _text_of(path, cells, layout)
        verdicts = text.select(column.verdict for column in layout.columns)
        rejections.extend(_rejections(text, verdicts, layout))
        rows[layout.kind] = text.select("file", "row", *_values(verdicts, layout))
    return LoanFiles(
        **rows,
        hashes={kind: _sha256(path) for kind, (path, _) in recognised.items()},
        rejections=gathered(rejections),
    )


def _cells_of(path: Path) -> pl.DataFrame:
    readers = {".csv": _read_csv, ".parquet": _read_parquet}
    if path.suffix.lower() not in readers:
        raise ImportFileError(f"{path} ends neither in .csv nor in .parquet. Save it as one of the two.")
    try:
        return readers[path.suffix.lower()](path)
    except FileNotFoundError:
        raise ImportFileError(f"{path} does not exist. Check its name.") from None
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise ImportFileError(f"{path} cannot be read ({reason}). Save it again, a CSV file as UTF-8.") from None


def _read_csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def _read_parquet(path: Path) -> pl.DataFrame:
    """Every value as text, as in a CSV file; data frames often write a date as a moment without time zone."""
    return pl.read_parquet(path).with_columns(cs.datetime(time_zone=None).cast(pl.Date)).cast(pl.String)


def _layout_of(path: Path, cells: pl.DataFrame, known: Sequence[Layout]) -> Layout:
    """The layout with which a file shares most columns."""
    layout = max(known, key=lambda layout: len(set(layout.names).intersection(cells.columns)))
    missing = [name for name in layout.required if name not in cells.columns]
    unknown = [name for name in cells.columns if name not in layout.names]
    if missing:
        raise ImportFileError(f"{path}, a file of {layout.kind}, lacks the columns {', '.join(missing)}. Add them.")
    if unknown:
        raise ImportFileError(
            f"{path}, a file of {layout.kind}, has columns that are not known: {', '.join(unknown)}."
            " Rename or remove them."
        )
    return layout


def _text_of(path: Path, cells: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The cells of a layout, stripped; null where empty."""
    trimmed = cells.with_columns(pl.all().str.strip_chars().replace("", None))
    absent = [pl.lit(None, pl.String).alias(name) for name in layout.names if name not in cells.columns]
    complete = trimmed.with_columns(absent).with_columns(
        pl.col(column.name).fill_null(column.default) for column in layout.columns if column.default is not None
    )
    return complete.with_row_index("row", FIRST_ROW).with_columns(file=pl.lit(path.name))


def _rejections(text: pl.DataFrame, verdicts: pl.DataFrame, layout: Layout) -> Iterator[pl.DataFrame]:
    for column in layout.columns:
        verdict = verdicts[column.name]
        for index in verdict.drop_nulls().unique().sort():
            yield rejected(text.filter(verdict == index), column.name, column.rules[index])


def _values(verdicts: pl.DataFrame, layout: Layout) -> Iterator[pl.Expr]:
    for column in layout.columns:
        yield pl.when(verdicts[column.name].is_null()).then(column.value).alias(column.name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
