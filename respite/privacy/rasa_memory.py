"""What Rasa remembers of conversations, encrypted, in a database of its own: forgotten with what the store forgets."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

FORGET = "DELETE FROM trackers WHERE sender_id = ?"
FORGET_FOR_GOOD = "INSERT OR REPLACE INTO trackers VALUES (?, x'')"
"""An empty row stays, in the place of which Rasa writes nothing any more."""


def forget(database: Path, conversations: Iterable[str]) -> None:
    """Have nothing remembered of conversations, which may go on later as if they were new."""
    _change(database, FORGET, conversations)


def forget_for_good(database: Path, conversations: Iterable[str]) -> None:
    """Have nothing remembered of conversations that have ended, not even of a turn that is just being answered."""
    _change(database, FORGET_FOR_GOOD, conversations)


def _change(database: Path, statement: str, conversations: Iterable[str]) -> None:
    if not database.is_file():
        return
    with closing(sqlite3.connect(database)) as memory:
        if not memory.execute("SELECT 1 FROM sqlite_master WHERE name = 'trackers'").fetchone():
            return
        memory.execute("PRAGMA secure_delete = ON")
        with memory:
            memory.executemany(statement, ((conversation,) for conversation in conversations))
        memory.execute("PRAGMA wal_checkpoint(TRUNCATE)")
