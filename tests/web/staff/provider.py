"""A small OpenID provider: it signs whoever comes in as the claims that a test gives it, and checks PKCE itself."""

import base64
import hashlib
import secrets
import time
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.channels.servers import Server

CLIENT_ID, CLIENT_SECRET = "respite", "a secret of the client"


@cache
def _key() -> RSAKey:
    """One for all tests: a new one takes a while."""
    return RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})


class Provider:
    """The provider on a port of this machine. What a test puts into `claims` replaces what it would say by itself."""

    def __init__(self) -> None:
        self.key = _key()
        self.signing_key = self.key
        self.claims: dict[str, Any] = {}
        self.says_who = True
        self.sign_ins: dict[str, dict[str, str]] = {}
        app = FastAPI()
        app.get("/.well-known/openid-configuration")(self._metadata)
        app.get("/authorize")(self._authorize)
        app.post("/token")(self._token)
        app.get("/keys")(self._keys)
        self.server = Server(app)

    @property
    def issuer(self) -> str:
        return self.server.url

    async def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    async def _authorize(self, request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe()
        self.sign_ins[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    async def _token(
        self,
        request: Request,
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
    ) -> dict[str, Any]:
        credentials: HTTPBasicCredentials | None = await HTTPBasic()(request)
        assert credentials
        asked = self.sign_ins.pop(code)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
        is_ours = (credentials.username, credentials.password) == (CLIENT_ID, CLIENT_SECRET)
        if not is_ours or challenge != asked["code_challenge"] or redirect_uri != asked["redirect_uri"]:
            raise HTTPException(400)
        answer = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 60}
        return answer | ({"id_token": self._id_token(asked)} if self.says_who else {})

    async def _keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": asked["client_id"],
            "sub": "248",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            "preferred_username": "mei",
            "given_name": "Mei",
            "roles": ["agent"],
        } | self.claims
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "1"}, told, self.signing_key)
