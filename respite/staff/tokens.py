"""Secrets that are handed out once and kept as hashes: sessions, invitations, recovery codes."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """A new secret that fits into an address or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """How a secret is kept: its SHA-256, which is enough for what nobody can guess."""
    return hashlib.sha256(token.encode()).hexdigest()
