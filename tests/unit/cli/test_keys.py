"""`respite keys`."""

from base64 import urlsafe_b64decode

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.engine.kept_conversations import Kept, KeptConversations
from respite.cli import app
from respite.cli.rasa import tracker_keys
from respite.settings import settings
from respite.store import encryption
from respite.store.encryption import cipher
from respite.store.models import AuditEntry, Borrower
from respite.store.session import transaction
from tests.unit.plans import desk

pytestmark = pytest.mark.usefixtures("store_url")


def keys(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["keys", *arguments])


@pytest.fixture
def own_key_file(own_settings: pytest.MonkeyPatch) -> None:
    """An installation whose key is kept in its home."""
    own_settings.delenv("RESPITE_ENCRYPTION_KEY", raising=False)
    settings.cache_clear()
    cipher.cache_clear()


def names() -> list[str]:
    cipher.cache_clear()
    with transaction() as session:
        return [borrower.name for borrower in session.scalars(select(Borrower))]


@pytest.mark.usefixtures("own_key_file")
def test_a_rotation_puts_a_new_key_in_place_of_the_old_one() -> None:
    desk.lend("due_soon")
    (old,) = encryption.keys()
    result = keys("rotate")
    assert result.exit_code == 0
    assert "1 rows" in result.output
    assert len(encryption.keys()) == 1
    assert encryption.keys() != [old]
    assert names() == ["Conversation Tester"]


@pytest.mark.usefixtures("own_key_file")
def test_a_rotation_that_fails_loses_neither_key_nor_data(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.lend("due_soon")
    (old,) = encryption.keys()
    monkeypatch.setattr("respite.cli.keys.encrypt_anew", _fail)
    assert keys("rotate").exit_code != 0
    assert encryption.keys()[1] == old
    assert names() == ["Conversation Tester"]


def rasas_memory() -> KeptConversations:
    settings().home.mkdir(parents=True, exist_ok=True)
    return KeptConversations(
        str(settings().tracker_database), [urlsafe_b64decode(key) for key in tracker_keys().split()]
    )


@pytest.mark.usefixtures("own_key_file")
def test_a_rotation_reaches_what_rasa_remembers() -> None:
    said = Kept([{"event": "user", "text": "I cannot pay"}])
    rasas_memory().write("a chat", said)
    assert keys("rotate").exit_code == 0
    assert rasas_memory().read("a chat") == said


@pytest.mark.usefixtures("own_key_file")
def test_a_rotation_that_does_not_reach_it_loses_no_key() -> None:
    (old,) = encryption.keys()
    settings().tracker_database.write_text("This is no database, as long as it may be.")
    refused = keys("rotate")
    assert refused.exit_code == 1
    assert "could not be encrypted anew" in refused.output
    assert encryption.keys()[1] == old


@pytest.mark.usefixtures("own_key_file")
def test_a_rotation_is_on_the_audit_trail() -> None:
    keys("rotate")
    with transaction() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["keys_rotated"]


def test_a_key_from_the_settings_is_rotated_once_a_new_one_stands_before_it(own_settings: pytest.MonkeyPatch) -> None:
    desk.lend("due_soon")
    (old,) = encryption.keys()
    refused = keys("rotate")
    assert refused.exit_code == 1
    assert "Put a new one before it" in refused.output
    new = keys("new").output.strip()
    own_settings.setenv("RESPITE_ENCRYPTION_KEY", f"{new} {old}")
    settings.cache_clear()
    assert keys("rotate").exit_code == 0
    own_settings.setenv("RESPITE_ENCRYPTION_KEY", new)
    settings.cache_clear()
    assert names() == ["Conversation Tester"]


def _fail(*_: object) -> int:
    raise ConnectionError
