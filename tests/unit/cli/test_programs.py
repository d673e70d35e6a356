"""Programs that run together: all of them answer, or all of them are stopped."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from respite.cli import programs
from respite.cli.programs import Program, ProgramError, port_is_free, run_together
from tests.channels.servers import free_port

SECONDS_TO_DIE = 5

MakeProgram = Callable[..., Program]

SERVE = """
import http.server, subprocess, sys
port, pids = int(sys.argv[1]), sys.argv[2]
child = subprocess.Popen(["sleep", "600"])
with open(pids, "w") as file:
    file.write(f"{child.pid}")
http.server.HTTPServer(("127.0.0.1", port), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


@pytest.fixture
def make_program(tmp_path: Path) -> MakeProgram:
    """Makes programs that answer on a free port and start a process of their own, or run other `code`."""

    def make(name: str, code: str = SERVE) -> Program:
        port = free_port()
        return Program(
            name=name,
            command=[sys.executable, "-c", code, str(port), str(tmp_path / f"{name}.pid")],
            environment=os.environ,
            host="127.0.0.1",
            port=port,
            port_setting="RESPITE_SOME_PORT",
            health=f"http://127.0.0.1:{port}/",
            log=tmp_path / "logs" / f"{name}.log",
        )

    return make


def run(all_programs: list[Program], when_all_answer: Callable[[], None]) -> list[str]:
    """Run the programs and return the names of those that answered, in order."""
    answered: list[str] = []

    async def then() -> None:
        when_all_answer()

    asyncio.run(run_together(all_programs, lambda program: answered.append(program.name), then))
    return answered


def is_running(pid: int) -> bool:
    """Whether a process goes on; one that was just killed is given a moment to die."""
    deadline = time.monotonic() + SECONDS_TO_DIE
    while runs_now(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return runs_now(pid)


def runs_now(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def child_of(program: Program) -> int:
    return int(Path(program.command[-1]).read_text())


def test_each_program_is_announced_once_it_answers(make_program: MakeProgram) -> None:
    first, second = make_program("first"), make_program("second")

    answered = run([first, second], lambda: os.kill(os.getpid(), signal.SIGTERM))

    assert sorted(answered) == ["first", "second"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_programs_and_what_they_started(make_program: MakeProgram, number: signal.Signals) -> None:
    first, second = make_program("first"), make_program("second")

    run([first, second], lambda: os.kill(os.getpid(), number))

    assert port_is_free(first.host, first.port)
    assert port_is_free(second.host, second.port)
    assert not is_running(child_of(first))
    assert not is_running(child_of(second))


def test_a_killed_program_is_named_and_the_others_are_stopped(make_program: MakeProgram) -> None:
    killed, other = make_program("The killed one"), make_program("The other one")

    with pytest.raises(ProgramError, match=r"The killed one was killed by SIGKILL.*The killed one\.log"):
        run([killed, other], lambda: os.kill(os.getpgid(child_of(killed)), signal.SIGKILL))

    assert port_is_free(other.host, other.port)
    assert not is_running(child_of(killed))
    assert not is_running(child_of(other))


def test_a_program_that_ends_by_itself_is_named_with_its_log(make_program: MakeProgram) -> None:
    program = make_program("The short one", code="print('out of ink'); raise SystemExit(3)")

    with pytest.raises(ProgramError, match="The short one ended with exit code 3"):
        run([program], lambda: None)

    assert program.log
    assert "out of ink" in program.log.read_text()


def test_a_program_without_a_log_speaks_where_this_process_does(
    make_program: MakeProgram, capfd: pytest.CaptureFixture[str]
) -> None:
    program = replace(make_program("The open one", code="print('out of ink'); raise SystemExit(3)"), log=None)

    with pytest.raises(ProgramError, match="Its log is above"):
        run([program], lambda: None)

    assert "out of ink" in capfd.readouterr().out


def test_a_program_that_never_answers_is_not_waited_for(
    make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "SECONDS_TO_START", 0.5)
    program = make_program("The silent one", code="import time; time.sleep(600)")

    with pytest.raises(ProgramError, match="The silent one did not answer"):
        run([program], lambda: None)


def test_a_program_that_ignores_the_request_to_stop_is_killed(
    make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "SECONDS_TO_STOP", 0.5)
    stubborn = make_program("stubborn", code=f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN){SERVE}")

    run([stubborn], lambda: os.kill(os.getpid(), signal.SIGTERM))

    assert port_is_free(stubborn.host, stubborn.port)


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert not port_is_free("127.0.0.1", port)
    assert port_is_free("127.0.0.1", port)
