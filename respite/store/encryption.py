"""Personal data at rest: AES-256-GCM for what must be read back, a keyed hash for what must be found again."""

import base64
import hashlib
import hmac
import os
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from respite.settings import settings

KEY_BYTES = 32
NONCE_BYTES = 12


class Cipher:
    """Encrypts and looks up text under one key.

    The key is 32 bytes; the two uses get keys of their own, derived from it.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"The encryption key must be {KEY_BYTES} bytes, but it has {len(key)}.")
        self._aead = AESGCM(hmac.digest(key, b"respite encryption", hashlib.sha256))
        self._index_key = hmac.digest(key, b"respite blind index", hashlib.sha256)

    def encrypt(self, text: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, text.encode(), None)

    def decrypt(self, sealed: bytes) -> str:
        return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()

    def blind_index(self, text: str) -> str:
        """A keyed hash by which an encrypted value can be found without being read."""
        return hmac.new(self._index_key, text.encode(), hashlib.sha256).hexdigest()


def read_or_create_key(path: Path) -> bytes:
    """The key kept in `path`, made on first use and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return base64.urlsafe_b64decode(path.read_bytes())
    key = os.urandom(KEY_BYTES)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.urlsafe_b64encode(key))
    return key


@cache
def cipher() -> Cipher:
    """The cipher of this installation, from its settings."""
    configured = settings().encryption_key
    if configured is not None:
        return Cipher(base64.urlsafe_b64decode(configured.get_secret_value()))
    return Cipher(read_or_create_key(settings().home / "encryption.key"))


class EncryptedText(TypeDecorator[str]):
    """A text column whose values are encrypted before they reach the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else cipher().encrypt(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else cipher().decrypt(bytes(value))
