"""`respite import`: a loan book comes in whole, once, and every row that stays out is told why."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from respite.clock import Clock
from respite.policies.load import policy
from respite.settings import settings
from respite.store.encryption import cipher
from respite.store.importing import compare_with_store, read_loan_book, write_loan_book
from respite.store.loan_book import LoanAccount, account_of, accounts_of
from respite.store.models import AuditEntry, Base, Borrower, Loan
from respite.store.session import transaction
from tests.unit.plans import desk
from tests.unit.store.lender_files import LenderFiles, respite


@pytest.fixture(autouse=True)
def on_the_business_date(store_url: str, own_settings: pytest.MonkeyPatch, business_date: date) -> Iterator[None]:
    own_settings.setenv("RESPITE_BUSINESS_DATE", business_date.isoformat())
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def files(tmp_path: Path) -> LenderFiles:
    return LenderFiles(tmp_path)


def row_counts() -> dict[str, int]:
    with transaction() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def is_empty() -> bool:
    return not any(row_counts().values())


def account(reference: str, as_of: date) -> LoanAccount:
    with transaction() as session:
        return account_of(session.scalars(select(Loan).where(Loan.reference == reference)).one(), policy(), as_of)


def versions() -> dict[str, int]:
    with transaction() as session:
        return {loan.reference: loan.version for loan in session.scalars(select(Loan))}


def test_a_loan_book_is_read_by_the_core_as_the_files_say_it(files: LenderFiles, business_date: date) -> None:
    result = files.import_()

    assert result.exit_code == 0
    assert "Added 2 borrowers, 3 loans, 7 instalments, 3 payments." in result.output
    loan = account("L-1", business_date)
    assert loan.schedule.principal == Decimal(3000)
    assert [line.number for line in loan.position.remaining] == [3]
    assert loan.position.days_past_due == 17
    assert loan.method == policy().products["cash_loan"].method
    assert (loan.loan.count, loan.loan.first_due_on) == (3, date(2026, 9, 5))
    assert account("L-3", business_date).position.remaining[0].due == date(2026, 11, 10)


def test_a_borrower_is_found_by_phone_number_with_all_loans(files: LenderFiles, business_date: date) -> None:
    files.import_()

    with transaction() as session:
        index = cipher().blind_index("+8613900001001")
        borrower = session.scalars(select(Borrower).where(Borrower.phone_index == index)).one()
        loans = accounts_of(session, borrower.id, policy(), business_date)
        assert borrower.name == "Li Na"
        assert {loan.reference for loan in loans} == {"L-1", "L-2"}


def test_a_number_as_it_is_dialled_at_home_becomes_international(files: LenderFiles) -> None:
    files.import_()

    with transaction() as session:
        assert session.scalar(select(Borrower.phone).where(Borrower.reference == "B-2")) == "+8613900001002"


def test_names_and_phone_numbers_are_stored_encrypted(files: LenderFiles) -> None:
    files.import_()

    with transaction() as session:
        stored = session.execute(text("SELECT name, phone FROM borrowers WHERE reference = 'B-1'")).one()
    assert b"Li Na" not in bytes(stored.name)
    assert b"13900001001" not in bytes(stored.phone)


def test_the_example_of_the_page_is_imported_as_it_stands_there(tmp_path: Path, business_date: date) -> None:
    page = Path("docs/import.md").read_text(encoding="utf-8")
    paths = [tmp_path / f"{number}.csv" for number in range(3)]
    for path, example in zip(paths, re.findall(r"```csv\n(.*?)```", page, re.DOTALL), strict=True):
        path.write_text(example, encoding="utf-8")

    result = respite("import", *map(str, paths))

    assert result.exit_code == 0
    assert account("L-1001", business_date).position.overdue_amount == Decimal("1030.14")


def test_parquet_holds_the_same_loan_book_as_csv(files: LenderFiles) -> None:
    files.import_()

    result = files.import_(ending="parquet")

    assert result.exit_code == 0
    assert "Nothing was new" in result.output


def test_parquet_with_the_types_of_a_data_frame_is_understood(files: LenderFiles) -> None:
    loans = pl.read_csv(files.write("loans")).with_columns(
        pl.col("started_on").str.to_datetime("%Y-%m-%d"), pl.col("principal").cast(pl.Float64)
    )
    instalments = pl.read_csv(files.write("instalments"), try_parse_dates=True)
    loans.write_parquet(files.folder / "loans.parquet")
    instalments.write_parquet(files.folder / "instalments.parquet")

    result = respite("import", *(str(files.folder / f"{kind}.parquet") for kind in ("loans", "instalments")))

    assert result.exit_code == 0
    assert row_counts()["instalments"] == 7


def test_a_file_that_a_spreadsheet_saved_is_understood(files: LenderFiles) -> None:
    loans, instalments = files.write("loans"), files.write("instalments")
    loans.write_bytes(b"\xef\xbb\xbf" + loans.read_bytes().replace(b"\n", b"\r\n"))

    assert respite("import", str(instalments), str(loans)).exit_code == 0


def test_the_same_files_twice_change_nothing(files: LenderFiles) -> None:
    files.import_()
    before = row_counts(), versions()

    result = files.import_()

    assert result.exit_code == 0
    assert "Nothing was new" in result.output
    assert (row_counts(), versions()) == before


def test_a_new_payment_is_added_and_raises_the_version_of_its_loan(files: LenderFiles, business_date: date) -> None:
    files.import_()
    files.payments = [
        {"payment_reference": "R-4", "loan_reference": "L-1", "received_on": "2026-11-20", "amount": "30.14"},
        {"payment_reference": "R-5", "loan_reference": "L-1", "received_on": "2026-11-21", "amount": "1000"},
    ]

    result = respite("import", str(files.write("payments")))

    assert result.exit_code == 0
    assert versions() == {"L-1": 2, "L-2": 1, "L-3": 1}
    assert sum(payment.amount for payment in account("L-1", business_date).payments) == Decimal("3090.44")


def test_a_new_loan_of_a_known_borrower_is_added(files: LenderFiles) -> None:
    second = files.loans.pop(1)
    second_instalments = files.instalments[3:5]
    del files.instalments[3:5]
    files.import_()
    files.loans.append(second)
    files.instalments.extend(second_instalments)

    result = files.import_()

    assert "Added 0 borrowers, 1 loans, 2 instalments, 0 payments." in result.output
    assert row_counts()["borrowers"] == 2


def test_a_payment_that_arrives_after_a_plan_counts_towards_the_plan(files: LenderFiles) -> None:
    loan_id = desk.lend("late")
    desk.consent(desk.quote_restructuring(loan_id))
    with desk.account(loan_id) as before:
        reference, owed = before.reference, before.position.total_remaining
    day_before = (desk.TODAY - desk.DAY).isoformat()
    files.payments = [
        {"payment_reference": "R-9", "loan_reference": reference, "received_on": day_before, "amount": "10"}
    ]

    load(files.write("payments"))

    with desk.account(loan_id) as after:
        assert after.position.total_remaining == owed - 10


def load(*paths: Path) -> None:
    """Import files a minute after the desk closed its last plan."""
    clock = Clock(ZoneInfo(policy().lender.timezone), desk.TODAY, lambda: desk.NOW + desk.MINUTE)
    read = read_loan_book(paths, policy(), clock.business_date())
    with transaction() as session:
        comparison = compare_with_store(session, read, policy(), clock)
        assert not comparison.rejections.height
        write_loan_book(session, comparison, policy(), lambda rows: None)


def test_two_imports_at_once_write_everything_once(files: LenderFiles) -> None:
    paths = [files.write(kind) for kind in ("loans", "instalments", "payments")]

    with ThreadPoolExecutor() as threads:
        ends = [threads.submit(load, *paths).exception for _ in range(2)]
        failures = [failure for end in ends if (failure := end())]

    assert len(failures) <= 1
    assert all(isinstance(failure, IntegrityError) for failure in failures)
    assert (row_counts()["borrowers"], row_counts()["payments"]) == (2, 3)


@pytest.mark.parametrize(
    ("kind", "column", "value", "wrong"),
    [
        ("loans", "borrower_reference", "", "empty"),
        ("loans", "borrower_reference", "B" * 21, "longer than 20"),
        ("loans", "name", " ", "empty"),
        ("loans", "name", "Li\x07Na", "control character"),
        ("loans", "phone", "12345", "no phone number"),
        ("loans", "phone", "none", "no phone number"),
        ("loans", "language", "fr", "no language of the bot"),
        ("loans", "product", "mortgage", "no product of the policy"),
        ("loans", "currency", "USD", "not the currency of the policy"),
        ("loans", "principal", "0", "zero"),
        ("loans", "principal", "-900", "below zero"),
        ("loans", "principal", "900.001", "more than 2 decimals"),
        ("loans", "principal", "1,000.00", "no plain number"),
        ("loans", "principal", "99999999999", "too large"),
        ("loans", "principal", "901.00", "repay 900.00 of 901.00"),
        ("loans", "annual_rate", "18%", "no plain number"),
        ("loans", "annual_rate", "1000", "too large"),
        ("loans", "annual_rate", "-1", "below zero"),
        ("loans", "started_on", "2026-02-31", "no day of the calendar"),
        ("loans", "started_on", "0226-08-05", "before 1970"),
        ("loans", "started_on", "2026-11-23", "after the business date"),
        ("loans", "started_on", "05/08/2026", "YYYY-MM-DD"),
        ("loans", "loan_reference", "L-1", "more than one row"),
        ("instalments", "loan_reference", "L-8", "No loan has the reference"),
        ("instalments", "number", "1", "2 comes next"),
        ("instalments", "number", "3", "2 comes next"),
        ("instalments", "number", "0", "zero"),
        ("instalments", "number", "1.5", "no whole number"),
        ("instalments", "due_on", "2026-10-10", "not after 2026-10-10"),
        ("instalments", "due_on", "2026-02-29", "no day of the calendar"),
        ("instalments", "due_on", "9999-01-01", "years ahead"),
        ("instalments", "principal", "-450.00", "below zero"),
        ("instalments", "interest", "", "empty"),
        ("instalments", "fee", "x", "no plain number"),
        ("payments", "payment_reference", "R-1", "more than one row"),
        ("payments", "payment_reference", "", "empty"),
        ("payments", "loan_reference", "L-8", "No loan has the reference"),
        ("payments", "received_on", "2026-11-23", "after the business date"),
        ("payments", "received_on", "2026-09-09", "when the loan started"),
        ("payments", "amount", "0.00", "zero"),
        ("payments", "amount", "-1", "below zero"),
    ],
)
def test_a_row_that_cannot_be_right_is_rejected_and_nothing_is_written(
    files: LenderFiles, kind: str, column: str, value: str, wrong: str
) -> None:
    rows = getattr(files, kind)
    rows[-1][column] = value

    result = files.import_()

    assert result.exit_code == 1
    assert "Nothing was written" in result.output
    assert is_empty()
    told = [row for row in files.rejections() if (row["file"], row["row"]) == (f"{kind}.csv", str(len(rows) + 1))]
    assert any(row["column"] == column and wrong in row["what_was_wrong"] and row["what_to_do"] for row in told)


def test_the_first_instalment_is_not_due_before_the_loan_started(files: LenderFiles) -> None:
    files.instalments[-2]["due_on"] = "2026-09-09"

    files.import_()

    (rejection,) = files.rejections()
    assert (rejection["row"], rejection["column"]) == ("7", "due_on")
    assert "2026-09-10" in rejection["what_was_wrong"]


def test_a_loan_without_instalments_is_rejected(files: LenderFiles) -> None:
    del files.instalments[-2:]

    files.import_()

    assert [row["what_was_wrong"] for row in files.rejections()] == ["Loan “L-3” has no instalments."]


def test_the_rows_of_a_borrower_must_agree(files: LenderFiles) -> None:
    files.loans[1]["name"] = "Li Nan"

    files.import_()

    assert [(row["row"], row["column"]) for row in files.rejections()] == [("2", "name"), ("3", "name")]


def test_two_borrowers_cannot_share_a_phone_number(files: LenderFiles) -> None:
    files.loans[2]["phone"] = "13900001001"

    result = files.import_()

    assert result.exit_code == 1
    assert {row["what_was_wrong"] for row in files.rejections()} == {"Several borrowers have this number."}


def test_a_phone_number_of_a_stored_borrower_cannot_be_given_to_another(files: LenderFiles) -> None:
    files.import_()
    files.loans = [files.loans[2] | {"borrower_reference": "B-9", "loan_reference": "L-9"}]
    files.instalments = [row | {"loan_reference": "L-9"} for row in files.instalments[-2:]]
    files.payments = files.payments[:1]

    files.import_()

    (rejection,) = files.rejections()
    assert (rejection["column"], rejection["loan_reference"]) == ("phone", "L-9")


def test_valid_loans_come_in_when_asked_for_and_a_rejected_one_stays_out_whole(files: LenderFiles) -> None:
    files.payments[1]["amount"] = "many"

    result = files.import_("--accept-valid")

    assert result.exit_code == 1
    assert "Added 2 borrowers, 2 loans, 4 instalments, 1 payments." in result.output
    assert set(versions()) == {"L-2", "L-3"}


def test_corrected_rows_come_in_afterwards(files: LenderFiles) -> None:
    files.payments[1]["amount"] = "many"
    files.import_("--accept-valid")
    files.payments[1]["amount"] = "1030.15"

    result = files.import_()

    assert result.exit_code == 0
    assert set(versions()) == {"L-1", "L-2", "L-3"}


@pytest.mark.parametrize(
    ("kind", "column", "value", "stored"),
    [
        ("loans", "name", "Wang Fang", "another one"),
        ("loans", "phone", "+8613900001009", "another one"),
        ("loans", "language", "zh-Hans", "another one"),
        ("loans", "borrower_reference", "B-9", "B-2"),
        ("loans", "product", "cash_loan", "interest_free_instalments"),
        ("loans", "annual_rate", "1", "0"),
        ("loans", "started_on", "2026-09-09", "2026-09-10"),
        ("instalments", "due_on", "2026-11-11", "2026-11-10"),
        ("instalments", "interest", "1.00", "0.00"),
        ("payments", "amount", "449.99", "450.00"),
        ("payments", "received_on", "2026-10-11", "2026-10-10"),
        ("payments", "loan_reference", "L-1", "L-3"),
    ],
)
def test_what_is_stored_is_never_changed(files: LenderFiles, kind: str, column: str, value: str, stored: str) -> None:
    files.import_()
    before = row_counts(), versions()
    getattr(files, kind)[-1][column] = value

    result = files.import_()

    assert result.exit_code == 1
    assert any(row["column"] == column and stored in row["what_was_wrong"] for row in files.rejections())
    assert (row_counts(), versions()) == before


def test_a_stored_loan_cannot_get_another_number_of_instalments(files: LenderFiles) -> None:
    files.import_()
    files.instalments[-1]["principal"] = "400.00"
    files.instalments.append(files.instalments[-1] | {"number": "3", "due_on": "2026-12-10", "principal": "50.00"})

    files.import_()

    assert "It is stored with 2 instalments, not 3." in {row["what_was_wrong"] for row in files.rejections()}


def test_the_first_rejected_rows_are_shown_and_all_are_in_the_report(files: LenderFiles) -> None:
    files.payments = [
        {"payment_reference": f"R-{number}", "loan_reference": "L-1", "received_on": "yesterday", "amount": "1"}
        for number in range(50)
    ]

    result = files.import_()

    assert "payments.csv" in result.output
    assert "and 30 more" in result.output
    assert str(files.report) in result.output
    assert len(files.rejections()) == 50


def test_neither_report_nor_audit_trail_repeats_personal_data(files: LenderFiles) -> None:
    files.import_()
    files.loans[0]["name"], files.loans[2]["phone"] = "Li Nan", "1390000100x"

    result = files.import_()

    with transaction() as session:
        details = str(session.scalars(select(AuditEntry.details)).all())
    for words in (result.output, files.report.read_text(), details):
        assert "Li Na" not in words
        assert "13900001" not in words


def test_an_import_leaves_its_counts_and_hashes_in_the_audit_trail(files: LenderFiles) -> None:
    files.import_()

    with transaction() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert entry.action == "loan_book_imported"
    assert entry.details["added"] == {"borrowers": 2, "loans": 3, "instalments": 7, "payments": 3}
    assert set(entry.details["sha256"]) == {"loans", "instalments", "payments"}
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in entry.details["sha256"].values())


def test_a_missing_column_is_named(files: LenderFiles) -> None:
    for row in files.loans:
        del row["started_on"]

    result = files.import_()

    assert result.exit_code == 1
    assert "lacks the columns started_on" in result.output


def test_an_unknown_column_is_named(files: LenderFiles) -> None:
    for row in files.instalments:
        row["fees"] = row.pop("fee")

    result = files.import_()

    assert result.exit_code == 1
    assert "not known: fees" in result.output


def test_loans_need_their_instalments(files: LenderFiles) -> None:
    result = respite("import", str(files.write("loans")))

    assert result.exit_code == 1
    assert "Give both files" in result.output


def test_one_file_of_a_kind_is_enough(files: LenderFiles) -> None:
    payments = str(files.write("payments"))

    result = respite("import", payments, payments)

    assert result.exit_code == 1
    assert "both hold payments" in result.output


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("loans.xlsx", b"", "neither in .csv nor in .parquet"),
        ("empty.csv", b"", "cannot be read"),
        ("gbk.csv", "name\n王芳\n".encode("gbk"), "UTF-8"),
        ("torn.parquet", b"PAR1", "cannot be read"),
        ("ragged.csv", b"payment_reference,amount\n1,2,3\n", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path, name: str, content: bytes, wrong: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    result = respite("import", str(path))

    assert result.exit_code == 1
    assert wrong in result.output
    assert name in result.output


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = respite("import", str(tmp_path / "loans.csv"))

    assert result.exit_code == 1
    assert "does not exist" in result.output


def test_a_database_without_tables_is_not_imported_into(files: LenderFiles, bare_url: str) -> None:
    result = files.import_()

    assert result.exit_code == 1
    assert "respite migrate" in result.output
