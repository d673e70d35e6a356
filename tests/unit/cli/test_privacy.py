"""`respite privacy`."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.engine.kept_conversations import Kept, KeptConversations
from respite.cli import app
from respite.settings import settings
from respite.store.models import AuditEntry, Conversation, Loan
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


def privacy(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["privacy", *arguments])


@pytest.fixture
def borrower() -> str:
    loan_id = desk.lend("due_soon")
    with transaction() as session:
        loan = session.get_one(Loan, loan_id)
        desk.converse(session, loan.borrower_id)
        return loan.borrower.reference


def test_what_is_kept_is_handed_out_and_that_is_on_the_trail(borrower: str, tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    assert privacy("export", borrower, str(file)).exit_code == 0
    assert json.loads(file.read_text())["borrower"]["reference"] == borrower
    with transaction() as session:
        assert "borrower_exported" in session.scalars(select(AuditEntry.action)).all()


def test_an_erasure_says_what_is_kept_and_why(borrower: str) -> None:
    result = privacy("erase", borrower)
    assert result.exit_code == 0
    assert "because it is not settled" in " ".join(result.output.split())


def test_an_erasure_reaches_what_rasa_remembers_and_a_turn_that_it_is_answering(borrower: str) -> None:
    with transaction() as session:
        conversation = session.scalars(select(Conversation.id)).one()
    settings().home.mkdir(parents=True, exist_ok=True)
    memory, said = KeptConversations(str(settings().tracker_database), [bytes(32)]), Kept([{"event": "user"}])
    for chat in (conversation, "another"):
        memory.write(chat, said)
    privacy("erase", borrower)
    assert memory.read(conversation) is None
    memory.write(conversation, said)
    assert memory.read(conversation) is None
    assert memory.read("another") is not None


@pytest.mark.parametrize("command", [["export", "B-NOBODY", "x.json"], ["erase", "B-NOBODY"]])
def test_an_unknown_borrower_is_named(command: list[str]) -> None:
    result = privacy(*command)
    assert result.exit_code == 1
    assert "There is no borrower B-NOBODY" in result.output
