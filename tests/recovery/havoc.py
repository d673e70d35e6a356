"""Harm done to an installation while borrowers talk: what is struck and when is drawn from a seed."""

import asyncio
import time
from dataclasses import dataclass, field
from random import Random

import structlog

from tests.recovery.installation import Installation

CALM_SECONDS = (0.2, 1.5)
"""How long all is well before the next strike: from the shortest to the longest."""

STRIKES_IN_A_ROW = (1, 1, 1, 2, 3)
SECONDS_BETWEEN = 1.0
SECONDS_TO_ANSWER = 60
LOST_ANSWERS = 0.5
"""How often an answer between two programs is lost, for each outage."""

log = structlog.get_logger()


@dataclass
class Outage:
    """From the first strike until all is ready, and the first answer after that. Times are of the monotonic clock."""

    victims: list[str]
    began_at: float
    ready_at: float = 0.0
    answered_at: float = 0.0

    @property
    def recovery_seconds(self) -> float:
        return self.answered_at - self.ready_at


@dataclass
class Harm:
    outages: list[Outage] = field(default_factory=list)
    lost_answers: int = 0


@dataclass
class Answers:
    """When borrowers saw answers."""

    last_at: float = 0.0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self) -> None:
        self.last_at = time.monotonic()
        self._news.set()

    async def next(self) -> float:
        """When the next answer was seen. Raises TimeoutError."""
        self._news.clear()
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            await self._news.wait()
        return self.last_at


async def harm(installation: Installation, answers: Answers, kills: int, chance: Random) -> Harm:
    """Strike so many times, and wait after each outage until somebody is answered."""
    done = Harm()
    while kills:
        await asyncio.sleep(chance.uniform(*CALM_SECONDS))
        if chance.random() < LOST_ANSWERS:
            installation.lose_an_answer(chance)
            done.lost_answers += 1
        outage = Outage(_victims(installation, min(kills, chance.choice(STRIKES_IN_A_ROW)), chance), time.monotonic())
        kills -= len(outage.victims)
        for victim in outage.victims:
            await installation.strike(victim)
            await asyncio.sleep(chance.uniform(0, SECONDS_BETWEEN))
        await installation.all_ready()
        outage.ready_at = time.monotonic()
        outage.answered_at = await answers.next()
        done.outages.append(outage)
        log.info("killed", victims=outage.victims, left=kills, seconds_away=round(outage.ready_at - outage.began_at, 1))
    return done


def _victims(installation: Installation, count: int, chance: Random) -> list[str]:
    """Rasa, which takes longest to start, half as often as the others."""
    weights = [1 if victim == "Rasa" else 2 for victim in installation.victims]
    return chance.choices(installation.victims, weights, k=count)
