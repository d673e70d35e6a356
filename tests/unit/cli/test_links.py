"""`respite links`."""

import pytest
from typer.testing import CliRunner, Result

from respite.cli import app
from respite.identity.verification import vouched_for
from respite.store.models import Borrower, Loan
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


def links(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["links", *arguments])


@pytest.fixture
def signed_in() -> tuple[str, str]:
    """The reference of a borrower, and the chat in which they are signed in."""
    loan_id = desk.lend("due_soon")
    with transaction() as session:
        borrower = session.get_one(Borrower, session.get_one(Loan, loan_id).borrower_id)
        chat = desk.converse(session, None)
        vouched_for(session, chat.id, borrower.id, desk.NOW)
        return borrower.reference, chat.id


def test_a_borrowers_chats_are_listed(signed_in: tuple[str, str]) -> None:
    borrower, chat = signed_in
    assert chat in links("list", borrower).output


def test_a_revoked_chat_is_listed_no_more(signed_in: tuple[str, str]) -> None:
    borrower, chat = signed_in
    assert links("revoke", borrower).exit_code == 0
    assert chat not in links("list", borrower).output


def test_a_chat_of_somebody_else_is_not_revoked(signed_in: tuple[str, str]) -> None:
    borrower, chat = signed_in
    result = links("revoke", borrower, "--chat", "another")
    assert result.exit_code == 1
    assert "no chat another" in result.output
    assert chat in links("list", borrower).output


def test_an_unknown_borrower_is_named() -> None:
    result = links("list", "B-NOBODY")
    assert result.exit_code == 1
    assert "There is no borrower B-NOBODY" in result.output
