"""Migrations lead from an empty database to the tables of the models, and back."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, select
from sqlalchemy.orm import Session

from respite.clock import utc_now
from respite.store import migrations
from respite.store.models import Base, Conversation, TurnResults
from respite.store.session import create_store_engine


@pytest.fixture
def engine(bare_url: str) -> Iterator[Engine]:
    engine = create_store_engine(bare_url)
    yield engine
    engine.dispose()


def test_an_upgraded_database_has_exactly_the_tables_of_the_models(engine: Engine) -> None:
    migrations.upgrade(engine)

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []
    for table in Base.metadata.sorted_tables:
        primary_key = inspect(engine).get_pk_constraint(table.name)["constrained_columns"]
        assert primary_key == [column.name for column in table.primary_key], table.name


def test_results_of_turns_outlive_the_upgrade_and_the_latest_ones_the_way_back(engine: Engine) -> None:
    def turns() -> list[str]:
        with engine.connect() as connection:
            return list(connection.scalars(select(TurnResults.turn_id).order_by(TurnResults.turn_id)))

    def remember(turn_id: str) -> None:
        with engine.begin() as connection:
            values = {"conversation_id": "c", "turn_id": turn_id, "results": "{}"}
            connection.execute(insert(TurnResults).values(values))

    migrations.upgrade(engine)
    with Session(engine) as session, session.begin():
        session.add(Conversation(id="c", channel="webchat", chat_key="k", language="en", created_at=utc_now()))
    migrations.downgrade(engine, "0008")
    remember("9.0")
    migrations.upgrade(engine)
    remember("10.0")
    assert turns() == ["10.0", "9.0"]
    migrations.downgrade(engine, "0008")
    assert turns() == ["10.0"]


def test_a_downgraded_database_has_no_tables(engine: Engine) -> None:
    migrations.upgrade(engine)

    migrations.downgrade(engine)

    assert inspect(engine).get_table_names() == ["alembic_version"]


def test_a_database_is_up_to_date_only_after_the_upgrade(engine: Engine) -> None:
    assert not migrations.is_up_to_date(engine)

    migrations.upgrade(engine)

    assert migrations.is_up_to_date(engine)


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    migrations.upgrade(engine)
    tables = inspect(engine).get_table_names()

    migrations.upgrade(engine)

    assert inspect(engine).get_table_names() == tables


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("alembic.operations.Operations.create_index", fail)

    with pytest.raises(RuntimeError):
        migrations.upgrade(engine)

    assert inspect(engine).get_table_names() == []
