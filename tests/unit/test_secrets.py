"""The secret that the processes share, and the secrets with which nobody may serve borrowers."""

import base64
import os
import secrets
import stat
from pathlib import Path

import pytest

from respite.secrets import internal_secret, weak_secrets
from respite.settings import Settings, settings
from respite.store import encryption

RANDOM_KEY = encryption.new_key()
OF_THE_TESTS = "dGhlIHRlc3RzIGxvY2sgdGhlaXIgb3duIGRvb3JzISE="
ED25519 = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----"


@pytest.fixture
def own_key(own_settings: pytest.MonkeyPatch) -> None:
    own_settings.setenv("RESPITE_ENCRYPTION_KEY", RANDOM_KEY)
    settings.cache_clear()


def weaknesses(home: Path, **chosen: object) -> str:
    """What is said about an installation that serves borrowers."""
    return "\n".join(weak_secrets(Settings(home=home, **chosen)))  # type: ignore[arg-type]


@pytest.mark.usefixtures("own_key")
def test_a_new_installation_has_strong_secrets(tmp_path: Path, own_settings: pytest.MonkeyPatch) -> None:
    own_settings.delenv("RESPITE_ENCRYPTION_KEY")
    settings.cache_clear()
    assert weaknesses(tmp_path) == ""


def test_the_shared_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    made = internal_secret(Settings(home=tmp_path))
    assert internal_secret(Settings(home=tmp_path)) == made
    assert len(base64.urlsafe_b64decode(made)) == 32
    assert stat.S_IMODE((tmp_path / "internal.secret").stat().st_mode) == 0o600
    assert internal_secret(Settings(home=tmp_path, internal_secret="of the environment")) == "of the environment"


@pytest.mark.parametrize(
    "ring",
    [OF_THE_TESTS, f"{RANDOM_KEY} {OF_THE_TESTS}", base64.b64encode(bytes(32)).decode()],
    ids=["of the tests", "of the tests, second", "zeros"],
)
def test_a_key_that_others_may_know_encrypts_nothing(
    own_settings: pytest.MonkeyPatch, tmp_path: Path, ring: str
) -> None:
    own_settings.setenv("RESPITE_ENCRYPTION_KEY", ring)
    settings.cache_clear()
    assert "respite keys rotate" in weaknesses(tmp_path)


@pytest.mark.parametrize(
    "ring",
    ["", "secret", base64.b64encode(os.urandom(31)).decode(), RANDOM_KEY + " short"],
    ids=["none", "a word", "a byte short", "short second"],
)
def test_a_key_of_another_length_is_none(own_settings: pytest.MonkeyPatch, tmp_path: Path, ring: str) -> None:
    own_settings.setenv("RESPITE_ENCRYPTION_KEY", ring)
    settings.cache_clear()
    assert "must hold 32 bytes" in weaknesses(tmp_path)


@pytest.mark.usefixtures("own_key")
class TestWithAKeyOfItsOwn:
    @pytest.mark.parametrize("secret", ["", "secret", "a" * 64, "x" * 31])
    def test_a_shared_secret_that_can_be_guessed_lets_nobody_in(self, tmp_path: Path, secret: str) -> None:
        assert "RESPITE_INTERNAL_SECRET" in weaknesses(tmp_path, internal_secret=secret)

    @pytest.mark.parametrize("secret", ["", "secret", "a" * 64, "0123456789" * 3])
    def test_a_shared_secret_for_tokens_that_can_be_guessed_signs_nobody_in(self, tmp_path: Path, secret: str) -> None:
        said = weaknesses(tmp_path, lender_token_algorithm="HS256", lender_token_key=secret)
        assert "RESPITE_LENDER_TOKEN_KEY" in said

    def test_a_public_key_is_no_secret(self, tmp_path: Path) -> None:
        assert weaknesses(tmp_path, lender_token_key=ED25519) == ""

    @pytest.mark.parametrize(
        "secret",
        [
            "",
            "whsec_",
            "whsec_not base64",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            base64.b64encode(b"the secret of our web hook").decode(),
            base64.b64encode(os.urandom(16)).decode(),
        ],
        ids=["none", "only the prefix", "not base64", "of the examples", "words", "too short"],
    )
    def test_a_webhook_secret_that_can_be_guessed_signs_nothing(self, tmp_path: Path, secret: str) -> None:
        said = weaknesses(tmp_path, code_sender="webhook", code_webhook_secret=secret)
        assert "RESPITE_CODE_WEBHOOK_SECRET" in said

    @pytest.mark.parametrize("secret", ["", "secret", "a" * 64, "x" * 31])
    def test_a_secret_of_telegrams_that_can_be_guessed_is_not_used(self, tmp_path: Path, secret: str) -> None:
        called = {"telegram_token": "1:a", "telegram_mode": "webhook"}
        assert "RESPITE_TELEGRAM_SECRET" in weaknesses(tmp_path, telegram_secret=secret, **called)

    def test_strong_secrets_are_taken_as_they_are(self, tmp_path: Path) -> None:
        strong = {
            "internal_secret": secrets.token_hex(16),
            "lender_token_algorithm": "HS256",
            "lender_token_key": secrets.token_urlsafe(32),
            "code_sender": "webhook",
            "code_webhook_secret": f"whsec_{base64.b64encode(os.urandom(24)).decode()}",
            "telegram_token": "1:a",
            "telegram_mode": "webhook",
            "telegram_secret": secrets.token_hex(32),
        }
        assert weaknesses(tmp_path, **strong) == ""

    def test_a_demonstration_may_have_weak_secrets(self, tmp_path: Path) -> None:
        assert weaknesses(tmp_path, demo=True, internal_secret="secret") == ""
