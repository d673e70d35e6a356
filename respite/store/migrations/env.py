"""What Alembic runs: on the connection it is given, or on the database of the settings."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from respite.settings import settings
from respite.store.models import Base
from respite.store.session import create_store_engine


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration names what the database stores, so that it outlives the classes of today's models."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=plain_type,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with create_store_engine(settings().store_url).begin() as connection:
        migrate(connection)
