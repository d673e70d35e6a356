"""Whether this process lives, and whether borrowers may be sent to it."""

import asyncio

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.rasa_client import RasaClient
from bot.transactions import in_store
from respite.settings import Settings

SECONDS = 2

router = APIRouter()


@router.get("/healthz")
async def alive() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/readyz")
async def ready(request: Request) -> JSONResponse:
    """Which of the database, Rasa and the action server answer: 200 when the database does, 503 otherwise.

    A process without a database can do nothing. Without the others it takes messages in and says that they will be
    answered later; as all processes share them, borrowers would be no better off elsewhere.
    """
    rasa: RasaClient = request.app.state.rasa
    settings: Settings = request.app.state.settings
    database, answers, acts = await asyncio.gather(_database(), rasa.is_ready(), _action_server(settings))
    checks = {"database": database, "rasa": answers, "actions": acts}
    return JSONResponse(checks, status_code=200 if database else 503)


async def _database() -> bool:
    try:
        async with asyncio.timeout(SECONDS):
            await in_store(lambda session: session.execute(text("SELECT 1")))
    except (SQLAlchemyError, TimeoutError):
        return False
    return True


async def _action_server(settings: Settings) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as http:
        try:
            return (await http.get(f"{settings.actions_url}/health")).is_success
        except httpx.HTTPError:
            return False
