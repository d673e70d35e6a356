"""The figures for the operator's Prometheus, and for nobody else."""

import hmac
import ipaddress

import anyio.to_thread
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from prometheus_client.exposition import choose_encoder

from bot.web.security import address_of
from respite.settings import Settings

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers of a proxy: what comes through one may come from anywhere."""

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """All figures, for whoever has the token; where there is none, for a private network that asks directly."""
    if not _is_operator(request):
        raise HTTPException(404)
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    content = await anyio.to_thread.run_sync(encode, request.app.state.figures)
    return Response(content, headers={"Content-Type": content_type})


def _is_operator(request: Request) -> bool:
    settings: Settings = request.app.state.settings
    if settings.metrics_token:
        expected = f"Bearer {settings.metrics_token.get_secret_value()}"
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), expected.encode())
    return not any(header in request.headers for header in FORWARDED) and _is_private(address_of(request))


def _is_private(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_private
    except ValueError:
        return False
