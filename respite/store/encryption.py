"""Personal data at rest: AES-256-GCM for what must be read back, a keyed hash for what must be found again."""

import base64
import hashlib
import hmac
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from respite.settings import settings

KEY_BYTES = 32
NONCE_BYTES = 12


class Cipher:
    """Encrypts and looks up text under the first of its keys; reads what any of them encrypted.

    A key is 32 bytes; each use gets a key of its own, derived from it.
    """

    def __init__(self, *keys: bytes) -> None:
        for key in keys:
            if len(key) != KEY_BYTES:
                raise ValueError(f"The encryption key must be {KEY_BYTES} bytes, but it has {len(key)}.")
        self._aeads = [AESGCM(hmac.digest(key, b"respite encryption", hashlib.sha256)) for key in keys]
        self._index_key = hmac.digest(keys[0], b"respite blind index", hashlib.sha256)
        self.signing_key = hmac.digest(keys[0], b"respite signatures", hashlib.sha256)
        """With what this installation signs tokens for itself."""

    def encrypt(self, text: str) -> bytes:
        return self.encrypt_bytes(text.encode())

    def decrypt(self, sealed: bytes) -> str:
        """The text that `encrypt` was given. Raises InvalidTag where none of the keys fits."""
        return self.decrypt_bytes(sealed).decode()

    def encrypt_bytes(self, content: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aeads[0].encrypt(nonce, content, None)

    def decrypt_bytes(self, sealed: bytes) -> bytes:
        """What `encrypt_bytes` was given. Raises InvalidTag where none of the keys fits."""
        for aead in self._aeads:
            with suppress(InvalidTag):
                return aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        raise InvalidTag

    def blind_index(self, text: str) -> str:
        """A keyed hash by which an encrypted value can be found without being read."""
        return hmac.new(self._index_key, text.encode(), hashlib.sha256).hexdigest()


def new_key() -> str:
    """A new key in the form in which keys are written down: URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def write_keys(path: Path, *keys: str) -> None:
    """Put keys in place of those in `path`, the newest first; all or none."""
    _written_beside(path, *keys).replace(path)


def make_first_key(path: Path) -> None:
    """Put a new key in `path` unless another process was faster."""
    beside = _written_beside(path, new_key())
    with suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()


def key_file() -> Path:
    """Where this installation keeps its keys, unless its settings hold them."""
    return settings().home / "encryption.key"


def keys() -> list[str]:
    """The keys of this installation, the newest first; a new installation makes its first one."""
    configured = settings().encryption_key
    if configured is not None:
        return configured.get_secret_value().split()
    if not key_file().exists():
        make_first_key(key_file())
    return key_file().read_text().split()


@cache
def cipher() -> Cipher:
    """The cipher of this installation."""
    return Cipher(*(base64.urlsafe_b64decode(key) for key in keys()))


def _written_beside(path: Path, *keys: str) -> Path:
    """A complete file in the folder of `path` that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, beside = mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(keys))
        file.flush()
        os.fsync(descriptor)
    return Path(beside)


class EncryptedText(TypeDecorator[str]):
    """A text column whose values are encrypted before they reach the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else cipher().encrypt(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else cipher().decrypt(bytes(value))


class EncryptedBytes(TypeDecorator[bytes]):
    """A column of bytes, such as a file, that are encrypted before they reach the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else cipher().encrypt_bytes(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else cipher().decrypt_bytes(bytes(value))
