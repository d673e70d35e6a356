"""Many borrowers at once, each doing at random whatever can be done in a chat with the real bot.

Whatever they do, they get an answer that is no apology, nothing is booked but the plan on the screen that they said
yes to, and nobody sees what is somebody else's. `--turns` and `--seed` on the command line walk further or again:

    pytest tests/conversations/test_random_walk.py --turns 20000 --seed 7
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from random import Random

import httpx
import pytest
from sqlalchemy import func, select

from bot.channels.webchat import CHANNEL, chat_key
from bot.texts import LANGUAGES, translate
from bot.turns import AWAY, AWAY_UNSURE, GIVEN_UP
from respite.clock import utc_now
from respite.formatting import format_fact
from respite.languages import to_traditional
from respite.plans.terms import PlanTerms
from respite.policies.load import policy
from respite.store.models import ButtonPress, Loan, Payment, Plan, Quote
from respite.store.session import transaction
from respite.support.conversations import open_conversation
from tests.conversations.borrowers import BORROWERS, add_borrower, sign_in
from tests.conversations.chat import Answer, Chat
from tests.conversations.random_turns import Mind, Move
from tests.conversations.running_bot import BUSINESS_DATE, RunningBot
from tests.lints.project import responses

AT_ONCE = 8
STRANGERS = 3
SHOWN_OF_A_FAILED_WALK = 15


@dataclass
class Walker:
    """One chat: whose it is, if anybody's, and what must never be seen in it."""

    chat: Chat
    conversation_id: str
    borrower_id: int | None
    own: frozenset[str]
    transcript: list[str] = field(default_factory=list)
    booked: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def apologies() -> tuple[str, ...]:
    """How every apology for a failure of ours begins, in every language."""
    variants = [variant["text"] for variant in responses()["utter_action_failed"]]
    said = [translate(language, text) for text in (AWAY, AWAY_UNSURE, GIVEN_UP) for language in LANGUAGES]
    return (*said, *variants, *map(to_traditional, variants))


def test_a_random_walk(
    bot: RunningBot, http: httpx.Client, apologies: tuple[str, ...], pytestconfig: pytest.Config
) -> None:
    turns, seed = pytestconfig.getoption("--turns"), pytestconfig.getoption("--seed")
    random = Random(seed)
    logs = {file: file.stat().st_size for file in (bot.home / "logs").glob("*.log")}
    walkers = [join(http, random, profile) for profile in (*BORROWERS, *[None] * STRANGERS)]
    payments = payments_received()
    share = turns // len(walkers)

    def walk(place: int) -> None:
        walker, others = walkers[place], walkers[:place] + walkers[place + 1 :]
        things = [thing for other in others for thing in sorted(other.own)]
        mind = Mind(Random(seed * 1_000 + place), walker.chat, things, [other.chat for other in others])
        for _ in range(share):
            take_turn(walker, mind.next_move(), things, apologies)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        walks = {place: pool.submit(walk, place) for place in range(len(walkers))}
    failed = [
        "\n".join([f"{error} in walk {place} of --seed {seed}:", *walkers[place].transcript[-SHOWN_OF_A_FAILED_WALK:]])
        for place, done in walks.items()
        if (error := done.exception())
    ]
    if failed or any(tracebacks(logs)):
        pytest.fail("\n\n".join([*failed, *tracebacks(logs)]), pytrace=False)
    assert payments_received() == payments
    assert any(walker.booked for walker in walkers), "a walk in which nobody books a plan tests little"


def join(http: httpx.Client, random: Random, profile: str | None) -> Walker:
    """A new chat: of a borrower with the loans of a profile, signed in, or of a stranger."""
    chat = Chat(http, random.choice(tuple(LANGUAGES)))
    with transaction() as session:
        opened = open_conversation(session, CHANNEL, chat_key(chat.token), chat.language, utc_now())
        if profile is None:
            return Walker(chat, opened.id, None, frozenset())
        borrower = add_borrower(session, profile, policy(), BUSINESS_DATE)
        borrower.name = f"Walker {borrower.reference}"
        sign_in(session, opened.id, borrower)
        own = {borrower.name, borrower.phone, *(loan.reference for loan in borrower.loans)}
        return Walker(chat, opened.id, borrower.id, frozenset(own))


