"""What tests share: settings of their own, and stores on SQLite and PostgreSQL, empty or with a loan book."""

import gc
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
import structlog
from sqlalchemy.orm import Session, sessionmaker

from respite.loan_books.load import loan_book
from respite.policies.load import policy
from respite.settings import settings
from respite.store import migrations
from respite.store.demo_book import seed
from respite.store.encryption import cipher
from respite.store.session import create_store_engine, store, transaction
from tests.databases import Databases, SQLiteFolder, postgresql_binaries, throw_away_postgresql

hypothesis.settings.register_profile("respite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("respite")  # a busy machine is no mistake of a test

gc.set_threshold(50_000, 20, 100)  # looking for garbage as often as Python does takes an eighth of the time

collect_ignore = ["unit/engine"]  # these tests run in the Rasa environment

BUSINESS_DATE = date(2026, 11, 22)
ENCRYPTION_KEY = "dGhlIHRlc3RzIGxvY2sgdGhlaXIgb3duIGRvb3JzISE="


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """Log the errors that tests provoke without drawing every local variable, which takes seconds an error."""
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


@pytest.fixture
def business_date() -> date:
    return BUSINESS_DATE


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No test reads the settings, the key or the database of this installation, or of another test."""
    _settle_in(tmp_path, monkeypatch)
    yield monkeypatch
    _forget_settings()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where databases are made: once as files, once on a PostgreSQL server that lives for the tests."""
    if request.param == "sqlite":
        yield SQLiteFolder(tmp_path_factory.mktemp("databases"))
        return
    programs = postgresql_binaries()
    if programs is None:
        missing = "PostgreSQL's initdb and pg_ctl are not installed, so nothing was tested on PostgreSQL."
        if os.environ.get("RESPITE_REQUIRE_POSTGRES") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with throw_away_postgresql(programs) as server:
        yield server


@pytest.fixture(scope="session")
def migrated(databases: Databases) -> str:
    """The name of a template with all tables and no rows."""
    engine = create_store_engine(databases.create("migrated"))
    migrations.upgrade(engine)
    engine.dispose()
    return "migrated"


@pytest.fixture(scope="session")
def lent(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a template that holds the demo loan book of BUSINESS_DATE."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        _settle_in(tmp_path_factory.mktemp("lent"), monkeypatch)
        monkeypatch.setenv("RESPITE_DATABASE_URL", databases.create("lent", migrated))
        with transaction() as session:
            seed(session, policy(), BUSINESS_DATE)
        _forget_settings()
    return "lent"


@pytest.fixture
def bare_url(databases: Databases, own_settings: pytest.MonkeyPatch) -> Iterator[str]:
    """A database without tables."""
    yield from _database(databases, None, own_settings)


@pytest.fixture
def store_url(databases: Databases, migrated: str, own_settings: pytest.MonkeyPatch) -> Iterator[str]:
    """A store with all tables and no rows; `transaction()` opens it."""
    with databases.without_rows(migrated) as url:
        yield from _opened(url, own_settings)


@pytest.fixture
def demo_store_url(databases: Databases, lent: str, own_settings: pytest.MonkeyPatch) -> Iterator[str]:
    """A store that holds the demo loan book of BUSINESS_DATE; `transaction()` opens it."""
    yield from _database(databases, lent, own_settings)


@pytest.fixture
def session_factory(store_url: str) -> sessionmaker[Session]:
    return store()


@pytest.fixture
def session(session_factory: sessionmaker[Session]) -> Iterator[Session]:
    """A session on an empty store."""
    with session_factory() as session:
        yield session


@pytest.fixture
def seeded(demo_store_url: str) -> Iterator[Session]:
    """A session on a store that holds the demo loan book of BUSINESS_DATE."""
    with store()() as session:
        yield session


def _database(databases: Databases, template: str | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    yield from _opened(databases.create(name, template), monkeypatch)
    databases.drop(name)


def _opened(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("RESPITE_DATABASE_URL", url)
    _forget_settings()
    yield url
    _forget_settings()


def _settle_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("RESPITE_") and not name.startswith("RESPITE_REQUIRE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("RESPITE_HOME", str(home))
    monkeypatch.setenv("RESPITE_ENCRYPTION_KEY", ENCRYPTION_KEY)
    _forget_settings()


def _forget_settings() -> None:
    if store.cache_info().currsize:
        store().kw["bind"].dispose()
    for remembered in (settings, cipher, store, loan_book):
        remembered.cache_clear()
