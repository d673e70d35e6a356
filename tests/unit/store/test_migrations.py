"""Migrations lead from an empty database to the tables of the models, and back."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from respite.store import migrations
from respite.store.models import Base
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
