"""How codes are sent: in a demonstration, to whoever runs it."""

import stat
from pathlib import Path

import pytest

from respite.identity.senders import CodeSenderError, code_sender
from respite.settings import Settings


def test_the_demonstration_shows_codes_on_the_terminal_and_in_a_private_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    send = code_sender(Settings(demo=True, home=tmp_path))
    send("c" * 32, "+8613800000001", "111111")
    send("c" * 32, "+8613800000001", "222222")
    file = tmp_path / "demo-codes.txt"
    assert file.read_text() == capsys.readouterr().out
    assert file.read_text().splitlines()[-1].endswith(" is 222222")
    assert "13800000001" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_without_a_way_to_send_codes_the_reason_is_given() -> None:
    with pytest.raises(CodeSenderError, match="RESPITE_DEMO"):
        code_sender(Settings(demo=False))
