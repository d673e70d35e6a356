"""`respite plan confirmation`: the same document for staff, on the command line."""

from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from respite.cli import app
from respite.plans.confirmation import confirmation
from respite.policies.load import policy
from respite.store.models import AuditEntry, Plan
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


@pytest.fixture
def reference() -> str:
    """A booked plan."""
    return desk.consent(desk.quote_restructuring(desk.lend("late"))).plan.reference


def confirm(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["plan", "confirmation", *map(str, arguments)])


def issued_to() -> list[str]:
    with transaction() as session:
        query = select(AuditEntry.actor).where(AuditEntry.action == "confirmation_issued")
        return list(session.scalars(query))


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_staff_write_the_confirmation_of_any_plan(reference: str, tmp_path: Path, language: str) -> None:
    file = tmp_path / "plan.pdf"
    result = confirm(reference, file, "--language", language)
    assert result.exit_code == 0, result.output
    with transaction() as session:
        plan = session.scalars(select(Plan).where(Plan.reference == reference)).one()
        assert file.read_bytes() == confirmation(plan, policy=policy(), language=language)
    [actor] = issued_to()
    assert actor.startswith("staff:")


def test_without_a_language_it_is_the_borrowers(reference: str, tmp_path: Path) -> None:
    with transaction() as session:
        session.scalars(select(Plan).where(Plan.reference == reference)).one().loan.borrower.language = "zh-Hans"
    confirm(reference, tmp_path / "by-borrower.pdf")
    confirm(reference, tmp_path / "chosen.pdf", "--language", "zh-Hans")
    assert (tmp_path / "by-borrower.pdf").read_bytes() == (tmp_path / "chosen.pdf").read_bytes()


@pytest.mark.parametrize(
    ("plan", "place", "said"),
    [
        ("P-222222", "plan.pdf", "There is no plan P-222222"),
        (None, "nowhere/plan.pdf", "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said_and_leaves_no_entry(
    reference: str, tmp_path: Path, plan: str | None, place: str, said: str
) -> None:
    result = confirm(plan or reference, tmp_path / place)
    assert result.exit_code == 1
    assert said in " ".join(result.output.split())
    assert not (tmp_path / place).exists()
    assert issued_to() == []


def test_a_plan_made_under_a_policy_that_was_never_kept_is_not_confirmed(reference: str, tmp_path: Path) -> None:
    with transaction() as session:
        session.scalars(select(Plan).where(Plan.reference == reference)).one().policy_version = "cn-2019"
    result = confirm(reference, tmp_path / "plan.pdf")
    assert result.exit_code == 1
    assert "under policy cn-2019, which was never kept" in " ".join(result.output.split())
