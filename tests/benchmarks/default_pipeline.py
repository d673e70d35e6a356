"""Respite's pipeline beside Rasa's own default pipeline and policies, on the same data and the same machine.

`make benchmark-default-pipeline` builds an environment with TensorFlow and runs this. Both are trained on the same
share of the training examples, since Rasa's default would take hours on all of them, and both read the held-out
utterances, one at a time; then both answer the same questions over Rasa's channel, with the same action server.
"""

import argparse
import asyncio
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import yaml
from rich.console import Console
from rich.table import Table

from respite.cli import rasa
from respite.settings import settings
from tests.benchmarks.load import QUESTIONS, RasaWay, hold, signed_in_chats
from tests.benchmarks.processes import megabytes, rasa_server, train
from tests.benchmarks.turns import ENCRYPTION_KEY, Figures, figures
from tests.conversations.running_bot import BUSINESS_DATE, RunningBot, running_bot
from tests.nlu.test_held_out import rows

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh")
WARM_UP = 4

console = Console(highlight=False)


@dataclass(frozen=True)
class Contender:
    """One way to understand and to decide: its name, the Python that has what it needs, and its configuration."""

    name: str
    python: Path
    config: dict[str, Any]


@dataclass(frozen=True)
class Score:
    training_seconds: float
    training_peak_megabytes: float
    seconds_to_load: float
    median_milliseconds: float
    p95_milliseconds: float
    accuracy: dict[str, float]
    serving_megabytes: float
    turns: dict[str, Figures]


def contenders(epochs: int) -> tuple[Contender, Contender]:
    default = yaml.safe_load((HERE / "default_pipeline.yml").read_text())
    for component in default["pipeline"] + default["policies"]:
        if "epochs" in component:
            component["epochs"] = epochs
    return (
        Contender("Respite", rasa.PYTHON, yaml.safe_load(Path("config.yml").read_text())),
        Contender("Rasa's default", Path(".venv-tensorflow/bin/python"), default),
    )


def examples_of_each_intent(files: Iterable[Path]) -> dict[str, list[str]]:
    examples = defaultdict(list)
    for file in files:
        for block in yaml.safe_load(file.read_text())["nlu"]:
            if "intent" in block:
                examples[block["intent"]] += re.findall(r"^- (.+)$", block["examples"], re.MULTILINE)
    return examples


def write_project(folder: Path, config: dict[str, Any], examples: int) -> int:
    """A Rasa project with `examples` of each intent, the same for every contender. The number of all of them."""
    chosen = {
        intent: Random(intent).sample(said, min(examples, len(said)))
        for intent, said in examples_of_each_intent(sorted(Path("data/nlu").glob("*.yml"))).items()
    }
    nlu = [{"intent": intent, "examples": "".join(f"- {each}\n" for each in said)} for intent, said in chosen.items()]
    shutil.copytree("data/rules", folder / "data" / "rules")
    shutil.copy("domain.yml", folder)
    (folder / "data" / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True))
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    return sum(map(len, chosen.values()))


def read_held_out(contender: Contender, model: Path) -> tuple[dict[str, float], dict[str, Any]]:
    """The share of held-out utterances understood in each language, and what reading them took."""
    said = {language: rows(f"held_out_{language}.tsv") for language in LANGUAGES}
    texts = "\n".join(row["utterance"] for language in LANGUAGES for row in said[language])
    command = [contender.python, "-m", "tests.benchmarks.timed_parse", model]
    done = subprocess.run(command, input=texts, env=rasa.environment(), capture_output=True, text=True, check=True)
    parsed = json.loads(done.stdout)
    intents: Iterator[str] = iter(parsed["intents"])
    accuracy = {
        language: statistics.mean(next(intents) == row["intent"] for row in said[language]) for language in LANGUAGES
    }
    return accuracy, parsed


async def answer_questions(bot: RunningBot, contender: Contender, model: Path, options: argparse.Namespace) -> Any:
    """Megabytes of the Rasa process and figures of its turns, one conversation at a time and many at once."""
    async with rasa_server(contender.python, model, bot) as (url, process):
        async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as http:
            way, turns = RasaWay(http), {}
            await hold(way, signed_in_chats(WARM_UP), 1, QUESTIONS)
            for at_once in (1, options.at_once):
                chats = signed_in_chats(options.conversations)
                turns[f"{at_once} at once"] = figures(await hold(way, chats, at_once, QUESTIONS), {})
        return megabytes(process), turns


def measure(contender: Contender, bot: RunningBot, options: argparse.Namespace) -> Score:
    folder = bot.home / contender.name
    folder.mkdir()
    number = write_project(folder, contender.config, options.examples)
    console.print(f"{contender.name}: training on {number} examples …")
    model, training = train(contender.python, project=folder, out=folder)
    accuracy, parsed = read_held_out(contender, model)
    serving, turns = asyncio.run(answer_questions(bot, contender, model, options))
    return Score(
        training_seconds=training.seconds,
        training_peak_megabytes=training.peak_megabytes,
        seconds_to_load=parsed["seconds_to_load"],
        median_milliseconds=statistics.median(parsed["milliseconds"]),
        p95_milliseconds=statistics.quantiles(parsed["milliseconds"], n=20)[-1],
        accuracy=accuracy,
        serving_megabytes=serving,
        turns=turns,
    )


def show(scores: dict[str, Score]) -> None:
    table = Table("", *scores)

    def row(title: str, figures: Iterable[float], places: int = 0) -> None:
        table.add_row(title, *(f"{figure:.{places}f}" for figure in figures))

    all_scores = scores.values()
    row("training, seconds", (score.training_seconds for score in all_scores))
    row("training, peak MB", (score.training_peak_megabytes for score in all_scores))
    row("loading the model, seconds", (score.seconds_to_load for score in all_scores), 1)
    row("understanding one message, median ms", (score.median_milliseconds for score in all_scores), 1)
    row("understanding one message, p95 ms", (score.p95_milliseconds for score in all_scores), 1)
    for language in LANGUAGES:
        row(f"held-out accuracy, {language}", (score.accuracy[language] for score in all_scores), 3)
    row("Rasa process, resident MB", (score.serving_megabytes for score in all_scores))
    for load in next(iter(all_scores)).turns:
        row(f"turn, {load}: median ms", (score.turns[load].median for score in all_scores), 1)
        row(f"turn, {load}: p95 ms", (score.turns[load].p95 for score in all_scores), 1)
        row(f"turn, {load}: turns/s", (score.turns[load].turns_a_second for score in all_scores))
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=40, help="training examples of each intent")
    parser.add_argument("--epochs", type=int, default=30, help="epochs of Rasa's default; it would take 100")
    parser.add_argument("--conversations", type=int, default=30, help="conversations of five questions")
    parser.add_argument("--at-once", type=int, default=8, help="conversations side by side at saturation")
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
            scores = {contender.name: measure(contender, bot, options) for contender in contenders(options.epochs)}
    show(scores)
    if options.json:
        figures = {name: asdict(score) for name, score in scores.items()}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
