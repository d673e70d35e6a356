"""One run: an installation, borrowers who talk all the time, harm, and what was found afterwards."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from respite.store.session import reading
from tests.channels.telegram.look_alike import BotApi
from tests.databases import Databases
from tests.recovery.borrowers import Borrower, NotAnsweredError, Sent
from tests.recovery.findings import everything_wrong, shapes_of, unknown_deliveries
from tests.recovery.havoc import Answers, Harm, harm
from tests.recovery.installation import SECRET, Installation, installed
from tests.recovery.on_telegram import OnTelegram
from tests.recovery.on_the_web import OnTheWeb

ONE_IN_FOUR = 4
"""How many borrowers are on Telegram."""

RECOVERY_SECONDS = 5
"""How long after all is back somebody has an answer at the latest."""


@dataclass(frozen=True)
class Report:
    """What was done and what came of it. Times are seconds, in order of size."""

    seed: int
    harm: Harm
    borrowers: Sequence[Borrower]
    unknown_deliveries: int
    wrong: Sequence[str]

    @property
    def kills(self) -> Counter[str]:
        return Counter(victim for outage in self.harm.outages for victim in outage.victims)

    @property
    def messages(self) -> int:
        return sum(len(borrower.sent) for borrower in self.borrowers)

    @property
    def recoveries(self) -> list[float]:
        """From all being ready to the first answer."""
        return sorted(outage.recovery_seconds for outage in self.harm.outages)

    @property
    def delayed(self) -> list[float]:
        """From all being ready to the answer to what was said before, on the web, unless more was harmed meanwhile."""
        outages = self.harm.outages
        ends = [*(later.began_at for later in outages[1:]), float("inf")]
        return sorted(
            sent.answered_at - outage.ready_at
            for outage, next_begins in zip(outages, ends, strict=True)
            for sent in self._said_on_the_web
            if sent.answered_at and sent.sent_at < outage.ready_at < sent.answered_at < next_begins
        )

    @property
    def waits(self) -> list[float]:
        """From sending to the answer, on the web; Telegram lets a bot write once a second."""
        return sorted(each.answered_at - each.sent_at for each in self._said_on_the_web if each.answered_at)

    @property
    def _said_on_the_web(self) -> list[Sent]:
        return [sent for borrower in self.borrowers if isinstance(borrower, OnTheWeb) for sent in borrower.sent]


async def run(home: Path, databases: Databases, *, web_processes: int, kills: int, seed: int, at_once: int) -> Report:
    """Harm an installation so often while `at_once` borrowers talk, and let all of them end what they began.

    Several web processes are called by Telegram; a single one asks it.
    """
    answers, telegram = Answers(), BotApi()
    telegram.server.start()
    async with installed(home, databases, web_processes, telegram) as installation:
        crowd = Crowd(installation, telegram, answers, seed)
        calm = await crowd.one_conversation()
        with reading() as session:
            shapes = shapes_of(session, calm)
        talking = [asyncio.create_task(crowd.talk_on()) for _ in range(at_once)]
        done = await harm(installation, answers, kills, Random(seed))
        crowd.is_over = True
        await asyncio.gather(*talking)
        with reading() as session:
            unknown = unknown_deliveries(session, crowd.borrowers)
            wrong = everything_wrong(session, crowd.borrowers, shapes)
    telegram.server.stop()
    return Report(seed, done, crowd.borrowers, unknown, wrong)


class Crowd:
    """Borrowers, one after another at each place, until it is over."""

    def __init__(self, installation: Installation, telegram: BotApi, answers: Answers, seed: int) -> None:
        self.borrowers: list[Borrower] = []
        self.is_over = False
        self._installation = installation
        self._telegram = telegram
        self._answers = answers
        self._seed = seed

    async def talk_on(self) -> None:
        while not self.is_over:
            with suppress(NotAnsweredError):  # the store shows what was not answered
                await self.one_conversation()

    async def one_conversation(self) -> Borrower:
        borrower = self._next_borrower()
        self.borrowers.append(borrower)
        await borrower.talk()
        return borrower

    def _next_borrower(self) -> Borrower:
        number, web = len(self.borrowers) + 1, self._installation.web
        what = (self._installation.home, number, Random(f"{self._seed} {number}"), self._answers.note)
        if number % ONE_IN_FOUR:
            return OnTheWeb(*what, web=web)
        called = web if len(web) > 1 else ()
        return OnTelegram(*what, telegram=self._telegram, web=called, secret=SECRET)
