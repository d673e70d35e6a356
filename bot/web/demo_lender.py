"""A page that plays the lender's own in a demonstration, with the chat in a frame on it: /demo-shop."""

import secrets
from datetime import timedelta
from typing import Annotated
from uuid import uuid4

import jwt
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.texts import LANGUAGES
from bot.transactions import from_store
from bot.web.languages import preferred_language
from bot.web.looks import visitors
from bot.web.page import NO_STORE
from bot.web.rendering import render_demo_shop
from bot.web.security import comes_from_our_page
from respite.clock import Clock
from respite.settings import Settings
from respite.store.demo_book import demo_borrowers
from respite.store.encryption import cipher
from respite.store.models import Borrower

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
TOKEN_LIFE = timedelta(minutes=2)

router = APIRouter()
Visitor = Annotated[int | None, Query(ge=0, lt=len(demo_borrowers("en")))]


def joined_by(settings: Settings) -> Settings:
    """The settings of a demonstration, whose lender signs tokens with a secret that nobody else knows."""
    if settings.lender_token_key is not None:
        return settings
    secret = SecretStr(secrets.token_urlsafe(32))
    return settings.model_copy(update={"lender_token_key": secret, "lender_token_algorithm": "HS256"})


@router.get("/demo-shop")
async def shop(request: Request, visitor: Visitor = None, lang: str = "") -> HTMLResponse:
    """The lender's page as a visitor sees it who is signed in there, or, without one, as a stranger does."""
    language = lang if lang in LANGUAGES else preferred_language(request)
    html = render_demo_shop(language, visitors(language), visitor)
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, **NO_STORE})


@router.post("/demo-shop/token")
async def token(request: Request, visitor: Visitor = None) -> dict[str, str | None]:
    """What the lender's server answers to its own page: who is signed in there, signed for us."""
    settings: Settings = request.app.state.settings
    clock: Clock = request.app.state.clock
    borrower = None if visitor is None else await from_store(lambda session: _reference(session, visitor))
    if borrower is None or settings.lender_token_algorithm != "HS256" or not comes_from_our_page(request):
        return {"token": None}
    assert settings.lender_token_key is not None
    now = clock.now()
    claims = {
        "sub": borrower,
        "aud": settings.lender_token_audience,
        "iat": now,
        "exp": now + TOKEN_LIFE,
        "jti": uuid4().hex,
    }
    return {"token": jwt.encode(claims, settings.lender_token_key.get_secret_value(), algorithm="HS256")}


def _reference(session: Session, visitor: int) -> str | None:
    phone = demo_borrowers("en")[visitor].phone
    return session.scalar(select(Borrower.reference).where(Borrower.phone_index == cipher().blind_index(phone)))
