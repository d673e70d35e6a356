"""`respite keys`."""

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from respite.cli import app
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
