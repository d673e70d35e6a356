"""`respite risk`."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from respite.cli import app
from respite.identity.risk.decisions import Occasion, decide
from respite.policies.load import policy
from respite.store.models import Borrower, Loan, RiskDecision
from respite.store.session import transaction
from tests.unit.plans import desk
from tests.unit.policies.files import edited

pytestmark = pytest.mark.usefixtures("store_url")


def risk(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["risk", *arguments], env={"COLUMNS": "200"})


@pytest.fixture
def decided() -> tuple[str, int]:
    """The reference of a borrower who signed in on a new chat, and the number of the decision about it."""
    loan_id = desk.lend("due_soon")
    with transaction() as session:
        borrower = session.get_one(Borrower, session.get_one(Loan, loan_id).borrower_id)
        decide(session, Occasion.SIGN_IN, desk.converse(session, None).id, borrower, policy(), desk.NOW)
        return borrower.reference, session.query(RiskDecision.id).scalar()


def test_decisions_are_listed_with_their_signals(decided: tuple[str, int]) -> None:
    borrower, _ = decided
    for listed in (risk("list"), risk("list", "--borrower", borrower)):
        assert re.search(rf"sign_in +{borrower} +allow +10 +new_chat", listed.output)


def test_those_about_somebody_else_are_not_listed(decided: tuple[str, int]) -> None:
    with transaction() as session:
        other = session.get_one(Loan, desk.lend("late")).borrower.reference
    assert decided[0] not in risk("list", "--borrower", other).output


def test_a_decision_is_shown_with_all_that_it_was_decided_from(decided: tuple[str, int]) -> None:
    shown = risk("show", str(decided[1])).output
    for line in (
        "Outcome +allow, score 10",
        r"Signal new_chat +\+10",
        "Fact attempts +0",
        f"Policy +{policy().version}",
    ):
        assert re.search(line, shown)


def test_an_unknown_decision_is_named(decided: tuple[str, int]) -> None:
    result = risk("show", "999")
    assert result.exit_code == 1
    assert "There is no decision 999" in result.output


def test_the_policy_in_force_would_decide_as_it_did(decided: tuple[str, int]) -> None:
    assert "1 decisions judged by cn-2026-11; 0 would have been others" in risk("replay").output


def test_a_replay_counts_and_lists_what_a_changed_policy_would_have_decided(
    decided: tuple[str, int], tmp_path: Path
) -> None:
    stricter = edited(tmp_path, ("new_chat: {weight: 10}", "new_chat: {weight: 90}"), ("cn-2026-11", "stricter"))
    replayed = risk("replay", "--policy", str(stricter)).output
    assert "1 decisions judged by stricter; 1 would have been others" in replayed
    assert re.search(r"sign_in +allow +refuse +1", replayed)
    assert re.search(rf"{decided[1]} +{decided[0]} +allow +10 +refuse +90 +new_chat", replayed)


def test_a_policy_with_a_mistake_is_named(decided: tuple[str, int], tmp_path: Path) -> None:
    wrong = edited(tmp_path, ("refuse_from: 80", "refuse_from: 10"))
    result = risk("replay", "--policy", str(wrong))
    assert result.exit_code == 1
    assert "use more than step_up_from (50)" in result.output
