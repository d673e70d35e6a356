"""Signing in with an OpenID provider: the authorisation code flow with PKCE, state and nonce (Authlib)."""

import hmac
from collections.abc import Mapping
from typing import Any

import httpx
import structlog
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.starlette_client import OAuth  # type: ignore[import-untyped]
from joserfc.errors import JoseError
from markupsafe import escape
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.transactions import in_store
from bot.web.languages import preferred_language
from bot.web.staff import cookies
from bot.web.staff.console import PATH, Console
from bot.web.staff.devices import place_of
from bot.web.staff.doors import inside, sign_in_form
from bot.web.staff.texts import translate
from respite.secrets import internal_secret
from respite.settings import Settings
from respite.staff import openid, sign_in
from respite.staff.openid import NotAdmittedError, RoleClaim

AWAY_SECONDS = 600
"""How long somebody may be at the provider."""

GO_ON = '<!doctype html><meta http-equiv="refresh" content="0;url={to}"><title>Respite</title>'
"""A page of ours between the provider and the console: the strict cookie is not sent on the way from another site."""

log = structlog.get_logger()


class UntrustedError(Exception):
    """An answer of the provider that proves nothing."""


def openid_app(console: Console) -> Starlette:
    """The way to the provider and back, with a short-lived cookie of its own for what belongs to one sign-in."""
    way = OpenIDWay(console)
    settings = console.settings
    kept = Middleware(
        SessionMiddleware,
        secret_key=hmac.new(internal_secret(settings).encode(), b"respite staff openid", "sha256").hexdigest(),
        session_cookie="respite_staff_openid",
        max_age=AWAY_SECONDS,
        path=f"{PATH}/openid",
        same_site="lax",
        https_only=_issuer(settings).startswith("https:"),
    )
    return Starlette(routes=[Route("/", way.go), Route("/back", way.come_back)], middleware=[kept])


class OpenIDWay:
    """The way of one installation's staff to their provider, and back."""

    def __init__(self, console: Console) -> None:
        settings = console.settings
        self._console = console
        self._issuer = _issuer(settings)
        self._client_id = settings.oidc_client_id
        self._provider: Any = OAuth().register(
            "staff",
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value(),
            client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
        )

    async def go(self, request: Request) -> Response:
        """Send the browser to the provider."""
        request.session["to"] = inside(request.query_params.get("to", ""))
        back = f"{self._console.settings.public_url.rstrip('/')}{PATH}/openid/back"
        try:
            answer: Response = await self._provider.authorize_redirect(request, back)
        except (AuthlibBaseError, httpx.HTTPError) as error:
            log.error("the OpenID provider does not answer", reason=type(error).__name__)
            return self._refuse(request, "Your sign-in service does not answer. Try again in a minute.", 502)
        return answer

    async def come_back(self, request: Request) -> Response:
        """Let in whoever the provider vouches for, if they have a role here."""
        now, place = self._console.clock.now(), place_of(request)
        try:
            claims = await self._claims(request)
        except (AuthlibBaseError, JoseError, httpx.HTTPError, UntrustedError) as error:
            log.warning("an answer of the OpenID provider is not trusted", reason=type(error).__name__)
            return self._refuse(request, "Your sign-in service did not confirm who you are. Try again.", 403)

        def let_in(session: Session) -> str:
            roles = RoleClaim.of(self._console.settings)
            member = openid.admit(session, self._issuer, claims, roles, now)
            return sign_in.admit(session, member, place, now)

        try:
            token = await in_store(let_in)
        except NotAdmittedError as error:
            refusal = error
            await in_store(lambda session: openid.note_refusal(session, refusal, now))
            return self._refuse(request, str(error), 403)
        response = HTMLResponse(GO_ON.format(to=escape(inside(request.session.pop("to", "")))))
        cookies.keep(response, token, request)
        return response

    async def _claims(self, request: Request) -> Mapping[str, Any]:
        """What the provider says of whoever comes back: signed, for us, of this sign-in, and not too old."""
        metadata = await self._provider.load_server_metadata()
        if metadata["issuer"].rstrip("/") != self._issuer:
            raise UntrustedError
        must_be = {
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": self._client_id},
            "nonce": {"essential": True},
        }
        token = await self._provider.authorize_access_token(request, claims_options=must_be)
        if "userinfo" not in token:
            raise UntrustedError
        claims: Mapping[str, Any] = token["userinfo"]
        return claims

    def _refuse(self, request: Request, words: str, status: int) -> HTMLResponse:
        request.session.clear()
        error = translate(preferred_language(request), words)
        return sign_in_form(request, self._console, error=error, status=status)


def _issuer(settings: Settings) -> str:
    return str(settings.oidc_issuer).rstrip("/")
