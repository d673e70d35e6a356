"""A lender's page on another site, which has the chat in a frame, and its server, which says who is signed in."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import jwt
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from respite.clock import utc_now
from tests.channels.servers import Server

SECRET = "a secret that the lender's server and ours share"
PAGE = """<!doctype html><html lang="{language}"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lender</title><link rel="stylesheet" href="/lender.css"><main><h1>My account</h1><a href="#top">Help</a></main>
<script src="{chat}/embed.js" data-token-url="/token" {attributes} async></script></html>"""


def signed(reference: str, **claims: object) -> str:
    """A token of the lender's for a borrower."""
    now = utc_now()
    usual = {"sub": reference, "aud": "respite", "iat": now, "exp": now + timedelta(minutes=2), "jti": uuid4().hex}
    return jwt.encode(usual | claims, SECRET, algorithm="HS256")


@dataclass
class Lender:
    """What its visitors see, and whom its server takes them for."""

    chat: str = ""
    signed_in: str | None = None
    tokens: list[str] = field(default_factory=list)
    is_broken: bool = False
    language: str = "en"
    attributes: str = ""
    css: str = ""

    def __post_init__(self) -> None:
        app = FastAPI()
        app.get("/")(self._page)
        app.get("/lender.css")(self._css)
        app.post("/token")(self._token)
        self.server = Server(app, {"timeout_graceful_shutdown": 1})

    @property
    def url(self) -> str:
        """Another site than the chat's, which is at 127.0.0.1."""
        return f"http://localhost:{self.server.port}"

    async def _page(self) -> HTMLResponse:
        policy = (
            f"default-src 'none'; script-src {self.chat}; frame-src {self.chat}; connect-src 'self'; style-src 'self'"
        )
        page = PAGE.format(chat=self.chat, language=self.language, attributes=self.attributes)
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    async def _css(self) -> Response:
        return Response(self.css, media_type="text/css")

    async def _token(self, request: Request) -> dict[str, str | None]:
        if self.is_broken:
            raise HTTPException(503)
        if self.signed_in:
            self.tokens.append(signed(self.signed_in))
        return {"token": self.tokens[-1] if self.signed_in else None}
