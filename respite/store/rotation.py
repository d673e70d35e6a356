"""A new key for personal data: every encrypted value written anew, and every look-up hash with it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table, bindparam, select, update
from sqlalchemy.orm import Session

from respite.store.encryption import EncryptedText, cipher
from respite.store.models import Base, Borrower

ROWS_AT_A_TIME = 1000


def encrypt_anew(session: Session) -> int:
    """Encrypt every personal value under the newest key of the ring; return how many rows were written."""
    tables = {table: _encrypted(table) for table in Base.metadata.sorted_tables}
    return sum(_encrypt_table(session, table, columns) for table, columns in tables.items() if columns)


def _encrypted(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, EncryptedText)]


def _encrypt_table(session: Session, table: Table, columns: list[Column[Any]]) -> int:
    (key,) = table.primary_key.columns
    values: dict[str, Any] = {column.name: bindparam(f"new_{column.name}") for column in columns}
    if table is Borrower.__table__:
        values["phone_index"] = bindparam("new_phone_index")
    write = update(table).where(key == bindparam("row_key")).values(values)
    written = 0
    for rows in _batches(session, table, key, columns):
        session.connection().execute(write, [_new_values(row, columns) for row in rows])
        written += len(rows)
    return written


def _batches(
    session: Session, table: Table, key: Column[Any], columns: list[Column[Any]]
) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table in the order of their keys, so that none is met twice while they are written."""
    query = select(key.label("row_key"), *columns).order_by(key).limit(ROWS_AT_A_TIME)
    rows = [dict(row) for row in session.execute(query).mappings()]
    while rows:
        yield rows
        rows = [dict(row) for row in session.execute(query.where(key > rows[-1]["row_key"])).mappings()]


def _new_values(row: dict[str, Any], columns: list[Column[Any]]) -> dict[str, Any]:
    values = {"row_key": row["row_key"]} | {f"new_{column.name}": row[column.name] for column in columns}
    if "phone" in row:
        values["new_phone_index"] = cipher().blind_index(row["phone"])
    return values
