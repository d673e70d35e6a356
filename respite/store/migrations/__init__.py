"""The versions of the database; `alembic revision --autogenerate` writes the next one from the models."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`, in one transaction; one that is there already stays as it is."""
    with engine.begin() as connection:
        command.upgrade(_configured_for(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to `revision`, in one transaction; `base` is a database without tables."""
    with engine.begin() as connection:
        command.downgrade(_configured_for(connection), revision)


def is_up_to_date(engine: Engine) -> bool:
    """Whether the database is at the newest revision."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_heads()
    return set(present) == set(ScriptDirectory(str(HERE)).get_heads())


def _configured_for(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
