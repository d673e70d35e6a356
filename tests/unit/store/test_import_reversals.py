"""Payments that came back, in the payments file of an import."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from respite.settings import settings
from respite.store.models import AuditEntry, Loan, Payment
from respite.store.session import transaction
from tests.unit.store.lender_files import LenderFiles

BACK = "2026-10-20"


@pytest.fixture(autouse=True)
def on_the_business_date(store_url: str, own_settings: pytest.MonkeyPatch, business_date: date) -> Iterator[None]:
    own_settings.setenv("RESPITE_BUSINESS_DATE", business_date.isoformat())
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def files(tmp_path: Path) -> LenderFiles:
    return LenderFiles(tmp_path)


def came_back(files: LenderFiles, reference: str, on: str) -> None:
    for payment in files.payments:
        payment["reversed_on"] = on if payment["payment_reference"] == reference else payment.get("reversed_on", "")


def reversed_on() -> dict[str, date | None]:
    with transaction() as session:
        return {payment.reference: payment.reversed_on for payment in session.scalars(select(Payment))}


def versions() -> dict[str, int]:
    with transaction() as session:
        return {loan.reference: loan.version for loan in session.scalars(select(Loan))}


def test_a_payment_may_come_in_with_its_reversal(files: LenderFiles) -> None:
    came_back(files, "R-2", BACK)
    assert files.import_().exit_code == 0
    assert reversed_on() == {"R-1": None, "R-2": date(2026, 10, 20), "R-3": None}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_stored_payment_is_reversed_once(files: LenderFiles, ending: str) -> None:
    files.import_()
    before = versions()
    came_back(files, "R-2", BACK)

    result = files.import_(ending=ending)
    again = files.import_(ending=ending)

    assert result.exit_code == 0, result.output
    assert "Reversed 1 payments." in result.output
    assert "Nothing was new" in again.output
    assert reversed_on()["R-2"] == date(2026, 10, 20)
    assert versions() == before | {"L-1": before["L-1"] + 1}


def test_an_older_file_does_not_bring_the_payment_back(files: LenderFiles) -> None:
    files.import_()
    came_back(files, "R-2", BACK)
    files.import_()
    came_back(files, "R-2", "")

    assert "Nothing was new" in files.import_().output
    assert reversed_on()["R-2"] == date(2026, 10, 20)


def test_another_day_of_reversal_is_rejected(files: LenderFiles) -> None:
    came_back(files, "R-2", BACK)
    files.import_()
    came_back(files, "R-2", "2026-10-21")

    assert files.import_().exit_code == 1
    [rejection] = files.rejections()
    assert (rejection["column"], rejection["what_was_wrong"]) == ("reversed_on", "It is stored as 2026-10-20.")
    assert reversed_on()["R-2"] == date(2026, 10, 20)


@pytest.mark.parametrize(
    ("on", "wrong"),
    [
        ("2026-10-04", "2026-10-04 is before 2026-10-05, when the payment was received."),
        ("2026-11-23", "“2026-11-23” is after the business date 2026-11-22."),
        ("20.10.2026", "“20.10.2026” is no date in the form YYYY-MM-DD."),
    ],
)
def test_a_day_that_cannot_be_is_rejected(files: LenderFiles, on: str, wrong: str) -> None:
    came_back(files, "R-2", on)

    assert files.import_().exit_code == 1
    [rejection] = files.rejections()
    assert (rejection["column"], rejection["what_was_wrong"]) == ("reversed_on", wrong)
    assert reversed_on() == {}


def test_the_audit_trail_counts_reversals(files: LenderFiles) -> None:
    files.import_()
    came_back(files, "R-2", BACK)
    files.import_()
    with transaction() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "loan_book_imported"))
        assert [entry.details["reversed"] for entry in entries] == [0, 1]
