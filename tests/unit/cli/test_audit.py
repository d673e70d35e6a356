"""`respite audit`."""

import json
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from typer.testing import CliRunner, Result

from respite.cli import app
from respite.store.models import AuditEntry
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


def audit(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", *arguments])


@pytest.fixture
def booked() -> str:
    """The reference of a booked plan, with its trail."""
    return desk.consent(desk.quote_deferral(desk.lend("due_soon"))).plan.reference


def test_an_intact_trail_is_said_to_be_so_with_its_head(booked: str) -> None:
    result = audit("verify")
    with transaction() as session:
        newest = session.scalars(select(AuditEntry.entry_hash).order_by(AuditEntry.id.desc())).first()
    assert result.exit_code == 0
    assert "intact" in result.output
    assert str(newest) in result.output


def test_a_changed_entry_ends_the_check_with_its_name(booked: str) -> None:
    with transaction() as session:
        session.execute(update(AuditEntry).where(AuditEntry.action == "plan_booked").values(actor="staff:nobody"))
    result = audit("verify")
    assert result.exit_code == 1
    assert f"(plan_booked, plan:{booked}) was changed" in result.output


def test_a_trail_that_was_cut_off_is_seen_by_the_head_of_an_earlier_check(booked: str) -> None:
    head = audit("verify").output.split()[-1]
    with transaction() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.action == "plan_booked"))
    assert audit("verify").exit_code == 0
    result = audit("verify", "--head", head)
    assert result.exit_code == 1
    assert "cut off" in result.output


def test_a_case_is_written_and_its_handing_out_is_on_the_trail(booked: str, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    result = audit("export", booked, str(file))
    assert result.exit_code == 0
    assert json.loads(file.read_text())["reference"] == booked
    with transaction() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "case_exported")).one()
    assert entry.actor.startswith("staff:")
    assert entry.subject == f"case:{booked}"


def test_an_unknown_reference_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    result = audit("export", "P-222222", str(file))
    assert result.exit_code == 1
    assert "No conversation led to P-222222" in result.output
    assert not file.exists()
