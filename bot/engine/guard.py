"""Who may speak to Rasa: the hub, which knows the installation's secret, over this machine or a private network."""

from __future__ import annotations

import hmac
import ipaddress
import logging
import os
import secrets
from typing import Any

from rasa.shared.exceptions import RasaException
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

SECRET = "RESPITE_INTERNAL_SECRET"
PRIVATE_NETWORK = "RESPITE_PRIVATE_NETWORK"
HEALTH = "/webhooks/hub/"
LARGEST_TURN = 256 * 1024
"""Bytes."""

SECONDS_TO_ASK = 10

logger = logging.getLogger(__name__)


def guard(app: Sanic[Any, Any]) -> None:
    """Let nobody in but the hub, whatever Rasa serves, and tell nobody why something failed.

    Raises RasaException for a server that strangers could reach.
    """
    _stay_private(app.state.host)
    app.config.update({"REQUEST_MAX_SIZE": LARGEST_TURN, "REQUEST_TIMEOUT": SECONDS_TO_ASK})
    app.error_handler.add(Exception, _say_that_it_failed)
    expected = f"Bearer {os.environ.get(SECRET) or secrets.token_urlsafe()}".encode()

    async def refuse_strangers(request: Request) -> HTTPResponse | None:
        told = request.headers.get("authorization")
        if told is None and request.path == HEALTH:
            return None
        if hmac.compare_digest((told or "").encode(errors="surrogateescape"), expected):
            return None
        return json({"error": "unauthorized"}, status=401)

    app.register_middleware(refuse_strangers, "request")


def _stay_private(host: str) -> None:
    if os.environ.get(PRIVATE_NETWORK, "").lower() in ("1", "true", "yes", "on") or _is_loopback(host):
        return
    raise RasaException(
        f"Rasa must not listen on {host}, where strangers could reach it. Use --interface 127.0.0.1; in a private"
        f" network, set {PRIVATE_NETWORK}=true."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _say_that_it_failed(request: Request, error: Exception) -> HTTPResponse:
    if isinstance(error, SanicException):
        status = getattr(error, "status_code", 500)
        return json({"error": "request refused"}, status=status)
    logger.error("A request failed.", exc_info=error)
    return json({"error": "request failed"}, status=500)
