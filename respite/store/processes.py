"""The processes that answer and send. What a process has claimed is free again soon after it has died."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from respite.store.models import Process

ALIVE_FOR = timedelta(seconds=3)
"""How long a process that says nothing counts as alive."""


def begin(session: Session, now: datetime) -> str:
    """Enter a process among those alive, and return its id; those that have died are forgotten."""
    session.execute(delete(Process).where(Process.alive_until < now))
    process = Process(alive_until=now + ALIVE_FOR)
    session.add(process)
    session.flush()
    return process.id


def stay_alive(session: Session, process_id: str, now: datetime) -> None:
    """Say that a process is still there; to be said more often than every ALIVE_FOR."""
    session.merge(Process(id=process_id, alive_until=now + ALIVE_FOR))


def end(session: Session, process_id: str) -> None:
    """Free at once what a process has claimed."""
    session.execute(delete(Process).where(Process.id == process_id))


def is_alive(session: Session, process_id: str | None, now: datetime) -> bool:
    process = session.get(Process, process_id, populate_existing=True) if process_id else None
    return process is not None and now < process.alive_until
