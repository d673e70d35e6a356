"""`respite migrate` and `respite seed`."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from respite.cli import app
from respite.store import migrations
from respite.store.models import Borrower, Conversation
from respite.store.session import store, transaction


def respite(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def number_of(table: type[Borrower | Conversation]) -> int:
    with transaction() as session:
        return session.scalar(select(func.count(table.id))) or 0


@pytest.mark.usefixtures("bare_url")
def test_migrate_brings_a_database_up_to_date() -> None:
    result = respite("migrate")

    assert result.exit_code == 0
    assert migrations.is_up_to_date(store().kw["bind"])


@pytest.mark.usefixtures("store_url")
def test_seed_fills_an_empty_database() -> None:
    result = respite("seed", "--borrowers", "12")

    assert result.exit_code == 0
    assert "12 invented borrowers" in result.output
    assert number_of(Borrower) == 12


@pytest.mark.usefixtures("store_url")
def test_seed_leaves_a_loan_book_alone() -> None:
    respite("seed", "--borrowers", "12")

    result = respite("seed", "--borrowers", "15")

    assert result.exit_code == 0
    assert "--fresh" in result.output
    assert number_of(Borrower) == 12


@pytest.mark.usefixtures("store_url")
def test_a_fresh_seed_forgets_the_old_loan_book_and_its_conversations() -> None:
    respite("seed", "--borrowers", "12")
    with transaction() as session:
        someone = session.scalars(select(Borrower).limit(1)).one()
        session.add(
            Conversation(
                channel="web",
                chat_key="key",
                language="en",
                borrower_id=someone.id,
                created_at=datetime.now(UTC),
            )
        )

    result = respite("seed", "--fresh", "--borrowers", "15")

    assert result.exit_code == 0
    assert number_of(Borrower) == 15
    assert number_of(Conversation) == 0


@pytest.mark.usefixtures("store_url")
def test_a_fresh_seed_never_deletes_real_borrowers() -> None:
    with transaction() as session:
        session.add(Borrower(reference="B-7K2M9Q", name="Real", phone="+8613912345678", phone_index="7", language="en"))

    result = respite("seed", "--fresh")

    assert result.exit_code == 1
    assert "nothing was deleted" in result.output
    assert number_of(Borrower) == 1
