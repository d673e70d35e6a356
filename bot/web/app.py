"""The web application: page, socket and API around one hub."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from bot.channels.webchat import WebChat
from bot.hub import Hub
from bot.rasa_client import RasaClient
from bot.web import api, documents, doors, health, page
from bot.web.rate_limit import RateLimit
from bot.web.security import BodyLimit, SecurityHeaders
from respite.clock import lender_clock
from respite.identity.senders import code_sender
from respite.policies.load import policy
from respite.settings import Settings

STATIC = Path(__file__).parent / "static"
SMALLEST_COMPRESSED = 500
"""Bytes; a smaller answer would not get smaller."""


def create_app(settings: Settings) -> FastAPI:
    """The application of one installation. Raises CodeSenderError when nobody could sign in to it."""
    lender = policy().lender
    clock = lender_clock(lender.timezone, settings)
    rasa = RasaClient(settings.rasa_url)
    hub = Hub(rasa, clock, lender.country, code_sender(settings, lender.name))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await hub.start()
        yield
        await hub.stop()
        await rasa.close()

    app = FastAPI(title="Respite", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.rasa = rasa
    app.state.clock = clock
    app.state.chat = WebChat(hub, clock)
    app.include_router(page.router)
    app.include_router(doors.router)
    app.include_router(documents.router)
    app.include_router(api.router)
    app.include_router(health.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(RateLimit, settings=settings)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED)
    return app
