"""The audit trail: append-only, each entry sealed by a hash over itself and the entry before it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.store.models import AuditEntry
from respite.store.turns import wait_for_turn

FIRST_HASH = "0" * 64
ENTRIES_AT_A_TIME = 1000


@dataclass(frozen=True)
class Flaw:
    """What is wrong with the trail at one entry, as a sentence."""

    entry_id: int
    sentence: str


def record(
    session: Session, *, actor: str, action: str, subject: str, details: dict[str, Any], at: datetime
) -> AuditEntry:
    """Add one entry in the caller's transaction, so that a deed and its trace stand or fall together.

    `actor` is `borrower:<id>`, `bot`, `staff:<id>` or `system`; `subject` names what was acted on, such as
    `plan:P-7K2M9Q`. `details` is JSON and holds no personal data.
    """
    wait_for_turn(session, "audit trail")
    previous = head(session)
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


def flaws(session: Session) -> Iterator[Flaw]:
    """Every entry that was changed, and every place where one is missing or out of order, in the order of the trail.

    Entries cut off at the end leave no flaw: compare `head` with what it was before.
    """
    before, fitting = 0, {FIRST_HASH}
    query = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=ENTRIES_AT_A_TIME)
    for entry in session.scalars(query):
        sealed = seal(entry.previous_hash, entry.at, entry.actor, entry.action, entry.subject, entry.details)
        if sealed != entry.entry_hash:
            yield Flaw(
                entry.id, f"Entry {entry.id} ({entry.action}, {entry.subject}) was changed after it was written."
            )
        elif entry.previous_hash not in fitting:
            yield Flaw(entry.id, _why_it_does_not_follow(session, entry, before))
        before, fitting = entry.id, {entry.entry_hash, sealed}


def head(session: Session) -> str:
    """The hash of the newest entry: kept elsewhere, it shows later that nothing was cut off."""
    return session.scalar(select(AuditEntry.entry_hash).order_by(AuditEntry.id.desc()).limit(1)) or FIRST_HASH


def holds(session: Session, entry_hash: str) -> bool:
    """Whether the trail has an entry with this hash."""
    return entry_hash == FIRST_HASH or bool(
        session.scalar(select(AuditEntry.id).where(AuditEntry.entry_hash == entry_hash))
    )


def _why_it_does_not_follow(session: Session, entry: AuditEntry, before: int) -> str:
    if entry.previous_hash == FIRST_HASH:
        return f"{_named(entry)} is out of order: it was written first."
    predecessor = session.scalar(select(AuditEntry.id).where(AuditEntry.entry_hash == entry.previous_hash))
    if predecessor:
        return f"{_named(entry)} is out of order: it was written after entry {predecessor}."
    gap_from = f"entry {before}" if before else "the start"
    return f"One or more entries are missing between {gap_from} and entry {entry.id}."


def _named(entry: AuditEntry) -> str:
    return f"Entry {entry.id} ({entry.action}, {entry.subject})"
