"""What a model makes of each line of its input, and how long that takes. Runs in an environment with Rasa.

`python -m tests.benchmarks.timed_parse MODEL` prints one JSON object.
"""

import asyncio
import json
import logging
import resource
import sys
import time

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.utils.log_utils import configure_structlog

KILOBYTES_A_MEGABYTE = 1024
FALLBACK = "nlu_fallback"
WARM_UP = 20


async def main(model: str) -> None:
    texts = sys.stdin.read().splitlines()
    began = time.perf_counter()
    processor = Agent.load(model).processor
    loaded = time.perf_counter()
    for text in texts[:WARM_UP]:
        await processor.parse_message(UserMessage(text[::-1]))
    intents, milliseconds = [], []
    for text in texts:
        start = time.perf_counter()
        parsed = await processor.parse_message(UserMessage(text))
        milliseconds.append(1000 * (time.perf_counter() - start))
        intents.append(next(each["name"] for each in parsed["intent_ranking"] if each["name"] != FALLBACK))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_A_MEGABYTE
    figures = {"seconds_to_load": loaded - began, "peak_megabytes": peak}
    json.dump(figures | {"intents": intents, "milliseconds": milliseconds}, sys.stdout)


if __name__ == "__main__":
    configure_structlog(logging.WARNING)
    asyncio.run(main(sys.argv[1]))
