"""Telegram's way in, and the ways to Telegram: for whoever is signed in on the page, and for the lender's server."""

from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlalchemy.orm import Session

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.updates import MalformedUpdateError
from bot.idle import sign_out_before_reading
from bot.transactions import in_store
from bot.web.access import ActingChat
from bot.web.bodies import Allowance
from bot.web.page import NO_STORE
from bot.web.refusals import Refusal
from bot.web.security import comes_from_telegram
from respite.clock import Clock
from respite.identity import link_tokens
from respite.identity.lender_tokens import LenderTokenError, borrower_of
from respite.identity.link_tokens import Link
from respite.settings import Settings
from respite.store.models import Conversation

UPDATES_PATH = "/telegram/updates"
UPDATE = Allowance(size=1024 * 1024, seconds=20)
"""A message, what it answers to and its buttons, each character written as an escape."""

UNREACHABLE = "Telegram cannot be reached just now. Try again in a minute."
SIGN_IN_FIRST = "Sign in on the chat page first, then go on with Telegram."

log = structlog.get_logger()
router = APIRouter()


class LinkToTelegram(BaseModel):
    """Where to send the borrower, and until when that works, once."""

    url: str
    expires_at: datetime


@router.post(UPDATES_PATH)
async def take_update(request: Request) -> None:
    """An update, stored before Telegram is told so. Whoever does not show the secret learns nothing."""
    settings: Settings = request.app.state.settings
    if not comes_from_telegram(request, settings.telegram_secret):
        raise HTTPException(403)
    telegram: Telegram = request.app.state.telegram
    try:
        await telegram.receive(await request.json())
    except (MalformedUpdateError, ValueError):
        raise HTTPException(400) from None


def introduced_bot(request: Request) -> Telegram:
    """The bot, once it has an address. Raises Refusal before."""
    telegram: Telegram = request.app.state.telegram
    if not telegram.is_introduced:
        raise Refusal(503, UNREACHABLE)
    return telegram


Bot = Annotated[Telegram, Depends(introduced_bot)]


@router.get("/telegram")
async def open_telegram(bot: Bot) -> RedirectResponse:
    """To the bot on Telegram, as a stranger."""
    return RedirectResponse(bot.link(), status_code=303, headers=NO_STORE)


@router.post("/telegram")
async def continue_on_telegram(request: Request, conversation_id: ActingChat, bot: Bot) -> RedirectResponse:
    """To the bot on Telegram, where whoever is signed in here is signed in too."""
    clock: Clock = request.app.state.clock
    await sign_out_before_reading(conversation_id, clock.now())
    link = await in_store(lambda session: _link_for(session, conversation_id, clock.now()))
    if link is None:
        raise Refusal(403, SIGN_IN_FIRST)
    return RedirectResponse(bot.link(link.token), status_code=303, headers=NO_STORE)


@router.post("/telegram-links")
async def make_link(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())], bot: Bot
) -> LinkToTelegram:
    """A link for the borrower whom the lender's token names, for the lender's own server."""
    settings: Settings = request.app.state.settings
    clock: Clock = request.app.state.clock

    def make(session: Session) -> Link:
        borrower_id = borrower_of(session, bearer.credentials, settings, clock.now())
        return link_tokens.make(session, borrower_id, "system", clock.now())

    try:
        link = await in_store(make)
    except LenderTokenError as error:
        log.warning("lender token refused", reason=str(error))
        raise HTTPException(401, "This token is not taken. The log says why.") from None
    return LinkToTelegram(url=bot.link(link.token), expires_at=link.expires_at)


def _link_for(session: Session, conversation_id: str, now: datetime) -> Link | None:
    borrower = session.get_one(Conversation, conversation_id).signed_in_borrower
    return link_tokens.make(session, borrower.id, f"borrower:{borrower.id}", now) if borrower else None
