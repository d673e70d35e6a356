"""The ways in and out of the console: signing in, accepting an invitation, signing out."""

from math import ceil
from typing import Annotated
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import segno
from fastapi import APIRouter, Depends, Form, HTTPException, Request
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.transactions import in_store
from bot.web.languages import preferred_language
from bot.web.security import comes_from_our_page
from bot.web.staff import cookies
from bot.web.staff.console import PATH, Console, lender_name
from bot.web.staff.devices import place_of
from bot.web.staff.forms import form
from bot.web.staff.texts import translate
from bot.web.staff.words import ROLE_NAMES
from respite.staff import accounts, invitations, second_factor, sessions, sign_in
from respite.staff.demo import DEMO_STAFF
from respite.staff.demo import PASSWORD as DEMO_PASSWORD
from respite.staff.invitations import WrongCodeError
from respite.staff.passwords import WeakPasswordError, check_password, hash_password, require_strong
from respite.staff.sign_in import TooSoon
from respite.store.models import StaffMember

HASHED_AT_ONCE = anyio.CapacityLimiter(2)
"""A hash takes 64 MB and a tenth of a second on purpose; more of them at once would take the others' memory."""

Field = Annotated[str, Form(max_length=300)]


async def ours(request: Request) -> None:
    """Refuse what a page of another site sends."""
    if not comes_from_our_page(request):
        raise HTTPException(400, "Sign in on the page of this installation.")


router = APIRouter(prefix=PATH)


@router.get("/sign-in")
async def ask(request: Request, to: str = "", ended: bool = False) -> HTMLResponse:
    """The form; `ended` says that the session was over, `to` where to go on."""
    language = preferred_language(request)
    notice = translate(language, "You are signed out. Sign in to go on.") if ended else ""
    return sign_in_form(request, request.app.state.console, to, notice=notice)


@router.post("/sign-in", dependencies=[Depends(ours)])
async def enter(request: Request, login: Field, password: Field, code: Field = "", to: Field = "") -> Response:
    """Sign in with a name, a password and a code."""
    console: Console = request.app.state.console
    place, now, language = place_of(request), console.clock.now(), preferred_language(request)
    attempt = await in_store(lambda session: sign_in.begin(session, login, place.address, now))
    if isinstance(attempt, TooSoon):
        minutes = ceil((attempt.again_at - now).total_seconds() / 60)
        words = translate(language, "Too many tries. Try again in %(minutes)s min.", minutes=minutes)
        return sign_in_form(request, console, to, login, error=words, status=429)
    password_hash = attempt.password_hash
    check = await anyio.to_thread.run_sync(check_password, password, password_hash, limiter=HASHED_AT_ONCE)
    is_demo = console.settings.demo
    token = await in_store(lambda session: sign_in.finish(session, attempt, check, code, place, is_demo, now))
    if token is None:
        words = translate(language, "Name, password or code is not right.")
        return sign_in_form(request, console, to, login, error=words, status=403)
    response = RedirectResponse(inside(to), status_code=303)
    cookies.keep(response, token, request)
    return response


@router.post("/sign-out", dependencies=[Depends(ours)])
async def leave(request: Request) -> Response:
    """End the session of this browser."""
    console: Console = request.app.state.console
    token, now = cookies.token_of(request), console.clock.now()

    def end(session: Session) -> None:
        found = sessions.find(session, token, console.lifetime, now)
        if found:
            sessions.end(session, found, accounts.actor_of(found.member), now)

    await in_store(end)
    response = RedirectResponse(f"{PATH}/sign-in", status_code=303)
    cookies.forget(response)
    return response


@router.get("/invitation/{token}")
async def invitation(request: Request, token: str) -> HTMLResponse:
    """What an invited member chooses: a password, and an authenticator."""
    console: Console = request.app.state.console
    member = await in_store(lambda session: invitations.find_invited(session, token, console.clock.now()))
    return _invitation_form(request, member)


@router.post("/invitation/{token}", dependencies=[Depends(ours)])
async def accept(request: Request, token: str, password: Field, code: Field) -> Response:
    """Accept an invitation. The answer shows the recovery codes, this once, and the member is signed in."""
    console: Console = request.app.state.console
    place, now, language = place_of(request), console.clock.now(), preferred_language(request)
    invited = await in_store(lambda session: invitations.find_invited(session, token, now))
    if invited is None:
        return _invitation_form(request, None)
    try:
        require_strong(password, invited.login, invited.name)
        hashed = await anyio.to_thread.run_sync(hash_password, password, limiter=HASHED_AT_ONCE)

        def settle(session: Session) -> tuple[list[str], str] | None:
            member = invitations.find_invited(session, token, now)
            if member is None:
                return None
            member.interface_language = language
            codes = invitations.accept(session, member, hashed, code, now)
            return codes, sign_in.admit(session, member, place, now)

        settled = await in_store(settle)
    except (WeakPasswordError, WrongCodeError) as error:
        return _invitation_form(request, invited, translate(language, str(error)))
    if settled is None:
        return _invitation_form(request, None)
    codes, session_token = settled
    response = form("recovery_codes", language, codes=codes)
    cookies.keep(response, session_token, request)
    return response


def sign_in_form(
    request: Request,
    console: Console,
    to: str = "",
    login: str = "",
    *,
    notice: str = "",
    error: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The form to sign in with, and what to say above it."""
    return form(
        "sign_in",
        preferred_language(request),
        status,
        to=to,
        login=login,
        notice=notice,
        error=error,
        has_provider=console.settings.oidc_issuer is not None,
        demo_staff=DEMO_STAFF if console.settings.demo else (),
        demo_password=DEMO_PASSWORD,
        role_names=ROLE_NAMES,
    )


def _invitation_form(request: Request, member: StaffMember | None, error: str = "") -> HTMLResponse:
    language = preferred_language(request)
    if member is None:
        return form("dead_invitation", language, 404)
    assert member.totp_secret is not None
    return form(
        "invitation",
        language,
        422 if error else 200,
        member=member,
        secret=member.totp_secret,
        picture=picture_of(second_factor.address_of(member.totp_secret, member.login, lender_name(language))),
        error=error,
    )


def picture_of(address: str) -> Markup:
    """The QR code that an authenticator reads, as an SVG element."""
    return Markup(segno.make(address, error="m").svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))


def inside(to: str) -> str:
    """A page of the console to go on at; its first one unless `to` is one."""
    path = urlsplit(to)
    is_ours = not path.scheme and not path.netloc and path.path.startswith(f"{PATH}/")
    return path.path if is_ours else f"{PATH}/"
