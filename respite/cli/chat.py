"""`respite chat`: the same conversation as on the web page, in the terminal."""

import secrets
import time
from collections.abc import Iterator
from typing import Annotated

import httpx
import typer
from pydantic import BaseModel

from respite.cli.console import console, give_up
from respite.settings import settings
from respite.support.messages import Button, Card, PlansCard

TOKEN_BYTES = 16
SECONDS_TO_ANSWER = 60
SECONDS_A_REQUEST_WAITS = 25
SECONDS_BETWEEN_REQUESTS = 0.2


class Shown(BaseModel):
    """One message of the chat, as the web application shows it."""

    author: str
    text: str
    card: Card | None
    buttons: tuple[Button, ...]

    @property
    def choices(self) -> tuple[Button, ...]:
        """What can be chosen: the plans on a card, then the buttons beneath."""
        options = self.card.options if isinstance(self.card, PlansCard) else ()
        plans = tuple(option.choose.model_copy(update={"title": option.title}) for option in options)
        return tuple(button for button in plans + self.buttons if button.reference)


class News(BaseModel):
    messages: list[Shown]
    cursor: int
    answering: bool


class Chat:
    """A chat of its own on the running web application."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {secrets.token_urlsafe(TOKEN_BYTES)}"},
            timeout=SECONDS_A_REQUEST_WAITS + 10,
            trust_env=False,
        )
        self._cursor = 0

    def say(self, **frame: str) -> Iterator[Shown]:
        """Send a `text`, or the reference of a `button`, and give what is answered as it comes."""
        self._http.post("/api/messages", json={"client_id": secrets.token_hex(8), **frame}).raise_for_status()
        answered, patience_ends = False, time.monotonic() + SECONDS_TO_ANSWER
        while time.monotonic() < patience_ends:
            news = self._news()
            for message in news.messages:
                if message.author != "borrower":
                    answered = True
                    yield message
            if answered and not news.answering:
                return
            time.sleep(SECONDS_BETWEEN_REQUESTS)

    def _news(self) -> News:
        query = {"after": self._cursor, "wait": SECONDS_A_REQUEST_WAITS}
        response = self._http.get("/api/messages", params=query).raise_for_status()
        news = News.model_validate_json(response.content)
        self._cursor = news.cursor
        return news


def chat(
    url: Annotated[str, typer.Option(help="Address of the web application; by default that of `respite up`.")] = "",
) -> None:
    """Talk to the running bot. A number chooses what is offered; Ctrl-D ends the chat."""
    conversation = Chat(url or settings().web_url)
    choices: tuple[Button, ...] = ()
    console.print("[dim]Write to the bot. A number chooses what is offered; Ctrl-D ends the chat.[/dim]")
    while (words := _listen()) is not None:
        if not words:
            continue
        try:
            said = list(_answers(conversation, words, choices))
        except httpx.ConnectError:
            give_up("The web application does not answer. Start it with `respite up` and try again.")
        except httpx.HTTPError as error:
            give_up(f"The web application could not take the message: {error}. Its log says more.")
        choices = tuple(choice for message in said for choice in message.choices)
        for number, choice in enumerate(choices, start=1):
            console.print(f"  [cyan]{number}[/cyan] {choice.title}", markup=True)


def _listen() -> str | None:
    try:
        return console.input("[bold]you ›[/bold] ").strip()
    except (EOFError, KeyboardInterrupt):
        console.print()
        return None


def _answers(conversation: Chat, words: str, choices: tuple[Button, ...]) -> Iterator[Shown]:
    chosen = choices[int(words) - 1] if words.isdecimal() and 0 < int(words) <= len(choices) else None
    frame = {"button": chosen.reference} if chosen else {"text": words}
    for message in conversation.say(**frame):
        console.print(f"\n{message.text}\n", markup=False)
        yield message
