"""The secrets of an installation: the one by which its processes know each other, and those that are too weak."""

import base64
import string
from collections.abc import Iterator

from respite.settings import Settings
from respite.store.encryption import KEY_BYTES, key_file, keys, make_first_key

SHORTEST_SECRET = 32
SHORTEST_WEBHOOK_SECRET = 24
FEWEST_DIFFERENT_BYTES = 10
"""A random secret hardly ever has fewer, even one of 32 hexadecimal digits."""

EXAMPLE_OF_STANDARD_WEBHOOKS = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def internal_secret(settings: Settings) -> str:
    """With what the web application, Rasa and the action server know each other; a new installation makes it."""
    if settings.internal_secret is not None:
        return settings.internal_secret.get_secret_value()
    file = settings.home / "internal.secret"
    if not file.exists():
        make_first_key(file)
    return file.read_text().strip()


def weak_secrets(settings: Settings) -> list[str]:
    """A sentence for each secret that others may know or guess, with what to do; a demonstration may have them all."""
    if settings.demo:
        return []
    rules = (_weak_encryption, _weak_internal, _weak_token, _weak_webhook, _weak_telegram)
    return [sentence for rule in rules for sentence in rule(settings)]


def _weak_encryption(settings: Settings) -> Iterator[str]:
    place = str(key_file()) if settings.encryption_key is None else "RESPITE_ENCRYPTION_KEY"
    ring = [_decoded(key) for key in keys()]
    if not ring or any(len(key) != KEY_BYTES for key in ring):
        yield f"{place} must hold {KEY_BYTES} bytes as URL-safe base64. Make them with `respite keys new`."
    elif any(_is_made_up(key) or _is_text(key) for key in ring):
        yield (
            f"A key in {place} is an example or a password, which others may know. Make one with `respite keys new`, "
            "put it before the present one, run `respite keys rotate` and take the old one away."
        )


def _weak_internal(settings: Settings) -> Iterator[str]:
    secret = internal_secret(settings).encode()
    if len(secret) < SHORTEST_SECRET or _is_made_up(secret):
        yield (
            f"RESPITE_INTERNAL_SECRET must be at least {SHORTEST_SECRET} random characters. Make them with "
            "`respite keys new`, and give the same to the web application, Rasa and the action server."
        )


def _weak_token(settings: Settings) -> Iterator[str]:
    if settings.lender_token_key is None or settings.lender_token_algorithm != "HS256":
        return
    secret = settings.lender_token_key.get_secret_value().encode()
    if len(secret) < SHORTEST_SECRET or _is_made_up(secret):
        yield (
            f"RESPITE_LENDER_TOKEN_KEY must be at least {SHORTEST_SECRET} random bytes for HS256: whoever guesses it "
            "signs in as any borrower. Make it with `respite keys new`, or use EdDSA."
        )


def _weak_webhook(settings: Settings) -> Iterator[str]:
    if settings.code_sender != "webhook" or settings.code_webhook_secret is None:
        return
    encoded = settings.code_webhook_secret.get_secret_value().removeprefix("whsec_")
    secret = _decoded(encoded)
    is_known = encoded == EXAMPLE_OF_STANDARD_WEBHOOKS or _is_made_up(secret) or _is_text(secret)
    if len(secret) < SHORTEST_WEBHOOK_SECRET or is_known:
        yield (
            f"RESPITE_CODE_WEBHOOK_SECRET must be at least {SHORTEST_WEBHOOK_SECRET} random bytes as base64: whoever "
            "guesses it can have any text sent to any phone. Make it with `openssl rand -base64 32`."
        )


def _weak_telegram(settings: Settings) -> Iterator[str]:
    if settings.telegram_token is None or settings.telegram_mode != "webhook" or settings.telegram_secret is None:
        return
    secret = settings.telegram_secret.get_secret_value().encode()
    if len(secret) < SHORTEST_SECRET or _is_made_up(secret):
        yield (
            f"RESPITE_TELEGRAM_SECRET must be at least {SHORTEST_SECRET} random characters: whoever guesses it speaks "
            "as any borrower. Make it with `openssl rand -hex 32`."
        )


def _decoded(secret: str) -> bytes:
    """The bytes that a secret in either base64 stands for; none if it is no base64."""
    try:
        return base64.b64decode(secret.translate(str.maketrans("-_", "+/")), validate=True)
    except ValueError:
        return b""


def _is_made_up(secret: bytes) -> bool:
    return len(set(secret)) < FEWEST_DIFFERENT_BYTES


def _is_text(secret: bytes) -> bool:
    return all(chr(byte) in string.printable for byte in secret)
