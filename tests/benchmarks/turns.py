"""How fast the running bot answers, and what it takes to run.

`python -m tests.benchmarks.turns` starts everything as `respite up` does, on a store of its own, and holds many
conversations of mixed load: one at a time for the time of an answer, many at once for turns a second, and one very
long conversation to see whether the 500th turn costs what the 5th does. `--many 10000` also greets so many visitors,
to see whether memory grows; `--train` also trains a model on all data. `--json` keeps the figures.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from respite.cli import rasa
from respite.settings import settings
from tests.benchmarks.load import (
    GREETING,
    RasaWay,
    Run,
    Timing,
    Way,
    WebWay,
    hold,
    hold_long,
    signed_in_chats,
    strangers_chats,
)
from tests.benchmarks.processes import Training, memory_of_children, time_of_children, train
from tests.conversations.running_bot import BUSINESS_DATE, RunningBot, running_bot

ENCRYPTION_KEY = "YmVuY2htYXJrcyBsb2NrIHRoZWlyIG93biBkb29ycyE="
WARM_UP = 4
STEPS = 5
PLACES = (5, 50, 100, 250, 500)
AROUND_A_PLACE = 5
MILLISECONDS = 1000

console = Console(highlight=False)


@dataclass(frozen=True)
class Figures:
    """Milliseconds an answer took, turns a second over the whole run, and processor milliseconds a turn."""

    median: float
    p95: float
    p99: float
    turns_a_second: float
    turns: int
    processor_milliseconds: dict[str, float]


@dataclass
class Report:
    seconds_to_ready: float
    training: Training | None = None
    megabytes: dict[str, float] = field(default_factory=dict)
    loads: dict[str, Figures] = field(default_factory=dict)
    median_of_each_message: dict[str, float] = field(default_factory=dict)
    long_conversation: dict[int, float] = field(default_factory=dict)
    megabytes_after_conversations: dict[int, dict[str, float]] = field(default_factory=dict)


def figures(run: Run, processor_seconds: dict[str, float]) -> Figures:
    milliseconds = [timing.seconds * MILLISECONDS for timing in run.timings]
    percentiles = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return Figures(
        median=percentiles[49],
        p95=percentiles[94],
        p99=percentiles[98],
        turns_a_second=len(milliseconds) / run.seconds,
        turns=len(milliseconds),
        processor_milliseconds={
            name: seconds / len(milliseconds) * MILLISECONDS for name, seconds in processor_seconds.items()
        },
    )


def median_of_each_message(timings: list[Timing]) -> dict[str, float]:
    by_message = defaultdict(list)
    for timing in timings:
        by_message[timing.said].append(timing.seconds * MILLISECONDS)
    return {said: statistics.median(taken) for said, taken in by_message.items()}


def along(timings: list[Timing]) -> dict[int, float]:
    """The median milliseconds of the turns around each place of a long conversation."""
    return {
        place: MILLISECONDS
        * statistics.median(timing.seconds for timing in timings[place - AROUND_A_PLACE : place + AROUND_A_PLACE])
        for place in PLACES
        if place <= len(timings)
    }


async def measure(bot: RunningBot, options: argparse.Namespace) -> Report:
    report = Report(seconds_to_ready=bot.seconds_to_ready)
    rasa_url = f"http://127.0.0.1:{bot.environment['RESPITE_RASA_PORT']}"
    ways: dict[str, tuple[type[Way], str]] = {"Rasa": (RasaWay, rasa_url), "web": (WebWay, bot.url)}
    for name, (kind, url) in ways.items():
        async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as http:
            way = kind(http)
            await hold(way, signed_in_chats(WARM_UP), at_once=1)
            for at_once in (1, options.at_once):
                chats, before = signed_in_chats(options.conversations), time_of_children(bot.process)
                run = await hold(way, chats, at_once)
                used = {process: used - before[process] for process, used in time_of_children(bot.process).items()}
                report.loads[f"{name}, {at_once} at once"] = figures(run, used)
                if kind is RasaWay and at_once == 1:
                    report.median_of_each_message = median_of_each_message(run.timings)
            if kind is RasaWay and options.long:
                [chat] = signed_in_chats(1)
                report.long_conversation = along((await hold_long(way, chat, options.long)).timings)
            if kind is RasaWay and options.many:
                report.megabytes_after_conversations = await greet_many(way, bot, options)
    report.megabytes = memory_of_children(bot.process)
    return report


async def greet_many(way: Way, bot: RunningBot, options: argparse.Namespace) -> dict[int, dict[str, float]]:
    """The memory of the processes after more and more conversations."""
    memory = {0: memory_of_children(bot.process)}
    for step in range(1, STEPS + 1):
        await hold(way, strangers_chats(options.many // STEPS), options.at_once, GREETING)
        memory[step * options.many // STEPS] = memory_of_children(bot.process)
    return memory


def show(report: Report) -> None:
    processor = [f"{process}: CPU ms" for process in report.megabytes]
    loads = Table("Conversations over", "median ms", "p95 ms", "p99 ms", "turns/s", "turns", *processor)
    for name, load in report.loads.items():
        milliseconds = (f"{value:.1f}" for value in (load.median, load.p95, load.p99))
        used = (f"{value:.1f}" for value in load.processor_milliseconds.values())
        loads.add_row(name, *milliseconds, f"{load.turns_a_second:.0f}", str(load.turns), *used)
    console.print(loads)
    if report.long_conversation:
        places = Table("One conversation, turn", *map(str, report.long_conversation))
        places.add_row("median ms", *(f"{taken:.1f}" for taken in report.long_conversation.values()))
        console.print(places)
    memory = Table("Resident MB", *report.megabytes, "all")
    sizes = report.megabytes.values()
    memory.add_row("", *(f"{size:.0f}" for size in sizes), f"{sum(sizes):.0f}")
    console.print(memory)
    if report.megabytes_after_conversations:
        growth = Table("Resident MB after conversations", *map(str, report.megabytes_after_conversations))
        for name in report.megabytes:
            growth.add_row(name, *(f"{each[name]:.0f}" for each in report.megabytes_after_conversations.values()))
        console.print(growth)
    if report.training:
        console.print(
            f"Training took {report.training.seconds:.0f} s and {report.training.peak_megabytes:.0f} MB at its peak."
        )
    console.print(f"Ready {report.seconds_to_ready:.1f} s after `respite up`.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=40, help="conversations of nine turns in each load")
    parser.add_argument("--at-once", type=int, default=8, help="conversations side by side at saturation")
    parser.add_argument("--long", type=int, default=505, help="turns of the long conversation; 0 leaves it out")
    parser.add_argument("--many", type=int, default=0, help="conversations with strangers, to watch the memory")
    parser.add_argument("--train", action="store_true", help="also train a model on all data")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        environment = {
            "RESPITE_HOME": name,
            "RESPITE_ENCRYPTION_KEY": ENCRYPTION_KEY,
            "RESPITE_BUSINESS_DATE": BUSINESS_DATE.isoformat(),
        }
        os.environ |= environment
        with running_bot(settings().home, environment) as bot:
            report = asyncio.run(measure(bot, options))
        if options.train:
            _, report.training = train(rasa.PYTHON, project=Path(), out=settings().home)
    show(report)
    if options.json:
        options.json.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
