"""The audit trail: append-only, each entry sealed by a hash over itself and the entry before it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from respite.store.models import AuditEntry

FIRST_HASH = "0" * 64
POSTGRESQL_LOCK = 0x72657370


def record(
    session: Session, *, actor: str, action: str, subject: str, details: dict[str, Any], at: datetime
) -> AuditEntry:
    """Add one entry in the caller's transaction, so that a deed and its trace stand or fall together.

    `actor` is `borrower:<id>`, `bot`, `staff:<id>` or `system`; `subject` names what was acted on, such as
    `plan:P-7K2M9Q`. `details` is JSON and holds no personal data.
    """
    _wait_for_turn(session)
    previous = session.scalar(select(AuditEntry.entry_hash).order_by(AuditEntry.id.desc()).limit(1)) or FIRST_HASH
    entry = AuditEntry(
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        details=details,
        previous_hash=previous,
        entry_hash=seal(previous, at, actor, action, subject, details),
    )
    session.add(entry)
    session.flush()
    return entry


def seal(previous: str, at: datetime, actor: str, action: str, subject: str, details: dict[str, Any]) -> str:
    """The SHA-256 of an entry and of the hash before it, as lower-case hexadecimal."""
    content = json.dumps([previous, at.isoformat(), actor, action, subject, details], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _wait_for_turn(session: Session) -> None:
    """One writer at a time: SQLite's write lock does that already, PostgreSQL is asked for a lock until commit."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": POSTGRESQL_LOCK})
