"""How a one-time code reaches a borrower's phone."""

import os
from collections.abc import Callable
from pathlib import Path

from respite.settings import Settings

SendCode = Callable[[str, str, str], None]
"""Sends to a conversation's borrower: conversation id, phone number as E.164, code."""


class CodeSenderError(RuntimeError):
    """An installation that could not send a code to anyone."""


def code_sender(settings: Settings) -> SendCode:
    """The sender that this installation is set up with. Raises CodeSenderError."""
    if settings.demo:
        return DemoCodeSender(settings.home / "demo-codes.txt")
    raise CodeSenderError("No way of sending one-time codes is set up. For a demonstration, set RESPITE_DEMO=true.")


class DemoCodeSender:
    """Shows codes to whoever runs the demonstration: on standard output, and in the last line of a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, conversation_id: str, phone: str, code: str) -> None:
        line = f"Demo: one-time code for conversation {conversation_id[:8]} is {code}"
        print(line, flush=True)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a") as file:
            print(line, file=file)
