"""One transaction after another where rows alone cannot say so."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def wait_for_turn(session: Session, name: str) -> None:
    """Be the only transaction that does what `name` stands for, until this one ends.

    SQLite's write lock sees to that already; PostgreSQL is asked for a lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
