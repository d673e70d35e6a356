"""What the trained model makes of utterances, one a line, without a server.

python -m bot.engine.parse [--model models/respite.tar.gz] [--business-date 2026-06-10] < utterances.txt
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from bot.engine.language import detect_language
from bot.engine.language_detector import LANGUAGE
from bot.engine.normalizer import as_typed
from bot.engine.second_intent import SECOND_INTENT

DEFAULT_MODEL = Path("models/respite.tar.gz")
UNSURE = "unsure"


class Parser:
    """A trained model, loaded once."""

    def __init__(self, model: Path) -> None:
        """Load `model`, an archive that `rasa train` wrote."""
        self._directory = tempfile.TemporaryDirectory()
        metadata, self._runner = load_predict_graph_runner(
            Path(self._directory.name), model, LocalModelStorage, DaskGraphRunner
        )
        self._target = metadata.nlu_target

    def parse(self, utterance: str, business_date: date | None = None) -> dict[str, Any]:
        """Return the language, intents, entities and decision for one utterance, as JSON types."""
        typed = as_typed(utterance).strip()
        if not typed:
            return _described(utterance, None, [], None, [], UNSURE)
        message = self._understood(typed, business_date)
        ranking = message.get("intent_ranking")
        is_unsure = ranking[0]["name"] == DEFAULT_NLU_FALLBACK_INTENT_NAME
        believed = ranking[1:] if is_unsure else ranking
        shift = utterance.find(typed)
        entities = [
            _entity(each, utterance, shift) for each in message.get("entities", []) if each["entity"] != LANGUAGE
        ]
        decision = UNSURE if is_unsure else believed[0]["name"]
        second = message.get(SECOND_INTENT)
        return _described(utterance, detect_language(typed), believed, second and second["name"], entities, decision)

    def _understood(self, text: str, business_date: date | None) -> Message:
        metadata = {"business_date": business_date.isoformat()} if business_date else {}
        inputs = {
            PLACEHOLDER_MESSAGE: [UserMessage(text, metadata=metadata)],
            PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("parse", []),
        }
        return self._runner.run(inputs=inputs, targets=[self._target])[self._target][0]


def _described(
    text: str,
    language: str | None,
    ranking: list[dict[str, Any]],
    second_intent: str | None,
    entities: list[dict[str, Any]],
    decision: str,
) -> dict[str, Any]:
    best = [{"intent": each["name"], "confidence": round(each["confidence"], 4)} for each in ranking[:5]]
    return {
        "text": text,
        "language": language,
        "intent": best[0]["intent"] if best else None,
        "confidence": best[0]["confidence"] if best else 0.0,
        "ranking": best,
        "second_intent": second_intent,
        "entities": entities,
        "decision": decision,
    }


def _entity(entity: dict[str, Any], utterance: str, shift: int) -> dict[str, Any]:
    start, end = entity["start"] + shift, entity["end"] + shift
    return {
        "entity": entity["entity"],
        "value": entity["value"],
        "start": start,
        "end": end,
        "text": utterance[start:end],
    }


def _answers(lines: Iterator[str], parser: Parser, business_date: date | None) -> Iterator[str]:
    for line in lines:
        yield json.dumps(parser.parse(line.rstrip("\r\n"), business_date), ensure_ascii=False)


def main(arguments: list[str] | None = None) -> int:
    """Parse standard input line by line; return the exit code."""
    options = argparse.ArgumentParser(prog="python -m bot.engine.parse", description=__doc__.splitlines()[0])
    options.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="a trained model (default: %(default)s)")
    options.add_argument(
        "--business-date", type=date.fromisoformat, help="the date to resolve dates against, YYYY-MM-DD"
    )
    chosen = options.parse_args(arguments)
    if not chosen.model.is_file():
        print(
            f"There is no model at {chosen.model}. Train one with `rasa train`, or name one with --model.",
            file=sys.stderr,
        )
        return 1
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    out = sys.stdout
    with redirect_stdout(sys.stderr):
        parser = Parser(chosen.model)
        for answer in _answers(sys.stdin, parser, chosen.business_date):
            print(answer, file=out)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    sys.exit(main())
