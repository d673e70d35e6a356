"""A loan comes with its id in the lender's own system, or without one and stays in the store."""

from pathlib import Path

import pytest
from sqlalchemy import select

from respite.store.models import Loan
from respite.store.session import transaction
from tests.unit.store.lender_files import LenderFiles

pytestmark = pytest.mark.usefixtures("store_url")


@pytest.fixture
def files(tmp_path: Path, own_settings: pytest.MonkeyPatch) -> LenderFiles:
    own_settings.setenv("RESPITE_BUSINESS_DATE", "2026-11-22")
    own_settings.setenv("RESPITE_POLICY", "cn")
    return LenderFiles(tmp_path)


def give(files: LenderFiles, *ids: str) -> None:
    for row, external_id in zip(files.loans, ids, strict=True):
        row["external_id"] = external_id


def stored() -> list[str | None]:
    with transaction() as session:
        return list(session.scalars(select(Loan.external_id).order_by(Loan.reference)))


def test_it_is_stored_where_it_is_given(files: LenderFiles) -> None:
    give(files, "17", "", "core/18")
    assert files.import_().exit_code == 0
    assert stored() == ["17", None, "core/18"]


def test_the_same_ids_again_or_none_change_nothing(files: LenderFiles) -> None:
    give(files, "17", "", "18")
    files.import_()
    assert files.import_().exit_code == 0
    for row in files.loans:
        del row["external_id"]
    assert files.import_().exit_code == 0
    assert stored() == ["17", None, "18"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("17", "", "18"), ("19", "", "18")),
        (("", "", ""), ("17", "", "")),
    ],
    ids=["another", "one where there was none"],
)
def test_a_stored_loan_gets_no_other_id(
    files: LenderFiles, before: tuple[str, str, str], after: tuple[str, str, str]
) -> None:
    give(files, *before)
    files.import_()
    give(files, *after)
    assert files.import_().exit_code == 1
    assert {row["column"] for row in files.rejections()} == {"external_id"}
    assert stored() == [each or None for each in before]


def test_two_loans_cannot_have_one_id(files: LenderFiles) -> None:
    give(files, "17", "17", "18")
    assert files.import_().exit_code == 1
    assert stored() == []


def test_an_id_of_a_stored_loan_cannot_be_given_to_another(files: LenderFiles) -> None:
    give(files, "17", "", "18")
    files.import_()
    files.loans[0] |= {"loan_reference": "L-9"}
    for row in files.instalments[:3]:
        row["loan_reference"] = "L-9"
    files.payments = files.payments[2:]
    assert files.import_().exit_code == 1
    assert [(row["column"], row["loan_reference"]) for row in files.rejections()] == [("external_id", "L-9")]
