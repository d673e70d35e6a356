"""The processes of a running bot: memory, processor time, training, and one more Rasa beside them."""

import asyncio
import os
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.rasa_client import RasaClient
from respite.cli import rasa
from respite.secrets import internal_secret
from respite.settings import settings
from tests.channels.servers import free_port
from tests.conversations.running_bot import RunningBot

KILOBYTES_A_MEGABYTE = 1024
NAMES = {"rasa": "Rasa", "actions": "actions", "bot.web": "web"}


@dataclass(frozen=True)
class Training:
    seconds: float
    peak_megabytes: float


def memory_of_children(parent: int) -> dict[str, float]:
    """Resident megabytes of every program that `parent` started, by name."""
    return {_name(child): megabytes(child) for child in _children(parent)}


def time_of_children(parent: int) -> dict[str, float]:
    """Seconds of processor time that every program that `parent` started has used so far, by name."""
    return {_name(child): _processor_seconds(child) for child in _children(parent)}


def megabytes(process: int) -> float:
    """Resident megabytes of one process."""
    status = Path(f"/proc/{process}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(resident.split()[1]) / KILOBYTES_A_MEGABYTE


def _children(parent: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _processor_seconds(process: int) -> float:
    """In user mode and in the kernel: the 14th and 15th field of `stat`, in clock ticks."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _name(process: int) -> str:
    command = Path(f"/proc/{process}/cmdline").read_text().split("\0")
    return NAMES[command[command.index("-m") + 1]]


def train(python: Path, project: Path, out: Path) -> tuple[Path, Training]:
    """Train a project's model anew into the folder `out`: the model, and what it took."""
    command = [python.absolute(), "-m", "rasa", "train", "--force", "--skip-validation"]
    log = out / "train.log"
    began = time.perf_counter()
    with log.open("wb") as output:
        files = ["--out", out, "--fixed-model-name", "model"]
        process = subprocess.Popen(
            [*command, *files], cwd=project, env=rasa.environment(), stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(log.read_text()[-2000:])
    training = Training(time.perf_counter() - began, usage.ru_maxrss / KILOBYTES_A_MEGABYTE)
    return out / "model.tar.gz", training


@asynccontextmanager
async def rasa_server(python: Path, model: Path, bot: RunningBot) -> AsyncIterator[tuple[str, int]]:
    """Another Rasa with `model` that uses the action server of `bot`: its address and its process."""
    port = free_port()
    endpoints = bot.home / rasa.ENDPOINTS.name
    command = [python, "-m", "rasa", "run", "--port", str(port), "--interface", "127.0.0.1"]
    files = ["--credentials", "credentials.yml", "--endpoints", endpoints, "--model", model]
    with (bot.home / "logs" / "another-rasa.log").open("wb") as log:
        process = subprocess.Popen([*command, *files], env=rasa.server_environment(settings()), stdout=log, stderr=log)
    client = RasaClient(url := f"http://127.0.0.1:{port}", internal_secret(settings()))
    try:
        while process.poll() is None and not await client.is_ready():
            await asyncio.sleep(0.2)
        yield url, process.pid
    finally:
        await client.close()
        process.terminate()
        process.wait()
