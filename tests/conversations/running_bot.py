"""The whole bot, running: Rasa, the action server and the web application on ports and a store of their own."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx

SECONDS_TO_START = 120
SECONDS_TO_SEND = 5
BUSINESS_DATE = date(2026, 11, 22)


@dataclass(frozen=True)
class RunningBot:
    """Where the bot answers, where it keeps its things, and how long `respite up` took to be ready."""

    home: Path
    url: str
    environment: dict[str, str]
    process: int
    seconds_to_ready: float

    def code_sent_in(self, conversation_id: str) -> str:
        """The one-time code sent last in a conversation; it is sent beside the answer, so it may come later."""
        deadline = time.monotonic() + SECONDS_TO_SEND
        while time.monotonic() < deadline:
            sent = self.home / "demo-codes.txt"
            lines = sent.read_text().splitlines() if sent.exists() else []
            for line in reversed(lines):
                if conversation_id[:8] in line:
                    return line.split()[-1]
            time.sleep(0.05)
        raise AssertionError("No one-time code was sent.")

    def slots(self, conversation_id: str) -> dict[str, Any]:
        """The slots of a conversation as Rasa last stored them."""
        with sqlite3.connect(self.home / "tracker.db") as tracker:
            row = tracker.execute("SELECT events FROM trackers WHERE sender_id = ?", (conversation_id,)).fetchone()
        slots: dict[str, Any] = {}
        for event in json.loads(row[0]) if row else ():
            if event["event"] in ("restart", "session_started"):
                slots = {}
            elif event["event"] == "slot":
                slots[event["name"]] = event["value"]
        return slots


@contextmanager
def running_bot(home: Path, environment: dict[str, str]) -> Iterator[RunningBot]:
    """Start everything as `respite up` does, with `environment` on top, and stop it at the end."""
    ports = {f"RESPITE_{name}_PORT": str(_free_port()) for name in ("WEB", "RASA", "ACTIONS")}
    everything = os.environ | ports | environment
    everything |= {
        "RESPITE_HOME": str(home),
        "RESPITE_DEMO": "1",
        "RESPITE_BUSINESS_DATE": BUSINESS_DATE.isoformat(),
        "RESPITE_REQUESTS_A_MINUTE": str(10**9),
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
            if httpx.get(f"{url}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"The bot was not ready after {SECONDS_TO_START} seconds.")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
