"""The web application: page, socket and API around one hub."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException

from bot.channels.telegram.channel import Telegram
from bot.channels.webchat import WebChat
from bot.hub import Hub
from bot.rasa_client import RasaClient
from bot.telemetry.collector import registry_of
from bot.web import api, demo_lender, documents, doors, embed, files, health, metrics, page, socket, telegram, theme
from bot.web.assets import Assets, assets_path
from bot.web.bodies import BodyLimit
from bot.web.explaining import explain
from bot.web.rate_limit import RateLimit, RequestLimit
from bot.web.security import SecurityHeaders
from bot.web.transfers import Transfers
from respite.clock import lender_clock
from respite.identity.senders import code_sender
from respite.policies.load import policy
from respite.secrets import internal_secret
from respite.settings import Settings

FILES = (f"{assets_path()}/", "/staff/_nicegui/")
"""Below these lie files that a browser asks for once, many for one page of the console."""

TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False)
"""FastAPI's own would send addresses and queries to the collector of respite/tracing."""

SMALLEST_COMPRESSED = 200
"""Bytes; a smaller answer would not get smaller."""


def create_app(settings: Settings) -> FastAPI:
    """The application of one installation.

    Raises CodeSenderError when nobody could sign in to it, TelegramSettingsError when its bot could not work.
    """
    lender = policy().lender
    clock = lender_clock(lender.timezone, settings)
    rasa = RasaClient(settings.rasa_url, internal_secret(settings))
    bot = Telegram(settings, clock) if settings.telegram_token else None
    hub = Hub(rasa, clock, lender.country, code_sender(settings, lender.name), [bot.sender] if bot else [])

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await hub.start()
        if bot:
            await bot.start(hub)
        yield
        if bot:
            await bot.stop()
        await hub.stop()
        if bot:
            await bot.close()
        await rasa.close()

    app = FastAPI(
        title="Respite", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, telemetry=TELEMETRY
    )
    app.state.settings = demo_lender.joined_by(settings) if settings.demo else settings
    app.state.rasa = rasa
    app.state.hub = hub
    app.state.figures = registry_of(clock.now, rasa)
    app.state.clock = clock
    app.state.chat = WebChat(hub, clock)
    app.state.transfers = Transfers()
    app.state.request_limit = RequestLimit(settings)
    app.include_router(page.router)
    app.include_router(socket.router)
    app.include_router(embed.router)
    app.include_router(theme.router)
    app.include_router(doors.router)
    app.include_router(documents.router)
    app.include_router(files.router)
    app.include_router(api.router)
    app.include_router(health.router)
    app.include_router(metrics.router)
    if bot:
        app.state.telegram = bot
        app.include_router(telegram.router)
    if settings.demo:
        app.include_router(demo_lender.router)
    app.exception_handler(HTTPException)(explain)
    app.mount(assets_path(), Assets(), name="static")
    uploads = dict.fromkeys((files.UPLOAD_PATH, files.STAFF_UPLOAD_PATH), files.UPLOAD)
    app.add_middleware(BodyLimit, special=uploads | {telegram.UPDATES_PATH: telegram.UPDATE})
    app.add_middleware(RateLimit, limit=app.state.request_limit, free=FILES)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED)
    return app
