"""Every check of the project, two at a time: `python -m tests.run`, or with `--fast` the quick ones."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

LOGS = Path(".respite/checks")
SIDE_BY_SIDE = 2
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
RASA = (".venv-rasa/bin/python", "-m", "rasa")
RASA_VARIABLES = {
    "PYTHONPATH": ".",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]
    is_fast: bool = False

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name.replace(' ', '-')}.log"


@dataclass(frozen=True)
class Outcome:
    check: Check
    passed: bool
    seconds: float

    @property
    def closing_line(self) -> str:
        lines = [line for line in self.check.log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(Path(sys.executable).with_name(name)), *arguments)


TRAINING = Check("training", tool("respite", "train"))
CHECKS = (
    TRAINING,
    Check("unit tests", (*PYTEST, "tests/unit", "tests/lints"), is_fast=True),
    Check("conversation tests", (*PYTEST, "tests/conversations")),
    Check("web tests", (*PYTEST, "tests/web", "--ignore=tests/web/staff/handoff")),
    Check("console tests", (*PYTEST, "tests/web/staff/handoff")),
    Check("channel tests", (*PYTEST, "tests/channels")),
    Check("recovery", (*PYTEST, "tests/recovery")),
    Check("ruff", tool("ruff", "check", "."), is_fast=True),
    Check("formatting", tool("ruff", "format", "--check", "."), is_fast=True),
    Check("mypy", tool("mypy"), is_fast=True),
    Check("import-linter", tool("lint-imports", "--no-logo"), is_fast=True),
    Check("advisories", (sys.executable, "-m", "tests.advisories"), is_fast=True),
    Check("engine tests", (RASA[0], "-m", "pytest", "-q", "--confcutdir=tests/unit/engine", "tests/unit/engine")),
    Check("NLU gate", (*PYTEST, "tests/nlu")),
    Check("cross-validation", (RASA[0], "-m", "tests.nlu.cross_validation", "--folds", "2")),
    Check("rasa data validate", (*RASA, "data", "validate")),
    Check(
        "rasa stories",
        (*RASA, "test", "core", "--stories", "tests/conversations/stories", "--fail-on-prediction-errors"),
    ),
)


def run(check: Check) -> Outcome:
    console.print(f"… {check.name}")
    began = time.monotonic()
    with check.log.open("w") as log:
        variables = os.environ | (RASA_VARIABLES if check.command[0] == RASA[0] else {})
        done = subprocess.run(check.command, stdout=log, stderr=subprocess.STDOUT, env=variables, check=False)
    return Outcome(check, done.returncode == 0, time.monotonic() - began)


def run_all(checks: Sequence[Check]) -> Iterator[Outcome]:
    """The outcome of each check as it ends. Those that are not fast may need the model, and wait for the training."""
    running: dict[Check, Future[Outcome]] = {}

    def run_in_turn(check: Check) -> Outcome:
        if not check.is_fast and check is not TRAINING:
            running[TRAINING].result()
        return run(check)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for check in checks:
            running[check] = pool.submit(run_in_turn, check)
        for finished in as_completed(running.values()):
            yield finished.result()


def report(outcome: Outcome) -> None:
    mark = "[green]✓[/green]" if outcome.passed else "[red]✗[/red]"
    console.print(f"{mark} {outcome.check.name} ({outcome.seconds:.0f} s)")
    if outcome.passed:
        console.print(outcome.closing_line, markup=False)
    else:
        console.print(outcome.check.log.read_text(errors="replace"), markup=False)


def summary(outcomes: list[Outcome]) -> Table:
    table = Table("", "Check", "Seconds", "Closing line")
    for outcome in outcomes:
        mark = "[green]✓[/green]" if outcome.passed else "[red]✗[/red]"
        table.add_row(mark, outcome.check.name, f"{outcome.seconds:.0f}", outcome.closing_line)
    return table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true", help="only the checks that take seconds")
    only_fast = parser.parse_args().fast
    LOGS.mkdir(parents=True, exist_ok=True)
    outcomes = []
    for outcome in run_all([check for check in CHECKS if check.is_fast or not only_fast]):
        report(outcome)
        outcomes.append(outcome)
    console.print(summary(outcomes))
    failed = sum(not outcome.passed for outcome in outcomes)
    console.print(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
