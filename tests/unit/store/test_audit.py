"""The audit trail: whoever recomputes its seals finds what was changed, deleted or put in another order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from respite.store import audit
from respite.store.models import AuditEntry

NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)


def record(session: Session, number: int) -> None:
    audit.record(
        session,
        actor="bot",
        action="plan_quoted",
        subject=f"quote:{number}",
        details={"loan": f"L-{number}", "说明": ["延期", number]},
        at=NOW + timedelta(minutes=number),
    )


@pytest.fixture
def trail(session_factory: sessionmaker[Session]) -> sessionmaker[Session]:
    """A store with a trail of six entries, each written in a transaction of its own."""
    for number in range(6):
        with session_factory.begin() as session:
            record(session, number)
    return session_factory


def flaws(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return [flaw.sentence for flaw in audit.flaws(session)]


def is_intact(sessions: sessionmaker[Session]) -> bool:
    return not flaws(sessions)


def ids(sessions: sessionmaker[Session]) -> list[int]:
    with sessions() as session:
        return list(session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))


def test_an_untouched_trail_is_intact(trail: sessionmaker[Session]) -> None:
    assert is_intact(trail)


def test_the_trail_is_one_chain_after_many_wrote_at_once(session_factory: sessionmaker[Session]) -> None:
    def write(number: int) -> None:
        with session_factory.begin() as session:
            record(session, number)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(40)))
    with session_factory() as session:
        assert len(list(session.scalars(select(AuditEntry.id)))) == 40
    assert is_intact(session_factory)


def test_several_entries_of_one_transaction_follow_one_another(session_factory: sessionmaker[Session]) -> None:
    with session_factory.begin() as session:
        for number in range(3):
            record(session, number)
    assert is_intact(session_factory)


def test_an_entry_falls_with_the_deed_it_records(trail: sessionmaker[Session]) -> None:
    with pytest.raises(ConnectionError), trail.begin() as session:
        write_and_fail(session)
    with trail.begin() as session:
        record(session, 7)
    with trail() as session:
        assert "quote:99" not in set(session.scalars(select(AuditEntry.subject)))
    assert is_intact(trail)


def write_and_fail(session: Session) -> None:
    record(session, 99)
    raise ConnectionError


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOW},
        {"actor": "staff:1"},
        {"action": "plan_booked"},
        {"subject": "quote:7"},
        {"details": {"loan": "L-7"}},
        {"previous_hash": "0" * 64},
        {"entry_hash": "f" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_is_seen(trail: sessionmaker[Session], change: dict[str, object]) -> None:
    changed = ids(trail)[3]
    with trail.begin() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == changed).values(**change))
    (flaw,) = flaws(trail)
    assert flaw.startswith(f"Entry {changed} ")
    assert "was changed" in flaw


def test_a_deleted_entry_is_named_by_its_neighbours(trail: sessionmaker[Session]) -> None:
    before, deleted, after = ids(trail)[2:5]
    with trail.begin() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id == deleted))
    assert flaws(trail) == [f"One or more entries are missing between entry {before} and entry {after}."]


def test_a_deleted_first_entry_is_seen(trail: sessionmaker[Session]) -> None:
    first, second = ids(trail)[:2]
    with trail.begin() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id == first))
    assert flaws(trail) == [f"One or more entries are missing between the start and entry {second}."]


def test_entries_in_another_order_are_named(trail: sessionmaker[Session]) -> None:
    with trail.begin() as session:
        one, other = ids(trail)[2:4]
        for number, place in ((one, 9998), (other, one), (9998, other)):
            session.execute(update(AuditEntry).where(AuditEntry.id == number).values(id=place))
    found = flaws(trail)
    assert found
    assert all("is out of order" in flaw for flaw in found)
    assert any(f"Entry {one} " in flaw for flaw in found)


def test_entries_cut_off_at_the_end_are_seen_by_whoever_kept_the_head(trail: sessionmaker[Session]) -> None:
    last = ids(trail)[-1]
    with trail.begin() as session:
        kept = audit.head(session)
        assert audit.holds(session, kept)
        session.execute(delete(AuditEntry).where(AuditEntry.id == last))
        assert not audit.holds(session, kept)
    assert is_intact(trail)


def test_an_entry_is_sealed_alike_on_every_database_and_in_every_time_zone() -> None:
    details = {"b": 1, "a": ["x"]}
    sealed = audit.seal(audit.FIRST_HASH, NOW, "bot", "did", "it", details)
    assert sealed == audit.seal(audit.FIRST_HASH, NOW, "bot", "did", "it", dict(reversed(details.items())))
    assert len(sealed) == 64