def take_turn(walker: Walker, move: Move, things_of_others: list[str], apologies: tuple[str, ...]) -> None:
    on_screen = quote_under_review(walker)
    consents = move.is_consent or (bool(move.button) and payload_of(move.button) == "/affirm")
    walker.transcript.append(f"- {move}")
    answer = walker.chat.press_reference(move.button) if move.button else walker.chat.say(move.text)
    walker.transcript += [f"    {message['text']}" for message in answer]
    is_a_whole_answer(answer, apologies)
    shows_only_their_own(walker, answer, things_of_others)
    for plan in newly_booked(walker):
        assert consents, "a plan was booked without a yes"
        assert on_screen is not None, "a plan was booked that was not under review"
        assert plan.quote_id == on_screen.id, "another plan was booked than the one under review"
        assert total_on_screen(walker, before=answer) in totals(on_screen), (
            "the plan booked is not the one on the screen"
        )


def is_a_whole_answer(answer: Answer, apologies: tuple[str, ...]) -> None:
    assert answer, "no answer"
    for message in answer:
        assert message["text"].strip(), "an answer without words"
        assert not message["text"].startswith(apologies), "an apology for a failure"
        assert "{" not in message["text"], "an unfilled place"
        assert "None" not in message["text"], "an unfilled place"


def shows_only_their_own(walker: Walker, answer: Answer, things_of_others: list[str]) -> None:
    """Nothing of others is shown, unless it is said that there is no such loan here."""
    typed = "\n".join(walker.transcript)
    for message in answer:
        shown = json.dumps(message, ensure_ascii=False)
        for thing in things_of_others:
            if thing in shown:
                assert thing in typed, f"{thing} of somebody else"
                assert "¥" not in shown, f"amounts beside {thing} of somebody else"
        assert walker.borrower_id or "¥" not in shown, "amounts shown to a stranger"


def quote_under_review(walker: Walker) -> Quote | None:
    with transaction() as session:
        return session.scalar(select(Quote).filter_by(conversation_id=walker.conversation_id, state="shown"))


def newly_booked(walker: Walker) -> list[Plan]:
    """The plans that have been booked for a borrower since this was last asked; those they came with have no quote."""
    with transaction() as session:
        query = select(Plan).join(Loan).where(Loan.borrower_id == walker.borrower_id, Plan.quote_id.is_not(None))
        new = [plan for plan in session.scalars(query) if plan.reference not in walker.booked]
    walker.booked |= {plan.reference for plan in new}
    return new


def payload_of(reference: str) -> str | None:
    with transaction() as session:
        return session.scalar(select(ButtonPress.payload).filter_by(reference=reference))


def total_on_screen(walker: Walker, before: Answer) -> str:
    """The total cost on the last open review card that was shown before an answer."""
    shown = walker.chat.messages[: -len(before)]
    cards = [message["card"] for message in shown if (message["card"] or {}).get("state") == "open"]
    [total] = [line["value"] for line in cards[-1]["lines"] if line["label"] == "total_cost"]
    return str(total)


def totals(quote: Quote) -> set[str]:
    total = PlanTerms.from_json(quote.terms).total
    return {format_fact(total, language) for language in ("en", "zh")}


def payments_received() -> int:
    with transaction() as session:
        return session.scalar(select(func.count(Payment.id))) or 0


def tracebacks(logs: dict[Path, int]) -> Iterator[str]:
    """What went wrong according to the logs, from where they ended before."""
    for file, end in logs.items():
        with file.open("rb") as log:
            log.seek(end)
            lines = log.read().decode(errors="replace").splitlines()
        places = (
            place for place, line in zip(count(), lines, strict=False) if "Traceback" in line or '"error"' in line
        )
        for place in islice(places, 3):
            yield "\n".join([file.name, *lines[place : place + 30]])
