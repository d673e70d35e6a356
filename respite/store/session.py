"""Engines and sessions: SQLite with a write-ahead log when embedded, PostgreSQL for real use."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from respite.settings import settings
from respite.tracing import step

SQLITE_BUSY_MILLISECONDS = 10_000
CONNECTIONS, MORE_AT_A_PEAK = 16, 5
"""How many a process keeps to its store, and how many it opens beside them for a moment."""

FOUND_DEAD = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""How soon a server that vanished without a word is given up, in seconds, tries and (the last) milliseconds (libpq)."""

ONLY_READS = "respite_only_reads"


def create_store_engine(url: str) -> Engine:
    """An engine for `url`. SQLite transactions that may write take the lock at once, so that none fails half-way."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(
            address,
            connect_args=FOUND_DEAD,
            pool_size=CONNECTIONS,
            max_overflow=MORE_AT_A_PEAK,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, pool_size=CONNECTIONS, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MILLISECONDS}")


def _begin(connection: Any) -> None:
    only_reads = connection.get_execution_options().get(ONLY_READS)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


@cache
def store() -> sessionmaker[Session]:
    """The session factory of this process, from its settings."""
    return sessionmaker(create_store_engine(settings().store_url), expire_on_commit=False)


@contextmanager
def transaction() -> Iterator[Session]:
    """One session and one transaction: committed at the end, rolled back on any error."""
    with step("database"), store().begin() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """One session that only reads, and waits for nobody who writes."""
    with step("database"), store()() as session:
        session.connection(execution_options={ONLY_READS: True})
        yield session
