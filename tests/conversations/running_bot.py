"""The whole bot, running: Rasa, the action server and the web application on ports and a store of their own."""

import os
import subprocess
import sys
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from bot.engine.kept_conversations import KeptConversations
from respite.cli.rasa import tracker_keys
from respite.settings import settings
from tests.channels.servers import free_port

SECONDS_TO_START = 120
SECONDS_TO_SEND = 30
BUSINESS_DATE = date(2026, 11, 22)


@dataclass(frozen=True)
class RunningBot:
    """Where the bot answers, where it keeps its things, and how long `respite up` took to be ready."""

    home: Path
    url: str
    environment: dict[str, str]
    process: int
    seconds_to_ready: float

    def code_sent_in(self, conversation_id: str, after: str = "") -> str:
        """The one-time code sent last in a conversation, and after another code where one came before.

        It is sent beside the answer, so it may come later.
        """
        deadline = time.monotonic() + SECONDS_TO_SEND
        while time.monotonic() < deadline:
            sent = self.home / "demo-codes.txt"
            lines = sent.read_text().splitlines() if sent.exists() else []
            codes = [line.split()[-1] for line in lines if conversation_id[:8] in line]
            if codes and codes[-1] != after:
                return codes[-1]
            time.sleep(0.05)
        raise AssertionError("No one-time code was sent.")

    def slots(self, conversation_id: str) -> dict[str, Any]:
        """The slots of a conversation as Rasa last stored them."""
        kept = rasas_memory().read(conversation_id)
        slots: dict[str, Any] = {}
        for event in kept.events if kept else ():
            if event["event"] in ("restart", "session_started"):
                slots = {}
            elif event["event"] == "slot":
                slots[event["name"]] = event["value"]
        return slots


def rasas_memory() -> KeptConversations:
    """What the Rasa of this installation keeps of conversations."""
    keys = [urlsafe_b64decode(key) for key in tracker_keys().split()]
    return KeptConversations(str(settings().tracker_database), keys)


@contextmanager
def running_bot(home: Path, environment: dict[str, str]) -> Iterator[RunningBot]:
    """Start everything as `respite up` does, with `environment` on top, and stop it at the end."""
    ports = {f"RESPITE_{name}_PORT": str(free_port()) for name in ("WEB", "RASA", "ACTIONS")}
    everything = os.environ | ports | environment
    everything |= {
        "RESPITE_HOME": str(home),
        "RESPITE_DEMO": "1",
        "RESPITE_BUSINESS_DATE": BUSINESS_DATE.isoformat(),
        "RESPITE_REQUESTS_A_MINUTE": str(10**9),
        "RESPITE_MESSAGES_A_MINUTE": str(10**9),
    }
    respite = [sys.executable, "-m", "respite.cli"]
    subprocess.run([*respite, "migrate"], env=everything, check=True)
    began = time.monotonic()
    with (home / "up.log").open("wb") as log:
        process = subprocess.Popen([*respite, "up"], env=everything, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{ports['RESPITE_WEB_PORT']}"
    try:
        _wait_until_ready(url, process, home)
        yield RunningBot(home, url, everything, process.pid, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The bot did not start:\n{(home / 'up.log').read_text()}")
        try:
            if all(httpx.get(f"{url}/readyz").json().values()):
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"The bot was not ready after {SECONDS_TO_START} seconds.")
