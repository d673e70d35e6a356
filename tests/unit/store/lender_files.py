"""A small lender's files, to be spoilt by tests: two borrowers, three loans, some paid."""

from pathlib import Path

import polars as pl
from typer.testing import CliRunner, Result

from respite.cli import app

Rows = list[dict[str, str]]


class LenderFiles:
    """Loans, instalments and payments, as rows of text that a test may change before they are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.loans: Rows = [
            _loan("L-1", "B-1", "Li Na", "+8613900001001", "cash_loan", "3000.00", "18", "2026-08-05"),
            _loan("L-2", "B-1", "Li Na", "+8613900001001", "phone_instalments", "500", "14.4", "2026-10-20"),
            _loan("L-3", "B-2", "王芳", "139 0000 1002", "interest_free_instalments", "900.00", "0", "2026-09-10"),
        ]
        self.instalments: Rows = [
            _instalment("L-1", "1", "2026-09-05", "985.15", "45.00"),
            _instalment("L-1", "2", "2026-10-05", "999.93", "30.22"),
            _instalment("L-1", "3", "2026-11-05", "1014.92", "15.22"),
            _instalment("L-2", "1", "2026-11-20", "250.00", "6.00"),
            _instalment("L-2", "2", "2026-12-20", "250.00", "3.00"),
            _instalment("L-3", "1", "2026-10-10", "450.00", "0"),
            _instalment("L-3", "2", "2026-11-10", "450.00", "0"),
        ]
        self.payments: Rows = [
            _payment("R-1", "L-1", "2026-09-04", "1030.15"),
            _payment("R-2", "L-1", "2026-10-05", "1030.15"),
            _payment("R-3", "L-3", "2026-10-10", "450.00"),
        ]

    def write(self, kind: str, ending: str = "csv") -> Path:
        path = self.folder / f"{kind}.{ending}"
        frame = pl.DataFrame(getattr(self, kind))
        frame.write_csv(path) if ending == "csv" else frame.write_parquet(path)
        return path

    def import_(self, *options: str, ending: str = "csv") -> Result:
        """Run `respite import` on all three files."""
        files = [str(self.write(kind, ending)) for kind in ("loans", "instalments", "payments")]
        return respite("import", *files, "--report", str(self.report), *options)

    @property
    def report(self) -> Path:
        return self.folder / "report.csv"

    def rejections(self) -> Rows:
        return pl.read_csv(self.report, infer_schema=False).to_dicts()


def respite(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def _loan(
    reference: str, borrower: str, name: str, phone: str, product: str, principal: str, rate: str, start: str
) -> dict[str, str]:
    return {
        "borrower_reference": borrower,
        "name": name,
        "phone": phone,
        "language": "en",
        "loan_reference": reference,
        "product": product,
        "currency": "CNY",
        "principal": principal,
        "annual_rate": rate,
        "flat_fee_rate": "0",
        "started_on": start,
    }


def _instalment(loan: str, number: str, due: str, principal: str, interest: str) -> dict[str, str]:
    parts = {"principal": principal, "interest": interest, "fee": "0"}
    return {"loan_reference": loan, "number": number, "due_on": due, **parts}


def _payment(reference: str, loan: str, received: str, amount: str) -> dict[str, str]:
    return {"payment_reference": reference, "loan_reference": loan, "received_on": received, "amount": amount}
