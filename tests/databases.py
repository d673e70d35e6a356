"""Databases for tests, as files of SQLite or on a throw-away PostgreSQL server: copies of a template."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
"""For tests of words, pages and arithmetic: the store is tested on both databases elsewhere."""

ON_POSTGRESQL = pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")
"""For what SQLite does not do: several processes, and several who write at once."""

WITHOUT_DURABILITY = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
EMPTY = """
DO $$
DECLARE a_table regclass; has_rows boolean;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR a_table IN SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', a_table) INTO has_rows;
        IF has_rows THEN
            EXECUTE format('TRUNCATE %s CASCADE', a_table);
        END IF;
    END LOOP;
    PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';
END $$
"""
"""Takes all rows out, and counts from one again; a test that left a connection behind loses it."""


class Databases(Protocol):
    """A place to make databases in and to throw them away."""

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of `template` if one is given, and return its URL."""

    def drop(self, name: str) -> None: ...

    def without_rows(self, template: str) -> AbstractContextManager[str]:
        """The URL of a database with the tables of `template` and no rows, for one test."""


@dataclass(frozen=True)
class SQLiteFolder:
    folder: Path

    def create(self, name: str, template: str | None = None) -> str:
        if template:
            shutil.copy(self._file(template), self._file(name))
        return f"sqlite:///{self._file(name)}"

    def drop(self, name: str) -> None:
        for file in self.folder.glob(f"{name}.db*"):
            file.unlink()

    @contextmanager
    def without_rows(self, template: str) -> Iterator[str]:
        name = f"test_{uuid4().hex}"
        yield self.create(name, template)
        self.drop(name)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.db"


@dataclass(frozen=True)
class PostgreSQLServer:
    """A copy takes a tenth of a second, so that one without rows serves one test after the other."""

    socket_folder: Path
    _emptied: dict[str, Connection] = field(default_factory=dict)

    def create(self, name: str, template: str | None = None) -> str:
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template1"}" STRATEGY FILE_COPY')
        return self._url(name)

    def drop(self, name: str) -> None:
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def without_rows(self, template: str) -> Iterator[str]:
        name = f"{template}_emptied"
        if template not in self._emptied:
            self._emptied[template] = self._connect(self.create(name, template))
        yield self._url(name)
        self._emptied[template].execute(text(EMPTY))

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://respite@/{name}?host={self.socket_folder}"

    def _execute(self, statement: str) -> None:
        with self._connect(self._url("postgres")) as connection:
            connection.execute(text(statement))

    def _connect(self, url: str) -> Connection:
        return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()


def postgresql_binaries() -> Path | None:
    """The folder with `initdb` and `pg_ctl`, or None where PostgreSQL is not installed."""
    on_path = shutil.which("pg_ctl")
    found = [Path(on_path)] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


@contextmanager
def throw_away_postgresql(programs: Path) -> Iterator[PostgreSQLServer]:
    """Run a server that answers on a Unix socket only and forgets everything at the end."""
    owner = _server_owner()
    with tempfile.TemporaryDirectory(prefix="respite-postgresql-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.chown(folder, pwd.getpwnam(owner).pw_uid, -1)

        def run(program: str, *arguments: str) -> None:
            as_owner: dict[str, Any] = {"user": owner, "extra_groups": []} if os.geteuid() == 0 else {}
            log = folder / f"{program}.log"
            with log.open("a") as output:
                command = [programs / program, f"--pgdata={folder / 'data'}", *arguments]
                done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, check=False, **as_owner)
            if done.returncode:
                raise RuntimeError(f"{program} of PostgreSQL failed: {log.read_text()}")

        run("initdb", "--auth=trust", "--username=respite", "--encoding=UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "start", "--wait", f"--options=-k {folder} -h '' {WITHOUT_DURABILITY}")
        try:
            yield PostgreSQLServer(folder)
        finally:
            run("pg_ctl", "stop", "--mode=immediate")


def _server_owner() -> str:
    """PostgreSQL refuses to run as root, so root lends it another user."""
    if os.geteuid() != 0:
        return getpass.getuser()
    return "postgres" if "postgres" in {user.pw_name for user in pwd.getpwall()} else "nobody"
