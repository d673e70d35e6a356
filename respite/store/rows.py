"""Stored rows as JSON, for whoever may read them outside the database."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect

from respite.store.models import Base

LEFT_OUT = frozenset({"phone_index", "chat_key", "code_hash"})
"""Keys to the store itself, which tell a reader nothing."""


def row_as_json(row: Base) -> dict[str, Any]:
    """Every column of a row: amounts in minor units, dates and times in ISO 8601, rates as decimal text."""
    columns = inspect(row).mapper.column_attrs.keys()
    return {name: _plain(getattr(row, name)) for name in columns if name not in LEFT_OUT}


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value
