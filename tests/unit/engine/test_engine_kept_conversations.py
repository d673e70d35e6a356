import base64
import os
import sqlite3
import subprocess
import sys

import pytest

from bot.engine.kept_conversations import KEYS, Kept, KeptConversations

OLD, NEW = b"o" * 32, b"n" * 32
SAID = Kept([{"event": "user", "text": "I cannot pay"}], {"7.0": [{"text": "Let us see."}]})


@pytest.fixture
def file(tmp_path):
    return str(tmp_path / "tracker.db")


def test_what_was_written_before_a_rotation_is_read_with_the_older_key_behind_the_new_one(file):
    KeptConversations(file, [OLD]).write("a chat", SAID)
    assert KeptConversations(file, [NEW, OLD]).read("a chat") == SAID
    assert KeptConversations(file, [NEW]).read("a chat") is None


def test_a_rotation_writes_everything_under_the_new_key_and_forgets_what_no_key_fits(file):
    KeptConversations(file, [OLD]).write("a chat", SAID)
    KeptConversations(file, [b"x" * 32]).write("a stray", SAID)
    encoded = " ".join(base64.urlsafe_b64encode(key).decode() for key in (NEW, OLD))
    command = [sys.executable, "-m", "bot.engine.kept_conversations", file]
    subprocess.run(command, env=os.environ | {KEYS: encoded}, check=True)
    kept = KeptConversations(file, [NEW])
    assert kept.read("a chat") == SAID
    with sqlite3.connect(file) as rows:
        assert rows.execute("SELECT sender_id FROM trackers").fetchall() == [("a chat",)]


def test_a_row_that_was_moved_to_another_conversation_is_not_read(file):
    KeptConversations(file, [OLD]).write("a chat", SAID)
    with sqlite3.connect(file) as rows:
        rows.execute("UPDATE trackers SET sender_id = 'another chat'")
    assert KeptConversations(file, [OLD]).read("another chat") is None


def test_of_a_conversation_that_was_erased_nothing_is_written_again(file):
    kept = KeptConversations(file, [OLD])
    kept.write("a chat", SAID)
    with sqlite3.connect(file) as rows:
        rows.execute("UPDATE trackers SET sealed = x''")
    kept.write("a chat", SAID)
    assert kept.read("a chat") is None
