"""What a log line says, and what it must not say."""

import json
import logging
import subprocess
import sys
from typing import Any

import pytest

from respite.redaction import MASK, redact, redact_text

BOT_TOKEN = "123456789:AAEhBP0av28WxUi9B6Mz0cJY1sK5mOwqXyZ"
CONVERSATION = "550e8400e29b41d4a716446655440000"


@pytest.mark.parametrize(
    "personal",
    [
        "13800000001",
        "+86 138-0000-0001",
        "(020) 7946 0958",
        "１３８０００００００１",
        "4111 1111 1111 1111",
        "6222021234567890123",
        "11010519491231002X",
        "123-45-6789",
        "123456",
        "123 456",
        "mei.chen+loans@mail.example.cn",
        BOT_TOKEN,
    ],
)
@pytest.mark.parametrize("around", ["{}", "call {} now", "请打{}号码", "'{}'"])
def test_numbers_of_people_codes_and_addresses_are_masked(around: str, personal: str) -> None:
    assert redact_text(around.format(personal)) == around.format(MASK)


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        (f"https://api.telegram.org/bot{BOT_TOKEN}/getMe", f"https://api.telegram.org/{MASK}/getMe"),
        ("/enter?token=eyJ.x.y&next=1", f"/enter?token={MASK}&next=1"),
        ("postgresql://respite:pw@db/respite", f"postgresql://{MASK}@db/respite"),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {MASK}"),
    ],
)
def test_secrets_in_addresses_are_masked(address: str, masked: str) -> None:
    assert redact_text(address) == masked


@pytest.mark.parametrize(
    "harmless",
    ["on 2026-11-28", "2026-11-28T05:25:23.123456Z", CONVERSATION, "127.0.0.1:54321", "version 25.12.1", "0.1234567"],
)
def test_dates_ids_and_versions_stay(harmless: str) -> None:
    assert redact_text(harmless) == harmless


@pytest.mark.parametrize("field", ["text", "message", "phone", "name", "token", "code", "secret", "Authorization"])
def test_what_a_person_said_or_is_called_is_never_logged(field: str) -> None:
    assert redact({"event": "x", "inner": [{field: "Chen Mei"}]}) == {"event": "x", "inner": [{field: MASK}]}


def test_whatever_is_logged_is_looked_through() -> None:
    said = redact({"error": ValueError("call 13800000001"), "seen": {"a@example.com"}, "count": 3, "none": None})
    assert said == {"error": f"ValueError('call {MASK}')", "seen": [MASK], "count": 3, "none": None}


PROCESS = """
import logging, structlog, sys, warnings
from respite.logs import set_up_logs

set_up_logs()
ours, theirs = structlog.get_logger(), logging.getLogger("some.library")
def fail():
    try:
        int("Chen Mei")
    except ValueError as error:
        raise ExceptionGroup("Chen Mei", [RuntimeError("Chen Mei")]) from error
{does}
"""


def logged(does: str) -> list[dict[str, Any]]:
    """The lines that a process of ours logs."""
    program = [sys.executable, "-c", PROCESS.format(does=does)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    assert "Chen Mei" not in done.stdout + done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_every_line_of_a_turn_names_its_conversation() -> None:
    ours, theirs = logged(
        f'structlog.contextvars.bind_contextvars(conversation="{CONVERSATION}")\n'
        'ours.error("turn failed", reason="TimeoutError", phone="Chen Mei")\ntheirs.warning("call %s", 13800000001)'
    )
    assert (ours["event"], ours["conversation"], ours["reason"]) == ("turn failed", CONVERSATION, "TimeoutError")
    assert (theirs["event"], theirs["conversation"]) == (f"call {MASK}", CONVERSATION)


@pytest.mark.parametrize("logger", ["ours", "theirs"])
def test_an_exception_is_logged_by_its_types_and_its_places(logger: str) -> None:
    [line] = logged(f'try:\n    fail()\nexcept ExceptionGroup:\n    {logger}.exception("failed")')
    types = [part for part in line["exception"].splitlines() if not part.startswith(" ")]
    assert types == ["ExceptionGroup", "RuntimeError", "ValueError"]
    assert any(part.endswith("in fail") for part in line["exception"].splitlines())


def test_libraries_that_log_addresses_log_warnings_only() -> None:
    said = [f'logging.getLogger("{name}").info("x")' for name in ("httpx", "telegram.ext", "uvicorn.error", "httpcore")]
    assert logged("\n".join(said)) == []


def test_a_warning_becomes_a_line() -> None:
    [line] = logged('warnings.warn("call 13800000001")')
    assert line["level"] == logging.getLevelName(logging.WARNING).lower()
    assert "13800000001" not in line["event"]
