"""Programs that run together: all of them answer, or all of them are stopped."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx

SECONDS_TO_START = 120
SECONDS_TO_STOP = 8


@dataclass(frozen=True)
class Program:
    """A program that serves a port of this machine: how it is started, and where it says that it is well.

    Without a `log` of its own, what it says goes where this process's own words go.
    """

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    host: str
    port: int
    port_setting: str
    health: str
    log: Path | None

    @property
    def where_to_read_on(self) -> str:
        return f"Its log is {self.log}." if self.log else "Its log is above."


class ProgramError(Exception):
    """One of the programs cannot start or has ended; the sentence names it."""


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()
        except OSError:
            return False
    return True


async def run_together(
    programs: Sequence[Program],
    on_answer: Callable[[Program], None],
    when_all_answer: Callable[[], Coroutine[None, None, None]],
) -> None:
    """Run the programs until this process is told to stop, then stop them with everything that they started.

    `on_answer` is called for each program once it is well; `when_all_answer` then runs beside them. Raises
    ProgramError when one of them ends, or is not well after SECONDS_TO_START; the others are stopped first.
    """
    this = asyncio.current_task()
    assert this is not None
    _on_stop_signal(this.cancel)
    running: list[asyncio.subprocess.Process] = []
    try:
        async with asyncio.TaskGroup() as tasks:
            for program in programs:
                running.append(process := await _start(program))
                tasks.create_task(_fail_when_it_ends(program, process))
            async with httpx.AsyncClient(trust_env=False) as http:
                await asyncio.gather(*(_wait_until_it_answers(program, http, on_answer) for program in programs))
            await when_all_answer()
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    except asyncio.CancelledError:
        this.uncancel()
    finally:
        _on_stop_signal(lambda: None)
        await asyncio.gather(*map(_stop, running))


def _on_stop_signal(react: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, react)
    loop.add_signal_handler(signal.SIGTERM, react)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        loop.add_signal_handler(signal.SIGHUP, react)


async def _start(program: Program) -> asyncio.subprocess.Process:
    with _open_log(program) as log:
        return await asyncio.create_subprocess_exec(
            *program.command,
            env=program.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _open_log(program: Program) -> AbstractContextManager[BinaryIO | None]:
    if program.log is None:
        return nullcontext()
    program.log.parent.mkdir(parents=True, exist_ok=True)
    return program.log.open("wb")


async def _fail_when_it_ends(program: Program, process: asyncio.subprocess.Process) -> None:
    code = await process.wait()
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    raise ProgramError(f"{program.name} {how}, so everything was stopped. {program.where_to_read_on}")


async def _wait_until_it_answers(
    program: Program, http: httpx.AsyncClient, on_answer: Callable[[Program], None]
) -> None:
    try:
        async with asyncio.timeout(SECONDS_TO_START):
            while not await _is_well(program, http):
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise ProgramError(
            f"{program.name} did not answer within {SECONDS_TO_START} seconds. {program.where_to_read_on}"
        ) from None
    on_answer(program)


async def _is_well(program: Program, http: httpx.AsyncClient) -> bool:
    with suppress(httpx.HTTPError):
        return (await http.get(program.health)).is_success
    return False


async def _stop(process: asyncio.subprocess.Process) -> None:
    _signal_group(process, signal.SIGTERM)
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), SECONDS_TO_STOP)
    _signal_group(process, signal.SIGKILL)
    await process.wait()


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
