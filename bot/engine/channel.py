"""The one door through which Respite's hub talks to Rasa."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine.guard import guard
from bot.engine.language_detector import LANGUAGE
from bot.engine.meanings import meanings
from bot.engine.normalizer import as_typed
from bot.engine.observation import observed
from bot.engine.payloads import in_language
from bot.engine.quiet_logs import keep_words_out
from bot.engine.startup import TurnEnded
from bot.engine.tracker_store import Answer

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

logger = logging.getLogger(__name__)


class ActionFailedError(Exception):
    """An action failed, and its turn with it."""


class HubOutput(OutputChannel):
    """Collects the bot's replies, each whole: its text, its buttons and its custom data in one message."""

    def __init__(self) -> None:
        """Start with no replies."""
        self.messages: list[dict[str, Any]] = []

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


class HubInput(InputChannel):
    """Answers POST /webhooks/hub/turn, for whoever knows the installation's secret.

    The request is `{"sender", "turn_id", "text" or "payload", "metadata"}`. `text` is a borrower's words and never a
    command; `payload` (`/inform{"quote": "…"}`) is trusted, and only the hub can send one. The answer is
    `{"messages": [{"text", "buttons", "custom"}]}`, the same one whenever a turn is asked again, or
    `{"error": "turn failed"}`, with the status of the `Observation`: then nothing of the turn is remembered.
    """

    def __init__(self) -> None:
        """Begin with no turn in progress."""
        self._answering: set[asyncio.Task[Answer]] = set()

    @classmethod
    def name(cls) -> str:
        """Return the name in the channel's address."""
        return "hub"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the channel's routes, which bring the guard of the whole server with them."""
        routes = Blueprint("hub_channel", __name__)

        @routes.listener("before_server_start")
        async def close_the_doors(app: Sanic[Any, Any], _: Any) -> None:
            guard(app)

        @routes.listener("after_server_start")
        async def meet_borrowers(_: Sanic[Any, Any], __: Any) -> None:
            keep_words_out()

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            asked = _turn(request)
            conversation = structlog.contextvars.bound_contextvars(conversation=asked["sender"])
            with conversation, observed(request.headers) as observation:
                try:
                    answer = await self._answer(request, asked, on_new_message)
                    return response.json({"messages": answer}, headers=observation.headers)
                except Exception:
                    logger.exception("A turn failed.")
                    return response.json({"error": "turn failed"}, status=observation.status)

        return routes

    async def _answer(self, request: Request, turn: dict[str, Any], on_new_message: OnNewMessage) -> Answer:
        """Answer a turn once, to its end even if the hub hangs up: it asks again."""
        store = request.app.ctx.agent.tracker_store._tracker_store  # Rasa wraps it in one that hides failures
        once = store.answer_once(turn["sender"], turn["turn_id"], lambda: _replies(request, turn, on_new_message))
        answering = asyncio.create_task(once)
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)
        return await asyncio.shield(answering)


def _turn(request: Request) -> dict[str, Any]:
    turn = request.json
    if not isinstance(turn, dict) or not all(isinstance(turn.get(name), str) for name in ("sender", "turn_id")):
        raise InvalidUsage("A turn has a sender and a turn_id.")
    return turn


async def _replies(request: Request, turn: dict[str, Any], on_new_message: OnNewMessage) -> Answer:
    output = HubOutput()
    try:
        for message in await _messages(request, turn, output):
            await on_new_message(message)
    except TurnEnded as ended:
        raise ActionFailedError from ended.__cause__
    return output.messages


async def _messages(request: Request, turn: dict[str, Any], output: HubOutput) -> list[UserMessage]:
    """Return the payload, or the borrower's words once for each thing that they say."""
    if payload := turn.get("payload"):
        language = (turn.get("metadata") or {}).get(LANGUAGE)
        return [_message(turn, in_language(payload, language), output)]
    text = as_typed(turn.get("text") or "")
    parsed = await request.app.ctx.agent.processor.parse_message(_message(turn, text, output))
    return [_message(turn, text, output, meaning) for meaning in meanings(parsed)]


def _message(turn: dict[str, Any], text: str, output: HubOutput, parsed: dict[str, Any] | None = None) -> UserMessage:
    return UserMessage(
        text=text,
        output_channel=output,
        sender_id=turn["sender"],
        input_channel=HubInput.name(),
        message_id=turn["turn_id"],
        metadata=turn.get("metadata") or {},
        parse_data=parsed,
    )
