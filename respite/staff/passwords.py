"""Passwords of staff: Argon2id with the parameters of the library, renewed when those change.

The rules are those of NIST SP 800-63B, section 5.1.1.2: length, not composition, and nothing that names the account.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 5

_hasher = PasswordHasher()


class WeakPasswordError(ValueError):
    """A password that is not taken; its text, in English, says what to do."""


@dataclass(frozen=True)
class Check:
    """Whether a password is right; `new_hash` is how to keep it from now on, where the parameters have changed."""

    is_right: bool
    new_hash: str | None = None


def require_strong(password: str, *names: str) -> None:
    """Raise WeakPasswordError unless the password is long and holds none of the account's names."""
    plain = _normal(password).casefold()
    if len(plain) < SHORTEST:
        raise WeakPasswordError("The password needs 12 characters or more, such as a sentence of your own.")
    if len(plain) > LONGEST:
        raise WeakPasswordError("The password may have 200 characters at most.")
    if len(set(plain)) < FEWEST_DIFFERENT:
        raise WeakPasswordError("The password repeats too few characters. Use five different ones or more.")
    if any(part in plain for name in names if len(part := _normal(name).casefold().partition("@")[0]) > 2):
        raise WeakPasswordError("The password must not contain your name or your sign-in name.")


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


def check_password(password: str, kept: str | None) -> Check:
    """Compare a password with the hash that is kept. Where none is, it is wrong, and takes as long."""
    try:
        _hasher.verify(kept or _nobodys(), _normal(password))
    except VerificationError:
        return Check(is_right=False)
    if kept is None:
        return Check(is_right=False)
    return Check(is_right=True, new_hash=hash_password(password) if _hasher.check_needs_rehash(kept) else None)


def _normal(password: str) -> str:
    """The same characters, however the keyboard composed them."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
