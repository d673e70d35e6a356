"""The one door through which Respite's hub talks to Rasa."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine import startup  # noqa: F401
from bot.engine.meanings import meanings
from bot.engine.normalizer import as_typed

logger = logging.getLogger(__name__)


class HubOutput(OutputChannel):
    """Collects the bot's replies, each whole: its text, its buttons and its custom data in one message."""

    def __init__(self) -> None:
        """Start with no replies and no failure."""
        self.messages: list[dict[str, Any]] = []
        self.failure: Exception | None = None

    @classmethod
    def name(cls) -> str:
        """Return the name by which responses can be written for this channel."""
        return "hub"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one reply."""
        self.messages.append(
            {
                "text": message.get("text"),
                "buttons": message.get("buttons") or [],
                "custom": message.get("custom") or {},
            }
        )

    def note_failure(self, error: Exception) -> None:
        """Remember that an action failed in this turn."""
        self.failure = error


class HubInput(InputChannel):
    """Answers POST /webhooks/hub/turn.

    The request is `{"sender", "text" or "payload", "metadata"}`. `text` is a borrower's words and never a command;
    `payload` (`/inform{"quote": "…"}`) is trusted, and only the hub can send one. The answer is
    `{"messages": [{"text", "buttons", "custom"}]}`, or status 500 and `{"error": "turn failed"}`.
    """

    @classmethod
    def name(cls) -> str:
        """Return the name in the channel's address."""
        return "hub"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes."""
        routes = Blueprint("hub_channel", __name__)

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            output = HubOutput()
            try:
                for message in await _messages(request, output):
                    await on_new_message(message)
                    if output.failure:
                        raise output.failure
            except Exception:
                logger.exception("A turn of conversation %s failed.", request.json.get("sender"))
                return response.json({"error": "turn failed"}, status=500)
            return response.json({"messages": output.messages})

        return routes


async def _messages(request: Request, output: HubOutput) -> list[UserMessage]:
    """Return the payload as it is, or the borrower's words once for each thing that they say."""
    turn = request.json
    if payload := turn.get("payload"):
        return [_message(turn, payload, output)]
    text = as_typed(turn.get("text") or "")
    parsed = await request.app.ctx.agent.processor.parse_message(_message(turn, text, output))
    return [_message(turn, text, output, meaning) for meaning in meanings(parsed)]


def _message(turn: dict[str, Any], text: str, output: HubOutput, parsed: dict[str, Any] | None = None) -> UserMessage:
    return UserMessage(
        text=text,
        output_channel=output,
        sender_id=turn["sender"],
        input_channel=HubInput.name(),
        metadata=turn.get("metadata") or {},
        parse_data=parsed,
    )
