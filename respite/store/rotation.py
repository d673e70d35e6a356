"""A new key for personal data: every encrypted value written anew, and every look-up hash with it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table, bindparam, select, update
from sqlalchemy.orm import Session

from respite.store.encryption import EncryptedBytes, EncryptedText, cipher
from respite.store.models import Base, Borrower, Conversation
from respite.support.conversations import address_key

ROWS_AT_A_TIME = 1000
Row = dict[str, Any]


def encrypt_anew(session: Session) -> int:
    """Encrypt every personal value under the newest key of the ring; return how many rows were written."""
    tables = {table: _encrypted(table) for table in Base.metadata.sorted_tables}
    return sum(_encrypt_table(session, table, columns) for table, columns in tables.items() if columns)


def _encrypted(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, EncryptedText | EncryptedBytes)]


def _encrypt_table(session: Session, table: Table, columns: list[Column[Any]]) -> int:
    (key,) = table.primary_key.columns
    written = 0
    for rows in _batches(session, table, key):
        renewed = [_renewed(table, row, columns) for row in rows]
        new_values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in renewed[0]}
        write = update(table).where(key == bindparam("row_key")).values(new_values)
        parameters = [
            {"row_key": row[key.name]} | {f"new_{name}": value for name, value in new.items()}
            for row, new in zip(rows, renewed, strict=True)
        ]
        session.connection().execute(write, parameters)
        written += len(rows)
    return written


def _batches(session: Session, table: Table, key: Column[Any]) -> Iterator[list[Row]]:
    """The rows of a table in the order of their keys, so that none is met twice while they are written."""
    query = select(table).order_by(key).limit(ROWS_AT_A_TIME)
    rows = [dict(row) for row in session.execute(query).mappings()]
    while rows:
        yield rows
        rows = [dict(row) for row in session.execute(query.where(key > rows[-1][key.name])).mappings()]


def _renewed(table: Table, row: Row, columns: list[Column[Any]]) -> Row:
    """What is written anew of a row. Whoever was erased has no number, and most chats no address, to be found by."""
    values = {column.name: row[column.name] for column in columns}
    if table is Borrower.__table__:
        values["phone_index"] = cipher().blind_index(row["phone"]) if row["phone"] else row["phone_index"]
    if table is Conversation.__table__:
        values["chat_key"] = address_key(row["channel"], row["address"]) if row["address"] else row["chat_key"]
    return values
