"""`respite chat`, with a stand-in that speaks the web application's interface."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

import pytest
import uvicorn
from fastapi import FastAPI, Header
from typer.testing import CliRunner, Result

from bot.channels.webchat import Frame
from bot.web.api import Messages, ShownButton, ShownMessage
from bot.web.entries import Author
from respite.cli import app
from respite.support.messages import Button, PlanOption, PlansCard

PLANS = PlansCard(
    options=(
        PlanOption(
            title="Wait a fortnight",
            summary="",
            lines=(),
            choose=Button(title="See this plan", reference="ref-wait"),
        ),
    )
)


@dataclass
class Bot:
    """Answers each message with the next of `answers`; shows one message at a time, as if it were slow."""

    answers: list[ShownMessage] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    shown: list[ShownMessage] = field(default_factory=list)

    def app(self) -> FastAPI:
        web = FastAPI()

        @web.post("/api/messages", status_code=202)
        def send(frame: Frame, authorization: Annotated[str, Header()]) -> None:
            self.frames.append(frame)
            self.tokens.add(authorization)
            for said in (message(frame.text, author="borrower"), self.answers.pop(0)):
                self.shown.append(said.model_copy(update={"id": len(self.shown) + 1}))

        @web.get("/api/messages")
        def read(after: int, wait: float) -> Messages:
            cursor = min(after + 1, len(self.shown))
            return Messages(
                messages=self.shown[after:cursor],
                cursor=cursor,
                has_more=False,
                language="en",
                answering=cursor < len(self.shown),
            )

        return web


def message(text: str, *buttons: ShownButton, author: Author = "bot", card: PlansCard | None = None) -> ShownMessage:
    return ShownMessage(
        id=0, author=author, text=text, card=card, buttons=list(buttons), files=(), at=datetime.now(UTC), client_id=None
    )


@pytest.fixture
def bot(own_settings: pytest.MonkeyPatch) -> Iterator[Bot]:
    bot = Bot()
    server = uvicorn.Server(uvicorn.Config(bot.app(), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    own_settings.setenv("RESPITE_WEB_PORT", str(port))
    yield bot
    server.should_exit = True
    thread.join()


def chat(*lines: str) -> Result:
    return CliRunner().invoke(app, ["chat"], input="".join(f"{line}\n" for line in lines))


def test_what_is_typed_is_sent_and_what_is_answered_is_shown(bot: Bot) -> None:
    bot.answers = [message("Hello, I am the assistant."), message("再见")]

    result = chat("hello", "bye")

    assert result.exit_code == 0
    assert [frame.text for frame in bot.frames] == ["hello", "bye"]
    assert "Hello, I am the assistant." in result.output
    assert "再见" in result.output


def test_one_chat_keeps_one_secret_and_every_chat_has_its_own(bot: Bot) -> None:
    bot.answers = [message("one"), message("two"), message("three")]

    chat("a", "b")
    chat("c")

    assert len(bot.tokens) == 2


def test_a_number_presses_the_button_that_was_offered_under_it(bot: Bot) -> None:
    bot.answers = [
        message(
            "Which?",
            ShownButton(title="Yes", reference="ref-yes"),
            ShownButton(title="No", reference="ref-no"),
        ),
        message("As you like."),
    ]

    result = chat("hello", "2")

    assert "1 Yes" in result.output
    assert "2 No" in result.output
    assert (bot.frames[1].button, bot.frames[1].text) == ("ref-no", "")


def test_a_plan_on_a_card_can_be_chosen_by_its_number(bot: Bot) -> None:
    bot.answers = [
        message("Two ways:", ShownButton(title="Talk to a person", reference="ref-person"), card=PLANS),
        message("Here is the plan."),
    ]

    result = chat("I cannot pay", "1")

    assert "1 Wait a fortnight" in result.output
    assert "2 Talk to a person" in result.output
    assert bot.frames[1].button == "ref-wait"


def test_a_used_button_is_not_offered(bot: Bot) -> None:
    bot.answers = [message("Booked.", ShownButton(title="Confirm", reference=""))]

    assert "Confirm" not in chat("yes").output


def test_a_number_that_nothing_was_offered_under_is_said_as_it_is(bot: Bot) -> None:
    bot.answers = [message("A code?")]

    chat("123456")

    assert bot.frames[0].text == "123456"


def test_a_bot_that_does_not_run_is_said_with_what_to_do(own_settings: pytest.MonkeyPatch) -> None:
    own_settings.setenv("RESPITE_WEB_PORT", "1")

    result = chat("hello")

    assert result.exit_code == 1
    assert "respite up" in result.output
