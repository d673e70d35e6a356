"""The action server: Rasa comes in, which knows the installation's secret, and nobody learns why something failed."""

import hmac
from typing import Any

import structlog
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.request import Request
from sanic.response import HTTPResponse, json

from respite.secrets import internal_secret
from respite.settings import Settings

HEALTH = "/health"
LARGEST_CALL = 1024 * 1024
"""Bytes; a call brings the last turns of a conversation with it."""

SECONDS_TO_CALL = 10

log = structlog.get_logger()


class PlainErrors(ErrorHandler):
    """Says of an error only that there was one; what it was stands in the log."""

    def response(self, request: Request, exception: Exception) -> HTTPResponse:
        if isinstance(exception, SanicException):
            return json({"error": "request refused"}, status=exception.status_code)
        log.error("call failed", exc_info=exception)
        return json({"error": "request failed"}, status=500)


def create_server(executor: ActionExecutor, settings: Settings) -> Sanic[Any, Any]:
    """The server that runs the executor's actions for the Rasa of this installation."""
    app = create_app(executor, cors_origins=[])
    app.config.update({"REQUEST_MAX_SIZE": LARGEST_CALL, "REQUEST_TIMEOUT": SECONDS_TO_CALL})
    app.error_handler = PlainErrors()
    expected = f"Bearer {internal_secret(settings)}".encode()

    async def let_rasa_in(request: Request) -> HTTPResponse | None:
        structlog.contextvars.clear_contextvars()
        if request.path == HEALTH:
            return None
        told = request.headers.get("authorization", "").encode(errors="surrogateescape")
        if not hmac.compare_digest(told, expected):
            return json({"error": "unauthorized"}, status=401)
        if "content-encoding" in request.headers:
            return json({"error": "a call is not compressed"}, status=415)
        if isinstance(request.json, dict):
            structlog.contextvars.bind_contextvars(conversation=request.json.get("sender_id"))
        return None

    app.register_middleware(let_rasa_in, "request")
    return app
