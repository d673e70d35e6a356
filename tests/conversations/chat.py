"""One chat with the running bot, held over the same interface as `respite chat`."""

import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

SECONDS_TO_ANSWER = 20
Answer = list[dict[str, Any]]
"""The messages that the bot answered with, as the web page gets them."""


class NoAnswerError(AssertionError):
    """The bot did not answer in time."""


@dataclass
class Chat:
    """A borrower's side of a chat."""

    http: httpx.Client
    language: str = "en"
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    cursor: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)

    def say(self, text: str) -> Answer:
        """Type `text` and wait for everything that the bot answers."""
        return self._send({"text": text})

    def press(self, title: str) -> Answer:
        """Press the latest button with this title, on a message or on one of its plan cards."""
        for message in reversed(self.messages):
            for button in buttons_of(message):
                if button["title"] == title and button["reference"]:
                    return self._send({"button": button["reference"]})
        raise AssertionError(f"There is no button {title!r} to press.")

    def press_reference(self, reference: str) -> Answer:
        """Press a button by the reference that the page has for it."""
        return self._send({"button": reference})

    def choose(self, place: int) -> Answer:
        """Choose the plan at `place`, counted from one, on the latest card of plans."""
        cards = [message["card"] for message in self.messages if (message["card"] or {}).get("type") == "plans"]
        return self._send({"button": cards[-1]["options"][place - 1]["choose"]["reference"]})

    def _send(self, frame: dict[str, str]) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}
        client_id = secrets.token_hex(8)
        self.http.post("/api/messages", json={"client_id": client_id, **frame}, headers=headers).raise_for_status()
        answer: Answer = []
        answering = True
        while answering:
            parameters = {"after": self.cursor, "wait": SECONDS_TO_ANSWER}
            reply = self.http.get("/api/messages", params=parameters, headers=headers)
            reply.raise_for_status()
            page = reply.json()
            answering = page["answering"]
            if answering and not page["messages"]:
                raise NoAnswerError(f"No answer to {frame} within {SECONDS_TO_ANSWER} seconds.")
            self.cursor = page["cursor"]
            answer += [message for message in page["messages"] if message["author"] != "borrower"]
        self.messages += answer
        return answer


def buttons_of(message: dict[str, Any]) -> list[dict[str, str]]:
    """The buttons of a message, those on a card of plans included."""
    options = (message["card"] or {}).get("options", [])
    return [*message["buttons"], *(option["choose"] for option in options)]
