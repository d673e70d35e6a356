"""`respite plan offer`: what a member of staff may offer, and by whom the rest may be granted."""

import pytest
from typer.testing import CliRunner, Result

from respite.cli import app
from respite.store.models import AuditEntry, Loan, Quote
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


@pytest.fixture
def reference() -> str:
    """A loan that is late."""
    loan_id = desk.lend("late")
    with transaction() as session:
        return session.get_one(Loan, loan_id).reference


def offer(reference: str, *options: str) -> Result:
    day = desk.TODAY.isoformat()
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["plan", "offer", reference, "--business-date", day, *options])


def test_an_agent_offers_more_than_the_bot_may(reference: str) -> None:
    for options in (("--count", "40"), ("--until", "2027-01-01"), ("--count", "12", "--waive", "50")):
        refused = offer(reference, *options, "--as", "bot")
        assert refused.exit_code == 1
        assert "The agent may grant it: --as agent" in " ".join(refused.output.split())
        granted = offer(reference, *options)
        assert granted.exit_code == 0, granted.output
        assert "Effective annual rate" in granted.output


def test_a_relief_is_seen_in_what_is_to_be_paid(reference: str) -> None:
    usual, less = offer(reference, "--count", "12"), offer(reference, "--count", "12", "--lower-rate", "2")
    assert usual.exit_code == less.exit_code == 0
    assert usual.output != less.output


def test_a_refusal_names_its_rule_and_its_facts(reference: str) -> None:
    refused = offer(reference, "--count", "61", "--as", "supervisor")
    assert "Refused by the rule count_too_large (maximum_count 60)." in refused.output


def test_nothing_is_written(reference: str) -> None:
    offer(reference, "--count", "12")
    with transaction() as session:
        assert session.query(Quote).count() == session.query(AuditEntry).count() == 0


@pytest.mark.parametrize("options", [(), ("--count", "12", "--until", "2027-01-01")])
def test_one_kind_of_plan_is_asked_for(reference: str, options: tuple[str, ...]) -> None:
    result = offer(reference, *options)
    assert result.exit_code == 1
    assert "Say either --until a day or --count of instalments." in result.output


def test_a_loan_that_is_not_there_is_said_in_words() -> None:
    assert "There is no loan L-222222" in offer("L-222222", "--count", "12").output
