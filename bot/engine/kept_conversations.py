"""What Rasa keeps of conversations: one encrypted row each, in an SQLite database.

The keys come in the environment variable RESPITE_TRACKER_KEYS, the newest first, each 32 bytes as URL-safe base64.
Without one nothing is written to the disk. `python -m bot.engine.kept_conversations FILE` encrypts all rows anew.
"""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEYS = "RESPITE_TRACKER_KEYS"
NONCE_BYTES = 12

_PREPARE = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA secure_delete = ON;
"""
_FORGET_WHAT_WAS_NOT_ENCRYPTED = """
    DROP TABLE IF EXISTS trackers;
    CREATE TABLE trackers (sender_id TEXT PRIMARY KEY, sealed BLOB NOT NULL);
    PRAGMA user_version = 1;
    VACUUM;
    PRAGMA wal_checkpoint(TRUNCATE);
"""
_WRITE_UNLESS_ERASED = """
    INSERT INTO trackers VALUES (?, ?)
    ON CONFLICT (sender_id) DO UPDATE SET sealed = excluded.sealed WHERE sealed <> x''
"""
"""`respite privacy erase` leaves an empty row, so that a turn which is being answered meanwhile is forgotten, too."""


@dataclass(frozen=True)
class Kept:
    """One conversation: its last events, and the answers to its last turns, each under the turn's id."""

    events: list[dict[str, Any]]
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


class KeptConversations:
    """The conversations in the SQLite file `database`, or without keys only in memory."""

    def __init__(self, database: str, keys: Sequence[bytes]) -> None:
        """Open the database. One of an earlier version, which was not encrypted, begins anew."""
        self._aeads = [AESGCM(key) for key in keys or [os.urandom(32)]]
        self._database = sqlite3.connect(database if keys else ":memory:", isolation_level=None)
        self._database.executescript(_PREPARE)
        [version] = self._database.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._database.executescript(_FORGET_WHAT_WAS_NOT_ENCRYPTED)

    def read(self, conversation_id: str) -> Kept | None:
        """Return a conversation as it was written, or None for a new one and where none of the keys fits."""
        query = "SELECT sealed FROM trackers WHERE sender_id = ? AND sealed <> x''"
        row = self._database.execute(query, (conversation_id,)).fetchone()
        return self._unseal(conversation_id, row[0]) if row else None

    def write(self, conversation_id: str, kept: Kept) -> None:
        """Put a conversation in place of what was kept of it; of one that was erased, nothing is kept any more."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._aeads[0].encrypt(nonce, json.dumps(vars(kept)).encode(), conversation_id.encode())
        self._database.execute(_WRITE_UNLESS_ERASED, (conversation_id, sealed))

    def encrypt_anew(self) -> None:
        """Write every conversation under the first key, all or none; forget those that no key fits."""
        self._database.execute("BEGIN IMMEDIATE")
        with self._database:
            for [conversation_id] in self._database.execute("SELECT sender_id FROM trackers").fetchall():
                if kept := self.read(conversation_id):
                    self.write(conversation_id, kept)
                else:
                    self._database.execute("DELETE FROM trackers WHERE sender_id = ?", (conversation_id,))

    def _unseal(self, conversation_id: str, sealed: bytes) -> Kept | None:
        for aead in self._aeads:
            with suppress(InvalidTag):
                content = aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], conversation_id.encode())
                return Kept(**json.loads(content))
        return None


def keys_of_this_process() -> list[bytes]:
    """Return the keys that this process was started with, the newest first."""
    return [base64.urlsafe_b64decode(key) for key in os.environ.get(KEYS, "").split()]


if __name__ == "__main__":
    KeptConversations(sys.argv[1], keys_of_this_process()).encrypt_anew()
