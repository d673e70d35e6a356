"""Personal data at rest: unreadable without the key, found by a keyed hash, and encrypted anew under a new key."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import LargeBinary, select, type_coerce
from sqlalchemy.orm import Session

from respite.store import encryption
from respite.store.encryption import Cipher, cipher
from respite.store.models import Borrower, Conversation
from respite.store.rotation import encrypt_anew
from respite.store.session import transaction
from respite.support.conversations import address_key, find_conversation, open_conversation
from tests.unit.plans import desk

OLD, NEW = b"o" * 32, b"n" * 32


def use_keys(monkeypatch: pytest.MonkeyPatch, *keys: bytes) -> None:
    """Go on with these keys, the newest first."""
    ring = " ".join(base64.urlsafe_b64encode(key).decode() for key in keys)
    monkeypatch.setattr(encryption, "keys", ring.split)
    cipher.cache_clear()


def test_what_one_key_encrypted_another_cannot_read() -> None:
    sealed = Cipher(OLD).encrypt("陈小雨")
    assert Cipher(OLD).decrypt(sealed) == "陈小雨"
    with pytest.raises(InvalidTag):
        Cipher(NEW).decrypt(sealed)


def test_the_same_text_is_encrypted_differently_each_time() -> None:
    assert Cipher(OLD).encrypt("same") != Cipher(OLD).encrypt("same")


def test_a_ring_reads_what_its_older_key_encrypted_and_writes_with_the_newest() -> None:
    ring = Cipher(NEW, OLD)
    assert ring.decrypt(Cipher(OLD).encrypt("old")) == "old"
    assert Cipher(NEW).decrypt(ring.encrypt("new")) == "new"


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 33])
def test_a_key_of_another_length_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="must be 32 bytes"):
        Cipher(key)


def test_many_processes_that_start_at_once_agree_on_the_first_key(tmp_path: Path) -> None:
    file = tmp_path / "encryption.key"
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: encryption.make_first_key(file), range(20)))
    assert len(file.read_text().split()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["encryption.key"]


def test_only_its_owner_can_read_the_key_file(tmp_path: Path) -> None:
    file = tmp_path / "home" / "encryption.key"
    encryption.write_keys(file, "new", "old")
    assert file.read_text().split() == ["new", "old"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


class TestRotation:
    @pytest.fixture
    def borrower(self, store_url: str, monkeypatch: pytest.MonkeyPatch) -> int:
        """A borrower whose name and phone are encrypted under the old key."""
        use_keys(monkeypatch, OLD)
        desk.lend("due_soon")
        with transaction() as session:
            return session.scalars(select(Borrower.id)).one()

    def as_stored(self, session: Session) -> bytes:
        return session.scalars(select(type_coerce(Borrower.phone, LargeBinary))).one()

    def test_afterwards_the_new_key_alone_reads_and_finds_a_borrower(
        self, borrower: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with transaction() as session:
            phone = session.get_one(Borrower, borrower).phone
        use_keys(monkeypatch, NEW, OLD)
        with transaction() as session:
            assert encrypt_anew(session) == 1
        use_keys(monkeypatch, NEW)
        with transaction() as session:
            found = session.scalars(select(Borrower).where(Borrower.phone_index == cipher().blind_index(phone))).one()
        assert (found.id, found.name, found.phone) == (borrower, "Conversation Tester", phone)

    def test_afterwards_a_chat_is_found_by_its_address_and_another_as_before(
        self, borrower: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with transaction() as session:
            named = open_conversation(session, "telegram", address_key("telegram", "71"), "en", desk.NOW)
            named.address = "71"
            on_the_page = open_conversation(session, "web", "of a token", "en", desk.NOW)
        use_keys(monkeypatch, NEW, OLD)
        with transaction() as session:
            assert find_conversation(session, "telegram", address_key("telegram", "71")) is None
            encrypt_anew(session)
        use_keys(monkeypatch, NEW)
        with transaction() as session:
            found = find_conversation(session, "telegram", address_key("telegram", "71"))
            assert found is not None
            assert (found.id, found.address) == (named.id, "71")
            assert session.get_one(Conversation, on_the_page.id).chat_key == "of a token"

    def test_borrowers_who_were_erased_stay_so(self, borrower: int, monkeypatch: pytest.MonkeyPatch) -> None:
        desk.lend("due_soon")
        with transaction() as session:
            for number, person in enumerate(session.scalars(select(Borrower))):
                person.name = person.phone = ""
                person.phone_index = f"erased-{number}"
        use_keys(monkeypatch, NEW, OLD)
        with transaction() as session:
            assert encrypt_anew(session) == 2
            found = session.scalars(select(Borrower.phone_index).order_by(Borrower.id)).all()
        assert found == ["erased-0", "erased-1"]

    def test_afterwards_the_old_key_reads_nothing(self, borrower: int, monkeypatch: pytest.MonkeyPatch) -> None:
        use_keys(monkeypatch, NEW, OLD)
        with transaction() as session:
            encrypt_anew(session)
            sealed = self.as_stored(session)
        with pytest.raises(InvalidTag):
            Cipher(OLD).decrypt(bytes(sealed))

    def test_every_row_is_met_however_many_there_are(self, borrower: int, monkeypatch: pytest.MonkeyPatch) -> None:
        desk.lend("due_soon")
        desk.lend("due_soon")
        monkeypatch.setattr("respite.store.rotation.ROWS_AT_A_TIME", 2)
        use_keys(monkeypatch, NEW, OLD)
        with transaction() as session:
            assert encrypt_anew(session) == 3
        use_keys(monkeypatch, NEW)
        with transaction() as session:
            assert {person.name for person in session.scalars(select(Borrower))} == {"Conversation Tester"}
